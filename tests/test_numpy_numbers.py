"""NumPy's whole numbers go wherever Python's do: in every verb, for every number it takes."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import pathsim as ps
from small_town import TOWN

MORE = {"services.mentor.capacity": np.int64(24)}
ONE, TWO = np.int64(1), np.int32(2)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    file = tmp_path_factory.mktemp("town") / "town.toml"
    file.write_text(TOWN, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ps.InputWarning)
        return ps.load(file)


@pytest.fixture(scope="module")
def compared(town):
    option = town.change("More", MORE)
    return ps.compare(town, option, draws=np.uint8(32), replications=TWO, seed=ONE, workers=ONE)


def test_a_slip_is_a_value_error_as_elsewhere_in_python():
    with pytest.raises(ValueError, match="nowhere"):
        ps.load("nowhere.toml")


def test_decisions_have_pythons_own_years(compared):
    assert type(ps.decide(compared, years=np.int64(5), seed=ONE).terms.years) is int
    assert type(ps.value(compared, years=np.int16(5), waits=np.int8(1)).terms.years) is int
    assert type(ps.sensitivity(compared, years=np.int64(5), seed=ONE).years) is int


def test_a_portfolio_takes_numpys_numbers_and_is_still_plain_data(town):
    levers = {"services.mentor.capacity": np.array([4, 8])}
    found = ps.portfolio(
        town,
        levers,
        budget=np.float32(100_000),
        years=np.int64(5),
        draws=np.uint8(32),
        replications=TWO,
        seed=ONE,
    )
    assert found.to_dict()["years"] == 5
    assert type(found.years) is int


def test_an_explanation_and_shares_take_them(town):
    options = [town.change("More", MORE), town.change("Refer", {"services.mentor.referral": 0.5})]
    told = ps.explain(town, options[0], replications=TWO, replication=np.int64(0), seed=ONE)
    assert told.to_dict()["replications"] == 2
    found = ps.shapley(town, options, draws=np.int64(2), replications=TWO, seed=ONE)
    assert found.to_dict()["run"]["draws"] == 2


def test_a_sweep_over_an_array_takes_them(town):
    swept = town.sweep("services.mentor.capacity", np.arange(2, 5, 2), draws=TWO, seed=ONE)
    assert swept.levels == (2.0, 4.0)
    assert swept.to_dict()["baseline_level"] == 4


def test_a_synthetic_copy_takes_a_seed_of_numpys(town):
    people = ps.Cohort.from_scenario(town)
    assert people.synthesise(seed=np.int64(7)).table.equals(people.synthesise(seed=7).table)
