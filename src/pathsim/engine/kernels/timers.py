"""Timers of a person's own, one for each kind of event, with a word of those that are set.

Few of them run at a time: the word saves looking at the others, and clearing them.
A timer that is not due before the person's end is kept, but does not run.
"""

from __future__ import annotations

import numpy as np

from pathsim.engine.contract import Rank

from .bits import bit, lowest, without_lowest
from .jit import inlined
from .workspace import Workspace

_ZERO = np.uint64(0)
_END = int(Rank.END)


@inlined
def set_timer(w: Workspace, i: int, rank: int, due: float) -> None:
    """Set the timer of a kind of event; infinity stops it."""
    person = w.state[i]
    person.timers[rank] = due
    # Without a branch: which way it goes cannot be foretold.
    runs = np.uint64(due < person.timers[_END]) << np.uint64(rank)
    person.running = person.running & ~bit(rank) | runs


@inlined
def set_end(w: Workspace, i: int, due: float) -> None:
    """Set when the person's follow-up is over; infinity: not known yet."""
    w.state[i].timers[_END] = due
    if due < np.inf:
        w.state[i].running |= bit(_END)


@inlined
def stop_timer(w: Workspace, i: int, rank: int) -> None:
    """Stop the timer of a kind of event; what stands in it means nothing any more."""
    w.state[i].running &= ~bit(rank)


@inlined
def next_timer(w: Workspace, i: int) -> tuple[float, int]:
    """Return (time, rank) of the timer due first, the lower rank first; (infinity, -1) if none."""
    person = w.state[i]
    best = np.inf
    rank = -1
    running = person.running
    while running != _ZERO:
        k = lowest(running)
        running = without_lowest(running)
        due = person.timers[k]
        if due < best:
            best = due
            rank = k
    return best, rank
