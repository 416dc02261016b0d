"""Moves between homes of people who came out of custody last have rates of their own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tomli_w

import pathsim as ps
from pathsim.engine.contract import Event, Home
from pathsim.engine.lowering import lower
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort

ENGINES = ("kernel", "reference")
PEOPLE = 400
MONTE_CARLO = 4.0
RATE = 0.004


def homeless(tmp_path: Any, *, engine: Any, rates: dict[str, float], **after: float) -> np.ndarray:
    """Return who became homeless: first those fined, then those released after ten days."""
    rows = [
        {"people": PEOPLE, "disposal": "fine", "start_day": 0},
        {"people": PEOPLE, "disposal": "custody", "sentence_days": 20, "start_day": 0},
    ]
    said = {
        "title": "After release",
        "source": "textbook",
        "grade": "definition",
        "cohort": {"kind": "rows", "rows": rows},
        "follow_up": {"days": 365, "waiting_days": 0, "intake_days": 0, "generations_before": 0},
        "hazard": {"score": "none", "adult_level": 0.0, "youth_level": 0.0},
        "sentencing": {"disposals": {"fine": 1.0}, "custody_days": 20},
        "custody": {"release_point": {"le6m": 0.5}},
        "accommodation": {**rates, "after_release": after},
    }
    file = tmp_path / "after.toml"
    file.write_text(tomli_w.dumps(said), encoding="utf-8")
    scenario = ps.load(file)
    model = lower(scenario, Cohort.from_scenario(scenario))
    _, log = simulate(model, seed=1, replication=1, engine=engine, keep_log=True)
    assert log is not None
    moved = log.person[(log.event == Event.ACCOMMODATION) & (log.detail == Home.HOMELESS)]
    return np.bincount(moved, minlength=2 * PEOPLE) > 0


@pytest.mark.parametrize("engine", ENGINES)
def test_a_rate_after_release_is_of_those_released_alone(tmp_path, engine):
    found = homeless(tmp_path, engine=engine, rates={}, settled_to_homeless_per_day=RATE)
    assert not found[:PEOPLE].any()
    share = 1.0 - np.exp(-RATE * 365)
    error = np.sqrt(share * (1.0 - share) / PEOPLE)
    assert abs(found[PEOPLE:].mean() - share) < MONTE_CARLO * error


@pytest.mark.parametrize("engine", ENGINES)
def test_a_rate_that_is_left_out_is_that_of_everybody(tmp_path, engine):
    rates = {"settled_to_homeless_per_day": RATE}
    alike = homeless(tmp_path, engine=engine, rates=rates)
    assert alike[:PEOPLE].any()
    assert alike[PEOPLE:].any()
    none = homeless(tmp_path, engine=engine, rates=rates, settled_to_homeless_per_day=0.0)
    assert np.array_equal(none[:PEOPLE], alike[:PEOPLE])
    assert not none[PEOPLE:].any()
