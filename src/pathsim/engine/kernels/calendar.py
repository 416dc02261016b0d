"""The calendar: people by the time of their next event, at most one entry a person.

A binary heap ordered by (time, rank, person); `calendar_at` knows where each
person stands, so that an entry can be moved when the person's next event does.
Only people who hold or want a limited place are in it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .jit import inlined, kernel
from .workspace import Counter, Workspace

_SIZE = int(Counter.CALENDAR)
_PERSON_BITS = np.int64(40)
_PERSON_MASK = np.int64((1 << 40) - 1)


@inlined
def code_of(rank: int, person: int) -> int:
    """Return the tie-breaker of an event: its rank, then the person's number."""
    return int((np.int64(rank) << _PERSON_BITS) | np.int64(person))


@inlined
def person_of(code: int) -> int:
    """Return the person of an entry."""
    return int(code & _PERSON_MASK)


@inlined
def _before(time: float, code: int, other_time: float, other_code: int) -> bool:
    return time < other_time or (time == other_time and code < other_code)


@inlined
def _place(calendar: Any, places: Any, at: int, time: float, code: int) -> None:
    calendar[at].time = time
    calendar[at].code = code
    places[person_of(code)] = at


@kernel
def _settle(calendar: Any, places: Any, size: int, at: int, time: float, code: int) -> None:
    """Put (time, code) at `at` and move it up or down until the heap is in order."""
    while at > 0:
        parent = (at - 1) >> 1
        above = calendar[parent]
        if not _before(time, code, above.time, above.code):
            break
        _place(calendar, places, at, above.time, above.code)
        at = parent
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        right = child + 1
        if right < size and _before(
            calendar[right].time, calendar[right].code, calendar[child].time, calendar[child].code
        ):
            child = right
        below = calendar[child]
        if not _before(below.time, below.code, time, code):
            break
        _place(calendar, places, at, below.time, below.code)
        at = child
    _place(calendar, places, at, time, code)


@inlined
def put(w: Workspace, person: int, time: float, rank: int) -> None:
    """Enter a person's next event, or move the entry they have."""
    at = w.calendar_at[person]
    if at < 0:
        at = w.counters[_SIZE]
        w.counters[_SIZE] += 1
    _settle(w.calendar, w.calendar_at, w.counters[_SIZE], at, time, code_of(rank, person))


@inlined
def take_out(w: Workspace, person: int) -> None:
    """Take a person's entry out, if they have one."""
    at = w.calendar_at[person]
    if at < 0:
        return
    w.calendar_at[person] = -1
    w.counters[_SIZE] -= 1
    last = w.counters[_SIZE]
    if at != last:
        entry = w.calendar[last]
        _settle(w.calendar, w.calendar_at, last, at, entry.time, entry.code)
