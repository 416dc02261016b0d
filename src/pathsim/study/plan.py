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
MOST_DRAWS = 65_536


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How many replications, of which seed, on how many threads, by which engine."""

    replications: int
    """Of each scenario, over all states of the world."""
    seed: int
    workers: int
    engine: Engine
    posterior: Posterior | None = None
    """Without states of the world: replication k draws the calibrated parameters anew, the same
    for every scenario. With them: what the states draw from."""
    draws: int = 0
    """States of the world; 0: every quantity has its central value."""

    @property
    def per_draw(self) -> int:
        """How many replications each state of the world has; without states, all."""
        return self.replications // (self.draws or 1)

    def parameters(self) -> list[dict[str, float]]:
        """Return the calibrated parameters of each replication; empty where none are drawn so."""
        if self.posterior is None or self.draws:
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
    draws: int = 0,
) -> Plan:
    """Return the plan, or say everything that is wrong with it.

    replications: of each state of the world, where there are any. posterior: a sample of
    calibrated parameters to draw from. draws: states of the world.

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
        ("draws", draws, 0, MOST_DRAWS),
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
    if numbers["draws"] == 1:
        message, allowed = "is one state of the world, which tells no doubt", "0, or 2 or more"
        raise InputError(Problem(message, key="draws", found=draws, allowed=allowed))
    chosen = cast("Engine", engine)
    return Plan(
        replications=numbers["replications"] * (numbers["draws"] or 1),
        seed=numbers["seed"],
        workers=numbers["workers"],
        engine=chosen,
        posterior=posterior,
        draws=numbers["draws"],
    )


def count_workers(workers: int | None) -> int:
    """Return how many threads to use: `workers`, or one for each processor. Raises InputError."""
    return whole(_or_all(workers), key="workers", least=1, most=MOST_WORKERS)


def _or_all(workers: int | None) -> int:
    return (os.cpu_count() or 1) if workers is None else workers
