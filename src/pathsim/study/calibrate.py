"""The level of the hazard at which published reoffending rates come out.

Only the level is fitted, one number for adults and one for youths, by bracketing
the simulated rate on the same random numbers: the rate rises with the level, so
there is one answer, and it is found to within the width of the bracket.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import brentq

from pathsim.engine.contract import OutcomeColumn
from pathsim.engine.lowering import lower
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort
from pathsim.study.threads import alone

if TYPE_CHECKING:
    from pathsim.engine.stop import Stop
    from pathsim.scenario.model import Scenario

_BRACKET = (0.05, 20.0)
_RELATIVE_WIDTH = 1e-3


class Levels(NamedTuple):
    """Levels of `hazard.adult_level` and `hazard.youth_level`."""

    adult: float
    youth: float


def calibrate_levels(
    scenario: Scenario,
    *,
    adult_rate: float,
    youth_rate: float,
    replications: int = 40,
    seed: int = 1,
) -> Levels:
    """Return the levels at which the twelve-month proven rates are as given.

    adult_rate, youth_rate: proven reoffending rates, between 0 and 1. Raises ValueError
    when a rate lies outside what levels between 0.05 and 20 can bring about.
    """
    cohort = Cohort.from_scenario(scenario)

    def rate(group: str, key: str, level: float, stop: Stop) -> float:
        changed = scenario.change(f"{key} {level}", {f"hazard.{key}": level})
        return _rate(changed, cohort, group, replications=replications, seed=seed, stop=stop)

    def solve(group: str, key: str, target: float, stop: Stop) -> float:
        found = brentq(
            lambda log_level: rate(group, key, float(np.exp(log_level)), stop) - target,
            float(np.log(_BRACKET[0])),
            float(np.log(_BRACKET[1])),
            xtol=_RELATIVE_WIDTH,
        )
        return float(np.exp(found))

    return alone(
        lambda stop: Levels(
            adult=solve("adult", "adult_level", adult_rate, stop),
            youth=solve("youth", "youth_level", youth_rate, stop),
        )
    )


def _rate(  # noqa: PLR0913 keyword-only choices of one study
    scenario: Scenario, cohort: Cohort, group: str, *, replications: int, seed: int, stop: Stop
) -> float:
    lowered = lower(scenario, cohort)
    row = lowered.groups.index(("age_group", group))
    sums = np.zeros(2)
    for replication in range(replications):
        counts, _ = simulate(lowered, seed=seed, replication=replication, stop=stop)
        sums += counts.person[row, [OutcomeColumn.REOFFENDERS, OutcomeColumn.INDEX_EVENTS]]
    return float(sums[0] / sums[1])
