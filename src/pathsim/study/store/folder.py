"""The folder of a store. A file is there whole or not at all, whoever else writes to it.

`chunks/ab/abcd….parquet` holds a chunk, `chunks/ab/abcd….json` beside it what made it and the
SHA-256 of its content. A chunk counts from the moment its second file is there. Both are written
under another name, brought to the disk and renamed. Two processes that make the same chunk write
the same bytes, so it does not matter whose file stays.
"""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pathsim.bounded import read_bytes
from pathsim.errors import InputError, Problem, warn_caller
from pathsim.paths import exists, is_folder, usable

from . import content
from .recipe import RUNS, name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .content import Arrays
    from .recipe import Recipe

CHUNKS: Final = "chunks"
CHUNK, ABOUT = ".parquet", ".json"
UNFINISHED: Final = ".pathsim-unfinished-"
SCHEMA: Final = "pathsim.chunk/1"
_MOST_BYTES: Final = 2_000_000_000
_MOST_ABOUT_BYTES: Final = 100_000
_TEXTS: Final = ("what", "source", "scenario", "engine")
"""Of a recipe, what is told as text."""


class About(NamedTuple):
    """What a store knows of a chunk beside its content."""

    name: str
    sha256: str
    size: int
    title: str
    made_from: Recipe


class Store:
    """A folder of chunks."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        """Open the folder, made where it is not there yet. Raises InputError."""
        content.need_pyarrow()
        self.folder = _usable(Path(folder))

    def __repr__(self) -> str:
        return f"Store({str(self.folder)!r})"

    def get_or_make(
        self,
        made_from: Recipe,
        *,
        title: str,
        rows: Sequence[int],
        like: Arrays,
        make: Callable[[], Arrays],
    ) -> Arrays:
        """Return the arrays of a chunk that is kept, or make and keep them. Raises InputError.

        title: of the scenario. rows: numbers of the replications, or pilots. like: arrays of the
        same shapes. What is damaged is made anew, and said.
        """
        kept = self._kept(made_from, rows=rows, like=like)
        if kept is not None:
            return kept
        made = make()
        self._keep(made_from, title, content.written(made, rows))
        return made

    def path(self, name: str, ending: str = CHUNK) -> Path:
        """Return where a file of a chunk is."""
        return self.folder / CHUNKS / name[:2] / f"{name}{ending}"

    def _kept(self, made_from: Recipe, *, rows: Sequence[int], like: Arrays) -> Arrays | None:
        name = name_of(made_from)
        if not self.path(name, ABOUT).exists():
            return None
        try:
            return content.read(checked(self, name), like=like, rows=rows)
        except (DamagedError, content.UnreadableError) as error:
            warn_caller(f"{self.path(name)}: {error}; it is simulated anew")
            return None

    def _keep(self, made_from: Recipe, title: str, chunk: bytes) -> None:
        name = name_of(made_from)
        path = self.path(name)
        about = About(name, sha256(chunk).hexdigest(), len(chunk), title, made_from)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, chunk)
            _write(self.path(name, ABOUT), in_words(about))
        except OSError as error:
            message = f"cannot be written to: {error.strerror}; what is in the store is whole"
            raise InputError(Problem(message, key="store", file=self.folder)) from error


class DamagedError(Exception):
    """A file of a store is not what was written."""


def checked(store: Store, name: str) -> bytes:
    """Return a chunk's file as it was written. Raises DamagedError."""
    about = about_of(store, name)
    try:
        found = read_bytes(store.path(name), most=_MOST_BYTES)
    except InputError:
        raise DamagedError("its content is missing or cannot be read") from None
    if len(found) != about.size or sha256(found).hexdigest() != about.sha256:
        raise DamagedError("its content is not what was written")
    return found


def about_of(store: Store, name: str) -> About:
    """Return what is known of a chunk. Raises DamagedError."""
    path = store.path(name, ABOUT)
    try:
        said = json.loads(read_bytes(path, most=_MOST_ABOUT_BYTES))
        own = said.pop("check")
        about = About(said["name"], said["sha256"], said["bytes"], said["title"], said["made_from"])
        as_written = own == _check(said) and about.name == name == name_of(about.made_from)
    except (InputError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise DamagedError("what is known of it cannot be read") from None
    if not as_written or not _is_of_a_store(about):
        raise DamagedError("what is known of it is not what was written")
    return about


def _is_of_a_store(about: About) -> bool:
    """Return whether all that is told of a chunk has its kind: somebody else may have written it.

    What of its recipe is not told of may differ from one format to another.
    """
    made_from = about.made_from
    if not isinstance(made_from, dict):
        return False
    texts = (about.sha256, about.title, *map(made_from.get, _TEXTS))
    numbers = made_from.get("replications")
    return (
        all(isinstance(each, str) for each in texts)
        and all(_is_whole(each) for each in (about.size, made_from.get("seed")))
        and isinstance(numbers, list)
        and all(map(_is_whole, numbers))
        and (made_from["what"] != RUNS or len(numbers) == 2)
    )


def _is_whole(number: object) -> bool:
    return type(number) is int


def in_words(about: About) -> bytes:
    """Return the file that says what is known of a chunk."""
    said: dict[str, Any] = {
        "schema": SCHEMA,
        "name": about.name,
        "sha256": about.sha256,
        "bytes": about.size,
        "title": about.title,
        "made_from": about.made_from,
    }
    return json.dumps(said | {"check": _check(said)}, sort_keys=True, indent=1).encode()


def _check(said: dict[str, Any]) -> str:
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _write(path: Path, whole: bytes) -> None:
    """Write a file aside, bring it to the disk and move it into place."""
    number, aside = tempfile.mkstemp(prefix=UNFINISHED, dir=path.parent)
    try:
        with os.fdopen(number, "wb") as stream:
            stream.write(whole)
            stream.flush()
            os.fsync(stream.fileno())
        Path(aside).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(aside).unlink()
        raise


def _usable(folder: Path) -> Path:
    if not str(folder) or folder == Path():
        message, allowed = "is no folder of a store", "a folder of its own"
        raise InputError(Problem(message, key="store", found=str(folder), allowed=allowed))
    usable(folder)
    if exists(folder) and not is_folder(folder):
        raise InputError(Problem("is a file, not a folder", key="store", file=folder))
    try:
        (folder / CHUNKS).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"cannot be made: {error.strerror}"
        raise InputError(Problem(message, key="store", file=folder)) from error
    return folder.absolute()
