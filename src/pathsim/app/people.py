"""People of one's own, by upload: read, checked, and kept in the memory of this process alone."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

from pathsim.errors import InputError, Problem
from pathsim.people.cohort import Cohort
from pathsim.scenario.lineage import InputFile
from pathsim.text import visible

from .heard import heard

if TYPE_CHECKING:
    from pathsim.scenario.model import Scenario

MOST_BYTES: Final = 25_000_000
"""Of an upload, all its files together."""
_SUFFIXES: Final = (".csv", ".tsv", ".txt", ".xlsx", ".ods", ".parquet", ".dta")
_KEPT: Final = 2
_LONGEST_NAME: Final = 80


class Uploaded(NamedTuple):
    """People with what was read of them."""

    mark: str
    name: str
    cohort: Cohort
    notes: tuple[str, ...]
    mapped: bool
    """Whether a mapping says what the columns mean."""


class Guests:
    """The people that were uploaded last."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._kept: OrderedDict[str, Uploaded] = OrderedDict()
        self._lock = threading.Lock()

    def read(
        self, name: str, table: bytes, mapping: bytes | None, *, scenario: Scenario
    ) -> Uploaded:
        """Read a table of people and keep it. Raises InputError, as `pathsim cohort check` says.

        The files are written aside for the time of reading alone.
        """
        suffix = Path(name).suffix.lower()
        if suffix not in _SUFFIXES:
            allowed = ", ".join(_SUFFIXES)
            raise InputError(Problem("is no table of people", found=name, allowed=allowed))
        with TemporaryDirectory(prefix="pathsim-") as folder, heard() as notes:
            file = Path(folder) / f"people{suffix}"
            file.write_bytes(table)
            said = None
            if mapping:
                said = Path(folder) / "mapping.toml"
                said.write_bytes(mapping)
            try:
                cohort = Cohort.from_file(file, mapping=said, scenario=scenario if said else None)
            except InputError as error:
                raise InputError(*(_of_the_page(each, name) for each in error.problems)) from None
        cohort = _named(cohort, name, table)
        mark = secrets.token_urlsafe(12)
        shown = tuple(_without(each, folder) for each in notes)
        found = Uploaded(mark, name, cohort, shown, bool(mapping))
        with self._lock:
            self._kept[mark] = found
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found

    def known(self, mark: str) -> Uploaded:
        """Return people by their mark. Raises InputError where they are not kept any more."""
        with self._lock:
            if mark in self._kept:
                return self._kept[mark]
        message = "are not kept any more; upload them again"
        raise InputError(Problem(message, key="people", allowed="an upload of this session"))

    def cohort(self, mark: str) -> Cohort:
        """Return the people of a mark. Raises InputError."""
        return self.known(mark).cohort

    def forget(self, mark: str) -> None:
        """Keep somebody no longer."""
        with self._lock:
            self._kept.pop(mark, None)


def safe_name(name: str | None) -> str:
    """Return the name of an uploaded file without a folder, and without what steers a page."""
    plain = (name or "").replace("\\", "/").rpartition("/")[2]
    return visible(plain)[-_LONGEST_NAME:]


def _named(cohort: Cohort, name: str, table: bytes) -> Cohort:
    """Return people whose origin is the file that was uploaded, not the one written aside."""
    file = InputFile(name, sha256(table).hexdigest())
    beside = tuple(each._replace(path=Path(each.path).name) for each in cohort.origin.beside)
    return replace(cohort, _origin=replace(cohort.origin, name=name, file=file, beside=beside))


def _of_the_page(problem: Problem, name: str) -> Problem:
    """Return a problem of the file that was uploaded."""
    file = problem.file
    if file is not None:
        file = Path(name if file.stem == "people" else file.name)
    return replace(problem, file=file)


def _without(text: str, folder: str) -> str:
    return text.replace(f"{folder}/", "").replace(folder, "")
