"""The same scenario and people under another draw of the calibrated hazard."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pathsim.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pathsim.engine.contract import Floats
    from pathsim.engine.lowering import Lowered
    from pathsim.scenario.model import Scenario

_ADULT = "hazard.adult_level"
_YOUTH = "hazard.youth_level"
_SIGMA = "hazard.frailty_sigma"
_MULTIPLIER = "hazard.multipliers."


def redraw(lowered: Lowered, scenario: Scenario, values: Mapping[str, float]) -> Lowered:
    """Return `lowered` with the hazard's parameters set to one draw of a posterior.

    values: by dotted key; the levels, `frailty_sigma` and multipliers. What makes the
    hazard of each person is a product, so a draw is a factor beside what was lowered.

    Raises
    ------
    InputError
        For another key, or a level or multiplier of 0 in the scenario.
    """
    hazard = scenario.hazard
    factor = np.where(
        lowered.people.age_group == 0,
        _ratio(_ADULT, values, hazard.adult_level.value),
        _ratio(_YOUTH, values, hazard.youth_level.value),
    )
    rules = lowered.tables.rules
    for key, value in values.items():
        if key.startswith(_MULTIPLIER):
            place = key.removeprefix(_MULTIPLIER)
            held = hazard.multipliers.get(place)
            change = _ratio(key, values, 1.0 if held is None else held.value)
            factor = np.where(_members(lowered, place), factor * change, factor)
        elif key == _SIGMA:
            rules = rules.copy()
            rules["frailty_sigma"] = value
        elif key not in (_ADULT, _YOUTH):
            raise InputError(Problem("cannot be drawn anew for each replication", key=key))
    return replace(
        lowered,
        people=lowered.people._replace(base_hazard=lowered.people.base_hazard * factor),
        tables=lowered.tables._replace(rules=rules),
    )


def _ratio(key: str, values: Mapping[str, float], held: float) -> float:
    if key not in values:
        return 1.0
    if held == 0.0:
        raise InputError(Problem("is 0 in the scenario, and so cannot be drawn", key=key))
    return values[key] / held


def _members(lowered: Lowered, place: str) -> Floats:
    attribute, _, level = place.partition("=")
    number = lowered.groups.index((attribute, level))
    members: Floats = (lowered.people.groups == number).any(axis=1)
    return members
