"""What a study is asked to do, checked before anything runs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import cast

from pathsim.arguments import whole
from pathsim.engine.contract import ENGINES, Engine
from pathsim.errors import InputError, Problem, nearest, warn_caller
from pathsim.scenario.units import LARGEST_SEED
from pathsim.study.calibration.posterior import Posterior, rows

MOST_REPLICATIONS = 10_000_000
MOST_WORKERS = 4096


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How many replications, of which seed, on how many threads, by which engine."""

    replications: int
    seed: int
    workers: int
    engine: Engine
    posterior: Posterior | None = None
    """Replication k draws the calibrated parameters anew, the same for every scenario."""

    def parameters(self) -> list[dict[str, float]]:
        """Return the calibrated parameters of each replication; empty without a posterior."""
        if self.posterior is None:
            return []
        return list(rows(self.posterior, self.replications, seed=self.seed))


def make_plan(  # noqa: PLR0913 keyword-only choices of one study
    *,
    replications: int,
    seed: int,
    workers: int | None,
    engine: str,
    least_replications: int = 1,
    posterior: Posterior | None = None,
) -> Plan:
    """Return the plan, or say everything that is wrong with it.

    posterior: a sample of calibrated parameters to draw from.

    workers: threads; left out, one for each processor.
    least_replications: 2 where an interval is wanted of paired differences, else 1.
    Raises InputError.
    """
    workers = _or_all(workers)
    numbers: dict[str, int] = {}
    problems: list[Problem] = []
    for key, value, least, most in (
        ("replications", replications, least_replications, MOST_REPLICATIONS),
        ("seed", seed, 0, LARGEST_SEED),
        ("workers", workers, 1, MOST_WORKERS),
    ):
        try:
            numbers[key] = whole(value, key=key, least=least, most=most)
        except InputError as error:
            problems += error.problems
    if engine == "twin":
        warn_caller("the engine 'twin' is now called 'reference'")
        engine = "reference"
    if engine not in ENGINES:
        hint = nearest(str(engine), ENGINES)
        message = f"is not an engine; {hint}" if hint else "is not an engine"
        problems.append(Problem(message, key="engine", found=engine, allowed=" or ".join(ENGINES)))
    if problems:
        raise InputError(*problems)
    chosen = cast("Engine", engine)
    return Plan(
        replications=numbers["replications"],
        seed=numbers["seed"],
        workers=numbers["workers"],
        engine=chosen,
        posterior=posterior,
    )


def count_workers(workers: int | None) -> int:
    """Return how many threads to use: `workers`, or one for each processor. Raises InputError."""
    return whole(_or_all(workers), key="workers", least=1, most=MOST_WORKERS)


def _or_all(workers: int | None) -> int:
    return (os.cpu_count() or 1) if workers is None else workers
