"""A SimPy environment whose events stand at absolute times and in a documented order."""

from __future__ import annotations

import math
from collections.abc import Callable
from heapq import heappush

import simpy
from simpy.events import EventPriority as SimPyPriority

from pathsim.engine.contract import EventPriority
from pathsim.engine.stop import Stop

_WIDTH = 2**40


class Timer(simpy.Event):
    """Something that will happen at a known time, unless it is cancelled first."""

    def __init__(self, calendar: Calendar, action: Callable[[], None]) -> None:
        super().__init__(calendar)
        self._ok = True
        self._value = None
        self.callbacks.append(lambda _: action())

    def cancel(self) -> None:
        """Let the time pass without the event; without effect once it has happened."""
        self.callbacks = []


class Calendar(simpy.Environment):
    """SimPy's clock, with timers at absolute times.

    SimPy's own timeouts add a delay to the present, which rounds, and break ties in
    the order in which they were made.
    """

    def __init__(self, stop: Stop) -> None:
        super().__init__()
        self._stop = stop

    def step(self) -> None:
        """Process the next event, unless the end was asked for."""
        self._stop.check()
        super().step()

    def at(
        self,
        time: float,
        action: Callable[[], None],
        *,
        rank: EventPriority,
        turn: int,
        part: int = 0,
    ) -> Timer:
        """Return a timer for `action` at day `time`; at infinity it never comes.

        Ties are resolved by rank, then the person's turn, then `part` (service or offence), then
        the order in which the timers were made.
        """
        timer = Timer(self, action)
        if time < math.inf:
            priority = SimPyPriority((rank * _WIDTH + turn) * _WIDTH + part)
            heappush(self._queue, (time, priority, next(self._eid), timer))
        return timer
