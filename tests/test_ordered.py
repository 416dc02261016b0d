"""Sums, ranks and interpolation in a fixed order, and draws of many things at once."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from pathsim.elementary.normal import normal_quantile
from pathsim.elementary.ordered import interpolated, powers, ranks, running, total
from pathsim.elementary.words import Draws, nth, purpose
from pathsim.engine.kernels import random, sampling

CANCELLING = [1.0, 2.0**53, 1.0, -(2.0**53), 2.0**-30, 3.0, -1e9, 0.1, 0.2, 0.3] * 30
"""Numbers whose sum is another in another order."""
ROUNDING = 1e-12
"""Of a hundred products in a row, relative."""


def one_by_one(values: list[float]) -> list[float]:
    reached, found = values[0], [values[0]]
    for each in values[1:]:
        reached = reached + each
        found.append(reached)
    return found


def test_sums_are_added_from_first_to_last_however_the_array_lies():
    expected = one_by_one(CANCELLING)
    assert expected[-1] != float(sum(map(Fraction, CANCELLING)))
    row = np.array(CANCELLING)
    for values in (np.stack([row, 2.0 * row]), np.asfortranarray(np.stack([row, 2.0 * row]))):
        assert total(values).tolist() == [expected[-1], 2.0 * expected[-1]]
        assert running(values)[0].tolist() == expected
        assert running(values)[1].tolist() == [2.0 * each for each in expected]
    many = np.repeat(row[:, None], 300, axis=1).T  # added up a step at a time
    assert total(many).tolist() == [expected[-1]] * 300
    assert total(row) == expected[-1]
    assert running(row).tolist() == expected


def test_sums_of_nothing():
    assert total(np.zeros((3, 0))).tolist() == [0.0, 0.0, 0.0]
    assert running(np.zeros(0)).tolist() == []
    assert running(np.zeros((0, 3))).shape == (0, 3)


def test_powers_are_products():
    assert powers(0.5, 4).tolist() == [1.0, 0.5, 0.25, 0.125]
    assert powers(0.9, 100)[-1] == pytest.approx(float(Fraction(0.9) ** 99), rel=ROUNDING)
    assert powers(0.5, 1).tolist() == [1.0]


def test_ranks_leave_equal_values_in_their_order():
    assert ranks(np.array([3.0, 1.0, 2.0])).tolist() == [2, 0, 1]
    values = np.tile([2.0, 1.0], 1000)
    assert ranks(values).tolist() == [1000 + i // 2 if i % 2 == 0 else i // 2 for i in range(2000)]


def test_interpolation_meets_the_points_and_lies_between_them():
    xs, ys = np.array([0.0, 0.1, 0.6, 1.0]), np.array([7.0, 9.0, 9.0, 30.0])
    assert interpolated(xs, xs, ys).tolist() == ys.tolist()
    u = np.linspace(0.0, 1.0, 501)
    assert interpolated(u, xs, ys) == pytest.approx(np.interp(u, xs, ys), rel=ROUNDING)


def test_the_normal_quantile_of_arrays_has_the_bits_of_the_kernels():
    ends = np.geomspace(2.0**-53, 0.5, 3000)
    u = np.concatenate([ends, 1.0 - ends, np.linspace(0.001, 0.999, 3001)])
    assert normal_quantile(u).tolist() == [sampling.normal_quantile(each) for each in u]


def test_draws_of_arrays_have_the_bits_of_the_kernels():
    places = np.array([0, 1, 7, 4_709])
    seed, about, what = (np.uint64(each) for each in (20211, purpose("cohort"), purpose("age")))
    with np.errstate(over="ignore"):
        root = np.uint64(random.nth(seed, np.uint64(0))) + about
    state = np.uint64(random.nth(root, what))
    words = [np.uint64(random.nth(state, np.uint64(each))) for each in places]
    draws = Draws(20211, "cohort")
    assert draws.words("age", places).tolist() == [int(each) for each in words]
    expected = [random.uniform_of(each) for each in words]
    assert draws.uniform("age", places).tolist() == expected
    assert draws.normal("age", places).tolist() == [
        sampling.normal_quantile(each) for each in expected
    ]


def test_a_draw_depends_on_its_own_address_alone():
    draws = Draws(1, "cohort")
    some, many = np.array([3, 5]), np.arange(100)
    assert draws.uniform("age", some).tolist() == draws.uniform("age", many)[some].tolist()
    others = (
        Draws(2, "cohort").words("age", many),
        Draws(1, "rows").words("age", many),
        draws.words("record", many),
    )
    for other in others:
        assert not np.isin(other, draws.words("age", many)).any()


def test_even_draws_lie_one_in_each_interval_in_random_order():
    u = Draws(1, "cohort").even("career", np.arange(1000))
    assert np.sort((u * 1000).astype(int)).tolist() == list(range(1000))
    assert abs(np.corrcoef(u[:-1], u[1:])[0, 1]) < 4 / np.sqrt(1000)
    assert Draws(1, "cohort").even("career", np.arange(0)).size == 0


def test_a_seed_is_any_whole_number():
    for seed in (0, 2**63, 2**64 - 1):
        assert Draws(seed, "cohort").words("age", np.arange(2)).dtype == np.uint64
    assert nth(np.array([1234567], np.uint64), np.array([0], np.uint64)).tolist() == [
        6457827717110365317
    ]
