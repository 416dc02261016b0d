"""Every path from outside comes in here: refused at once where no disk could take it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from pathsim.errors import InputError, Problem, wrong_type

LONGEST_NAME: Final = 255
"""Bytes of the name of a file or folder, on all common disks."""
LONGEST_PATH: Final = 4095
"""Bytes of a whole path."""


def path_of(given: object, *, key: str = "path", allowed: str = "the path of a file") -> Path:
    """Return what was given as a path. Raises InputError where it cannot be one.

    key: what the caller calls it. allowed: what it should be.
    """
    if not isinstance(given, str | os.PathLike):
        raise wrong_type(key, given, allowed)
    plain = os.fspath(given)
    if not isinstance(plain, str):
        raise wrong_type(key, plain, allowed)
    return usable(Path(plain))


def usable(path: Path) -> Path:
    """Return `path`; raises InputError where no file can have it, whatever is on the disk."""
    problem = problem_of(path)
    if problem is not None:
        raise InputError(problem)
    return path


def problem_of(path: Path) -> Problem | None:
    """Return why no file can have this path, None where one can."""
    if "\0" in str(path):
        return Problem("is no file name: it holds a NUL", file=path)
    try:
        names = [len(os.fsencode(part)) for part in path.parts]
        # A relative path gets longer by the working folder when it is followed.
        whole = len(os.fsencode(path.absolute()))
    except UnicodeEncodeError:
        return Problem("is no file name: it holds half a character (a lone surrogate)", file=path)
    except OSError as error:  # the working folder is gone
        return Problem(f"cannot be followed: {error.strerror}", file=path)
    for found, most in ((max(names, default=0), LONGEST_NAME), (whole, LONGEST_PATH)):
        if found > most:
            what = "a name in it" if most == LONGEST_NAME else "the whole path"
            allowed = f"at most {most:,} bytes"
            return Problem(f"is too long: {what} has {found:,} bytes", file=path, allowed=allowed)
    return None


def exists(path: Path) -> bool:
    """Return whether anything can be seen at `path`; pathlib's own raises for some paths."""
    return os.path.exists(path)  # noqa: PTH110 a name that is too long is none


def is_folder(path: Path) -> bool:
    """Return whether a folder can be seen at `path`."""
    return os.path.isdir(path)  # noqa: PTH112 as above


def is_file(path: Path) -> bool:
    """Return whether a regular file can be seen at `path`."""
    return os.path.isfile(path)  # noqa: PTH113 as above
