"""Every file from outside is read here: a regular file, at most so much of it, as UTF-8 text."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

from pathsim.errors import InputError, Problem, closest
from pathsim.paths import usable

SCENARIO_BYTES: Final = 1_000_000
"""The largest scenario, or file of calibration targets: eight times the largest shipped one."""
TABLE_BYTES: Final = 200_000_000
"""The largest table of people, posterior or file of runs."""
PAGE_BYTES: Final = 10_000_000
"""The largest page or scenario of which a part is renewed."""

_AT_ONCE: Final = 1 << 20
_NAMES: Final = 2_000
"""Of a folder, looked through for the nearest one."""
_ALIKE: Final = 0.6
"""Share of letters in common from which a file's name is taken for a misspelt one."""
_KINDS: Final = (
    (stat.S_ISDIR, "is a directory, not a file"),
    (stat.S_ISCHR, "is a device, not a file"),
    (stat.S_ISBLK, "is a device, not a file"),
    (stat.S_ISFIFO, "is a pipe, not a file"),
    (stat.S_ISSOCK, "is a socket, not a file"),
)
_COMPRESSED: Final = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PK\x03\x04", "zip, as Excel's .xlsx is"),
)


def read_bytes(path: Path, *, most: int, allowed: str = "") -> bytes:
    """Return what is in the regular file at `path`, which has at most `most` bytes.

    allowed: what the file should be, for the message. Raises InputError.
    """
    usable(path)
    try:
        # A pipe without a writer would wait for ever; a regular file does not mind.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _BINARY)
    except OSError as error:
        raise InputError(unreadable(path, error)) from None
    try:
        kind = os.fstat(descriptor)
        for is_kind, message in _KINDS:
            if is_kind(kind.st_mode):
                raise InputError(Problem(message, file=path, allowed=allowed))
        if kind.st_size > most:
            raise InputError(_too_large(path, most, kind.st_size))
        return _read(path, descriptor, most)
    except OSError as error:
        raise InputError(unreadable(path, error)) from None
    finally:
        os.close(descriptor)


def read_text(path: Path, *, most: int, allowed: str = "") -> str:
    """Return the UTF-8 text in the regular file at `path`, its lines ended by a newline.

    Raises InputError, for other text with the line where it stops being UTF-8.
    """
    return decoded(read_bytes(path, most=most, allowed=allowed), path)


def decoded(content: bytes, path: Path) -> str:
    """Return `content`, which was read from `path`, as text. Raises InputError."""
    try:
        # Editors on Windows put a byte order mark before UTF-8.
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        name = compression(content)
        if name:
            message = f"is compressed ({name}), not text; unpack it first"
            raise InputError(Problem(message, file=path, allowed="text in UTF-8")) from None
        line = content[: error.start].count(b"\n") + 1
        found = content[error.start : error.start + 1]
        raise InputError(
            Problem("is not UTF-8 text", file=path, line=line, found=found, allowed="UTF-8")
        ) from None


def compression(content: bytes) -> str:
    """Return how `content` is compressed; an empty string if it is not."""
    return next((name for start, name in _COMPRESSED if content.startswith(start)), "")


def no_such_file(path: Path) -> str:
    """Return the message for a missing file, with the nearest name in its folder.

    Its ending tells which files are meant, capitals or not, and makes no name any nearer.
    """
    names: dict[str, str] = {}
    with suppress(OSError, ValueError):
        for each in islice(path.parent.iterdir(), _NAMES):
            if not path.suffix or each.suffix.casefold() == path.suffix.casefold():
                names.setdefault(each.stem, each.name)
    stem = closest(path.stem, names, cutoff=_ALIKE)
    return "no such file" + (f"; did you mean '{names[stem]}'?" if stem else "")


def unreadable(path: Path, error: OSError) -> Problem:
    """Return the problem with a file that cannot be opened or read."""
    if isinstance(error, FileNotFoundError):
        return Problem(no_such_file(path), file=path)
    return Problem(f"cannot be read: {error.strerror or type(error).__name__}", file=path)


_BINARY = getattr(os, "O_BINARY", 0)


def _read(path: Path, descriptor: int, most: int) -> bytes:
    """Read to the end, also where the size is not known before, as under /proc."""
    parts: list[bytes] = []
    size = 0
    while part := os.read(descriptor, _AT_ONCE):
        size += len(part)
        if size > most:
            raise InputError(_too_large(path, most, None))
        parts.append(part)
    return b"".join(parts)


def _too_large(path: Path, most: int, size: int | None) -> Problem:
    has = f"has {size:,} bytes, and so" if size is not None else "has no end, or"
    return Problem(f"{has} is too large", allowed=f"at most {most:,} bytes", file=path)
