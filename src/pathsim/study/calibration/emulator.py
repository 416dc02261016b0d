"""A quick stand-in for the model near where it was run: one curved surface a target.

A quadratic ridge regression of each target, on its logit or log scale, on the logs of the
parameters. Multipliers of different groups have no products of their own: each acts on its
group, and what two of them do together is small. Runs held back from a first fit give the error,
which enters the likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
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
HELD_OUT = 5
"""One run in so many is held back for the check."""
_PENALTIES = np.logspace(-4, 2, 13)


@dataclass(frozen=True)
class Surfaces:
    """Curved surfaces of several figures over the logs of the parameters."""

    centre: Floats
    """[keys] of the runs."""
    spread: Floats
    """[keys]"""
    pairs: tuple[tuple[int, int], ...]
    """Parameters whose products bend the surfaces, themselves included."""
    slopes: Floats
    """[figures, keys + pairs]"""
    height: Floats
    """[figures]"""

    def __call__(self, points: Floats) -> Floats:
        """Return the figures, [n, figures], at log parameters [n, keys]."""
        features = _features(points, self.centre, self.spread, self.pairs)
        return np.asarray(features @ self.slopes.T + self.height)


@dataclass(frozen=True)
class Emulator:
    """Surfaces of all fitted targets."""

    targets: tuple[Target, ...]
    error: Floats
    """[targets] standard deviation, on each target's scale, of surface minus model."""
    held_out: Floats
    """[targets] root mean square of the same for single runs held out, their noise included."""
    surfaces: Surfaces
    region: Belief
    """Where the runs lie."""
    reach: float
    """Log density, in the region, of the farthest run."""

    def covers(self, points: Floats) -> Bools:
        """Return which points, [n, keys], lie among the runs: beyond, a curve may turn back."""
        return np.asarray(self.region.log_density(points) >= self.reach)

    def __call__(self, points: Floats) -> Floats:
        """Return the targets on their scales, [n, targets], at log parameters [n, keys]."""
        return self.surfaces(points)


def fit_emulator(
    runs: Sequence[Run], targets: tuple[Target, ...], *, alone: Sequence[bool] | None = None
) -> Emulator:
    """Return the surfaces through `runs` and their errors.

    alone: of each parameter, whether it acts on one group, so that it and another such have no
    product of their own; left out, none does.

    The mean square of the held-out differences holds the surface's own error and the noise of
    the runs it is compared with. That noise is known from their replications and taken off;
    what is left is at least what noise alone makes of a surface of so many coefficients.
    """
    points = np.array([run.point for run in runs])
    pairs = _pairs([False] * points.shape[1] if alone is None else alone)
    held = np.arange(len(runs)) % HELD_OUT == 0
    figures = [
        [to_scale(run.figures[:, place], target) for run in runs]
        for place, target in enumerate(targets)
    ]
    values = np.array([[each.mean() for each in one] for one in figures]).T
    for target, column in zip(targets, values.T, strict=True):
        if not np.isfinite(column).all():
            message = "has no figure in some runs: too few people whom it is about"
            raise InputError(Problem(message, key=f"targets.{target.id}"))
    first = _fitted(points[~held], values[~held], pairs)
    off = np.mean((first(points[held]) - values[held]) ** 2, axis=0)
    noise = np.array([_noise(one) for one in figures])
    least = noise * (1 + points.shape[1] + len(pairs)) / len(runs)
    region = belief_of((), points)
    return Emulator(
        targets,
        error=np.sqrt(np.maximum(off - noise, least)),
        held_out=np.sqrt(off),
        surfaces=_fitted(points, values, pairs),
        region=region,
        reach=float(region.log_density(points).min()),
    )


def _pairs(alone: Sequence[bool]) -> tuple[tuple[int, int], ...]:
    """Return the pairs of parameters, each with itself, of which one acts on everybody."""
    keys = range(len(alone))
    return tuple((j, k) for j in keys for k in keys[j:] if j == k or not (alone[j] and alone[k]))


def _features(
    points: Floats, centre: Floats, spread: Floats, pairs: tuple[tuple[int, int], ...]
) -> Floats:
    scaled = (points - centre) / spread
    first, second = (np.array(side, np.intp) for side in zip(*pairs, strict=True))
    return np.hstack([scaled, scaled[:, first] * scaled[:, second]])


def _fitted(points: Floats, values: Floats, pairs: tuple[tuple[int, int], ...]) -> Surfaces:
    """Return the surfaces through `values`, [n, figures], at `points`, [n, keys]."""
    centre, spread = points.mean(axis=0), points.std(axis=0)
    spread = np.where(spread > 0.0, spread, 1.0)
    ridge = RidgeCV(_PENALTIES, alpha_per_target=True)
    ridge.fit(_features(points, centre, spread, pairs), values)
    shape = values.shape[1], points.shape[1] + len(pairs)
    return Surfaces(centre, spread, pairs, ridge.coef_.reshape(shape), ridge.intercept_)


def _noise(figures: list[Floats]) -> float:
    """Return the variance of the mean over a run's replications."""
    if len(figures[0]) < 2:
        return 0.0
    return float(np.mean([each.var(ddof=1) / len(each) for each in figures]))
