"""Figures of predictions against what happened: by hand, as published, and as other libraries."""

from __future__ import annotations

import math
from importlib import import_module

import numpy as np
import pytest
from scipy.special import expit, logit
from scipy.stats import binomtest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from pathsim.outcomes.validation.calibration import calibration
from pathsim.outcomes.validation.discrimination import area_under_curve
from pathsim.outcomes.validation.places import middle_ranks
from pathsim.outcomes.validation.shares import Z95, wilson
from pathsim.outcomes.validation.small import hidden, points_told, told_count
from pathsim.outcomes.validation.survival import Survival, kaplan_meier
from pathsim.outcomes.validation.tenths import by_tenth

EXACT = 1e-12
"""The same sum, added up in another order."""
FITTED = 1e-5
"""Another library's optimiser stops this near the top."""
PUBLISHED = 5e-4
"""Published figures have three decimals."""


@pytest.fixture(scope="module")
def made():
    """300 people whose predictions are too bold: half the log odds would be right."""
    rng = np.random.default_rng(7)
    predicted = np.round(expit(rng.normal(-0.5, 1.5, 300)), 2).clip(0.01, 0.99)
    reoffended = rng.uniform(size=300) < expit(0.3 + 0.5 * logit(predicted))
    return predicted, reoffended


@pytest.mark.parametrize(("yes", "people"), [(0, 10), (1, 10), (81, 263), (15, 148), (7, 7)])
def test_wilsons_interval_is_scipys(yes, people):
    found = wilson(yes, people)
    theirs = binomtest(yes, people).proportion_ci(method="wilson")
    assert found.value == yes / people
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=EXACT)


@pytest.mark.parametrize(
    ("yes", "people", "ends"),
    [
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_wilsons_interval_is_as_newcombe_published(yes, people, ends):
    """Newcombe, Statistics in Medicine 17 (1998), 857-872, Table I, method 3."""
    assert wilson(yes, people)[1:] == pytest.approx(ends, abs=PUBLISHED)


def test_nobody_has_no_share():
    assert all(map(math.isnan, wilson(0, 0)))


def test_the_area_is_that_of_scikit_learn_with_ties(made):
    predicted, reoffended = made
    assert len(np.unique(predicted)) < len(predicted)
    assert area_under_curve(*made).value == pytest.approx(
        roc_auc_score(reoffended, predicted), abs=EXACT
    )


def test_delongs_interval_is_that_of_every_pair_by_hand(made):
    """The variance from the means of each person's comparisons, as DeLong and others define it."""
    predicted, reoffended = made
    yes, no = predicted[reoffended], predicted[~reoffended]
    pairs = (yes[:, None] > no) + 0.5 * (yes[:, None] == no)
    spread = pairs.mean(axis=1).var(ddof=1) / len(yes) + pairs.mean(axis=0).var(ddof=1) / len(no)
    wide = Z95 * math.sqrt(spread)
    area = pairs.mean()
    assert area_under_curve(*made) == pytest.approx((area, area - wide, area + wide), abs=EXACT)


def test_an_area_needs_people_on_both_sides_and_a_perfect_one_has_no_interval():
    predicted = np.array([0.1, 0.2, 0.8, 0.9])
    assert math.isnan(area_under_curve(predicted, np.zeros(4, bool)).value)
    assert math.isnan(area_under_curve(predicted, np.arange(4) == 3).value)
    found = area_under_curve(predicted, predicted > 0.5)
    assert found.value == 1.0
    assert math.isnan(found.low)
    assert area_under_curve(predicted, predicted < 0.5).value == 0.0


def test_slope_and_intercept_are_those_of_scikit_learn(made):
    predicted, reoffended = made
    x = logit(predicted)
    theirs = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(x[:, None], reoffended)
    found = calibration(*made)
    assert found.slope.value == pytest.approx(theirs.coef_[0, 0], abs=FITTED)
    assert found.intercept.value == pytest.approx(theirs.intercept_[0], abs=FITTED)
    p = theirs.predict_proba(x[:, None])[:, 1]
    design = np.column_stack([np.ones_like(x), x])
    errors = np.sqrt(np.diag(np.linalg.inv(design.T @ (design * (p * (1 - p))[:, None]))))
    wide = [(each.high - each.low) / 2 / Z95 for each in (found.intercept, found.slope)]
    assert wide == pytest.approx(errors, rel=FITTED)


def test_two_levels_of_prediction_have_a_closed_form():
    """The line goes through both points: of 0.2 there were 0.3, of 0.6 there were 0.5."""
    predicted = np.repeat([0.2, 0.6], [100, 50])
    reoffended = np.r_[np.arange(100) < 30, np.arange(50) < 25]
    slope = (logit(0.5) - logit(0.3)) / (logit(0.6) - logit(0.2))
    found = calibration(predicted, reoffended)
    assert found.slope.value == pytest.approx(slope, rel=1e-9)
    assert found.intercept.value == pytest.approx(logit(0.3) - slope * logit(0.2), rel=1e-9)
    assert found.ratio.value == pytest.approx((55 / 150) / (50 / 150), rel=1e-12)
    # One term for each of the two groups: in the large, what is observed is what is expected.
    level = found.in_the_large.value
    expected = 100 * expit(level + logit(0.2)) + 50 * expit(level + logit(0.6))
    assert expected == pytest.approx(55, abs=1e-7)


@pytest.mark.parametrize("who", [np.zeros(40, bool), np.ones(40, bool), np.arange(40) >= 20])
def test_what_has_no_end_is_not_defined(who):
    found = calibration((np.arange(40) + 0.5) / 40, who)
    assert math.isnan(found.slope.value)
    assert math.isnan(found.intercept.low)


def test_equal_predictions_have_a_level_and_no_slope():
    found = calibration(np.full(40, 0.5), np.arange(40) < 10)
    assert found.in_the_large.value == pytest.approx(logit(0.25), abs=1e-9)
    assert math.isnan(found.slope.value)


def test_predictions_of_0_and_1_have_figures():
    predicted = np.repeat([0.0, 1.0, 0.5], 20)
    found = calibration(predicted, np.arange(60) % 4 == 0)
    assert math.isfinite(found.slope.value)


def test_survival_is_as_kaplan_and_meier_by_hand():
    """Freireich's remission times under 6-MP, in every textbook: 0.857 at 6 weeks, 0.448 at 23."""
    gone = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    still = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    days = np.array(gone + still, float)
    happened = np.arange(len(days)) < len(gone)
    found = kaplan_meier(days, happened, at=np.array([5.0, 6, 7, 10, 13, 16, 22, 23, 35, 36]))
    published = [1, 0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448, 0.448]
    assert found.survival[:-1] == pytest.approx(published, abs=PUBLISHED)
    assert math.isnan(found.survival[-1])
    assert found.at_risk.tolist() == [21, 21, 17, 15, 12, 11, 7, 6, 1, 0]
    assert found.reoffended.tolist() == [0, 3, 4, 5, 6, 7, 8, 9, 9, 9]
    # Kalbfleisch and Prentice's interval at 6 weeks, as R's survfit gives it by "log-log".
    assert (found.low[1], found.high[1]) == pytest.approx((0.620, 0.952), abs=PUBLISHED)


def test_rossis_survival_and_its_interval_are_those_of_lifelines():
    lifelines = pytest.importorskip("lifelines", reason="of the extra 'dev' alone")
    rossi = import_module("lifelines.datasets").load_rossi()
    theirs = lifelines.KaplanMeierFitter().fit(rossi["week"], rossi["arrest"])
    at = theirs.survival_function_.index.to_numpy(float)[1:]
    found = kaplan_meier(rossi["week"].to_numpy(float), rossi["arrest"].to_numpy() == 1, at=at)
    assert found.survival == pytest.approx(
        theirs.survival_function_["KM_estimate"].to_numpy()[1:], abs=1e-10
    )
    ends = theirs.confidence_interval_.to_numpy()[1:].T
    assert found.low == pytest.approx(ends[0], abs=1e-9)
    assert found.high == pytest.approx(ends[1], abs=1e-9)


def test_when_all_have_reoffended_nobody_is_left_for_ever():
    found = kaplan_meier(np.array([1.0, 2.0]), np.array([True, True]), at=np.array([2.0, 9.0]))
    assert found.survival.tolist() == [0.0, 0.0]
    assert np.isnan(found.low).all()


def test_equal_predictions_stand_in_one_tenth_whatever_the_order():
    predicted = np.repeat([0.1, 0.3, 0.5], [30, 300, 70])
    reoffended = np.arange(400) % 2 == 0
    parts = by_tenth(predicted, reoffended)
    assert sum(part.people for part in parts) == 400
    assert [part.people for part in parts] == [30, 300, 70]
    order = np.random.default_rng(1).permutation(400)
    assert by_tenth(predicted[order], reoffended[order]) == parts


def test_tenths_are_taken_together_until_there_are_enough():
    predicted = (np.arange(200) + 0.5) / 200
    parts = by_tenth(predicted, np.arange(200) >= 150)
    assert [(part.first, part.last) for part in parts] == [(1, 10)]
    parts = by_tenth(predicted, np.arange(200) % 5 == 0)  # 4 in each tenth of 20
    assert [(part.first, part.last) for part in parts] == [(1, 3), (4, 6), (7, 10)]
    assert all(part.reoffended >= 10 for part in parts)
    assert by_tenth(predicted, np.arange(200) < 9) == ()
    assert by_tenth(predicted[:0], predicted[:0] > 1) == ()


def test_ranks_of_ties_are_in_the_middle():
    assert middle_ranks(np.array([5.0, 1.0, 5.0, 5.0])).tolist() == [3.0, 1.0, 3.0, 3.0]


@pytest.mark.parametrize(
    ("yes", "no", "expected"),
    [
        ([40, 50], [60, 10], (False, False)),
        ([40, 9], [60, 100], (True, True)),  # the rest of all would tell the second
        ([40, 0, 30], [60, 0, 40], (False, False, False)),
        ([3, 4, 20, 30], [50, 50, 50, 50], (True, True, True, False)),
        ([8, 9, 20, 30], [50, 50, 50, 50], (True, True, False, False)),
    ],
)
def test_small_levels_are_hidden_and_cannot_be_worked_out(yes, no, expected):
    assert hidden(yes, no) == expected


def test_small_counts_are_not_told():
    assert [told_count(n) for n in (0, 1, 9, 10)] == ["0", *["fewer than 10"] * 2, "10"]


@pytest.mark.parametrize(
    ("reoffended", "at_risk", "expected"),
    [
        ([5, 9, 12, 25, 60], [95, 88, 80, 60, 9], [2, 3]),  # few are at risk at the end
        ([5, 12, 25, 40], [95, 88, 75, 60], [1, 2, 3]),
        ([5, 12, 25, 29], [95, 88, 75, 71], [1, 3]),  # else the last four could be worked out
        ([12, 25, 29], [88, 75, 9], [0]),
        ([12, 25, 25], [88, 75, 75], [0, 1]),
        ([3, 6, 9], [97, 94, 91], []),
    ],
)
def test_points_of_a_curve_are_told_where_ten_reoffended_in_between(reoffended, at_risk, expected):
    empty = np.zeros(len(at_risk))
    curve = Survival(np.array(at_risk), np.array(reoffended), empty, empty, empty)
    assert points_told(curve, people=100).tolist() == expected


def test_a_line_whose_likelihood_is_flat_to_the_last_bit_is_found():
    """Rounding makes the top of this one a plateau: steps must still end."""
    pytest.importorskip("lifelines", reason="of the extra 'dev' alone")
    rossi = import_module("lifelines.datasets").load_rossi()
    found = []
    for age in range(18, 28):
        some = rossi[rossi["age"] == age]
        x, y = -2.0 + 0.13 * some["prio"].to_numpy(float), some["arrest"].to_numpy()
        line = calibration(expit(x), y == 1)
        found.append(math.isfinite(line.slope.value))
        rest = y - expit(line.intercept.value + line.slope.value * x)
        assert not found[-1] or max(abs(rest.sum()), abs(rest @ x)) < FITTED
    assert all(found)
