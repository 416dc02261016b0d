"""The logarithm and the exponential, of kernels and of arrays, against numbers with more digits."""

from __future__ import annotations

from decimal import Context, Decimal
from hashlib import blake2b

import numpy as np
import pytest

from pathsim import elementary
from pathsim.engine.kernels.elementary import exp, ln
from pathsim.engine.kernels.jit import kernel

EXACT = 0.0
LAST_PLACE = 1.0
"""Units in the last place."""
ROUNDING = 1e-14
"""Of a few operations in a row, relative."""
GENERATED = 100_000
DIGITS = Context(prec=40)
COMPARED_WITH_DIGITS = 2_000
SMALLEST = 2.0**-1022
DIGESTS = {"ln": "61500a3dc493ed3e", "exp": "f51797f819f41bc4"}
"""Of values found with vectors of 64 bytes, and again on processors with 32 and with 16."""


@kernel
def logarithms(numbers: np.ndarray, found: np.ndarray) -> None:
    for i in range(numbers.shape[0]):
        found[i] = ln(numbers[i])


@kernel
def exponentials(numbers: np.ndarray, found: np.ndarray) -> None:
    for i in range(numbers.shape[0]):
        found[i] = exp(numbers[i])


KERNELS = {"ln": logarithms, "exp": exponentials}
SCALAR = {"ln": ln, "exp": exp}
ARRAYS = {"ln": elementary.ln, "exp": elementary.exp}
LONG = {"ln": np.log, "exp": np.exp}
DECIMAL = {"ln": DIGITS.ln, "exp": DIGITS.exp}


def arguments(name: str) -> np.ndarray:
    rng = np.random.default_rng(4)
    if name == "exp":
        wide = rng.uniform(-708.0, 709.7, GENERATED)
        return np.concatenate([rng.normal(0.0, 1.5, GENERATED), wide, np.linspace(-1, 1, 2001)])
    small = np.geomspace(2.0**-53, 0.5, GENERATED // 4)
    powers = 2.0 ** np.arange(-1022, 1024)
    wide = np.exp(rng.uniform(-700.0, 700.0, GENERATED))
    return np.concatenate([rng.random(GENERATED) + 2.0**-54, small, 1.0 - small, powers, wide])


def found(name: str, numbers: np.ndarray) -> np.ndarray:
    values = np.empty_like(numbers)
    KERNELS[name](numbers, values)
    return values


def units(values: np.ndarray, exact: np.ndarray) -> np.ndarray:
    """Return the distance from `exact` in units of the last place of its float64."""
    place = np.spacing(np.abs(exact.astype(np.float64)))
    return np.asarray(np.abs(values.astype(np.longdouble) - exact) / place, np.float64)


@pytest.mark.skipif(np.finfo(np.longdouble).nmant < 63, reason="long double is no longer here")
@pytest.mark.parametrize("name", KERNELS)
def test_a_value_is_within_a_unit_of_the_last_place(name):
    numbers = arguments(name)
    exact = LONG[name](numbers.astype(np.longdouble))
    assert units(found(name, numbers), exact).max() < LAST_PLACE


@pytest.mark.parametrize("name", KERNELS)
def test_a_value_is_within_a_unit_of_the_last_place_of_decimal_arithmetic(name):
    numbers = np.random.default_rng(5).choice(arguments(name), COMPARED_WITH_DIGITS)
    for x, value in zip(numbers.tolist(), found(name, numbers).tolist(), strict=True):
        exact = DECIMAL[name](Decimal(x))
        place = Decimal(float(np.spacing(abs(float(exact)))))
        assert abs(Decimal(value) - exact) < place * Decimal(LAST_PLACE), x


@pytest.mark.parametrize("name", KERNELS)
def test_a_loop_gives_the_bits_that_single_numbers_give(name):
    numbers = arguments(name)[::97]
    single = np.array([SCALAR[name](x) for x in numbers])
    assert found(name, numbers).tobytes() == single.tobytes()


@pytest.mark.parametrize("name", KERNELS)
def test_an_array_gets_the_bits_that_kernels_give(name):
    numbers = arguments(name)
    assert ARRAYS[name](numbers).tobytes() == found(name, numbers).tobytes()
    square = numbers[:64].reshape(8, 8)
    assert ARRAYS[name](square).tobytes() == found(name, square.ravel()).tobytes()
    assert ARRAYS[name](square).shape == (8, 8)
    assert float(ARRAYS[name](numbers[0])) == SCALAR[name](numbers[0])


def test_arrays_reach_both_ends():
    assert elementary.ln([0.0, 1.0, np.inf]).tolist() == [-np.inf, 0.0, np.inf]
    assert np.isnan(elementary.ln([np.nan, -1.0, -np.inf])).all()
    assert np.isnan(elementary.exp([np.nan, -np.nan])).all()
    assert elementary.exp([-np.inf, -800.0, 0.0, 800.0]).tolist() == [0.0, 0.0, 1.0, np.inf]
    assert elementary.log_odds([0.0, 0.5, 1.0]).tolist() == [-np.inf, 0.0, np.inf]
    assert elementary.logistic([-np.inf, 0.0, np.inf]).tolist() == [0.0, 0.5, 1.0]


def test_log_odds_and_logistic_undo_each_other():
    shares = np.linspace(0.001, 0.999, 999)
    again = elementary.logistic(elementary.log_odds(shares))
    assert np.abs(again / shares - 1.0).max() < ROUNDING


@pytest.mark.parametrize("name", KERNELS)
def test_a_greater_number_never_has_a_smaller_value(name):
    values = found(name, np.sort(arguments(name)))
    assert (np.diff(values) >= 0).all()


def test_the_logarithm_of_1_is_0():
    assert ln(1.0) == EXACT


def test_the_logarithm_is_right_at_the_ends_of_its_range():
    for x in (SMALLEST, 2.0**-53, 1.0 - 2.0**-53, np.finfo(np.float64).max):
        assert units(np.array([ln(x)]), np.log(np.array([x], np.longdouble)))[0] < LAST_PLACE


def test_the_exponential_of_0_is_1():
    assert exp(0.0) == exp(-0.0) == 1.0


def test_the_exponential_ends_in_0_and_infinity():
    assert [exp(x) for x in (-1e300, -np.inf, -746.0)] == [EXACT] * 3
    assert [exp(x) for x in (709.79, 1e300, np.inf)] == [np.inf] * 3
    assert 1.79e308 < exp(709.78) < np.inf


def test_the_exponential_falls_through_the_subnormal_numbers():
    assert exp(-745.0) == 2.0**-1074
    assert exp(-740.0) == 85 * 2.0**-1074


def test_the_bits_are_those_written_here():
    # A fused multiplication, or another order of the sums, would show here.
    assert ln(0.1).hex() == "-0x1.26bb1bbb55515p+1"
    assert ln(0.7).hex() == "-0x1.6d3c324e13f50p-2"
    assert exp(1.0).hex() == "0x1.5bf0a8b145769p+1"
    assert exp(-0.7).hex() == "0x1.fc80db9dd5542p-2"


def test_the_bits_of_many_values_are_those_of_every_machine():
    rng = np.random.default_rng(6)
    uniform = rng.random(GENERATED) + 2.0**-54
    digests = {
        "ln": blake2b(found("ln", uniform), digest_size=8).hexdigest(),
        "exp": blake2b(found("exp", 40.0 * uniform - 20.0), digest_size=8).hexdigest(),
    }
    assert digests == DIGESTS
