"""The Dorset baseline meets the published rates, and the fit that set its level finds it again."""

from __future__ import annotations

from pathlib import Path

import pytest

import pathsim as ps
from closed import closed
from pathsim.study.calibrate import calibrate_levels

BASELINE = Path(__file__).parent.parent / "scenarios" / "dorset" / "baseline.toml"
ADULT_RATE, YOUTH_RATE = 0.221, 0.330
"""Dorset Police and Crime Panel, 1 February 2024, Rehabilitation of offenders, paragraph 1.3."""
MONTE_CARLO = 4.0
"""Standard errors of the mean over replications."""
ROUNDING = 0.002
"""The levels are kept to two figures: a step of 0.005 moves the rate by less than this."""


@pytest.fixture(scope="module")
def run() -> ps.Run:
    return ps.run(ps.load(BASELINE), draws=0, replications=60, seed=123)


@pytest.mark.parametrize(("group", "rate"), [("adult", ADULT_RATE), ("youth", YOUTH_RATE)])
def test_dorset_reoffends_at_the_published_rate(run, group, rate):
    table = run.table(group=f"age_group={group}").set_index("outcome")
    found = table.loc["proven_reoffending_rate"]
    assert abs(found["mean"] - rate) < MONTE_CARLO * found["se"] + ROUNDING


def test_the_fit_finds_the_level_that_made_the_rate():
    levels = {"hazard.adult_level": 0.8, "hazard.youth_level": 1.3}
    fewer = {"cohort.adults": 1000, "cohort.youths": 500, "places_for": 1500}
    made = closed(ps.load(BASELINE), **levels, **fewer)
    table = ps.run(made, draws=0, replications=10, seed=5).table()
    rates = table[table["outcome"] == "proven_reoffending_rate"].set_index("group")["mean"]
    found = calibrate_levels(
        made,
        adult_rate=rates["age_group=adult"],
        youth_rate=rates["age_group=youth"],
        replications=10,
        seed=5,
    )
    # The same random numbers, so the answer is the level itself, to the width of the bracket.
    assert found == pytest.approx((0.8, 1.3), rel=5e-3)
