"""The standard streams: what happens when nobody reads, the disk is full or there is none.

- The reader of standard output has gone, as `head` does: the command ends with code 0.
- Standard output cannot be written (full, closed): one line on standard error, code 1.
- Standard error cannot be written: what is said there is lost, and nothing else changes.
"""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO, cast

from pathsim.errors import PathsimError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class OutputError(PathsimError):
    """Standard output cannot be written."""


class ReaderGone(OutputError):  # noqa: N818 no error
    """Whoever read standard output has seen enough."""


def look_after_streams() -> None:
    """Give the process standard streams whose failures are as this page says."""
    closed = [number for number in range(3) if not _is_open(number)]
    for _ in closed:
        # Taken, in order, lest a file that is opened later gets the number of a stream.
        with suppress(OSError):
            os.open(os.devnull, os.O_RDWR)
    if os.name == "nt":
        return  # a console there is another kind of file
    sys.stdout = _stream(sys.stdout, 1, closed=1 in closed, silent=False)
    sys.stderr = _stream(sys.stderr, 2, closed=2 in closed, silent=True)


class _Raw(io.FileIO):
    """An open file that fails once: then what is written to it is lost."""

    def __init__(self, number: int, *, closed: bool, silent: bool) -> None:
        super().__init__(number, "w", closefd=False)
        self._reason = "it is closed" if closed else ""
        self._silent = silent
        self._lost = False

    def write(self, data: ReadableBuffer, /) -> int:
        """Write, or raise OutputError the first time that it is not possible."""
        length = memoryview(data).nbytes
        if self._lost:
            return length
        try:
            if not self._reason:
                return super().write(data)
        except BrokenPipeError:
            self._lost = True
            if not self._silent:
                raise ReaderGone from None
        except OSError as error:
            self._reason = (error.strerror or str(error)).lower()
        self._lost = True
        if self._reason and not self._silent:
            raise OutputError(f"cannot write to standard output: {self._reason}")
        return length


def _stream(stream: TextIO | None, number: int, *, closed: bool, silent: bool) -> TextIO:
    raw = _Raw(number, closed=closed, silent=silent)
    encoding = getattr(stream, "encoding", None) or "utf-8"
    wrapped = io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=encoding,
        errors="replace",
        line_buffering=silent or raw.isatty(),
    )
    return cast("TextIO", wrapped)


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
