"""Intervals and paired differences against the formulas written out, and against SciPy."""

import numpy as np
import pytest
from scipy import stats

from pathsim.outcomes.statistics import compare_pairs, estimate, estimate_levels
from pathsim.outcomes.unpaired import compare_apart

FORMULA = 1e-9
NONE, DOWN, UP = np.array([0]), np.array([-1]), np.array([1])


def column(*numbers):
    return np.array(numbers, dtype=float)[:, None]


@pytest.fixture
def pairs():
    rng = np.random.default_rng(7)
    luck = rng.normal(size=(40, 1))
    return 10 + luck, 9.5 + luck + 0.3 * rng.normal(size=(40, 1))


def test_the_interval_is_students_t_by_hand():
    # 1, 2, 4, 5: mean 3, variance 10/3, standard error sqrt(10/12), t(0.975, 3) = 3.18244630528
    found = estimate(column(1, 2, 4, 5))
    half = 3.182446305284263 * np.sqrt(10 / 12)
    assert found.mean[0] == pytest.approx(3, rel=FORMULA)
    assert found.se[0] == pytest.approx(np.sqrt(10 / 12), rel=FORMULA)
    assert (found.low[0], found.high[0]) == pytest.approx((3 - half, 3 + half), rel=FORMULA)


def test_the_paired_interval_is_that_of_scipys_paired_t_test(pairs):
    baseline, option = pairs
    found = compare_pairs(baseline, option, better=DOWN).difference
    known = stats.ttest_rel(option[:, 0], baseline[:, 0]).confidence_interval(0.95)
    assert (found.low[0], found.high[0]) == pytest.approx((known.low, known.high), rel=FORMULA)


def test_variance_ratio_is_the_ratio_of_unpaired_to_paired_variance(pairs):
    baseline, option = pairs
    unpaired = baseline.var(ddof=1) + option.var(ddof=1)
    paired = (option - baseline).var(ddof=1)
    pair = compare_pairs(baseline, option, better=DOWN)
    found = pair.variance_ratio[0]
    assert found == pytest.approx(unpaired / paired, rel=FORMULA)
    assert found > 5
    assert pair.sd_chance[0] == pytest.approx(np.sqrt(paired), rel=FORMULA)
    assert np.isnan([pair.probability_better[0], pair.sd_doubt[0]]).all()


def test_a_tie_counts_half_in_the_chance_of_being_better():
    baseline, option = column(1, 1, 1, 1, 1), column(0, 0, 1, 2, 1)
    assert compare_pairs(baseline, option, better=DOWN).share_of_years_better[0] == 3 / 5
    assert compare_pairs(baseline, option, better=UP).share_of_years_better[0] == 2 / 5


def test_of_one_replication_the_chance_is_that_one():
    assert compare_pairs(column(2), column(1), better=DOWN).share_of_years_better[0] == 1.0
    assert compare_pairs(column(1), column(2), better=DOWN).share_of_years_better[0] == 0.0


def test_a_replication_without_a_value_is_no_win():
    baseline, option = column(3, 3, np.nan, 3), column(1, 4, 0, np.nan)
    assert compare_pairs(baseline, option, better=DOWN).share_of_years_better[0] == 1 / 2


def test_where_no_direction_is_better_there_is_no_chance_of_it():
    found = compare_pairs(column(1, 2), column(3, 3), better=NONE)
    assert np.isnan(found.share_of_years_better[0])
    assert found.difference.mean[0] == 1.5


def test_equal_runs_have_an_exact_zero_and_no_variance_to_save():
    same = column(0.1, 0.2, 0.7)
    found = compare_pairs(same, same, better=DOWN)
    assert found.difference.mean[0] == 0
    assert not np.signbit(found.difference.mean[0])
    assert found.share_of_years_better[0] == 0.5
    assert np.isnan(found.variance_ratio[0])


@pytest.mark.parametrize("compare", [compare_pairs, compare_apart])
def test_no_difference_is_a_zero_without_a_sign(compare):
    zeros = np.zeros((3, 1))
    mean = compare(zeros, -zeros, better=DOWN).difference.mean[0]
    assert (mean, bool(np.signbit(mean))) == (0.0, False)


@pytest.mark.parametrize("compare", [compare_pairs, compare_apart])
def test_that_nothing_differed_is_no_interval_of_width_0(compare):
    """Of R replications none differs with chance (1 - p)^R: 5% at the bound."""
    values = np.full((100, 2), 7.0)
    values[3, 1] = np.nan  # not a pair
    found = compare(values, values, better=np.array([-1, -1]))
    assert np.isnan(found.difference[1:]).all()
    assert found.same_in.tolist() == [100, 99]
    assert (1 - found.differs_at_most) ** found.same_in == pytest.approx([0.05, 0.05], rel=FORMULA)
    assert found.differs_at_most[0] == pytest.approx(0.0295, abs=1e-4)


def test_one_replication_that_differs_is_an_interval_again():
    option = np.zeros((100, 1))
    option[41] = 1.0
    found = compare_pairs(np.zeros((100, 1)), option, better=DOWN)
    assert np.isnan([found.same_in[0], found.differs_at_most[0]]).all()
    assert found.difference.low[0] < found.difference.mean[0] < found.difference.high[0]


def test_what_always_differs_alike_has_no_interval_and_saves_no_variance():
    baseline = np.random.default_rng(1).uniform(1e6, 2e6, size=(50, 1))
    found = compare_pairs(baseline, baseline + 0.1, better=DOWN)
    assert np.isnan(found.variance_ratio[0])
    assert np.isnan([found.difference.low[0], found.difference.high[0]]).all()
    assert found.same_in[0] == 50
    assert found.difference.mean[0] == pytest.approx(0.1, rel=1e-6)


def test_without_any_pair_none_is_the_same():
    nobody = np.full((4, 1), np.nan)
    found = compare_pairs(nobody, nobody, better=DOWN)
    assert np.isnan([found.same_in[0], found.differs_at_most[0]]).all()


def test_equal_values_have_no_variance_however_they_round():
    assert estimate(np.full((7, 1), 0.1)).se[0] == 0


def test_a_difference_that_is_the_same_in_all_replications_has_no_interval():
    baseline = np.array([[10.0, 22300.0, 0.1], [12.0, 22301.0, 0.2]])
    option = baseline + np.array([-3.0, 22300.0, 0.3])
    found = compare_pairs(baseline, option, better=np.array([-1, -1, 1]))
    assert found.difference.mean == pytest.approx([-3.0, 22300.0, 0.3], rel=FORMULA)
    assert np.isnan([found.difference.se, found.difference.low, found.difference.high]).all()
    assert found.same_in.tolist() == [2, 2, 2]


def test_a_level_that_is_the_same_in_all_replications_has_no_interval():
    nan = np.nan
    values = np.array([[0.1, 1, nan, 2], [0.1, 1, nan, nan], [0.1, 2, nan, 2]])
    found, same_in, sd_doubt, sd_chance = estimate_levels(values)
    assert found.mean[:2].tolist() == [0.1, pytest.approx(4 / 3)]
    assert np.isnan([found.se[0], found.low[0], found.high[0]]).all()
    assert found.low[1] < found.high[1]
    assert np.array_equal(same_in, [3, nan, nan, 2], equal_nan=True)
    assert np.isnan(sd_doubt).all()
    deviation = np.std([1, 1, 2], ddof=1)
    assert sd_chance[[0, 1, 3]] == pytest.approx([0, deviation, 0], rel=FORMULA)
    alone, same_in, *_ = estimate_levels(values[:1])
    assert np.isnan([*same_in, *alone.low]).all()  # one replication has none to be like


def test_of_no_value_there_is_no_figure():
    nobody = np.full((3, 1), np.nan)
    found, *others = estimate_levels(nobody)
    assert np.isnan([found.mean, found.se, found.low, found.high, *others]).all()
    pair = compare_pairs(nobody, column(1, 2, 4), better=DOWN)
    assert np.isnan([*pair.difference.se, *pair.variance_ratio, *pair.share_of_years_better]).all()


def test_one_replication_has_a_mean_but_no_interval():
    found = estimate(column(4))
    assert found.mean[0] == 4
    assert np.isnan([found.se[0], found.low[0], found.high[0]]).all()


def test_a_replication_without_a_value_drops_out_of_its_pair_only():
    nan = np.nan
    baseline, option = column(1, nan, 3, 5), column(2, 2, nan, 8)
    found = compare_pairs(baseline, option, better=DOWN)
    assert (found.baseline[0], found.option[0], found.difference.mean[0]) == (3, 5, 2)
    assert found.difference.se[0] == pytest.approx(1, rel=FORMULA)
    assert found.share_of_years_better[0] == 0


def test_without_any_pair_both_means_are_still_told():
    found = compare_pairs(column(np.nan, np.nan), column(1, 3), better=DOWN)
    assert np.isnan(found.baseline[0])
    assert found.option[0] == 2
    assert np.isnan([found.difference.mean[0], found.share_of_years_better[0]]).all()


def test_columns_are_worked_out_apart(pairs):
    baseline, option = pairs
    two = compare_pairs(np.hstack(pairs), np.hstack(pairs[::-1]), better=np.array([-1, 1]))
    one = compare_pairs(baseline, option, better=DOWN)
    assert two.difference.mean[0] == one.difference.mean[0]
    assert two.difference.mean[1] == pytest.approx(-one.difference.mean[0], rel=FORMULA)
    assert two.share_of_years_better[0] == two.share_of_years_better[1]


def test_an_interval_has_the_same_bits_whatever_stands_beside_it_and_however_it_lies():
    values = np.random.default_rng(3).lognormal(size=(1001, 7)) * 1e6
    whole = estimate(values)
    for place in range(7):
        alone = estimate(values[:, [place]])
        assert [each[0] for each in alone] == [each[place] for each in whole]
    for ours, other in zip(whole, estimate(np.asfortranarray(values)), strict=True):
        assert ours.tolist() == other.tolist()
