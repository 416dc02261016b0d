"""Progress with the time left: a bar on a terminal, a line in a notebook, a few lines elsewhere."""

from __future__ import annotations

import math
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from pathsim.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_STARTING = "starting the engine"
_RUNNING = "simulating"
_WORTH_SAYING: Final = 1.0
_MINUTE: Final = 60.0
_BETWEEN: Final = 0.2
"""Seconds from one line in a notebook to the next, at least."""
_AT_ONCE: Final = 0.05
"""Seconds within which replications are told together: they were done side by side."""


@contextmanager
def shown_progress(console: Console | None = None) -> Iterator[Callable[[int, int], None]]:
    """Yield a function of (done, total) that shows how far the work is."""
    console = Console(stderr=True) if console is None else console
    if not console.is_terminal:
        yield _Lines(console)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def show(done: int, total: int) -> None:
            words = _RUNNING if done else _STARTING
            bar.update(task, description=words, completed=done, total=total)

        yield show


class _Lines:
    """A line at the start and at every quarter."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._quarter = 0
        self._clock = _Clock()

    def __call__(self, done: int, total: int) -> None:
        self._clock.note(done)
        quarter = 4 * done // total
        if done == 0:
            self._say(f"{counted(total, 'replication')}; {_STARTING}")
        elif quarter > self._quarter:
            self._quarter = quarter
            self._say(f"{done:,} of {counted(total, 'replication')}{self._clock.left(done, total)}")

    def _say(self, line: str) -> None:
        self._console.print(line, soft_wrap=True)


class _Clock:
    """How long the rest will take, by how long what is done took.

    What is done at first is left out: the engine may have been compiled before it.
    """

    def __init__(self) -> None:
        self._since = math.inf
        self._before = 0

    def note(self, done: int) -> None:
        """Note what is done; call it each time that more is."""
        if done and time.monotonic() - self._since < _AT_ONCE:
            self._since = min(self._since, time.monotonic())
            self._before = done

    def left(self, done: int, total: int) -> str:
        """Return in words how long it still takes; empty where that is no time to speak of."""
        more = done - self._before
        passed = time.monotonic() - self._since
        seconds = passed * (total - done) / more if more > 0 else 0.0
        if seconds < _WORTH_SAYING:
            return ""
        if seconds < 2 * _MINUTE:
            return f", about {seconds:.0f} s left"
        return f", about {seconds / _MINUTE:.0f} min left"


class NotebookLine:
    """A line under the cell of a notebook, which goes when the work is done."""

    def __init__(self, display: Callable[..., Any]) -> None:
        """Begin; display: IPython's, which returns a handle for a display that can change."""
        self._display = display
        self._handle: Any = None
        self._clock = _Clock()
        self._told = 0.0

    def __call__(self, done: int, total: int) -> None:
        """Show how far the work is, a few times a second."""
        self._clock.note(done)
        now = time.monotonic()
        if 0 < done < total and now - self._told < _BETWEEN:
            return
        self._told = now
        self._show("" if done >= total else self._line(done, total))

    def _line(self, done: int, total: int) -> str:
        if not done:
            return f"{counted(total, 'replication')}; {_STARTING}"
        left = self._clock.left(done, total)
        return f"{_RUNNING}: {done:,} of {counted(total, 'replication')}{left}"

    def _show(self, line: str) -> None:
        bundle = {"text/plain": line}
        if self._handle is None:
            self._handle = self._display(bundle, raw=True, display_id=True)
        else:
            self._handle.update(bundle, raw=True)


def notebook_progress() -> NotebookLine | None:
    """Return what shows progress in a notebook; None elsewhere."""
    ipython = sys.modules.get("IPython")  # there already in a notebook, and never loaded for this
    shell = None if ipython is None else ipython.get_ipython()
    if shell is None or not hasattr(shell, "kernel"):
        return None
    return NotebookLine(sys.modules["IPython"].display.display)
