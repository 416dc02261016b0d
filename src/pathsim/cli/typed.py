"""What was typed, for whoever writes it down: the words after `pathsim`, and since when."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple


class Typed(NamedTuple):
    """A command line that runs."""

    words: tuple[str, ...]
    begun: float
    """By `time.perf_counter`."""
    rerun_of: str | None = None
    """SHA-256 of the manifest whose command is run again."""


_typed: ContextVar[Typed | None] = ContextVar("typed", default=None)


@contextmanager
def running(words: Sequence[str] | None, *, rerun_of: str | None = None) -> Iterator[None]:
    """Note a command line while it runs. words: left out, those of the process."""
    told = tuple(sys.argv[1:] if words is None else words)
    token = _typed.set(Typed(told, time.perf_counter(), rerun_of))
    try:
        yield
    finally:
        _typed.reset(token)


def typed() -> Typed:
    """Return the command line that runs; without words where a command is called in Python."""
    return _typed.get() or Typed((), time.perf_counter())
