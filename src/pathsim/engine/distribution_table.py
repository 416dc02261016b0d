"""The distributions of a scenario as they are met, each kept once."""

from __future__ import annotations

from typing import Any

import numpy as np

from pathsim.engine.contract import DISTRIBUTION, KNOT, Floats, Records
from pathsim.scenario.distributions import KINDS, Empirical

_PARAMETERS: dict[str, tuple[str, ...]] = {
    "constant": ("value",),
    "never": (),
    "exponential": ("mean",),
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "lognormal": ("median", "sigma"),
    "weibull": ("scale", "shape"),
}


class Distributions:
    """The distributions of a scenario as they are met, each kept once."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, float, float, float]] = []
        self._knots: list[tuple[Floats, Floats]] = []
        self._known: dict[Any, int] = {}

    def add(self, distribution: Any) -> int:
        """Return the number of a distribution, adding it if it is new."""
        if isinstance(distribution, Empirical):
            p, q = distribution.probabilities, distribution.quantiles
            return self.add_quantiles(np.array(p), np.array(q))
        kind = distribution.kind
        values = [float(getattr(distribution, name)) for name in _PARAMETERS[kind]]
        row = (KINDS.index(kind), *values, *[0.0] * (3 - len(values)))
        return self._number(row, row)

    def add_quantiles(self, probabilities: Floats, quantiles: Floats) -> int:
        """Return the number of a piecewise linear distribution."""
        key = (probabilities.tobytes(), quantiles.tobytes())
        if key not in self._known:
            first = sum(len(p) for p, _ in self._knots)
            self._knots.append((probabilities, quantiles))
            row = (KINDS.index("empirical"), float(first), float(len(quantiles)), 0.0)
            return self._number(key, row)
        return self._known[key]

    def _number(self, key: Any, row: Any) -> int:
        if key not in self._known:
            self._known[key] = len(self._rows)
            self._rows.append(row)
        return self._known[key]

    def arrays(self) -> tuple[Records, Records]:
        """Return the records, and the knots of those that are piecewise linear."""
        knots = [point for p, q in self._knots for point in zip(p, q, strict=True)]
        return np.array(self._rows, DISTRIBUTION), np.array(knots, KNOT)
