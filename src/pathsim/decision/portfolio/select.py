"""The best of a few at a stated chance: the fully sequential procedure of Kim and Nelson.

S.-H. Kim and B. L. Nelson, A fully sequential procedure for indifference-zone selection in
simulation, ACM Transactions on Modeling and Computer Simulation 11 (2001), 251-273. An
observation is the mean of a draw; all mixes have the same draws, so that only the variance of
differences counts. With c = 1 and k mixes

    eta = ((2 alpha / (k - 1))^(-2 / (n0 - 1)) - 1) / 2,  h^2 = 2 eta (n0 - 1),

and mix i goes on after r draws while for every other mix l its sum is no more than
max(0, delta (h^2 S_il^2 / delta^2 - r) / 2) behind, S_il^2 the variance of their difference in the
first n0 draws.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from pathsim.elementary.arrays import Floats

Observe = Callable[[Sequence[int], int], Floats]
"""(mixes, draws) -> [draws, mixes]: the first so many draws of these mixes."""


class Selected(NamedTuple):
    """The best of a few."""

    best: int
    kept: tuple[int, ...]
    """Those not told apart when the draws ended, the best among them; one alone: the procedure
    came to its end, and its chance holds."""
    draws: int
    """Looked at in all."""
    dropped_after: tuple[int, ...]
    """For each mix the draws after which it was dropped; 0: it was not."""

    @property
    def ended(self) -> bool:
        """Return whether the stated chance holds."""
        return len(self.kept) == 1


def select(  # noqa: PLR0913 the terms of the procedure
    observe: Observe, *, count: int, delta: float, sure: float, first: int, most: int
) -> Selected:
    """Return the best of `count` mixes, each worth what its draws come to on average.

    With chance `sure` or more it is the best, if the best is better than the others by `delta`; and
    else it is within delta of the best. first: draws before anything is dropped, 2 or more. most:
    draws at the end of which those left are kept, whatever is known.

    Draws are added by doubling; after how many a mix is dropped is looked up draw by draw.
    """
    everybody = tuple(range(count))
    if count == 1:
        return Selected(0, everybody, first, (0,))
    seen = min(first, most)
    draws = observe(everybody, seen)
    h2 = h_squared(count, first=seen, sure=sure)
    variance = _variance_of_differences(draws)
    active, dropped = list(everybody), [0] * count
    looked = seen
    while True:
        sums = np.cumsum(draws, axis=0)
        while looked <= seen and len(active) > 1:
            rows = sums[looked - 1, [_column(each, everybody) for each in active]]
            slack = _slack(variance[np.ix_(active, active)], h2=h2, delta=delta, after=looked)
            ahead = rows[None, :] - slack - rows[:, None]
            # Of two that are equal to the bit when no more draws are called for, the first stays.
            alike = np.tril((ahead == 0.0) & (slack == 0.0), k=-1)
            stays = ~((ahead > 0.0) | alike).any(axis=1)
            for each in np.array(active)[~stays]:
                dropped[each] = looked
            active = [each for each, stay in zip(active, stays, strict=True) if stay]
            looked += 1
        if len(active) == 1 or seen == most:
            break
        seen = min(2 * seen, most)
        everybody = tuple(active)
        draws = observe(everybody, seen)
    means = draws.mean(axis=0)
    best = max(active, key=lambda each: (means[_column(each, everybody)], -each))
    return Selected(best, tuple(active), min(looked - 1, seen), tuple(dropped))


def h_squared(count: int, *, first: int, sure: float) -> float:
    """Return h^2 of `count` mixes after `first` draws."""
    alpha = 1.0 - sure
    eta = 0.5 * ((2.0 * alpha / (count - 1)) ** (-2.0 / (first - 1)) - 1.0)
    return float(2.0 * eta * (first - 1))


def _column(mix: int, everybody: tuple[int, ...]) -> int:
    return everybody.index(mix)


def _variance_of_differences(draws: Floats) -> Floats:
    """Return the variance of each pair's difference, [N, N]."""
    covariance = np.atleast_2d(np.cov(draws, rowvar=False))
    own = np.diag(covariance)
    return np.maximum(own[:, None] + own[None, :] - 2.0 * covariance, 0.0)


def _slack(variance: Floats, *, h2: float, delta: float, after: int) -> Floats:
    """Return how far a sum may be behind another's, [N, N]."""
    return np.maximum(0.0, 0.5 * delta * (h2 * variance / delta**2 - after))
