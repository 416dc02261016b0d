"""What happened to the people of a cohort: a table of outcomes, checked and in the cohort's order.

No cell of it is ever shown: what is wrong is told by column, with the rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from os import PathLike
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from pathsim.elementary.decimals import decimals
from pathsim.errors import InputError, Problem, nearest, warn_caller
from pathsim.paths import path_of
from pathsim.scenario.lineage import InputFile

from .cells import Bools, blank, distinct, truths, whole_if_all
from .mapping.outcomes import FILE, LINES
from .origin import A_TABLE, name_of
from .read import read_table
from .words import EMPTY_WORDS, as_name, flag_of

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from pathsim.elementary.arrays import Floats

    from .cohort import Cohort

COLUMNS: Final = {
    "id": "the person's id, as in the table of people",
    "reoffended": "yes or no: whether the person reoffended within the days; empty: not known",
    "days": "days from the index date to the first reoffence; empty: none was seen",
    "followed_days": "days from the index date for which the person was followed; empty: for long "
    "enough",
}
"""Of a table of outcomes; of `reoffended` and `days` one is enough."""
LONGEST_DAYS: Final = 36_525.0
_FIRST_ROWS: Final = 3


@dataclass(frozen=True, kw_only=True)
class Observed:
    """What happened to the people of a cohort within some days of their index date; each [people].

    Who was followed for less long does not count in shares. If the table says that the follow-up of
    a person ends with their reoffence, they count: nothing says how long it might have been.
    """

    known: Bools
    """Whether an outcome is given."""
    counts: Bools
    """Whether it counts in shares: it is known, and the follow-up was long enough."""
    reoffended: Bools
    """Whether the person was seen to reoffend within the days."""
    days: Floats
    """To the reoffence, or for how long there was none, at most as many as are asked for; nan for
    all where the table has no days, and for those whose outcome is not known."""
    cut_at_reoffence: Bools
    """Whose follow-up ends with their reoffence, before the days are over."""
    others: int
    """Rows of people who are not in the cohort."""
    file: InputFile
    """Where it comes from, with its hash."""

    @property
    def timed(self) -> bool:
        """Whether it is known when people reoffended."""
        return not bool(np.isnan(self.days[self.known]).any())


def observed_of(
    source: pd.DataFrame | str | Path, cohort: Cohort, *, within_days: float
) -> Observed:
    """Return what a table of outcomes, or a file of one, says of the people of a cohort.

    Raises
    ------
    InputError
        With all that is wrong with the table; no cell of it is shown.
    """
    table = _table_of(source)
    ids = table.ids()
    flags = table.flags("reoffended")
    days, followed = table.numbers("days"), table.numbers("followed_days")
    table.check(flags, days, followed, within_days=within_days)
    place = _places(ids, cohort)
    found = place >= 0
    if not found.any():
        message = "none of the ids is that of a person in the table of people"
        raise InputError(Problem(message, key="id", file=table.path))
    return _in_order(table, flags, days, followed, place, people=len(cohort), within=within_days)


@dataclass
class _Table:
    """A table of outcomes while it is read."""

    rows: pd.DataFrame
    file: InputFile
    path: Path | None = None
    lines: NDArray[np.int64] | None = None
    problems: list[Problem] = field(default_factory=list)

    def ids(self) -> pd.Series[Any]:
        """Return the ids as text, each once; columns that are missing or unknown are told too."""
        names = [str(name) for name in self.rows.columns]
        for name in dict.fromkeys(names):
            if names.count(name) > 1:
                self._add(name, "the column is there twice")
            if name not in COLUMNS:
                hint = nearest(name, COLUMNS)
                self._add(name, f"unknown column; {hint or 'remove it'}", ", ".join(COLUMNS))
        if "id" not in names:
            self._add("id", "the column is missing")
        if "reoffended" not in names and "days" not in names:
            self._add("reoffended", "the column is missing, and days is too", "either, or both")
        self._finish()
        column = self.rows["id"]
        empty = blank(column)
        self.refuse("id", empty, "the id is empty")
        if pd.api.types.is_float_dtype(column):
            values = column.to_numpy(np.float64, na_value=np.nan)
            self.refuse("id", ~empty & (np.floor(values) != values), "the id is no whole number")
            named = pd.Series([f"{value:.0f}" for value in values])
        else:
            named = whole_if_all(column.astype(str).str.strip()).astype(str)
        self.refuse("id", truths(named.duplicated()) & ~empty, "the id is there twice")
        return named

    def flags(self, key: str) -> NDArray[np.int8]:
        """Return a column of truths: 1, 0, or -1 where nothing is known."""
        if key not in self.rows:
            return np.full(len(self.rows), -1, np.int8)
        places, cells = distinct(self.rows[key])
        codes = np.full(len(cells) + 1, -1, np.int8)  # the last is of missing cells
        for number, cell in enumerate(cells):
            text = str(cell).strip()
            truth = flag_of(text)
            if text and text not in EMPTY_WORDS:
                codes[number] = -2 if truth is None else int(truth)
        found = codes[places]
        self.refuse(key, found == -2, "must be yes or no", "yes, no, true, false, 1, 0, or empty")
        return found

    def numbers(self, key: str) -> Floats:
        """Return a column of days; nan where it is empty."""
        if key not in self.rows:
            return np.full(len(self.rows), np.nan)
        column = self.rows[key]
        if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
            values, empty = column.to_numpy(np.float64, na_value=np.nan), truths(column.isna())
        else:
            empty = blank(column) | truths(column.isin(EMPTY_WORDS))
            values = decimals(
                "nan" if none else str(cell) for none, cell in zip(empty, column, strict=True)
            )
        bad = ~empty & ~((values >= 0.0) & (values <= LONGEST_DAYS))
        allowed = f"days from the index date, 0 to {LONGEST_DAYS:,.0f}, or empty"
        self.refuse(key, bad, "is no number of days", allowed)
        return np.where(empty, np.nan, values)

    def check(
        self, flags: NDArray[np.int8], days: Floats, followed: Floats, *, within_days: float
    ) -> None:
        """Refuse columns that contradict each other, and whatever was wrong before."""
        self.refuse("days", days > followed, "is after the end of followed_days")
        if {"days", "reoffended"} <= set(self.rows.columns):
            early = days <= within_days
            words = f"does not go with days and {within_days:g} days"
            self.refuse("reoffended", (flags == 0) & early, f"says no, which {words}")
            self.refuse("reoffended", (flags == 1) & ~early, f"says yes, which {words}")
        self._finish()

    def refuse(self, key: str, bad: Bools, message: str, allowed: str = "") -> None:
        """Note what is wrong with some rows: how many and which, never what they hold."""
        rows = np.flatnonzero(bad)
        if not len(rows):
            return
        places = (rows if self.lines is None else self.lines[rows])[:_FIRST_ROWS].tolist()
        more = ", …" if len(rows) > _FIRST_ROWS else ""
        many = "1 row" if len(rows) == 1 else f"{len(rows):,} rows"
        where = ", ".join(map(str, places)) + more
        line = None if self.lines is None else places[0]
        self.problems.append(
            Problem(
                f"{message}, in {many}: {where}",
                key=key,
                allowed=allowed,
                line=line,
                file=self.path,
            )
        )

    def _add(self, key: str, message: str, allowed: str = "") -> None:
        self.problems.append(Problem(message, key=key, allowed=allowed, file=self.path))

    def _finish(self) -> None:
        if not len(self.rows):
            self._add("", "the table of outcomes has no rows")
        if self.problems:
            raise InputError(*self.problems)


def _table_of(source: pd.DataFrame | str | Path) -> _Table:
    if isinstance(source, pd.DataFrame):
        cells = pd.util.hash_pandas_object(source.astype(str), index=False)
        file = InputFile(A_TABLE, sha256(cells.to_numpy().tobytes()).hexdigest())
        lines, path = source.attrs.get(LINES), source.attrs.get(FILE)
        rows = _named(source.reset_index(drop=True))
        return _Table(rows, file, path, None if lines is None else np.array(lines, np.int64))
    if not isinstance(source, str | PathLike):
        allowed = "a pandas.DataFrame, or the path of a file"
        found = type(source).__name__
        raise InputError(Problem("is no table", key="observed", found=found, allowed=allowed))
    path = path_of(source, allowed="the path of a file, .csv or .xlsx")
    sheet = read_table(path)
    if sheet.notes:
        warn_caller(f"{name_of(path)}: read with care: {'; '.join(sheet.notes)}")
    file = InputFile(name_of(path), InputFile.at(path).sha256)
    return _Table(_named(sheet.table), file, path, sheet.lines)


def _named(table: pd.DataFrame) -> pd.DataFrame:
    names = [as_name(str(name)) for name in table.columns]
    return table.set_axis(
        [
            plain if plain in COLUMNS else name
            for plain, name in zip(names, table.columns, strict=True)
        ],
        axis=1,
    )


def _places(ids: pd.Series[Any], cohort: Cohort) -> NDArray[np.int64]:
    """Return the place in the cohort of each row's person, -1 where there is none."""
    known = pd.Index(cohort.frame["id"].astype(str))
    return np.asarray(known.get_indexer(pd.Index(ids)), np.int64)


def _in_order(  # noqa: PLR0913 the columns of one table
    table: _Table,
    flags: NDArray[np.int8],
    days: Floats,
    followed: Floats,
    place: NDArray[np.int64],
    *,
    people: int,
    within: float,
) -> Observed:
    """Return the outcomes by person, in the cohort's order."""
    by_days = "days" in table.rows
    known = (flags >= 0) if "reoffended" in table.rows else np.ones(len(flags), np.bool_)
    yes = days <= within if by_days else flags == 1
    long_enough = ~(followed < within)
    cut = known & yes & (followed < within) & (followed <= days)
    spent = np.where(np.isnan(days), np.where(np.isnan(followed), within, followed), days)
    found = place >= 0

    def placed(values: NDArray[Any], empty: Any) -> NDArray[Any]:
        held = np.full(people, empty, values.dtype)
        held[place[found]] = values[found]
        return held

    return Observed(
        known=placed(known, empty=False),
        counts=placed(known & (long_enough | cut), empty=False),
        reoffended=placed(known & yes, empty=False),
        days=placed(np.where(known & by_days, np.minimum(spent, within), np.nan), np.nan),
        cut_at_reoffence=placed(cut, empty=False),
        others=int(np.count_nonzero(~found)),
        file=table.file,
    )
