"""The kernel without the study around it: one thread's replications of a lowered scenario."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

import numpy as np

import pathsim as ps
from pathsim.engine.lowering import Lowered, lower
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort

Make = Callable[[], ps.Scenario]


@cache
def lowered(make: Make) -> Lowered:
    """Return a model ready for the kernel, once a process."""
    scenario = make()
    ready = lower(scenario, Cohort.from_scenario(scenario))
    assert len(ready.model.people) == len(ready.people.key)  # packed now, and not when timed
    return ready


def replicate(low: Lowered, *, replications: int, seed: int) -> float:
    """Run the kernel; return the mean number of events a replication."""
    runs = [simulate(low, seed=seed, replication=r)[0].events for r in range(replications)]
    return float(np.mean(runs))


def prepare(make: Make, *, replications: int, seed: int) -> Callable[[], float]:
    """Return a round of replications, which gives the mean number of events."""
    return partial(replicate, lowered(make), replications=replications, seed=seed)


def people(make: Make) -> int:
    """Return how many are followed, those of the warm-up included."""
    return lowered(make).members
