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
from pathsim.engine.contract import OutcomeColumn
from pathsim.engine.lowering import lower_again
from pathsim.engine.run import simulate
from pathsim.scenario.doubt import with_values
from pathsim.vocabulary import AGE_GROUPS

from .states import LEVELS, States
from .threads import do_all

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pathsim.engine.contract import Floats
    from pathsim.engine.lowering import Lowered
    from pathsim.engine.stop import Stop
    from pathsim.scenario.lines import KeyPath
    from pathsim.scenario.model import Scenario

    from .subject import Subject

REPLICATIONS: Final = 4
"""Of a pilot: it has the random numbers of the others, so what differs is the state."""
STEPS: Final = (-0.25, -0.15, -0.05, 0.05, 0.15, 0.25)
"""Of the levels, on the scale of logarithms, by which it is seen how the rates follow. Their line
also says where the centre lies: a single pilot of it would lend its own luck to every state."""
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
    scenario = baseline.scenario
    alone = without_a_fit(states)
    rates = np.empty((len(numbers), len(AGE_GROUPS)))

    def made(number: int) -> Scenario:
        if number < len(STEPS):
            return _moved(scenario, STEPS[number])
        return alone.drawn(scenario, number - len(STEPS))

    def pilot(place: int, stop: Stop) -> None:
        again = lower_again(baseline.lowered, made(numbers[place]), baseline.cohort)
        rates[place] = _rates(again, seed=states.seed, stop=stop)

    def tell(*_: object) -> None:
        if done is not None:
            done()

    do_all((partial(pilot, place) for place in range(len(numbers))), workers=workers, done=tell)
    return rates


def _moved(scenario: Scenario, step: float) -> Scenario:
    """Return the scenario with its levels moved by a step."""
    factor = float(exp(np.array([step]))[0])
    levels: dict[KeyPath, float] = {}
    for path in LEVELS:
        levels[path] = factor * getattr(scenario.hazard, path[1]).value
    return with_values(scenario, levels)


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


def _rates(lowered: Lowered, *, seed: int, stop: Stop) -> Floats:
    """Return the proven reoffending rate of each age group; nan of nobody."""
    people = [
        simulate(lowered, seed=seed, replication=each, stop=stop)[0].person
        for each in range(REPLICATIONS)
    ]
    rows = [lowered.groups.index(("age_group", age)) for age in AGE_GROUPS]
    person = total(np.stack(people)[:, rows].transpose(1, 2, 0))
    events = person[:, OutcomeColumn.INDEX_EVENTS]
    with np.errstate(invalid="ignore"):
        rates: Floats = person[:, OutcomeColumn.REOFFENDERS] / np.where(events, events, np.nan)
    return rates
