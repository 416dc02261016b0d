"""Whatever stops a command becomes one clear line and its exit code."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import typer

from pathsim.cli.printing import say
from pathsim.cli.process import INTERRUPTED, last_line
from pathsim.cli.streams import OutputError
from pathsim.errors import InputError, Problem
from pathsim.machine import available

OK, BAD_INPUT = 0, 2
INTERNAL_ERROR = OUTPUT_LOST = NO_MEMORY = 1
DEBUG = "PATHSIM_DEBUG"
_WRITTEN = ("out", "log")
"""Parameters that name what a command writes."""
_LITTLE = 500_000_000
"""Bytes free below which what went wrong is put down to that: the engine takes as much."""
Choices = ParamSpec("Choices")


def guarded(command: Callable[Choices, None]) -> Callable[Choices, None]:
    """Turn whatever stops a command into one clear line and its exit code."""

    @wraps(command)
    def guarded(*args: Choices.args, **kwargs: Choices.kwargs) -> None:
        try:
            refuse_overwriting(kwargs)
            command(*args, **kwargs)
        except (typer.Exit, OutputError):
            raise
        except InputError as error:
            for problem in error.problems:
                say(f"error: {problem}")
            raise typer.Exit(BAD_INPUT) from None
        except KeyboardInterrupt:
            say(last_line())
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            return  # the reader, such as `head`, has seen enough
        except Exception as error:  # noqa: BLE001 the last net
            free = available()
            if isinstance(error, MemoryError) or (free is not None and free < _LITTLE):
                say(f"error: not enough memory: {_first_line(error) or 'Python ran out of it'}")
                raise typer.Exit(NO_MEMORY) from None
            _say_internal_error(error)
            raise typer.Exit(INTERNAL_ERROR) from None

    return guarded


def refuse_empty(arguments: Sequence[str]) -> None:
    """Refuse an argument of no characters, which as a path would be the current folder.

    A script gives one where a variable of it is not set. Raises InputError.
    """
    for k, each in enumerate(arguments):
        option, _, value = each.partition("=")
        if each and (value or "=" not in each or not option.startswith("--")):
            continue
        before = option or (arguments[k - 1] if k else "")
        key = before if before.startswith("-") else f"argument {k + 1}"
        raise InputError(Problem("is empty", key=key, found="", allowed="text"))


def refuse_overwriting(given: Mapping[str, object]) -> None:
    """Refuse to write over a file that the command reads. Raises InputError.

    given: what the command is given, by the names of its parameters.
    """
    written = {name: path for name in _WRITTEN if isinstance(path := given.get(name), Path)}
    read = [(name, path) for name, value in given.items() for path in _paths(value)]
    for name, path in written.items():
        for other, file in read:
            if other not in written and _is_same(path, file):
                message = f"is a file that is read ({other.replace('_', ' ')})"
                raise InputError(
                    Problem(message, key=f"--{name}", found=str(path), allowed="another file")
                )


def _paths(value: object) -> list[Path]:
    if isinstance(value, Path):
        return [value]
    return [each for each in value if isinstance(each, Path)] if isinstance(value, list) else []


def _is_same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except (OSError, ValueError):  # one is not there, or no path at all
        return False


def _say_internal_error(error: Exception) -> None:
    if os.environ.get(DEBUG):
        traceback.print_exception(error)
    say(
        f"internal error: {type(error).__name__}: {_first_line(error)}, "
        "please report (--debug shows where)"
    )


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0]
