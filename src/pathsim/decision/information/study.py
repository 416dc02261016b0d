"""What a study is worth beyond its cost, and its best size.

    value of a study = EVSI x (years' worth of the decision it can still turn) - cost

EVSI is for the people and the year that net benefit counts. The decision may concern more people a
year and last for years; only what is left of these when the study reports can gain from it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import pandas as pd

from pathsim.arguments import plain_number, whole
from pathsim.decision.figures import MOST_YEARS, Schedule
from pathsim.decision.green_book import discount_factors
from pathsim.errors import InputError, Problem

_TRIED: Final = 60
"""Sizes tried first, each larger than the one before by the same factor."""


class Cost(NamedTuple):
    """What a study costs: at the start, and for each person in it."""

    fixed: float
    per_person: float

    def of(self, size: float) -> float:
        """Return the cost of a study of so many people; no study costs nothing."""
        return self.fixed + self.per_person * size if size > 0 else 0.0


class Best(NamedTuple):
    """The size of a study at which its value exceeds its cost by most."""

    size: int
    """0: no study is worth its cost."""
    net_benefit: float


def reach(
    *, people: float = 1.0, years: int = 1, waits: int = 0, schedule: str | Schedule = "standard"
) -> float:
    """Return by what the value of a year's decision is multiplied for all that a study can turn.

    people: a year, as a multiple of those whose net benefit is counted. years: that the decision
    lasts. waits: years until the study reports, which are lost to it. schedule: of discount rates,
    by the Green Book (`green_book.discount_factors`). Raises InputError.
    """
    many = plain_number(people)
    if many is None or not 0.0 < many < math.inf:
        allowed = "a number above 0"
        raise InputError(Problem("is out of range", key="people", found=people, allowed=allowed))
    lasts = whole(years, key="years", least=1, most=MOST_YEARS)
    lost = whole(waits, key="waits", least=0, most=lasts)
    return many * float(discount_factors(lasts, schedule=schedule)[lost:].sum())


def study_net_benefit(
    values: Sequence[float], *, sizes: Sequence[float], cost: Cost, scale: float
) -> pd.DataFrame:
    """Return what studies are worth beyond their cost: a row a size.

    values: EVSI of each of the sizes, in money. scale: what it is multiplied by (`reach`).
    Columns: `size`, `worth`, `cost`, `net_benefit`.
    """
    worth = [value * scale for value in values]
    spent = [cost.of(size) for size in sizes]
    beyond = [gained - paid for gained, paid in zip(worth, spent, strict=True)]
    columns = {"size": list(sizes), "worth": worth, "cost": spent, "net_benefit": beyond}
    return pd.DataFrame(columns)


def best_size(evsi: Callable[[float], float], *, cost: Cost, scale: float, most: int) -> Best:
    """Return the best size of a study, from 1 to `most` people, or none.

    evsi: of a size, in money, such as `sample_value` of what is prepared. A value may start slow,
    grow fast and then level off, and so have a top where its cost is not covered yet; sizes over
    the whole range are tried before the best of them is refined. Raises InputError.
    """
    most = whole(most, key="most", least=1, most=10**9)

    def beyond(size: int) -> float:
        return evsi(float(size)) * scale - cost.of(size)

    tried = sorted({round(most ** (k / (_TRIED - 1))) for k in range(_TRIED)})
    place = max(range(len(tried)), key=lambda k: beyond(tried[k]))
    low, high = tried[max(place - 1, 0)], tried[min(place + 1, len(tried) - 1)]
    size = _top(beyond, low, high)
    found = Best(size, beyond(size))
    return found if found.net_benefit > 0.0 else Best(0, 0.0)


def _top(beyond: Callable[[int], float], low: int, high: int) -> int:
    """Return the whole number between two at which a function with one top is largest."""
    while high - low > 2:
        third = (high - low) // 3
        left, right = low + third, high - third
        low, high = (left, high) if beyond(left) < beyond(right) else (low, right)
    return max(range(low, high + 1), key=beyond)
