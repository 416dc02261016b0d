"""The outcomes of one scenario that is compared with nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from pathsim.outcomes.names import (
    COSTS_SHOWN,
    HEADLINES,
    SERVICE_OUTCOMES,
    meaning,
    place_of,
)

from .figures import UNDEFINED, level, level_writer, marked
from .tables import Table
from .wording import window

if TYPE_CHECKING:
    from .told import At, Told

_LOADS: Final = ("starts", "mean_wait_days", "reneged", "turned_away", "utilisation")


def context(told: Told) -> dict[str, Any]:
    """Return the headline outcomes, costs by payer, and the load on services."""
    heads = ("Outcome", "Mean", "95% interval")
    tables = [
        Table("scenario-outcomes", "Outcomes", heads, _means(told, HEADLINES)),
        Table("scenario-costs", "Costs by payer", heads, _means(told, COSTS_SHOWN)),
        _services(told),
    ]
    return {
        "title": told.baseline["title"],
        "description": told.baseline["about"]["description"],
        "out_of_balance": told.baseline["out_of_balance"],
        "window": window(told),
        "in_doubt": told.in_doubt,
        "draws": told.run["draws"],
        "tables": [table for table in tables if table.rows],
    }


def _means(told: Told, names: tuple[str, ...]) -> list[list[str | Markup]]:
    found = []
    for name in names:
        row = told.level(name)
        if row is not None and (row["mean"] or name not in COSTS_SHOWN):
            found.append([meaning(name).title, level(row, "mean"), _interval(row)])
    return found


def _interval(row: At) -> Markup:
    if row["same_in"] is not None:
        same = marked(row.figure("same_in"), f"{row['same_in']:,.0f}")
        return Markup("the same in all {} runs").format(same)
    write = level_writer(meaning(row["outcome"]).unit)
    low, high = row.figure("low"), row.figure("high")
    if not (low.known and high.known):
        return Markup(UNDEFINED)
    return Markup("{} to {}").format(write(low), write(high))


def _services(told: Told) -> Table:
    places = dict.fromkeys(
        place for row in told.baseline["outcomes"] if (place := place_of(row["outcome"]))
    )
    shown = [name for name in _LOADS if name in SERVICE_OUTCOMES]
    rows = []
    for place in places:
        starts = told.level(f"{place}.starts")
        if starts is None or not starts["mean"]:
            continue
        title = told.title_of(f"{place}.starts").rpartition(":")[0]
        rows.append([title, *(level(told.level(f"{place}.{name}"), "mean") for name in shown)])
    heads = ("Service", *(meaning(f"service.x.{name}").title.capitalize() for name in shown))
    return Table("scenario-services", "Load on services", heads, rows)
