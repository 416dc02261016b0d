"""What a column of a file looks like: its name in words, and of what kind its cells are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from pathsim.elementary.decimals import decimals
from pathsim.people.cells import number_of, truths
from pathsim.people.words import EMPTY_WORDS, as_name, flag_of
from pathsim.text import counted

from .columns import THOUSANDS
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
_MOSTLY: Final = 0.8
"""Share of the cells from which a column is one of numbers, with a few in another form."""
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
    commas: str
    """Empty, `decimal`, or `thousands` where the commas in numbers may stand between thousands."""
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
        """Whether the cells that know something are numbers, but for a few in another form."""
        given = len(self.given)
        if given == len(self.numbers) or given == 0:
            return given > 0
        unknown = number_of(self.cells.isin([each for each in self.distinct if is_unknown(each)]))
        return given >= _MOSTLY * (len(self.numbers) - unknown)

    @property
    def given(self) -> Floats:
        """The numbers."""
        return self.numbers[np.isfinite(self.numbers)]

    @property
    def others(self) -> pd.Series[Any]:
        """The cells that are no numbers."""
        return self.cells[~np.isfinite(self.numbers)]

    @property
    def whole(self) -> bool:
        """Whether the numbers are whole."""
        return self.numeric and bool((self.given == np.floor(self.given)).all())

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
        """Return whether the numbers are in a range."""
        return self.numeric and bool(((self.given >= low) & (self.given <= high)).all())

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
        words = next((words for words, true in kinds.items() if true), "text")
        many = len(self.others) if words in ("whole numbers", "numbers") else 0
        return f"{words} but for {counted(many, 'cell')}" if many else words


def profiles(laid: Laid) -> list[Profile]:
    """Return the columns of a table."""
    return list(_profiles(laid))


def _profiles(laid: Laid) -> Iterator[Profile]:
    for name in laid.table.columns:
        cells = laid.table[name]
        said = cells[~truths(cells.isin(["", *EMPTY_WORDS]))]
        numbers, commas = _numbers(said, decimal_comma=laid.decimal_comma)
        yield Profile(
            name=str(name),
            cells=said,
            blanks=len(cells) - len(said),
            distinct=tuple(sorted(set(said)))[: FEW + 5],
            unique=bool(said.is_unique),
            numbers=numbers,
            commas=commas,
            date_format=_date_format(said),
        )


def _numbers(said: pd.Series[Any], *, decimal_comma: bool) -> tuple[Floats, str]:
    """Return the numbers in cells, and what the commas in them may be where that is not known."""
    places, different = pd.factorize(said.str.removesuffix("%").str.strip())
    texts = pd.Series(different, dtype="str")
    thousands = truths(texts.str.fullmatch(THOUSANDS))
    decimal = truths(texts.str.fullmatch(r"-?\d+,\d+")) & ~thousands
    plain = texts.where(~thousands, texts.str.replace(",", "", regex=False))
    plain = plain.where(~decimal, texts.str.replace(",", ".", regex=False))
    found = decimals(map(str, plain))
    commas = "thousands" if thousands.any() else "decimal" if decimal.any() else ""
    if commas == "decimal" and decimal_comma:
        commas = ""
    return (found[places] if len(said) else np.zeros(0)), commas


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
