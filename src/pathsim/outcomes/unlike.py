"""Options of which a difference would be one of unlike things are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pathsim.errors import InputError, Problem
from pathsim.scenario.place import placed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pathsim.scenario.model import Scenario

    from .provenance import Request

_NONE: Final = "none"
_MEMORY: Final = "follow_up.memory_days"


def refuse_unlike(request: Sequence[Request]) -> None:
    """Raise InputError for each option that counts or values other things than the baseline.

    request: the baseline, then the options.
    """
    ours = _terms(request[0].scenario)
    problems = [
        placed(
            Problem(
                f"the option '{option.title}' {what}, so a difference from the baseline would be "
                "one of unlike things; change it in the baseline too",
                key=key,
                found=theirs,
                allowed=f"{_as_written(ours[key][1])}, as in the baseline '{request[0].title}'",
            ),
            option.scenario,
        )
        for option in request[1:]
        for key, (what, theirs) in _terms(option.scenario).items()
        if theirs != ours[key][1] and not _follows(key, request[0].scenario, option.scenario)
    ]
    if problems:
        raise InputError(*problems)


def _follows(key: str, *scenarios: Scenario) -> bool:
    """Return whether a key is left out everywhere, so that it differs as another one does."""
    return key == _MEMORY and all(each.follow_up.memory_days is None for each in scenarios)


def _as_written(value: object) -> str:
    """Return a value as a scenario file says it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _terms(scenario: Scenario) -> dict[str, tuple[str, object]]:
    """Return what outcomes are told by: what another value would do, and the value."""
    follow_up = scenario.follow_up
    horizon, memory = follow_up.horizon, follow_up.memory
    return {
        "follow_up.clocks": ("has official outcomes of other clocks", follow_up.clocks),
        "follow_up.horizon_days": (
            "counts and pays what people do for another time",
            _NONE if horizon is None else horizon,
        ),
        _MEMORY: (
            "follows people in the system for another time, and has entries for that",
            _NONE if memory is None else memory,
        ),
        "follow_up.intake_days": (
            "counts those who come in another time",
            follow_up.intake_days.value,
        ),
        "follow_up.generations_before": (
            "begins with a system filled otherwise",
            follow_up.generations_before,
        ),
        "follow_up.generations_after": (
            "lets others come after for another time",
            follow_up.generations_after,
        ),
        "follow_up.stock_windows": (
            "begins with other people in custody",
            follow_up.stock_windows,
        ),
        "offending.record_grows": (
            "sends people by another record",
            scenario.offending.record_grows,
        ),
        "costs.discount_rate_percent": (
            "values its costs at another rate",
            scenario.costs.discount_rate_percent.value,
        ),
    }
