"""Toy studies whose truth is known: doubt of standard deviation 1, and chance beside it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.stats import norm


class Studies(NamedTuple):
    """Independent studies, one a row."""

    values: np.ndarray  # [D, r, K]
    new: np.ndarray  # [K] the expected difference in a new state of the world

    def moved(self, by: np.ndarray) -> Studies:
        return Studies(self.values + by, self.new + by)


def studies(
    seed: int,
    *,
    studies: int = 2000,
    draws: int,
    noise: float,
    replications: int = 4,
    doubt: float = 1.0,
    skew: float = 0.0,
    stratified: bool = False,
) -> Studies:
    """Return studies; noise: standard deviation of chance in the mean of a draw.

    skew: 0 for normal doubt, else the standard deviation of its logarithm.
    """
    rng = np.random.default_rng(seed)
    normal = rng.normal(size=(draws, studies))
    if stratified:
        strata = rng.permuted(np.tile(np.arange(draws)[:, None], studies), axis=0)
        normal = norm.ppf((strata + rng.random((draws, studies))) / draws)
    each = doubt * _shaped(normal, skew)
    luck = noise * np.sqrt(replications) * rng.normal(size=(draws, replications, studies))
    return Studies(each[:, None] + luck, doubt * _shaped(rng.normal(size=studies), skew))


def _shaped(normal: np.ndarray, skew: float) -> np.ndarray:
    """Return numbers of mean 0 and variance 1."""
    if skew == 0.0:
        return normal
    mean = np.exp(skew * skew / 2.0)
    return (np.exp(skew * normal) / mean - 1.0) / np.sqrt(np.exp(skew * skew) - 1.0)
