"""The national scenario shares the Dorset baseline's system, and nothing in it is out of step."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from docs.tables import SHARED

from pathsim.people.cohort import Cohort
from pathsim.scenario.load import load
from pathsim.study.calibration import draws, read_posterior, read_targets
from pathsim.study.calibration.measure import observe

FOLDER = Path(__file__).parents[1] / "scenarios"
DORSET, NATIONAL = (FOLDER / name / "baseline.toml" for name in ("dorset", "england-and-wales"))
POINT = 0.01
MONTE_CARLO = 2.0
"""Standard errors: of the mean over replications, or over draws of the posterior."""


@pytest.mark.parametrize("section", SHARED)
def test_the_two_systems_are_equal(section):
    assert getattr(load(NATIONAL), section) == getattr(load(DORSET), section)


def test_the_national_scenario_has_no_local_services():
    assert not load(NATIONAL).services


def test_the_national_cohort_is_one_in_28():
    cohort = load(NATIONAL).cohort
    assert cohort.adults.value + cohort.youths.value == pytest.approx(
        (334_307 + 15_700) / 28, rel=0.01
    )


def test_the_values_in_the_scenario_are_the_centre_of_the_posterior():
    posterior = read_posterior(NATIONAL.with_name("posterior.csv"))
    assert len(posterior) == 200
    hazard = load(NATIONAL).hazard
    for key, parts in posterior.centre(source="x").items():
        name = key.removeprefix("hazard.")
        inside = name.removeprefix("multipliers.")
        found = getattr(hazard, name) if inside == name else hazard.multipliers[inside]
        assert (found.value, found.low, found.high) == (parts["value"], parts["low"], parts["high"])
        assert found.grade == "calibrated"


SHORT_CUSTODY = pytest.param(
    "custody_under_12m",
    marks=pytest.mark.xfail(
        strict=True,
        reason="1.5 points low at the centre: the multiplier of short sentences stays with those "
        "who come in by one (docs/calibration.md)",
    ),
)
FITTED_RATES = ("adult", "youth", "male", "female", SHORT_CUSTODY, "order_or_custody", "theft")


def test_all_fitted_rates_are_looked_at():
    names = [each if isinstance(each, str) else each.values[0] for each in FITTED_RATES]
    assert names == [target.id for target in fitted_rates()]


@pytest.mark.parametrize("name", FITTED_RATES)
def test_the_calibrated_country_meets_each_fitted_rate_within_a_point(name):
    number = [target.id for target in fitted_rates()].index(name)
    published = fitted_rates()[number].published
    for figures in found_rates():
        noise = figures[:, number].std(ddof=1) / np.sqrt(len(figures))
        assert abs(figures[:, number].mean() - published) < POINT + MONTE_CARLO * noise


def fitted_rates():
    fitted = read_targets("england-and-wales").fitted
    return [target for target in fitted if target.measure == "rate"]


@cache
def found_rates():
    """Return the rates at the posterior's centre, and at draws of it."""
    scenario, targets = load(NATIONAL), fitted_rates()
    posterior = read_posterior(NATIONAL.with_name("posterior.csv"))
    cohort = Cohort.from_scenario(scenario)
    centre = observe(scenario, cohort, targets, seed=77, replications=range(20))
    spread = [
        observe(each, cohort, targets, seed=77, replications=range(2)).mean(axis=0)
        for each in draws(scenario, posterior, 20, seed=3)
    ]
    return centre, np.array(spread)
