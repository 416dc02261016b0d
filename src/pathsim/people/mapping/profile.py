"""What a column of a file looks like: its name in words, and of what kind its cells are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from pathsim.elementary.decimals import decimals
from pathsim.people.cells import truths
from pathsim.people.words import EMPTY_WORDS, as_name, flag_of
from pathsim.text import counted

from .dates import dates
from .lengths import days_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pathsim.elementary.arrays import Floats

    from .layout import Laid

AMBIGUOUS: Final = "?"
"""The format of dates where day and month may be told apart by nobody."""
_FORMATS: Final = (
    "",  # ISO
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%d.%m.%Y",
    "%d/%m/%y",
    "%Y/%m/%d",
    "%Y%m%d",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d %b %Y",
    "%d %B %Y",
)
_SERIALS: Final = (20_000, 60_000)
"""Serial numbers of dates from 1954 to 2064."""
FEW: Final = 40
"""Most distinct values of a column that is taken for one of levels."""
UNKNOWN_WORDS: Final = frozenset(
    (
        "missing",
        "unknown",
        "not_known",
        "not_recorded",
        "not_stated",
        "nk",
        "n_k",
        "unk",
        "none_recorded",
    )
)
_AS_CODE: Final = re.compile(r"^\s*\(?\d+\)?\s*[:.\-)]?\s*(?=[^\W\d])")


@dataclass(frozen=True, eq=False)
class Profile:
    """One column."""

    name: str
    cells: pd.Series[Any]
    """Cells that say something."""
    blanks: int
    """Cells that say nothing."""
    distinct: tuple[str, ...]
    """The different cells, at most a few more than `FEW`."""
    unique: bool
    numbers: Floats
    """Of the cells; nan where one is none."""
    date_format: str | None
    """Empty for ISO, None where the cells are no dates."""

    @property
    def words(self) -> frozenset[str]:
        """The words of the name."""
        return frozenset(self.plain.split("_"))

    @property
    def plain(self) -> str:
        """The name in small letters."""
        return as_name(self.name)

    @property
    def few(self) -> bool:
        """Whether there are so few distinct values that they may be levels."""
        return 0 < len(self.distinct) <= FEW

    @property
    def numeric(self) -> bool:
        """Whether all cells are numbers."""
        return len(self.numbers) > 0 and bool(np.isfinite(self.numbers).all())

    @property
    def whole(self) -> bool:
        """Whether all cells are whole numbers."""
        return self.numeric and bool((self.numbers == np.floor(self.numbers)).all())

    @property
    def flags(self) -> bool:
        """Whether all cells are yes or no."""
        return 0 < len(self.distinct) <= 6 and all(
            flag_of(each) is not None for each in self.distinct
        )

    @property
    def lengths(self) -> bool:
        """Whether all cells are lengths with their units, such as `18 months`."""
        return self.few and not any(np.isnan(days_in(each)) for each in self.distinct)

    @property
    def serial(self) -> bool:
        """Whether all numbers may be dates of a spreadsheet."""
        low, high = _SERIALS
        return self.whole and bool(((self.numbers >= low) & (self.numbers <= high)).all())

    def within(self, low: float, high: float) -> bool:
        """Return whether all cells are numbers in a range."""
        return self.numeric and bool(((self.numbers >= low) & (self.numbers <= high)).all())

    def kind(self) -> str:
        """Return in words what the cells are, without one of them."""
        kinds = {
            "empty": len(self.cells) == 0,
            "dates": self.date_format is not None,
            "yes or no": self.flags,
            "whole numbers": self.whole,
            "numbers": self.numeric,
            f"text, {counted(len(self.distinct), 'value')}": self.few,
            "text, all different": self.unique,
        }
        return next((words for words, true in kinds.items() if true), "text")


def profiles(laid: Laid) -> list[Profile]:
    """Return the columns of a table."""
    return list(_profiles(laid))


def _profiles(laid: Laid) -> Iterator[Profile]:
    for name in laid.table.columns:
        cells = laid.table[name]
        said = cells[~truths(cells.isin(["", *EMPTY_WORDS]))]
        plain = said.str.replace(",", ".", regex=False) if laid.decimal_comma else said
        places, different = pd.factorize(plain.str.removesuffix("%").str.strip())
        numbers = decimals(map(str, different))[places] if len(said) else np.zeros(0)
        yield Profile(
            name=str(name),
            cells=said,
            blanks=len(cells) - len(said),
            distinct=tuple(sorted(set(said)))[: FEW + 5],
            unique=bool(said.is_unique),
            numbers=numbers,
            date_format=_date_format(said),
        )


def _date_format(cells: pd.Series[Any]) -> str | None:
    """Return the format in which all cells are dates, or None."""
    sample = pd.Series(cells.unique()[:2000], dtype="str")
    if len(sample) == 0 or truths(sample.str.fullmatch(r"-?\d{1,7}(\.\d+)?")).any():
        return None  # numbers; those of a spreadsheet are asked about
    fits = [each for each in _FORMATS if not np.isnat(dates(sample, date_format=each)).any()]
    if not fits or "" in fits:  # ISO is read under any format
        return "" if fits else None
    if {"%d/%m/%Y", "%m/%d/%Y"} <= set(fits):
        return AMBIGUOUS
    return fits[0]


def is_unknown(text: str) -> bool:
    """Return whether a cell says in words that nothing is known."""
    return as_name(_AS_CODE.sub("", text)) in UNKNOWN_WORDS
