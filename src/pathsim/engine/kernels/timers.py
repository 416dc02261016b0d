"""Timers of a person's own, one for each kind of event, with a word of those that are set.

Few of them run at a time, mostly none but those of the end and the next reoffence, which
always do: the word saves looking at the others, and clearing them. Another timer that is
not due before the person's end is kept, but does not run.
"""

from __future__ import annotations

import numpy as np

from pathsim.engine.contract import Rank

from .bits import bit, lowest, without_lowest
from .jit import inlined
from .workspace import Workspace

_ZERO = np.uint64(0)
_END = int(Rank.END)
_REOFFENCE = int(Rank.REOFFENCE)


@inlined
def set_timer(w: Workspace, i: int, rank: int, due: float) -> None:
    """Set the timer of a kind of event; infinity stops it."""
    person = w.state[i]
    person.timers[rank] = due
    # Without a branch: which way it goes cannot be foretold.
    runs = np.uint64(due < person.timers[_END]) << np.uint64(rank)
    person.running = person.running & ~bit(rank) | runs
    person.timers_changed = 1


@inlined
def set_end(w: Workspace, i: int, due: float) -> None:
    """Set when the person's follow-up is over; infinity: not known yet."""
    person = w.state[i]
    person.timers[_END] = due
    person.timers_changed = 1


@inlined
def set_reoffence(w: Workspace, i: int, due: float) -> None:
    """Set when the next reoffence is due; infinity: while the hazard is zero, never."""
    w.state[i].timers[_REOFFENCE] = due


@inlined
def stop_timer(w: Workspace, i: int, rank: int) -> None:
    """Stop the timer of a kind of event; what stands in it means nothing any more."""
    person = w.state[i]
    person.timers_changed |= np.int32((person.running & bit(rank)) != _ZERO)
    person.running &= ~bit(rank)


@inlined
def next_timer(w: Workspace, i: int) -> tuple[float, int]:
    """Return (time, rank) of the timer due first but for a reoffence, the lower rank first.

    Of those that have one, the end is of the lowest rank. Looked for only when timers have changed.
    """
    person = w.state[i]
    if not person.timers_changed:
        return person.timer_due, int(person.timer_rank)
    person.timers_changed = 0
    best = person.timers[_END]
    rank = _END
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
