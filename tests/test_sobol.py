"""Scrambled Sobol points, each dimension under a name of its own."""

from __future__ import annotations

import numpy as np
import pytest

from pathsim.elementary.sobol import BLOCK, sobol

NAMES = [f"quantity {number}" for number in range(60)]
MOST = 512
KNOWN = [0.2209441588493064, 0.9086933868238702, 0.2833345759427175]
CHANCE = 4.0
"""Standard errors within which a correlation of unrelated names lies."""


def points(name="a", *, seed=1, n=MOST):
    return sobol(seed, name, np.arange(n))


@pytest.mark.parametrize("n", [BLOCK, 2 * BLOCK, 4 * BLOCK, MOST])
def test_the_first_points_have_one_in_each_of_as_many_intervals(n):
    for name in NAMES[:9]:
        cells = np.floor(points(name)[:n] * n).astype(int)
        assert sorted(cells.tolist()) == list(range(n))


def test_a_point_depends_on_its_number_alone():
    some = np.array([300, 7, 64, 7])
    assert np.array_equal(sobol(1, "a", some), points()[some])


def test_names_and_seeds_have_other_points():
    assert not np.isin(points("a"), points("b")).any()
    assert not np.isin(points("a"), points("a", seed=2)).any()


@pytest.mark.parametrize("n", [BLOCK, 4 * BLOCK])
def test_names_go_together_by_chance_only(n):
    between = np.corrcoef([points(name)[:n] for name in NAMES])[np.triu_indices(len(NAMES), 1)]
    assert np.abs(between).max() < CHANCE * 1.2 / np.sqrt(n)
    assert between.std() == pytest.approx(1 / np.sqrt(n), rel=0.08)


def test_points_are_within_the_open_interval():
    every = np.concatenate([points(name) for name in NAMES])
    assert every.min() > 0.0
    assert every.max() < 1.0


def test_the_points_are_these():
    assert points(n=3).tolist() == KNOWN
