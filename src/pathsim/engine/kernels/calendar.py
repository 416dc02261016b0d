"""The calendar: people by the time of their next event, at most one entry a person.

A binary heap ordered by (time, rank, person); `calendar_at` knows where each
person stands, so that an entry can be moved when the person's next event does.
Only people who hold or want a limited place are in it.
"""

from __future__ import annotations

import numpy as np

from .jit import inlined, kernel
from .workspace import Counter

_SIZE = int(Counter.CALENDAR)
_PERSON_BITS = np.int64(40)
_PERSON_MASK = np.int64((1 << 40) - 1)


@inlined
def code_of(rank: int, person: int) -> int:
    """Return the tie-breaker of an event: its rank, then the person's number."""
    return (np.int64(rank) << _PERSON_BITS) | np.int64(person)


@inlined
def person_of(code: int) -> int:
    """Return the person of an entry."""
    return code & _PERSON_MASK


@inlined
def _before(time: float, code: int, other_time: float, other_code: int) -> bool:
    return time < other_time or (time == other_time and code < other_code)


@kernel
def _settle(times, codes, places, size, at, time, code):  # type: ignore[no-untyped-def]
    """Put (time, code) at `at` and move it up or down until the heap is in order."""
    while at > 0:
        parent = (at - 1) >> 1
        if not _before(time, code, times[parent], codes[parent]):
            break
        times[at] = times[parent]
        codes[at] = codes[parent]
        places[person_of(codes[at])] = at
        at = parent
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        right = child + 1
        if right < size and _before(times[right], codes[right], times[child], codes[child]):
            child = right
        if not _before(times[child], codes[child], time, code):
            break
        times[at] = times[child]
        codes[at] = codes[child]
        places[person_of(codes[at])] = at
        at = child
    times[at] = time
    codes[at] = code
    places[person_of(code)] = at


@inlined
def put(work, person: int, time: float, rank: int) -> None:  # type: ignore[no-untyped-def]
    """Enter a person's next event, or move the entry they have."""
    at = work.calendar_at[person]
    if at < 0:
        at = work.counters[_SIZE]
        work.counters[_SIZE] += 1
    _settle(
        work.calendar_time, work.calendar_code, work.calendar_at, work.counters[_SIZE],
        at, time, code_of(rank, person),
    )  # fmt: skip


@inlined
def take_out(work, person: int) -> None:  # type: ignore[no-untyped-def]
    """Take a person's entry out, if they have one."""
    at = work.calendar_at[person]
    if at < 0:
        return
    work.calendar_at[person] = -1
    work.counters[_SIZE] -= 1
    last = work.counters[_SIZE]
    if at == last:
        return
    _settle(
        work.calendar_time, work.calendar_code, work.calendar_at, last,
        at, work.calendar_time[last], work.calendar_code[last],
    )  # fmt: skip
