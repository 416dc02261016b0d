"""Jobs on threads that an interrupt, or an error in one of them, ends at once."""

from __future__ import annotations

import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from pathsim.engine.stop import Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_Result = TypeVar("_Result")
_GRACE_SECONDS = 1.0
"""For the jobs to end in. The compilation of the kernel is not waited for."""
_AGAIN_SECONDS = 0.01


def do_all(
    jobs: Iterable[Callable[[Stop], _Result]],
    *,
    workers: int,
    done: Callable[[int, _Result], None],
    ahead: int | None = None,
) -> None:
    """Do the jobs, each given what may ask it to stop; call `done` in this thread.

    done: called with the number and the result of each job, as they come. On an interrupt
    or an error what has not begun is cancelled, what runs is stopped, and it is passed on.
    ahead: how many jobs may be begun whose result has not been told; None: all.
    """
    stop = Stop()
    futures: dict[Future[_Result], int] = {}
    pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="pathsim")
    try:
        waiting = enumerate(jobs)
        for number, job in islice(waiting, ahead):
            futures[pool.submit(job, stop)] = number
        while futures:
            finished, _ = wait(futures, return_when=FIRST_COMPLETED)
            for future in sorted(finished, key=futures.__getitem__):
                number = futures[future]
                done(number, future.result())
                del futures[future]
                for following, job in islice(waiting, 1):
                    futures[pool.submit(job, stop)] = following
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        _end(stop, set(futures))
        raise
    pool.shutdown()


def alone(job: Callable[[Stop], _Result]) -> _Result:
    """Do one job on a thread, so that this one hears an interrupt meanwhile."""
    results: list[_Result] = []
    do_all([job], workers=1, done=lambda _, result: results.append(result))
    (result,) = results
    return result


def _end(stop: Stop, futures: set[Future[_Result]]) -> None:
    until = time.monotonic() + _GRACE_SECONDS
    while futures and time.monotonic() < until:
        stop.ask()
        _, futures = wait(futures, timeout=_AGAIN_SECONDS)
