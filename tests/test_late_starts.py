"""People who start after the intake window, with a horizon: others compete with them as long."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pathsim.engine.contract import Event, ServiceCount
from pathsim.engine.lowering import lower
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort
from textbook import YEAR, case, service

ENGINES = ("kernel", "reference")
LATE = 1000.0
"""Start of the counted; of the generation before, a year earlier."""


def run(engine: Any, **tag: Any):
    """Return counts and log where all want one place for 400 days, with a memory of a year."""
    scenario = case(
        {"start_day": LATE},
        follow_up={"generations_before": 1, "memory_days": YEAR},
        services={"tag": service(days=400, capacity=1, **tag)},
    )
    model = lower(scenario, Cohort.from_scenario(scenario))
    counts, log = simulate(model, seed=1, replication=0, engine=engine, keep_log=True)
    assert log is not None
    return counts, log


@pytest.mark.parametrize("engine", ENGINES)
def test_a_late_start_waits_for_a_place_that_others_hold(engine):
    counts, log = run(engine)
    starts = log.event == Event.SERVICE_START
    assert log.time[starts].tolist() == [LATE - YEAR, LATE - YEAR + 400]
    assert log.person[starts].tolist() == [1, 0]
    assert counts.load[0, 0, ServiceCount.WAIT_DAYS] == 400 - YEAR
    ends = log.time[(log.event == Event.END) & (log.person == 1)]
    assert ends.tolist() == [LATE - YEAR + 400], "what was caused goes on to its end"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_late_start_is_turned_away_by_others(engine):
    counts, _ = run(engine, max_queue=0)
    assert counts.load[0, 0, ServiceCount.TURNED_AWAY] == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_others_end_a_horizon_after_the_last_counted_start(engine):
    """Those who begin later than the last counted, with 400 days to go, are cut short."""
    scenario = case(
        *({"start_day": day} for day in (10.0, LATE)),
        follow_up={"generations_before": 0, "generations_after": 2, "memory_days": YEAR},
        services={"tag": service(days=400, capacity=9)},
    )
    model = lower(scenario, Cohort.from_scenario(scenario))
    _, log = simulate(model, seed=1, replication=0, engine=engine, keep_log=True)
    assert log is not None
    ends = np.full(6, np.nan)
    ended = log.event == Event.END
    ends[log.person[ended]] = log.time[ended]
    closing = LATE + YEAR
    assert ends[[0, 1, 2, 4]].tolist() == [410.0, LATE + 400, 10 + YEAR + 400, 10 + 2 * YEAR + 400]
    assert np.isnan(ends[[3, 5]]).all(), "who would start on or after the closing day does not"
    assert log.time[log.person > 1].max() < closing
