"""Work on any `concurrent.futures.Executor`: processes, a Dask cluster, MPI.

There is one seam: `submit` of a function with arguments, and the future's result. Where workers are
lost, what they had is done again: it has the same bits.
"""

from __future__ import annotations

import os
import pickle
import threading
import time
import zlib
from collections import OrderedDict
from concurrent.futures import BrokenExecutor, CancelledError
from concurrent.futures import TimeoutError as NotYet
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pathsim.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor, Future

    from pathsim.engine.stop import Stop

_Result = TypeVar("_Result")

_LOOK_SECONDS: Final = 0.1
"""Between two looks whether the end was asked for."""
_TRIES: Final = 6
"""Of one call, before the workers are given up."""
_FIRST_WAIT_SECONDS: Final = 0.5
"""Before the second try; doubled for each further one."""
_SHARED: Final = 3
"""Subjects that a worker keeps: a baseline, and one that ends while the next begins."""
_lock = threading.Lock()
_known: OrderedDict[str, object] = OrderedDict()


class Elsewhere:
    """An executor, opened anew where that can be done when its workers are lost."""

    def __init__(
        self,
        opened: Callable[[], Executor],
        *,
        at_once: int,
        closed: Callable[[Executor], None] | None,
        name: str,
    ) -> None:
        """Open it.

        at_once: chunks under way at a time. closed: closes it; None: it is not ours to close or to
        open anew. name: what it is called in messages.
        """
        self.at_once = at_once
        self._open, self._close, self._name = opened, closed, name
        self._lock = threading.Lock()
        self._times = 0
        self._executor = opened()
        self._packed = lru_cache(_SHARED)(_packed)

    def do(
        self, function: Callable[..., _Result], shared: object, *rest: object, stop: Stop
    ) -> _Result:
        """Return what a function of a module makes of `shared` and the rest, done there.

        shared: what many calls have in common; a worker keeps it. It is known by its identity.
        Raises InputError, Stopped.
        """
        name, packed = self._packed(shared)
        wait = _FIRST_WAIT_SECONDS
        for _ in range(_TRIES):
            times = self._times
            try:
                future = self._executor.submit(call, function, name, packed, rest)
                found: _Result = _result(future, stop)
            except Exception as error:
                if not is_loss(error):
                    raise
                why = error
            else:
                return found
            if self._close is None and isinstance(why, BrokenExecutor):
                break  # it takes nothing any more, and is not ours to open
            _pause(wait, stop)
            self._renew(times, stop)
            wait *= 2
        message = f"the workers of {self._name} were lost ({type(why).__name__})"
        allowed = "the same call again: with a store it goes on where it was"
        raise InputError(Problem(message, key="executor", allowed=allowed)) from why

    def close(self) -> None:
        """End the workers that are ours, without waiting for what they do."""
        if self._close is not None:
            self._close(self._executor)

    def _renew(self, times: int, stop: Stop) -> None:
        """Open the executor anew, unless another thread has since `times`."""
        with self._lock:
            if self._close is None or self._times != times:
                return
            self._times += 1
            self.close()
            stop.check()
            try:
                self._executor = self._open()
            except InputError:  # not back yet: the next try opens it
                return


def _packed(shared: object) -> tuple[str, bytes]:
    """Return what calls share as it is sent, and its name."""
    try:
        whole = pickle.dumps(shared, protocol=pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        message = f"cannot be sent to another process: {error}"
        allowed = "functions defined in a module, or no executor"
        raise InputError(Problem(message, key="outcomes", allowed=allowed)) from error
    return sha256(whole).hexdigest(), zlib.compress(whole, level=1)


def call(
    function: Callable[..., _Result], name: str, packed: bytes, rest: tuple[object, ...]
) -> _Result:
    """Return what a function makes of what is packed and the rest; called in a worker."""
    return function(_unpacked(name, packed), *rest)


def _unpacked(name: str, packed: bytes) -> object:
    """Return what calls share, kept for the next."""
    with _lock:
        shared = _known.get(name)
        if shared is None:
            # Sent by this package in another process of the same study, never read from a file.
            shared = _known[name] = pickle.loads(zlib.decompress(packed))
            while len(_known) > _SHARED:
                _known.popitem(last=False)
        _known.move_to_end(name)
    return shared


def _result(future: Future[Any], stop: Stop) -> Any:
    try:
        while True:
            stop.check()
            try:
                found = future.result(timeout=_LOOK_SECONDS)
            except (NotYet, TimeoutError):
                if future.done():  # since, or what it did raised it
                    return future.result()
            else:
                return found
    except BaseException:
        future.cancel()
        raise


def is_loss(error: Exception) -> bool:
    """Return whether an error says that workers were lost, and nothing about what they did."""
    if isinstance(error, BrokenExecutor | CancelledError | ConnectionError | EOFError):
        return True
    return type(error).__module__.partition(".")[0] in {"distributed", "mpi4py"}


def _pause(seconds: float, stop: Stop) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        stop.check()
        time.sleep(_LOOK_SECONDS)


def processes(workers: int) -> Elsewhere:
    """Return as many processes of this machine."""
    return Elsewhere(
        lambda: _pool(workers), at_once=workers + 1, closed=_end_pool, name="this machine"
    )


def _pool(workers: int) -> Executor:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # A fork would copy a process that has threads, in whatever they were at.
    return ProcessPoolExecutor(workers, get_context("spawn"), initializer=begin)


def _end_pool(executor: Executor) -> None:
    executor.shutdown(wait=False, cancel_futures=True)


def begin() -> None:
    """Let a worker leave interrupts to the process that began it, and end with it."""
    import signal
    from multiprocessing import parent_process

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()

    def end() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=end, daemon=True).start()


def given(executor: Any, *, at_once: int | None) -> Elsewhere:
    """Return an executor of the caller's. Raises InputError."""
    if not callable(getattr(executor, "submit", None)):
        allowed = "a concurrent.futures.Executor, such as dask's Client.get_executor()"
        kind = type(executor).__name__
        raise InputError(Problem("is no executor", key="executor", found=kind, allowed=allowed))
    many = at_once or 2 * (os.cpu_count() or 1)
    return Elsewhere(lambda: executor, at_once=many, closed=None, name="the executor")
