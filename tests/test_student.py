"""The quantile of Student's t distribution against published figures and another program's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import stdtrit

from pathsim.elementary.student import MANY, student_quantile

PUBLISHED = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 10: 2.228, 30: 2.042, 120: 1.980}
"""Two-sided 95% points: Fisher and Yates, Statistical tables, table III."""
ACCURACY = 5e-13
"""Relative; far below the digits that are ever shown."""


def test_the_quantiles_are_those_of_the_published_table():
    found = student_quantile(np.array(list(PUBLISHED), np.float64), 0.975)
    assert found.round(3).tolist() == list(PUBLISHED.values())


@pytest.mark.parametrize("p", [0.6, 0.95, 0.975, 0.995])
def test_the_quantiles_are_accurate_at_few_and_at_many_degrees(p):
    few = np.arange(1, 60)
    degrees = np.concatenate([few, MANY + np.arange(-2, 3), [199, 499, 10_000, 10**9]])
    ours = student_quantile(degrees.astype(np.float64), p)
    assert ours == pytest.approx(stdtrit(degrees, p), rel=ACCURACY)


def test_there_is_no_quantile_below_one_degree():
    assert np.isnan(student_quantile(np.array([-1.0, 0.0, np.nan]), 0.975)).all()


def test_the_bits_are_those_written_here():
    found = student_quantile(np.array([1.0, 4.0, 199.0, 5000.0]), 0.975)
    assert [float(each).hex() for each in found] == [
        "0x1.96993aacc4d23p+3",
        "0x1.63628d9efb5e3p+1",
        "0x1.f8d224e2b1cb1p+0",
        "0x1.f5df4d0965a55p+0",
    ]
