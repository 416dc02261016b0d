"""Timers of a person's own, one for each kind of event, with a word of those that are set.

Few of them run at a time, mostly none but those of the end and the next reoffence, which
always do: the word saves looking at the others, and clearing them. Another timer that is
not due before the person's end is kept, but does not run.
"""

from __future__ import annotations

import numpy as np

from .bits import lowest
from .codes import EVENT_PRIORITY_END, EVENT_PRIORITY_REOFFENCE
from .jit import inline_helper
from .words import bit, without_lowest
from .workspace import Workspace

_ZERO = np.uint64(0)


@inline_helper
def set_timer(w: Workspace, i: int, rank: int, due: float) -> None:
    """Set the timer of a kind of event; infinity stops it."""
    person = w.state[i]
    person.timers[rank] = due
    # Without a branch: which way it goes cannot be foretold.
    runs = np.uint64(due < person.stays_until) << np.uint64(rank)
    person.running = person.running & ~bit(rank) | runs
    person.timers_changed = 1


@inline_helper
def set_end(w: Workspace, i: int, due: float) -> None:
    """Set when the person's follow-up is over; infinity: not known yet."""
    person = w.state[i]
    person.timers[EVENT_PRIORITY_END] = due
    person.stays_until = due
    person.timers_changed = 1


@inline_helper
def set_reoffence(w: Workspace, i: int, due: float) -> None:
    """Set when the next reoffence is due; infinity: while the hazard is zero, never."""
    w.state[i].timers[EVENT_PRIORITY_REOFFENCE] = due


@inline_helper
def stop_timer(w: Workspace, i: int, rank: int) -> None:
    """Stop the timer of a kind of event; what stands in it means nothing any more."""
    person = w.state[i]
    person.timers_changed |= np.int32((person.running & bit(rank)) != _ZERO)
    person.running &= ~bit(rank)


@inline_helper
def next_timer(w: Workspace, i: int) -> tuple[float, int]:
    """Return (time, rank) of the timer due first but for a reoffence, the lower rank first.

    Of those that have one, the end is of the lowest rank. Looked for only when timers have changed.
    """
    person = w.state[i]
    if not person.timers_changed:
        return person.timer_due, int(person.timer_rank)
    person.timers_changed = 0
    best = person.timers[EVENT_PRIORITY_END]
    rank = EVENT_PRIORITY_END
    running = person.running
    while running != _ZERO:
        k = lowest(running)
        running = without_lowest(running)
        due = person.timers[k]
        if due < best:
            best = due
            rank = k
    person.timer_due = best
    person.timer_rank = rank
    return best, rank
