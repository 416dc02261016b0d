"""Tables of counts in which no small number is seen, and draws from them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pathsim.elementary.ordered import running, total

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pathsim.elementary.arrays import Floats

    Codes = NDArray[np.integer[Any]]

FEWEST: Final = 10
"""A count that is used as it is, is of so many people or more."""


def counts(*codes: Codes, shape: Sequence[int]) -> Floats:
    """Return how many people are at each combination of levels."""
    if not len(codes[0]):
        return np.zeros(tuple(shape))
    place = np.ravel_multi_index([np.asarray(each, np.int64) for each in codes], tuple(shape))
    size = math.prod(shape)
    return np.bincount(place, minlength=size).reshape(shape).astype(np.float64)


def margin(codes: Codes, levels: int) -> Floats:
    """Return the shares of an attribute's levels; a level of fewer than ten people has none.

    Examples
    --------
    >>> import numpy as np
    >>> from pathsim.people.synthetic.counted import margin
    >>> margin(np.repeat([0, 1, 2], [30, 9, 10]), 4).tolist()
    [0.75, 0.0, 0.25, 0.0]
    """
    found = counts(codes, shape=(levels,))
    kept = np.where(found >= FEWEST, found, 0.0)
    return kept / max(float(total(kept)), 1.0)


def mixed(found: Floats, likely: Floats) -> Floats:
    """Return weights of cells: counts of ten or more as they are, the others together.

    The people of small cells are spread over all cells without a count of ten, as is likely there.

    likely: by what coarser tables say, 0 where nobody is to be.

    Examples
    --------
    >>> import numpy as np
    >>> from pathsim.people.synthetic.counted import mixed
    >>> mixed(np.array([20.0, 9.0, 1.0, 0.0]), np.array([0.25, 0.25, 0.25, 0.25])).round(3).tolist()
    [20.0, 3.333, 3.333, 3.333]
    """
    told = (found >= FEWEST) & (likely > 0.0)
    rest = np.where(told, 0.0, likely)
    spread = float(total(rest.ravel()))
    people = float(total(np.where(told, 0.0, found).ravel()))
    weights = np.where(told, found, rest * (people / spread if spread > 0.0 else 0.0))
    return weights if float(total(weights.ravel())) > 0.0 else likely


def pair(one: Codes, other: Codes, *, shape: tuple[int, int]) -> Floats:
    """Return the weights of two attributes' levels together; small cells as if independent."""
    likely = margin(one, shape[0])[:, None] * margin(other, shape[1])
    return mixed(counts(one, other, shape=shape), likely)


def given(weights: Floats) -> Floats:
    """Return each row's shares; a row without weight has those of all rows together."""
    sums = total(weights)
    every = total(weights.T.copy())
    rows = np.where(sums[:, None] > 0.0, weights, every)
    return rows / np.maximum(total(rows), 1e-300)[:, None]


def drawn(shares: Floats, u: Floats) -> NDArray[np.int64]:
    """Return a level for each uniform number; shares: one row for all, or one for each."""
    upto = running(shares)
    within = u * upto[..., -1]
    if shares.ndim == 1:
        level = np.searchsorted(upto, within, side="right")
        return np.asarray(np.minimum(level, _last(shares)), np.int64)
    level = np.count_nonzero(upto <= within[:, None], axis=1)
    return np.asarray(np.minimum(level, _last(shares)), np.int64)


def _last(shares: Floats) -> Any:
    """Return the last level that has a share, so that rounding reaches no other."""
    return shares.shape[-1] - 1 - np.argmax(shares[..., ::-1] > 0.0, axis=-1)
