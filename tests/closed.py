"""A shipped scenario as a closed system: every occasion is somebody new, one clock a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pathsim.vocabulary import AGE_GROUPS, PREVIOUS_BANDS

if TYPE_CHECKING:
    from pathsim.scenario.model import Scenario

_ALL: Final = {"value": 1.0, "source": "a test", "grade": "definition"}


def closed(scenario: Scenario, **more: Any) -> Scenario:
    """Return the scenario with a generation before the counted, no memory and no stock."""
    changes = {
        "follow_up.clocks": "person",
        "follow_up.memory_days": None,
        "follow_up.horizon_days": None,
        "follow_up.generations_before": 1,
        "follow_up.generations_after": 0,
        "follow_up.stock_windows": 0,
        "offending.record_grows": False,
        "cohort.entry_shares": {age: dict.fromkeys(PREVIOUS_BANDS, _ALL) for age in AGE_GROUPS},
    }
    return scenario.change(scenario.title, changes | more)
