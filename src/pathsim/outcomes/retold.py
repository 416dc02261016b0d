"""What a result tells that is not of its inputs: where files lie, when it was made, on what.

Paths are told without folders that are private to a machine. While a command is run again, all of
this is told as it was the first time, so that the files come out the same to the byte.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Final, NamedTuple

from pathsim.errors import InputError, Problem
from pathsim.scenario.shipped import shipped_folder

SHIPPED: Final = "pathsim:"
"""Before the path of a file that comes with the package, from the folder of all of these."""
PEOPLE: Final = ("people", "beside people", "observed")
"""Inputs that are told by the file's name alone."""
CHANGING: Final = ("finished", "elapsed_seconds", "workers", "platform")
"""What of a result's origin is another each time it is made."""


class FirstTime(NamedTuple):
    """What was told when a command ran for the first time."""

    changing: Mapping[str, Any]
    """Of `CHANGING`, what was told."""
    source: Mapping[str, str]
    """Commit and SHA-256 of the code."""
    inputs: frozenset[tuple[str, str]]
    """What each file was, and its SHA-256."""
    paths: Mapping[str, str]
    """What was told, by where the file lies now."""


_first: ContextVar[FirstTime | None] = ContextVar("first", default=None)


@contextmanager
def as_first_told(first: FirstTime) -> Iterator[None]:
    """Tell all of this as it was told the first time."""
    token = _first.set(first)
    try:
        yield
    finally:
        _first.reset(token)


def told_path(path: str | Path, *, of: str = "") -> str:
    """Return how the path of a file is told.

    One of the package is told as such. Another is told from the working folder, if it lies in it,
    or else as it was given, but by its name alone where it was given from the root of the disk.

    of: what the file is; one of `PEOPLE` is told by its name alone.
    """
    first, whole = _first.get(), os.path.abspath(path)  # noqa: PTH100 a link stays one
    if first is not None and whole in first.paths:
        return first.paths[whole]
    given = Path(path)
    if of in PEOPLE:
        return given.name
    home = shipped_folder()
    if home is not None and Path(whole).is_relative_to(home):
        return SHIPPED + Path(whole).relative_to(home).as_posix()
    if not given.is_absolute() and ".." not in given.parts:
        return given.as_posix()
    below = _below_the_working_folder(given)
    return below or (given.name if given.is_absolute() else given.as_posix())


def told_source(given: str | None) -> str | None:
    """Return how a scenario is told that was given as a path, or as the name of a shipped one.

    given: None for one that was made in Python, of which nothing is told.
    """
    if given is None:
        return None
    first, whole = _first.get(), os.path.abspath(given)  # noqa: PTH100
    if first is not None and whole in first.paths:
        return first.paths[whole]
    return told_path(given) if Path(given).is_absolute() else given


def retold(origin: dict[str, Any]) -> dict[str, Any]:
    """Return the origin of a result, while it is made again with what was told the first time.

    Raises InputError where a file was read that was not read then, or was another.
    """
    first = _first.get()
    if first is None:
        return origin
    for file in origin["inputs"]:
        if (file["of"], file["sha256"]) not in first.inputs:
            message = f"was not read the first time as it is now ({file['of']})"
            now = f"SHA-256 {file['sha256'][:12]}…"
            raise InputError(Problem(message, found=now, file=Path(file["path"])))
    now = origin["source"]
    same = now["sha256"] == first.source["sha256"]
    changing = {name: first.changing[name] for name in CHANGING if name in origin}
    return origin | changing | {"source": dict(first.source) if same else now}


def _below_the_working_folder(path: Path) -> str:
    """Return the path from the working folder; empty where it does not lie in it."""
    try:
        whole, around = path.resolve(), Path.cwd().resolve()
    except OSError:
        return ""
    return whole.relative_to(around).as_posix() if whole.is_relative_to(around) else ""
