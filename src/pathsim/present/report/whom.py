"""What the options change, and for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from pathsim.outcomes.group_words import attribute, group
from pathsim.text import shortened, visible

from .breaking import with_breaks
from .figures import UNDEFINED, difference, marked, points, size
from .tables import Table
from .wording import grade, when

if TYPE_CHECKING:
    from .told import At, Option, Told

RATE: Final = "proven_reoffending_rate"
_OFFENCES: Final = "reoffences_total"
_BY: Final = ("disposal", "risk_band", "previous_offences", "offence_group")
_LONGEST: Final = 80
"""Characters of a changed value that is no number."""
FEWEST: Final = 10
"""People, below which nothing is told of a group."""


def context(told: Told) -> dict[str, Any]:
    """Return for each option its changes, and the offences and the rate by kind of people."""
    of = told.run["outcomes"][RATE]["of"]
    return {
        "options": [
            {
                "title": option.title,
                "anchor": option.anchor,
                "when": when(option),
                "changes": changes_table(option, f"whom-{option.anchor}-changes"),
                "by": by_table(option, _BY, f"whom-{option.anchor}-by", of),
            }
            for option in told.options
        ]
    }


def changes_table(option: Option, name: str, caption: str = "") -> Table:
    """Return what an option changes, with what stands behind the new value."""
    rows = [
        [
            Markup('{} <span class="range"><code>{}</code></span>').format(
                visible(each["title"]), with_breaks(each["key"])
            ),
            each["days"] or "throughout",
            _value(each, "before"),
            _value(each, "after"),
            grade(each["grade"]),
            each["source"] or UNDEFINED,
        ]
        for each in option.about.each("changes")
    ]
    heads = ("Value", "In force", "Baseline", "Option", "Stands on", "Source")
    caption = caption or f"What '{option.title}' changes"
    return Table(name, caption, heads, rows, numbers=False)


def by_table(option: Option, attributes: tuple[str, ...], name: str, of: str) -> Table:
    """Return the change in offences and in the rate by groups of these attributes.

    of: whom the rate is of.
    """
    rows = []
    for what in attributes:
        for each, row in option.by_group(RATE):
            if each.partition("=")[0] == what:
                rows.append(_group(option, each, row))
    heads = ("Group", "People", "Proven reoffences a year", "Proven reoffending rate")
    return Table(name, f"For whom '{option.title}' changes reoffending: of {of}", heads, rows)


def _group(option: Option, name: str, row: At) -> list[str | Markup]:
    head = f"{attribute(name.partition('=')[0])}: {group(name)}"
    people = option.plain["groups"].get(name, 0)
    if people < FEWEST:
        return [head, f"fewer than {FEWEST}", "not told", "not told"]
    shown = marked(option.plain.at("groups").figure(name), size(people))
    offences = difference(option.row(_OFFENCES, name))
    return [head, shown, offences, difference(row, points)]


def _value(change: At, side: str) -> str | Markup:
    value = change[side]
    if isinstance(value, bool) or value is None:
        return UNDEFINED if value is None else str(value).lower()
    if isinstance(value, int | float):
        return marked(change.figure(side), f"{value:,.10g}")
    return shortened(str(value), _LONGEST)
