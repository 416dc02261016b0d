"""A request to end, heard by either engine in the middle of a replication."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Stopped(Exception):  # noqa: N818 a request that was met, no error
    """The replication was asked to end and has no result."""


class Stop:
    """Asks the replications that were given it to end, from another thread."""

    def __init__(self) -> None:
        self.request = False
        self._enders: set[Callable[[], None]] = set()

    def ask(self) -> None:
        """Ask, once more if need be: a kernel that has just begun may miss it."""
        self.request = True
        for end in tuple(self._enders):
            end()

    def check(self) -> None:
        """Raise Stopped if the end was asked for."""
        if self.request:
            raise Stopped

    def add(self, end: Callable[[], None]) -> None:
        """Let `end` be called whenever the end is asked for."""
        self._enders.add(end)

    def discard(self, end: Callable[[], None]) -> None:
        """Call `end` no more."""
        self._enders.discard(end)
