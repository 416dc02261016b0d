"""Dates in a file: their format is said, never guessed cell by cell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pathsim.elementary.decimals import decimals

if TYPE_CHECKING:
    from collections.abc import Iterable

EXCEL: Final = "excel"
"""The format of a spreadsheet's serial numbers: days from 30 December 1899."""
FIRST_SERIAL, LAST_SERIAL = 1, 80_000
"""To the year 2119."""
ISO: Final = "%Y-%m-%d"
_DAY_BEFORE_MONTH: Final = "%Y-%d-%m"
"""Looks like ISO, and is read as it is said."""
_ISO_CELL: Final = (
    r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?"
)
"""The date as it is written, whatever the time and its zone."""
_CLOCK: Final = re.compile(r"%[HMSIpfzZ]")

Dates = NDArray[np.datetime64]


def dates(texts: pd.Series[Any], *, date_format: str = "") -> Dates:
    """Return the dates that are written in `texts`; not a time where none is.

    date_format: as of `strptime`, or `excel`; ISO is read under any format but one that begins
    with `%Y-%d-%m`, whose cells look alike.
    """
    places, distinct = pd.factorize(texts)
    words = pd.Series(distinct, dtype="str")
    like_iso = _DAY_BEFORE_MONTH if date_format.startswith(_DAY_BEFORE_MONTH) else ISO
    found = _in_format(words.str.extract(rf"^\s*{_ISO_CELL}\s*$")[0], like_iso)
    if date_format == EXCEL:
        found = np.where(np.isnat(found), _serial(words), found)
    elif date_format:
        found = np.where(np.isnat(found), _in_format(words, date_format), found)
    return np.append(found, np.datetime64("NaT"))[places]


def births(found: Dates, at: Dates, *, date_format: str) -> Dates:
    """Return births as they can be: one after the date `at`, of a year of two digits, is older."""
    if "%y" not in date_format:
        return found
    with np.errstate(invalid="ignore"):
        later = found > at
    months = found.astype("datetime64[M]")
    before = (months - 1200).astype("datetime64[D]") + (found - months.astype("datetime64[D]"))
    return np.where(later, before, found)


def _in_format(words: pd.Series[Any], date_format: str) -> Dates:
    try:
        read = pd.to_datetime(words, format=date_format, errors="coerce", exact=True)
    except (ValueError, TypeError, OverflowError):  # no format at all
        return np.full(len(words), np.datetime64("NaT"), "datetime64[D]")
    return read.to_numpy().astype("datetime64[D]")


def _serial(words: Iterable[str]) -> Dates:
    numbers = decimals(words)
    good = (numbers >= FIRST_SERIAL) & (numbers <= LAST_SERIAL)
    days = np.floor(np.where(good, numbers, 0)).astype("timedelta64[D]")
    return np.where(good, np.datetime64("1899-12-30") + days, np.datetime64("NaT"))


def whole_years(birth: Dates, at: Dates) -> NDArray[np.float64]:
    """Return ages in whole years; nan where a date is missing."""
    missing = np.isnat(birth) | np.isnat(at)
    born, now = (
        _parts(np.where(missing, np.datetime64("2000-01-01"), each)) for each in (birth, at)
    )
    before = (now[1] < born[1]) | ((now[1] == born[1]) & (now[2] < born[2]))
    years = (now[0] - born[0] - before).astype(np.float64)
    return np.where(missing, np.nan, years)


def _parts(dates: Dates) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    days = dates.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    years = days.astype("datetime64[Y]")
    return (
        years.astype(np.int64) + 1970,
        (months - years).astype(np.int64),
        (days - months).astype(np.int64),
    )


def is_format(text: str) -> bool:
    """Return whether a text can be the format of a date."""
    return text == EXCEL or bool(re.search(r"%[dj]", text) and re.search(r"%[yY]", text))
