"""What to say of a column whose name is not known: never the name of a wrong one."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from .columns import COLUMNS
from .words import as_name

if TYPE_CHECKING:
    from collections.abc import Iterable

_LIKE: Final = 0.75
"""How alike two words must be for one to be a slip of the other."""
_UNITS: Final = frozenset(("days", "day", "percent"))
"""A name that lacks one of these may be in another unit."""
_LENGTHS: Final = frozenset(("sentence", "custody", "sentlgth", "length", "term"))
_LONG_UNITS: Final = {
    "weeks": "7",
    "week": "7",
    "months": "30.44",
    "month": "30.44",
    "years": "365.25",
    "year": "365.25",
}
_DATES: Final = frozenset(("date", "dob", "birth", "birthday"))
_SHARES: Final = frozenset(("share", "proportion", "probability", "prob"))


def meant(name: str, known: Iterable[str]) -> str:
    """Return the one known name of which `name` is a slip or the beginning, or nothing."""
    words = as_name(name).split("_")
    slips = [each for each in known if _is_slip(words, as_name(each).split("_"))]
    starts = [each for each in known if _begins(words, as_name(each).split("_"))]
    found = slips or starts
    return found[0] if len(found) == 1 else ""


def advice(name: str) -> str:
    """Return what to do with an unknown column."""
    words = set(as_name(name).split("_"))
    long = next((_LONG_UNITS[word] for word in words if word in _LONG_UNITS), "")
    if long and words & _LENGTHS:
        return f"lengths of sentences are in days: multiply by {long} and call it 'sentence_days'"
    if words & _DATES:
        return (
            "dates are not read: give 'age' in whole years, and 'start_day' in days from the "
            "first day of the intake window; remove the column"
        )
    if "age" in words and words & {"band", "group", "range"}:
        return "bands of ages are not read: give 'age' in whole years; remove the column"
    if words & _SHARES and words & {"risk", "ogrs", "ogrs3"}:
        return "risks are in percent: multiply a share by 100 and say which in the column's name"
    if words == {"gender"}:
        return "if it holds the sex, call it 'sex'; else remove it"
    close = meant(name, COLUMNS)
    return f"did you mean '{close}'?" if close else "remove it"


def _is_slip(words: list[str], other: list[str]) -> bool:
    """Return whether each word is its counterpart or a slip of it."""
    return len(words) == len(other) and all(map(_alike, words, other))


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    near = SequenceMatcher(None, one, other).ratio() >= _LIKE
    return near and one[:1] == other[:1]


def _begins(words: list[str], other: list[str]) -> bool:
    """Return whether one name begins the other, and what is left out is no unit."""
    short, long = sorted((words, other), key=len)
    if not len(short) < len(long) or not _is_slip(short, long[: len(short)]):
        return False
    return long is other and not set(long[len(short) :]) & _UNITS
