"""Places, queues and waits of the services that an option changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from pathsim.outcomes.names import headline_loads, meaning

from .figures import UNDEFINED, count, days, difference, level, percent
from .tables import Table

if TYPE_CHECKING:
    from .told import At, Option, Told

_HEADS: Final = ("", "Baseline", "Option", "Difference")


def context(told: Told) -> dict[str, Any]:
    """Return for each option the load on what it changes."""
    return {
        "options": [
            {
                "title": option.title,
                "anchor": option.anchor,
                "tables": load_tables(option, f"load-{option.anchor}"),
            }
            for option in told.options
        ]
    }


def load_tables(option: Option, name: str, caption: str = "") -> list[Table]:
    """Return a table for each service or shared places whose load an option changes."""
    found = []
    for k, place in enumerate(option.about.each("places")):
        names = headline_loads(place["place"], may_be_full=place["may_be_full"])
        rows = [_row(row) for each in names if (row := option.row(each)) is not None]
        rows = [row for row in rows if {str(row[1]), str(row[2])} != {UNDEFINED}]
        if rows:
            heads = (place["title"], *_HEADS[1:])
            words = caption or f"'{option.title}': load on"
            found.append(Table(f"{name}-{k + 1}", f"{words} {place['title']}", heads, rows))
    return found


def _row(row: At) -> list[str | Markup]:
    unit = meaning(row["outcome"]).unit
    write = {"share": percent, "days": days}.get(unit, count)
    name = meaning(row["outcome"]).title
    return [
        name[:1].upper() + name[1:].removesuffix(", days"),
        write(row.figure("baseline")),
        write(row.figure("option")),
        difference(row),
    ]


def levels(told: Told, place: str, *, may_be_full: bool) -> list[Markup]:
    """Return the load of a place in the baseline, in the order of the first table."""
    names = headline_loads(place, may_be_full=may_be_full)
    return [level(told.level(each), "mean") for each in names]
