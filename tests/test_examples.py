"""Examples in docstrings do what they say."""

from __future__ import annotations

import doctest

import pytest

from pathsim.outcomes.validation import (
    calibration,
    discrimination,
    places,
    shares,
    small,
    survival,
    tenths,
)
from pathsim.people import cohort
from pathsim.scenario import explain

WITH_EXAMPLES = {
    explain: 15,
    cohort: 6,
    calibration: 6,
    discrimination: 4,
    places: 3,
    shares: 3,
    small: 4,
    survival: 5,
    tenths: 5,
}
"""Modules, and how many lines of examples each has at least."""


# Made-up people draw many warnings; those that matter are tried by name.
@pytest.mark.filterwarnings("ignore::pathsim.errors.InputWarning")
@pytest.mark.parametrize("module", WITH_EXAMPLES, ids=lambda module: module.__name__)
def test_the_examples_of_a_module_do_what_they_say(module):
    done = doctest.testmod(module)
    assert done.attempted >= WITH_EXAMPLES[module]
    assert done.failed == 0
