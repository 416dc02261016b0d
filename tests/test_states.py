"""States of the world: addressed draws, the same for all scenarios of a study."""

from __future__ import annotations

import gc

import numpy as np
import pytest

import pathsim as ps
from pathsim.study.pilots import STEPS
from pathsim.study.resolve import factors_of
from pathsim.study.states import LEVELS, States, sample_beside

EXACT = 1e-12
TAG = ("services", "gps_tag", "hazard_ratio")
GUESS = {"source": "made for a test", "grade": "assumed"}


@pytest.fixture(scope="module")
def dorset():
    return ps.load("dorset/baseline")


@pytest.fixture(scope="module")
def sample(dorset):
    return sample_beside(dorset)


def test_a_state_is_the_same_whatever_their_number(dorset, sample):
    few, many = (States(draws=n, seed=1, posterior=sample).values(dorset) for n in (5, 70))
    assert few.keys() == many.keys()
    for path, values in few.items():
        assert np.array_equal(values, many[path][:5]), path


def test_an_option_that_brings_another_quantity_moves_no_other_draw(dorset, sample):
    states = States(draws=8, seed=1, posterior=sample)
    doubtful = {"value": 1.2, "low": 0.9, "high": 1.6, **GUESS}
    option = dorset.change("Doubtful", {"services.unpaid_work.after_ratio": doubtful})
    ours, theirs = states.values(dorset), states.values(option)
    assert set(theirs) - set(ours) == {("services", "unpaid_work", "after_ratio")}
    for path, values in ours.items():
        assert np.array_equal(values, theirs[path]), path


def test_an_options_own_interval_has_the_quantile_of_the_baselines(dorset):
    states = States(draws=8, seed=1)
    other = {"value": 0.5, "low": 0.3, "high": 0.8, **GUESS}
    option = dorset.change("Other", {"services.mhtr.hazard_ratio": other})
    path = ("services", "mhtr", "hazard_ratio")
    theirs = states.values(option)[path]
    upper = states.normal("services.mhtr.hazard_ratio") > 0.0
    assert (theirs[upper] > 0.5).all()
    assert (theirs[~upper] <= 0.5).all()


def test_scenarios_that_come_and_go_have_each_their_own_values():
    states, town = States(draws=2, seed=1), ps.example()
    path = ("services", "mentor", "hazard_ratio")
    for number in range(60):
        changed = {"value": 0.6 + 0.005 * number, "low": 0.5, "high": 1.2, **GUESS}
        option = town.change("One of many", {".".join(path): changed})
        due = States(draws=2, seed=1).values(option)[path]
        assert np.array_equal(states.values(option)[path], due)
        del option
        gc.collect()  # so that the next may take its place in memory


def test_seeds_have_other_states(dorset):
    one, other = (States(draws=8, seed=seed).values(dorset)[TAG] for seed in (1, 2))
    assert not np.isin(one, other).any()


def test_what_was_fitted_together_comes_from_rows_of_the_sample(dorset, sample):
    states = States(draws=6, seed=1, posterior=sample)
    values = states.values(dorset)
    for number in range(6):
        row = sample.table
        for key in ("hazard.adult_level", "hazard.multipliers.disposal=fine"):
            path = tuple(key.split(".", 2)) if key.count(".") > 1 else tuple(key.split("."))
            row = row[np.isclose(row[key], values[path][number], rtol=EXACT)]
        assert len(row) == 1


def test_without_a_sample_the_fit_is_held_and_said(dorset):
    drawn = States(draws=4, seed=1).of(dorset)
    held = {each.key: each.reason for each in drawn.held}
    assert "fitted together" in held["hazard.adult_level"]
    assert not drawn.together
    assert ("hazard", "adult_level") not in States(draws=4, seed=1).values(dorset)


def test_a_value_that_is_no_longer_the_fits_is_not_drawn_from_the_sample(dorset, sample):
    option = dorset.change("Other level", {"hazard.adult_level": 0.9})
    assert LEVELS[0] not in States(draws=4, seed=1, posterior=sample).values(option)


def test_what_shares_a_draw_is_counted_once(dorset, sample):
    states = States(draws=4, seed=1, posterior=sample)
    drawn = states.of(dorset)
    ids = {each.id for each in drawn.alone}
    assert len(ids) < len(drawn.alone)
    assert states.counted([dorset, dorset]) == len(ids) + len(drawn.together)


def test_both_regimes_of_a_dated_option_are_drawn_with_one_draw(dorset):
    states = States(draws=4, seed=1)
    later = dorset.change("Later", {"services.gps_tag.capacity": 30}, from_day=100.0)
    for draw in range(4):
        found = states.drawn(later, draw)
        both = [regime.services["gps_tag"].hazard_ratio.value for regime in found.regimes]
        assert both[0] == both[1] == states.values(dorset)[TAG][draw]
        assert found.services["gps_tag"].capacity.value == 30


def test_the_factor_undoes_what_a_state_moves_of_the_rate():
    """Rates that follow the level to the power 0.6 on the scale of the hazard met."""

    def rate(level, moved=1.0):
        return 1.0 - np.exp(-0.25 * moved * level**0.6)

    moved = np.array([0.8, 1.0, 1.3])
    steps = rate(np.exp(np.array(STEPS)))
    rates = np.concatenate([steps, rate(1.0, moved)])
    factors = factors_of(np.stack([rates, rates], axis=1))
    assert factors[:, 0] == pytest.approx(moved ** (-1 / 0.6), rel=1e-9)
    assert rate(factors[:, 0], moved) == pytest.approx(np.full(3, rate(1.0)), rel=1e-9)
    assert np.array_equal(factors[:, 0], factors[:, 1])


def test_where_nobody_reoffends_no_level_is_moved():
    nobody = np.zeros((len(STEPS) + 2, 2))
    assert factors_of(nobody).tolist() == [[1.0, 1.0], [1.0, 1.0]]
    assert factors_of(np.full_like(nobody, np.nan)).tolist() == [[1.0, 1.0], [1.0, 1.0]]
