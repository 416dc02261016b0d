"""Columns of a Gaussian process: any smooth surface over several inputs.

Two draws are as alike as exp(-sum of (distance along an input / its length)^2 / 2). Lengths, and
how large the noise of each outcome is beside its surface, are those under which the outcomes are
likeliest, about an unknown mean (Rasmussen and Williams, Gaussian Processes for Machine Learning
(2006), chapters 2 and 5). All outcomes share the lengths: options differ in how much an input
matters to them, less in how far one must go along it to see a change.

The surface is least squares with a penalty (`ridge.py`) on columns that stand for the likeness of
draws; with at most `SPANNED` draws that is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from scipy.optimize import minimize

from pathsim.elementary.arrays import Floats

from .ridge import Basis

LEARNT: Final = 256
"""Draws, at most, from which lengths are learnt: the cost is their number cubed."""
SPANNED: Final = 400
"""Draws, at most, whose likeness to any other makes up the surface."""
_LENGTHS: Final = (0.2, 50.0)
"""In spreads of an input. A surface with shorter ones follows noise; a longer one is a plane."""
_NOISE: Final = (1e-5, 1e5)
_START: Final = 2.0
"""Length to begin with, times the root of the number of inputs."""
_TRIED: Final = 81
"""Sizes of noise that are tried before the best of them is refined."""
_STEPS: Final = 60
_NEAR: Final = 1e-6
"""Relative change of the likelihood at which it is the likeliest."""
_NOTHING: Final = 1e-9
"""Size of a column, relative to the largest, below which it is rounding."""


def learn(points: Floats, values: Floats, *, starts: Sequence[float] = (_START,)) -> Floats:
    """Return the likeliest lengths, [q], for outcomes [D, outcomes] at points [D, q].

    They are learnt from the first draws: of Sobol points any number of the first lie well spread.
    At each choice of lengths the likeliest noise is found at once, so only these are searched for.
    starts: lengths to begin with, each times the root of the number of inputs; more of them find
    short lengths that a search from long ones passes by.
    """
    points, values = points[:LEARNT], values[:LEARNT]
    inputs = points.shape[1]
    centred = values - values.mean(axis=0)
    # Units would shift the likelihood, and so where the search for its top ends.
    centred = centred / np.sqrt(np.mean(centred**2, axis=0))
    found = [
        minimize(
            _unlikely,
            np.clip(np.full(inputs, np.log(start * np.sqrt(inputs))), *np.log(_LENGTHS)),
            args=(points, centred),
            jac=True,
            method="L-BFGS-B",
            bounds=[tuple(np.log(_LENGTHS))] * inputs,
            options={"maxiter": _STEPS, "ftol": _NEAR},
        )
        for start in starts
    ]
    return np.asarray(np.exp(min(found, key=lambda each: float(each.fun)).x))


def spanned(points: Floats, lengths: Floats) -> Floats:
    """Return columns, [D, r], whose products are the likeness of draws; the first span it."""
    return spanned_by(points, points, lengths)


def spanned_by(at: Floats, points: Floats, lengths: Floats) -> Floats:
    """Return those columns at other points, [n, r]: `spanned` of `points` is that at `points`."""
    some = points[:SPANNED] / lengths
    sizes, directions = np.linalg.eigh(_likeness(some, some))
    kept = sizes > _NOTHING * sizes[-1]
    return np.asarray(_likeness(at / lengths, some) @ directions[:, kept] / np.sqrt(sizes[kept]))


def noise_of(basis: Basis, values: Floats) -> Floats:
    """Return the likeliest variance of noise beside that of the surface, [outcomes].

    basis: of the columns that `spanned` gives, of all draws. It is the penalty of their fit.
    """
    centred = values - values.mean(axis=0)
    along = (basis.columns.T @ centred) ** 2 / basis.squares[:, None]
    # In all other directions there is noise alone.
    others = len(values) - 1.0 - len(along)
    left = np.maximum(np.sum(centred**2, axis=0) - np.sum(along, axis=0), 0.0)
    counts = np.append(np.ones(len(along)), others)
    return _likeliest_noise(np.append(basis.squares, 0.0), np.vstack([along, left]), counts)


class _Spectrum(NamedTuple):
    """The likeness of draws about an unknown mean, along its own directions."""

    sizes: Floats
    """[D - 1]: one direction is the mean, which is no evidence."""
    directions: Floats
    """[D, D - 1]"""
    along: Floats
    """[D - 1, outcomes]"""
    likeness: Floats
    """[D, D]"""
    noise: Floats
    """[outcomes] the likeliest, relative to the variance of the surface."""


def _spectrum(scaled: Floats, values: Floats) -> _Spectrum:
    likeness = _likeness(scaled, scaled)
    # The mean's direction is made the largest, so that it, and no other, is the last.
    sizes, directions = np.linalg.eigh(_about_mean(likeness) + 2.0)
    sizes, directions = np.maximum(sizes[:-1], 0.0), directions[:, :-1]
    along = directions.T @ values
    noise = _likeliest_noise(sizes, along**2, np.ones(len(sizes)))
    return _Spectrum(sizes, directions, along, likeness, noise)


def _unlikely(log_lengths: Floats, points: Floats, values: Floats) -> tuple[float, Floats]:
    """Return minus the log likelihood, and its slopes, at the noise that is likeliest there."""
    scaled = points / np.exp(log_lengths)
    found = _spectrum(scaled, values)
    spread = found.sizes[:, None] + found.noise
    variance = np.mean(found.along**2 / spread, axis=0)
    unlikely = 0.5 * np.sum(len(spread) * np.log(variance) + np.sum(np.log(spread), axis=0))
    weights = found.directions @ (found.along / spread / np.sqrt(variance))
    by_trace = (found.directions * np.sum(1.0 / spread, axis=1)) @ found.directions.T
    slope = (by_trace - weights @ weights.T) * found.likeness
    return float(unlikely), _by_lengths(slope, scaled)


def _likeliest_noise(sizes: Floats, squares: Floats, counts: Floats) -> Floats:
    """Return the likeliest noise, [outcomes].

    sizes: [r] how much a surface varies along a direction. squares: [r, outcomes] of outcomes along
    it. counts: [r] how many directions it stands for.
    """
    steps = np.linspace(np.log(_NOISE[0]), np.log(_NOISE[1]), _TRIED)
    spread = sizes[:, None] + np.exp(steps)
    variance = squares.T @ (1.0 / spread) / counts.sum()
    unlikely = counts.sum() * np.log(variance) + counts @ np.log(spread)
    every = np.arange(len(unlikely))
    near = np.clip(np.argmin(unlikely, axis=1), 1, _TRIED - 2)
    before, here, after = (unlikely[every, near + k] for k in (-1, 0, 1))
    bend = before - 2.0 * here + after
    # The lowest point of the parabola through three; at an end there is none between them.
    off = np.where(bend > 0.0, 0.5 * (before - after) / np.where(bend > 0.0, bend, 1.0), 0.0)
    off = np.where(bend > 0.0, off, np.sign(before - after))
    step = steps[1] - steps[0]
    return np.asarray(np.exp(steps[near] + step * np.clip(off, -1.0, 1.0)))


def _by_lengths(slope: Floats, scaled: Floats) -> Floats:
    """Return half the sum of `slope`, [D, D], times squared distances along each input."""
    together = np.sum(scaled * (slope @ scaled), axis=0)
    return np.asarray(scaled.T**2 @ slope.sum(axis=1) - together)


def _likeness(left: Floats, right: Floats) -> Floats:
    squares = np.sum(left**2, axis=1)[:, None] + np.sum(right**2, axis=1) - 2.0 * left @ right.T
    return np.asarray(np.exp(-0.5 * np.maximum(squares, 0.0)))


def _about_mean(likeness: Floats) -> Floats:
    return np.asarray(
        likeness - likeness.mean(axis=0) - likeness.mean(axis=1)[:, None] + likeness.mean()
    )
