"""Regimes: what is in force from one day to the next."""

from __future__ import annotations

import numpy as np

from .jit import helper, inline_helper
from .model import IN_RECORD, Model


@inline_helper
def regime_on(m: Model, day: float) -> int:
    """Return the number of the regime in force on a day: how many changes there have been."""
    return 0 if day < m.rules[0].until else _later_regime_on(m, day)


@helper
def _later_regime_on(m: Model, day: float) -> int:
    r = 1
    while r + 1 < m.rules.shape[0] and day >= m.rules[r + 1].since:
        r += 1
    return r


@inline_helper
def change_day(m: Model, r: int) -> float:
    """Return the first day of regime `r`, or infinity where there is none."""
    return m.rules[r].since if r < m.rules.shape[0] else np.inf


@inline_helper
def eligible(m: Model, record: int, r: int) -> np.uint64:
    """Return the services that take a person under regime `r`, one bit each."""
    if r < IN_RECORD:
        return m.people[record].eligible[r]
    return m.eligible_later[r - IN_RECORD, record]
