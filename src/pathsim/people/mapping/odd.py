"""Values that may be, but seldom are: often a code for what nobody knows, or another unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pathsim.elementary.decimals import decimals
from pathsim.people.cells import number_of
from pathsim.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

OLD: Final = 90
"""Age from which few are sentenced: 99 is a common code for an unknown one."""
MOST_A_YEAR: Final = 4
"""Sanctions a year since the age of ten that hardly anybody has."""
RESPONSIBLE: Final = 10
LONG_DAYS: Final = 40 * 365
"""A sentence that is longer is hardly ever pronounced."""
SAME: Final = 0.95
"""Share of people with one number from which it is probably no number of theirs."""
ENOUGH: Final = 50
"""Fewest people for which that says anything."""


def odd_values(frame: pd.DataFrame) -> tuple[str, ...]:
    """Return in words what is odd about the people of a checked table, with counts."""
    return tuple(_found(frame))


def odd_first_ages(table: pd.DataFrame) -> list[str]:
    """Return in words how many people have a first sanction, and none, before the present one.

    table: of text, to be checked.
    """
    names = ("age_at_first_sanction", "age", "previous_offences")
    if not all(name in table for name in names):
        return []
    first, age, previous = (decimals(table[name]) for name in names)
    many = number_of((previous == 0) & (first < age))
    if not many:
        return []
    return [
        f"previous_offences: {_people(many)} with 0, and a first sanction below the present age; "
        "is 0 written for unknown?"
    ]


def _found(frame: pd.DataFrame) -> Iterator[str]:
    age = frame["age"].to_numpy(np.float64)
    previous = frame["previous_offences"].to_numpy(np.float64)
    days = frame["sentence_days"].to_numpy(np.float64)
    custody = np.asarray(frame["disposal"] == "custody", np.bool_)
    old = number_of(age >= OLD)
    if old:
        yield f"age: {_people(old)} of {OLD} or more; is 99 or the like written for unknown?"
    # The year in which somebody turns ten may hold a first few.
    many = number_of(previous > MOST_A_YEAR * (age - RESPONSIBLE + 1))
    if many:
        yield (
            f"previous_offences: {_people(many)} with more than {MOST_A_YEAR} a year since the age "
            f"of {RESPONSIBLE}; are these offences, or a code for unknown?"
        )
    none = number_of(custody & (days == 0))
    if none:
        yield (
            f"sentence_days: {_people(none)} in custody for 0 days; an empty cell is drawn from "
            "the scenario's lengths"
        )
    long = number_of(custody & (days > LONG_DAYS))
    if long:
        yield f"sentence_days: {_people(long)} in custody for over 40 years; are these in days?"
    for name, values in (("age", age), ("risk_two_year_percent", _risk(frame))):
        same = _commonest(values)
        if len(values) >= ENOUGH and same > SAME * len(values):
            yield f"{name}: {_people(same)} of {len(values):,} have the same number"


def _risk(frame: pd.DataFrame) -> Any:
    return frame["risk_two_year_percent"].to_numpy(np.float64)


def _commonest(values: Any) -> int:
    return int(np.unique(values, return_counts=True)[1].max(initial=0))


def _people(number: int) -> str:
    return counted(number, "person", "people")
