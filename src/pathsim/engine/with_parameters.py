"""The same scenario and people under another draw of the calibrated hazard."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pathsim.engine.lowering import AT_AN_INDEX_EVENT, follows_index_events, levels_of
from pathsim.engine.time_profile import Profile, profile_of
from pathsim.errors import InputError, Problem, nearest
from pathsim.vocabulary import AGE_GROUPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pathsim.engine.contract import Floats
    from pathsim.engine.lowering import Lowered
    from pathsim.scenario.model import Scenario

_ADULT = "hazard.adult_level"
_YOUTH = "hazard.youth_level"
_SIGMA = "hazard.frailty_sigma"
_DECAY = "hazard.decay_per_year"
_FURTHER = "offending.further_offences_ratio"
_MULTIPLIER = "hazard.multipliers."
_ALONE = (_ADULT, _YOUTH, _SIGMA, _DECAY, _FURTHER)


def with_parameters(lowered: Lowered, scenario: Scenario, values: Mapping[str, float]) -> Lowered:
    """Return `lowered` with the hazard's parameters set to one draw of a posterior.

    values: by dotted key; the levels, `frailty_sigma`, `decay_per_year` and multipliers, and
    `offending.further_offences_ratio`. What makes the hazard of each person is a product, so a draw
    is a factor beside what was lowered.

    Raises
    ------
    InputError
        For another key, or a level or multiplier of 0 in the scenario.
    """
    problems = undrawable(scenario, values)
    if problems:
        raise InputError(*problems)
    hazard = scenario.hazard
    factor = np.where(
        lowered.people.age_group == 0,
        _ratio(_ADULT, values, hazard.adult_level.value),
        _ratio(_YOUTH, values, hazard.youth_level.value),
    )
    tables = lowered.tables
    profile = Profile(tables.profile_days, tables.profile_ratio, tables.profile_integral)
    offences = tables.offences_mean
    rules, following = tables.rules, tables.index_ratio.copy()
    # Children have the multipliers of adults unless they have their own.
    whose = [
        k for k, age in enumerate(AGE_GROUPS) if hazard.multipliers_of(age) is hazard.multipliers
    ]
    for key, value in values.items():
        if key.startswith(_MULTIPLIER):
            place = key.removeprefix(_MULTIPLIER)
            held = hazard.multipliers.get(place)
            change = _ratio(key, values, 1.0 if held is None else held.value)
            if follows_index_events(scenario, place):
                for group in whose:
                    following[group, *_place_among(scenario, place)] *= change
            else:
                members = _members(lowered, place) * np.isin(lowered.people.age_group, whose)
                factor = np.where(members, factor * change, factor)
        elif key == _SIGMA:
            rules = rules.copy()
            rules["frailty_sigma"] = value
        elif key == _DECAY:
            profile = profile_of(hazard, decay_per_year=value)
        elif key == _FURTHER:
            ratio = _ratio(key, values, scenario.offending.further_offences_ratio.value)
            offences = 1.0 + ratio * (offences - 1.0)
    return replace(
        lowered,
        people=lowered.people._replace(base_hazard=lowered.people.base_hazard * factor),
        tables=tables._replace(
            rules=rules,
            index_ratio=following,
            offences_mean=offences,
            profile_days=profile.days,
            profile_ratio=profile.ratios,
            profile_integral=profile.integral,
        ),
    )


def undrawable(scenario: Scenario, keys: Iterable[str]) -> list[Problem]:
    """Return a problem for each key that cannot be drawn anew in the scenario."""
    return [problem for key in keys if (problem := _undrawable(scenario, key))]


def _undrawable(scenario: Scenario, key: str) -> Problem | None:
    hazard, place = scenario.hazard, key.removeprefix(_MULTIPLIER)
    attribute, _, level = place.partition("=")
    levels = levels_of(scenario)
    if key.startswith(_MULTIPLIER) and level not in levels.get(attribute, ()):
        known = [f"{name}={each}" for name, names in levels.items() for each in names]
        hint = nearest(place, known)
        message = "is of no known group" + (f"; {hint}" if hint else "")
        return Problem(message, key=key, allowed="attribute=level, such as sex=female")
    if key not in _ALONE and not key.startswith(_MULTIPLIER):
        allowed = f"{', '.join(_ALONE)}, {_MULTIPLIER}GROUP"
        return Problem("cannot be drawn anew for each replication", key=key, allowed=allowed)
    further = scenario.offending.further_offences_ratio
    factors = {_ADULT: hazard.adult_level, _YOUTH: hazard.youth_level, _FURTHER: further}
    held = factors.get(key)
    if key.startswith(_MULTIPLIER):
        held = hazard.multipliers.get(place)
    if held is not None and held.value == 0.0:
        return Problem("is 0 in the scenario, and so cannot be drawn", key=key)
    return None


def _ratio(key: str, values: Mapping[str, float], held: float) -> float:
    return values[key] / held if key in values else 1.0


def _place_among(scenario: Scenario, place: str) -> tuple[int, int]:
    """Return the row and column of `Tables.index_ratio` that a multiplier stands in."""
    attribute, _, level = place.partition("=")
    return AT_AN_INDEX_EVENT.index(attribute), levels_of(scenario)[attribute].index(level)


def _members(lowered: Lowered, place: str) -> Floats:
    attribute, _, level = place.partition("=")
    number = lowered.groups.index((attribute, level))
    members: Floats = (lowered.people.groups == number).any(axis=1)
    return members
