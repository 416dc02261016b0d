"""The first draws of everybody, made before anybody is admitted.

Person after person, each waits for the one draw to end before the next begins; here LLVM
makes a loop of machine code that draws for as many people at a time as the processor has room
for. It does so only while the loop reads and writes plain arrays and calls nothing.
"""

from __future__ import annotations

import numpy as np

from pathsim.engine.contract import Purpose

from .jit import inlined
from .model import Model
from .random import draw, person_state
from .sampling import exponential, lognormal
from .workspace import Workspace

_START = np.uint64(Purpose.START)
_FRAILTY = np.uint64(Purpose.FRAILTY)
_BUDGET = np.uint64(Purpose.BUDGET)
_ZERO = np.uint64(0)
_ONE = np.uint64(1)


@inlined
def draw_firsts(model: Model, work: Workspace, state: np.uint64) -> None:
    """Draw everybody's start, frailty and first budget."""
    intake = model.rules[0].intake
    sigma = model.rules[0].frailty_sigma
    keys, start_day, counted = model.keys, model.start_day, model.counted
    starts, frailty, budgets = work.starts, work.frailty, work.budgets
    for p in range(keys.shape[0]):
        person = person_state(state, keys[p])
        drawn = draw(person, _START, _ZERO) * intake
        given = start_day[p]
        start = drawn if np.isnan(given) else given
        starts[p] = start - intake if counted[p] == 0 else start
        frailty[p] = lognormal(sigma, draw(person, _FRAILTY, _ZERO))
        budgets[p] = exponential(draw(person, _BUDGET, _ONE))
