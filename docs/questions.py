"""Write docs/questions.md: what commissioners ask, the command, the answer. `make questions`."""

from __future__ import annotations

import math
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pathsim as ps
from pathsim.decision.equality import equality_sentence
from pathsim.decision.sentence import PAYER_NAMES, hundred, of_the_set, paragraph, pounds
from pathsim.outcomes.group_words import whole_group

if TYPE_CHECKING:
    from pathsim.decision.decide import Decision, OptionDecision
    from pathsim.decision.portfolio.result import Portfolio
    from pathsim.decision.sweep import Sweep
    from pathsim.decision.told import Told
    from pathsim.decision.value import Value

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "scenarios" / "dorset"
PAGE = ROOT / "docs" / "questions.md"
OPTIONS = (
    *("more-tags", "suspended-sentences", "more-treatment"),
    *("more-rj", "housing-on-release", "womens-centre"),
)
DRAWS = 128
SEED = 1
TAGS = ("services.gps_tag.capacity", range(0, 61, 6))
PLACES = ("services.mhtr.capacity", range(3, 19, 3))
WAIT = "service.mhtr.mean_wait_days<=14"
LEVERS = {
    "services.gps_tag.capacity": [18, 36, 54],
    "services.mhtr.capacity": [6, 12],
}
BOUGHT = ("womens-centre", "more-rj")
BUDGET = 500_000
MIX = {"draws": 64, "most_draws": 64, "replications": 2}
STUDIED = {"of": "services.mhtr.hazard_ratio", "study": [100, 200, 400, 800]}
STUDY_COST = (20_000, 150)
STUDY_DRAWS = 512
HEAD = """\
# Questions and their answers

What a commissioner asks, the command that answers it, and the answer for Dorset: {draws} states
of the world, 64 in a sweep, four replications in each ([doubt](doubt.md)). Written by
`make questions`.

Inputs (scenario files, states, seed), SHA-256: `{inputs}`
"""
WHERE_HEAD = """\
## Without a command

Somebody who types no commands has the report and [the app](app.md). This is how far they lead,
tried in a browser on the six options. The report's own section *Questions, and where they are
answered* links to its answers and has the commands for the rest, with the names of its files. Steps
count clicks and values typed, without reading. Seconds are until the page shows the answer, on
a busy machine with two cores.
"""
WHERE_ROWS = (
    (
        "question",
        "in the report",
        "in the app",
        "steps",
        "seconds",
    ),
    (
        "more tags",
        "*The question and the answer*, *How sure, and why*",
        "move the tags, or begin with the option",
        "1",
        "1; app 4, and 29 for 64 states",
    ),
    (
        "best of six, and for each pound",
        "*Value for money*",
        "two options side by side",
        "2",
        "1",
    ),
    (
        "who pays and gains",
        "*Who pays and who gains*",
        "*More*, the same section",
        "2",
        "1",
    ),
    (
        "when a mistake",
        "*What would change our mind*",
        "*More*, from 32 states on",
        "2",
        "1",
    ),
    (
        "equal benefit",
        "*Equality*, then *The groups*",
        "*More*, the same section",
        "3",
        "1",
    ),
    (
        "years two and three",
        "*Year by year*",
        "*More*, the same section",
        "2",
        "1",
    ),
    (
        "how many tags",
        "the command",
        "move the tags: what each number brings, not where it stops",
        "3 for three numbers",
        "4 to 6 a number, in 16 states",
    ),
    (
        "MHTR places for a wait",
        "waits of the options; the command",
        "move the places, then *Load and waiting*",
        "3 for two numbers",
        "5 to 6 a number, in 16 states",
    ),
    (
        "what to buy",
        "the command",
        "*Budget for places*: what fits, not what is best",
        "2",
        "7",
    ),
    (
        "worth of a study",
        "what it is worth to know for sure, where told from chance; the command",
        "the same",
        "2",
        "1",
    ),
)
WHERE_TAIL = """\
Sixteen states are a first look: with six places the wait for the MHTR was 10 days in them, and
17 days in the report's 64.
"""


def main() -> None:
    """Simulate what the questions need, and write the page."""
    options = [FOLDER / f"{name}.toml" for name in OPTIONS]
    compared = ps.compare(FOLDER / "baseline.toml", options, draws=DRAWS, seed=SEED)
    baseline = ps.load(FOLDER / "baseline.toml")
    tags = ps.sweep(baseline, *TAGS, seed=SEED)
    places = ps.sweep(baseline, *PLACES, target=WAIT, seed=SEED)
    bought = [FOLDER / f"{name}.toml" for name in BOUGHT]
    mixes = ps.portfolio(baseline, LEVERS, options=bought, budget=BUDGET, seed=SEED, **MIX)
    more = FOLDER / "more-treatment.toml"
    surer = ps.compare(FOLDER / "baseline.toml", more, draws=STUDY_DRAWS, seed=SEED)
    studies = ps.value(surer, study_cost=STUDY_COST, seed=SEED, **STUDIED)
    decision = ps.decide(compared, seed=SEED)
    PAGE.write_text(page(decision, tags, places, mixes, studies), encoding="utf-8")


def page(decision: Decision, tags: Sweep, places: Sweep, mixes: Portfolio, studies: Value) -> str:
    """Return the page of what was found."""
    by_name = dict(zip(OPTIONS, decision.options, strict=True))
    every = " ".join(f"dorset/{name}" for name in OPTIONS)
    decide = f"pathsim decide dorset/baseline {every} --draws {DRAWS}"
    parts = [
        HEAD.format(draws=DRAWS, inputs=inputs()),
        where(),
        _part(
            "Are 18 more tags worth buying, and how sure?",
            f"pathsim decide dorset/baseline dorset/more-tags --draws {DRAWS}",
            paragraph(by_name["more-tags"]),
        ),
        _part("Which of six is best, and best for each pound?", decide, _best(decision)),
        _part("Who pays and who gains?", f"{decide} --json", _payers(decision)),
        _part(
            "When would the presumption against short sentences be a mistake?",
            f"pathsim decide dorset/baseline dorset/suspended-sentences --draws {DRAWS}",
            paragraph(by_name["suspended-sentences"]),
        ),
        _part(
            "Is the benefit equal for women, age bands, ethnic groups, and both areas?",
            f"pathsim decide dorset/baseline dorset/suspended-sentences --draws {DRAWS} --json",
            _groups(by_name["suspended-sentences"]),
        ),
        _part(
            "What happens in years two and three?",
            f"pathsim compare dorset/baseline dorset/suspended-sentences --draws {DRAWS} --json",
            _years(by_name["suspended-sentences"]),
        ),
        _part(
            "How many tags before it stops helping?",
            "pathsim sweep dorset/baseline --set services.gps_tag.capacity=0:60:6",
            tags.sentence(),
        ),
        _part(
            "How many MHTR places for a wait under two weeks?",
            f'pathsim sweep dorset/baseline --set services.mhtr.capacity=3:18:3 --target "{WAIT}"',
            places.sentence(),
        ),
        _part(f"What to buy with {pounds(BUDGET)} a year?", _portfolio_command(), _mixes(mixes)),
        _part("What is another study of the MHTR worth?", _value_command(), _studies(studies)),
    ]
    return "\n".join(parts)


def where() -> str:
    """Return how far the report and the app lead without a command, as tried by hand."""
    heads, *rows = (f"| {' | '.join(row)} |" for row in WHERE_ROWS)
    return "\n".join([WHERE_HEAD, heads, "|---|---|---|---:|---:|", *rows, "", WHERE_TAIL])


def _portfolio_command() -> str:
    levers = " ".join(f"--lever {key}={','.join(map(str, of))}" for key, of in LEVERS.items())
    options = " ".join(f"--option dorset/{name}" for name in BOUGHT)
    effort = " ".join(f"--{name.replace('_', '-')} {number}" for name, number in MIX.items())
    return f"pathsim portfolio dorset/baseline {levers} {options} --budget {BUDGET} {effort}"


def _value_command() -> str:
    sizes = ",".join(map(str, STUDIED["study"]))
    cost = ":".join(map(str, STUDY_COST))
    return (
        f"pathsim value dorset/baseline dorset/more-treatment --draws {STUDY_DRAWS} "
        f"--of {STUDIED['of']} --study {sizes} --study-cost {cost}"
    )


def _mixes(mixes: Portfolio) -> str:
    lines = [
        mixes.sentence(),
        "",
        "| mix | spend a year | worth over ten years, beyond the baseline (95% of doubt) |",
        "|---|---:|---|",
    ]
    for row in mixes.mixes.head(8).to_dict(orient="records"):
        ends = f"{_signed(row['low'])} to {_signed(row['high'])}"
        lines.append(
            f"| {row['mix']} | {pounds(row['spend'])} | {_signed(row['worth'])} ({ends}) |"
        )
    note = (
        "\nWhat is spent is what the places of a mix cost more than the baseline's, all of them "
        "used all year. [More on mixes](portfolio.md)."
    )
    return "\n".join([*lines, note])


def _studies(value: Value) -> str:
    lines = [
        *("| people in a trial | worth to the choice once it reports | cost | beyond its cost |",),
        "|---|---:|---:|---:|",
    ]
    for row in value.studies.table.to_dict(orient="records"):
        cells = (pounds(row["worth"]), pounds(row["cost"]), _signed(row["net_benefit"]))
        lines.append(f"| {row['size']:,.0f} | {' | '.join(cells)} |")
    note = (
        "\nThe choice is whether to double the treatment places. The study is a trial with two "
        f"equal arms that reports after a year. To know {STUDIED['of']} exactly would be worth "
        f"{pounds(value.studies.known)}."
    )
    return "\n".join([*lines, note])


def inputs() -> str:
    """Return the SHA-256 of what the page is made from."""
    asked = (DRAWS, SEED, TAGS, PLACES, WAIT, LEVERS, BUDGET, MIX, STUDIED, STUDY_COST, STUDY_DRAWS)
    found = sha256(f"{asked}\n".encode())
    for name in ("baseline", *OPTIONS, *BOUGHT):
        found.update((FOLDER / f"{name}.toml").read_bytes())
    return found.hexdigest()


def _part(question: str, command: str, answer: str) -> str:
    return f"## {question}\n\n```console\n$ {command}\n```\n\n{answer}\n"


def _best(decision: Decision) -> str:
    lines = [
        of_the_set(decision),
        "",
        "| option | worth over ten years | chance it is worth it | public purse saves | "
        "chance it saves | cost of a reoffence avoided |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for each in decision.options:
        price = float(each.appraisal.expected.cost_per_reoffence_avoided)
        shown = "saves" if each.public.mean > 0.0 else "none avoided"
        shown = pounds(price) if math.isfinite(price) else shown
        lines.append(
            f"| {each.title} | {_signed(each.npsv.mean)} | {hundred(each.npsv.probability)}% | "
            f"{_signed(each.public.mean)} | {hundred(each.public.probability)}% | {shown} |"
        )
    return "\n".join(lines)


def _payers(decision: Decision) -> str:
    payers = [name for name, gain in _gains(decision.options).items() if gain]
    lines = [
        f"| option | {' | '.join(PAYER_NAMES[p] for p in payers)} |",
        f"|---|{'---:|' * len(payers)}",
    ]
    for each in decision.options:
        gains = each.appraisal.expected.gain
        lines.append(f"| {each.title} | {' | '.join(_signed(float(gains[p])) for p in payers)} |")
    return "What each payer saves (+) or pays (-) over ten years:\n\n" + "\n".join(lines)


def _gains(options: tuple[OptionDecision, ...]) -> dict[str, float]:
    names = options[0].appraisal.expected.gain
    return {p: sum(abs(float(each.appraisal.expected.gain[p])) for each in options) for p in names}


def _groups(decided: OptionDecision) -> str:
    """Return the change of the rate by group, alone and beside everybody's."""
    lines = [
        "| group | people | proven reoffending, points | minus everybody's |",
        "|---|---:|---:|---:|",
    ]
    for each in decided.equality:
        cells = [each.note or "not told"] * 2
        if each.change and each.beside:
            cells = [_points(each.change), _points(each.beside)]
        lines.append(f"| {whole_group(each.group)} | {each.people:,} | {' | '.join(cells)} |")
    note = (
        f"\n{equality_sentence(decided.equality)} Below 0 the group does better by it than "
        "everybody. In the model, area and ethnicity only decide which services are open to a "
        "person. Other differences by area and ethnicity come from sentences, records and luck."
    )
    return "\n".join([*lines, note])


def _points(told: Told) -> str:
    mean, low, high = (100.0 * each for each in told[:3])
    return f"{mean:+.2f} ({low:+.2f} to {high:+.2f})"


def _years(decided: OptionDecision) -> str:
    option, columns = decided.option, decided.option.columns()
    lines = [
        "| year since the sentence | proven reoffences | public purse, £ thousand |",
        "|---|---:|---:|",
    ]
    for year in ("1", "2", "3", "later"):
        cells = []
        for outcome, scale in (("reoffences_year", 1.0), ("cost_public_year", 1e-3)):
            row = option.rows.index((f"{outcome}_{year}", "all"))
            mean, low, high = (
                scale * float(columns[k][row]) for k in ("difference", "low", "high")
            )
            told = f" ({low:+,.0f} to {high:+,.0f})" if math.isfinite(low) else ""
            cells.append(f"{mean:+,.0f}{told}")
        lines.append(f"| {year} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _signed(amount: float) -> str:
    sign = "+" if amount > 0.0 else "-" if amount < 0.0 else ""
    return f"{sign}{pounds(amount)}"


if __name__ == "__main__":
    main()
