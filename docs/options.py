"""Write docs/options.md: all Dorset options with the effects they rest on. `make options`."""

from __future__ import annotations

import math
from csv import DictReader
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pathsim as ps
from pathsim.scenario.shipped import TARGETS

if TYPE_CHECKING:
    from pathsim.outcomes.results import Comparison, OptionResult

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "scenarios" / "dorset"
BASELINE = FOLDER / "baseline.toml"
PAGE = ROOT / "docs" / "options.md"
REPLICATIONS = 200
SEED = 1
BEFORE = ROOT / "docs" / "options_before.csv"
HEAD = """\
# The Dorset options

Every option in `scenarios/dorset/` against the baseline: a year of Dorset, which is the
{people:,} people who enter in it, followed for three years, among those who entered before and
after; {replications} replications, seed {seed}, on the same random numbers. Differences are means
with 95% intervals of chance; doubt about the effects themselves is in the last column, with
its interval and grade, and is mostly larger. Proven reoffending is by clocks, of all index events
of the year; the other columns are of those who enter, over three years but where they say twelve
months. The public purse pays
cash; what crime costs society is harm valued in pounds, which nobody saves in cash. Written by
`make options`.

Inputs (scenario files, replications, seed), SHA-256: `{inputs}`

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
BEFORE_HEAD = """
## Before and after the balance

What the same options came to before Dorset was a system in balance (each of 4,710 occasions
somebody new; one generation before and none after; twelve months of money; no stock in custody;
victims of proven offences alone) and what they come to now.
Offences are those within twelve months of the sentence. Before, they were of 4,710 people, now
of those who enter in a year. Three things move every row: a reconviction is no new person any
more, so there are fewer; money is that of three years, with a court and a sentence for each proven
offence; and a proven offence stands for the crimes behind it, which is most of what society bears.
The last column says what else, as read from the parts of each option; it was not measured one by
one.

"""
BEFORE_COLUMNS = (
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
    return ps.compare(
        ps.load(BASELINE), list(map(ps.load, files)), replications=REPLICATIONS, seed=SEED
    )


def page(result: Comparison) -> str:
    """Return the page of a comparison."""
    head = HEAD.format(
        people=result.provenance["people"], replications=REPLICATIONS, seed=SEED, inputs=inputs()
    )
    head += f"| {' | '.join(COLUMNS)} |\n|---|---:|---:|---:|---:|---:|---|\n"
    people = int(result.provenance["people"])
    lines = [line(option, people) for option in result.options]
    return head + "\n".join(lines) + "\n" + before_and_after(result, people)


def inputs() -> str:
    """Return the SHA-256 of what the page is made from."""
    found = sha256(f"{REPLICATIONS} {SEED}\n".encode())
    for path in [BASELINE, *option_files()]:
        found.update(f"{path.name} {sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()


def before_and_after(result: Comparison, people: int) -> str:
    """Return the table of what each option did before Dorset was in balance, and does now."""
    with BEFORE.open(encoding="utf-8", newline="") as file:
        before = {row["option"]: row for row in DictReader(file)}
    text = BEFORE_HEAD + f"| {' | '.join(BEFORE_COLUMNS)} |\n|---|---:|---:|---:|---:|---|\n"
    for path, option in zip(option_files(), result.options, strict=True):
        was = before[path.stem]
        cells = [
            option.request.title,
            *(
                f"{float(was[name]):+.3g} to {_mean(option, outcome) * scale:+.3g}"
                for name, outcome, scale in (
                    ("rate_points", "proven_reoffending_rate", 100.0),
                    ("from_sentence", "reoffences_from_sentence_per_person", people),
                    ("public_gbp_thousand", "cost_public", 1e-3),
                    ("society_gbp_thousand", "cost_society", 1e-3),
                )
            ),
            was["why"],
        ]
        text += f"| {' | '.join(cells)} |\n"
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
    if math.isnan(low):  # the same in every replication, so that there is no chance to speak of
        return f"{mean:+.3g}"
    return f"{mean:+.3g} ({low:+.3g} to {high:+.3g})"


if __name__ == "__main__":
    main()
