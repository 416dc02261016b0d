"""The public purse's cost by what a day in custody costs, and by who fills a day that is saved.

Four books of one simulation: days in custody at the price at which they are booked, a marginal
one, and at the average price, each with no saved day filled by others and with all of them. The
days are already counted, so nothing is simulated again.
"""

from __future__ import annotations

from functools import partial
from itertools import product
from math import fsum
from typing import TYPE_CHECKING

import numpy as np

from pathsim.elementary.ordered import total
from pathsim.engine.contract import custody_to_fill
from pathsim.vocabulary import PAYERS, PUBLIC_PURSE

from .names import CUSTODY_BOOK_OUTCOMES
from .values import EVERYBODY, Block, cost

if TYPE_CHECKING:
    from pathsim.engine.contract import Floats
    from pathsim.study.runs import ScenarioRuns

_PUBLIC = [PAYERS.index(name) for name in PUBLIC_PURSE]


def custody_books(baseline: ScenarioRuns, option: ScenarioRuns) -> tuple[list[Block], list[Block]]:
    """Return what a comparison says of both sides, of everybody.

    Nothing where custody has no price, nor where its price changes on a day: then days at one
    and at the other are not told apart. The average price is left out where a side has none.
    """
    sides = (baseline, option)
    if not (
        all(map(_has_one_price, sides)) and any(_day(runs, average=False).any() for runs in sides)
    ):
        return [], []
    books = [
        (name, average, refill)
        for name, (average, refill) in zip(
            CUSTODY_BOOK_OUTCOMES, product((False, True), (0, 1)), strict=True
        )
        if not (average and any(np.isnan(_day(runs, average=True)).any() for runs in sides))
    ]
    return (
        [
            Block(name, (EVERYBODY,), partial(_priced, baseline, average=average))
            for name, average, _ in books
        ],
        [
            Block(
                name,
                (EVERYBODY,),
                partial(_refilled, option, baseline, average=average, refill=refill),
            )
            for name, average, refill in books
        ],
    )


def _has_one_price(runs: ScenarioRuns) -> bool:
    return all(
        np.array_equal(prices, np.broadcast_to(prices[:, :1], prices.shape), equal_nan=True)
        for prices in (runs.custody_day, runs.custody_average_day)
    )


def _day(runs: ScenarioRuns, *, average: bool) -> Floats:
    """Return what a day in custody costs the public purse, [R, 1]."""
    prices = runs.custody_average_day if average else runs.custody_day
    return total(prices[:, 0, _PUBLIC])[:, None]


def _days(runs: ScenarioRuns) -> Floats:
    """Return everybody's days in custody, [R, 1], at their present value as their cost is."""
    days: Floats = custody_to_fill(runs.person[:, :1])[..., 0]
    return days


def _priced(runs: ScenarioRuns, *, average: bool) -> Floats:
    """Return [R, 1] of the public purse's cost, none filled by others."""
    booked = cost(runs, "cost_public")[:, :1]
    if not average:
        return booked
    return booked + (_day(runs, average=True) - _day(runs, average=False)) * _days(runs)


def _refilled(
    option: ScenarioRuns, baseline: ScenarioRuns, *, average: bool, refill: int
) -> Floats:
    """Return [R, 1] likewise of an option, with that share of saved days filled by others.

    If on the mean none are saved, none are filled.
    """
    found = _priced(option, average=average)
    saved = _days(baseline) - _days(option)
    if fsum(saved.ravel()) <= 0.0:
        return found
    return found + refill * _day(option, average=average) * saved
