"""A trial: a few people are followed where rates are so high that a run may be stopped.

Only following people tells whether they have more events than a run allows: rates act when
a person is at liberty or under an order, and each event brings others. The people of the
trial have the random numbers of the first replication of the first seed, so it meets what
that run would.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pathsim.elementary import exp
from pathsim.engine.contract import MAX_EVENTS, People, RanAway, Why
from pathsim.engine.places import NO_LIMIT
from pathsim.engine.run import simulate
from pathsim.errors import InputError, Problem
from pathsim.study.threads import alone

if TYPE_CHECKING:
    from pathsim.engine.contract import Ints
    from pathsim.engine.lowering import Lowered
    from pathsim.scenario.model import Scenario

_MANY: Final = 1_500.0
"""Reoffences, breaches, recalls and moves of a person, from which on a trial is worth its time."""
_LONG_SENTENCE_DAYS: Final = 1_000.0
"""Of a custodial sentence that is drawn."""
_PEOPLE_A_DISPOSAL: Final = 3
_HIGH_FRAILTY: Final = 1.0
"""Standard deviations above the median."""


def refuse_runaways(scenario: Scenario, lowered: Lowered) -> None:
    """Refuse a scenario that a run would stop, if a trial finds it. Raises InputError."""
    if _most_events(scenario, lowered) <= _MANY:
        return
    some = _some_people(lowered)
    try:
        alone(lambda stop: simulate(some, seed=1, replication=0, stop=stop))
    except InputError as error:
        cause = error.__cause__
        if isinstance(cause, RanAway) and not _shares_places(cause, lowered):
            raise InputError(_far_too_often(cause, scenario, some) or error.problems[0]) from error


def _most_events(scenario: Scenario, lowered: Lowered) -> float:
    """Return about how many events a person has at most of those that come at a rate."""
    tables, people, follow_up = lowered.tables, lowered.people, scenario.follow_up
    regimes = (scenario.before or scenario, scenario)
    sentences = np.where(np.isnan(people.sentence_days), _LONG_SENTENCE_DAYS, people.sentence_days)
    days = follow_up.days.value + follow_up.waiting_days.value + sentences
    reoffences = float((people.base_hazard * days).max()) * _highest_ratio(tables)
    rates = [tables.breach_rate.max(), tables.recall_rate.max(), tables.home_rate.max()]
    stays = [each.duration_days for one in regimes for each in one.services.values() if each.houses]
    rates += [1.0 / stay.expected() for stay in stays]
    return reoffences + float(sum(rates)) * float(days.max())


def _highest_ratio(tables: Any) -> float:
    """Return about the highest factor of a person's base hazard."""
    rules = tables.rules
    ratio = exp(np.array([_HIGH_FRAILTY * rules["frailty_sigma"].max()]))[0]
    for each in (tables.shape_ratio, tables.legal_ratio, tables.home_ratio):
        ratio *= each.max()
    ratio *= max(1.0, rules["presumption_ratio"].max())
    for each in (tables.services["ratio"], tables.services["after_ratio"]):
        for highest in each.max(axis=0):
            ratio *= max(1.0, highest)
    return float(ratio)


def _some_people(lowered: Lowered) -> Lowered:
    """Return the scenario with a few people of each disposal, those of the highest hazard."""
    people = lowered.people
    counted = np.arange(len(lowered.ids))
    order = np.argsort(-people.base_hazard[counted], kind="stable")
    chosen = [
        order[people.disposal[order] == disposal][:_PEOPLE_A_DISPOSAL]
        for disposal in np.unique(people.disposal[counted])
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
