"""Outcomes in people's language: title, unit and what it is of beside each machine name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .bases import base_of
from .changes import place_title
from .names import meaning, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pathsim.scenario.model import Scenario

    from .values import Row


def title(outcome: str, scenario: Scenario) -> str:
    """Return what an outcome is called; a service by the title it has in `scenario`."""
    place, what = place_of(outcome), meaning(outcome).title
    return f"{place_title(place, scenario)}: {what}" if place else what


def titles(
    rows: Iterable[tuple[Scenario, tuple[Row, ...]]],
) -> dict[str, dict[str, str]]:
    """Return title, unit and base (`of`) of each outcome; rows: those of each scenario.

    A service that several scenarios have is called what the first of them calls it.
    """
    found: dict[str, dict[str, str]] = {}
    for scenario, part in reversed(list(rows)):
        for outcome in dict.fromkeys(name for name, _ in part):
            known = place_of(outcome).partition(".")[2] in {*scenario.services, *scenario.pools}
            if known or outcome not in found:
                found[outcome] = {
                    "title": title(outcome, scenario),
                    "unit": meaning(outcome).unit,
                    "of": base_of(outcome, scenario),
                }
    return dict(sorted(found.items()))
