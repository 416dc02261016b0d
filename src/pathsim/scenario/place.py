"""Where in its files a scenario says what turns out later not to work."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pathsim.errors import InputError

from .explain import writer
from .lines import KeyPath
from .read import Document, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pathsim.errors import Problem

    from .model import Scenario


@contextmanager
def told_of(scenario: Scenario) -> Iterator[None]:
    """Give file and line to the problems that are found with a scenario meanwhile."""
    try:
        yield
    except InputError as error:
        if any(each.file for each in error.problems):
            raise  # a table's, with its rows
        raise InputError(*(placed(each, scenario) for each in error.problems)) from error


def placed(problem: Problem, scenario: Scenario) -> Problem:
    """Return a problem with a scenario that was read, with the file and line of its key."""
    files, parent = scenario.lineage
    made_in_python = parent is not None and parent.lineage.files == files
    if problem.file is not None or not files or made_in_python:
        return problem
    last = Path(files[-1].path)
    path: KeyPath = tuple(problem.key.split(".")) if problem.key else ()
    try:
        documents: list[Document] = [read(Path(each.path)) for each in files]
    except InputError:  # a file is no longer what it was
        return replace(problem, file=last)
    document, path = writer(documents, path)
    return replace(problem, file=document.file, line=document.line(path))
