"""Files appear whole or not at all: written aside, then moved into place.

What a killed process leaves aside is removed by the next one that writes to the same place. A
folder aside is locked while its process lives, so nobody removes what is still in use.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import tempfile
import threading
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from pathsim.errors import InputError, Problem
from pathsim.paths import exists, is_file, is_folder, usable

try:
    import fcntl
except ImportError:  # where there are no such locks, nothing is removed
    fcntl = None  # type: ignore[assignment] # a module, or none

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import FrameType, TracebackType

_PREFIX = ".pathsim-unfinished-"
_OURS = re.compile(re.escape(_PREFIX) + r"[a-z0-9_]{8}")
_FILES = "files"
"""The folder within the folder aside that holds the files; it may become the result's own."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_PATIENCE_SECONDS = 0.5

written: list[Path] = []
"""Files that this process has put into place."""
_aside: set[Path] = set()
_moving = threading.Lock()


class Outbox:
    """A folder in the making. On leaving without an error its files move to `folder`.

    Entering it tries the place, so that nobody waits for a result that cannot be stored.
    names: of the files that are to come, which are tried too. Raises InputError.
    """

    def __init__(self, folder: Path, *, names: Iterable[str] = ()) -> None:
        self.folder = folder
        self._names = tuple(names)

    def __enter__(self) -> Self:
        usable(self.folder)
        if exists(self.folder) and not is_folder(self.folder):
            raise InputError(Problem("is a file, not a folder", file=self.folder))
        whole = self.folder.absolute()
        # The nearest folder that exists is on the same disk, so moving is at once.
        place = whole
        while not exists(place):
            if place.is_symlink():
                raise InputError(Problem("is a link to what is not there", file=place))
            place = place.parent
        for name in self._names:
            self._try(name, place)
        _remove_leftovers([whole, *whole.parents])
        try:
            self._aside, self._lock = _new_aside(place)
        except OSError as error:
            raise InputError(_unwritable(self.folder, error)) from error
        return self

    def path(self, name: str) -> Path:
        """Return where to write the file `name` until all is written. Raises InputError."""
        self._try(name, self._aside.parent)
        return self._aside / _FILES / name

    def _try(self, name: str, place: Path) -> None:
        """Refuse a file that could not be written aside in `place`, or moved from there."""
        target = usable(self.folder / name)
        if is_folder(target):
            raise InputError(Problem("cannot be written to: it is a folder", file=target))
        if exists(target) and not is_file(target):
            raise InputError(Problem("is a device or a pipe, not a file", file=target))
        usable(place / (_PREFIX + 8 * "x") / _FILES / name)

    def write(self, name: str, text: str) -> None:
        """Write a text file, UTF-8. Raises InputError, as when the disk is full."""
        with self.writing(name) as path:
            # The name of a file may hold bytes that are no UTF-8; JSON reads the escapes.
            path.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")

    def so_far(self) -> list[Path]:
        """Return the files that are written aside, by name."""
        return sorted((self._aside / _FILES).iterdir())

    @contextmanager
    def writing(self, name: str) -> Iterator[Path]:
        """Yield where to write the file `name`; what goes wrong there is an InputError."""
        try:
            yield self.path(name)
        except OSError as error:
            raise InputError(_unwritable(self.folder / name, error)) from error

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._deliver()
        finally:
            _remove(self._aside)
            os.close(self._lock)

    def _deliver(self) -> None:
        ready = self._aside / _FILES
        try:
            for path in ready.iterdir():
                _store(path)
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            with _uninterrupted(), _moving:
                self._move(ready)
        except OSError as error:
            raise InputError(_unwritable(self.folder, error)) from error

    def _move(self, ready: Path) -> None:
        names = sorted(path.name for path in ready.iterdir())
        if exists(self.folder):
            for name in names:
                with suppress(FileNotFoundError):
                    shutil.copymode(self.folder / name, ready / name)
                os.replace(ready / name, self.folder / name)  # noqa: PTH105 atomic, and says so
        else:
            ready.rename(self.folder)  # all at once
        written.extend(self.folder / name for name in names)


def write_whole(file: Path, text: str) -> None:
    """Write a text file, UTF-8: it is there whole, or as it was before. Raises InputError."""
    whole = usable(file).resolve()  # a link stays a link
    with Outbox(whole.parent) as outbox:
        outbox.write(whole.name, text)


def abandon() -> None:
    """Remove all that is written aside, before the process is ended at once.

    Nothing is moved into place any more.
    """
    _moving.acquire(timeout=_PATIENCE_SECONDS)  # what is being moved is there in a moment
    for aside in list(_aside):
        _remove(aside)


def _new_aside(place: Path) -> tuple[Path, int]:
    """Return a new folder in `place` and the open file that locks it."""
    while True:
        aside = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
        _aside.add(aside)
        try:
            lock = _locked(aside)
            (aside / _FILES).mkdir()
        except FileNotFoundError:  # another process took it for a leftover before it was locked
            _aside.discard(aside)
        else:
            return aside, lock


def _locked(aside: Path) -> int:
    """Return an open file that locks a folder until it is closed or the process ends."""
    if fcntl is None:
        return os.open(os.devnull, os.O_RDONLY)
    lock = os.open(aside, os.O_RDONLY)
    with suppress(OSError):  # on a disk without locks nobody gets one, so nobody removes
        fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def _remove_leftovers(places: list[Path]) -> None:
    """Remove what killed processes left in any of the folders `places`."""
    for place in places:
        with suppress(OSError):
            for other in place.glob(_PREFIX + "*"):
                if _OURS.fullmatch(other.name):
                    _remove_unless_locked(other)


def _remove_unless_locked(other: Path) -> None:
    if fcntl is None or other.is_symlink() or not other.is_dir():
        return
    with suppress(OSError):
        lock = os.open(other, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(other, ignore_errors=True)
        finally:
            os.close(lock)


def _remove(aside: Path) -> None:
    shutil.rmtree(aside, ignore_errors=True)
    _aside.discard(aside)


def _store(path: Path) -> None:
    """Let a file reach the disk, so that no loss of power leaves it empty."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def _unwritable(file: Path, error: OSError) -> Problem:
    return Problem(f"cannot be written to: {error.strerror}", file=file)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Put off interrupts to the end; only the main thread hears any."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        heard.append(number)

    handlers = {each: signal.getsignal(each) for each in _SIGNALS}
    try:
        for each, handler in handlers.items():
            if handler is not None:
                signal.signal(each, note)
        yield
    finally:
        for each, handler in handlers.items():
            if handler is not None:
                signal.signal(each, handler)
    if heard:
        signal.raise_signal(heard[0])
