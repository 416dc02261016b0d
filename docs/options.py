"""Write docs/options.md: all Dorset options with the effects they rest on. `make options`."""

from __future__ import annotations

import math
from csv import DictReader
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pathsim as ps
from pathsim.decision.sentence import of_the_set, paragraph
from pathsim.scenario.shipped import TARGETS

if TYPE_CHECKING:
    from pathsim.outcomes.results import Comparison, OptionResult

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "scenarios" / "dorset"
BASELINE = FOLDER / "baseline.toml"
PAGE = ROOT / "docs" / "options.md"
DRAWS = 128
REPLICATIONS = 4
SEED = 1
BEFORE = ROOT / "docs" / "options_before.csv"
"""What the options came to in the version before, and, filled in by hand, why they moved since."""
BEFORE_BALANCE = ROOT / "docs" / "options_before_balance.csv"
"""What they came to before Dorset was in balance, and why they moved up to the version before."""
HEAD = """\
# The Dorset options

Every option in `scenarios/dorset/` against the baseline: a year of Dorset, which is the
{people:,} people who enter in it, followed for three years together with those who entered
before and
after; {draws} states of the world that fit the evidence, {replications} replications in each,
seed {seed}, on the same random numbers. Differences are means over these states, with 95%
intervals of doubt ([docs/doubt.md](doubt.md)). Proven reoffending is measured by
clocks, over all index events of the year. The other columns are of those who enter, over three
years unless they say twelve months. The public purse pays cash. The cost to society is harm valued
in pounds, which nobody saves in cash. Written by
`make options`.

Inputs (scenario files, states, replications, seed), SHA-256: `{inputs}`

"""
COLUMNS = (
    "option",
    "proven reoffending, points",
    "proven offences in three years",
    "reoffences in twelve months from the sentence",
    "cost to the public purse, £ thousand",
    "cost to society, not cash, £ thousand",
    "rests on",
)
SENTENCES_HEAD = """
## What can be said of each

Over ten years, a cohort a year, by the Green Book (`pathsim decide`). {of_the_set}

"""
SINCE_HEAD = """
## Since the last version

The results of the same options in the version before, at the central values, and their results
now, as the mean over states of the world. The two differ if an interval is not symmetric, or if
places help only in states with enough referrals. Offences are those within twelve months of the
sentence. The last column says what else moved, as read from the parts of each option. The reasons
were not measured one by one.

"""
BALANCE_HEAD = """
## Before and after the balance

What the same options came to before Dorset was a system in balance (each of 4,710 occasions
somebody new; one generation before and none after; twelve months of money; no stock in custody;
victims of proven offences alone) and what they came to after, in the version before this one.
Offences are those within twelve months of the sentence. Before, they were of 4,710 people, after,
of those who enter in a year. Three things moved every row: a reconviction is no new person any
more, so there are fewer; money is that of three years, with a court and a sentence for each proven
offence; and a proven offence stands for the crimes behind it, which is most of what society bears.
The last column says what else, as read from the parts of each option; it was not measured one by
one.

"""
OUTCOMES = {
    "rate_points": "proven_reoffending_rate",
    "from_sentence": "reoffences_from_sentence_per_person",
    "public_gbp_thousand": "cost_public",
    "society_gbp_thousand": "cost_society",
}
"""Columns of what options came to, and the outcomes they are of."""
MOVED_COLUMNS = (
    "option",
    "proven reoffending, points",
    "offences, twelve months from the sentence",
    "public purse, £ thousand",
    "society, £ thousand",
    "why it moved",
)


def main() -> None:
    """Compare the options and write the page."""
    PAGE.write_text(page(compared(option_files())), encoding="utf-8")


def option_files() -> list[Path]:
    """Return the files of all options, in the order of the page."""
    return sorted(
        path for path in FOLDER.glob("*.toml") if path.name not in (BASELINE.name, TARGETS)
    )


def compared(files: list[Path]) -> Comparison:
    """Return the comparison of options with the baseline, as the page shows it.

    A row is the same whichever others are asked for.
    """
    options = list(map(ps.load, files))
    return ps.compare(ps.load(BASELINE), options, draws=DRAWS, replications=REPLICATIONS, seed=SEED)


def page(result: Comparison) -> str:
    """Return the page of a comparison."""
    head = HEAD.format(
        people=result.provenance["people"],
        draws=DRAWS,
        replications=REPLICATIONS,
        seed=SEED,
        inputs=inputs(),
    )
    head += f"| {' | '.join(COLUMNS)} |\n|---|---:|---:|---:|---:|---:|---|\n"
    people = int(result.provenance["people"])
    lines = [line(option, people) for option in result.options]
    titles = {
        path.stem: option.request.title
        for path, option in zip(option_files(), result.options, strict=True)
    }
    now = {
        path.stem: figures(option, people)
        for path, option in zip(option_files(), result.options, strict=True)
    }
    last, balance = held(BEFORE), held(BEFORE_BALANCE)
    parts = [
        head + "\n".join(lines) + "\n",
        sentences(result),
        SINCE_HEAD + moved(last, now, titles),
        BALANCE_HEAD + moved(balance, last, titles),
    ]
    return "".join(parts)


def sentences(result: Comparison) -> str:
    """Return the paragraph of the set, and one of each option."""
    decision = ps.decide(result, seed=SEED)
    head = SENTENCES_HEAD.format(of_the_set=of_the_set(decision))
    return head + "\n".join(f"- {paragraph(each)}" for each in decision.options) + "\n"


def inputs() -> str:
    """Return the SHA-256 of what the page is made from."""
    found = sha256(f"{DRAWS} {REPLICATIONS} {SEED}\n".encode())
    for path in [BASELINE, *option_files()]:
        found.update(f"{path.name} {sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()


def held(file: Path) -> dict[str, dict[str, str]]:
    """Return what the options came to by a file, and why it moved since."""
    with file.open(encoding="utf-8", newline="") as lines:
        return {row["option"]: row for row in DictReader(lines)}


def figures(option: OptionResult, people: int) -> dict[str, str]:
    """Return what an option comes to, as a file holds it."""
    scales = dict(zip(OUTCOMES, (100.0, people, 1e-3, 1e-3), strict=True))
    return {
        name: f"{_mean(option, outcome) * scales[name]:.3g}" for name, outcome in OUTCOMES.items()
    }


def moved(
    before: dict[str, dict[str, str]], after: dict[str, dict[str, str]], titles: dict[str, str]
) -> str:
    """Return the table of what each option came to before, and after."""
    text = f"| {' | '.join(MOVED_COLUMNS)} |\n|---|---:|---:|---:|---:|---|\n"
    for option, title in titles.items():
        if option not in before or option not in after:  # it is newer
            continue
        was, became = before[option], after[option]
        cells = [f"{float(was[name]):+.3g} to {float(became[name]):+.3g}" for name in OUTCOMES]
        text += f"| {' | '.join([title, *cells, was['why']])} |\n"
    return text


def line(option: OptionResult, people: int) -> str:
    """Return the row of an option."""
    rests_on = "; ".join(
        f"`{effect.key}` {effect.in_words().partition(' ')[2]}" for effect in option.effects()
    )
    cells = [
        option.request.title,
        _difference(option, "proven_reoffending_rate", 100),
        _difference(option, "reoffences_total", 1),
        _difference(option, "reoffences_from_sentence_per_person", people),
        _difference(option, "cost_public", 1e-3),
        _difference(option, "cost_society", 1e-3),
        rests_on or "the rules of the justice system alone",
    ]
    return f"| {' | '.join(cells)} |"


def _mean(option: OptionResult, outcome: str) -> float:
    return float(option.columns()["difference"][option.rows.index((outcome, "all"))])


def _difference(option: OptionResult, outcome: str, scale: float) -> str:
    row = option.rows.index((outcome, "all"))
    columns = option.columns()
    mean, low, high = (float(columns[name][row]) * scale for name in ("difference", "low", "high"))
    if math.isnan(low):  # the same in every replication
        return f"{mean:+.3g}"
    return f"{mean:+.3g} ({low:+.3g} to {high:+.3g})"


if __name__ == "__main__":
    main()
