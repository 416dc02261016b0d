"""Phases: an option that comes into force step by step, each on top of the one before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

from pathsim.errors import InputError, Problem, nearest

from .annotations import is_number
from .parameter import ORIGIN_KEYS
from .read import Document

PHASES: Final = "phases"
_OF_THE_OPTION = frozenset(("title", "description", "extends", "schema_version", "before", PHASES))
"""What is said of an option as a whole."""
_NOT_CHANGES = frozenset(("from_day", *ORIGIN_KEYS))
_ALLOWED = "[[phases]] with from_day and what changes on that day"


def steps(option: Document) -> list[Document]:
    """Return what an option lays over what it extends, one after another.

    That is the option itself; with phases, what it says beside them, if anything, and each phase.
    Raises InputError.
    """
    if PHASES not in option.raw:
        return [option]
    problems = _problems(option)
    if problems:
        raise InputError(*problems)
    whole = {key: value for key, value in option.raw.items() if key != PHASES}
    said: dict[str, Any]
    said = {key: whole[key] for key in ("title", "description") if key in whole}
    phases = [option.part(PHASES, number) for number in range(len(option.raw[PHASES]))]
    made = [replace(phase, raw={**_origin(whole), **phase.raw, **said}) for phase in phases]
    if whole.keys() - _OF_THE_OPTION - set(ORIGIN_KEYS):
        made.insert(0, replace(option, raw=whole))
    return made


def refuse_phases(baseline: Document) -> None:
    """Refuse phases in a scenario that extends nothing."""
    if PHASES in baseline.raw:
        message = "need what they take over from: phases belong in an option with extends"
        raise InputError(baseline.problem(message, (PHASES,)))


def _origin(whole: Mapping[str, Any]) -> dict[str, Any]:
    """Return source and grade that the option gives to all bare numbers."""
    return {key: whole[key] for key in ORIGIN_KEYS if key in whole}


def _problems(option: Document) -> list[Problem]:
    phases = option.raw[PHASES]
    if (
        not isinstance(phases, list)
        or not phases
        or not all(isinstance(e, Mapping) for e in phases)
    ):
        message = "must be a list of tables"
        return [option.problem(message, (PHASES,), allowed=_ALLOWED)]
    problems = []
    if "from_day" in option.raw:
        message = "is given beside phases, each of which has a day of its own"
        day = option.raw["from_day"]
        problems.append(option.problem(message, ("from_day",), found=day, allowed="one of the two"))
    for number, phase in enumerate(phases):
        problems += _problems_of(option, number, phase)
    return problems or _out_of_order(option, [phase["from_day"] for phase in phases])


def _problems_of(option: Document, number: int, phase: Mapping[str, Any]) -> list[Problem]:
    here = (PHASES, number)
    problems = [
        option.problem("belongs to the option as a whole, not to a phase", (*here, key))
        for key in phase
        if key in _OF_THE_OPTION
    ]
    day = phase.get("from_day")
    if "from_day" not in phase:
        hint = next(
            (nearest(key, ("from_day",)) for key in phase if nearest(key, ("from_day",))), ""
        )
        message = "has no from_day, the day on which the phase begins"
        problems.append(option.problem(f"{message}; {hint}" if hint else message, here))
    elif not is_number(day):
        message = "has the wrong type"
        found = option.problem(message, (*here, "from_day"), found=day, allowed="a number")
        problems.append(found)
    if not phase.keys() - _NOT_CHANGES - _OF_THE_OPTION:
        problems.append(option.problem("changes nothing", here, allowed=_ALLOWED))
    return problems


def _out_of_order(option: Document, days: list[float]) -> list[Problem]:
    return [
        option.problem(
            "must be after the day of the phase before",
            (PHASES, number, "from_day"),
            found=later,
            allowed=f"above {earlier:g}",
        )
        for number, (earlier, later) in enumerate(pairwise(days), start=1)
        if later <= earlier
    ]
