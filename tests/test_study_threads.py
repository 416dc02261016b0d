"""Jobs on threads: how many at once, what an error leaves undone, how long it is waited for."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from typing import Any

import pytest

from pathsim.engine.stop import Stop
from pathsim.study import threads
from pathsim.study.threads import do_all


@pytest.mark.parametrize("workers", [1, 2])
def test_no_more_jobs_run_at_once_than_there_are_workers(workers):
    running: list[int] = []
    most: list[int] = []

    def job(_stop: Stop) -> None:
        running.append(1)
        most.append(len(running))
        time.sleep(0.03)  # in which others would begin
        running.pop()

    do_all([job] * 5, workers=workers, done=lambda *_: None)
    assert max(most) == workers


def test_the_threads_are_named_after_the_package():
    names: list[str] = []
    do_all(
        [lambda _: threading.current_thread().name],
        workers=1,
        done=lambda _, name: names.append(name),
    )
    assert names[0].startswith("pathsim")


def test_after_an_error_what_has_not_begun_never_does():
    begun: list[int] = []

    def fails(_stop: Stop) -> None:
        raise ValueError("broken")

    def lasts(stop: Stop) -> None:
        until = time.monotonic() + 30
        while not stop.request and time.monotonic() < until:
            time.sleep(0.001)

    jobs = [fails, lasts, *[lambda _, number=number: begun.append(number) for number in range(3)]]
    with pytest.raises(ValueError, match="broken"):
        do_all(jobs, workers=1, done=lambda *_: None)
    for thread in threading.enumerate():
        if thread.name.startswith("pathsim"):
            thread.join(30)
    assert begun == []


class Clock:
    """Stands for the time: every look at what runs takes a quarter of a second."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, ends_after: int = 1000) -> None:
        self.now, self.looks, self.ends_after = 7.0, 0, ends_after
        monkeypatch.setattr(threads.time, "monotonic", lambda: self.now)
        monkeypatch.setattr(threads, "wait", self.wait)

    def wait(self, futures: Any, *, timeout: float) -> Any:
        assert timeout == 0.01
        self.now += 0.25
        self.looks += 1
        return set(), set() if self.looks >= self.ends_after else futures


@pytest.mark.parametrize(("ends_after", "looks"), [(1000, 4), (2, 2)])
def test_what_runs_is_asked_to_stop_and_waited_for_a_second_at_most(monkeypatch, ends_after, looks):
    clock, stop = Clock(monkeypatch, ends_after=ends_after), Stop()
    running: set[Future[Any]] = {Future()}
    threads._end(stop, running)
    assert clock.looks == looks
    assert stop.request


def test_nothing_that_runs_is_not_waited_for(monkeypatch):
    clock = Clock(monkeypatch)
    threads._end(Stop(), set())
    assert clock.looks == 0
