"""Value for money, in the order of the Green Book."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from .figures import (
    UNDEFINED,
    gained,
    hundred,
    interval,
    marked,
    pence,
    pounds,
)
from .tables import Table
from .wording import grade

if TYPE_CHECKING:
    from .told import At, Option, Told


def context(told: Told) -> dict[str, Any]:
    """Return what options are worth to society, then to the public purse, then for its money."""
    decision = told.decision
    if decision is None:
        return {"no_decision": told.no_decision, "tables": [], "years": 0}
    years = int(decision["years"])
    return {
        "no_decision": "",
        "years": years,
        "tables": [_social(told, years), _public(told, years), _per_result(told, years)],
        "frontier": _frontier(decision),
        "known": pounds(decision.figure("evpi", "value")),
    }


def _social(told: Told, years: int) -> Table:
    heads = (
        "Option",
        "Net present social value",
        "Chance it is above 0",
        "Chance it is the best of all",
        "Benefits for each pound",
        "A year, evenly spread",
        "Optimism bias by",
    )
    rows = [[_link(each), *_social_cells(each, told)] for each in told.options]
    return Table("value-social", f"1. To society as a whole, over {years} years", heads, rows)


def _social_cells(option: Option, told: Told) -> list[str | Markup]:
    decided, decision = option.decided, told.decision
    assert decided is not None
    assert decision is not None
    return [
        interval(decided.at("npsv"), gained),
        hundred(decided.figure("npsv", "probability_above_0")),
        _best(decision, option),
        pence(decided.figure("bcr")),
        gained(decided.figure("equivalent_annual_value")),
        grade(decided["optimism_bias_by"]),
    ]


def _best(decision: At, option: Option) -> Markup:
    """Return the chance of an option to be worth most; titles that recur share one figure."""
    title = option.plain["title"]
    if title not in decision["chance_best"]:
        return Markup(UNDEFINED)
    return hundred(decision.figure("chance_best", title))


def _public(told: Told, years: int) -> Table:
    heads = ("Option", "Public purse", "Chance it saves", "Cash", "Freed time, not cash")
    rows = []
    for option in told.options:
        decided = option.decided
        assert decided is not None
        rows.append(
            [
                _link(option),
                interval(decided.at("public"), gained),
                hundred(decided.figure("public", "probability_above_0")),
                gained(decided.figure("cashable")),
                gained(decided.figure("non_cashable")),
            ]
        )
    return Table("value-public", f"2. To the public purse alone, over {years} years", heads, rows)


def _per_result(told: Told, years: int) -> Table:
    heads = ("Option", "Cost of a proven reoffence avoided", "Pays back after")
    rows = []
    for option in told.options:
        decided = option.decided
        assert decided is not None
        rows.append([_link(option), _each(decided), _payback(decided)])
    return Table("value-result", f"3. For what it brings, over {years} years", heads, rows)


def _each(decided: At) -> str | Markup:
    cost = decided.figure("cost_per_reoffence_avoided")
    if cost.known:
        return pounds(cost)
    return "saves money" if (decided["public"]["mean"] or 0.0) > 0 else UNDEFINED


def _payback(decided: At) -> str | Markup:
    found = decided.figure("payback_years")
    if not found.known:
        return "does not pay back"
    if found.number == 0.0:
        return marked(found, "0 years: never in the red")
    return marked(found, f"{found.number:.1f} years")


def _frontier(decision: At) -> Table:
    """Return where the best option changes, as a reoffence avoided is worth more."""
    rows: list[list[str | Markup]] = []
    for each in decision.each("frontier"):
        if not rows or rows[-1][1] != each["best"]:
            worth = pounds(each.figure("worth_of_a_reoffence_avoided"))
            rows.append([worth, each["best"], hundred(each.figure("chance"))])
    heads = (
        "If a reoffence avoided is worth",
        "Best for the public purse",
        "Chance it is the best",
    )
    return Table("value-frontier", "Best from each worth of a reoffence avoided on", heads, rows)


def _link(option: Option) -> Markup:
    return Markup('<a href="#{}">{}</a>').format(option.anchor, option.title)
