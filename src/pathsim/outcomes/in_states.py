"""Estimates over states of the world: doubt and chance told apart, as columns of the results.

Values are [R, K], the replications of a state of the world one after another.
"""

from __future__ import annotations

import numpy as np

from pathsim.engine.contract import Floats, Ints

from .doubt import estimate_draws, estimates_and_probability
from .statistics import Estimates, Levels, Paired, compare_pairs


def compare_states(baseline: Floats, option: Floats, *, better: Ints, draws: int) -> Paired:
    """Return the comparison of two [R, K] arrays, replication by replication in each state.

    better: [K] the sign of a better difference, 0 where no direction is better. draws: states.
    """
    values = (option - baseline + 0.0).reshape(draws, -1, len(better))
    level = np.fmax(np.abs(baseline), np.abs(option)).max(axis=0, initial=0.0)
    pairs = compare_pairs(baseline, option, better=better)
    found, probability = estimates_and_probability(values, better, level=np.nan_to_num(level))
    return pairs._replace(
        difference=Estimates(found.mean, found.se, found.low, found.high),
        same_in=found.same_in,
        probability_better=probability,
        sd_doubt=found.sd_doubt,
        sd_chance=found.sd_chance,
    )


def levels_in_states(values: Floats, *, draws: int) -> Levels:
    """Return the means of one scenario's [R, K] values with their doubt. draws: states."""
    found = estimate_draws(values.reshape(draws, -1, values.shape[1]))
    return Levels(
        Estimates(found.mean, found.se, found.low, found.high),
        found.same_in,
        found.sd_doubt,
        found.sd_chance,
    )
