"""The register: every parameter of a scenario with its value, interval, grade and source."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any, Final, NamedTuple, get_args

from pydantic import BaseModel

from pathsim.scenario.changes import in_words
from pathsim.scenario.lines import KeyPath, dotted
from pathsim.scenario.model import Scenario
from pathsim.scenario.parameter import NOT_USED, Cited, Grade, Quantity, Section, Strict
from pathsim.text import as_cell

from .table import Evidence, Table

GRADES: Final[tuple[str, ...]] = get_args(Grade)
COLUMNS: Final = (
    *("parameter", "value", "unit", "low", "high", "grade", "source"),
    *("evidence", "price_year", "review", "note"),
)
_WORDS = {"source", "grade", "note", "evidence", "price_year", "kind"}
_UNITS = (
    ("_gbp", "gbp"),
    ("_per_day", "per day"),
    ("_days", "days"),
    ("_percent", "percent"),
    ("_share", "share"),
    ("_ratio", "ratio"),
    ("referral", "share"),
    ("take_up", "share"),
    ("need_prevalence", "share"),
    ("release_point", "share"),
    ("capacity", "places"),
    ("multipliers", "ratio"),
    ("youth_multipliers", "ratio"),
)


class Parameter(NamedTuple):
    """One sourced part of a scenario, and where it stands."""

    path: KeyPath
    part: Any
    """A quantity, a distribution, a mix of shares or a step function."""

    @property
    def key(self) -> str:
        """Return the dotted key."""
        return dotted(self.path)

    @property
    def used(self) -> bool:
        """Return whether the parameter says something, rather than switch a mechanism off."""
        return bool(self.part.source != NOT_USED)

    @property
    def evidence(self) -> str:
        """Return the id in the evidence table, or an empty string."""
        return str(getattr(self.part, "evidence", None) or "")

    @property
    def is_price(self) -> bool:
        """Return whether the parameter is an amount of money."""
        return any(str(key).endswith("_gbp") for key in self.path)

    @property
    def centre(self) -> float | None:
        """Return the number that a row of the evidence table speaks of, if there is one."""
        centre = self.part.centre if isinstance(self.part, Cited) else ""
        return getattr(self.part, centre) if centre else None


@dataclass(frozen=True)
class Row:
    """One line of the register, ready to show."""

    parameter: str
    value: object
    unit: str
    low: float | None
    high: float | None
    grade: str
    source: str
    evidence: str
    price_year: str
    review: date | None
    note: str

    def as_dict(self) -> dict[str, object]:
        """Return the columns by name, with the date as text."""
        told = {name: getattr(self, name) for name in COLUMNS}
        return {**told, "review": self.review.isoformat() if self.review else None}


def parameters(scenario: Scenario) -> list[Parameter]:
    """Return every parameter in use, in the order of the model's keys.

    Left out are the defaults that switch a mechanism off, and what holds until the day
    of a dated option.
    """
    return [each for each in _walk(scenario, ()) if each.used]


def register(scenario: Scenario, table: Table) -> list[Row]:
    """Return a row for every parameter in use; `table` gives units and dates of review."""
    return [_row(each, table.get(each.evidence)) for each in parameters(scenario)]


def rows_of(table: Table) -> list[Row]:
    """Return the evidence table itself as a register, with population and period as the note."""
    return [
        Row(
            parameter=each.id,
            value=each.value,
            unit=each.unit,
            low=each.low,
            high=each.high,
            grade=each.grade,
            source=each.citation,
            evidence=each.id,
            price_year=each.price_year,
            review=each.review,
            note=f"{each.population}, {each.period}",
        )
        for each in table.values()
    ]


def by_grade(rows: Sequence[Row]) -> dict[str, int]:
    """Return how many rows have each grade, strongest first; grades without one are left out."""
    counts = Counter(row.grade for row in rows)
    return {grade: counts[grade] for grade in GRADES if counts[grade]}


def shares_in_markdown(rows: Sequence[Row]) -> str:
    """Return the share by grade as a table of a Markdown page."""
    lines = ["| grade | parameters | share |", "|---|---:|---:|"]
    lines += [
        f"| {grade} | {count} | {count / len(rows):.1%} |"
        for grade, count in by_grade(rows).items()
    ]
    return "\n".join([*lines, f"| all | {len(rows)} | 100% |"])


def as_csv(rows: Sequence[Row]) -> str:
    """Return the register as CSV with a header."""
    text = StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        cells = row.as_dict().items()
        writer.writerow({k: as_cell(cell) if isinstance(cell, str) else cell for k, cell in cells})
    return text.getvalue()


def _walk(part: Any, path: KeyPath) -> Iterator[Parameter]:
    if isinstance(part, Mapping):
        for key, each in part.items():
            yield from _walk(each, (*path, key))
    elif isinstance(part, Strict):
        if "source" in type(part).model_fields and not isinstance(part, Section):
            yield Parameter(path, part)
            return
        for name in type(part).model_fields:
            if name != "before":
                yield from _walk(getattr(part, name), (*path, name))


def _row(parameter: Parameter, cited: Evidence | None) -> Row:
    part = parameter.part
    quantity = part if isinstance(part, Quantity) else None
    return Row(
        parameter=parameter.key,
        value=_value(part),
        unit=cited.unit if cited else _unit(parameter.path),
        low=quantity.low if quantity else None,
        high=quantity.high if quantity else None,
        grade=part.grade,
        source=part.source,
        evidence=parameter.evidence,
        price_year=(quantity.price_year or "") if quantity else "",
        review=cited.review if cited else None,
        note=getattr(part, "note", ""),
    )


def _value(part: BaseModel) -> object:
    """Return a number, or a distribution or a mix of shares in words."""
    if isinstance(part, Cited):
        return in_words(part)
    told = [(name, getattr(part, name)) for name in type(part).model_fields if name not in _WORDS]
    return ", ".join(f"{name}={_short(_told(name, value))}" for name, value in told if value)


def _told(name: str, value: object) -> object:
    """Return a table of people by its name: where it lies is of this machine alone."""
    return Path(value).name if name == "file" and isinstance(value, str) else value


def _short(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(f'{each:g}' for each in value)}]"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _unit(path: KeyPath) -> str:
    """Return the unit that the parameter's name states."""
    for key in reversed(path):
        for ending, unit in _UNITS:
            if str(key).endswith(ending):
                return unit
    return ""
