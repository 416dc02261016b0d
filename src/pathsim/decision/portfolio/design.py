"""Which mixes to simulate first: Sobol points, of which those that the budget covers are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.stats import qmc

if TYPE_CHECKING:
    from .space import Mix, Space

_POINTS: Final = 14
"""Powers of two of the points that are looked at, at most."""


def design(space: Space, *, size: int, seed: int) -> list[Mix]:
    """Return different mixes that the budget covers, `size` at most.

    First each level alone, where the budget covers it, so that no main effect stands on pairs
    alone; then scrambled Sobol points in the order in which they fall.
    """
    found = dict.fromkeys(_alone(space))
    if len(found) > size:
        return list(found)[:size]
    sampler = qmc.Sobol(len(space.sizes), scramble=True, rng=np.random.default_rng(seed))
    levels = np.array(space.sizes)
    for point in sampler.random_base2(_POINTS):
        if len(found) >= size:
            break
        mix = tuple(int(k) for k in np.minimum(point * levels, levels - 1))
        if any(mix) and space.allows(mix):
            found[mix] = None
    return list(found)


def _alone(space: Space) -> list[Mix]:
    alone = [
        tuple(k if place == lever else 0 for place in range(len(space.sizes)))
        for lever, levels in enumerate(space.sizes)
        for k in range(1, levels)
    ]
    return [mix for mix in alone if space.allows(mix)]
