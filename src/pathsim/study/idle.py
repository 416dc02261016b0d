"""What nothing comes of: options that begin after everybody's end, services without a way in."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from pathsim.engine.contract import Disposal, DistributionKind
from pathsim.errors import Problem
from pathsim.scenario.place import placed

from .reach import started

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pathsim.engine.contract import Records
    from pathsim.engine.lowering import Lowered
    from pathsim.scenario.model import Scenario

_MOST_OF_EXPONENTIAL: Final = 40.0
_MOST_OF_NORMAL: Final = 8.5
"""No draw is beyond: uniform numbers have 53 bits."""


def idle(scenario: Scenario, lowered: Lowered) -> Iterator[str]:
    """Yield what nothing comes of, with file and line."""
    for problem in (*_late(scenario, lowered), *_without_a_way_in(scenario)):
        yield str(placed(problem, scenario))


def last_day(lowered: Lowered) -> float:
    """Return the day by which everybody's follow-up and the intake window have ended."""
    rules, people = lowered.tables.rules[0], lowered.people
    starts = np.where(np.isnan(people.start_day), rules["intake"], people.start_day)
    longest = [_longest(lowered, each) for each in lowered.tables.distributions]
    drawn = np.array(longest)[
        lowered.tables.custody_days[0, people.age_group, people.offence_group]
    ]
    sentences = np.where(np.isnan(people.sentence_days), drawn, people.sentence_days)
    sentences = np.where(people.disposal == Disposal.CUSTODY, sentences, 0.0)
    ends = starts + sentences + rules["follow_up"] + rules["waiting"]
    return float(np.append(ends, rules["intake"]).max())


def _late(scenario: Scenario, lowered: Lowered) -> Iterator[Problem]:
    last = last_day(lowered)
    for regime in scenario.regimes:
        if regime.from_day is not None and regime.from_day > last:
            yield Problem(
                f"'{regime.title}' changes nothing from this day: everybody's follow-up ends by "
                f"day {math.ceil(last):,}",
                key="from_day",
                found=regime.from_day,
            )


def _without_a_way_in(scenario: Scenario) -> Iterator[Problem]:
    """Yield services to which nothing brings anybody, before or after an option's day."""
    regimes = scenario.regimes
    offered = {name: service for each in regimes for name, service in each.services.items()}
    ways = [
        started(
            each.services,
            set(each.services),
            with_presumption=each.sentencing.presumption.with_service,
        )
        for each in regimes
    ]
    for name in sorted(offered.keys() - set().union(*ways)):
        trigger = offered[name].trigger
        why = "the trigger is empty"
        if any(dict(trigger).values()):
            why = "it hangs on services that nobody starts"
            if set(trigger.of) == {name}:
                why = "only its own completion brings anybody, and so nobody a first time"
        yield Problem(f"nobody can ever start this service: {why}", key=f"services.{name}.trigger")


def _longest(lowered: Lowered, distribution: Records) -> float:
    """Return about the longest time that a distribution gives."""
    kind, *parameters = distribution.item()
    a, b, c = map(float, parameters)
    match kind:
        case DistributionKind.NEVER:
            return math.inf
        case DistributionKind.EXPONENTIAL:
            return a * _MOST_OF_EXPONENTIAL
        case DistributionKind.LOGNORMAL:
            return a * math.exp(b * _MOST_OF_NORMAL)
        case DistributionKind.WEIBULL:
            return a * math.pow(_MOST_OF_EXPONENTIAL, 1 / b)
        case DistributionKind.EMPIRICAL:
            return float(lowered.tables.knots["q"][int(a) + int(b) - 1])
    return max(a, b, c)
