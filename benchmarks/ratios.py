"""The ratios that are reported and guarded, and how they follow from interleaved rounds."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

M2_OVER_C: Final = 2.8
MANY_SERVICES_OVER_FEW: Final = 1.6
"""Of one engine: a processor that runs C better than another does not move it."""
DORSET_OVER_M2: Final = 2.6
SIMPY_OVER_PATHSIM: Final = 30.0
"""Of SimPy at its best."""
FIRST_SIMPY_OVER_PATHSIM: Final = 70.0
"""Of the same script with an event for everybody's end, as it was first written."""


class Ratio(NamedTuple):
    """Time of one work over that of another, a replication each, in the same round."""

    words: str
    over: str
    """The work whose time is divided, ..."""
    under: str
    """... and that by whose time."""
    least: float = 0.0
    most: float = float("inf")
    goal: str = ""
    """What the engine is built to reach."""
    each: str = "replication"
    """What the times are divided by first: a replication or an event."""

    @property
    def guarded(self) -> bool:
        """Whether a run fails when the ratio lies outside its limits."""
        return self.least > 0.0 or self.most < float("inf")

    def holds(self, value: float) -> bool:
        """Return whether a value lies within the limits; nan does not."""
        return self.least <= value <= self.most


RATIOS: Final = (
    Ratio("pathsim / C, M2", "pathsim m2", "c m2", most=M2_OVER_C, goal="at most 1.6"),
    Ratio(
        "pathsim, 18 more services / C, M2",
        "pathsim m2x20",
        "c m2",
        goal="at most 2.2",
    ),
    Ratio(
        "pathsim, M2: 18 more services / none",
        "pathsim m2x20",
        "pathsim m2",
        most=MANY_SERVICES_OVER_FEW,
    ),
    Ratio("pathsim / C, M2U", "pathsim m2u", "c m2u"),
    Ratio(
        "SimPy / pathsim, M2",
        "simpy m2",
        "pathsim m2",
        least=SIMPY_OVER_PATHSIM,
        goal="at least 120",
    ),
    Ratio(
        "SimPy with an end for all / pathsim, M2",
        "simpy-first m2",
        "pathsim m2",
        least=FIRST_SIMPY_OVER_PATHSIM,
        goal="at least 120",
    ),
    Ratio("SimPy / pathsim, M2U", "simpy m2u", "pathsim m2u", least=SIMPY_OVER_PATHSIM),
    Ratio("heapq / pathsim, M2", "heapq m2", "pathsim m2"),
    Ratio("heapq / pathsim, M2U", "heapq m2u", "pathsim m2u"),
    Ratio("NumPy rounds / pathsim, M2U", "numpy m2u", "pathsim m2u"),
    Ratio("SimPy / C, M2", "simpy m2", "c m2"),
    Ratio(
        "an event of Dorset / one of M2",
        "kernel dorset",
        "kernel m2",
        most=DORSET_OVER_M2,
        goal="at most 2",
        each="event",
    ),
    Ratio(
        "a person among 430,000 / one among 12,000",
        "kernel country",
        "kernel country of 12,000",
        goal="at most 2",
        each="person",
    ),
)


class Measured(NamedTuple):
    """A ratio as it came out, with the quartiles of its rounds."""

    ratio: Ratio
    median: float
    low: float
    high: float


def measured(run: dict[str, Any]) -> list[Measured]:
    """Return the ratios that a run of `interleaved.py` allows.

    The ratio is taken within each round and the median over rounds, because the machine's speed
    drifts. Those with a work that was skipped for a reason are left out. Raises KeyError when one
    is missing without a reason.
    """
    works, skipped = run["works"], run["skipped"]
    return [
        _measure(ratio, works[ratio.over], works[ratio.under])
        for ratio in RATIOS
        if not skipped.keys() & {ratio.over, ratio.under}
    ]


def _measure(ratio: Ratio, over: dict[str, Any], under: dict[str, Any]) -> Measured:
    size = {"replication": "replications", "event": "events", "person": "people"}[ratio.each]
    by_round = (np.array(over["seconds"]) / over[size]) / (np.array(under["seconds"]) / under[size])
    low, median, high = np.quantile(by_round, [0.25, 0.5, 0.75]).tolist()
    return Measured(ratio, median, low, high)
