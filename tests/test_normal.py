"""The normal distribution against another program's; its quantile is in `test_ordered.py`."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr

from pathsim.elementary.normal import normal_below, normal_quantile

ACCURACY = 1e-15
"""Absolute; far below the digits that are ever shown."""
ROUNDING = 1e-13


def test_probabilities_are_accurate_to_the_ends():
    x = np.concatenate([np.linspace(-40.0, 40.0, 40_001), [1e300, -1e300, np.inf, -np.inf]])
    assert normal_below(x) == pytest.approx(ndtr(x), rel=0, abs=ACCURACY)


def test_half_is_below_zero_and_of_nothing_nothing_is_known():
    assert normal_below([0.0, -0.0]).tolist() == [0.5, 0.5]
    assert np.isnan(normal_below(np.nan))


def test_the_quantile_is_the_inverse():
    u = np.linspace(0.001, 0.999, 999)
    assert normal_below(normal_quantile(u)) == pytest.approx(u, rel=ROUNDING)


def test_the_bits_are_those_written_here():
    found = normal_below([-3.0, -0.3, 0.7, 2.5])
    assert [float(each).hex() for each in found] == [
        "0x1.61de1f985b635p-10",
        "0x1.87423a677e911p-2",
        "0x1.841d5715c32a7p-1",
        "0x1.fcd21635036c6p-1",
    ]
