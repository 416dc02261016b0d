"""Levels solved anew in each state of the world, so that it still tells the published rates.

A service that is running has part in the rates that were published. A state in which it works
better, at the same level of the hazard, would have a lower rate than was seen. So in each state the
levels are moved by what the drawn quantities move the rate, and the rate is as that state's row
of the posterior sample has it. Levels that were not calibrated stay as they are.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from pathsim.elementary import exp, ln
from pathsim.elementary.ordered import total
from pathsim.vocabulary import AGE_GROUPS

from .fetch import rates_of
from .pilots import STEPS, Pilots
from .states import LEVELS, States
from .threads import do_all
from .where import where

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pathsim.engine.contract import Floats
    from pathsim.engine.stop import Stop
    from pathsim.scenario.model import Scenario

    from .subject import Subject

_TOGETHER: Final = 8
"""Pilots that are sent elsewhere, or kept, together: about a second."""
_FURTHEST: Final = 1.0
"""Logarithm of a factor, up or down, beyond which no state goes."""


def resolved(
    states: States,
    baseline: Subject,
    *,
    workers: int,
    done: Callable[[], None] | None = None,
) -> States:
    """Return the states with the factors of the levels at which a baseline tells its rates.

    done: called after each pilot. In that of a state the quantities are drawn and the
    posterior is at its centre; the factor undoes what that moves of the rate, by one step along
    the line that the rates at other levels make.
    """
    if not is_solved(baseline.scenario):
        return states
    numbers = range(len(STEPS) + states.draws)
    rates = pilots(states, baseline, numbers, workers=workers, done=done)
    return replace(states, factors=factors_of(rates), _known={})


def is_solved(scenario: Scenario) -> bool:
    """Return whether any level of a scenario is solved anew in each state."""
    return any(getattr(scenario.hazard, key).grade == "calibrated" for _, key in LEVELS)


def without_a_fit(states: States) -> States:
    """Return the states with the posterior at its centre, and no level solved."""
    if states.posterior is None and states.factors is None:
        return states
    return replace(states, posterior=None, factors=None, _known={})


def pilots(
    states: States,
    baseline: Subject,
    numbers: Sequence[int],
    *,
    workers: int,
    done: Callable[[], None] | None = None,
) -> Floats:
    """Return the rates of some pilots, [pilots, age groups].

    numbers: which of them: the steps come first, then the states of the world. done: called after
    each in this thread; what it raises ends the rest.
    """
    here = where()
    shared = Pilots(baseline, without_a_fit(states))
    rates = np.empty((len(numbers), len(AGE_GROUPS)))
    at_once = 1 if here.is_plain else _TOGETHER

    def some(first: int, stop: Stop) -> tuple[int, Floats]:
        return first, rates_of(here, shared, numbers[first : first + at_once], stop)

    def tell(_number: int, what: tuple[int, Floats]) -> None:
        first, found = what
        rates[first : first + len(found)] = found
        if done is not None:
            for _ in found:
                done()

    jobs = (partial(some, first) for first in range(0, len(numbers), at_once))
    do_all(jobs, workers=here.at_once(workers), done=tell)
    return rates


def factors_of(rates: Floats) -> Floats:
    """Return the factors, [draws, age groups], from rates: at the steps, then of the draws."""
    steps = np.array(STEPS)
    with np.errstate(divide="ignore", invalid="ignore"):
        met = ln(-ln(1.0 - rates))
        line = met[: len(steps)]
        centre = total(line.T) / len(steps)
        slope = total((line * steps[:, None]).T) / total(steps * steps)
        moved = (met[len(steps) :] - centre) / slope
    moved = np.where(np.isfinite(moved) & (slope > 0.0), moved, 0.0)
    factors: Floats = exp(-np.clip(moved, -_FURTHEST, _FURTHEST))
    return factors
