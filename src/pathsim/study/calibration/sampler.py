"""The posterior by affine-invariant ensemble sampling (Goodman and Weare 2010), with emcee."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import emcee
import numpy as np

from .design import Belief
from .scales import to_scale

if TYPE_CHECKING:
    from pathsim.engine.contract import Floats

    from .emulator import Emulator

_WALKERS_A_PARAMETER = 6
_CHUNK = 500
_MOST_STEPS = 30_000
_ENOUGH = 50.0
"""Steps in autocorrelation times, below which emcee's authors do not trust the estimate."""
_BURN_IN = 5.0
"""Steps thrown away, in autocorrelation times."""


@dataclass(frozen=True)
class Chain:
    """A sample of the posterior."""

    points: Floats
    """[draws, keys] logs of the parameters."""
    acceptance: float
    autocorrelation: float
    """Longest autocorrelation time of any parameter, steps."""
    steps: int

    @property
    def converged(self) -> bool:
        """Whether the chain is long enough for its autocorrelation."""
        return self.steps >= _ENOUGH * self.autocorrelation


def sample(prior: Belief, emulator: Emulator, *, draws: int, seed: int) -> Chain:
    """Return `draws` points of the posterior: prior times a normal likelihood.

    The variance of each target is that of its sampling, of its discrepancy and of the
    emulator, added; the emulator's errors of different targets go together as where it was
    tried. Where it has no runs, the posterior is taken to be 0.
    """
    target = np.array(
        [float(to_scale(np.array(each.published), each)) for each in emulator.targets]
    )
    doubt = np.diag([each.log_error**2 for each in emulator.targets]) + emulator.covariance
    likelihood = Belief(tuple(each.id for each in emulator.targets), target, doubt)

    def log_posterior(points: Floats) -> Floats:
        log = prior.log_density(points) + likelihood.log_density(emulator(points))
        return np.where(emulator.covers(points), log, -np.inf)

    walkers = max(32, _WALKERS_A_PARAMETER * len(prior.keys))
    # In the midst of the runs, where nothing is excluded.
    start = emulator.region.spread(walkers, widened=0.5, seed=seed)
    ensemble = emcee.EnsembleSampler(
        walkers, len(prior.keys), log_posterior, vectorize=True, moves=_moves()
    )
    # The legacy state is what emcee draws from, and takes no larger seed.
    legacy = np.random.RandomState(seed % (1 << 32))
    state = emcee.State(start, random_state=legacy.get_state())
    longest = np.inf
    while ensemble.iteration < _MOST_STEPS and ensemble.iteration < _ENOUGH * longest:
        state = ensemble.run_mcmc(state, _CHUNK)
        longest = float(np.max(ensemble.get_autocorr_time(tol=0, quiet=True)))
    discarded = int(min(_BURN_IN * longest, ensemble.iteration / 2))
    flat = ensemble.get_chain(discard=discarded, flat=True)
    kept = np.linspace(0, len(flat) - 1, draws).round().astype(int)
    return Chain(
        points=np.asarray(flat[kept]),
        acceptance=float(np.mean(ensemble.acceptance_fraction)),
        autocorrelation=longest,
        steps=int(ensemble.iteration),
    )


def _moves() -> list[tuple[object, float]]:
    # Differential evolution mixes better than the stretch move when parameters trade off.
    return [(emcee.moves.DEMove(), 0.8), (emcee.moves.DESnookerMove(), 0.2)]
