"""One replication is the same whatever memory it is given."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from generated import generated
from pathsim.engine import run
from pathsim.engine.kernels.engine import replicate
from pathsim.engine.kernels.workspace import Sizes
from pathsim.engine.lowering import lower
from pathsim.people.cohort import Cohort
from pathsim.study.one_by_one import told_apart

SEEDS = (8, 17, 40)
"""Scenarios busy enough for every list to be too short."""


def outcome(seed):
    scenario = generated(seed)
    lowered = lower(scenario, Cohort.from_scenario(scenario))
    return run.simulate(lowered, seed=seed, replication=0, keep_log=True)


def assert_same(one, other):
    for ours, theirs in zip((*one[0], *one[1]), (*other[0], *other[1]), strict=True):
        assert np.array_equal(ours, theirs)


@pytest.mark.parametrize("seed", SEEDS)
def test_lists_that_are_too_short_grow_and_change_nothing(monkeypatch, seed):
    """Every list starts with one row; the run ends with a status until all of them fit."""
    expected = outcome(seed)
    grown = []
    monkeypatch.setattr(run, "_room", lambda people, keep_log: Sizes(1, 1, 1, 1))
    monkeypatch.setattr(
        run,
        "_grown",
        lambda sizes, status, grow=run._grown: grown.append(status) or grow(sizes, status),
    )
    monkeypatch.setattr(run, "_mine", type(run._mine)())
    assert_same(outcome(seed), expected)
    assert set(grown) == {1, 2, 3, 4}


def test_memory_used_before_leaves_no_trace():
    first = [outcome(seed) for seed in SEEDS]
    again = [outcome(seed) for seed in reversed(SEEDS)]
    for one, other in zip(first, reversed(again), strict=True):
        assert_same(one, other)


def test_no_scenario_compiles_the_engine_anew():
    """Other people, services, pools, regimes, a log, groups of one: all by one signature."""
    for seed in (*SEEDS, 3, 5):
        outcome(seed)
    frame = Cohort.from_scenario(generated(1)).frame
    frame["start_day"] = 1.5
    own = Cohort.from_frame(frame.iloc[::2])
    run.simulate(lower(generated(1), own), seed=1, replication=0)
    many = pd.concat([frame] * 10, ignore_index=True)
    many["id"] = np.arange(len(many)).astype(str)
    everybody = told_apart(lower(generated(1), Cohort.from_frame(many)))
    assert len(everybody.groups) > 2 * np.iinfo(np.int8).max
    run.simulate(everybody, seed=1, replication=0)
    assert len(replicate.signatures) == 1
