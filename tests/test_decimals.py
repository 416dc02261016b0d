"""Numbers from text are the nearest there are."""

from __future__ import annotations

import numpy as np
import pytest

from pathsim.elementary.decimals import decimals

NEAREST = ["2.90407875748679437e-07", "9.265066237858659903", "284.1593666939481295", "0.1", "-7"]
"""pandas 2.2 reads the first three one in the last place beside the nearest number."""


def test_a_number_is_the_nearest_to_its_text():
    assert [float(each).hex() for each in decimals(NEAREST)] == [
        "0x1.37d2b58407621p-22",
        "0x1.287b6c30dc0dfp+3",
        "0x1.1c28cc4172943p+8",
        "0x1.999999999999ap-4",
        "-0x1.c000000000000p+2",
    ]


@pytest.mark.parametrize("text", ["", "x", "1_000", "1,5", "0x10", "\u0661\u0662", "1e", "None"])
def test_what_is_no_number_is_nan(text):
    assert np.isnan(decimals([text])).all()


def test_spaces_around_a_number_and_infinity_are_read():
    assert decimals([" 1.5 ", "inf", "-Infinity", "1e400"]).tolist() == [
        1.5,
        np.inf,
        -np.inf,
        np.inf,
    ]
