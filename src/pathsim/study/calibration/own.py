"""A fit of the levels to what happened to people that an analyst brings."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from pathsim.errors import InputError, Problem
from pathsim.vocabulary import AGE_GROUPS

from .targets import Parameter, Target, Targets

if TYPE_CHECKING:
    from pathsim.people.cohort import Cohort
    from pathsim.people.observed import Observed
    from pathsim.scenario.model import Scenario

FEWEST: Final = 10
"""Who reoffended, and who did not, of an age group whose level is fitted."""
_LOG_SD: Final = 0.6
"""Of the prior: a factor of three either way."""
_DISCREPANCY: Final = 0.005
_TITLES: Final = {"adult": "Adults", "youth": "Children"}


def own_targets(cohort: Cohort, seen: Observed, scenario: Scenario, *, days: float) -> Targets:
    """Return the levels as free parameters, and the share that reoffended in each age group.

    An age group of whom fewer than ten reoffended, or did not, keeps its level. Raises InputError
    when that is so of both.
    """
    groups = np.asarray(cohort.groups()["age_group"])
    parameters, targets = [], []
    for name in AGE_GROUPS:
        inside = seen.counts & (groups == name)
        people, events = int(inside.sum()), int((inside & seen.reoffended).sum())
        if min(events, people - events) < FEWEST:
            continue
        parameters.append(_level(name, scenario))
        targets.append(_rate(name, events, people, days))
    if not targets:
        message = "are too few to fit a level to"
        allowed = f"{FEWEST} or more who reoffended and who did not, of adults or of children"
        raise InputError(Problem(message, key="observed", allowed=allowed))
    return Targets(
        title=f"what happened to {int(seen.counts.sum()):,} people within {days:g} days",
        parameters=tuple(parameters),
        targets=tuple(targets),
    )


def _level(name: str, scenario: Scenario) -> Parameter:
    key = f"{name}_level"
    return Parameter(
        key=f"hazard.{key}",
        median=getattr(scenario.hazard, key).value,
        log_sd=_LOG_SD,
        reason="Weak, about the scenario's own level",
    )


def _rate(name: str, events: int, people: int, days: float) -> Target:
    share = events / people
    return Target(
        id=name,
        title=_TITLES[name],
        groups=(f"age_group={name}",),
        published=share,
        se=math.sqrt(share * (1.0 - share) / people),
        discrepancy=_DISCREPANCY,
        discrepancy_reason="Luck of the simulated runs",
        source=f"{events:,} of {people:,} people reoffended within {days:g} days",
        fitted=True,
    )
