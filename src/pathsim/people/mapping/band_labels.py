"""Labels of bands, such as `25-34`, `Under 25` or `(5) 55+ years`, and the numbers they span."""

from __future__ import annotations

import re
from typing import Final

_CODE: Final = re.compile(r"^\s*\(\d+\)\s*|^\s*\d+\s*[:.]\s+(?=\D)")
_NUMBER: Final = r"(\d+(?:\.\d+)?)"
_UNIT: Final = r"\s*(?:years?|yrs?|months?|mths?|weeks?|days?)?\s*(?:old)?"
_SPAN: Final = re.compile(
    rf"(?:aged?\s+)?{_NUMBER}{_UNIT}\s*(?:-|\u2013|to|((?:and|to) under)|up to)\s*"
    rf"{_NUMBER}{_UNIT}",
    re.IGNORECASE,
)
_BELOW: Final = re.compile(
    rf"(?:under|below|less than|<|up to|younger than)\s*{_NUMBER}{_UNIT}", re.IGNORECASE
)
_ABOVE: Final = re.compile(
    rf"(?:over|above|more than|>=?|at least)\s*{_NUMBER}{_UNIT}|"
    rf"{_NUMBER}{_UNIT}\s*(?:\+|plus|and (?:older|over|above)|or (?:older|over|more)){_UNIT}",
    re.IGNORECASE,
)
_UNIT_WORDS: Final = {
    "year": "years",
    "yr": "years",
    "month": "months",
    "week": "weeks",
    "day": "days",
}


def span_of(label: str, *, low: float, high: float, whole: bool) -> tuple[float, float] | None:
    """Return the lowest and highest number of a band; None for what is no label of one.

    low, high: the ends of bands that are open.

    >>> span_of("Under 25", low=18, high=75, whole=True)
    (18, 24.0)
    >>> span_of("21 and under 25", low=18, high=75, whole=True)
    (21.0, 24.0)
    >>> span_of("(5) 55+ years", low=18, high=75, whole=True)
    (55.0, 75)
    """
    text = _CODE.sub("", label).strip()
    if found := _SPAN.fullmatch(text):
        below = 1 if found[2] and whole else 0
        return float(found[1]), float(found[3]) - below
    if found := _BELOW.fullmatch(text):
        end = float(found[1]) - (1 if whole else 0)
        return min(low, end), end
    if found := _ABOVE.fullmatch(text):
        start = float(found[1] or found[2])
        return start, max(high, start)
    return None


def unit_in(label: str) -> str:
    """Return the unit that a label names, or nothing."""
    found = re.search(r"(year|yr|month|week|day)s?\b", label, re.IGNORECASE)
    return _UNIT_WORDS[found[1].lower()] if found else ""
