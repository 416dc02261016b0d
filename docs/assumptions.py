"""Write docs/assumptions.md: what stands behind what moves the answers most. `make assumptions`.

Swings and verdicts are in `assumptions.csv` and `assumptions.toml`; value, interval, grade, source
and what would settle an assumption are the scenarios' own.
"""

from __future__ import annotations

import tomllib
from csv import DictReader
from pathlib import Path
from typing import NamedTuple

from pathsim.present.pages import row
from pathsim.scenario.evidence.register import Row, register
from pathsim.scenario.evidence.table import evidence_table
from pathsim.scenario.load import load

ROOT = Path(__file__).parents[1]
DORSET = ROOT / "scenarios" / "dorset"
SCENARIOS = (DORSET / "suspended-sentences.toml", DORSET / "baseline.toml")
"""Where parameters stand; the later wins."""
PAGE, SWINGS, VERDICTS = (
    Path(__file__).with_name(f"assumptions.{kind}") for kind in ("md", "csv", "toml")
)
CARRIED = 0.9
"""Of the swing: the parameters that carry it are looked at."""
SETTLE = "To settle: "
"""In a note, what goes before the evidence that would settle an assumption."""
HEADLINES = {
    "reoffences": "reoffences on official clocks",
    "rate": "proven reoffending",
    "fromsent": "reoffences in twelve months from the sentence",
    "cost": "public purse",
}
OPTIONS = {
    "more-tags": "double the GPS tags",
    "suspended-sentences": "suspend short sentences",
    "housing-on-release": "triple the supported housing",
}
VERDICT = {
    "kept": "kept",
    "replaced": "value replaced",
    "widened": "interval widened",
    "regraded": "grade corrected",
    "fitted": "fitted anew",
}
HEAD = """\
# The assumptions that matter most

Made by `make assumptions`; do not edit. A model has hundreds of parameters and few of them move
an answer. Which do was measured: three options, four headlines, each parameter at the low and the
high end of its interval with all others held, on the same random numbers. The swing is the
difference between the two answers. The parameters below carry {carried:.0%} of the swing of the
twenty-five largest of any headline.

**The swings are those of an earlier version of the model**, before Dorset was a system in balance
and before most of the changes below. They say where to look and not how large a doubt is now.
Value, interval, grade and source are those of the scenarios as they are.

**{assumed} of these {all} parameters are assumed** ({share:.0%}); {assumed_then} were when the
swings were measured, by the grades of that time. What the grades mean is in
[evidence](evidence.md).

"""
COUNTS_HEAD = """\
## By headline

How many parameters carry {carried:.0%} of the swing, how many of them are assumed, and the three
largest.

"""
PARAMETERS_HEAD = """
## By parameter

The largest share first. `share` is the largest that it has of any headline, with that headline and
option; `then` is its value and grade when the swings were measured.

"""
SOURCES = """
Figures of the Ministry of Justice, the Home Office and other Crown bodies: contains public sector
information licensed under the Open Government Licence v3.0. Others are facts with their source.
"""


class Swing(NamedTuple):
    """How far a parameter moves a headline of an option."""

    headline: str
    option: str
    parameter: str
    value_then: str
    grade_then: str
    share: float

    @property
    def where(self) -> str:
        """Return the headline and the option in words."""
        return f"{HEADLINES[self.headline]}, {OPTIONS[self.option]}"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """Return the page."""
    groups, rows = carrying(swings()), parameters()
    largest = by_parameter(groups)
    assumed = sum(rows[each.parameter].grade == "assumed" for each in largest)
    head = HEAD.format(
        carried=CARRIED,
        all=len(largest),
        assumed=assumed,
        share=assumed / len(largest),
        assumed_then=sum(each.grade_then == "assumed" for each in largest),
    )
    counts = COUNTS_HEAD.format(carried=CARRIED) + counts_table(groups, rows)
    return head + counts + PARAMETERS_HEAD + parameters_table(largest, rows) + SOURCES


def swings() -> list[Swing]:
    """Return the swings as they were measured."""
    with SWINGS.open(encoding="utf-8", newline="") as file:
        lines = list(DictReader(file))
    return [
        Swing(
            line["headline"],
            line["option"],
            line["parameter"],
            line["value_then"],
            line["grade_then"],
            float(line["share_of_swing"]),
        )
        for line in lines
    ]


def carrying(measured: list[Swing]) -> list[list[Swing]]:
    """Return, for each headline and option, the largest swings that together carry most of it."""
    groups: dict[tuple[str, str], list[Swing]] = {}
    for each in measured:
        groups.setdefault((each.headline, each.option), []).append(each)
    return [_largest(group) for group in groups.values()]


def _largest(group: list[Swing]) -> list[Swing]:
    kept: list[Swing] = []
    for each in sorted(group, key=lambda swing: -swing.share):
        if sum(one.share for one in kept) >= CARRIED:
            break
        kept.append(each)
    return kept


def by_parameter(groups: list[list[Swing]]) -> list[Swing]:
    """Return the largest swing of each parameter, the largest first."""
    largest: dict[str, Swing] = {}
    for each in (swing for group in groups for swing in group):
        known = largest.get(each.parameter)
        if known is None or each.share > known.share:
            largest[each.parameter] = each
    return sorted(largest.values(), key=lambda swing: (-swing.share, swing.parameter))


def parameters() -> dict[str, Row]:
    """Return every parameter of the scenarios by its key."""
    table = evidence_table()
    return {line.parameter: line for path in SCENARIOS for line in register(load(path), table)}


def verdicts() -> dict[str, dict[str, str]]:
    """Return what became of each parameter, by its key."""
    return tomllib.loads(VERDICTS.read_text(encoding="utf-8"))


def counts_table(groups: list[list[Swing]], rows: dict[str, Row]) -> str:
    """Return how many parameters carry each headline, as a Markdown table."""
    lines = [row(("headline", "option", "parameters", "assumed", "the three largest"))]
    lines.append("|---|---|---:|---:|---|")
    for group in groups:
        assumed = sum(rows[each.parameter].grade == "assumed" for each in group)
        top = "; ".join(f"`{each.parameter}` {each.share:.0%}" for each in group[:3])
        names = (HEADLINES[group[0].headline], OPTIONS[group[0].option])
        lines.append(row((*names, str(len(group)), str(assumed), top)))
    return "\n".join(lines) + "\n"


def parameters_table(largest: list[Swing], rows: dict[str, Row]) -> str:
    """Return what stands behind each parameter, as a Markdown table."""
    head = ("parameter", "share", "then", "now", "grade", "what stands behind it")
    lines = [row((*head, "verdict", "what would settle it")), row(("---",) * (len(head) + 2))]
    told = verdicts()
    for each in largest:
        line, said = rows[each.parameter], told[each.parameter]
        cells = (
            f"`{each.parameter}`",
            f"{each.share:.0%}: {each.where}",
            f"{each.value_then}, {each.grade_then}",
            value(line),
            line.grade,
            line.source,
            f"{VERDICT[said['verdict']]}. {said['found']}.",
            settle(line),
        )
        lines.append(row(cells))
    return "\n".join(lines) + "\n"


def value(line: Row) -> str:
    """Return the value of a parameter with its interval."""
    said = f"{line.value:g}" if isinstance(line.value, float) else str(line.value)
    if line.low is None or line.high is None:
        return said
    return f"{said} ({line.low:g} to {line.high:g})"


def settle(line: Row) -> str:
    """Return what would settle an assumption, as the scenario's note says it."""
    return line.note.partition(SETTLE)[2].rstrip(".")


if __name__ == "__main__":
    main()
