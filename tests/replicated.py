"""Replications of a model on all processors: each is addressed, so no bit depends on threads."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from pathsim.engine.contract import Counts, Log
from pathsim.engine.lowering import Lowered
from pathsim.engine.run import simulate

Kept = TypeVar("Kept")


def replicated(
    lowered: Lowered, replications: int, keep: Callable[[Counts], Kept], *, seed: int
) -> list[Kept]:
    """Return what `keep` takes of the counts of each replication."""

    def one(replication: int) -> Kept:
        return keep(simulate(lowered, seed=seed, replication=replication)[0])

    return in_threads(one, replications)


def logged(
    lowered: Lowered, replications: int, keep: Callable[[Log], Kept], *, seed: int
) -> list[Kept]:
    """Return what `keep` takes of the log of each replication."""

    def one(replication: int) -> Kept:
        _, log = simulate(lowered, seed=seed, replication=replication, keep_log=True)
        assert log is not None
        return keep(log)

    return in_threads(one, replications)


def in_threads(one: Callable[[int], Kept], number: int) -> list[Kept]:
    """Return `one` of each number from 0 up."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(one, range(number)))
