"""The shipped evidence table: one row a figure, with where it was published.

The files in `data/evidence/` are read together, so that an id is unique over all of them.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Final

from pathsim.errors import InputError, Problem

COLUMNS: Final = (
    "id",
    "value",
    "unit",
    "kind",
    "low",
    "high",
    "population",
    "period",
    "publisher",
    "title",
    "year",
    "locator",
    "address",
    "grade",
    "price_year",
    "review",
)
GRADES: Final = ("official", "rct", "matched", "before_after", "expert", "assumed")
"""What may stand behind a published figure, strongest first."""
KINDS: Final = ("fixed", "normal", "lognormal", "beta", "uniform")
"""Distribution of what is not known about the figure; `fixed` has no interval."""
_NEEDED: Final = (
    *("id", "value", "unit", "kind", "population", "period"),
    *("publisher", "title", "grade", "review"),
)
_ID = re.compile(r"[a-z][a-z0-9_]*")
_YEAR = re.compile(r"\d{4}/\d{2}")


@dataclass(frozen=True)
class Evidence:
    """One published figure; `low` and `high` are its 95% interval, or the ends of a range."""

    id: str
    value: float
    unit: str
    kind: str
    low: float | None
    high: float | None
    population: str
    period: str
    publisher: str
    title: str
    year: str
    locator: str
    address: str
    grade: str
    price_year: str
    review: date

    @property
    def citation(self) -> str:
        """Return publisher, title, year and place, as the source of a parameter."""
        told = ", ".join(part for part in (self.publisher, self.title, self.year) if part)
        return f"{told}: {self.locator}" if self.locator else told

    def overdue(self, today: date) -> bool:
        """Return whether the figure was to be looked at again before `today`."""
        return self.review < today

    def holds(self, value: float) -> bool:
        """Return whether `value` is inside the figure's interval; a fixed one has only itself."""
        low = self.value if self.low is None else self.low
        high = self.value if self.high is None else self.high
        return low <= value <= high


Table = Mapping[str, Evidence]
"""Evidence by id."""


@cache
def evidence_table() -> Table:
    """Return the shipped table. Raise InputError with everything that is wrong with it."""
    folder = files("pathsim.data") / "evidence"
    texts = {
        Path(each.name): each.read_text(encoding="utf-8")
        for each in sorted(folder.iterdir(), key=lambda each: each.name)
        if each.name.endswith(".csv")
    }
    return read_table(texts)


def read_table(texts: Mapping[Path, str]) -> Table:
    """Return the rows of several CSV texts by id.

    Raise InputError with a problem for each thing wrong, by file and line.
    """
    table: dict[str, Evidence] = {}
    problems: list[Problem] = []
    for file, text in texts.items():
        for line, raw in _lines(file, text, problems):
            wrong = [*_faults(raw)]
            if raw["id"] in table:
                wrong.append(("id", "is used twice"))
            problems += [
                Problem(
                    message, key=f"{raw['id']}.{column}", found=raw[column], line=line, file=file
                )
                for column, message in wrong
            ]
            if not wrong:
                table[raw["id"]] = _evidence(raw)
    if problems:
        raise InputError(*problems)
    return table


def _lines(file: Path, text: str, problems: list[Problem]) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(StringIO(text), restval="")
    if tuple(reader.fieldnames or ()) != COLUMNS:
        allowed = ", ".join(COLUMNS)
        problems.append(Problem("has other columns", allowed=allowed, line=1, file=file))
        return
    for raw in reader:
        if None in raw:
            problems.append(Problem("has too many cells", line=reader.line_num, file=file))
        else:
            yield reader.line_num, {key: cell.strip() for key, cell in raw.items()}


def _evidence(raw: Mapping[str, str]) -> Evidence:
    numbers = {key: _number(raw[key]) for key in ("low", "high")}
    words = {key: raw[key] for key in COLUMNS if key not in ("value", "low", "high", "review")}
    return Evidence(
        **words,
        value=float(raw["value"]),
        low=numbers["low"],
        high=numbers["high"],
        review=date.fromisoformat(raw["review"]),
    )


def _number(cell: str) -> float | None:
    return float(cell) if cell else None


def _faults(raw: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Give column and message for each thing wrong with a row."""
    yield from ((column, "is missing") for column in _NEEDED if not raw[column])
    yield from _word_faults(raw)
    unreadable = [key for key in ("value", "low", "high") if raw[key] and not _is_number(raw[key])]
    yield from ((key, "is not a number") for key in unreadable)
    if not unreadable and raw["value"]:
        yield from _interval_faults(raw)


def _word_faults(raw: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if raw["id"] and not _ID.fullmatch(raw["id"]):
        yield "id", "is not an id: small letters, digits and underscores, a letter first"
    for column, known in (("kind", KINDS), ("grade", GRADES)):
        if raw[column] and raw[column] not in known:
            yield column, f"is not one of {', '.join(known)}"
    if raw["review"] and not _is_date(raw["review"]):
        yield "review", "is not a date such as 2027-11-22"
    if raw["unit"].startswith("gbp") and not _YEAR.fullmatch(raw["price_year"]):
        yield "price_year", "must be the year of the prices, such as 2021/22"
    if raw["address"] and not raw["address"].startswith(("https://", "http://")):
        yield "address", "is not a public address"


def _interval_faults(raw: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    low, high = _number(raw["low"]), _number(raw["high"])
    if raw["kind"] == "fixed" and raw["grade"] != "assumed":
        if (low, high) != (None, None):
            yield "kind", "is fixed, so it has no interval"
        return
    if low is None or high is None:
        # What was only assumed, or is said to vary, must say how far.
        yield "low", "needs an interval, low and high"
    elif low > high:
        yield "low", f"is above high, {high:.12g}"
    elif not low <= float(raw["value"]) <= high:
        yield "value", f"is outside its own interval, {low:.12g} to {high:.12g}"


def _is_number(cell: str) -> bool:
    try:
        return math.isfinite(float(cell))
    except ValueError:
        return False


def _is_date(cell: str) -> bool:
    try:
        date.fromisoformat(cell)
    except ValueError:
        return False
    return True
