"""All scenarios times all replications, on threads, with the same random numbers.

The results are stored by scenario and replication, never by arrival, and every
draw is addressed by seed and replication: so the number of threads changes no bit.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from pathsim.engine.contract import (
    N_OUTCOME_COLUMNS,
    N_PAYERS,
    N_SERVICE_COUNTS,
    Floats,
    Ints,
    Legal,
)
from pathsim.engine.log import log_table
from pathsim.engine.lowering import Lowered
from pathsim.engine.places import nights_elsewhere, price_of_nights
from pathsim.engine.prices import average_custody_day
from pathsim.engine.run import simulate
from pathsim.engine.with_parameters import with_parameters
from pathsim.errors import EngineError
from pathsim.scenario.place import told_of
from pathsim.study.threads import alone, do_all

from .memory import check_memory
from .prepare import prepare
from .reach import enter_as_in
from .refill import BASELINE, first_days, later_days, splits_by_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pandas as pd

    from pathsim.engine.contract import Counts
    from pathsim.engine.stop import Stop
    from pathsim.people.cohort import Cohort
    from pathsim.scenario.lineage import InputFile
    from pathsim.scenario.model import Scenario

    from .plan import Plan
    from .refill import Split

    Progress = Callable[[int, int], None]


_PEOPLE_AT_ONCE = 100_000
"""In the replications of a batch, roughly."""


@dataclass(frozen=True, kw_only=True)
class ScenarioRuns:
    """What one scenario's replications add up to. Axes: R, then G and S as in the contract."""

    groups: tuple[tuple[str, str], ...]
    services: tuple[str, ...]
    capacity_days: Floats
    """[S] place-days available in the intake window; nan: unlimited."""
    place_cost: Floats
    """[M] fixed cost of places by payer, pounds."""
    intake_days: float
    person: Floats
    """[R, G, N_PERSON_COLUMNS]"""
    load: Floats
    """[R, G, S, N_LOADS]"""
    busy_days: Floats
    """[R, S]"""
    queue_days: Floats
    """[R, S]"""
    held: Floats
    """[R, 5] people in custody at midnight: mean, highest, first and last; and nights beyond its
    places."""
    elsewhere_cost: Floats
    """[R, M] of the nights beyond the places, pounds."""
    custody_day: Floats
    """[regimes, M] price of a day in custody, pounds, in turn as an option's days come."""
    custody_average_day: Floats
    """[regimes, M] average price of one, which nothing is booked at; nan: none is given."""
    refill_share: Floats
    """[regimes] share of saved custody days that others fill, likewise."""
    events: Ints
    """[R]"""
    pools: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Pools of places, with the services that share each."""
    saved_from: tuple[tuple[int, Floats], ...] = ()
    """Where saved custody days are filled on other terms from some regime on: its number, and
    [R, G, 1 + YEARS] the days saved of stays that begin from it on; the last axis as
    `contract.custody_to_fill`."""


@dataclass(frozen=True, kw_only=True)
class StudyRuns:
    """All runs of a study, in the order in which its scenarios were given: a baseline first."""

    runs: tuple[ScenarioRuns, ...]
    plan: Plan
    elapsed_seconds: float
    people_from: str = ""
    people_file: InputFile | None = None
    """The file, or `the table`, of the first scenario's people; empty for its own."""
    own_entries: bool = False
    """Whether the first scenario's people enter by its own entry shares."""


def run_study(
    scenarios: Sequence[Scenario],
    *,
    plan: Plan,
    cohort: Cohort | None = None,
    progress: Progress | None = None,
) -> StudyRuns:
    """Simulate every replication of every scenario.

    cohort: the people followed in all scenarios; left out, each scenario's own. Warns of what
    these people cannot do there.
    progress: called in this thread with how many replications are done, and of how many.
    An interrupt cancels what has not begun and is passed on. Raises InputError, as when the memory
    would not do.
    """
    begun = time.perf_counter()
    ready = prepare(scenarios, cohort)
    lowered = [each.lowered for each in ready]
    splits = splits_by_day(scenarios, lowered)
    every = [*scenarios, *(split.scenario for split in splits)]
    lowered += [split.lowered for split in splits]
    check_memory(lowered, plan)
    runs = tuple(_empty(*each, plan) for each in zip(every, lowered, strict=True))
    if progress is not None:
        progress(0, len(lowered) * plan.replications)
    _simulate_all(every, lowered, runs, plan, progress)
    return StudyRuns(
        runs=_with_days_saved(runs, lowered[: len(scenarios)], splits),
        plan=plan,
        elapsed_seconds=time.perf_counter() - begun,
        people_from=ready[0].cohort.origin.name,
        people_file=ready[0].cohort.origin.file,
        own_entries=enter_as_in(ready[0].scenario, ready[0].cohort),
    )


def _with_days_saved(
    runs: tuple[ScenarioRuns, ...], lowered: Sequence[Lowered], splits: Sequence[Split]
) -> tuple[ScenarioRuns, ...]:
    """Return the scenarios' runs, options with the days they save from their days on."""
    counted = {
        split.key: later_days(each.person)
        for split, each in zip(splits, runs[len(lowered) :], strict=True)
    }
    saved: dict[int, list[tuple[int, Floats]]] = {}
    for (number, day), days in counted.items():
        if number != BASELINE:
            regime = first_days(lowered[number]).index(day)
            saved.setdefault(number, []).append((regime, counted[BASELINE, day] - days))
    return tuple(
        replace(each, saved_from=tuple(saved.get(number, ())))
        for number, each in enumerate(runs[: len(lowered)])
    )


def event_log(
    scenario: Scenario, *, plan: Plan, cohort: Cohort | None = None, replication: int = 0
) -> pd.DataFrame:
    """Return the event log of one replication: replication, person, time, event, detail.

    Times are absolute days; rows are in order of time. Raises InputError.
    """
    (lowered,) = (each.lowered for each in prepare([scenario], cohort))
    with told_of(scenario):
        _, log = alone(
            lambda stop: simulate(
                lowered,
                seed=plan.seed,
                replication=replication,
                engine=plan.engine,
                keep_log=True,
                stop=stop,
            )
        )
    if log is None:
        raise EngineError(f"the {plan.engine} kept no log")
    return log_table(lowered, log, replication)


def _empty(scenario: Scenario, lowered: Lowered, plan: Plan) -> ScenarioRuns:
    n, n_groups, n_services = plan.replications, len(lowered.groups), len(lowered.services)
    return ScenarioRuns(
        groups=tuple(lowered.groups),
        services=tuple(lowered.services),
        capacity_days=lowered.capacity_days,
        place_cost=lowered.place_cost,
        intake_days=scenario.follow_up.intake_days.value,
        person=np.zeros((n, n_groups, N_OUTCOME_COLUMNS)),
        load=np.zeros((n, n_groups, n_services, N_SERVICE_COUNTS)),
        busy_days=np.zeros((n, n_services)),
        queue_days=np.zeros((n, n_services)),
        held=np.zeros((n, 5)),
        elsewhere_cost=np.zeros((n, N_PAYERS)),
        custody_day=lowered.tables.status_day[:, Legal.CUSTODY],
        custody_average_day=np.array(
            [average_custody_day(regime.costs) for regime in scenario.regimes]
        ),
        refill_share=lowered.refill_share,
        events=np.zeros(n, dtype=np.int64),
        pools=_pools(scenario),
    )


def _pools(scenario: Scenario) -> tuple[tuple[str, tuple[str, ...]], ...]:
    scenario = next(each for each in reversed(scenario.regimes) if not _begins_late(each))
    members = [(pool, _sharing(scenario, pool)) for pool in sorted(scenario.pools)]
    return tuple((pool, services) for pool, services in members if services)


def _begins_late(scenario: Scenario) -> bool:
    """Return whether an option with a day begins after the intake window."""
    window = scenario.follow_up.intake_days.value
    return scenario.from_day is not None and scenario.from_day >= window


def _sharing(scenario: Scenario, pool: str) -> tuple[str, ...]:
    return tuple(sorted(k for k, service in scenario.services.items() if service.pool == pool))


def _simulate_all(
    scenarios: Sequence[Scenario],
    lowered: list[Lowered],
    runs: tuple[ScenarioRuns, ...],
    plan: Plan,
    progress: Progress | None,
) -> None:
    parameters = plan.parameters()

    def some(scenario: int, replications: range, stop: Stop) -> int:
        for replication in replications:
            low = lowered[scenario]
            if parameters:
                low = with_parameters(low, scenarios[scenario], parameters[replication])
            with told_of(scenarios[scenario]):
                counts, _ = simulate(
                    low, seed=plan.seed, replication=replication, engine=plan.engine, stop=stop
                )
            _store(runs[scenario], replication, counts, lowered[scenario])
        return len(replications)

    total = len(lowered) * plan.replications
    so_far = 0

    def tell(_: int, replications: int) -> None:
        nonlocal so_far
        for _ in range(replications):
            so_far += 1
            if progress is not None:
                progress(so_far, total)

    # One scenario after another: its tables and the worker's memory stay in the cache.
    jobs = (
        partial(some, scenario, replications)
        for scenario, low in enumerate(lowered)
        for replications in _batches(plan, people=low.members)
    )
    do_all(jobs, workers=min(plan.workers, total), done=tell)


def _batches(plan: Plan, *, people: int) -> Iterator[range]:
    """Give the replications that a worker does in one go: some hundredths of a second.

    Few enough that all workers have work to the end and an interrupt is soon heard.
    """
    most = _PEOPLE_AT_ONCE // (people + 1) + 1
    size = min(most, -(-plan.replications // (4 * plan.workers)))
    for first in range(0, plan.replications, size):
        yield range(first, min(first + size, plan.replications))


def _store(runs: ScenarioRuns, replication: int, counts: Counts, lowered: Lowered) -> None:
    held = counts.in_custody
    nights = nights_elsewhere(
        held, places=lowered.custody_places, since=lowered.tables.rules["since"]
    )
    mean = held.sum() / len(held)
    runs.held[replication] = mean, held.max(), held[0], held[-1], nights.sum()
    runs.elsewhere_cost[replication] = price_of_nights(nights, lowered.elsewhere_night)
    runs.person[replication] = counts.person
    runs.load[replication] = counts.load
    runs.busy_days[replication] = counts.busy_days
    runs.queue_days[replication] = counts.queue_days
    runs.events[replication] = counts.events
