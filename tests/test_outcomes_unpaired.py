"""Independent samples: Welch's interval and the chance over all pairs, by hand and by SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from pathsim.outcomes.unpaired import compare_apart, quantile_95

FORMULA = 1e-9
NAN = np.nan
OURS, THEIRS = [1.0, 2.0, 4.0, 9.0], [3.0, 3.5, 8.0, 21.0, 12.0]
DOWN = np.array([-1])


def columns(*samples: list[float]) -> np.ndarray:
    """Return samples side by side, the shorter ones filled up with what is undefined."""
    longest = max(map(len, samples))
    return np.array([[*each, *[NAN] * (longest - len(each))] for each in samples]).T


def test_of_equal_samples_of_one_spread_the_interval_is_students_of_both():
    ours, theirs = [1.0, 2.0, 4.0, 5.0], [11.0, 12.0, 14.0, 15.0]
    found = compare_apart(columns(ours), columns(theirs), better=DOWN)
    half = stats.t.ppf(0.975, 6) * np.sqrt(2 * 10 / 12)
    assert (found.baseline[0], found.option[0], found.difference.mean[0]) == (3.0, 13.0, 10.0)
    assert found.difference.se[0] == pytest.approx(np.sqrt(20 / 12), rel=FORMULA)
    assert found.difference.low[0] == pytest.approx(10.0 - half, rel=FORMULA)
    assert found.difference.high[0] == pytest.approx(10.0 + half, rel=FORMULA)
    assert np.isnan([found.same_in[0], found.variance_ratio[0]]).all()
    assert np.isnan([found.probability_better[0], found.sd_doubt[0], found.sd_chance[0]]).all()


def test_of_unequal_samples_the_degrees_of_freedom_are_welchs():
    known = stats.ttest_ind(THEIRS, OURS, equal_var=False)
    found = compare_apart(columns(OURS, THEIRS), columns(THEIRS, OURS), better=np.array([-1, 1]))
    se = np.sqrt(np.var(OURS, ddof=1) / 4 + np.var(THEIRS, ddof=1) / 5)
    half = quantile_95(np.array([known.df]))[0] * se
    assert found.difference.se == pytest.approx([se, se], rel=FORMULA)
    for row, mean in enumerate((5.5, -5.5)):
        assert found.difference.mean[row] == pytest.approx(mean, rel=FORMULA)
        assert found.difference.low[row] == pytest.approx(mean - half, rel=FORMULA)
        assert found.difference.high[row] == pytest.approx(mean + half, rel=FORMULA)
    assert found.difference.low[0] == pytest.approx(known.confidence_interval(0.95).low, rel=1e-3)


def test_where_one_side_does_not_vary_the_freedom_is_that_of_the_other():
    found = compare_apart(columns([5.0] * 4), columns(THEIRS[:4]), better=DOWN)
    se = np.std(THEIRS[:4], ddof=1) / 2
    half = stats.t.ppf(0.975, 3) * se
    assert found.difference.high[0] - found.difference.mean[0] == pytest.approx(half, rel=FORMULA)


def test_where_nothing_varies_there_is_no_interval_but_the_fewer_replications():
    ours = columns([1.0] * 5, [1.0] * 3)
    found = compare_apart(ours, columns([3.0] * 4, [1.0] * 5), better=np.array([-1, 1]))
    assert found.difference.mean.tolist() == [2.0, 0.0]
    assert np.isnan(found.difference[1:]).all()
    assert found.same_in.tolist() == [4.0, 3.0]


def test_a_sample_of_one_has_no_interval():
    found = compare_apart(columns([1.0, NAN]), columns([3.0, 4.0]), better=DOWN)
    assert found.difference.mean[0] == 2.5
    assert np.isnan(found.difference[1:]).all()
    assert np.isnan(found.same_in[0])


@pytest.mark.parametrize("degrees", [1.0, 2.0, 7.0, 40.0])
def test_at_whole_degrees_the_quantile_is_students(degrees):
    found = quantile_95(np.array([degrees]))[0]
    assert found == pytest.approx(stats.t.ppf(0.975, degrees), rel=FORMULA)


@pytest.mark.parametrize(("degrees", "share"), [(1.5, 2 / 3), (3.5, 4 / 7), (2.25, 1 / 3)])
def test_between_them_its_logarithm_is_linear_in_their_inverse(degrees, share):
    low, high = (np.log(stats.t.ppf(0.975, np.floor(degrees) + each)) for each in (0, 1))
    found = quantile_95(np.array([degrees]))[0]
    assert found == pytest.approx(np.exp(low + share * (high - low)), rel=FORMULA)


def test_below_one_degree_there_is_none():
    assert np.isnan(quantile_95(np.array([0.999, NAN]))).all()


def test_the_chance_is_the_share_of_all_pairs_ties_half():
    ours, theirs = [1.0, 2.0, 2.0, 7.0], [2.0, 0.0, 9.0]
    # Pairs in which theirs is above: 1 + 0 + 4; equal: 2 + 0 + 0; of 12.
    for better, chance in ((1, 6 / 12), (-1, 6 / 12)):
        found = compare_apart(columns(ours), columns(theirs), better=np.array([better]))
        assert found.share_of_years_better[0] == chance
    ours, theirs = [1.0, 2.0, 2.0], [2.0, 3.0, NAN]
    for better, chance in ((1, 5 / 6), (-1, 1 / 6)):
        found = compare_apart(columns(ours), columns(theirs), better=np.array([better]))
        assert found.share_of_years_better[0] == pytest.approx(chance, rel=FORMULA)


def test_without_a_better_direction_or_without_a_side_there_is_no_chance():
    both = columns([1.0, 2.0], [NAN, NAN], [1.0, 2.0])
    other = columns([1.0, 2.0], [1.0, 2.0], [NAN, NAN])
    found = compare_apart(both, other, better=np.array([0, 1, -1]))
    assert np.isnan(found.share_of_years_better).all()
