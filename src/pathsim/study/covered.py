"""Whether there are generations enough for how long people are members of the system."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pathsim.scenario.cohort import SampledCohort

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pathsim.engine.lowering import Lowered
    from pathsim.scenario.model import Scenario


def uncovered(scenario: Scenario, lowered: Lowered) -> Iterator[str]:
    """Yield that a system with entries lacks members who came earlier, or come later."""
    follow_up, source = scenario.follow_up, scenario.cohort
    window = follow_up.intake_days.value
    if follow_up.memory is None or not window or not _has_entries(source):
        return
    wanted = round(follow_up.memory / window)
    days = f"the {follow_up.memory:,g} days of memory are {wanted} intake windows"
    if follow_up.generations_before < wanted:
        yield (
            f"follow_up.generations_before = {follow_up.generations_before}, and {days}: members "
            "who came earlier are missing in the intake window, from its disposals, courts, "
            "custody and places"
        )
    if follow_up.generations_after < wanted and lowered.tables.pool_capacity.shape[1] > 0:
        yield (
            f"follow_up.generations_after = {follow_up.generations_after}, and {days}: those who "
            "come later are missing, and leave places free for counted people who are still members"
        )


def _has_entries(source: object) -> bool:
    return isinstance(source, SampledCohort) and bool(source.entry_shares)
