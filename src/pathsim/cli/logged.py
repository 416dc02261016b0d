"""What the library logs, as the shell shows it on the standard error."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from pathsim.cli.printing import say


class _Said(logging.Handler):
    """Says each line of the log, a warning as one."""

    def emit(self, record: logging.LogRecord) -> None:
        """Say one line, if there is anywhere to say it."""
        word = "warning: " if record.levelno >= logging.WARNING else ""
        with suppress(OSError, ValueError, AttributeError):  # closed, or not there at all
            say(f"pathsim: {word}{record.getMessage()}")


@contextmanager
def shown_log() -> Iterator[None]:
    """Show what is logged while a command runs."""
    log, handler = logging.getLogger("pathsim"), _Said()
    level, passed_on = log.level, log.propagate
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(level)
        log.propagate = passed_on
