"""Whatever stops a command becomes one clear line and its exit code."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import typer

from pathsim.cli.printing import say
from pathsim.errors import InputError

OK, INTERNAL_ERROR, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
DEBUG = "PATHSIM_DEBUG"
Choices = ParamSpec("Choices")


def guarded(command: Callable[Choices, None]) -> Callable[Choices, None]:
    """Turn whatever stops a command into one clear line and its exit code."""

    @wraps(command)
    def guarded(*args: Choices.args, **kwargs: Choices.kwargs) -> None:
        try:
            command(*args, **kwargs)
            sys.stdout.flush()
        except InputError as error:
            for problem in error.problems:
                say(f"error: {problem}")
            raise typer.Exit(BAD_INPUT) from None
        except KeyboardInterrupt:
            say("interrupted; nothing was written")
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            return  # the reader, such as `head`, has seen enough
        except Exception as error:  # noqa: BLE001 the last net
            _confess(error)
            raise typer.Exit(INTERNAL_ERROR) from None

    return guarded


def _confess(error: Exception) -> None:
    if os.environ.get(DEBUG):
        traceback.print_exception(error)
    first = (str(error).splitlines() or [""])[0]
    say(f"a fault of ours: {type(error).__name__}: {first}, please report (--debug shows where)")
