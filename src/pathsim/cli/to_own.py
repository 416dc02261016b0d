"""What `pathsim calibrate --to PEOPLE` asks: the levels at which happens what happened to them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pathsim.cli.happened import happened_to
from pathsim.errors import InputError, Problem

if TYPE_CHECKING:
    from pathsim.people.cohort import Cohort
    from pathsim.scenario.model import Scenario
    from pathsim.study.calibration import Targets


def refuse_mixed(to: Path | None, *, of_own: dict[str, Any], others: dict[str, Any]) -> None:
    """Refuse options that do not go together, before anything is read.

    of_own, others: what goes with --to alone, and without it alone; None: not given. Raises
    InputError.
    """
    goes = "without --to" if to is not None else "with --to"
    for key, value in (others if to is not None else of_own).items():
        if value is not None:
            found = str(value) if isinstance(value, Path) else value
            raise InputError(Problem("does not go here", key=key, found=found, allowed=goes))


def asked_of_own(  # noqa: PLR0913 one for each option of the command
    scenario: Scenario,
    people: Path,
    observed: Path | None,
    *,
    mapping: Path | None,
    within_days: float | None,
    scale: float | None,
) -> tuple[Scenario, Cohort, Targets]:
    """Return a scenario with a clock a person, the people brought, and what they did as targets."""
    from pathsim.people.cohort import Cohort
    from pathsim.people.observed import observed_of
    from pathsim.scenario.scale import with_scale
    from pathsim.study.calibration.own import own_targets
    from pathsim.study.foretold import counted_for

    scenario = scenario if scale is None else with_scale(scenario, scale)
    cohort = Cohort.from_file(people, mapping=mapping, scenario=scenario)
    happened, said = happened_to(cohort, observed, within_days=within_days)
    days = scenario.follow_up.days.value if said is None else said
    seen = observed_of(happened, cohort, within_days=days)
    asked = own_targets(cohort, seen, scenario, days=days)
    return counted_for(scenario, days), cohort, asked
