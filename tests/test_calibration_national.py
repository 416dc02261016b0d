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
def test_the_two_systems_are_equal_but_for_what_is_calibrated(section):
    ours, theirs = (
        getattr(load(file), section).model_dump(exclude={"further_offences_ratio"})
        for file in (NATIONAL, DORSET)
    )
    assert ours == theirs


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
    scenario = load(NATIONAL)
    for key, parts in posterior.centre(source="x").items():
        section, _, name = key.partition(".")
        inside = name.removeprefix("multipliers.")
        hazard = getattr(scenario, section)
        found = getattr(hazard, name) if inside == name else hazard.multipliers[inside]
        assert (found.value, found.low, found.high) == (parts["value"], parts["low"], parts["high"])
        assert found.grade == "calibrated"


MET = (
    *("adult", "youth", "male", "female"),
    *("custody_under_12m", "custody_12m_or_more", "order_or_custody"),
    *("disposal_fine", "disposal_discharge", "disposal_community_order"),
    *("disposal_suspended_sentence", "disposal_other"),
    *("age_18_20", "age_21_24", "age_25_29", "age_30_34"),
    *("age_35_39", "age_40_44", "age_45_49", "age_50_plus"),
    *("theft", "offence_violence", "offence_sexual", "offence_criminal_damage", "offence_drugs"),
    *("offence_weapons", "offence_public_order", "offence_summary_motoring"),
)


def test_all_fitted_rates_are_looked_at():
    assert {*MET} == {target.id for target in fitted_rates()}


@pytest.mark.parametrize("name", MET)
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
    """Return the rates at the posterior's centre, and at draws of it, each with its own luck."""
    scenario, targets = load(NATIONAL), fitted_rates()
    posterior = read_posterior(NATIONAL.with_name("posterior.csv"))
    cohort = Cohort.from_scenario(scenario)
    centre = observe(scenario, cohort, targets, seed=77, replications=range(20))
    spread = [
        observe(each, cohort, targets, seed=77, replications=(2 * k, 2 * k + 1)).mean(axis=0)
        for k, each in enumerate(draws(scenario, posterior, 20, seed=3))
    ]
    return centre, np.array(spread)
