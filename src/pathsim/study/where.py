"""Where studies are done and kept: said once, for every verb called meanwhile."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pathsim.engine.stop import Stop

    from .executors import Elsewhere
    from .store import Store

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Where:
    """Left out: on threads of this process, and kept nowhere."""

    executor: Elsewhere | None = None
    store: Store | None = None

    @property
    def is_plain(self) -> bool:
        """Whether all is done on threads and kept nowhere."""
        return self.executor is None and self.store is None

    def do(
        self, function: Callable[..., _Result], shared: object, *rest: object, stop: Stop
    ) -> _Result:
        """Return what a function of a module makes of these, which it is given with `stop`."""
        if self.executor is None:
            return function(shared, *rest, stop)
        return self.executor.do(function, shared, *rest, stop=stop)

    def at_once(self, workers: int) -> int:
        """Return how many chunks are under way at a time. workers: threads that were asked for."""
        return workers if self.executor is None else self.executor.at_once


_here: Final[ContextVar[Where]] = ContextVar("where", default=Where())  # noqa: B039 frozen


def where() -> Where:
    """Return where chunks are done and kept now."""
    return _here.get()


@contextmanager
def at(place: Where) -> Iterator[None]:
    """Do and keep chunks there meanwhile."""
    token = _here.set(place)
    try:
        yield
    finally:
        _here.reset(token)
