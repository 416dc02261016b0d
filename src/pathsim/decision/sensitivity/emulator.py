"""A quick stand-in for the model, fitted to the draws, and how good it is.

It is the Gaussian process of `regression/process.py`, asked at new points. How good it is is told
by draws that it has not seen: of five parts of the draws each is held back once, and the stand-in
is learnt anew without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from pathsim.decision.regression.process import learn, noise_of, spanned, spanned_by
from pathsim.decision.regression.ridge import basis_of
from pathsim.decision.regression.smooth import one_thread
from pathsim.elementary.arrays import Floats

GOOD_ENOUGH: Final = 0.8
"""Share of the doubt about unseen draws that a stand-in must foresee to take the model's place."""
MOST_CHANCE: Final = 0.5
"""Share of the variance of draws' means that may be chance: beyond, it hides how good it is."""
_FOLDS: Final = 5
_STARTS: Final = (2.0, 0.5, 0.2)
"""Of lengths: waves are short, and a search from long ones alone does not find them."""


@dataclass(frozen=True, eq=False)
class Emulator:
    """A smooth surface of one outcome over several inputs."""

    centre: Floats
    """[P]"""
    spread: Floats
    """[P]"""
    points: Floats
    """[D, P] at which it was learnt, standardised."""
    lengths: Floats
    """[P]"""
    middle: Floats
    """[r] of the columns."""
    weights: Floats
    """[r]"""
    height: float

    def __call__(self, inputs: Floats) -> Floats:
        """Return what is expected at inputs, [n, P]: [n]."""
        at = (inputs - self.centre) / self.spread
        columns = spanned_by(at, self.points, self.lengths)
        return np.asarray(self.height + (columns - self.middle) @ self.weights)


class Quality(NamedTuple):
    """How well a stand-in foresees draws that it has not seen."""

    r2: float
    """Share of the variance of draws' means, chance included, that it foresees."""
    r2_doubt: float
    """Likewise of what is left of their variance when that of chance is taken off."""
    chance: float
    """Share of the variance of draws' means that is chance."""

    @property
    def enough(self) -> bool:
        """Whether it may take the model's place."""
        return self.chance <= MOST_CHANCE and self.r2_doubt >= GOOD_ENOUGH


@one_thread
def fit_emulator(inputs: Floats, outcome: Floats) -> Emulator:
    """Return the surface of an outcome, [D], over inputs, [D, P]."""
    centre, spread = inputs.mean(axis=0), inputs.std(axis=0)
    spread = np.where(spread > 0.0, spread, 1.0)
    points, values = (inputs - centre) / spread, outcome[:, None]
    height = float(outcome.mean())
    if not outcome.std() > 0.0:
        nothing = np.ones(points.shape[1])
        columns = spanned(points, nothing)
        zero = np.zeros(columns.shape[1])
        return Emulator(centre, spread, points, nothing, zero, zero, height)
    lengths = learn(points, values, starts=_STARTS)
    columns = spanned(points, lengths)
    penalty = float(noise_of(basis_of(columns), values)[0])
    middle = columns.mean(axis=0)
    off = columns - middle
    square = off.T @ off + penalty * np.eye(off.shape[1])
    weights = np.linalg.solve(square, off.T @ (outcome - height))
    return Emulator(centre, spread, points, lengths, middle, weights, height)


@one_thread
def quality(inputs: Floats, outcome: Floats, *, chance: float) -> Quality:
    """Return how well a stand-in foresees draws held back.

    chance: variance of the outcome, [D], that is the noise of replications, which nothing foresees.
    """
    missed = np.empty(len(outcome))
    for fold in range(_FOLDS):
        held = np.arange(len(outcome)) % _FOLDS == fold
        missed[held] = outcome[held] - fit_emulator(inputs[~held], outcome[~held])(inputs[held])
    variance, left = float(outcome.var()), float(np.mean(missed**2))
    if variance == 0.0:
        return Quality(np.nan, np.nan, np.nan)
    doubt = variance - chance
    r2_doubt = 1.0 - max(left - chance, 0.0) / doubt if doubt > 0.0 else np.nan
    return Quality(1.0 - left / variance, r2_doubt, min(chance / variance, 1.0))
