"""What one scenario's replications add up to, replication by replication."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
from pathsim.engine.places import nights_elsewhere, price_of_nights

if TYPE_CHECKING:
    from pathsim.engine.contract import Counts
    from pathsim.engine.lowering import Lowered
    from pathsim.scenario.model import Scenario

    from .plan import Plan


@dataclass(frozen=True, kw_only=True)
class ScenarioRuns:
    """What one scenario's replications add up to. Axes: R, then G and S as in the contract."""

    groups: tuple[tuple[str, str], ...]
    services: tuple[str, ...]
    capacity_days: Floats
    """[R, S] place-days available in the intake window; nan: unlimited."""
    place_cost: Floats
    """[R, M] fixed cost of places by payer, pounds."""
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
    """[R, regimes, M] price of a day in custody, pounds, in turn as an option's days come."""
    custody_average_day: Floats
    """[R, regimes, M] average price of one, which nothing is booked at; nan: none is given."""
    refill_share: Floats
    """[R, regimes] share of saved custody days that others fill, likewise."""
    events: Ints
    """[R]"""
    pools: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Pools of places, with the services that share each."""
    derived: Mapping[str, Floats] = field(default_factory=dict)
    """[R] of each outcome that a function of the analyst's reads from the log, by its name."""
    saved_from: tuple[tuple[int, Floats], ...] = ()
    """Where saved custody days are filled on other terms from some regime on: its number, and
    [R, G, 1 + YEARS] the days saved of stays that begin from it on; the last axis as
    `contract.custody_to_fill`."""


def empty(scenario: Scenario, lowered: Lowered, plan: Plan, *, loads: bool = True) -> ScenarioRuns:
    """Return room for the runs of a scenario; without `loads`, none for the load on services."""
    n, n_groups, n_services = plan.replications, len(lowered.groups), len(lowered.services)
    n_regimes = len(lowered.refill_share)
    return ScenarioRuns(
        groups=tuple(lowered.groups),
        services=tuple(lowered.services),
        capacity_days=np.zeros((n, n_services)),
        place_cost=np.zeros((n, N_PAYERS)),
        intake_days=scenario.follow_up.intake_days.value,
        person=np.zeros((n, n_groups, N_OUTCOME_COLUMNS)),
        load=np.zeros((n, n_groups, n_services if loads else 0, N_SERVICE_COUNTS)),
        busy_days=np.zeros((n, n_services)),
        queue_days=np.zeros((n, n_services)),
        held=np.zeros((n, 5)),
        elsewhere_cost=np.zeros((n, N_PAYERS)),
        custody_day=np.zeros((n, n_regimes, N_PAYERS)),
        custody_average_day=np.zeros((n, n_regimes, N_PAYERS)),
        refill_share=np.zeros((n, n_regimes)),
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


def store(runs: ScenarioRuns, replication: int, counts: Counts, lowered: Lowered) -> None:
    """Keep what a replication came to, and the prices and places that it had."""
    store_people(runs, replication, counts, lowered)
    runs.load[replication] = counts.load
    runs.busy_days[replication] = counts.busy_days
    runs.queue_days[replication] = counts.queue_days


def store_people(runs: ScenarioRuns, replication: int, counts: Counts, lowered: Lowered) -> None:
    """Keep what a replication came to but for the load on services."""
    held = counts.in_custody
    nights = nights_elsewhere(
        held, places=lowered.custody_places, since=lowered.tables.rules["since"]
    )
    mean = held.sum() / len(held)
    runs.capacity_days[replication] = lowered.capacity_days
    runs.place_cost[replication] = lowered.place_cost
    runs.custody_day[replication] = lowered.tables.status_day[:, Legal.CUSTODY]
    runs.custody_average_day[replication] = lowered.custody_average_day
    runs.refill_share[replication] = lowered.refill_share
    runs.held[replication] = mean, held.max(), held[0], held[-1], nights.sum()
    runs.elsewhere_cost[replication] = price_of_nights(nights, lowered.elsewhere_night)
    runs.person[replication] = counts.person
    runs.events[replication] = counts.events
