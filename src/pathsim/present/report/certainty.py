"""How sure the answer is, and why: doubt and luck told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from .figures import UNDEFINED, better, difference, hundred, marked, size
from .tables import Table

if TYPE_CHECKING:
    from .told import Option, Told

_COARSE: Final = 0.5
"""Monte Carlo error, as a share of doubt, from which more runs would tell more."""


def context(told: Told) -> dict[str, Any]:
    """Return how far each difference may be off, by what, and what would narrow it."""
    heads = ["Option", "Proven reoffences a year"]
    if told.in_doubt:
        heads += ["Chance of fewer", "Spread by doubt", "Monte Carlo error"]
    heads += ["Spread of single years by luck", "Single years that would show it"]
    rows = [_row(option, told) for option in told.options]
    origin = told.run
    return {
        "table": Table("certainty-table", "What makes the answer unsure", heads, rows),
        "in_doubt": told.in_doubt,
        "draws": origin["draws"],
        "doubted": origin["doubted"],
        "replications": origin["replications"],
        "advice": [(each.title, _advice(each)) for each in told.options] if told.in_doubt else [],
    }


def _row(option: Option, told: Told) -> list[str | Markup]:
    row = option.row("reoffences_total")
    cells: list[str | Markup] = [
        Markup('<a href="#{}">{}</a>').format(option.anchor, option.title),
        difference(row),
    ]
    if told.in_doubt:
        cells += [better(row, in_doubt=True), _spread(row, "sd_doubt"), _spread(row, "se")]
    years = Markup(UNDEFINED) if row is None else hundred(row.figure("share_of_years_better"))
    return [*cells, _spread(row, "sd_chance"), years]


def _spread(row: Any, name: str) -> Markup:
    """Return a spread as so many offences either way."""
    if row is None or row[name] is None:
        return Markup(UNDEFINED)
    return Markup("± {}").format(marked(row.figure(name), size(row[name])))


def _advice(option: Option) -> str:
    """Return what would make the answer surer."""
    row = option.row("reoffences_total")
    if row is None or row["sd_doubt"] is None or row["se"] is None:
        return "nothing to narrow: the difference is the same in every run."
    if row["se"] > _COARSE * row["sd_doubt"]:
        return "luck of the runs hides the doubt: ask for more states of the world or replications."
    return "more runs would change little; better evidence would."
