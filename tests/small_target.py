"""A target as small as can be, for tests of calibrations by hand."""

from __future__ import annotations

from typing import Any

from pathsim.study.calibration import Target


def target(**said: Any) -> Target:
    plain = {
        "id": "x",
        "title": "X",
        "published": 0.4,
        "source": "a test",
        "fitted": True,
        "se": 0.1,
    }
    return Target(**plain | said)
