"""A mapping from its TOML file, or a clear error; its open questions first, all at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pathsim.errors import InputError, Problem, wrong_type
from pathsim.paths import path_of
from pathsim.people.columns import COLUMNS
from pathsim.scenario.explain import resolve
from pathsim.scenario.read import Document, read
from pathsim.text import counted

from .model import PeopleMapping
from .rules import UNITS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pathsim.scenario.lines import KeyPath

QUESTION: Final = "?"
"""Stands where a draft asks."""
A_MAPPING: Final = "a mapping of people in TOML, as `pathsim cohort draft FILE` writes one"
_ANSWERS: Final = {
    "from": "the name of a column of the file",
    "date": "the name of a column of dates",
    "date_format": "such as %d/%m/%Y or %Y-%m-%d, or excel",
    "at_format": "such as %d/%m/%Y or %Y-%m-%d, or excel",
    "before_format": "such as %d/%m/%Y or %Y-%m-%d, or excel",
    "decimal": '"." or ","',
    "if_unknown": "draw, missing",
    "beyond_header": "ignore, refuse",
    "unknown": "a list of what stands for nothing known, such as [99]",
    "includes_present": "true, false",
    "since": "the name of a column of dates",
    "person": "the name of the column with the ids of the people",
    "first_day": "a date without quotation marks, such as 2024-04-01",
    "within_days": "a number of days",
}


class Loaded(NamedTuple):
    """A mapping, and the file that says it."""

    mapping: PeopleMapping
    document: Document

    @property
    def file(self) -> Path | None:
        """The file, if it comes from one."""
        return self.document.file


def read_mapping(source: str | Path | PeopleMapping) -> Loaded:
    """Return a mapping, from its file or as it is.

    Raises
    ------
    InputError
        With all that is wrong with it; with its open questions alone if it has any.
    """
    if isinstance(source, PeopleMapping):
        return Loaded(source, Document(source.model_dump(by_alias=True, exclude_unset=True)))
    try:
        path = path_of(source, key="mapping", allowed=A_MAPPING)
    except InputError as error:
        if error.problems[0].message == "has the wrong type":
            raise wrong_type("mapping", source, A_MAPPING) from None
        raise
    document = read(path, allowed=A_MAPPING)
    asked = list(questions(document))
    if asked:
        raise InputError(*asked)
    return Loaded(resolve(PeopleMapping, document.raw, [document]), document)


_LABELLED: Final = 4


def questions(document: Document) -> Iterator[Problem]:
    """Yield a problem for each question that a draft left open."""
    of_labels: dict[KeyPath, list[KeyPath]] = {}
    for path in _open(document.raw, ()):
        # A label is a text of the file: it is counted, not shown.
        labelled = len(path) == _LABELLED and path[2] in ("values", "bands")
        of_labels.setdefault(path[:-1] if labelled else path, []).append(path)
    for path, labels in of_labels.items():
        words = "is a question of the draft: answer it"
        if labels != [path]:
            words = f"{words} for {counted(len(labels), 'label')}"
        told = document.problem(words, path, allowed=_answer(labels[0]))
        yield replace(told, line=document.line(labels[0]))


def _open(value: Any, path: KeyPath) -> Iterator[KeyPath]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _open(each, (*path, key))
    elif value == QUESTION:  # in a list it is a text of the file
        yield path


def _answer(path: KeyPath) -> str:
    """Return what a question may be answered with, as the draft offers it."""
    name = str(path[1]) if len(path) > 1 and path[0] == "columns" else ""
    key = str(path[-1])
    if len(path) == _LABELLED and path[2] == "bands":
        return "the lowest and the highest number of the band, such as [45, 60]"
    if len(path) == _LABELLED and path[2] == "values" and name in COLUMNS:
        return COLUMNS[name].allowed()
    if (name, key) == ("id", "from"):
        return f'{_ANSWERS[key]}; or, in its place, derive = "row_number"'
    if name in COLUMNS and key in ("for_all", "unit", "if_unknown"):
        return {
            "for_all": f'{COLUMNS[name].allowed()}; or, in its place, if_unknown = "draw"',
            "unit": ", ".join(UNITS.get(name, ())),
            "if_unknown": "draw, refuse",
        }[key]
    return _ANSWERS.get(key, "")
