"""What an option changes, with what stands behind the new values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pathsim.scenario.changes import differences

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pathsim.scenario.model import Scenario


class Change(NamedTuple):
    """One value that an option changes."""

    key: str
    before: object
    after: object
    grade: str
    """What stands behind the new value; empty where it has no source, such as a trigger."""
    source: str


def changes(baseline: Scenario, option: Scenario) -> tuple[Change, ...]:
    """Return what `option` changes in `baseline`, in the order of the scenario's keys."""
    return tuple(
        Change(key, before, after, *_origin(option, key))
        for key, before, after in differences(baseline, option)
    )


def touched_services(changed: Iterable[Change], scenario: Scenario) -> tuple[str, ...]:
    """Return the services whose own values change, or whose pool's do."""
    keys = [change.key.split(".") for change in changed]
    services = {key[1] for key in keys if key[0] == "services" and len(key) > 1}
    pools = {key[1] for key in keys if key[0] == "pools" and len(key) > 1}
    fed = {name for name, service in scenario.services.items() if service.pool in pools}
    return tuple(sorted(services | fed))


def _origin(scenario: Scenario, key: str) -> tuple[str, str]:
    """Return grade and source of the closest part around `key` that states them."""
    grade = source = ""
    part: Any = scenario
    for name in key.split("."):
        part = _inside(part, name)
        if hasattr(part, "grade"):
            grade, source = part.grade, part.source
    return grade, source


def _inside(part: Any, name: str) -> Any:
    table: Mapping[str, Any] | None = part if isinstance(part, dict) else None
    return table.get(name) if table is not None else getattr(part, name, None)
