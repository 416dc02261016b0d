"""Checking a table of people: every kind of problem, with its rows and what is allowed.

An empty cell of an optional column means what leaving the column out means.
Infinity, and the word nan, are never allowed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pathsim.elementary.arrays import Floats
from pathsim.elementary.decimals import decimals
from pathsim.errors import nearest
from pathsim.text import steers

from .cells import Bools, blank, categorical, distinct, multiple, shown, truths
from .columns import COLUMNS, NEED_COLUMNS, NEEDED
from .hints import advice, meant
from .origin import AreaNamed
from .problems import MOST_VALUES, Problems
from .words import EMPTY_WORDS, PLAIN_FLAGS, flag_of, level_of, name_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


_BAD: Final = -1
_EMPTY: Final = -2
_MOST_NAMES: Final = 100
"""Different names of areas in a table."""


@dataclass
class Checker(Problems):
    """Reads the columns of one table and gathers what is wrong with them."""

    decimal_comma: bool = False
    notes: list[str] = field(default_factory=list)
    """What was read as something else than it says."""
    guessed: int = 0
    """For how many people the age at the first sanction is guessed, and used."""
    areas: list[AreaNamed] = field(default_factory=list)
    """What areas are called."""
    odd: list[str] = field(default_factory=list)
    """Columns whose numbers lie outside their usual range."""
    assumed: dict[str, int] = field(default_factory=dict)
    """For how many people a level or a truth was assumed, by column."""
    own: tuple[str, ...] = ()
    """Columns that are groups of the analyst's own."""

    def columns(self) -> None:
        """Note missing and unknown columns, and a table without rows."""
        names = list(self.table.columns)
        unknown = [str(name) for name in names if name not in COLUMNS and name not in self.own]
        for name in NEEDED:
            if name not in names:
                like = [other for other in unknown if meant(other, COLUMNS) == name]
                hint = f"; did you mean '{like[0]}'?" if len(like) == 1 else ""
                self.add(name, f"the column is missing{hint}")
        for place, name in enumerate(names, start=1):
            if name == "":
                self.add(f"column {place}", "has no name in the header; name it or remove it")
            elif name not in COLUMNS and name not in self.own:
                self.add(str(name), f"unknown column; {advice(str(name))}")
        if self.table.columns.has_duplicates:
            for name in dict.fromkeys(self.table.columns[self.table.columns.duplicated()]):
                if name != "":
                    self.add(str(name), "the column is there twice")
        if len(self.table) == 0:
            self.add("", "the table has no people")

    def single_values(self) -> None:
        """Refuse at once a cell that holds a list or another thing of parts."""
        before = len(self.problems)
        for key in (*COLUMNS, *self.own):
            if key in self.table:
                several = multiple(self.table[key])
                allowed = COLUMNS[key].allowed() if key in COLUMNS else "one word or number"
                self.blame(key, several, "must hold one value", allowed=allowed)
        if len(self.problems) > before:
            self.finish()

    def whole_needs(self) -> None:
        """Refuse needs of which some are given and others are not."""
        lacking = [name for name in NEED_COLUMNS if name not in self.table]
        if lacking and len(lacking) < len(NEED_COLUMNS):
            self.add(
                "needs",
                f"half given: {', '.join(lacking)} missing; give all seven, with no where nobody "
                "has the need, or none of them",
            )

    def ids(self) -> pd.Series[Any]:
        """Return the ids, all integers or all text."""
        if "id" not in self.table:
            return pd.Series(np.arange(len(self.table)))
        column = self.table["id"].reset_index(drop=True)
        empty = blank(column)
        self.blame("id", empty, "the id is empty")
        self.blame("id", truths(column.duplicated()) & ~empty, "the id is there twice")
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
        unseen = truths([isinstance(value, str) and steers(value) for value in column])
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
            far = truths([not limits.min <= value <= limits.max for value in column])
            self.blame("id", far, "the id is too large", allowed=f"up to {limits.max}, or text")
            return column.where(~far, 0).astype(np.int64)
        if any(not issubclass(kind, str) for kind in kinds):
            self.blame(
                "id",
                ~empty & ~truths(column.map(lambda value: isinstance(value, str))),
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

    def names(self, key: str) -> pd.Categorical[str]:
        """Return a column of names that the scenario will know, -1 where there is none."""
        if key not in self.table:
            self.assumed[key] = len(self.table)
            return categorical(np.full(len(self.table), _BAD, np.int8), ())
        names: dict[str, int] = {}

        def place(cell: object) -> int:
            name = name_in(cell) if isinstance(cell, str) else ""
            if not name or len(names) >= _MOST_NAMES:
                return _BAD
            return names.setdefault(name, len(names))

        cells = frozenset(cell for cell in distinct(self.table[key])[1] if isinstance(cell, str))
        codes = self._coded(key, place, plain=cells, said=())
        empty = codes == _EMPTY
        if empty.any():
            self.assumed[key] = int(empty.sum())
        allowed = f"a name, of at most {_MOST_NAMES} different ones"
        self.blame(key, codes == _BAD, "is not the name of an area", allowed=allowed)
        self.areas = [self._first(key, name, codes == code) for name, code in names.items()]
        return categorical(np.where(empty, _BAD, codes), tuple(names))

    def _first(self, key: str, name: str, named: Bools) -> AreaNamed:
        row = int(named.argmax())
        line = None if self.lines is None else int(self.lines[row])
        text = str(self.table[key].iloc[row]).strip()
        return AreaNamed(name, text, int(named.sum()), row, line)

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
        return truths(codes == 1)

    def _coded(
        self,
        key: str,
        place: Callable[[object], int],
        *,
        plain: frozenset[str],
        said: tuple[str, ...],
    ) -> NDArray[np.int8]:
        """Return each cell's code, looking at each distinct value once; note what was read so."""
        numbers, cells = distinct(self.table[key])
        codes = np.full(len(cells) + 1, _EMPTY, np.int8)  # the last is of missing cells
        read = []
        for i, cell in enumerate(cells):
            text = cell.strip() if isinstance(cell, str) else None
            if text == "":
                continue
            if text in EMPTY_WORDS:
                read.append(f"{shown(text)} as empty")
                continue
            codes[i] = place(cell)
            if codes[i] >= 0 and isinstance(cell, str) and not _is_plain(cell, plain):
                read.append(f"{shown(cell)} as {said[codes[i]]}")
        self._note_read(key, read)
        return codes[numbers]

    def _numbers(self, key: str) -> tuple[Floats, Bools]:
        """Return the numbers of a column (nan where a cell is none), and which are empty."""
        column = self.table[key]
        if pd.api.types.is_bool_dtype(column) or pd.api.types.is_complex_dtype(column):
            return np.full(len(column), np.nan), truths(column.isna())
        if pd.api.types.is_numeric_dtype(column):
            return column.to_numpy(np.float64, na_value=np.nan), truths(column.isna())
        empty = blank(column)
        words = truths(column.isin(EMPTY_WORDS))
        if words.any():
            self._note_read(key, [f"{shown(word)} as empty" for word in sorted(set(column[words]))])
        text = column.where(~(empty | words), None).astype(str)
        places, distinct = pd.factorize(text)
        values = decimals([*map(str, distinct), "nan"])[places]
        if self.decimal_comma:
            values = self._decimal_commas(key, text, values)
        return values, empty | words

    def _decimal_commas(self, key: str, text: pd.Series[Any], values: Floats) -> Floats:
        """Return the numbers with decimal commas read, where none may be one of thousands."""
        comma = np.isnan(values) & truths(text.str.fullmatch(r"\s*-?\d+,\d+\s*"))
        if not comma.any() or truths(text.str.fullmatch(r"\s*-?[1-9]\d{0,2}(,\d{3})+\s*")).any():
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


def _level_hint(found: object, known: Iterable[str]) -> str:
    if not isinstance(found, str):
        return ""
    if found.strip().isdigit():
        return "numbers are not read as levels: write the level"
    return nearest(found, known)


def _is_plain(cell: str, plain: frozenset[str]) -> bool:
    return cell in plain or (plain is PLAIN_FLAGS and cell.lower() in plain)
