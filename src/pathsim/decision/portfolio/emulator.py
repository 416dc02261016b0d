"""A linear model of what a mix is worth: main effects of levels, and pairs of them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pathsim.elementary.arrays import Floats

    from .space import Mix

Level = tuple[int, int]
"""A lever and the place of one of its levels, 1 or more."""

_PENALTIES: Final = tuple(10.0**power for power in np.arange(-6.0, 2.5, 0.5))
"""Of pairs; the one with the least error on mixes left out is taken."""
_OF_MAIN: Final = 1e-3
"""Of a main effect, beside that of a pair."""


@dataclass(frozen=True, eq=False)
class Emulator:
    """What a mix is to be expected to be worth; the baseline is worth 0."""

    main: dict[Level, float]
    pairs: dict[tuple[Level, Level], float]
    explained: float
    """Share of the variance of mixes left out, one at a time, that the others foretell."""

    def worth(self, mixes: Sequence[Mix]) -> Floats:
        """Return what mixes are to be expected to be worth, [N]."""
        main, pairs = list(self.main), list(self.pairs)
        effects = np.array([*self.main.values(), *self.pairs.values()])
        return np.asarray(_columns(mixes, main, pairs) @ effects)


def fit(mixes: Sequence[Mix], worth: Floats, *, sizes: Sequence[int]) -> Emulator:
    """Return the emulator of what was simulated: worth [N] of mixes, the baseline not among them.

    Ridge regression without a constant, as the baseline is worth 0. Pairs are held to 0 by a
    penalty, main effects by a thousandth of it. What was left out is foretold from the leverages.
    """
    main = [(lever, k) for lever, levels in enumerate(sizes) for k in range(1, levels)]
    pairs = [(a, b) for a, b in combinations(main, 2) if a[0] != b[0]]
    columns = _columns(mixes, main, pairs)
    seen = columns.any(axis=0)
    weights = np.array([_OF_MAIN] * len(main) + [1.0] * len(pairs))[seen]
    scale = float(np.sqrt(np.mean(worth**2))) or 1.0
    tried = [_ridge(columns[:, seen], worth / scale, penalty * weights) for penalty in _PENALTIES]
    best = min(tried, key=lambda found: found[1])
    effects = np.zeros(columns.shape[1])
    effects[seen] = best[0] * scale
    spread = float(np.mean((worth / scale) ** 2))
    explained = 1.0 - best[1] / spread if spread > 0.0 else 1.0
    return Emulator(
        main=dict(zip(main, effects[: len(main)].tolist(), strict=True)),
        pairs=dict(zip(pairs, effects[len(main) :].tolist(), strict=True)),
        explained=explained,
    )


def _columns(
    mixes: Sequence[Mix], main: Sequence[Level], pairs: Sequence[tuple[Level, Level]]
) -> Floats:
    """Return a column a level and a pair of levels: 1 where the mix has it, else 0."""
    places = np.array(mixes, np.intp).reshape(len(mixes), -1)
    has = {(lever, k): (places[:, lever] == k).astype(np.float64) for lever, k in main}
    columns = [has[each] for each in main] + [has[a] * has[b] for a, b in pairs]
    return np.stack(columns, axis=1)


def _ridge(columns: Floats, worth: Floats, penalty: Floats) -> tuple[Floats, float]:
    """Return the effects, and the mean square error on mixes left out one at a time."""
    square = columns.T @ columns + np.diag(penalty)
    effects: Floats = np.linalg.solve(square, columns.T @ worth).astype(np.float64)
    leverage = np.einsum("ij,ji->i", columns, np.linalg.solve(square, columns.T))
    left_out = (worth - columns @ effects) / np.maximum(1.0 - leverage, 1e-9)
    return effects, float(np.mean(left_out**2))
