"""Published figures as a table: a row a figure, a share of so many people, with its error."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pathsim.arguments import plain_number
from pathsim.bounded import SCENARIO_BYTES, read_text
from pathsim.errors import InputError, Problem, nearest
from pathsim.scenario.read import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pathsim.scenario.lines import KeyPath

KEY: Final = "figures"
"""Of a file of targets: the table, relative to it."""
_COUNTS: Final = ("counted", "of")
_TEXT: Final = ("id", "title", "measure", "source", "discrepancy_reason", "missed_because")
_NUMBERS: Final = ("discrepancy", "days", "tolerance")
_NEEDED: Final = ("id", "title", "source", *_COUNTS)
_COLUMNS: Final = (*_TEXT, *_NUMBERS, *_COUNTS, "groups", "fitted")
_ALLOWED: Final = "a table of figures, .csv"
_TRUTHS: Final = {"yes": True, "true": True, "no": False, "false": False, "": False}


def with_figures(document: Document) -> list[Document]:
    """Return a document of targets with the figures of the table that it names, if it names one.

    `counted` of `of` people are a share, whose standard error is that of a sample of so many;
    `groups` holds levels with semicolons between them; the other columns are keys of a target.
    Raises InputError.
    """
    if KEY not in document.raw:
        return [document]
    name = document.raw[KEY]
    if not isinstance(name, str) or not name.strip():
        problem = document.problem(
            "is no file", (KEY,), found=name, allowed="the path of a table, .csv"
        )
        raise InputError(problem)
    file = (document.file or Path()).parent / name
    listed = document.raw.get("targets", [])
    before = len(listed) if isinstance(listed, list) else 0
    lines: dict[KeyPath, int] = {}
    rows = []
    for number, (line, row) in enumerate(_rows(file)):
        lines[("targets", before + number)] = line
        rows.append(row)
    kept = {key: value for key, value in document.raw.items() if key != KEY}
    told = Document(kept, document.file, document.lines, document.within)
    return [told, Document({"targets": [*([None] * before), *rows]}, file, lines)]


def merged(documents: list[Document]) -> dict[str, Any]:
    """Return what a file of targets and its table say together."""
    first, *tables = documents
    if not tables:
        return first.raw
    listed = first.raw.get("targets", [])
    rows = [row for row in tables[0].raw["targets"] if row is not None]
    return {**first.raw, "targets": [*listed, *rows] if isinstance(listed, list) else listed}


def _rows(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    text = read_text(file, most=SCENARIO_BYTES, allowed=_ALLOWED)
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), strict=True, restkey="")
    try:
        _check_columns(list(reader.fieldnames or ()), file)
        for row in reader:
            yield reader.line_num, _figure(row, file, reader.line_num)
    except csv.Error as error:
        raise InputError(Problem(f"is not a table: {error}", file=file)) from None


def _check_columns(names: list[str], file: Path) -> None:
    problems = [
        Problem(f"the column is missing: {name}", file=file, line=1, allowed=", ".join(_COLUMNS))
        for name in _NEEDED
        if name not in names
    ]
    for name in names:
        if name not in _COLUMNS:
            hint = nearest(name, _COLUMNS)
            message = "unknown column" + (f"; {hint}" if hint else "")
            allowed = ", ".join(_COLUMNS)
            problems.append(Problem(message, key=name, file=file, line=1, allowed=allowed))
    if problems:
        raise InputError(*problems)


def _figure(row: dict[str, Any], file: Path, line: int) -> dict[str, Any]:
    """Return a row as a target, its numbers checked only as far as they are worked with."""
    if "" in row or None in row.values():
        raise InputError(Problem("has not as many cells as the header", file=file, line=line))
    cells = {name: str(value).strip() for name, value in row.items()}
    counted, people = (_number(cells[name], name, file, line) for name in _COUNTS)
    if not 0.0 < counted < people:
        allowed = f"above 0 and below {people:g}, the people it is of"
        problem = Problem("is out of range", key="counted", found=counted, allowed=allowed)
        raise InputError(replace(problem, file=file, line=line))
    share = counted / people
    found: dict[str, Any] = {
        "published": share,
        "se": math.sqrt(share * (1.0 - share) / people),
        "fitted": _truth(cells.get("fitted", ""), file, line),
    }
    groups = [each.strip() for each in cells.get("groups", "").split(";") if each.strip()]
    found |= {"groups": groups} if groups else {}
    found |= {name: cells[name] for name in _TEXT if cells.get(name)}
    return found | {
        name: _number(cells[name], name, file, line) for name in _NUMBERS if cells.get(name)
    }


def _number(text: str, key: str, file: Path, line: int) -> float:
    try:
        number = plain_number(float(text))
    except ValueError:
        number = None
    if number is None or not math.isfinite(number) or number < 0.0:
        problem = Problem("must be a number", key=key, found=text, allowed="0 or more")
        raise InputError(replace(problem, file=file, line=line))
    return number


def _truth(text: str, file: Path, line: int) -> bool:
    if text.lower() not in _TRUTHS:
        problem = Problem("must be yes or no", key="fitted", found=text, allowed="yes, no")
        raise InputError(replace(problem, file=file, line=line))
    return _TRUTHS[text.lower()]
