"""A figure over the states of the world, with its doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pathsim.outcomes.doubt import estimates_and_probability

if TYPE_CHECKING:
    from pathsim.elementary.arrays import Floats

_UP: Final = np.array([1])


class Told(NamedTuple):
    """A figure over the states of the world."""

    mean: float
    low: float
    high: float
    """95% interval of doubt."""
    probability: float
    """That it is above 0."""

    @property
    def is_nothing(self) -> bool:
        """Whether it is 0 in every state of the world."""
        return self.mean == 0.0 and self.low == self.high


def told(values: Floats) -> Told:
    """Return a figure, [D, r], with its doubt."""
    rows = values[:, :, None]
    found, probability = estimates_and_probability(rows, _UP)
    if np.isfinite(found.same_in[0]):
        mean = float(found.mean[0])
        return Told(mean, mean, mean, float(probability[0]))
    return Told(*(float(each[0]) for each in (found.mean, found.low, found.high, probability)))
