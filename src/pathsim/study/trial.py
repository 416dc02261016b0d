"""A trial: people are followed where rates or prices are so high that a run may be stopped.

Only following people tells whether they have more events than a run allows: rates act when
a person is at liberty or under an order, and each event brings others. A trial is the first
replication of the first seed, of a few people only where all of them would take long.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pathsim.elementary import exp
from pathsim.elementary.fixed import LARGEST_SUM
from pathsim.engine.contract import (
    MAX_EVENTS,
    PERSON_UNITS,
    UNITS_A_POUND,
    OutcomeColumn,
    People,
    RanAway,
    Why,
)
from pathsim.engine.fixed import check_people
from pathsim.engine.places import NO_LIMIT
from pathsim.engine.run import simulate
from pathsim.errors import InputError, Problem
from pathsim.study.threads import alone

if TYPE_CHECKING:
    from pathsim.engine.contract import Floats, Ints
    from pathsim.engine.lowering import Lowered
    from pathsim.scenario.model import Scenario

_MANY: Final = 1_500.0
"""Reoffences, breaches, recalls and moves of a person, from which on a trial is worth its time."""
_SOON: Final = 5e6
_SOON_A_PERSON: Final = 10.0
"""Of so many events a trial follows everybody, as a run would; of more, a few people."""
_LONG_SENTENCE_DAYS: Final = 1_000.0
"""Of a custodial sentence that is drawn."""
_PEOPLE_A_DISPOSAL: Final = 3
_DEAR: Final = 10.0
"""How many times an estimate of what a person costs may be too low."""
_HIGH_FRAILTY: Final = 1.0
"""Standard deviations above the median."""


def refuse_runaways(scenario: Scenario, lowered: Lowered) -> None:
    """Refuse a scenario that a run would stop, if a trial finds it. Raises InputError."""
    often = _most_events(scenario, lowered)
    if often <= _MANY and not _is_dear(scenario, lowered, often):
        return
    everybody = lowered.members
    soon = everybody * (1.0 + often) <= max(_SOON, everybody * _SOON_A_PERSON)
    some = lowered if soon else _some_people(lowered)
    try:
        counts, _ = alone(lambda stop: simulate(some, seed=1, replication=0, stop=stop))
    except InputError as error:
        cause = error.__cause__
        if not isinstance(cause, RanAway):
            raise
        if some is lowered or not _shares_places(cause, lowered):
            raise InputError(_far_too_often(cause, scenario, some) or error.problems[0]) from error
    else:
        peopled = counts.person[counts.person[:, OutcomeColumn.PEOPLE] > 0]
        # A mean is no more than the largest, by which a run goes.
        means = (peopled / peopled[:, [OutcomeColumn.PEOPLE]]).max(axis=0)
        check_people(means, people=len(lowered.people.key))


def _longest_days(scenario: Scenario, lowered: Lowered) -> Floats:
    """Return about how long each person is followed at most."""
    given = lowered.people.sentence_days
    sentences = np.where(np.isnan(given), _LONG_SENTENCE_DAYS, given)
    return scenario.follow_up.days.value + scenario.follow_up.waiting_days.value + sentences


def _most_events(scenario: Scenario, lowered: Lowered) -> float:
    """Return about how many events a person has at most of those that come at a rate."""
    tables = lowered.tables
    regimes = scenario.regimes
    days = _longest_days(scenario, lowered)
    reoffences = float((lowered.people.base_hazard * days).max()) * _highest_ratio(tables)
    rates = [tables.breach_rate.max(), tables.recall_rate.max(), tables.home_rate.max()]
    stays = [each.duration_days for one in regimes for each in one.services.values() if each.houses]
    rates += [1.0 / stay.expected() for stay in stays]
    return reoffences + float(sum(rates)) * float(days.max())


def _is_dear(scenario: Scenario, lowered: Lowered, events: float) -> bool:
    """Return whether what a person costs, or its severity, may not fit into a sum of them all."""
    tables, services = lowered.tables, lowered.tables.services
    states = (tables.status_day, tables.curfew_day, tables.homeless_day)
    a_day = sum(price.max() for price in states) + services["per_day"].sum()
    prices = (
        tables.reoffence_cost,
        tables.conviction_cost,
        tables.disposal_cost,
        tables.caution_cost,
        tables.breach_cost,
    )
    an_event = sum(price.max() for price in prices) + sum(
        services[price].sum() for price in ("per_referral", "per_start", "per_completion")
    )
    pounds = a_day * _longest_days(scenario, lowered).max() + an_event * (1.0 + events)
    offences = tables.offences_mean.max()
    pounds += tables.further_cost.max() * (offences - 1.0) * (1.0 + events)
    severity = tables.severity.max() * offences * (1.0 + events)
    units = max(pounds * UNITS_A_POUND, severity * PERSON_UNITS[OutcomeColumn.SEVERITY])
    return bool(_DEAR * units * len(lowered.people.key) > LARGEST_SUM)


def _highest_ratio(tables: Any) -> float:
    """Return about the highest factor of a person's base hazard."""
    rules = tables.rules
    ratio = exp(np.array([_HIGH_FRAILTY * rules["frailty_sigma"].max()])).item()
    for each in (tables.profile_ratio, tables.legal_ratio, tables.home_ratio):
        ratio *= each.max()
    for highest in tables.index_ratio.max(axis=(0, 2)):
        ratio *= max(1.0, highest)
    ratio *= max(1.0, rules["presumption_ratio"].max())
    for each in (tables.services["ratio"], tables.services["after_ratio"]):
        for highest in each.max(axis=0):
            ratio *= max(1.0, highest)
    return float(ratio)


def _some_people(lowered: Lowered) -> Lowered:
    """Return the scenario with a few people of each disposal, those of the highest hazard."""
    people = lowered.people
    order = np.argsort(-people.base_hazard, kind="stable")
    order = order[people.enters[order]]
    chosen = [
        order[people.disposal[order] == disposal][:_PEOPLE_A_DISPOSAL]
        for disposal in np.unique(people.disposal)
    ]
    numbers = np.sort(np.concatenate(chosen))
    return replace(
        lowered,
        ids=lowered.ids[numbers],
        people=People(
            *(
                each[:, numbers] if name == "eligible" else each[numbers]
                for name, each in people._asdict().items()
            )
        ),
    )


def _shares_places(runaway: RanAway, lowered: Lowered) -> bool:
    """Return whether it is by a service whose places more people would contend for."""
    if runaway.service < 0:
        return False
    pools = lowered.tables.services["pool"][:, runaway.service]
    places: Ints = lowered.tables.pool_capacity[:, pools[pools >= 0]]
    return bool((places < NO_LIMIT).any())


def _far_too_often(runaway: RanAway, scenario: Scenario, some: Lowered) -> Problem | None:
    """Return what is wrong with a hazard that is by itself too high, in its own figures."""
    days = scenario.follow_up.days.value + scenario.follow_up.waiting_days.value
    highest = int(np.argmax(some.people.base_hazard))
    hazard = float(some.people.base_hazard[highest])
    shape = _integral(scenario, days)
    if runaway.why is not Why.EVENTS or not MAX_EVENTS < hazard * shape < math.inf:
        return None
    return Problem(
        f"person '{some.ids[highest]}' would reoffend {hazard * shape / days:,.6g} times a "
        f"day, {hazard * shape:,.0f} times in the {days:,.12g} days of the follow-up",
        key="hazard",
        allowed=f"at most {MAX_EVENTS:,} times",
    )


def _integral(scenario: Scenario, days: float) -> float:
    """Return the integral of the hazard's shape over the follow-up."""
    shape = scenario.hazard.shape
    ends = [*shape.from_days[1:], math.inf]
    steps = zip(shape.from_days, ends, shape.ratios, strict=True)
    return math.fsum(max(min(end, days) - start, 0.0) * ratio for start, end, ratio in steps)
