"""Offence groups that a key names: all, or a list of some."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator

from pathsim.vocabulary import OFFENCE_GROUPS

from .cohort import OffenceGroup
from .faults import fault

AllOffences = Literal["all"]
ALL_OFFENCES: Final[AllOffences] = "all"


def _all_or_a_list(said: object) -> object:
    """Refuse one group that is in no list: its name is right, and its brackets are missing."""
    if isinstance(said, str) and said in OFFENCE_GROUPS:
        allowed = f'"{ALL_OFFENCES}", or a list: ["{said}"]'
        raise fault("offence groups are a list, also one alone", found=said, allowed=allowed)
    return said


Offences = Annotated[AllOffences | tuple[OffenceGroup, ...], BeforeValidator(_all_or_a_list)]
"""All offences, or the groups that are named."""


def offence_groups(named: AllOffences | tuple[str, ...]) -> tuple[str, ...]:
    """Return the offence groups that are named."""
    return OFFENCE_GROUPS if named == ALL_OFFENCES else named


def groups_in_words(groups: Sequence[str], *, before: str = "") -> str:
    """Return the offence groups after the words `before`; nothing where they are all."""
    if len(groups) == len(OFFENCE_GROUPS):
        return ""
    return before + ", ".join(group.replace("_", " ") for group in groups)


def refuse_no_groups(named: AllOffences | tuple[str, ...], *, key: str) -> None:
    """Refuse a list of offence groups that is empty, or names one twice."""
    if named == ALL_OFFENCES:
        return
    if not named:
        allowed = f'"{ALL_OFFENCES}", or one or more of {", ".join(OFFENCE_GROUPS)}'
        raise fault("names no offence group", key=(key,), found=(), allowed=allowed)
    again = next((n for n, group in enumerate(named) if group in named[:n]), None)
    if again is not None:
        message = "names an offence group that is named before; once is enough"
        raise fault(message, key=(key, again), found=named[again])
