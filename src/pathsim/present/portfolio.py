"""A portfolio in the shell: mixes, the frontier over budgets, one more place, and what to take."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from rich.table import Table
from rich.text import Text

from pathsim.decision.portfolio.evaluate import NPSV
from pathsim.decision.sentence import chance_words
from pathsim.decision.told import Told
from pathsim.outcomes.names import meaning
from pathsim.outcomes.provenance import effort
from pathsim.text import counted, visible

from .titled import titled
from .words import UNDEFINED, money, style

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from pathsim.decision.portfolio.result import Portfolio

    from .words import Style

_SHOWN: Final = 12
"""Mixes shown, from the best."""
_LEGEND: Final = (
    "spend: pounds a year that the places of a mix cost more than the baseline's, used all year, "
    "central prices, not discounted. worth: {worth}, beyond the baseline; in brackets 95% of "
    "doubt. again: in the states by which the last few were told apart. chance: of 100 states of "
    "the world that fit the evidence, those in which it is above 0."
)


def portfolio_parts(found: Portfolio) -> Iterator[Table | Text]:
    """Yield the mixes, the frontier, one more place of each capacity, the sentence, the effort."""
    written = _style(found)
    yield _mixes(found, written)
    yield _frontier(found, written)
    if not found.shadow.empty:
        yield _shadow(found, written)
    yield Text(visible(found.sentence()), style="bold")
    yield Text(_searched(found), style="dim")
    worth = f"net present social value over {found.years} years"
    if found.maximised != NPSV:
        worth = f"improvement of {found.maximised}"
    origin = found.provenance
    drawn = counted(origin["doubted"], "quantity", "quantities") if origin else "nothing"
    said = f"{effort(origin)}; {drawn} drawn" if origin else "nothing simulated"
    yield Text(f"{_LEGEND.format(worth=worth)}\n{said}", style="dim")


def _style(found: Portfolio) -> Style:
    ends = [*found.mixes["low"].tolist(), *found.mixes["high"].tolist()]
    if found.maximised == NPSV:
        return money([], ends)
    return style(meaning(found.maximised).unit, max(map(abs, ends), default=0.0), *ends)


def _rows(table: pd.DataFrame) -> list[dict[Any, Any]]:
    return table.to_dict(orient="records")


def _worth(row: dict[Any, Any], written: Style) -> str:
    ends = written.interval(row["low"], row["high"])
    return f"{written.difference(row['worth'])} ({ends})"


def _chance(row: dict[Any, Any]) -> str:
    if math.isnan(row["chance"]):
        return UNDEFINED
    return chance_words(Told(row["worth"], row["low"], row["high"], row["chance"]))


def _pounds(amount: float) -> str:
    return f"{amount:,.0f}"


def _for_money(found: Portfolio, a_pound: float) -> str:
    """Return what is gained for a pound, of an outcome for a thousand."""
    if math.isnan(a_pound):
        return UNDEFINED
    return f"{a_pound:,.2f}" if found.maximised == NPSV else f"{1000.0 * a_pound:,.3g}"


def _for_what(found: Portfolio) -> str:
    return "worth a pound" if found.maximised == NPSV else "worth a £1,000"


def _mixes(found: Portfolio, written: Style) -> Table:
    more = len(found.mixes) - _SHOWN
    title = "Mixes simulated" + (f", the best {_SHOWN} of {len(found.mixes)}" if more > 0 else "")
    table = titled(title, ("mix", "spend a year", "worth", "chance", "again"))
    for row in _rows(found.mixes.head(_SHOWN)):
        again = UNDEFINED if math.isnan(row["again"]) else written.difference(row["again"])
        name = visible(row["mix"]) + (" *" if row["indifferent"] else "")
        cells = (name, _pounds(row["spend"]), _worth(row, written), _chance(row), again)
        table.add_row(*(Text(cell) for cell in cells))
    table.caption = "* the pick, or not told apart from it"
    table.caption_justify = "left"
    return table


def _frontier(found: Portfolio, written: Style) -> Table:
    table = titled("By what may be spent", ("budget from", "best mix", "worth", _for_what(found)))
    for row in _rows(found.frontier):
        cells = (_pounds(row["budget"]), visible(row["mix"]), _worth(row, written))
        table.add_row(*(Text(cell) for cell in cells), _for_money(found, row["worth_a_pound"]))
    return table


def _shadow(found: Portfolio, written: Style) -> Table:
    heads = ("one more place", "places", "spend a year", "worth", "chance", _for_what(found))
    table = titled("One more place than the pick has", heads)
    for row in _rows(found.shadow):
        table.add_row(
            Text(visible(row["lever"])),
            f"{row['places']:g}",
            _pounds(row["spend"]),
            _worth(row, written),
            _chance(row),
            _for_money(found, row["worth_a_pound"]),
        )
    return table


def _searched(found: Portfolio) -> str:
    simulated = counted(len(found.mixes), "mix", "mixes")
    if found.found.everything:
        return f"All that the budget covers were simulated: {simulated} with the baseline."
    emulator = found.found.emulator
    assert emulator is not None
    proof = "proved" if found.found.proved else "not proved"
    return (
        f"{simulated} simulated with the baseline. Main effects and pairs foretell "
        f"{100 * emulator.explained:.0f}% of the variance of mixes left out; that none is "
        f"better by them is {proof}."
    )
