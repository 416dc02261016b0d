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


@inlined
def code_of(rank: int, person: int) -> int:
    """Return the tie-breaker of an event: its rank, then the person's number."""
    return int((np.int64(rank) << _PERSON_BITS) | np.int64(person))


@inlined
def _before(time: float, code: int, other_time: float, other_code: int) -> bool:
    return time < other_time or (time == other_time and code < other_code)


@inlined
def _place(calendar: Any, places: Any, at: int, time: float, code: int, slot: int) -> None:
    entry = calendar[at]
    entry.time = time
    entry.code = code
    entry.slot = slot
    places[slot] = at


@kernel
def _settle(
    calendar: Any, places: Any, size: int, at: int, time: float, code: int, slot: int
) -> None:
    """Put an entry at `at` and move it up or down until the heap is in order."""
    while at > 0:
        parent = (at - 1) >> 1
        above = calendar[parent]
        if not _before(time, code, above.time, above.code):
            break
        _place(calendar, places, at, above.time, above.code, above.slot)
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
        _place(calendar, places, at, below.time, below.code, below.slot)
        at = child
    _place(calendar, places, at, time, code, slot)


@inlined
def put(w: Workspace, i: int, time: float, rank: int) -> None:
    """Enter a person's next event, or move the entry they have."""
    at = w.calendar_at[i]
    if at < 0:
        at = w.counters[_SIZE]
        w.counters[_SIZE] += 1
    code = code_of(rank, w.state[i].number)
    _settle(w.calendar, w.calendar_at, w.counters[_SIZE], at, time, code, i)


@inlined
def take_out(w: Workspace, i: int) -> None:
    """Take a person's entry out, if they have one."""
    at = w.calendar_at[i]
    if at < 0:
        return
    w.calendar_at[i] = -1
    w.counters[_SIZE] -= 1
    last = w.counters[_SIZE]
    if at != last:
        entry = w.calendar[last]
        _settle(w.calendar, w.calendar_at, last, at, entry.time, entry.code, entry.slot)
