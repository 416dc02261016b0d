"""One page for a meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from .figures import better, costs, difference, hundred, pounds
from .tables import Table
from .wording import day, rests_on, said_by_data, window, year

if TYPE_CHECKING:
    from .told import Option, Told


def context(told: Told) -> dict[str, Any]:
    """Return the answer in a sentence, one short table, and what to keep in mind."""
    decided = told.decision is not None
    heads = [
        "Option",
        "Chance of fewer proven reoffences" if told.in_doubt else "Years with fewer reoffences",
        "Proven reoffences a year",
        "Public purse a year",
    ]
    rows = [_row(option, told) for option in told.options]
    if decided:
        heads.append("Chance it is worth it, society included")
    return {
        "baseline": told.baseline["title"],
        "window": window(told),
        "finished": day(told.run["finished"]),
        "together": said_by_data(told, told.decision, "paragraph"),
        "table": Table("summary-table", "The options in one table", heads, rows),
        "rests_on": [
            (option.title, rests_on(option), year(option.about)) for option in told.options
        ],
        "find_out": _find_out(told),
        "in_doubt": told.in_doubt,
    }


def _row(option: Option, told: Told) -> list[Markup]:
    total = option.row("reoffences_total")
    cells = [
        Markup('<a href="#{}">{}</a>').format(option.anchor, option.title),
        better(total, in_doubt=told.in_doubt),
        difference(total),
        difference(option.row("cost_public"), costs),
    ]
    if option.decided is not None:
        cells.append(hundred(option.decided.figure("npsv", "probability_above_0")))
    return cells


def _find_out(told: Told) -> list[Markup]:
    """Return for each option what is most worth finding out, where anything is."""
    found = []
    for option in told.options:
        worths = [] if option.decided is None else list(option.decided.each("evppi"))
        if worths and worths[0]["value"]:
            what = told.parameter(worths[0]["parameter"])
            worth = pounds(worths[0].figure("value"))
            found.append(Markup("{}: {}, worth up to {}").format(option.title, what, worth))
    return found
