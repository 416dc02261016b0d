"""The Dorset baseline as a test changes it, its replications and what they differ by."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from closed import closed
from pathsim.engine.contract import Counts, Log
from pathsim.engine.lowering import Lowered, lower
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario
from replicated import replicated

DORSET = Path(__file__).parents[1] / "scenarios" / "dorset"
SEED = 11
Raw = dict[str, Any]


@cache
def baseline() -> Scenario:
    """Return Dorset closed: how long a story goes on past a horizon depends on services alone."""
    return closed(load(DORSET / "baseline.toml"))


@cache
def cohort() -> Cohort:
    return Cohort.from_scenario(baseline())


def changed(change: Callable[[Raw], object]) -> Lowered:
    """Return Dorset as `change` leaves its plain data."""
    raw = baseline().model_dump()
    change(raw)
    return lower(Scenario.model_validate(raw), cohort())


def number(value: float) -> Raw:
    return {"value": value, "source": "made for a test", "grade": "definition"}


def replication(lowered: Lowered, k: int) -> tuple[Counts, Log]:
    counts, log = simulate(lowered, seed=SEED, replication=k, keep_log=True)
    assert log is not None
    return counts, log


def people_sums(lowered: Lowered, replications: int) -> np.ndarray:
    """Return everybody's outcome columns, [replications, columns]."""
    return np.array(replicated(lowered, replications, lambda c: c.person[0], seed=SEED))


def paired(option: np.ndarray, reference: np.ndarray) -> tuple[float, float]:
    """Return the mean difference and its standard error, over replications."""
    difference = option - reference
    return float(difference.mean()), float(difference.std(ddof=1) / math.sqrt(len(difference)))
