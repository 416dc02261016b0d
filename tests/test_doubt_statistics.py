"""Doubt and chance told apart: by hand, and against toy studies whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from pathsim.errors import InputError
from pathsim.outcomes.doubt import (
    FEWEST_DRAWS,
    advice,
    deflate_rows,
    enough,
    estimate_draws,
    estimates_and_probability,
    probability_better,
    share_of_years_better,
)
from toy_studies import Studies, studies

FORMULA = 1e-9
BETWEEN_DEGREES = 1e-3
"""Relative: what the interpolation between whole degrees of freedom may be off."""
COVERAGE = (93.0, 97.0)
SURE = 3.0
"""Standard errors that a share may be off."""
NAN = np.nan
UP, DOWN, NONE = np.array([1]), np.array([-1]), np.array([0])


def one_row(*draws):
    return np.array(draws, np.float64)[:, :, None]


HAND = one_row([1, 3], [5, 7], [6, 8])
"""Means 2, 6, 7: mean 5, variance 7. Variance 2 within each, so 1 in a mean, and doubt 6."""
HIDDEN_COVERED = 95.0
"""Of 100 new states, where chance in the mean of a draw is three times doubt."""
HIDDEN = one_row([-4, 6], [-3, 7], [-2, 8])
"""Means 1, 2, 3: variance 1. Variance 50 within each, 25 in a mean: no doubt can be seen."""


def covered(found, new) -> float:
    """Return of how many in 100 the interval holds the new state's difference."""
    return 100.0 * float(np.mean((found.low <= new) & (new <= found.high)))


def test_variance_is_taken_apart_by_hand():
    found = estimate_draws(HAND)
    assert found.mean[0] == 5
    assert found.se[0] == pytest.approx(np.sqrt(7 / 3), rel=FORMULA)
    assert found.sd_doubt[0] == pytest.approx(np.sqrt(6), rel=FORMULA)
    assert found.sd_chance[0] == pytest.approx(np.sqrt(2), rel=FORMULA)
    assert (found.draws[0], found.replications[0]) == (3, 2)
    assert np.isnan(found.same_in[0])


def test_three_draws_have_students_interval_at_two_degrees_of_doubt_and_error_together():
    found = estimate_draws(HAND)
    half = 4.302652729911275 * np.sqrt(6 + 7 / 3)
    assert (found.low[0], found.high[0]) == pytest.approx((5 - half, 5 + half), rel=FORMULA)


def test_degrees_of_freedom_are_satterthwaites():
    values = studies(2, studies=1, draws=20, noise=0.7).values
    between = values.mean(axis=1).var(ddof=1)
    noise = values.var(axis=1, ddof=1).mean() / 4
    both = between * (1 + 1 / 20) - noise
    degrees = both**2 / ((between * 1.05) ** 2 / 19 + noise**2 / 60)
    assert 3 < degrees < 19
    found = estimate_draws(values)
    half = stats.t.ppf(0.975, degrees) * np.sqrt(both)
    assert (found.high - found.low)[0] / 2 == pytest.approx(half, rel=BETWEEN_DEGREES)


def test_where_no_doubt_is_seen_the_interval_is_of_what_chance_may_hide():
    found = estimate_draws(HIDDEN)
    half = 4.302652729911275 * np.sqrt(25 * np.sqrt(2 / 2) + 1 / 3)
    assert found.sd_doubt[0] == 0
    assert (found.low[0], found.high[0]) == pytest.approx((2 - half, 2 + half), rel=FORMULA)


@pytest.mark.parametrize(
    ("draws", "noise"), [(64, 0.1), (64, 0.5), (256, 0.1), (256, 0.5), (256, 1.3)]
)
@pytest.mark.parametrize("skew", [0.0, 0.5])
def test_the_interval_covers_a_new_state_of_the_world(draws, noise, skew):
    toys = studies(int(draws * noise), draws=draws, noise=noise, skew=skew)
    assert COVERAGE[0] <= covered(estimate_draws(toys.values), toys.new) <= COVERAGE[1]


def test_without_taking_chance_off_the_interval_would_be_too_wide():
    toys = studies(1, draws=256, noise=1.3)
    mean, sd = toys.values.mean(axis=(0, 1)), toys.values.mean(axis=1).std(axis=0, ddof=1)
    assert np.mean(np.abs(toys.new - mean) <= 1.97 * sd) > 0.99


@pytest.mark.parametrize("noise", [0.1, 0.5])
def test_stratified_draws_leave_no_interval_too_narrow(noise):
    toys = studies(3, draws=64, noise=noise, stratified=True)
    assert COVERAGE[0] <= covered(estimate_draws(toys.values), toys.new) <= 97.5


def test_variance_of_doubt_has_no_bias():
    toys = studies(4, studies=4000, draws=64, noise=0.5)
    variance = estimate_draws(toys.values).sd_doubt ** 2
    off = variance.mean() - 1.0
    assert abs(off) < SURE * variance.std() / np.sqrt(len(variance))


def test_a_placebo_is_no_difference_in_at_least_89_of_100_seeds():
    toys = studies(5, studies=100, draws=64, noise=1.0, doubt=0.0)
    found = estimate_draws(toys.values)
    assert np.sum((found.low <= 0) & (found.high >= 0)) >= 89
    real = estimate_draws(toys.values + 3.0)
    assert np.sum((real.low <= 0) & (real.high >= 0)) == 0


def test_rows_that_are_the_same_everywhere_have_no_interval():
    values = np.full((3, 4, 3), 0.1)
    values[:, :, 0] = 0.0
    values[1, :, 1] = NAN
    values[2, 3, 2] = 0.2
    found = estimate_draws(values)
    assert np.isnan([found.se[:2], found.low[:2], found.high[:2]]).all()
    assert found.mean[:2].tolist() == [0.0, 0.1]
    assert found.sd_doubt[:2].tolist() == found.sd_chance[:2].tolist() == [0, 0]
    assert found.same_in[:2].tolist() == [12, 8]
    assert np.isnan(found.same_in[2])
    assert found.low[2] < found.high[2]


def test_rounding_of_large_levels_is_no_difference_if_they_are_told():
    values = (22_300.0 + np.arange(8.0).reshape(4, 2, 1) / 7) + 0.1 - 22_300.0
    values -= np.arange(8.0).reshape(4, 2, 1) / 7
    assert np.ptp(values) > 0
    assert np.isnan(estimate_draws(values).same_in[0])
    assert estimate_draws(values, level=np.array([22_301.0])).same_in[0] == 8


def test_an_undefined_draw_is_left_out_of_its_row_only():
    values = studies(6, studies=2, draws=10, noise=0.5).values
    spoilt = values.copy()
    spoilt[7:, :, 1] = NAN
    found, whole, short = (estimate_draws(each) for each in (spoilt, values, values[:7]))
    assert [each[0] for each in found[:8]] == [each[0] for each in whole[:8]]
    assert [each[1] for each in found[:8]] == [each[1] for each in short[:8]]
    better = np.array([1, 1])
    said = probability_better(spoilt, better)
    assert said[0] == probability_better(values, better)[0]
    assert said[1] == probability_better(values[:7], better)[1]


def test_an_undefined_replication_leaves_the_mean_of_the_others():
    # Means 2, 6, 7: variance 7. 4 squares over 2 degrees: 2 within; 2 (1/2 + 1/2 + 1) / 3 in one.
    found = estimate_draws(one_row([1, 3], [5, 7], [7, NAN]))
    assert found.mean[0] == 5
    assert found.sd_chance[0] ** 2 == pytest.approx(2, rel=FORMULA)
    assert found.chance_in_a_draw[0] == pytest.approx(4 / 3, rel=FORMULA)
    assert found.sd_doubt[0] ** 2 == pytest.approx(7 - 4 / 3, rel=FORMULA)
    assert found.replications[0] == pytest.approx(1.5, rel=FORMULA)


def test_of_no_draw_or_one_there_is_no_interval():
    for values in (one_row([NAN, NAN], [NAN, NAN]), one_row([1, 2], [NAN, NAN])):
        found = estimate_draws(values)
        assert np.isnan([found.se, found.low, found.high, found.sd_doubt, found.same_in]).all()
        assert np.isnan(probability_better(values, UP)).all()
        assert advice(found).startswith("More draws: too few")
    assert found.mean[0] == 1.5


def test_the_order_of_draws_and_of_replications_says_nothing():
    values = studies(7, studies=5, draws=40, noise=0.8).values
    rng = np.random.default_rng(1)
    mixed = rng.permuted(values[rng.permutation(40)], axis=1)
    better = np.array([1, -1, 1, 1, -1])
    for ours, theirs in zip(estimate_draws(values), estimate_draws(mixed), strict=True):
        assert theirs == pytest.approx(ours, rel=FORMULA, nan_ok=True)
    for said in (probability_better, share_of_years_better):
        assert said(mixed, better) == pytest.approx(said(values, better), rel=FORMULA)


def test_the_probability_is_that_of_shrunken_draws_with_the_means_error():
    shrunk = 5 + (np.array([2, 6, 7]) - 5) * np.sqrt(6 / 7)
    expected = stats.norm.cdf(shrunk / np.sqrt(7 / 3)).mean()
    assert probability_better(HAND, UP)[0] == pytest.approx(expected, rel=FORMULA)
    assert probability_better(HAND, DOWN)[0] == pytest.approx(1 - expected, rel=FORMULA)
    assert np.isnan(probability_better(HAND, NONE)[0])


def test_without_doubt_to_be_seen_the_probability_is_that_of_the_mean_and_what_may_hide():
    found = probability_better(HIDDEN, UP)[0]
    assert found == pytest.approx(stats.norm.cdf(2 / np.sqrt(25 + 1 / 3)), rel=FORMULA)


@pytest.mark.parametrize("draws", [64, 256])
def test_where_chance_hides_doubt_the_interval_is_not_too_narrow(draws):
    toys = studies(31, studies=2000, draws=draws, noise=3.0)
    assert covered(estimate_draws(toys.values), toys.new) > HIDDEN_COVERED


def test_no_difference_at_all_is_as_likely_better_as_worse():
    values = np.zeros((8, 2, 3)) + np.array([0.0, 1.0, -1.0])
    assert probability_better(values, np.array([1, 1, 1])).tolist() == [0.5, 1.0, 0.0]
    assert probability_better(-0.0 * values, np.array([-1, -1, -1])).tolist() == [0.5] * 3


@pytest.mark.parametrize(("draws", "noise"), [(64, 0.1), (64, 0.5), (256, 1.3)])
def test_of_options_said_to_be_better_with_80_percent_80_percent_are(draws, noise):
    n = 4000
    toys = studies(8, studies=n, draws=draws, noise=noise)
    toys = toys.moved(np.random.default_rng(9).uniform(-2.0, 2.0, n))
    said = probability_better(toys.values, np.ones(n, np.int64))
    for about in (0.1, 0.35, 0.65, 0.8, 0.9):
        near = np.abs(said - about) < 0.05
        error = np.sqrt(about * (1 - about) / near.sum())
        assert abs(np.mean(toys.new[near] > 0) - said[near].mean()) < SURE * error


def test_naive_probabilities_would_be_drawn_to_a_half():
    toys = studies(8, studies=4000, draws=256, noise=1.3)
    toys = toys.moved(np.random.default_rng(9).uniform(-2.0, 2.0, 4000))
    naive = np.mean(toys.values.mean(axis=1) > 0, axis=0)
    assert np.mean(toys.new[np.abs(naive - 0.8) < 0.05] > 0) > 0.88


def test_years_are_counted_over_all_draws_with_ties_half():
    values = one_row([1, 0], [-1, 2], [NAN, 5])
    assert share_of_years_better(values, UP)[0] == 3.5 / 5
    both = np.concatenate([values, np.full((3, 2, 1), 4.0)], axis=2)
    assert share_of_years_better(both, np.array([1, 1])).tolist() == [3.5 / 5, 1.0]
    assert share_of_years_better(values, DOWN)[0] == 1.5 / 5
    assert np.isnan(share_of_years_better(values, NONE)[0])
    assert np.isnan(share_of_years_better(np.full((2, 2, 1), NAN), UP)[0])


def test_rows_of_draws_lose_the_spread_of_chance():
    means = np.array([[2.0, 2.0, 4.0], [6.0, 6.0, 4.0], [7.0, 7.0, 4.0], [NAN, 5.0, 4.0]])
    found = deflate_rows(means, np.array([1.0, 9.0, 0.0]))
    assert found[:3, 0] == pytest.approx(5 + np.array([-3, 1, 2]) * np.sqrt(6 / 7), rel=FORMULA)
    assert np.isnan(found[3, 0])
    assert found[:, 1:].tolist() == [[5.0, 4.0]] * 4


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (studies(10, studies=1, draws=16, noise=0.1).values, "More draws: fewer than 32"),
        (np.tile(HIDDEN, (20, 1, 1)), "More draws: the Monte Carlo error"),
        (studies(10, studies=1, draws=256, noise=1.3).values, "More replications in each draw"),
        (studies(10, studies=1, draws=64, noise=0.5).values, "More evidence, not more computing"),
    ],
)
def test_advice_says_what_would_narrow_the_answer(values, words):
    assert advice(estimate_draws(values)).startswith(words)


def test_advice_is_for_the_row_that_is_asked_for():
    values = studies(11, studies=2, draws=64, noise=0.1).values
    values[:, :, 1] = 3.0
    said = advice(estimate_draws(values), row=1)
    assert said == "All 256 replications say the same: there is nothing to narrow."
    assert advice(estimate_draws(values)).startswith("More evidence")


def test_enough_is_what_the_error_of_the_mean_says():
    found = estimate_draws(studies(12, studies=1, draws=64, noise=0.1).values)
    half = stats.t.ppf(0.975, 63) * found.se[0]
    assert enough(found, half * (1 + FORMULA))
    assert not enough(found, half * (1 - FORMULA))


def test_enough_is_enough_of_every_row_and_never_of_few_draws():
    toys = studies(13, studies=2, draws=FEWEST_DRAWS, noise=0.1)
    wide = toys.values * np.array([1.0, 100.0])
    assert enough(estimate_draws(toys.values), 1.0)
    assert not enough(estimate_draws(wide), 1.0)
    assert not enough(estimate_draws(toys.values[:-1]), 1.0)
    assert enough(estimate_draws(np.ones((FEWEST_DRAWS, 2, 1))), 1e-6)
    assert not enough(estimate_draws(np.full((FEWEST_DRAWS, 2, 1), NAN)), 1.0)


def test_few_draws_are_not_enough_where_chance_hides_doubt():
    toys = studies(14, studies=1, draws=256, noise=1.3)
    for unit in (0.01, 1.0, 100.0):
        assert not enough(estimate_draws(unit * toys.values[:128]), 9.0 * unit)
        assert enough(estimate_draws(unit * toys.values), 9.0 * unit)
        clear = studies(14, studies=1, draws=64, noise=0.3).values
        assert enough(estimate_draws(unit * clear), 9.0 * unit)


@pytest.mark.parametrize(("noise", "draws"), [(0.1, 45), (0.5, 90), (1.3, 45), (1.3, 256)])
def test_the_interval_at_the_stop_covers_as_elsewhere(noise, draws):
    """Stopping where about so many draws are needed, which luck decides."""
    toys = studies(15, studies=500, draws=512, noise=noise)
    precision = 1.96 * np.sqrt((1.0 + noise**2) / draws)
    hits = [stopped(toys, k, precision) for k in range(500)]
    error = 100 * np.sqrt(0.95 * 0.05 / len(hits))
    assert COVERAGE[0] - error <= 100 * np.mean(hits) <= COVERAGE[1] + error


def stopped(toys: Studies, study: int, precision: float) -> bool:
    """Return whether the interval holds the new state's difference where draws are enough."""
    draws = FEWEST_DRAWS
    found = estimate_draws(toys.values[:draws, :, study : study + 1])
    while draws < len(toys.values) and not enough(found, precision):
        draws *= 2
        found = estimate_draws(toys.values[:draws, :, study : study + 1])
    return covered(found, toys.new[study]) > 0


def test_both_at_once_are_what_each_is_alone():
    toys = studies(5, studies=60, draws=32, noise=0.5)
    better = np.where(np.arange(60) % 3 == 0, 0, np.where(np.arange(60) % 3 == 1, 1, -1))
    values = toys.values.copy()
    values[3, :, 7] = NAN
    found, probability = estimates_and_probability(values, better)
    assert np.array_equal(found, estimate_draws(values), equal_nan=True)
    assert np.array_equal(probability, probability_better(values, better), equal_nan=True)


def test_what_differs_by_rounding_alone_is_as_likely_better_as_worse():
    values = np.full((8, 2, 3), 1e-9)
    values[::2, 0] = -1e-9
    values[:, :, 1] = 1e-9
    values[2, :, 1] = NAN
    values[:, :, 2] = 5.0
    better, level = np.ones(3, np.int64), np.full(3, 1e6)
    found, probability = estimates_and_probability(values, better, level=level)
    assert probability.tolist() == [0.5, 0.5, 1.0], "the last is the same in all, and no rounding"
    assert found.same_in.tolist() == [16.0, 14.0, 16.0]


@pytest.mark.parametrize("precision", [0.0, -1.0, NAN])
def test_a_precision_that_is_none_is_refused(precision):
    with pytest.raises(InputError, match="until: is no precision; found"):
        enough(estimate_draws(HAND), precision)


@pytest.mark.parametrize("shape", [(4, 1, 2), (4, 2), (0, 2, 1)])
def test_values_without_two_replications_are_refused(shape):
    with pytest.raises(InputError, match="2 or more replications in a draw"):
        estimate_draws(np.zeros(shape))
