"""The fall of a person's own rate: steps whose integral is that of an exponential."""

from __future__ import annotations

import numpy as np
import pytest

import pathsim as ps
from closed import closed
from pathsim.engine.lowering import lower
from pathsim.engine.run import simulate
from pathsim.engine.time_profile import STEPS_YEARS, profile_of
from pathsim.people.cohort import Cohort
from pathsim.scenario.justice import Hazard

YEAR = 365.25
EXACT = 1e-12
BETWEEN = 0.004
"""How far, in years, the integral may be off inside a step of a quarter, for a fall of 0.22."""


def hazard(**fields):
    plain = {"score": "none", "adult_level": 0.01, "youth_level": 0.01}
    return Hazard.model_validate({"source": "textbook", "grade": "definition"} | plain | fields)


def integral(profile, days):
    place = np.searchsorted(profile.days, days, side="right") - 1
    return profile.integral[place] + profile.ratios[place] * (days - profile.days[place])


@pytest.mark.parametrize("decay", [0.05, 0.22, 2.0])
def test_at_every_step_the_integral_is_that_of_the_exponential(decay):
    profile = profile_of(hazard(), decay_per_year=decay)
    years = np.array(STEPS_YEARS)
    exact = (1.0 - np.exp(-decay * years)) / decay * YEAR
    assert np.allclose(integral(profile, years * YEAR), exact, rtol=EXACT, atol=EXACT)


def test_between_steps_it_is_near_enough():
    profile = profile_of(hazard(), decay_per_year=0.22)
    years = np.linspace(0.0, 1.0, 101)
    exact = (1.0 - np.exp(-0.22 * years)) / 0.22
    assert np.abs(integral(profile, years * YEAR) / YEAR - exact).max() < BETWEEN


def test_after_the_last_step_it_falls_no_more():
    profile = profile_of(hazard(), decay_per_year=0.5)
    assert profile.days[-1] == STEPS_YEARS[-1] * YEAR
    assert profile.ratios[-1] == pytest.approx(np.exp(-0.5 * STEPS_YEARS[-1]))


def test_without_it_the_shape_is_as_it_was():
    shape = {"from_days": [0, 90], "ratios": [2.0, 0.5], "source": "x", "grade": "definition"}
    profile = profile_of(hazard(shape=shape), decay_per_year=0.0)
    assert profile.days.tolist() == [0.0, 90.0]
    assert profile.ratios.tolist() == [2.0, 0.5]
    assert profile.integral.tolist() == [0.0, 180.0]


def test_shape_and_decay_multiply():
    shape = {"from_days": [0, 100], "ratios": [2.0, 0.5], "source": "x", "grade": "definition"}
    both = profile_of(hazard(shape=shape), decay_per_year=0.3)
    alone = profile_of(hazard(), decay_per_year=0.3)
    assert 100.0 in both.days.tolist()
    assert integral(both, 60.0) == pytest.approx(2.0 * integral(alone, 60.0), rel=1e-3)
    early, late = both.ratios[0], both.ratios[-1]
    assert early / late == pytest.approx(4.0 * alone.ratios[0] / alone.ratios[-1], rel=0.02)


def test_a_fall_takes_reoffences_away_and_both_engines_agree():
    plain = closed(ps.load("dorset/baseline"))
    few = {"cohort.adults": 300, "cohort.youths": 10, "places_for": 310}
    counts = {}
    for decay in (0.0, 0.8):
        made = plain.change(f"decay {decay}", {"hazard.decay_per_year": decay} | few)
        model = lower(made, Cohort.from_scenario(made))
        ours, theirs = (
            simulate(model, seed=1, replication=1, engine=engine)[0].person
            for engine in ("kernel", "reference")
        )
        assert np.array_equal(ours, theirs)
        counts[decay] = ours[0]
    assert counts[0.8].sum() != counts[0.0].sum()
