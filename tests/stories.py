"""Replications of generated scenarios and of Dorset, each with what its log says; made once."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from generated import generated
from log_checks import Life, read_lives
from pathsim.engine.contract import Address, Counts, Log
from pathsim.engine.lowering import Lowered, lower
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort
from pathsim.scenario.load import load
from recount import Account, accounts

SEEDS = range(60)
"""Of the generated scenarios."""
DORSET = Path(__file__).parents[1] / "scenarios" / "dorset" / "baseline.toml"


class Story:
    """A scenario, one replication of it, and what its log says."""

    def __init__(self, lowered: Lowered, *, seed: int, replication: int) -> None:
        self.lowered = lowered
        self.horizon = float(lowered.tables.rules["horizon"][0])
        counts, log = simulate(lowered, seed=seed, replication=replication, keep_log=True)
        assert log is not None
        self.counts: Counts = counts
        self.log: Log = log
        self.lives: list[Life] = read_lives(lowered, log)
        self.accounts: list[Account] = accounts(
            lowered, self.lives, Address(seed, replication), log
        )


def without_curfews(lowered: Lowered) -> Lowered:
    """Return a scenario whose curfews cost nothing: the log does not say how long each lasts."""
    tables = lowered.tables
    free = tables._replace(curfew_day=np.zeros_like(tables.curfew_day))
    return replace(lowered, tables=free)


def counted_to_the_end(lowered: Lowered) -> Lowered:
    """Return a scenario that counts all that is real: the log does not say what caused what.

    No event differs for it: test_memory_days.
    """
    rules = lowered.tables.rules.copy()
    rules["horizon"] = rules["memory"]
    return replace(lowered, tables=lowered.tables._replace(rules=rules))


@cache
def story_of(number: int | str) -> Story:
    scenario = load(DORSET) if number == "dorset" else generated(int(number))
    lowered = lower(scenario, Cohort.from_scenario(scenario))
    lowered = counted_to_the_end(without_curfews(lowered))
    seed = 1 if number == "dorset" else int(number)
    return Story(lowered, seed=seed, replication=seed)
