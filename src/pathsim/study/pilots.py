"""Pilots: the rates of a baseline at other levels of its hazard, and in states of the world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from pathsim.elementary import exp
from pathsim.elementary.ordered import total
from pathsim.engine.contract import OutcomeColumn
from pathsim.engine.lowering import lower_again
from pathsim.engine.run import simulate
from pathsim.scenario.doubt import with_values
from pathsim.vocabulary import AGE_GROUPS

from .states import LEVELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pathsim.engine.contract import Floats
    from pathsim.engine.lowering import Lowered
    from pathsim.engine.stop import Stop
    from pathsim.scenario.lines import KeyPath
    from pathsim.scenario.model import Scenario

    from .states import States
    from .subject import Subject

REPLICATIONS: Final = 4
"""Of a pilot: it has the random numbers of the others, so what differs is the state."""
STEPS: Final = (-0.25, -0.15, -0.05, 0.05, 0.15, 0.25)
"""Of the levels, on the scale of logarithms, by which it is seen how the rates follow. Their line
also says where the centre lies: a single pilot of it would lend its own luck to every state."""


@dataclass(frozen=True, eq=False)
class Pilots:
    """What all pilots of a baseline are made from. It can be sent to another process."""

    baseline: Subject
    states: States
    """With the posterior at its centre, and no level solved."""


def pilot_rates(pilots: Pilots, numbers: Sequence[int], stop: Stop | None = None) -> Floats:
    """Return the rates of some pilots, [pilots, age groups].

    numbers: which of them: the steps come first, then the states of the world.
    """
    baseline = pilots.baseline
    return np.stack(
        [
            _rates(
                lower_again(baseline.lowered, _made(pilots, number), baseline.cohort),
                seed=pilots.states.seed,
                stop=stop,
            )
            for number in numbers
        ]
    )


def _made(pilots: Pilots, number: int) -> Scenario:
    scenario = pilots.baseline.scenario
    if number < len(STEPS):
        return _moved(scenario, STEPS[number])
    return pilots.states.drawn(scenario, number - len(STEPS))


def _moved(scenario: Scenario, step: float) -> Scenario:
    """Return the scenario with its levels moved by a step."""
    factor = float(exp(np.array([step]))[0])
    levels: dict[KeyPath, float] = {}
    for path in LEVELS:
        levels[path] = factor * getattr(scenario.hazard, path[1]).value
    return with_values(scenario, levels)


def _rates(lowered: Lowered, *, seed: int, stop: Stop | None) -> Floats:
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
