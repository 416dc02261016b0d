"""What `pathsim calibrate --to PEOPLE` asks: the levels at which happens what happened to them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pathsim.errors import InputError, Problem

if TYPE_CHECKING:
    from pathsim.people.cohort import Cohort
    from pathsim.scenario.model import Scenario
    from pathsim.study.calibration import Targets


def refuse_mixed(
    to: Path | None, observed: Path | None, *, of_own: dict[str, Any], others: dict[str, Any]
) -> None:
    """Refuse options that do not go together, before anything is read.

    of_own, others: what goes with --to alone, and without it alone; None: not given. Raises
    InputError.
    """
    goes = "without --to" if to is not None else "with --to"
    for key, value in (others if to is not None else {"--observed": observed, **of_own}).items():
        if value is not None:
            found = str(value) if isinstance(value, Path) else value
            raise InputError(Problem("does not go here", key=key, found=found, allowed=goes))
    if to is not None and observed is None:
        message, allowed = "is missing, and --to needs it", "a table of what happened"
        raise InputError(Problem(message, key="--observed", allowed=allowed))


def asked_of_own(
    scenario: Scenario,
    people: Path,
    observed: Path,
    *,
    within_days: float | None,
    scale: float | None,
) -> tuple[Scenario, Cohort, Targets]:
    """Return a scenario with a clock a person, the people brought, and what they did as targets."""
    from pathsim.people.cohort import Cohort
    from pathsim.people.observed import observed_of
    from pathsim.scenario.scale import with_scale
    from pathsim.study.calibration.own import own_targets
    from pathsim.study.foretold import counted_for

    days = scenario.follow_up.days.value if within_days is None else within_days
    scenario = scenario if scale is None else with_scale(scenario, scale)
    cohort = Cohort.from_file(people, few_cells=0)
    seen = observed_of(observed, cohort, within_days=days)
    asked = own_targets(cohort, seen, scenario, days=days)
    return counted_for(scenario, days), cohort, asked
