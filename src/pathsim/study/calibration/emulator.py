"""A quick stand-in for the model near where it was run: one curved surface a target.

A quadratic ridge regression of each target, on its logit or log scale, on the logs of the
parameters. Runs held back from a first fit give its error, which enters the likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

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
class Emulator:
    """Surfaces of all fitted targets."""

    targets: tuple[Target, ...]
    error: Floats
    """[targets] standard deviation, on each target's scale, of surface minus model."""
    held_out: Floats
    """[targets] root mean square of the same for single runs held out, their noise included."""
    surfaces: tuple[Any, ...]
    region: Belief
    """Where the runs lie."""
    reach: float
    """Log density, in the region, of the farthest run."""

    def covers(self, points: Floats) -> Bools:
        """Return which points, [n, keys], lie among the runs: beyond, a curve may turn back."""
        return np.asarray(self.region.log_density(points) >= self.reach)

    def __call__(self, points: Floats) -> Floats:
        """Return the targets on their scales, [n, targets], at log parameters [n, keys]."""
        return np.column_stack([surface.predict(points) for surface in self.surfaces])


def fit_emulator(runs: Sequence[Run], targets: tuple[Target, ...]) -> Emulator:
    """Return the surfaces through `runs` and their errors.

    The mean square of the held-out differences holds the surface's own error and the noise of
    the runs it is compared with. That noise is known from their replications and taken off;
    what is left is at least what noise alone makes of a surface of so many coefficients.
    """
    points = np.array([run.point for run in runs])
    held = np.arange(len(runs)) % HELD_OUT == 0
    surfaces, errors, held_out = [], [], []
    for place, target in enumerate(targets):
        figures = [to_scale(run.figures[:, place], target) for run in runs]
        values = np.array([each.mean() for each in figures])
        if not np.isfinite(values).all():
            message = "has no figure in some runs: too few people whom it is about"
            raise InputError(Problem(message, key=f"targets.{target.id}"))
        first = _surface().fit(points[~held], values[~held])
        off = np.mean((first.predict(points[held]) - values[held]) ** 2)
        noise = _noise(figures)
        coefficients = (points.shape[1] + 1) * (points.shape[1] + 2) / 2
        least = noise * coefficients / len(runs)
        errors.append(np.sqrt(max(off - noise, least)))
        held_out.append(np.sqrt(off))
        surfaces.append(_surface().fit(points, values))
    region = belief_of((), points)
    return Emulator(
        targets,
        error=np.array(errors),
        held_out=np.array(held_out),
        surfaces=tuple(surfaces),
        region=region,
        reach=float(region.log_density(points).min()),
    )


def _surface() -> Any:
    return make_pipeline(
        StandardScaler(), PolynomialFeatures(2, include_bias=False), RidgeCV(_PENALTIES)
    )


def _noise(figures: list[Floats]) -> float:
    """Return the variance of the mean over a run's replications."""
    if len(figures[0]) < 2:
        return 0.0
    return float(np.mean([each.var(ddof=1) / len(each) for each in figures]))
