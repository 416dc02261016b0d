"""Checking a table of people: every problem found, each with its place and what is allowed.

An empty cell of an optional column means what leaving the column out means.
Infinity, and the word nan, are never allowed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pathsim.errors import InputError, Problem, nearest
from pathsim.scenario.vocabulary import (
    AREAS,
    DISPOSALS,
    ETHNICITIES,
    NEEDS,
    OFFENCE_GROUPS,
    SEXES,
)

if TYPE_CHECKING:
    from pathlib import Path

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

MOST_PROBLEMS: Final = 20
"""Problems reported at once: enough to see a pattern, few enough to read."""

LEVELS: Final[dict[str, tuple[str, ...]]] = {
    "sex": SEXES,
    "ethnicity": ETHNICITIES,
    "area": AREAS,
    "offence_group": OFFENCE_GROUPS,
    "disposal": DISPOSALS,
}
DEFAULT_LEVELS: Final = {"ethnicity": "other", "area": "dorset"}
"""A table that says nothing of ethnicity is not taken to say white: `other` holds other and not
recorded. `dorset` is the Dorset Council area: assumed, for want of a level that says neither."""

WHOLE: Final = {
    "age": (10.0, 110.0),
    "previous_offences": (0.0, 1000.0),
    "age_at_first_sanction": (10.0, 110.0),
}
REAL: Final = {
    "sentence_days": (0.0, np.inf),
    "risk_one_year_percent": (0.0, 100.0),
    "risk_two_year_percent": (0.0, 100.0),
    "start_day": (0.0, np.inf),
}
FLAGS: Final = (*(f"need_{need}" for need in NEEDS), "domestic_abuse")
REQUIRED: Final = ("id", "age", "sex", "offence_group", "previous_offences", "disposal")
COLUMNS: Final = ("id", *WHOLE, *LEVELS, *REAL, *FLAGS)

FLAG_WORDS: Final = {
    **dict.fromkeys(("true", "yes", "1", "1.0"), True),
    **dict.fromkeys(("false", "no", "0", "0.0"), False),
}


@dataclass
class Checker:
    """Reads the columns of one table and gathers what is wrong with them."""

    table: pd.DataFrame
    file: Path | None = None
    lines: NDArray[np.int64] | None = None
    """Line in the file of each row."""
    problems: list[Problem] = field(default_factory=list)

    def blame(self, key: str, bad: Bools, message: str, *, allowed: str = "") -> None:
        """Note a problem for each row that is `bad`, up to the most that are reported."""
        for row in np.flatnonzero(bad)[:MOST_PROBLEMS].tolist():
            found = _found(self.table[key].iloc[row]) if key in self.table else None
            words = f"{message}; {hint}" if (hint := _hint(key, found)) else message
            self.problems.append(self._problem(key, words, row=row, found=found, allowed=allowed))

    def columns(self) -> None:
        """Note missing and unknown columns, and a table without rows."""
        names = [str(name) for name in self.table.columns]
        for name in REQUIRED:
            if name not in names:
                unknown = [other for other in names if other not in COLUMNS]
                hint = nearest(name, unknown)
                message = f"the column is missing; {hint}" if hint else "the column is missing"
                self.problems.append(self._problem(name, message))
        for name in names:
            if name not in COLUMNS:
                hint = nearest(name, COLUMNS)
                self.problems.append(
                    self._problem(
                        name, f"unknown column; {hint}" if hint else "unknown column; remove it"
                    )
                )
        if self.table.columns.has_duplicates:
            twice = self.table.columns[self.table.columns.duplicated()]
            self.problems += [
                self._problem(str(name), "the column is there twice") for name in twice
            ]
        if len(self.table) == 0:
            self.problems.append(self._problem("", "the table has no people"))

    def ids(self) -> pd.Series[Any]:
        """Return the ids, all integers or all text."""
        if "id" not in self.table:
            return pd.Series(np.arange(len(self.table)))
        column = self.table["id"].reset_index(drop=True)
        empty = _empty(column)
        self.blame("id", empty, "the id is empty")
        self.blame("id", _array(column.duplicated()) & ~empty, "the id is there twice")
        if pd.api.types.is_bool_dtype(column) or pd.api.types.is_float_dtype(column):
            self.blame("id", ~empty, "ids must be whole numbers or text")
        if pd.api.types.is_integer_dtype(column):
            unsigned = pd.api.types.is_unsigned_integer_dtype(column)
            return column if empty.any() else column.astype(np.uint64 if unsigned else np.int64)
        kinds = {type(value) for value in column[~empty]}
        if len(kinds) == 1 and issubclass(next(iter(kinds)), int) and not empty.any():
            return column.astype(np.int64)
        if any(not issubclass(kind, str) for kind in kinds) and column.dtype == object:
            self.blame(
                "id",
                ~empty & ~_array(column.map(lambda value: isinstance(value, str))),
                "ids must be all whole numbers or all text",
            )
        return column.astype(str)

    def numbers(self, key: str) -> Floats:
        """Return a column of numbers; nan where it is empty or wrong."""
        if key not in self.table:
            return np.full(len(self.table), np.nan)
        low, high = (WHOLE | REAL)[key]
        kind = "a whole number" if key in WHOLE else "a number"
        allowed = f"{low:g} or more" if high == np.inf else f"{low:g} to {high:g}"
        values, empty = _numbers(self.table[key])
        if key in REQUIRED:
            self.blame(key, empty, "must not be empty", allowed=allowed)
        bad = ~empty & ~np.isfinite(values)
        if key in WHOLE:
            bad |= ~empty & (values != np.floor(values))
        self.blame(key, bad, f"must be {kind}", allowed=allowed)
        good = ~empty & ~bad
        outside = good & ((values < low) | (values > high))
        self.blame(key, outside, "is out of range", allowed=allowed)
        return np.where(good & ~outside, values, np.nan)

    def levels(self, key: str) -> pd.Categorical[str]:
        """Return a column of names as positions in the vocabulary, -1 where one is wrong."""
        known = LEVELS[key]
        default = known.index(DEFAULT_LEVELS[key]) if key in DEFAULT_LEVELS else -1
        if key not in self.table:
            codes = np.full(len(self.table), default, np.int8)
            return categorical(codes, known)
        column = self.table[key]
        codes = _names(known).get_indexer(pd.Index(column)).astype(np.int8)
        empty = _empty(column)
        allowed = ", ".join(known)
        if key in REQUIRED:
            self.blame(key, empty, "must not be empty", allowed=allowed)
        self.blame(key, (codes < 0) & ~empty, "unknown level", allowed=allowed)
        return categorical(np.where(empty, default, codes), known)

    def flags(self, key: str) -> Bools:
        """Return a column of truths, false where it is empty."""
        if key not in self.table:
            return np.zeros(len(self.table), np.bool_)
        column = self.table[key]
        if column.dtype == np.bool_:
            return column.to_numpy(np.bool_)
        empty = _empty(column)
        words = column.astype(str).str.strip().str.lower().map(FLAG_WORDS)
        bad = _array(words.isna()) & ~empty
        self.blame(key, bad, "must be true or false", allowed="true, false, yes, no, 1, 0")
        return _array(words == True)  # noqa: E712 missing words are neither

    def finish(self) -> None:
        """Raise what was found, in order of the lines; nothing if the table is well."""
        if not self.problems:
            return
        ordered = sorted(self.problems, key=lambda problem: problem.line or 0)
        raise InputError(*ordered[:MOST_PROBLEMS])

    def _problem(
        self,
        key: str,
        message: str,
        *,
        row: int | None = None,
        found: object = None,
        allowed: str = "",
    ) -> Problem:
        line = None
        if row is not None and self.lines is not None:
            line = int(self.lines[row])
        elif row is not None:
            message = f"{message} (row {row})"
        return Problem(message, key=key, found=found, allowed=allowed, line=line, file=self.file)


def read_csv(path: Path) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Return the table in a CSV file, every cell as text, and the line of each row.

    Raises
    ------
    InputError
        If there is no such file, or it is not a table in UTF-8.
    """
    try:
        table = pd.read_csv(
            path, dtype=str, keep_default_na=False, skip_blank_lines=False, encoding="utf-8-sig"
        )
    except OSError as error:
        reason = "no such file" if isinstance(error, FileNotFoundError) else "cannot be read"
        raise InputError(Problem(reason, file=path)) from error
    except UnicodeDecodeError as error:
        raise InputError(Problem("is not text in UTF-8", file=path)) from error
    except pd.errors.EmptyDataError as error:
        raise InputError(Problem("the table is empty", file=path)) from error
    except pd.errors.ParserError as error:
        reason = str(error).strip().removeprefix("Error tokenizing data. C error: ")
        raise InputError(Problem(f"is not a table: {reason}", file=path)) from error
    if not isinstance(table.index, pd.RangeIndex):
        raise InputError(Problem("is not a table: rows have more cells than the header", file=path))
    filled = ~_array((table.isna() | (table == "")).all(axis=1))
    lines = np.arange(2, len(table) + 2)
    table, lines = table[filled].reset_index(drop=True), lines[filled]
    if "id" in table and len(table):
        table["id"] = _whole_if_all(table["id"])
    return table, lines


def categorical(codes: NDArray[Any], levels: tuple[str, ...]) -> pd.Categorical[str]:
    """Return codes, which are positions in `levels`, as a column of names."""
    return pd.Categorical.from_codes(codes.astype(np.int8), _names(levels))


@cache
def _names(levels: tuple[str, ...]) -> pd.Index[str]:
    """Return the levels as pandas has them, made once: it looks whether they all differ."""
    return pd.Index(levels)


def _whole_if_all(ids: pd.Series[str]) -> pd.Series[Any]:
    """Return text ids as integers when every one is written as an integer writes itself."""
    if not ids.str.fullmatch(r"0|-?[1-9]\d{0,17}").all():
        return ids
    return ids.astype(np.int64)


def _found(cell: object) -> object:
    """Return a cell as a plain value, None if it is empty."""
    if cell is None or cell is pd.NA or cell is pd.NaT or cell != cell:  # noqa: PLR0124 only nan
        return None
    if isinstance(cell, str) and not cell.strip():
        return None
    return cell.item() if isinstance(cell, np.generic) else cell


def _hint(key: str, found: object) -> str:
    return nearest(found, LEVELS[key]) if key in LEVELS and isinstance(found, str) else ""


def _array(values: Any) -> Bools:
    return np.asarray(values, np.bool_)


def _empty(column: pd.Series[Any]) -> Bools:
    empty = _array(column.isna())
    if pd.api.types.is_numeric_dtype(column):
        return empty
    return empty | _array(column.map(lambda cell: isinstance(cell, str) and not cell.strip()))


def _numbers(column: pd.Series[Any]) -> tuple[Floats, Bools]:
    """Return the numbers of a column (nan where a cell is none), and which cells are empty."""
    empty = _empty(column)
    if pd.api.types.is_bool_dtype(column):
        return np.full(len(column), np.nan), empty
    if not pd.api.types.is_numeric_dtype(column):
        column = column.where(~empty, None).astype(str)
    values = pd.to_numeric(column, errors="coerce")
    return values.to_numpy(np.float64, na_value=np.nan), empty
