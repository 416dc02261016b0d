"""Write docs/effects.md: what studies report, and the ratios that follow. `make effects`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

from pathsim.present.pages import row
from pathsim.scenario.effect import Effect, shipped_studies
from pathsim.scenario.lines import KeyPath, dotted
from pathsim.scenario.load import load
from pathsim.scenario.offences import groups_in_words
from pathsim.study.effects.rules import RULES
from pathsim.study.effects.solve import TOLERANCE, Solved, solve, without_studies
from pathsim.study.effects.solve import effects as effects_of
from pathsim.study.effects.told import alike, ratio, reported

ROOT = Path(__file__).parents[1]
DORSET = ROOT / "scenarios" / "dorset"
BASELINE = DORSET / "baseline.toml"
PAGE = Path(__file__).with_name("effects.md")
OPTIONS = ("suspended-sentences", "intensive-supervision-court")
"""Options that bring an effect of their own."""
HEAD = """\
# Effects as studies report them

Made by `make effects`; do not edit. `pathsim evidence FILE --effects` shows the same of a scenario.

An effect acts on a person's hazard. Studies report something else: two shares of people, a
difference in points, odds. People differ, those at high risk mostly reoffend with and without
treatment, and so a ratio of hazards moves the share of people by less than it would if all were
alike. The naive ratio `ln(1 - treated) / ln(1 - untreated)` gives back only a part of the
published points. So the ratio is *solved*: it is the one that reproduces the study's result in
the scenario's own population.

## How a study becomes a ratio

With `b` the base hazards of those people of the cohort whom the study names, `sigma` the spread
of frailty and `k` the level times the integral `G` of the hazard's shape over the follow-up, the
share who reoffend is

    p(k) = mean over people of E[1 - exp(-k b exp(sigma z))],   z standard normal

by Gauss-Hermite quadrature. The level is scaled: `k0` is where `p` is the study's own untreated
share; `k1` is where it is the treated one (both by Brent's method). A treatment that acts on the
first `acting_days` has the part `a = G(acting_days) / G(follow_up_days)` of the hazard, and its
ratio is `(k1 / k0 - 1 + a) / a`. A result that no ratio from 0 up reproduces is an error.

| measure | keys | treated share |
|---|---|---|
| `rates` | `treated`, `untreated` | as reported |
| `points` | `points` | untreated + points / 100 |
| `odds` | `ratio` | of odds that are ratio x the untreated odds |
| `risk_ratio` | `ratio` | ratio x untreated |
| `hazard_ratio` | `ratio` | 1 - (1 - untreated) ^ ratio |
| `frequency_ratio` | `ratio` | none: a ratio of reoffences is one of hazards already |

- A `hazard_ratio` is one of many people, net of the differences for which the study controls. What
  weakens it is what the study does not see, so frailty alone counts there, and not base hazards.
- `untreated` may be given with all but the last. Left out, it is the share of those people at the
  calibrated level, as they enter: people with clocks have more frailty and reoffend more, so give
  it where you can.
- `low` and `high` are the study's own interval, converted as its result is. Without them `n` gives
  one: two groups of half of `n`, 1.96 standard errors of the log odds ratio. Without `n` there is
  none.
- `reoffending` lists the offence groups that count as reoffending in the study, where not all do,
  and `acts_on` of a service those on which its effects act. Then `b` is of what counts, by the
  person's mix of next offences, and the treated have `(1 - f + f R) b` with `f` the part of `b`
  that is acted on: a study of one kind of offence gives the ratio on that kind, one of all offences
  the ratio on some that brings about what it found in all. A study that counts none of what is
  acted on is an error.
- `population` lists `attribute=level`, as multipliers do: levels of one attribute add up, several
  attributes are all needed. It is as near to those studied as the cohort allows.
- Left out of the arithmetic: accommodation, legal status, recall, custody for the next offence,
  and that not every offence is proven in time. That the level is scaled to the study's own share
  takes up most of it.
- `tests/test_effects_trials.py` runs tags, both comparisons of suspended sentences, community
  orders, Checkpoint, Brighton Women's Centre and the conferences as trials in the kernel: each
  finds what its study reports, with a standard error below 0.1 points, and with the naive ratio
  the part of it that the table below gives.

In a file an effect (`hazard_ratio` and `after_ratio` of services, `hazard_ratio` of
`sentencing.presumption`, the ratios of accommodation) says its studies, a rule, and the value and
interval that follow:

```toml
[services.gps_tag.hazard_ratio]
value = 0.72
low = 0.58
high = 1.0
source = "Two studies pooled"
grade = "matched"
rule = "pooled"

[[services.gps_tag.hazard_ratio.studies]]
study = "gps_licence_tags" # an id of the shipped table, src/pathsim/data/studies.toml

[[services.gps_tag.hazard_ratio.studies]]
name = "Our own"
source = "The council, 2025"
design = "matched"
measure = "points"
points = -4
untreated = 0.40
n = 900
```

Runs use the numbers in the file as they stand. `pathsim validate`, and with exit code 2
`pathsim evidence FILE --effects --check`, say where one is more than TOLERANCE, in logs, from what
the rule gives. `pathsim evidence FILE --effects --write` puts them right in the file; so does
`pathsim calibrate --write` after the fit, in the scenario and in the options beside it.
"""


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """Return the page."""
    baseline = load(BASELINE)
    solved = solve(baseline)
    for name in OPTIONS:
        option = load(DORSET / f"{name}.toml")
        known = {each.path for each in solved}
        solved += solve(option, only={path for path, _ in effects_of(option)} - known)
    parts = [
        HEAD.replace("TOLERANCE", f"{TOLERANCE:.0%}"),
        rules(),
        effects(solved),
        studies(solved),
        others(without_studies(baseline)),
    ]
    return "\n".join(parts)


def rules() -> str:
    """Return what each rule does, as its function says."""
    lines = [
        "## Rules",
        "",
        "A published effect is shrunk, widened or pooled by one of these only.",
        "",
    ]
    lines += [row(("rule", "what it gives")), row(("---", "---"))]
    for name, function in RULES.items():
        words = " ".join(inspect.getdoc(function).split()).removeprefix("Return ")
        lines.append(row((f"`{name}`", words[0].upper() + words[1:])))
    return "\n".join(lines) + "\n"


def effects(solved: list[Solved]) -> str:
    """Return the effects that rest on studies."""
    lines = ["## Effects of the Dorset scenarios", ""]
    lines += [row(("effect", "rule", "studies", "shipped")), row(("---",) * 4)]
    for group in alike(solved):
        one = group[0]
        said = one.effect
        lines.append(
            row(
                (
                    ", ".join(f"`{each.key}`" for each in group)
                    + groups_in_words(one.acts_on, before=", on "),
                    one.rule,
                    "; ".join(study.name for study, _ in one.studies),
                    ratio(said.value, said.low, said.high),
                )
            )
        )
    return "\n".join(lines) + "\n"


def studies(solved: list[Solved]) -> str:
    """Return every study with its own figures, the naive ratio and the solved one."""
    lines = [
        "## Studies",
        "",
        "`of the points` is how much of the published difference the naive ratio gives back in "
        "these people. Facts with their source; figures of the Ministry of Justice and of other "
        "Crown bodies under the Open Government Licence v3.0. Sources and notes are in "
        "`src/pathsim/data/studies.toml`.",
        "",
    ]
    head = ("study", "design", "reported", "untreated", "n", "days", "naive", "of the points")
    lines += [row((*head, "solved")), row(("---",) * (len(head) + 1))]
    told: set[str] = set()
    for each in solved:
        for study, found in each.studies:
            if study.name in told:
                continue
            told.add(study.name)
            part = "" if found.naive_part is None else f"{found.naive_part:.0%}"
            share = "" if found.untreated is None else f"{found.untreated:.1%}"
            n = "" if study.n is None else f"{study.n:,}"
            cells = (study.name, study.design.replace("_", " "), reported(study), share, n)
            days = f"{study.follow_up_days:g}"
            solved_ratio = ratio(found.ratio, found.low, found.high)
            lines.append(row((*cells, days, ratio(found.naive), part, solved_ratio)))
    spare = [said["name"] for said in shipped_studies().values() if said["name"] not in told]
    return "\n".join([*lines, "", f"In the table and behind no value: {'; '.join(spare)}.", ""])


def others(effects: list[tuple[KeyPath, Effect]]) -> str:
    """Return the effects for which no study gives a size that can be used."""
    lines = [
        "## Effects without a study",
        "",
        "No size was found that could be solved. Their values are assumed, or read from what a "
        "source says in words; the notes of the baseline say which.",
        "",
    ]
    lines += [row(("effect", "value", "grade")), row(("---",) * 3)]
    return "\n".join([*lines, *_rows(effects)]) + "\n"


def _rows(effects: list[tuple[KeyPath, Effect]]) -> Iterator[str]:
    for path, effect in effects:
        value = ratio(effect.value, effect.low, effect.high)
        yield row((f"`{dotted(path)}`", value, effect.grade))


if __name__ == "__main__":
    main()
