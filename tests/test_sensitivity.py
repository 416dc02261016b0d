"""Which inputs move an answer: against closed forms, and where an option is known to fail."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, qmc

from pathsim.decision.sensitivity.curves import tornado
from pathsim.decision.sensitivity.failure import Failure, Limit, box_of, failure_box
from pathsim.decision.sensitivity.indices import (
    CHANCE,
    REST,
    first_order,
    index_value,
    prepare_index,
)
from pathsim.errors import InputError

ERRORS = 3.0
"""Standard errors within which an estimate lies of a known answer."""
ROUNDING = 1e-9
QUICK = {"shuffles": 19, "resamples": 40}
ISHIGAMI = {"x1": 0.313905, "x2": 0.442411, "x3": 0.0}
"""First-order indices for a = 7, b = 0.1 (Ishigami and Homma 1990)."""
ISHIGAMI_VARIANCE = 13.844588


def sobol(names, *, draws=512, seed=1):
    return pd.DataFrame(qmc.Sobol(len(names), seed=seed).random(draws), columns=list(names))


@pytest.fixture(scope="module")
def ishigami():
    inputs = np.pi * (2 * sobol(["x1", "x2", "x3", "unread"], draws=1024) - 1)
    waves = np.sin(inputs.x1) * (1 + 0.1 * inputs.x3**4) + 7 * np.sin(inputs.x2) ** 2
    return waves.to_numpy(), inputs


# Shares of the variance


def test_shares_of_ishigamis_function_are_the_closed_form(ishigami):
    outcome, inputs = ishigami
    found = first_order(outcome, inputs, **QUICK).set_index("input")
    assert list(found.index[:2]) == ["x2", "x1"]
    for name, share in ISHIGAMI.items():
        assert abs(found.share[name] - share) < ERRORS * found.se[name] + ROUNDING
        assert found.se[name] < 0.04
    assert found.share["unread"] == found.share["x3"] == found.share[CHANCE] == 0.0
    assert found.share.sum() == pytest.approx(1.0, abs=ROUNDING)
    assert found.share[REST] == pytest.approx(0.243684, abs=0.06)


def test_chance_has_a_share_of_its_own_and_the_inputs_less_for_it(ishigami):
    outcome, inputs = ishigami
    noise = np.sqrt(ISHIGAMI_VARIANCE) * np.random.default_rng(1).normal(size=len(outcome))
    found = first_order(outcome + noise, inputs, chance=ISHIGAMI_VARIANCE, **QUICK)
    found = found.set_index("input")
    assert found.share[CHANCE] == pytest.approx(0.5, abs=0.05)
    for name, share in ISHIGAMI.items():
        assert abs(found.share[name] - share / 2) < ERRORS * found.se[name] + ROUNDING
    assert found.share.sum() == pytest.approx(1.0, abs=ROUNDING)


def test_what_an_input_explains_by_chance_is_taken_off():
    rng = np.random.default_rng(4)
    shares = []
    for _ in range(400):
        a = rng.normal(size=(64, 1))
        noise = 2 * rng.normal(size=(64, 1))
        shares.append(index_value(prepare_index(a + noise, a[:, 0])))
    error = np.std(shares) / 400**0.5
    assert abs(np.mean(shares) - 0.2) < ERRORS * error
    assert error < 0.005


@pytest.mark.parametrize(("verb", "column"), [(tornado, "swing"), (first_order, "share")])
def test_what_chance_would_give_is_nothing(verb, column):
    rng = np.random.default_rng(1)
    outcome = rng.normal(size=(64, 1))
    inputs = pd.DataFrame(rng.normal(size=(64, 30)), columns=[f"x{k}" for k in range(30)])
    found = verb(outcome[:, 0], inputs, **QUICK).set_index("input")[column][list(inputs)]
    raw = [index_value(prepare_index(outcome, inputs[name].to_numpy())) for name in inputs]
    assert np.sum(np.array(raw) > 0.001) >= 4
    assert (found > 0).sum() <= 3


def test_more_chance_than_variance_is_refused():
    with pytest.raises(InputError, match=r"chance: is out of range; found 9\.0"):
        first_order(np.arange(40.0) / 40, pd.DataFrame({"a": np.arange(40.0)}), chance=9.0)


def test_an_outcome_that_never_moves_has_no_shares():
    found = first_order(np.ones(64), sobol(["a"], draws=64), **QUICK).set_index("input")
    assert found.share["a"] == found.share[CHANCE] == 0.0


# The tornado


def test_a_swing_is_the_slope_times_the_middle_of_the_input():
    inputs = pd.DataFrame(norm.ppf(sobol(["a", "b", "c"])), columns=["a", "b", "unread"])
    rng = np.random.default_rng(1)
    outcome = 1 + 2 * inputs.a - 3 * inputs.b + 0.5 * rng.normal(size=512)
    found = tornado(outcome, inputs, **QUICK)
    assert list(found.input) == ["b", "a", "unread"]
    found = found.set_index("input")
    ends = norm.ppf(0.975)
    for name, slope in {"a": 2.0, "b": -3.0}.items():
        row = found.loc[name]
        assert (row.low, row.high) == pytest.approx((-ends, ends), abs=0.05)
        assert abs(row.swing - abs(slope) * (row.high - row.low)) < ERRORS * row.se
        assert abs(row.at_high - row.at_low - slope * (row.high - row.low)) < ERRORS * row.se
        assert row.turns
        assert row.se < 0.8
    unread = found.loc["unread"]
    assert (unread.swing, unread.seen, unread.turns) == (0.0, False, False)
    assert unread.at_low == unread.at_high == pytest.approx(outcome.mean(), rel=ROUNDING)


def test_the_swing_of_an_input_with_a_top_between_its_ends_is_seen():
    inputs = sobol(["a"], draws=256)
    outcome = 1 - (2 * inputs.a - 1) ** 2
    row = tornado(outcome, inputs, **QUICK).iloc[0]
    assert row.at_low == pytest.approx(row.at_high, abs=0.03)
    assert row.swing == pytest.approx(0.95**2, abs=0.03)
    assert not row.turns


def test_a_curve_of_an_input_with_few_values_is_its_means():
    places = np.tile([12.0, 18.0, 24.0], 100)
    outcome = np.where(places == 18.0, 5.0, np.where(places > 18.0, 6.0, 0.0))
    row = tornado(outcome, pd.DataFrame({"places": places}), **QUICK).iloc[0]
    assert (row.at_low, row.at_high, row.swing) == pytest.approx((0.0, 6.0, 6.0), abs=0.05)
    two = np.tile([0.0, 1.0], 100)
    row = tornado(3 * two - 1, pd.DataFrame({"yes": two}), **QUICK).iloc[0]
    assert (row.at_low, row.at_high) == pytest.approx((-1.0, 2.0), abs=0.01)
    assert row.turns


# Where it fails


def test_the_box_of_failure_is_found_behind_noise():
    inputs = sobol(["effect", "price", "unread"])
    gain = 1 - 8 * np.maximum(inputs.effect - 0.5, 0) * np.maximum(inputs.price - 0.3, 0)
    fails = gain < 0
    noise = 0.3 * np.random.default_rng(1).normal(size=512)
    found = failure_box(gain + noise, inputs)
    assert {limit.input for limit in found.limits} == {"effect", "price"}
    assert not any(limit.below for limit in found.limits)
    inside = np.ones(512, bool)
    for limit in found.limits:
        inside &= (inputs[limit.input] > limit.value).to_numpy()
    assert found.fails == pytest.approx(fails.mean(), abs=0.03)
    assert fails[inside].mean() > 0.8
    assert inside[fails].mean() > 0.7


def test_one_limit_is_found_where_it_is():
    inputs = sobol(["effect", "unread"], draws=256)
    found = failure_box(inputs.effect - 0.1, inputs)
    (limit,) = {(each.input, each.below) for each in found.limits if each.input == "effect"}
    assert limit == ("effect", True)
    (value,) = [each.value for each in found.limits if each.input == "effect"]
    assert value == pytest.approx(0.1, abs=0.01)
    assert found.fails_inside > 0.95
    assert found.holds > 0.85


def test_of_two_boxes_the_one_that_holds_more_failures_is_told():
    inputs = pd.DataFrame({"a": (np.arange(200) + 0.5) / 200})
    found = box_of(((inputs.a < 0.1) | (inputs.a > 0.6)).to_numpy(), inputs, seed=1)
    assert [str(limit) for limit in found.limits] == ["a is above 0.6"]
    assert (found.fails, found.fails_inside, found.holds) == pytest.approx((0.5, 1.0, 0.8))


def test_of_two_limits_on_one_side_the_tighter_is_told():
    number = np.arange(200)
    inputs = pd.DataFrame({"a": (number + 0.5) / 200})
    sometimes = (inputs.a < 0.6) & (number % 9 < 5)  # so that 0.6 is the first limit
    found = box_of(((inputs.a < 0.3) | sometimes).to_numpy(), inputs, seed=1)
    assert [str(limit) for limit in found.limits] == ["a is below 0.3"]
    assert found.fails_inside == 1.0


def test_an_option_that_never_or_always_fails_has_no_box():
    inputs = sobol(["a"], draws=64)
    never, always = failure_box(1 + inputs.a, inputs), failure_box(-1 - inputs.a, inputs)
    assert never.sentence == "It fails in none of the draws."
    assert always.sentence == "It fails in 100 of 100 draws."
    assert never.limits == always.limits == ()


def test_where_nothing_says_when_it_fails_no_box_is_told():
    rng = np.random.default_rng(3)
    inputs = pd.DataFrame({"a": rng.normal(size=200)})
    found = failure_box(0.02 * inputs.a + rng.normal(size=200) + 0.02, inputs)
    if found.limits:
        assert found.fails_inside > 0.5
    none = Failure((), 0.3, np.nan, np.nan)
    said = "It fails in 30 of 100 draws, and no one or two assumptions say where."
    assert none.sentence == said


def test_the_sentence_says_the_limits_and_both_shares():
    limits = (Limit("Effect of tags", below=True, value=0.07963), Limit("Price", False, 1234.6))
    found = Failure(limits, 0.2, 0.996, 0.004)
    assert found.sentence == (
        "It fails mostly where Effect of tags is below 0.0796 and Price is above 1,235: there it "
        "fails in more than 99 of 100 draws, and fewer than 1 of 100 of its failures lie there."
    )
    assert "in 20 of 100 draws" in Failure((), 0.2, np.nan, np.nan).sentence


@pytest.mark.parametrize("verb", [tornado, first_order, failure_box])
def test_what_is_of_no_use_is_refused(verb):
    with pytest.raises(InputError, match="has too few; found 31; allowed: 32 draws or more"):
        verb(np.zeros(31), pd.DataFrame({"a": np.zeros(31)}))
    with pytest.raises(InputError, match="inputs: has another number of draws"):
        verb(np.zeros(32), pd.DataFrame({"a": np.zeros(31)}))
    with pytest.raises(InputError, match="has the wrong shape"):
        verb(np.zeros((32, 2)), pd.DataFrame({"a": np.zeros(32)}))
