"""What `pathsim evidence` tells: the register, the share by grade, problems and cautions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pathsim.errors import Problem
from pathsim.scenario.load import load
from pathsim.text import visible

from .check import cautions, check, located
from .register import Row, by_grade, register, rows_of
from .table import Table, evidence_table

if TYPE_CHECKING:
    from rich.table import Table as Grid


@dataclass(frozen=True)
class Report:
    """A register with what the check found."""

    title: str
    rows: list[Row]
    problems: list[Problem]
    cautions: list[Problem]

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain data for JSON."""
        return {
            "title": self.title,
            "parameters": [row.as_dict() for row in self.rows],
            "grades": by_grade(self.rows),
            "problems": [str(problem) for problem in self.problems],
            "cautions": [str(caution) for caution in self.cautions],
        }

    def grids(self, *, whole: bool = True) -> Iterator[Grid]:
        """Give the tables for a terminal: the register if `whole`, and the share by grade."""
        if whole:
            yield _register_grid(self)
        yield _grades_grid(self)

    def caution_lines(self) -> Iterator[str]:
        """Give each kind of caution on one line, with how many parameters it is about."""
        alike: dict[str, list[Problem]] = {}
        for caution in self.cautions:
            alike.setdefault(caution.message, []).append(caution)
        for message, found in alike.items():
            more = f" and {len(found) - 1} more" if len(found) > 1 else ""
            yield f"{found[0].key}{more}: {message}"


def report(file: Path | None, *, today: date | None = None) -> Report:
    """Return the report on a scenario file, or without one on the shipped table.

    Raises InputError when the file, or the table, cannot be used at all.
    """
    table = evidence_table()
    if file is None:
        return Report("Evidence table", rows_of(table), [], _overdue(table, today))
    scenario = load(file)
    return Report(
        title=scenario.title,
        rows=register(scenario, table),
        problems=located(check(scenario, table=table), file),
        cautions=located(cautions(scenario, today=today, table=table), file),
    )


def _overdue(table: Table, today: date | None) -> list[Problem]:
    day = today or date.today()
    return [
        Problem(f"was to be reviewed by {row.review.isoformat()}", key=row.id)
        for row in table.values()
        if row.overdue(day)
    ]


def _register_grid(report: Report) -> Grid:
    from rich.table import Table as Grid
    from rich.text import Text

    # A console hands out width by ratio only to a grid that fills it.
    grid = Grid(title=Text(visible(report.title)), title_justify="left", expand=True)
    grid.add_column("Parameter", overflow="fold", ratio=9)
    grid.add_column("Value", overflow="fold", justify="right", ratio=6)
    grid.add_column("Grade", ratio=4)
    grid.add_column("Source", overflow="ellipsis", no_wrap=True, ratio=10)
    grid.add_column("Review", ratio=4)
    for row in report.rows:
        review = row.review.isoformat() if row.review else ""
        cells = (row.parameter, _value(row), row.grade, row.source, review)
        grid.add_row(*(Text(visible(cell)) for cell in cells))
    return grid


def _grades_grid(report: Report) -> Grid:
    from rich.table import Table as Grid

    grid = Grid(title=f"{len(report.rows)} parameters by grade", title_justify="left")
    grid.add_column("Grade")
    grid.add_column("Parameters", justify="right")
    grid.add_column("Share", justify="right")
    for grade, count in by_grade(report.rows).items():
        grid.add_row(grade, str(count), f"{count / len(report.rows):.1%}")
    return grid


def _value(row: Row) -> str:
    """Return value, unit and interval: `13.82 gbp 2021/22 (9.21 to 18.43)`."""
    number = f"{row.value:,.6g}" if isinstance(row.value, float) else str(row.value)
    told = " ".join(part for part in (number, row.unit, row.price_year) if part)
    if row.low is None or row.high is None:
        return told
    return f"{told} ({row.low:,.6g} to {row.high:,.6g})"
