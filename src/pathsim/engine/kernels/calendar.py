"""The calendar: people by the time of their next event, at most one entry a person.

Only people who hold or want a limited place stand in it. A wheel of ticks, each an
unordered list, takes what lies ahead; when a tick comes, its entries go into a heap,
which orders them by (time, rank, turn). A day has the more ticks the more people begin
on it, so the heap is short, however many they are. Ticks share a list when they lie a turn
of the wheel apart: what is not due yet stays in it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .bits import lowest
from .codes import COUNTER_HEAP, COUNTER_STANDING, COUNTER_USED_SLOTS
from .jit import helper, inline_helper, kernel
from .prefetch import prefetch
from .words import bit
from .workspace import WHEEL_DAYS, Workspace

_PERSON_BITS = np.int64(40)
_ZERO = np.uint64(0)
_LAST = np.uint64(1 << 63)
_FAR = float(1 << 50)
"""Days: what lies further away shares a tick."""
_NOWHERE = -1
_AHEAD = -2
"""Values of `heap_at` for who is not in the heap: out of the calendar, or in the wheel."""


@inline_helper
def code_of(rank: int, turn: int) -> int:
    """Return the tie-breaker of an event: its rank, then the person's turn."""
    return int((np.int64(rank) << _PERSON_BITS) | np.int64(turn))


@inline_helper
def _before(time: float, code: int, other_time: float, other_code: int) -> bool:
    return time < other_time or (time == other_time and code < other_code)


@inline_helper
def _place(heap: Any, heap_at: Any, at: int, time: float, code: int, slot: int) -> None:
    entry = heap[at]
    entry.time = time
    entry.code = code
    entry.slot = slot
    heap_at[slot] = at


@kernel
def _settle(heap: Any, heap_at: Any, size: int, at: int, time: float, code: int, slot: int) -> None:
    """Put an entry at `at` and move it up or down until the heap is in order."""
    while at > 0:
        parent = (at - 1) >> 1
        above = heap[parent]
        if not _before(time, code, above.time, above.code):
            break
        _place(heap, heap_at, at, above.time, above.code, above.slot)
        at = parent
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        right = child + 1
        if right < size and _before(
            heap[right].time, heap[right].code, heap[child].time, heap[child].code
        ):
            child = right
        below = heap[child]
        if not _before(below.time, below.code, time, code):
            break
        _place(heap, heap_at, at, below.time, below.code, below.slot)
        at = child
    _place(heap, heap_at, at, time, code, slot)


@inline_helper
def rank_of(code: int) -> int:
    """Return the rank in the tie-breaker of an event."""
    return int(np.int64(code) >> _PERSON_BITS)


@inline_helper
def tick_of(w: Workspace, time: float) -> int:
    """Return the tick in which a time lies."""
    return int(np.floor(min(max(time, -_FAR), _FAR) * w.clock[0].a_day))


@inline_helper
def begins_a_day(w: Workspace) -> bool:
    """Return whether the tick that has come is the first of its day."""
    return _within_day(w, w.clock[0].tick) == 0


@inline_helper
def _within_day(w: Workspace, tick: int) -> int:
    """Return which tick of its day it is."""
    return tick & ((1 << w.clock[0].bits) - 1)


@inline_helper
def _day_of(w: Workspace, tick: int) -> int:
    """Return the place of a tick's day in `busy`."""
    return (tick >> w.clock[0].bits) & (WHEEL_DAYS - 1)


@inline_helper
def set_clock(w: Workspace, day: int) -> None:
    """Let the next tick be the first of `day`."""
    clock = w.clock[0]
    clock.bits = 0
    while WHEEL_DAYS << clock.bits < w.wheel.shape[0]:
        clock.bits += 1
    clock.a_day = float(1 << clock.bits)
    clock.tick = (day << clock.bits) - 1


@inline_helper
def _list_of(w: Workspace, tick: int) -> int:
    """Return the number of a tick's list; their count is a power of two."""
    return tick & (w.wheel.shape[0] - 1)


@inline_helper
def put(w: Workspace, i: int, time: float, rank: int) -> None:
    """Enter a person's next event, or move the entry they have."""
    take_out(w, i)
    w.counters[COUNTER_STANDING] += 1
    code = code_of(rank, w.state[i].turn)
    tick = tick_of(w, time)
    if tick <= w.clock[0].tick:
        _push(w, time, code, i)
        return
    entry = w.entries[i]
    entry.time = time
    entry.code = code
    _link(w, tick, i)
    w.heap_at[i] = _AHEAD


@inline_helper
def _push(w: Workspace, time: float, code: int, i: int) -> None:
    at = w.counters[COUNTER_HEAP]
    w.counters[COUNTER_HEAP] = at + 1
    _settle(w.heap, w.heap_at, at + 1, at, time, code, i)


@inline_helper
def take_out(w: Workspace, i: int) -> None:
    """Take a person's entry out, if they have one."""
    at = w.heap_at[i]
    if at == _NOWHERE:
        return
    w.heap_at[i] = _NOWHERE
    w.counters[COUNTER_STANDING] -= 1
    if at == _AHEAD:
        _unlink(w, i)
        return
    last = w.counters[COUNTER_HEAP] - 1
    w.counters[COUNTER_HEAP] = last
    if at != last:
        entry = w.heap[last]
        _settle(w.heap, w.heap_at, last, at, entry.time, entry.code, entry.slot)


@inline_helper
def _link(w: Workspace, tick: int, i: int) -> None:
    """Put a person before all others of a tick's list."""
    chosen = _list_of(w, tick)
    w.busy[_day_of(w, tick)] |= bit(_within_day(w, tick))
    first = w.wheel[chosen]
    entry = w.entries[i]
    entry.next = first
    # Without a branch: an empty list has nobody to tell, and the person tells themselves.
    w.entries[first if first >= 0 else i].before = i
    entry.before = -1
    w.wheel[chosen] = i


@inline_helper
def _unlink(w: Workspace, i: int) -> None:
    """Take a person out of the list of their tick."""
    entry = w.entries[i]
    if entry.before < 0:
        w.wheel[_list_of(w, tick_of(w, entry.time))] = entry.next
    else:
        w.entries[entry.before].next = entry.next
    if entry.next >= 0:
        w.entries[entry.next].before = entry.before


@inline_helper
def begin_tick(w: Workspace) -> None:
    """Begin the next tick that has a list or begins a day: its entries go into the heap."""
    clock = w.clock[0]
    tick = clock.tick + 1
    if _within_day(w, tick) != 0:
        to_come = w.busy[_day_of(w, tick)] >> np.uint64(_within_day(w, tick))
        next_day = ((tick >> clock.bits) + 1) << clock.bits
        tick = tick + lowest(to_come) if to_come != _ZERO else next_day
    clock.tick = tick
    chosen = _list_of(w, tick)
    i = int(w.wheel[chosen])
    w.wheel[chosen] = -1
    w.busy[_day_of(w, tick)] &= ~bit(_within_day(w, tick))
    while i >= 0:
        entry = w.entries[i]
        following = int(entry.next)
        if tick_of(w, entry.time) <= tick:
            prefetch(w.spells, max(int(w.state[i].first_spell), 0))
            _push(w, entry.time, int(entry.code), i)
        else:
            _link(w, tick, i)
        i = following
    fetch_next_tick(w)


@helper
def leap(w: Workspace) -> None:
    """Let the next tick be that of who comes first; nobody is to be admitted before."""
    first = np.inf
    for i in range(w.counters[COUNTER_USED_SLOTS]):
        if w.heap_at[i] == _AHEAD:
            first = min(first, w.entries[i].time)
    w.clock[0].tick = tick_of(w, first) - 1


@inline_helper
def fetch_next(w: Workspace) -> None:
    """Ask for what is known of the people who come next: in a large cohort it is far away.

    The second next is one of the two below the next, whose record has come by now: their
    first spell can be asked for.
    """
    if w.counters[COUNTER_HEAP] > 2:
        prefetch(w.state, w.heap[1].slot)
        prefetch(w.state, w.heap[2].slot)
        prefetch(w.spells, max(w.state[w.heap[0].slot].first_spell, 0))


@inline_helper
def fetch_next_tick(w: Workspace) -> None:
    """Ask for the record of who comes first in the next list of the day."""
    tick = w.clock[0].tick
    later = w.busy[_day_of(w, tick)] >> np.uint64(_within_day(w, tick))
    # Any other list will do when there is none.
    prefetch(w.state, max(int(w.wheel[_list_of(w, tick + lowest(later | _LAST))]), 0))
