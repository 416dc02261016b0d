"""EVPI: what it is worth to know everything before the decision.

    mean over draws of the best option's net benefit, less the best of the options' means

(Raiffa and Schlaifer, Applied Statistical Decision Theory (1961)). Noise within a draw counts as if
it were knowledge to be had: with nothing to know and k options as noisy as each other it gives
`exact.best_of(k)` standard errors. So net benefit is given with that noise taken out of its spread.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from pathsim.decision.draws import options_of
from pathsim.decision.resampling import RESAMPLES, resample_counts
from pathsim.elementary.arrays import Floats

_ROUNDING: Final = 1e-12
"""Of a gain beside net benefit: less is none."""


class Perfect(NamedTuple):
    """What it is worth to know everything, in the unit of net benefit."""

    evpi: float
    se: float
    """By drawing the draws again; that of taking their noise out is not in it."""


def evpi(net_benefit: ArrayLike, *, resamples: int = RESAMPLES, seed: int = 1) -> Perfect:
    """Return the expected value of perfect information, with its standard error.

    net_benefit: [D, N], the noise of replications taken out of its spread. resamples: from which
    the error is found. Raises InputError.
    """
    prepared = prepare_perfect(net_benefit)
    error = perfect_error(prepared, resamples=resamples, seed=seed)
    return Perfect(perfect_value(prepared), error)


def prepare_perfect(net_benefit: ArrayLike) -> Floats:
    """Return net benefit, [D, N], less the baseline's, the first. Raises InputError."""
    found = options_of(net_benefit)
    return np.asarray(found - found[:, :1])


def perfect_value(prepared: Floats) -> float:
    """Return the mean gain over the option whose mean is best, 0 or more."""
    return gain(prepared, np.ones(len(prepared)))


def perfect_error(prepared: Floats, *, resamples: int, seed: int) -> float:
    """Return the standard error over draws; each resample finds anew which option is best."""
    counts = resample_counts(len(prepared), resamples=resamples, seed=seed)
    return float(np.std([gain(prepared, each) for each in counts], ddof=1))


def gain(net_benefit: Floats, counts: Floats) -> float:
    """Return what is gained by choosing in each draw: options [D, N], draws that count so often.

    All options must be there, the baseline with zeros.
    """
    share = counts / counts.sum()
    found = float(share @ np.max(net_benefit, axis=1) - np.max(share @ net_benefit))
    return found if found > _ROUNDING * float(np.abs(net_benefit).max(initial=0.0)) else 0.0
