"""Numbers in a call: NumPy's and any other's count as Python's own; true and false never do."""

from __future__ import annotations

import inspect
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

import pathsim as ps
from pathsim.arguments import plain_number, plain_whole
from pathsim.outcomes.asked import DRAWS, REPLICATIONS, REPLICATIONS_PER_DRAW
from pathsim.study.calibration import Posterior, draws
from pathsim.study.calibration.fit import Sizes
from small_scenario import write_scenarios

WHOLE = [3, np.int64(3), np.uint8(3), np.int16(3), np.array(3)]
NUMBERS = [0.5, np.float32(0.5), np.float16(0.5), np.float64(0.5), Fraction(1, 2), np.array(0.5)]
NONE = [True, np.bool_(True), np.array(True), "1", None, [1], np.array([1]), 1j, Decimal(1)]


@pytest.fixture
def baseline(tmp_path):
    return ps.load(write_scenarios(tmp_path) / "baseline.toml")


@pytest.mark.parametrize("value", WHOLE, ids=repr)
def test_a_whole_number_is_pythons_own(value):
    assert (plain_whole(value), type(plain_whole(value))) == (3, int)


@pytest.mark.parametrize("value", [*NUMBERS, *WHOLE], ids=repr)
def test_a_number_is_pythons_own(value):
    found = plain_number(value)
    assert (found, type(found)) == (float(value), float)


@pytest.mark.parametrize("value", NONE, ids=repr)
def test_what_is_no_number_is_none(value):
    assert plain_number(value) is None
    assert plain_whole(value) is None


@pytest.mark.parametrize("value", [2.0, np.float64(2.0), Fraction(2, 1)], ids=repr)
def test_a_float_is_no_whole_number(value):
    assert plain_whole(value) is None


def test_a_fraction_beyond_all_floats_is_infinite():
    assert plain_number(Fraction(10**400)) == np.inf


@pytest.mark.filterwarnings("ignore::pathsim.InputWarning")  # 0.5 places are rounded
@pytest.mark.parametrize("half", NUMBERS, ids=repr)
def test_a_scale_may_be_any_number(baseline, half):
    ours = ps.run(baseline, replications=2, scale=0.5, workers=1)
    assert ps.run(baseline, replications=2, scale=half, workers=1).table().equals(ours.table())


@pytest.mark.parametrize(
    "scale", [True, np.bool_(True), "1", Decimal(1), float("nan"), 0], ids=repr
)
def test_a_scale_that_is_none_is_refused(baseline, scale):
    with pytest.raises(ps.InputError, match="scale: is out of range"):
        ps.run(baseline, replications=2, scale=scale)


@pytest.mark.parametrize("two", [np.int64(2), np.uint8(2), np.array(2)], ids=repr)
def test_replications_seed_and_workers_may_be_any_whole_number(baseline, two):
    ours = ps.run(baseline, replications=2, seed=2, workers=2)
    theirs = ps.run(baseline, replications=two, seed=two, workers=two)
    assert theirs.table().equals(ours.table())
    kept = [theirs.provenance[key] for key in ("replications", "seed", "workers")]
    assert [type(each) for each in kept] == [int] * 3


@pytest.mark.parametrize("key", ["replications", "seed", "workers"])
@pytest.mark.parametrize("value", [True, np.bool_(True), 2.0, np.float64(2), "2"], ids=repr)
def test_what_is_no_whole_number_is_refused(baseline, key, value):
    with pytest.raises(ps.InputError, match=f"{key}: must be a whole number"):
        ps.run(baseline, **{"replications": 2, key: value})


def test_changes_take_numpys_values(baseline):
    plain = baseline.change("A", {"services.mentor.capacity": 9, "services.mentor.houses": True},
                            from_day=30.0)  # fmt: skip
    theirs = baseline.change(
        "A",
        {"services.mentor.capacity": np.int32(9), "services.mentor.houses": np.bool_(True)},
        from_day=np.float32(30),
    )
    assert theirs == plain
    people = [{"people": 3, "age": 20}, {"people": 3, "age": 30}]
    rows = [{"people": np.int64(3), "age": age} for age in np.array([20, 30])]
    assert baseline.change("B", {"cohort.rows": rows}) == baseline.change(
        "B", {"cohort.rows": people}
    )


@pytest.mark.parametrize("value", [np.bool_(True), np.array([1.0, 2.0]), np.str_("x")], ids=repr)
def test_a_change_to_what_is_no_number_is_refused(baseline, value):
    with pytest.raises(ps.InputError, match=r"hazard\.adult_level: has the wrong type"):
        baseline.change("A", {"hazard.adult_level": value})


def test_draws_of_a_posterior_take_numpys_numbers_and_refuse_others(baseline):
    posterior = Posterior(pd.DataFrame({"hazard.adult_level": [1.0, 2.0, 3.0]}))
    ours = list(draws(baseline, posterior, 2, seed=3))
    assert list(draws(baseline, posterior, np.int64(2), seed=np.int8(3))) == ours
    for n in (0, -1, 2.0, True, "2"):
        with pytest.raises(ps.InputError, match=r"^n: "):
            draws(baseline, posterior, n)
    for posterior_, scenario, key in ((3, baseline, "posterior"), (posterior, 3, "scenario")):
        with pytest.raises(ps.InputError, match=f"{key}: has the wrong type; found 'int'"):
            draws(scenario, posterior_, 2)


def test_sizes_of_a_calibration_are_pythons_own():
    sizes = Sizes(waves=(np.int64(9), np.int16(8)), replications=np.int64(2), draws=np.uint8(5))
    assert sizes.checked() == Sizes(waves=(9, 8), replications=2, draws=5)
    assert {type(each) for each in sizes.checked().waves} == {int}
    for wrong, words in (
        (Sizes(waves=(1,)), "sizes.waves: has the wrong type"),
        (Sizes(waves=(1.5, 2)), "sizes.waves: must be a whole number"),
        (Sizes(draws=True), "sizes.draws: must be a whole number"),
        (Sizes(replications=1), "sizes.replications: is out of range"),
    ):
        with pytest.raises(ps.InputError, match=words):
            wrong.checked()


def test_sizes_of_a_calibration_are_accepted_from_their_least_on():
    least = {"waves": (1, 1), "replications": 2, "draws": 2, "checks": 1}
    assert Sizes(**least).checked() == Sizes(**least)
    below = ({"waves": (0, 1)}, {"waves": (1, 0)}, {"replications": 1}, {"draws": 1}, {"checks": 0})
    for each in below:
        (key,) = each
        with pytest.raises(ps.InputError, match=f"sizes.{key}: is out of range"):
            Sizes(**{**least, **each}).checked()


def test_a_run_and_a_comparison_choose_states_and_replications_unless_told_otherwise():
    for verb in (ps.run, ps.compare):
        asked = inspect.signature(verb).parameters
        assert asked["draws"].default is asked["replications"].default is None
    assert (DRAWS, REPLICATIONS_PER_DRAW, REPLICATIONS) == (64, 4, 200)
