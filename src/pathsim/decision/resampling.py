"""Draws drawn again: how far an answer hangs on which draws there were."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from pathsim.elementary.arrays import Floats

RESAMPLES: Final = 100
"""A standard error from so many is known to 7%."""


def resample_counts(draws: int, *, resamples: int, seed: int) -> Iterator[Floats]:
    """Give how often each draw counts when as many are drawn again, [D], for each resample.

    The same seed and number of draws give the same counts, so that answers can be compared.
    """
    rng = np.random.default_rng(seed)
    for _ in range(resamples):
        picked = rng.integers(draws, size=draws)
        yield np.bincount(picked, minlength=draws).astype(np.float64)
