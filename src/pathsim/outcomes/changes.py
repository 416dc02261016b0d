"""What an option changes, with what stands behind the new values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pathsim.scenario.changes import differences
from pathsim.scenario.model import Scenario
from pathsim.scenario.titles import in_force, phase

from .names import POOL_PREFIX, SERVICE_PREFIX


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
        Change(key, _told(key, before), _told(key, after), *_origin(option, key))
        for key, before, after in differences(baseline, option)
    )


def _told(key: str, value: object) -> object:
    """Return a value; of a table of people its name: where it lies is of this machine alone."""
    is_table = ".cohort." in f".{key}" and key.endswith(".file")
    return Path(value).name if is_table and isinstance(value, str) else value


def by_phase(changed: Iterable[Change], scenario: Scenario) -> dict[str, list[Change]]:
    """Return changes by the days for which they are in force, the first phase first.

    Each has its key in that phase. That an option begins on a day is no change but the days.
    """
    last = phase(scenario.from_day, None)
    found: dict[str, list[Change]] = {}
    for change in changed:
        days, key, _ = in_force(change.key, scenario)
        if key != "from_day" or change.before is not None:
            found.setdefault(days or last, []).append(change._replace(key=key))
    return dict(reversed(found.items()))


def touched_services(changed: Iterable[Change], scenario: Scenario) -> tuple[str, ...]:
    """Return the services whose own values change, or whose pool's do."""
    keys = [re.sub(r"^(before\.)+", "", change.key).split(".") for change in changed]
    services = {key[1] for key in keys if key[0] == "services" and len(key) > 1}
    pools = {key[1] for key in keys if key[0] == "pools" and len(key) > 1}
    fed = {name for name, service in scenario.services.items() if service.pool in pools}
    return tuple(sorted(services | fed))


def places(services: Iterable[str], scenario: Scenario) -> tuple[str, ...]:
    """Return whose load to show: of each service, or of the pool whose places it shares."""
    found = []
    for name in services:
        pool = scenario.services[name].pool if name in scenario.services else ""
        found.append(f"{POOL_PREFIX}{pool}" if pool else f"{SERVICE_PREFIX}{name}")
    return tuple(sorted(set(found), key=lambda place: place.partition(".")[2]))


def with_a_limit(
    places: Iterable[str], scenario: Scenario, changed: Iterable[Change] = ()
) -> tuple[str, ...]:
    """Return the places whose queue has a limit in a scenario, or in what it changes."""
    keys = {change.key for change in changed}
    return tuple(
        place
        for place in places
        if f"{place.replace('.', 's.', 1)}.max_queue" in keys
        or any(_limits(each, place) for each in scenario.regimes)
    )


def _limits(scenario: Scenario, place: str) -> bool:
    kind, _, name = place.partition(".")
    table: Mapping[str, Any] = scenario.services if kind == "service" else scenario.pools
    return name in table and table[name].max_queue != "unlimited"


def place_title(place: str, scenario: Scenario) -> str:
    """Return what a service or a pool is called: its title, or those of its services."""
    kind, _, name = place.partition(".")
    if f"{kind}." == SERVICE_PREFIX:
        return scenario.services[name].title if name in scenario.services else name
    members = [each.title for each in scenario.services.values() if each.pool == name]
    return f"Shared places: {'; '.join(members)}"


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
