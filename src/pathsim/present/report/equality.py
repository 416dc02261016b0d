"""Equality: benefit, starts and waits by group, with sizes, and small groups not told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from pathsim.outcomes.group_words import attribute, group

from .figures import UNDEFINED, count, difference, interval, points
from .tables import Table
from .whom import FEWEST, RATE
from .wording import said_by_data

if TYPE_CHECKING:
    from .told import At, Option, Told

_ATTRIBUTES: Final = ("sex", "age_band", "ethnicity", "area")


def context(told: Told) -> dict[str, Any]:
    """Return for each option what it does for whom."""
    options = []
    for option in told.options:
        name = f"equality-{option.anchor}-table"
        decided = option.decided
        said = Markup("")
        if decided is not None:
            said = said_by_data(told, decided.at("equality"), "sentence")
        table = _simulated(option, name) if decided is None else _decided(option, decided, name)
        options.append(
            {"title": option.title, "anchor": option.anchor, "said": said, "table": table}
        )
    return {"options": options, "fewest": FEWEST, "in_doubt": told.in_doubt}


def _decided(option: Option, decided: At, name: str) -> Table:
    heads = (
        "Group",
        "People",
        "Change of the rate",
        "Beside everybody's",
        "Starts, before and after",
        "Mean wait, before and after",
        "Note",
    )
    rows = [_row(each) for each in decided.each("equality", "groups")]
    return Table(name, f"What '{option.title}' does for whom", heads, rows)


def _row(each: At) -> list[str | Markup]:
    known = each["change"] is not None
    head = f"{attribute(each['attribute'])}: {group(each['group'])}"
    few = (each["people"] or 0) < FEWEST
    return [
        head,
        f"fewer than {FEWEST}" if few else count(each.figure("people")),
        interval(each.at("change"), points) if known else "not told",
        interval(each.at("beside_everybody"), points) if known else "not told",
        _sides(each, "starts", ""),
        _sides(each, "mean_wait_days", " days"),
        each["note"] or "",
    ]


def _sides(each: At, key: str, unit: str) -> str | Markup:
    before, after = each.figure(key, "baseline"), each.figure(key, "option")
    if not (before.known or after.known):
        return UNDEFINED
    return Markup("{} to {}{}").format(count(before), count(after), unit)


def _simulated(option: Option, name: str) -> Table:
    """Return the groups as simulated, where nothing was decided: their intervals show luck."""
    rows: list[list[str | Markup]] = []
    for each, row in option.by_group(RATE):
        what = each.partition("=")[0]
        if what not in _ATTRIBUTES:
            continue
        people = option.plain["groups"].get(each, 0)
        if people < FEWEST:
            cells: list[str | Markup] = [f"fewer than {FEWEST}", "not told"]
        else:
            shown = count(option.plain.at("groups").figure(each))
            cells = [shown, difference(row, points)]
        rows.append([f"{attribute(what)}: {group(each)}", *cells])
    heads = ("Group", "People", "Change of the rate")
    return Table(name, f"What '{option.title}' does for whom", heads, rows)
