"""The first draws of everybody, made before anybody is admitted.

Person after person, each waits for the one draw to end before the next begins; here LLVM
makes a loop of machine code that draws for as many people at a time as the processor has room
for. It does so only while the loop calls nothing, and knows that the arrays do not overlap.
"""

from __future__ import annotations

import numpy as np

from .codes import PURPOSE_BUDGET, PURPOSE_FRAILTY, PURPOSE_START
from .elementary import exp
from .jit import inline_helper
from .model import Model
from .random import draw, person_state
from .sampling import central_quantile, exponential, is_central, tail_quantile
from .workspace import Workspace

_ZERO = np.uint64(0)
_ONE = np.uint64(1)
_TWO = np.uint64(2)


@inline_helper
def make_initial_draws(m: Model, w: Workspace, state: np.uint64) -> None:
    """Draw everybody's start, frailty and first two budgets; keep the state of their draws."""
    n = m.keys.shape[0]
    for g in range(m.generations.shape[0]):
        _draw_for(m, w, state, g, n)
    _make_frailties(w, n * m.generations.shape[0], m.rules[0].frailty_sigma)


@inline_helper
def _draw_for(m: Model, w: Workspace, state: np.uint64, g: int, n: int) -> None:
    """Make the first draws of one generation, but for the form of the frailty."""
    intake = m.rules[0].intake
    word = m.generations[g].word
    later = m.generations[g].windows * intake
    first = n * g
    for p in range(n):
        person = person_state(state, m.keys[p] ^ word)
        w.draws[first + p] = person
        drawn = draw(person, PURPOSE_START, _ZERO) * intake
        given = m.start_day[p]
        w.starts[first + p] = (drawn if np.isnan(given) else given) + later
        w.budgets[first + p] = exponential(draw(person, PURPOSE_BUDGET, _ONE))
        w.second_budgets[first + p] = exponential(draw(person, PURPOSE_BUDGET, _TWO))
        w.frailty[first + p] = draw(person, PURPOSE_FRAILTY, _ZERO)


@inline_helper
def _make_frailties(w: Workspace, n: int, sigma: float) -> None:
    """Make frailties of uniform numbers: the 15% in the tails apart, as they take twice as long.

    Until the order of the people is known, its place lists the tails.
    """
    tails = w.order
    count = 0
    for p in range(n):
        tails[count] = p
        count += 0 if is_central(w.frailty[p]) else 1
    for k in range(count):
        w.tails[k] = exp(sigma * tail_quantile(w.frailty[tails[k]]))
    for p in range(n):
        w.frailty[p] = exp(sigma * central_quantile(w.frailty[p]))
    for k in range(count):
        w.frailty[tails[k]] = w.tails[k]
