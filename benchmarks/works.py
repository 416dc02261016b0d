"""What is timed: an engine, a model, and how many replications make a round.

"pathsim" is one call of the public API on one worker, loading and the table of results included.
"kernel" is the same engine without the study around it, one replication after another.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any, Final, NamedTuple

import pathsim as ps

from . import models
from .engines import ENGINES, SCENARIOS, by_file
from .peers import c_m2

SEED: Final = 20_001
Round = Callable[[], Any]


class Work(NamedTuple):
    """Replications of one model by one engine."""

    engine: str
    model: str
    replications: int
    """In a round: about a quarter of a second, so that the machine treats all alike."""
    prepare: Callable[[int], Round]
    """Do what is not timed, for so many replications; give what is."""
    make: Callable[[], ps.Scenario] | None = None
    """The scenario of a work of the kernel, whose rounds return the mean number of events."""

    @property
    def name(self) -> str:
        """Engine and model."""
        return f"{self.engine} {self.model}"

    def why_not(self) -> str | None:
        """Return why it cannot be done here; None when it can."""
        return c_m2.why_not() if self.engine == "c" else None

    def round(self) -> Round:
        """Prepare a round of the usual number of replications."""
        return self.prepare(self.replications)


def _plain(engine: str, model: str, replications: int) -> Work:
    """Return M2 or M2U by any engine, pathsim through its public API."""
    return Work(
        engine,
        model,
        replications,
        lambda number: partial(ENGINES[engine], model, replications=number, seed=SEED),
    )


def _file(model: str, replications: int) -> Work:
    """Return a scenario file of this folder through the public API."""
    path = SCENARIOS / f"{model}.toml"
    return Work(
        "pathsim",
        model,
        replications,
        lambda number: partial(by_file, path, replications=number, seed=SEED),
    )


def kernel() -> Any:
    """Return the module of the kernel, loaded when it is first used.

    The peak memory of the rivals shall not hold a compiler that they do not need.
    """
    return import_module("benchmarks.kernel")


def _kernel(model: str, replications: int, make: Callable[[], ps.Scenario]) -> Work:
    """Return a model by the kernel alone."""

    def prepare(number: int) -> Round:
        timed: Round = kernel().prepare(make, replications=number, seed=SEED)
        return timed

    return Work("kernel", model, replications, prepare, make)


def _m1() -> ps.Scenario:
    return ps.load(SCENARIOS / "m1.toml")


def _m2x20() -> ps.Scenario:
    return ps.load(SCENARIOS / "m2x20.toml")


def _country_small() -> ps.Scenario:
    return models.country(models.M2_PEOPLE)


WORKS: Final = {
    work.name: work
    for work in (
        _plain("c", "m2", 150),
        _plain("pathsim", "m2", 200),
        _file("m2x20", 100),
        _plain("heapq", "m2", 2),
        _plain("simpy", "m2", 1),
        _plain("simpy-first", "m2", 1),
        _plain("c", "m2u", 250),
        _plain("pathsim", "m2u", 200),
        _plain("numpy", "m2u", 80),
        _plain("heapq", "m2u", 2),
        _plain("simpy", "m2u", 1),
        _kernel("m2", 80, models.m2),
        _kernel("m2x20", 60, _m2x20),
        _kernel("dorset", 30, models.dorset),
        _kernel("m1", 1, _m1),
        _kernel("country of 12,000", 10, _country_small),
        _kernel("country", 1, models.country),
    )
}


def processor_seconds(timed: Round) -> float:
    """Return the processor time of one round, of all threads."""
    begun = time.process_time()
    timed()
    return time.process_time() - begun
