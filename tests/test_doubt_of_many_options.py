"""Many options at once: what perfect information is worth once chance is taken off the draws."""

from __future__ import annotations

import numpy as np
import pytest

from pathsim.decision.deflate import covariance_of_chance, deflate
from pathsim.errors import InputError
from pathsim.outcomes.doubt import deflate_rows

FORMULA = 1e-9
NAIVE = {2: 0.5642, 6: 1.2672, 16: 1.7660}
"""Mean of the largest of so many standard normal numbers: what chance alone seems to be worth."""
FROM_TRUTH = 0.04
"""Relative: how far the value of perfect information may be from the truth on average."""
NAN = np.nan


def worth_of_knowing(draws: np.ndarray) -> float:
    """Return the value of perfect information by definition: best in each, less best of all."""
    return float(draws.max(axis=1).mean() - draws.mean(axis=0).max())


def a_study(seed, *, options, draws=256, noise, means=0.0, doubt=1.0, replications=4):
    rng = np.random.default_rng(seed)
    each = means + doubt * rng.normal(size=(draws, 1, options))
    return each + noise * np.sqrt(replications) * rng.normal(size=(draws, replications, options))


def without_chance(values):
    return deflate(values.mean(axis=1), covariance_of_chance(values))


def likes(seed, *, options=3, draws=60):
    """Return draws of options whose doubt and chance are unlike and correlated."""
    rng = np.random.default_rng(seed)
    doubt, chance = (rng.normal(size=(options, options)) for _ in range(2))
    each = rng.normal(size=(draws, 1, options)) @ doubt
    return 3.0 + each + 0.5 * rng.normal(size=(draws, 2, options)) @ chance


@pytest.mark.parametrize("options", NAIVE)
def test_chance_alone_is_worth_nothing(options):
    found = [a_study(k, options=options, noise=1.0, doubt=0.0) for k in range(40)]
    naive = np.mean([worth_of_knowing(each.mean(axis=1)) for each in found])
    worth = np.array([worth_of_knowing(without_chance(each)) for each in found])
    assert 0.9 * NAIVE[options] < naive < NAIVE[options]
    assert worth.min() > -FORMULA
    assert worth.mean() < 2 * worth.std()
    assert worth.mean() < NAIVE[options] / 8


@pytest.mark.parametrize("noise", [0.1, 0.5, 1.3])
@pytest.mark.parametrize(("options", "runs"), [(2, 200), (6, 60), (16, 30)])
def test_the_worth_of_knowing_is_near_the_truth(options, runs, noise):
    means = np.zeros(options)
    means[0] = 0.5
    states = means + np.random.default_rng(1).normal(size=(400_000, options))
    truth = states.max(axis=1).mean() - 0.5
    found = [a_study(k, options=options, draws=512, noise=noise, means=means) for k in range(runs)]
    worth = np.array([worth_of_knowing(without_chance(each)) for each in found])
    assert abs(worth.mean() / truth - 1.0) < FROM_TRUTH
    if noise > 1:
        naive = np.mean([worth_of_knowing(each.mean(axis=1)) for each in found])
        assert naive / truth > 1.5


def test_covariance_between_draws_is_left_less_that_of_chance():
    values = likes(2)
    means, chance = values.mean(axis=1), covariance_of_chance(values)
    expected = np.cov(means.T) - chance
    assert np.linalg.eigvalsh(expected).min() > 0
    found = deflate(means, chance)
    assert np.cov(found.T) == pytest.approx(expected, rel=FORMULA)
    assert found.mean(axis=0) == pytest.approx(means.mean(axis=0), rel=FORMULA)


def test_covariance_of_chance_is_that_within_draws_by_hand():
    values = np.array(
        [[[1.0, 0.0], [3.0, 4.0]], [[5.0, 2.0], [5.0, 0.0]], [[NAN, 0.0], [1.0, 1.0]]]
    )
    # Within the draws: variances 2 and 0, 8 and 2, covariances 4 and 0; half of their means.
    assert covariance_of_chance(values).tolist() == [[0.5, 1.0], [1.0, 2.5]]
    assert np.isnan(covariance_of_chance(values[2:])).all()
    with pytest.raises(InputError, match="2 or more replications"):
        covariance_of_chance(values[:, :1])


@pytest.mark.parametrize("noise", [0.25, 4.0])
def test_one_option_is_shrunk_as_a_row(noise):
    means = np.array([[2.0], [6.0], [7.0]])
    expected = deflate_rows(means, np.array([noise]))
    assert deflate(means, np.array([[noise]])) == pytest.approx(expected, rel=FORMULA)


def test_another_baseline_another_unit_or_another_order_gives_the_same_draws():
    values = likes(3)
    values -= values.mean(axis=1, keepdims=True) * np.array([0.9, 0.0, 0.0])  # little doubt left
    means, chance = values.mean(axis=1), covariance_of_chance(values)
    assert np.linalg.eigvalsh(np.cov(means.T) - chance).min() < 0
    found = deflate(means, chance)
    for change in (
        np.array([[-1.0, -1.0, -1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
        np.diag([1e6, 1.0, -1e-6]),
        np.eye(3)[[2, 0, 1]],
    ):
        other = deflate(means @ change, change.T @ chance @ change)
        assert other == pytest.approx(found @ change, rel=1e-6, abs=1e-12)


def test_what_some_lack_the_others_give_up():
    """Variances 5, 1.5 and 0.5 less 1 are 4, 0.5 and -0.5: the first two give up 0.25 each."""
    corners = np.array([[a, b, c] for a in (-1, 1) for b in (-1, 1) for c in (-1, 1)], np.float64)
    means = corners * np.sqrt(np.array([5.0, 1.5, 0.5]) * 7 / 8)
    left = np.cov(deflate(means, np.eye(3)).T)
    assert left == pytest.approx(np.diag([3.75, 0.25, 0.0]), rel=FORMULA, abs=FORMULA)


def test_little_doubt_in_all_is_none():
    corners = np.array([[a, b] for a in (-1.0, 1.0) for b in (-1.0, 1.0)])
    means = 7.0 + corners * np.sqrt(np.array([1.2, 0.5]) * 3 / 4)
    assert deflate(means, np.eye(2)) == pytest.approx(np.full((4, 2), 7.0), rel=FORMULA)


def test_without_chance_the_draws_stay():
    means = likes(4).mean(axis=1)
    assert deflate(means, np.zeros((3, 3))) == pytest.approx(means, rel=FORMULA)


def test_options_that_do_not_differ_stay_as_they_are():
    values = likes(5)
    values[:, :, 1] = 7.0
    values[:, :, 2] = values[:, :, 0]
    found = without_chance(values)
    assert found[:, 1].tolist() == pytest.approx([7.0] * 60, rel=FORMULA)
    assert found[:, 2] == pytest.approx(found[:, 0], rel=FORMULA)
    alone = without_chance(values[:, :, :1])
    assert found[:, :1] == pytest.approx(alone, rel=FORMULA)


def test_more_options_than_draws_are_no_failure():
    found = without_chance(likes(6, options=9, draws=5))
    assert np.isfinite(found).all()


def test_a_draw_undefined_for_one_option_is_undefined_for_all():
    values = likes(7)
    values[3, 0, 1] = NAN
    found = deflate(values.mean(axis=1), covariance_of_chance(values))
    others = np.delete(values, 3, axis=0)
    assert np.isnan(found[3]).all()
    assert np.delete(found, 3, axis=0) == pytest.approx(without_chance(others), rel=FORMULA)


def test_one_draw_or_none_has_no_spread_to_shrink():
    means = np.array([[1.0, 2.0], [NAN, 1.0]])
    assert np.isnan(deflate(means, np.eye(2))).all()
    assert np.isnan(deflate(means[1:], np.eye(2))).all()
    assert np.isnan(deflate(np.ones((4, 2)), np.full((2, 2), NAN))).all()
