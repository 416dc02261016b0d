"""Lengths of sentences in other units, and shares as percent.

A year has 365 days here and a month a twelfth of it, as in the bands of sentences: so six months
are in the band up to six months, and not a few hours above it.
"""

from __future__ import annotations

import re
from math import nan
from typing import Final

UNIT_DAYS: Final = {"days": 1.0, "weeks": 7.0, "months": 365 / 12, "years": 365.0}
"""Days of each unit."""
_PART: Final = re.compile(
    r"\s*(?:and\s+|,\s*)?(\d+(?:\.\d+)?)\s*(days?|weeks?|months?|years?|yrs?|mths?|wks?|[dwmy])(?![a-z])\.?",
    re.IGNORECASE,
)
_LETTER: Final = {"d": "days", "w": "weeks", "m": "months", "y": "years"}


def days_of(number: float, unit: str) -> float:
    """Return a number of units in days.

    >>> days_of(6, "months")
    182.5
    """
    plain = float(number)  # numpy's own numbers warn where one overflows
    return plain * 365 / 12 if unit == "months" else plain * UNIT_DAYS[unit]


def in_own_unit(number: float, unit: str) -> float:
    """Return a number in the cohort's own unit: days, or percent; nan for a share that is none.

    >>> in_own_unit(2, "weeks"), in_own_unit(0.25, "share")
    (14.0, 25.0)
    """
    if unit == "share":
        return share_as_percent(number)
    return number if unit == "percent" else days_of(number, unit)


def days_in(text: str) -> float:
    """Return the days that a text such as `1 year 6 months` says; nan if it says none.

    >>> days_in("18 months")
    547.5
    """
    at, total = 0, 0.0
    while part := _PART.match(text, at):
        total += days_of(float(part[1]), _LETTER[part[2][0].lower()])
        at = part.end()
    return total if at and not text[at:].strip() else nan


def share_as_percent(share: float) -> float:
    """Return a share between 0 and 1 in percent; nan for what is none."""
    return 100.0 * share if 0.0 <= share <= 1.0 else nan
