"""A quick stand-in for the model near where it was run: one curved surface a target.

A ridge regression of each target, on its logit or log scale, on the logs of the parameters and
their squares. Slopes are hardly penalised. Products are left out: near the posterior they bend a
surface by less than what the noise of as many coefficients adds. Runs held back from a fit
give the errors and how they go together, which enter the likelihood: figures of the same people
miss alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from sklearn.covariance import ledoit_wolf
from sklearn.linear_model import RidgeCV

from pathsim.errors import InputError, Problem

from .design import Belief, belief_of
from .scales import to_scale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pathsim.engine.contract import Floats

    from .store import Run
    from .targets import Target

Bools = NDArray[np.bool_]
FOLDS = 5
"""Each of so many parts of the runs is held back once, and judged by a fit to the others."""
_PENALTIES = np.logspace(-4, 4, 17)
_SLOPES_FIRST = 10.0
"""Of a slope, its size in the regression against that of a square: its penalty is a hundredth."""


@dataclass(frozen=True)
class Surfaces:
    """Curved surfaces of several figures over the logs of the parameters."""

    centre: Floats
    """[keys] of the runs."""
    spread: Floats
    """[keys]"""
    slopes: Floats
    """[figures, 2 keys] of the parameters, then of their squares."""
    height: Floats
    """[figures]"""

    def __call__(self, points: Floats) -> Floats:
        """Return the figures, [n, figures], at log parameters [n, keys]."""
        features = _features(points, self.centre, self.spread)
        return np.asarray(features @ self.slopes.T + self.height)


@dataclass(frozen=True)
class Emulator:
    """Surfaces of all fitted targets."""

    targets: tuple[Target, ...]
    error: Floats
    """[targets] standard deviation, on each target's scale, of surface minus model."""
    held_out: Floats
    """[targets] root mean square of the same for single runs held out, their noise included."""
    correlation: Floats
    """[targets, targets] of the errors of different targets."""
    surfaces: Surfaces
    region: Belief
    """Where the runs lie."""
    reach: float
    """Log density, in the region, of the farthest run."""

    @property
    def covariance(self) -> Floats:
        """Covariance of the errors, [targets, targets]."""
        return self.correlation * np.outer(self.error, self.error)

    def covers(self, points: Floats) -> Bools:
        """Return which points, [n, keys], lie among the runs: beyond, a curve may turn back."""
        return np.asarray(self.region.log_density(points) >= self.reach)

    def __call__(self, points: Floats) -> Floats:
        """Return the targets on their scales, [n, targets], at log parameters [n, keys]."""
        return self.surfaces(points)


def fit_emulator(
    runs: Sequence[Run],
    targets: tuple[Target, ...],
    *,
    earlier: Sequence[Run] = (),
) -> Emulator:
    """Return the surfaces through `runs` and `earlier` ones, and their errors at `runs`.

    earlier: runs that lie around the others; they shape the surfaces, and nothing is judged by
    them.

    The mean square of the held-out differences holds the surface's own error and the noise of
    the runs it is compared with. That noise is known from their replications and taken off;
    what is left is at least what noise alone makes of a surface of so many coefficients.
    """
    every = [*runs, *earlier]
    points = np.array([run.point for run in every])
    figures = [
        [to_scale(run.figures[:, place], target) for run in every]
        for place, target in enumerate(targets)
    ]
    values = np.array([[each.mean() for each in one] for one in figures]).T
    for target, column in zip(targets, values.T, strict=True):
        if not np.isfinite(column).all():
            message = "has no figure in some runs: too few people whom it is about"
            raise InputError(Problem(message, key=f"targets.{target.id}"))
    missed = _missed(points, values, judged=len(runs))
    off = np.mean(missed**2, axis=0)
    noise = np.array([_noise(one) for one in figures])
    least = noise * (1 + 2 * points.shape[1]) / len(every)
    region = belief_of((), points)
    return Emulator(
        targets,
        error=np.sqrt(np.maximum(off - noise, least)),
        held_out=np.sqrt(off),
        correlation=_correlation(missed / np.where(off > 0.0, np.sqrt(off), 1.0)),
        surfaces=_fitted(points, values),
        region=region,
        reach=float(region.log_density(points).min()),
    )


def _missed(points: Floats, values: Floats, *, judged: int) -> Floats:
    """Return by how much surfaces miss the first `judged` runs, each by a fit without it."""
    number = np.arange(len(points))
    parts = []
    for fold in range(min(FOLDS, judged)):
        held = (number % FOLDS == fold) & (number < judged)
        parts.append(_fitted(points[~held], values[~held])(points[held]) - values[held])
    return np.vstack(parts)


def _correlation(missed: Floats) -> Floats:
    """Return how the misses, [runs, targets], go together: shrunk, for the runs are few."""
    covariance, _ = ledoit_wolf(missed, assume_centered=True)
    sd = np.sqrt(np.diag(covariance))
    sd[sd == 0.0] = 1.0  # of a figure that no run moves
    together = np.asarray(covariance / np.outer(sd, sd))
    np.fill_diagonal(together, 1.0)
    return together


def _features(points: Floats, centre: Floats, spread: Floats) -> Floats:
    scaled = (points - centre) / spread
    return np.hstack([_SLOPES_FIRST * scaled, scaled**2])


def _fitted(points: Floats, values: Floats) -> Surfaces:
    """Return the surfaces through `values`, [n, figures], at `points`, [n, keys]."""
    centre, spread = points.mean(axis=0), points.std(axis=0)
    spread = np.where(spread > 0.0, spread, 1.0)
    ridge = RidgeCV(_PENALTIES, alpha_per_target=True)
    ridge.fit(_features(points, centre, spread), values)
    slopes = ridge.coef_.reshape(values.shape[1], 2 * points.shape[1])
    return Surfaces(centre, spread, slopes, ridge.intercept_)


def _noise(figures: list[Floats]) -> float:
    """Return the variance of the mean over a run's replications."""
    if len(figures[0]) < 2:
        return 0.0
    return float(np.mean([each.var(ddof=1) / len(each) for each in figures]))
