"""Where in the space of the free parameters to run the model.

All parameters live on the log scale, and what is believed of them is a normal distribution
there: the prior of the targets, or a posterior that another calibration gave.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.stats import norm, qmc

from pathsim.errors import InputError, Problem

if TYPE_CHECKING:
    from pathsim.engine.contract import Floats

    from .posterior import Posterior
    from .targets import Targets


@dataclass(frozen=True)
class Belief:
    """A normal distribution of the logarithms of parameters."""

    keys: tuple[str, ...]
    mean: Floats
    """[keys]"""
    covariance: Floats
    """[keys, keys]"""

    def log_density(self, points: Floats) -> Floats:
        """Return the log density of `points`, [n, keys], but for a constant."""
        off = self._whitening @ (points - self.mean).T
        return np.asarray(-0.5 * np.sum(off**2, axis=0))

    @cached_property
    def _whitening(self) -> Floats:
        return np.asarray(np.linalg.inv(np.linalg.cholesky(self.covariance)))

    def spread(self, count: int, *, widened: float, seed: int) -> Floats:
        """Return `count` points, [count, keys], evenly over the belief (a Latin hypercube).

        widened: factor of the standard deviations.
        """
        sampler = qmc.LatinHypercube(len(self.mean), rng=np.random.default_rng(seed))
        normals = norm.ppf(sampler.random(count)) * widened
        return np.asarray(self.mean + normals @ np.linalg.cholesky(self.covariance).T)


def prior_of(targets: Targets, prior_from: Posterior | None) -> Belief:
    """Return the prior: that of the targets and, for what they do not name, of `prior_from`.

    prior_from: an earlier posterior; its levels of what the targets name themselves are forgotten.
    """
    own = [parameter.key for parameter in targets.parameters]
    mean = np.log([parameter.median for parameter in targets.parameters])
    covariance = np.diag([parameter.log_sd**2 for parameter in targets.parameters])
    table = pd.DataFrame() if prior_from is None else prior_from.table
    others = [key for key in table.columns if key not in own]
    if not others:
        return Belief(tuple(own), mean, covariance)
    logs = np.log(table[others].to_numpy(np.float64))
    both = np.zeros((len(own) + len(others),) * 2)
    both[: len(own), : len(own)] = covariance
    both[len(own) :, len(own) :] = _covariance(logs, others)
    return Belief((*own, *others), np.concatenate([mean, logs.mean(axis=0)]), both)


def _covariance(logs: Floats, keys: list[str]) -> Floats:
    """Return the covariance of draws, [n, keys]. Raises InputError where there is none."""
    if len(logs) > len(keys):
        covariance: Floats = np.atleast_2d(np.cov(logs, rowvar=False))
        with suppress(np.linalg.LinAlgError):
            np.linalg.cholesky(covariance)
            return covariance
    message = "the earlier posterior has too few draws, or they do not vary by themselves"
    raise InputError(Problem(message, key=", ".join(keys), found=f"{len(logs)} draws"))


def belief_of(keys: tuple[str, ...], points: Floats) -> Belief:
    """Return the normal distribution that is nearest to a sample of logs, [n, keys]."""
    return Belief(keys, points.mean(axis=0), np.atleast_2d(np.cov(points, rowvar=False)))
