"""The stock in custody: earlier sentences that still run when the first generation begins."""

from __future__ import annotations

import numpy as np

from .codes import PURPOSE_BUDGET, PURPOSE_FRAILTY, PURPOSE_START
from .jit import helper, inline_helper
from .model import Model
from .random import draw, person_state
from .regimes import regime_on
from .sampling import exponential, lognormal
from .sentences import immediate_length, is_surely_suspended, served
from .workspace import Workspace

_ZERO = np.uint64(0)
_ONE = np.uint64(1)
_TWO = np.uint64(2)
_NOBODY_YET = 0
"""A slot, before anybody is admitted."""


@inline_helper
def begins(m: Model) -> float:
    """Return the moment at which the first generation begins."""
    return float(-m.rules[0].generations_before * m.rules[0].intake)


@helper
def make_stock(m: Model, w: Workspace, state: np.uint64) -> None:
    """Make the first draws of who is inside when the first generation begins.

    The others of the stock never start.
    """
    number = m.people.shape[0] * m.generations.shape[0]
    for g in range(m.stock_windows.shape[0]):
        word = m.stock_windows[g].word
        earlier = m.stock_windows[g].windows * m.rules[0].intake
        for k in range(m.stock.shape[0]):
            p = int(m.stock[k].record)
            person = person_state(state, m.keys[p] ^ word)
            given = m.stock[k].start_day
            start = draw(person, PURPOSE_START, _ZERO) * m.rules[0].intake
            start = (start if np.isnan(given) else given) + earlier
            w.starts[number] = np.inf
            if _is_inside(m, w, p, person, start):
                w.starts[number] = start
                w.draws[number] = person
                sigma = m.rules[0].frailty_sigma
                w.frailty[number] = lognormal(sigma, draw(person, PURPOSE_FRAILTY, _ZERO))
                w.budgets[number] = exponential(draw(person, PURPOSE_BUDGET, _ONE))
                w.second_budgets[number] = exponential(draw(person, PURPOSE_BUDGET, _TWO))
            number += 1


@inline_helper
def _is_inside(m: Model, w: Workspace, p: int, draws: np.uint64, start: float) -> bool:
    """Return whether the sentence of `start` holds who is described by row `p`."""
    day = begins(m)
    given = m.people[p]
    # Nobody serves more than the sentence, which may be given and need no draw.
    if start >= day or start + given.sentence_days <= day:
        return False
    i = _NOBODY_YET
    r = regime_on(m, start)
    person = w.state[i]
    person.draws = draws
    person.record = p
    days = given.sentence_days
    if np.isnan(days):
        days = immediate_length(m, w, i, int(given.offence_group), 0, r)
    if start + days <= day or is_surely_suspended(m, w, i, days, 0, r):
        return False
    return start + served(m, w, i, days, _ZERO, r) > day
