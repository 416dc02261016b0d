"""What the answer rests on: effects beside the figure they drive, grades, and prices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from .figures import UNDEFINED, difference, marked, ratio, size, with_range
from .tables import Table
from .wording import GRADES, grade

if TYPE_CHECKING:
    from .told import At, Option, Told


def context(told: Told) -> dict[str, Any]:
    """Return effects with intervals, grades and dates, then the grades of all values, prices."""
    heads = (
        "Option and effect",
        "Drives: proven reoffences a year",
        "Value (95% interval)",
        "Grade",
        "Year",
        "Source",
    )
    rows = [row for option in told.options for row in effect_rows(option)]
    return {
        "effects": Table(
            "evidence-effects", "Effects that the differences rest on", heads, rows, numbers=False
        ),
        "grades": _grades(told),
        "prices": _prices(told),
    }


def effect_rows(option: Option, *, named: bool = True) -> list[list[str | Markup]]:
    """Return a row for each effect that an option rests on; named: with the option's title."""
    drives = difference(option.row("reoffences_total"))
    rows: list[list[str | Markup]] = []
    for each in option.about.each("effects"):
        value = with_range(each.figure("value"), each.figure("low"), each.figure("high"), ratio)
        rows.append(
            [
                f"{option.title}: {each['title']}" if named else each["title"],
                drives,
                value,
                grade(each["grade"]),
                _year(each),
                each["source"] or UNDEFINED,
            ]
        )
    if not rows:
        said = "acts through the justice system's own rules, by no effect of a service"
        head = f"{option.title}: {said}" if named else said
        rows.append([head, drives, UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED])
    return rows


def _grades(told: Told) -> Table:
    counts = told.baseline.at("about", "grades")
    rows = [
        [GRADES.get(each, each), marked(counts.figure(each), size(n))]
        for each, n in counts.data.items()
    ]
    heads = ("Stands on", "Values of the baseline")
    return Table("evidence-grades", "What stands behind the values of the baseline", heads, rows)


def _prices(told: Told) -> Table:
    rows = [_price(each, told) for each in told.whole.each("prices")]
    heads = ("Price", "£ (95% interval)", "Prices of", "Grade", "Source", "Used in")
    return Table("evidence-prices", "Prices", heads, rows, numbers=False)


def _price(each: At, told: Told) -> list[str | Markup]:
    value = each["value"]
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    shown: str | Markup = str(value)
    if plain:
        shown = with_range(each.figure("value"), each.figure("low"), each.figure("high"), ratio)
    everywhere = len(each["of"]) == 1 + len(told.options)
    used = "all" if everywhere else "; ".join(each["of"])
    return [
        each["title"],
        shown,
        each["price_year"] or UNDEFINED,
        grade(each["grade"]),
        each["source"],
        used,
    ]


def _year(each: At) -> str:
    return "not dated" if each["year"] is None else str(each["year"])
