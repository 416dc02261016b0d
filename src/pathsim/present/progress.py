"""Progress on standard error: a bar on a terminal, a few lines elsewhere."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from pathsim.text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_STARTING = "starting the engine"
_RUNNING = "simulating"


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

    def __call__(self, done: int, total: int) -> None:
        quarter = 4 * done // total
        if done == 0:
            self._say(f"{counted(total, 'replication')}; {_STARTING}")
        elif quarter > self._quarter:
            self._quarter = quarter
            self._say(f"{done:,} of {counted(total, 'replication')}")

    def _say(self, line: str) -> None:
        self._console.print(line, soft_wrap=True)
