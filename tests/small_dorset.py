"""Dorset with some people, for tests that simulate it in states of the world."""

from __future__ import annotations

import pathsim as ps

FEW = {"cohort.adults": 120, "cohort.youths": 12, "places_for": 132}


def small_dorset() -> ps.Scenario:
    """Return Dorset's baseline with 132 people, and as many places as are for them."""
    return ps.load("dorset/baseline").change("Small", FEW)
