"""Files appear whole or not at all: written aside, then moved into place."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Self

from pathsim.errors import InputError, Problem

from .extras import need

if TYPE_CHECKING:
    from types import TracebackType

    import pandas as pd


class Outbox:
    """A folder in the making. On leaving without an error its files move to `folder`.

    Entering it tries the place, so that nobody waits for a result that cannot be stored.
    Raises InputError.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Self:
        if self.folder.exists() and not self.folder.is_dir():
            raise InputError(Problem("is a file, not a folder", file=self.folder))
        # The nearest folder that exists is on the same disk, so moving is at once.
        place = self.folder.absolute()
        while not place.exists():
            place = place.parent
        try:
            self._aside = Path(tempfile.mkdtemp(prefix=".pathsim-", dir=place))
        except OSError as error:
            raise InputError(_unwritable(self.folder, error)) from error
        return self

    def path(self, name: str) -> Path:
        """Return where to write the file `name` until all is well."""
        return self._aside / name

    def write(self, name: str, text: str) -> None:
        """Write a text file, UTF-8."""
        self.path(name).write_text(text, encoding="utf-8", newline="\n")

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
            shutil.rmtree(self._aside, ignore_errors=True)

    def _deliver(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            for path in sorted(self._aside.iterdir()):
                os.replace(path, self.folder / path.name)  # noqa: PTH105 atomic, and says so
        except OSError as error:
            raise InputError(_unwritable(self.folder, error)) from error


def _unwritable(folder: Path, error: OSError) -> Problem:
    return Problem(f"cannot be written to: {error.strerror}", file=folder)


LOG_SUFFIXES = (".csv", ".parquet")


def log_outbox(file: Path) -> Outbox:
    """Return the outbox for an event log.

    Raises InputError for a suffix that is not of `LOG_SUFFIXES`, and without the extra
    `parquet` where that is asked for.
    """
    if file.suffix not in LOG_SUFFIXES:
        allowed = " or ".join(LOG_SUFFIXES)
        raise InputError(Problem("has no known suffix for a log", file=file, allowed=allowed))
    if file.is_dir():
        raise InputError(Problem("is a folder, not a file", file=file))
    if file.suffix == ".parquet":
        need("parquet", "pyarrow", purpose="a log in Parquet")
    return Outbox(file.parent)


def write_log(events: pd.DataFrame, path: Path) -> None:
    """Write an event log as CSV or Parquet, by the suffix of `path`."""
    if path.suffix == ".parquet":
        events.to_parquet(path, index=False)
    else:
        events.to_csv(path, index=False, lineterminator="\n")
