"""Draws of many options at once without the spread that chance gives their means."""

from __future__ import annotations

from typing import Final

import numpy as np

from pathsim.elementary.ordered import total
from pathsim.engine.contract import Floats
from pathsim.outcomes.doubt import check_draws

_NO_SPREAD: Final = 1e-12
"""Of all spread, what is left in a direction in which draws do not differ but by rounding."""


def deflate(draw_means: Floats, within_cov_of_mean: Floats) -> Floats:
    """Return the draws' means of many options at once, their covariance without that of chance.

    Options are combined so that in each combination the draws' means are uncorrelated, and chance
    is as well; then each is shrunk about its mean as in `deflate_rows`. Where there is little
    doubt, variance less that of chance may be below 0. It becomes 0, and the others give up as
    much, evenly in units of chance, so that no doubt is made of nothing: else the value of perfect
    information between 16 equal options would not come near 0. Means stay.

    Another baseline, unit or order of options gives the same draws but for rounding. So does any
    choice of eigenvectors, of their order and of their signs: only functions of matrices are used.
    Chance itself must be known well: replications beyond each draw's first, in all draws, should
    be 32 times the options or more.

    draw_means: [D, N]; a draw undefined for one option is undefined for all (nan).
    within_cov_of_mean: [N, N] covariance of chance in the mean of a draw, such as
    `covariance_of_chance` returns. What is below 0: Amemiya, American Statistician 39 (1985),
    112-117; that the others give up as much is added here.
    """
    defined = ~np.isnan(draw_means).any(axis=1)
    mean = total(draw_means[defined].T) / max(defined.sum(), 1)
    off = draw_means[defined] - mean
    found = np.full(draw_means.shape, np.nan)
    if len(off) > 1 and np.isfinite(within_cov_of_mean).all():
        between = _products(off) / (len(off) - 1)
        found[defined] = mean + off @ _shrinking(between, within_cov_of_mean)
    return found


def covariance_of_chance(values: Floats) -> Floats:
    """Return the covariance that chance leaves in the mean of a draw, [N, N].

    values: [D, r, N]; draws with anything undefined are left out; nan if none is left. Raises
    InputError.
    """
    check_draws(values)
    whole = values[~np.isnan(values).any(axis=(1, 2))]
    draws, replications, options = whole.shape
    if draws == 0:
        return np.full((options, options), np.nan)
    off = whole - total(np.moveaxis(whole, 1, -1))[:, None] / replications
    of_a_mean = draws * (replications - 1) * replications
    return np.asarray(_products(off.reshape(-1, options)) / of_a_mean)


def _shrinking(between: Floats, chance: Floats) -> Floats:
    """Return the matrix that takes chance from draws about their mean: rows times it."""
    size = np.sqrt(np.diag(between))
    size = np.where(size > 0.0, size, 1.0)
    values, vectors = np.linalg.eigh(between / np.outer(size, size))
    seen = values > _NO_SPREAD * len(values)
    scale, vectors = np.sqrt(values[seen]), vectors[:, seen]
    apart = vectors / scale / size[:, None]
    # Where draws have variance 1 and no correlation, each direction's share that is chance.
    share, turn = np.linalg.eigh(apart.T @ chance @ apart)
    kept = np.sqrt(_doubt_kept(np.maximum(share, 0.0)))
    back = (vectors * scale).T * size
    return np.asarray(apart @ ((turn * kept) @ turn.T) @ back)


def _doubt_kept(share: Floats) -> Floats:
    """Return each direction's share that is doubt, from its share that is chance.

    With chance as the unit, doubt is 1 / share - 1; see `deflate` for what is below 0.
    """
    noisy = share > 0.0
    doubt = 1.0 / np.where(noisy, share, 1.0) - 1.0
    given = _given_up(doubt[noisy])
    return np.where(noisy, np.maximum(0.0, (doubt - given) * share), 1.0)


def _given_up(parts: Floats) -> float:
    """Return what, taken from each part, leaves those above 0 with the sum of all; or all."""
    falling = np.sort(parts)[::-1]
    sums = np.add.accumulate(falling)
    if len(parts) == 0 or sums[-1] <= 0.0:
        return float(np.max(falling, initial=0.0))
    given = (sums - sums[-1]) / np.arange(1, len(parts) + 1)
    return float(given[falling > given][-1])


def _products(off: Floats) -> Floats:
    """Return the sums of products of columns, added from first to last."""
    columns = off.T
    return np.stack([total(columns * column) for column in columns])
