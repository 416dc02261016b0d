"""The regressions behind value of information: against scikit-learn's, and by what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import approx_fprime
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
from sklearn.linear_model import Ridge
from threadpoolctl import threadpool_info, threadpool_limits

from pathsim.decision.regression import process, ridge, smooth, splines
from pathsim.decision.regression.points import points_of
from pathsim.decision.regression.smooth import (
    by_process,
    by_splines,
    floor_of,
    resampled,
    shuffled,
)

TWIN = 1e-7
"""Relative, of two ways to solve the same equations."""
ROUNDING = 1e-9


@pytest.fixture(autouse=True)
def one_thread():
    with threadpool_limits(1, "blas"):
        yield


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def test_points_have_no_units_constants_or_repetition(rng):
    a, b = rng.normal(size=(2, 50))
    found = points_of(np.column_stack([a, np.full(50, 1e6), 1e3 * b, a - 2 * b, 5 - a]))
    assert found.shape == (50, 2)
    assert found.mean(axis=0) == pytest.approx(0, abs=ROUNDING)
    assert found.std(axis=0) == pytest.approx(1, rel=ROUNDING)
    assert np.abs(np.corrcoef(found[:, 1], b)[0, 1]) == pytest.approx(1, rel=ROUNDING)
    assert points_of(np.ones((50, 3))).shape == (50, 0)


def test_a_fit_is_scikit_learns_ridge(rng):
    features, values = rng.normal(size=(60, 7)), rng.normal(size=(60, 2))
    basis = ridge.basis_of(features)
    penalty = np.array([0.3, 20.0])
    twin = [Ridge(alpha=each) for each in penalty]
    expected = [t.fit(features, values[:, k]).predict(features) for k, t in enumerate(twin)]
    found = ridge.fitted(basis, values, penalty)
    assert found == pytest.approx(np.transpose(expected), rel=TWIN, abs=TWIN)
    counts = rng.integers(0, 3, size=60).astype(float)
    again = [
        t.fit(features, values[:, k], sample_weight=counts).predict(features)
        for k, t in enumerate(twin)
    ]
    found = ridge.refitted(basis, values, penalty, counts)
    assert found == pytest.approx(np.transpose(again), rel=TWIN, abs=TWIN)


def test_an_endless_penalty_leaves_the_mean(rng):
    values = rng.normal(size=(40, 1))
    basis = ridge.basis_of(rng.normal(size=(40, 3)))
    endless = np.array([np.inf])
    assert ridge.fitted(basis, values, endless) == pytest.approx(values.mean())
    assert ridge.refitted(basis, values, endless, np.ones(40)) == pytest.approx(values.mean())
    assert ridge.degrees(basis, endless) == 1.0


def test_the_penalty_is_the_one_that_foresees_best(rng):
    points = points_of(rng.uniform(size=(100, 1)))
    values = np.sin(2 * points) + 0.5 * rng.normal(size=(100, 1))
    basis = ridge.basis_of(np.hstack(splines.curves(points)))
    chosen = ridge.cross_validated(basis, values)

    def missed(penalty):
        """Return the mean square by which each draw is missed by a fit without it."""
        off = []
        for left_out in range(100):
            counts = np.ones(100)
            counts[left_out] = 0.0
            fit = ridge.refitted(basis, values, np.array([penalty]), counts)
            off.append(values[left_out, 0] - fit[left_out, 0])
        return float(np.mean(np.square(off)))

    best = missed(chosen.penalty[0])
    assert chosen.score[0] == pytest.approx(best, rel=0.05)
    assert best < missed(100 * chosen.penalty[0])
    assert best < missed(chosen.penalty[0] / 1000)
    assert best < 1.03 * min(missed(penalty) for penalty in np.logspace(-3, 5, 17))


def test_a_line_costs_hardly_anything_and_what_bends_more_costs_more(rng):
    points = points_of(rng.normal(size=(200, 1)))
    basis = ridge.basis_of(np.hstack(splines.curves(points)))
    stiff = np.array([1e3])
    left = {}
    for name, curve in {"line": points, "bend": points**2, "wave": np.sin(4 * points)}.items():
        off = curve - curve.mean()
        left[name] = 1 - np.var(off - ridge.fitted(basis, off, stiff)) / np.var(off)
    assert left["line"] > 0.999
    assert 0.5 > left["bend"] > 5 * left["wave"]


@pytest.mark.parametrize("values", [(0, 1), (12, 18, 24), (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 9)])
def test_a_curve_of_an_input_with_few_values_is_its_means(rng, values):
    column = np.resize(np.array(values, float), 260)[:, None]
    means = dict(zip(sorted(set(values)), [1.0, 5.0, 2.0], strict=False))
    outcome = np.array([means[each] for each in column[:, 0]])[:, None]
    found = by_splines(points_of(column), outcome + 0.01 * rng.normal(size=outcome.shape))
    assert found.expected == pytest.approx(outcome, abs=0.05)


def test_products_are_there_where_two_inputs_work_together_alone(rng):
    points = points_of(rng.normal(size=(200, 2)))
    noise = 0.3 * rng.normal(size=(200, 1))
    product = points[:, :1] * points[:, 1:]
    for values, pairs in ((product + noise, True), (points.sum(axis=1, keepdims=True), False)):
        found = by_splines(points, values)
        assert (found.basis.columns.shape[1] > 30) == pairs
    assert (
        np.corrcoef(by_splines(points, product + noise).expected[:, 0], product[:, 0])[0, 1] > 0.97
    )


@pytest.mark.parametrize(("inputs", "draws"), [(1, 32), (2, 32), (5, 64), (40, 64), (40, 256)])
def test_there_are_fewer_columns_than_draws_or_little_more(rng, inputs, draws):
    points = points_of(rng.normal(size=(draws, inputs)))
    single = splines.curves(points)
    assert all(1 < each.shape[1] <= 11 for each in single)
    assert sum(each.shape[1] for each in single) <= max(draws / 2, 2 * inputs)
    assert splines.pairs(single).shape[1] <= draws / 2


def test_the_process_is_scikit_learns(rng):
    points = points_of(rng.normal(size=(80, 2)))
    values = np.sin(points[:, :1]) + points[:, 1:] ** 2 + 0.3 * rng.normal(size=(80, 1))
    lengths = process.learn(points, values)
    noise = process.noise_of(ridge.basis_of(process.spanned(points, lengths)), values)
    # An unknown mean is a constant of enormous variance.
    kernel = ConstantKernel(1e6, "fixed") + RBF(lengths, "fixed")
    twin = GaussianProcessRegressor(kernel + WhiteKernel(noise[0], "fixed"))
    expected = twin.fit(points, values[:, 0]).predict(points)
    found = by_process(points, values).expected[:, 0]
    assert found == pytest.approx(expected, abs=1e-4)


def test_what_the_process_learns_is_as_likely_as_what_scikit_learn_does(rng):
    points = points_of(rng.normal(size=(80, 2)))
    values = np.sin(points[:, :1]) + points[:, 1:] ** 2 + 0.3 * rng.normal(size=(80, 1))
    found = process.learn(points, values)
    found_noise = process.noise_of(ridge.basis_of(process.spanned(points, found)), values)
    kernel = ConstantKernel() * RBF([1.0, 1.0], (0.2, 50.0)) + WhiteKernel()
    twin = GaussianProcessRegressor(kernel, n_restarts_optimizer=2, random_state=1)
    twin.fit(points, values[:, 0] - values.mean())
    likeness = twin.kernel_
    lengths = likeness.k1.k2.length_scale
    noise = likeness.k2.noise_level / likeness.k1.k1.constant_value
    assert np.log(found) == pytest.approx(np.log(lengths), abs=0.3)
    assert np.log(found_noise[0]) == pytest.approx(np.log(noise), abs=0.7)


def test_the_slopes_of_the_likelihood_are_those_of_its_differences(rng):
    points = points_of(rng.normal(size=(60, 3)))
    values = np.column_stack([np.sin(2 * points[:, 0]), points[:, 1]])
    values += 0.3 * rng.normal(size=values.shape)
    values -= values.mean(axis=0)
    at = np.log([1.0, 2.0, 3.0])
    _, slopes = process._unlikely(at, points, values)
    near = approx_fprime(at, lambda each: process._unlikely(each, points, values)[0], 1e-5)
    # The noise that is likeliest is found to within a part of a step, so slopes are near only.
    assert slopes == pytest.approx(near, rel=0.05, abs=0.05)


def test_noise_is_that_of_all_draws_by_the_directions_of_any(rng):
    points = points_of(rng.normal(size=(120, 2)))
    values = np.sin(points) + 0.5 * rng.normal(size=(120, 2))
    values -= values.mean(axis=0)
    lengths = np.array([1.0, 1.5])
    by_all = process._spectrum(points / lengths, values).noise
    basis = ridge.basis_of(process.spanned(points, lengths))
    assert basis.columns.shape[1] < 119
    assert process.noise_of(basis, values) == pytest.approx(by_all, rel=1e-4)


def test_a_weak_surface_is_found_by_many_draws_where_the_first_show_none(rng):
    points = points_of(rng.normal(size=(4000, 1)))
    values = 0.1 * points + rng.normal(size=(4000, 1))
    found = by_process(points, values).expected
    assert np.corrcoef(found[:, 0], points[:, 0])[0, 1] > 0.95


def test_a_surface_over_more_draws_than_span_it_is_still_followed(rng):
    points = points_of(rng.normal(size=(900, 2)))
    truth = np.sin(2 * points[:, :1]) * points[:, 1:]
    found = by_process(points, truth + 0.3 * rng.normal(size=(900, 1))).expected
    assert np.sqrt(np.mean((found - truth) ** 2)) < 0.12


def test_what_no_input_moves_is_its_mean(rng):
    values = np.column_stack([np.full(64, 3.1), rng.normal(size=64)])
    for way in (by_splines, by_process):
        assert way(points_of(np.ones((64, 1))), values).expected == pytest.approx(
            np.tile(values.mean(axis=0), (64, 1))
        )
        found = way(points_of(rng.normal(size=(64, 1))), values)
        assert found.expected[:, 0] == pytest.approx(3.1, rel=ROUNDING)
        assert np.isfinite(found.expected).all()


def test_an_outcome_that_moves_in_late_draws_alone_is_a_mean_to_the_process(rng):
    values = np.zeros((process.LEARNT + 10, 1))
    values[-5:] = 1.0
    found = by_process(points_of(rng.normal(size=(len(values), 1))), values).expected
    assert found == pytest.approx(values.mean(), rel=ROUNDING)


def test_what_is_resampled_spreads_as_other_draws_would(rng):
    slopes = []
    for _ in range(200):
        x = rng.normal(size=(100, 1))
        y = 2 * x + rng.normal(size=(100, 1))
        slopes.append(np.polyfit(x[:, 0], y[:, 0], 1)[0])
    found = by_splines(points_of(x), y)
    ends = np.argmin(x), np.argmax(x)
    width = x[ends[1], 0] - x[ends[0], 0]
    again = [
        (expected[ends[1], 0] - expected[ends[0], 0]) / width
        for _, expected in resampled(found, resamples=200, seed=1)
    ]
    assert np.std(again) == pytest.approx(np.std(slopes), rel=0.35)
    assert np.mean(again) == pytest.approx(2, abs=3 * np.std(slopes))


def test_one_in_twenty_is_above_the_floor():
    assert floor_of(range(1, 100)) == 95  # 96 to 99, and the one that is judged, are 5 of 100
    assert floor_of(range(1, 20)) == 19
    assert floor_of(range(1, 101)) == 96


def test_inputs_are_shuffled_before_the_penalty_is_found(rng):
    points = points_of(rng.normal(size=(100, 1)))
    curve = by_splines(points, np.sin(3 * points) + 0.1 * rng.normal(size=(100, 1)))
    assert curve.degrees > 8
    # At the penalty of such a curve every shuffle would follow a tenth of the outcome.
    found = [np.var(each) for each in shuffled(curve, shuffles=50, seed=1)]
    assert np.median(found) < 0.02 * np.var(curve.outcomes)


def test_lengths_do_not_hang_on_units(rng):
    points = points_of(rng.normal(size=(100, 2)))
    values = np.sin(points[:, :1]) * points[:, 1:] + 0.3 * rng.normal(size=(100, 1))
    found = process.learn(points, values)
    assert process.learn(points, 1e6 * values) == pytest.approx(found, rel=1e-4)


def test_linear_algebra_is_done_on_one_thread():
    def threads():
        return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}

    with threadpool_limits(2, "blas"):
        assert threads() == {2}
        assert smooth.one_thread(threads)() == {1}
