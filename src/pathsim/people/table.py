"""Checking a table of people: every kind of problem, with its rows and what is allowed.

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

from pathsim.elementary.decimals import decimals
from pathsim.errors import InputError, Problem, nearest
from pathsim.text import shortened, steers

from .columns import COLUMNS, NEED_COLUMNS, NEEDED
from .hints import advice, meant
from .words import EMPTY_WORDS, PLAIN_FLAGS, flag_of, level_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

MOST_PROBLEMS: Final = 20
"""Problems reported at once: enough to see a pattern, few enough to read."""
FEW_CELLS: Final = 3
"""So many cells with the same kind of problem are reported one by one, more of them at once."""
MOST_VALUES: Final = 5
"""Distinct values that a problem or a note lists."""

_BAD: Final = -1
_EMPTY: Final = -2


@dataclass
class Checker:
    """Reads the columns of one table and gathers what is wrong with them."""

    table: pd.DataFrame
    file: Path | None = None
    lines: NDArray[np.int64] | None = None
    """Line in the file of each row."""
    decimal_comma: bool = False
    few_cells: int = FEW_CELLS
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What was read as something else than it says."""
    guessed: int = 0
    """For how many people the age at the first sanction is guessed, and used."""
    odd: list[str] = field(default_factory=list)
    """Columns whose numbers lie outside their usual range."""
    assumed: dict[str, int] = field(default_factory=dict)
    """For how many people a level or a truth was assumed, by column."""

    def blame(
        self,
        key: str,
        bad: Bools,
        message: str,
        *,
        allowed: str = "",
        hint: Callable[[object], str] | None = None,
    ) -> None:
        """Note a problem for each row that is `bad`, or one for all of them if they are many."""
        rows = np.flatnonzero(bad)
        if len(rows) > self.few_cells:
            self._blame_kind(key, rows, message, allowed=allowed, hint=hint)
            return
        for row in rows.tolist():
            found = _found(self.table[key].iloc[row]) if key in self.table else None
            said = hint(found) if hint else ""
            words = f"{message}; {said}" if said else message
            self._add(key, words, row=row, found=found, allowed=allowed)

    def columns(self) -> None:
        """Note missing and unknown columns, and a table without rows."""
        names = list(self.table.columns)
        unknown = [str(name) for name in names if name not in COLUMNS]
        for name in NEEDED:
            if name not in names:
                like = [other for other in unknown if meant(other, COLUMNS) == name]
                hint = f"; did you mean '{like[0]}'?" if len(like) == 1 else ""
                self._add(name, f"the column is missing{hint}")
        for name in unknown:
            self._add(name, f"unknown column; {advice(name)}")
        if self.table.columns.has_duplicates:
            for name in dict.fromkeys(self.table.columns[self.table.columns.duplicated()]):
                self._add(str(name), "the column is there twice")
        if len(self.table) == 0:
            self._add("", "the table has no people")

    def whole_needs(self) -> None:
        """Refuse needs of which some are given and others are not."""
        lacking = [name for name in NEED_COLUMNS if name not in self.table]
        if lacking and len(lacking) < len(NEED_COLUMNS):
            self._add(
                "needs",
                f"half given: {', '.join(lacking)} missing; give all seven, with no where nobody "
                "has the need, or none of them",
            )

    def ids(self) -> pd.Series[Any]:
        """Return the ids, all integers or all text."""
        if "id" not in self.table:
            return pd.Series(np.arange(len(self.table)))
        column = self.table["id"].reset_index(drop=True)
        empty = _blank(column)
        self.blame("id", empty, "the id is empty")
        self.blame("id", _array(_hashable(column).duplicated()) & ~empty, "the id is there twice")
        if pd.api.types.is_bool_dtype(column):
            self.blame("id", ~empty, "ids must be whole numbers or text")
        if pd.api.types.is_float_dtype(column):
            return self._whole_ids(column, empty)
        if pd.api.types.is_integer_dtype(column):
            unsigned = pd.api.types.is_unsigned_integer_dtype(column)
            return column if empty.any() else column.astype(np.uint64 if unsigned else np.int64)
        self._refuse_unseen(column)
        return self._text_ids(column, empty)

    def _refuse_unseen(self, column: pd.Series[Any]) -> None:
        """Refuse ids that a terminal would obey, or that look like others."""
        unseen = _array([isinstance(value, str) and steers(value) for value in column])
        self.blame("id", unseen, "the id holds a character that is not shown")

    def _whole_ids(self, column: pd.Series[Any], empty: Bools) -> pd.Series[Any]:
        """Return whole numbers that a missing one or a merge made floats."""
        values = column.to_numpy(np.float64, na_value=np.nan)
        whole = np.isfinite(values) & (np.floor(values) == values) & (abs(values) < 2.0**53)
        self.blame("id", ~empty & ~whole, "ids must be whole numbers or text")
        return pd.Series(np.where(whole, values, 0.0).astype(np.int64))

    def _text_ids(self, column: pd.Series[Any], empty: Bools) -> pd.Series[Any]:
        if column.dtype != object:
            return column.astype(str)
        kinds = {type(value) for value in column[~empty]}
        if len(kinds) == 1 and issubclass(next(iter(kinds)), int) and not empty.any():
            limits = np.iinfo(np.int64)
            far = _array([not limits.min <= value <= limits.max for value in column])
            self.blame("id", far, "the id is too large", allowed=f"up to {limits.max}, or text")
            return column.where(~far, 0).astype(np.int64)
        if any(not issubclass(kind, str) for kind in kinds):
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
        column = COLUMNS[key]
        kind = "a whole number" if column.kind == "whole" else "a number"
        values, empty = self._numbers(key)
        if column.needed:
            self.blame(key, empty, "must not be empty", allowed=column.allowed())
        bad = ~empty & ~np.isfinite(values)
        if column.kind == "whole":
            bad |= ~empty & (values != np.floor(values))
        self.blame(key, bad, f"must be {kind}", allowed=column.allowed())
        good = ~empty & ~bad
        slips = good & (values > column.high) & (values >= column.slip_from)
        outside = good & ~slips & ((values < column.low) | (values > column.high))
        said = "is out of range"
        self.blame(key, slips, said, allowed=column.allowed(), hint=lambda _: column.slip)
        self.blame(key, outside, said, allowed=column.allowed())
        return np.where(good & ~outside & ~slips, values, np.nan)

    def levels(self, key: str) -> pd.Categorical[str]:
        """Return a column of names as positions in the vocabulary, -1 where one is wrong."""
        column = COLUMNS[key]
        known = column.levels
        default = known.index(column.default) if column.default else _BAD
        if key not in self.table:
            if column.silent:
                self.assumed[key] = len(self.table)
            return categorical(np.full(len(self.table), default, np.int8), known)

        def place(cell: object) -> int:
            level = level_of(key, cell, known) if isinstance(cell, str) else None
            return known.index(level) if level else _BAD

        codes = self._coded(key, place, plain=frozenset(known), said=known)
        empty = codes == _EMPTY
        if column.needed:
            self.blame(key, empty, "must not be empty", allowed=column.allowed())
        elif empty.any():
            self.assumed[key] = int(empty.sum())
        self.blame(
            key,
            codes == _BAD,
            "unknown level",
            allowed=column.allowed(),
            hint=lambda found: _level_hint(found, known),
        )
        return categorical(np.where(empty, default, codes), known)

    def flags(self, key: str) -> Bools:
        """Return a column of truths, false where it is empty."""
        if key not in self.table:
            self.assumed[key] = len(self.table)
            return np.zeros(len(self.table), np.bool_)
        column = self.table[key]
        if column.dtype == np.bool_:
            return column.to_numpy(np.bool_)

        def place(cell: object) -> int:
            truth = flag_of(str(cell))
            return _BAD if truth is None else int(truth)

        codes = self._coded(key, place, plain=PLAIN_FLAGS, said=("no", "yes"))
        if (codes == _EMPTY).any():
            self.assumed[key] = int((codes == _EMPTY).sum())
        allowed = COLUMNS[key].allowed()
        self.blame(key, codes == _BAD, "must be true or false", allowed=allowed)
        return _array(codes == 1)

    def finish(self) -> None:
        """Raise what was found, in order of the lines; nothing if the table is ok."""
        if not self.problems:
            return
        ordered = sorted(self.problems, key=lambda problem: problem.line or 0)
        raise InputError(*ordered[:MOST_PROBLEMS], more=max(len(ordered) - MOST_PROBLEMS, 0))

    def _coded(
        self,
        key: str,
        place: Callable[[object], int],
        *,
        plain: frozenset[str],
        said: tuple[str, ...],
    ) -> NDArray[np.int8]:
        """Return each cell's code, looking at each distinct value once; note what was read so."""
        numbers, distinct = _distinct(self.table[key])
        codes = np.full(len(distinct) + 1, _EMPTY, np.int8)  # the last is of missing cells
        read = []
        for i, cell in enumerate(distinct):
            text = cell.strip() if isinstance(cell, str) else None
            if text == "":
                continue
            if text in EMPTY_WORDS:
                read.append(f"{_shown(text)} as empty")
                continue
            codes[i] = place(cell)
            if codes[i] >= 0 and isinstance(cell, str) and not _is_plain(cell, plain):
                read.append(f"{_shown(cell)} as {said[codes[i]]}")
        self._note_read(key, read)
        return codes[numbers]

    def _numbers(self, key: str) -> tuple[Floats, Bools]:
        """Return the numbers of a column (nan where a cell is none), and which are empty."""
        column = self.table[key]
        if pd.api.types.is_bool_dtype(column) or pd.api.types.is_complex_dtype(column):
            return np.full(len(column), np.nan), _array(column.isna())
        if pd.api.types.is_numeric_dtype(column):
            return column.to_numpy(np.float64, na_value=np.nan), _array(column.isna())
        empty = _blank(column)
        words = _array(column.isin(EMPTY_WORDS))
        if words.any():
            self._note_read(
                key, [f"{_shown(word)} as empty" for word in sorted(set(column[words]))]
            )
        text = column.where(~(empty | words), None).astype(str)
        places, distinct = pd.factorize(text)
        values = decimals([*map(str, distinct), "nan"])[places]
        if self.decimal_comma:
            values = self._decimal_commas(key, text, values)
        return values, empty | words

    def _decimal_commas(self, key: str, text: pd.Series[Any], values: Floats) -> Floats:
        """Return the numbers with decimal commas read, where none may be one of thousands."""
        comma = np.isnan(values) & _array(text.str.fullmatch(r"\s*-?\d+,\d+\s*"))
        if not comma.any() or _array(text.str.fullmatch(r"\s*-?[1-9]\d{0,2}(,\d{3})+\s*")).any():
            return values
        self.notes.append(f"{key}: commas read as decimal marks")
        values = values.copy()
        values[comma] = decimals(each.replace(",", ".") for each in text[comma])
        return values

    def _note_read(self, key: str, read: list[str]) -> None:
        if read:
            more = len(read) - MOST_VALUES
            words = ", ".join(read[:MOST_VALUES]) + (f" and {more} more" if more > 0 else "")
            self.notes.append(f"{key}: {words}")

    def _blame_kind(
        self,
        key: str,
        rows: NDArray[np.int64],
        message: str,
        *,
        allowed: str,
        hint: Callable[[object], str] | None,
    ) -> None:
        """Note one problem for all of `rows`: how many, which values of a coded column, where."""
        places = rows if self.lines is None else self.lines[rows[:3]]
        where = ", ".join(str(place) for place in places[:3].tolist())
        many = "1 row" if len(rows) == 1 else f"{len(rows):,} rows"
        parts = [f"{message} in {many}: {where}{', …' if len(rows) > 3 else ''}"]
        coded = key in self.table and COLUMNS[key].kind in ("level", "flag")
        values = _counted(self.table[key].iloc[rows]) if coded else []
        values = [(value, n) for value, n in values if value is not None]
        if values:
            shown = ", ".join(f"{_shown(value)} ({n:,})" for value, n in values[:MOST_VALUES])
            more = len(values) - MOST_VALUES
            parts.append(f"values: {shown}" + (f" and {more:,} more" if more > 0 else ""))
        hints = [hint(value) for value, _ in (values or [(None, 0)])[:MOST_VALUES]] if hint else []
        parts += dict.fromkeys(each for each in hints if each)
        line = None if self.lines is None else int(places[0])
        self.problems.append(
            Problem("; ".join(parts), key=key, allowed=allowed, line=line, file=self.file)
        )

    def _add(
        self,
        key: str,
        message: str,
        *,
        row: int | None = None,
        found: object = None,
        allowed: str = "",
    ) -> None:
        line = None
        if row is not None and self.lines is not None:
            line = int(self.lines[row])
        elif row is not None:
            message = f"{message} (row {row})"
        self.problems.append(
            Problem(message, key=key, found=found, allowed=allowed, line=line, file=self.file)
        )


def categorical(codes: NDArray[Any], levels: tuple[str, ...]) -> pd.Categorical[str]:
    """Return codes, which are positions in `levels`, as a column of names."""
    return pd.Categorical.from_codes(codes.astype(np.int8), _names(levels))


@cache
def _names(levels: tuple[str, ...]) -> pd.Index[str]:
    """Return the levels as pandas has them, made once: it looks whether they all differ."""
    return pd.Index(levels)


def whole_if_all(ids: pd.Series[str]) -> pd.Series[Any]:
    """Return text ids as integers when every one is written as an integer, or a float of one."""
    plain = ids.str.removesuffix(".0") if _array(ids.str.endswith(".0")).all() else ids
    if not _array(plain.str.fullmatch(r"0|-?[1-9]\d{0,17}")).all():
        return ids
    return plain.astype(np.int64)


def _found(cell: object) -> object:
    """Return a cell as a plain value, None if it is empty."""
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return None
    if isinstance(cell, float | np.floating) and np.isnan(cell):
        return None
    if isinstance(cell, str) and not cell.strip():
        return None
    return cell.item() if isinstance(cell, np.generic) else cell


def _level_hint(found: object, known: Iterable[str]) -> str:
    if not isinstance(found, str):
        return ""
    if found.strip().isdigit():
        return "numbers are not read as levels: write the level"
    return nearest(found, known)


def _is_plain(cell: str, plain: frozenset[str]) -> bool:
    return cell in plain or (plain is PLAIN_FLAGS and cell.lower() in plain)


def _shown(value: object) -> str:
    """Return a value as it can be shown: escaped, and not longer than a level is."""
    return shortened(repr(value), 40)


def _distinct(column: pd.Series[Any]) -> tuple[NDArray[np.int64], list[object]]:
    """Return for each cell the place of its value among the distinct ones, -1 if it is missing."""
    numbers, distinct = pd.factorize(_hashable(column))
    return np.asarray(numbers, np.int64), list(distinct)


def _counted(column: pd.Series[Any]) -> list[tuple[object, int]]:
    """Return the distinct values with their numbers, the commonest first."""
    counts = _hashable(column).value_counts(sort=True)
    return [(_found(value), int(n)) for value, n in counts.items() if n]


def _hashable(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column whose cells can be told apart: lists and tables as text."""
    if column.dtype != object or all(map(_is_hashable, column)):
        return column
    return column.map(lambda cell: cell if _is_hashable(cell) else repr(cell))


def _is_hashable(cell: object) -> bool:
    try:
        hash(cell)
    except TypeError:
        return False
    return True


def _array(values: Any) -> Bools:
    return np.asarray(values, np.bool_)


def _blank(column: pd.Series[Any]) -> Bools:
    """Return which cells hold nothing."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(object)
    empty = _array(column.isna())
    if column.dtype == object:
        return empty | _array([isinstance(cell, str) and not cell.strip() for cell in column])
    if isinstance(column.dtype, pd.StringDtype):
        return empty | _array((column.str.strip() == "").fillna(value=False))
    return empty
