"""The kernel and the twin tell the same story, event by event, on generated scenarios."""

from __future__ import annotations

import numpy as np
import pytest

from generated import generated
from pathsim.engine.lowering import Lowered, lower
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort

SCENARIOS = 240
TIME_TOLERANCE_DAYS = 1e-9
"""Twins differ by rounding only: sums and products in another order."""
MONEY_TOLERANCE_GBP = 1e-6


def lowered(seed: int) -> Lowered:
    scenario = generated(seed)
    return lower(scenario, Cohort.from_scenario(scenario))


def by_person(log):
    """Return the log in the order within each person, so that rounding cannot reorder people."""
    order = np.lexsort((np.arange(len(log.time)), log.person))
    return log.person[order], log.event[order], log.detail[order], log.time[order]


def assert_same_story(model: Lowered, *, seed: int) -> int:
    ours, log = simulate(model, seed=seed, replication=seed, keep_log=True)
    theirs, twin_log = simulate(model, seed=seed, replication=seed, engine="twin", keep_log=True)
    person, event, detail, time = by_person(log)
    twin_person, twin_event, twin_detail, twin_time = by_person(twin_log)
    assert np.array_equal(person, twin_person)
    assert np.array_equal(event, twin_event)
    assert np.array_equal(detail, twin_detail)
    assert np.abs(time - twin_time).max(initial=0.0) <= TIME_TOLERANCE_DAYS
    for name in ("person", "load", "busy_days", "queue_days", "in_custody"):
        difference = np.abs(getattr(ours, name) - getattr(theirs, name)).max(initial=0.0)
        assert difference <= MONEY_TOLERANCE_GBP, name
    assert ours.events == theirs.events
    return len(time)


@pytest.mark.parametrize("seed", range(SCENARIOS))
def test_both_engines_tell_the_same_story(seed):
    assert_same_story(lowered(seed), seed=seed)
