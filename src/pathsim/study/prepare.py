"""One door to a study: what a scenario says is read, checked, its people made and lowered here.

`validate` and every run go through it, so that neither refuses what the other accepts.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pathsim.engine.contract import MAX_EVENTS
from pathsim.engine.lowering import Lowered, lower
from pathsim.errors import InputError, Problem
from pathsim.people.cohort import Cohort
from pathsim.scenario.load import load

from .reach import warn_of_people

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pathsim.scenario.model import Scenario


class Prepared(NamedTuple):
    """A scenario with its people, as the engines read them."""

    scenario: Scenario
    cohort: Cohort
    lowered: Lowered


def prepare(
    sources: Sequence[Scenario | str | Path], cohort: Cohort | None = None
) -> list[Prepared]:
    """Return each scenario, or scenario file, ready to be simulated.

    cohort: the people followed in all of them; left out, each scenario's own. Raises
    InputError; warns of what these people cannot do there.
    """
    scenarios = [load(each) if isinstance(each, str | Path) else each for each in sources]
    people = cohorts(scenarios, cohort)
    lowered = [lower(scenario, each) for scenario, each in zip(scenarios, people, strict=True)]
    for scenario, each in zip(scenarios, lowered, strict=True):
        _refuse_runaways(scenario, each)
    warn_of_people(scenarios, people, lowered)
    return [Prepared(*each) for each in zip(scenarios, people, lowered, strict=True)]


def _refuse_runaways(scenario: Scenario, lowered: Lowered) -> None:
    """Refuse a hazard under which a person would have more events than a run allows."""
    follow_up = scenario.follow_up
    days = follow_up.days.value + follow_up.waiting_days.value
    highest = int(np.argmax(lowered.people.base_hazard))
    hazard = float(lowered.people.base_hazard[highest])
    if hazard * days > MAX_EVENTS:
        person = lowered.ids[highest % len(lowered.ids)]
        files = scenario.lineage.files
        raise InputError(
            Problem(
                f"person '{person}' would reoffend {hazard:,.6g} times a day, "
                f"{hazard * days:,.0f} times in the {days:,.12g} days of the follow-up",
                key="hazard",
                allowed=f"at most {MAX_EVENTS:,} times",
                file=Path(files[-1].path) if files else None,
            )
        )


def cohorts(scenarios: Sequence[Scenario], cohort: Cohort | None = None) -> list[Cohort]:
    """Return who is followed in each scenario: `cohort`, or its own people. Raises InputError."""
    if cohort is not None:
        return [cohort] * len(scenarios)
    known: list[tuple[object, Cohort]] = []
    people = []
    for scenario in scenarios:
        # The sample is a function of its source alone, so equal sources share one sample.
        made = next((made for source, made in known if source == scenario.cohort), None)
        if made is None:
            made = Cohort.from_scenario(scenario)
            known.append((scenario.cohort, made))
        people.append(made)
    return people
