"""A Dask cluster by the address of its scheduler."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from pathsim.errors import InputError, Problem

from .executors import Elsewhere

if TYPE_CHECKING:
    from concurrent.futures import Executor

_ALLOWED: Final = "the address of a Dask scheduler, such as tcp://10.0.0.5:8786"
_PATIENCE_SECONDS: Final = 10
_CLOSING_SECONDS: Final = 2
_RETRIES: Final = 3
"""Of a chunk by the cluster itself, when a worker is lost."""
_AHEAD: Final = 2
"""Chunks under way for each thread of a worker: one is done, and one is there when it ends."""


def cluster(address: str) -> Elsewhere:
    """Return the cluster of a scheduler. Raises InputError."""
    try:
        import distributed
    except ImportError:
        message = "needs Dask, which is not installed"
        allowed = "pip install 'offender-pathsim[cluster]'"
        raise InputError(Problem(message, key="--scheduler", allowed=allowed)) from None
    clients: list[Any] = []

    def closed(_: Executor) -> None:
        while clients:
            with suppress(TimeoutError):  # a scheduler that has gone is not waited for
                clients.pop().close(timeout=_CLOSING_SECONDS)

    def opened() -> Executor:
        try:
            client: Any = distributed.Client(  # type: ignore[no-untyped-call] # Dask's
                address, timeout=_PATIENCE_SECONDS, set_as_default=False, name="pathsim"
            )
        except (OSError, ValueError, TypeError, TimeoutError) as error:
            message = f"cannot be reached: {_short(error)}"
            problem = Problem(message, key="--scheduler", found=address, allowed=_ALLOWED)
            raise InputError(problem) from None
        clients.append(client)
        executor: Executor = client.get_executor(retries=_RETRIES, pure=False)
        return executor

    found = Elsewhere(opened, at_once=1, closed=closed, name=f"the cluster at {address}")
    threads = sum(clients[0].nthreads().values())
    found.at_once = max(_AHEAD * threads, 1)
    return found


def _short(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
