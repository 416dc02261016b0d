"""One door to a study: what a scenario says is read, checked, its people made and lowered here.

`validate` and every run go through it, so that neither refuses what the other accepts.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pathsim.engine.lowering import Lowered, lower
from pathsim.errors import warn_caller
from pathsim.people.cohort import Cohort
from pathsim.scenario.load import load
from pathsim.scenario.place import told_of

from .covered import uncovered
from .idle import idle
from .reach import warn_of_people
from .trial import refuse_runaways

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
    lowered = [_lowered(*each) for each in zip(scenarios, people, strict=True)]
    _warn_of_idle(scenarios, lowered)
    warn_of_people(scenarios, people, lowered)
    return [Prepared(*each) for each in zip(scenarios, people, lowered, strict=True)]


def _warn_of_idle(scenarios: Sequence[Scenario], lowered: Sequence[Lowered]) -> None:
    """Warn of what nothing comes of, and of who is missing; each thing once."""
    pairs = list(zip(scenarios, lowered, strict=True))
    said = [each for pair in pairs for each in (*idle(*pair), *uncovered(*pair))]
    for message in dict.fromkeys(said):
        warn_caller(message)


def _lowered(scenario: Scenario, cohort: Cohort) -> Lowered:
    """Return a scenario that a run can follow. Raises InputError, with file and line."""
    with told_of(scenario):
        lowered = lower(scenario, cohort)
        refuse_runaways(scenario, lowered)
    return lowered


def cohorts(scenarios: Sequence[Scenario], cohort: Cohort | None = None) -> list[Cohort]:
    """Return who is followed in each scenario: `cohort`, or its own people. Raises InputError."""
    if cohort is not None:
        return [cohort] * len(scenarios)
    known: list[tuple[object, Cohort]] = []
    people = []
    for scenario in scenarios:
        # The sample is a function of its source and the areas alone: those who have both share it.
        origin = (scenario.cohort, scenario.areas)
        made = next((made for source, made in known if source == origin), None)
        if made is None:
            with told_of(scenario):
                made = Cohort.from_scenario(scenario)
            known.append((origin, made))
        people.append(made)
    return people
