"""The check: what of a scenario cannot be traced to a source, or contradicts it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from pathsim.errors import Problem, nearest
from pathsim.scenario.lines import KeyPath
from pathsim.scenario.load import documents
from pathsim.scenario.model import Scenario
from pathsim.scenario.parameter import Quantity
from pathsim.scenario.read import Document

from .register import GRADES, Parameter, parameters
from .table import Table, evidence_table


def check(scenario: Scenario, *, table: Table | None = None) -> list[Problem]:
    """Return what is wrong with the parameters of a scenario, and of what holds before it.

    A parameter fails without a source, without a grade, with an id that `table` (left out:
    the shipped one) does not have, with a value outside the interval of its row, and as a
    price above 0 without a price year.
    """
    known = evidence_table() if table is None else table
    return [problem for each in _all(scenario) for problem in _problems(each, known)]


def cautions(
    scenario: Scenario, *, today: date | None = None, table: Table | None = None
) -> list[Problem]:
    """Return what deserves a second look and does not fail the check.

    That is an assumed value without an interval, a grade that was left to the default,
    and a row of the evidence table past its date of review.
    """
    known = evidence_table() if table is None else table
    day = today or date.today()
    return [caution for each in _all(scenario) for caution in _cautions(each, known, day)]


def located(problems: Iterable[Problem], file: Path) -> list[Problem]:
    """Return the problems with file and line, where `file` or what it extends says them."""
    written = documents(file)[::-1]
    return [_located(problem, written) for problem in problems]


def _all(scenario: Scenario) -> Iterator[Parameter]:
    for depth, regime in enumerate(reversed(scenario.regimes)):
        for path, part in parameters(regime):
            yield Parameter((*("before",) * depth, *path), part)


def _problems(parameter: Parameter, table: Table) -> Iterator[Problem]:
    part, key = parameter.part, parameter.key
    if not part.source.strip():
        yield Problem("has no source", key=key)
    if part.grade not in GRADES:
        yield Problem("has no grade", key=key, allowed=", ".join(GRADES))
    if parameter.is_price and _costs_without_year(part):
        yield Problem("is a price without a price year", key=key, allowed='price_year = "2021/22"')
    if parameter.evidence:
        yield from _against_row(parameter, table)


def _costs_without_year(part: object) -> bool:
    return isinstance(part, Quantity) and part.value > 0 and not part.price_year


def _against_row(parameter: Parameter, table: Table) -> Iterator[Problem]:
    row = table.get(parameter.evidence)
    if row is None:
        hint = nearest(parameter.evidence, table)
        message = "is no id of the evidence table" + (f"; {hint}" if hint else "")
        yield Problem(message, key=f"{parameter.key}.evidence", found=parameter.evidence)
    elif parameter.centre is not None and not row.holds(parameter.centre):
        low, high = (row.value if end is None else end for end in (row.low, row.high))
        allowed = f"{low:g}" if low == high else f"between {low:g} and {high:g}"
        message = f"differs from its evidence '{row.id}'"
        yield Problem(message, key=parameter.key, found=parameter.centre, allowed=allowed)


def _cautions(parameter: Parameter, table: Table, today: date) -> Iterator[Problem]:
    part, key = parameter.part, parameter.key
    if part.grade == "assumed" and isinstance(part, Quantity) and None in (part.low, part.high):
        yield Problem("is assumed and has no interval", key=key)
    if "grade" not in part.model_fields_set:
        yield Problem(f"leaves its grade to the default, {part.grade}", key=key)
    row = table.get(parameter.evidence)
    if row is not None and row.overdue(today):
        message = f"rests on '{row.id}', which was to be reviewed by {row.review.isoformat()}"
        yield Problem(message, key=key)


def _located(problem: Problem, documents: list[Document]) -> Problem:
    path: KeyPath = tuple(problem.key.split("."))
    if path[0] == "before":
        path = path[1:]
    for length in range(len(path), 0, -1):
        for document in documents:
            if path[:length] in document.lines:
                return replace(problem, line=document.lines[path[:length]], file=document.file)
    return replace(problem, file=documents[0].file)
