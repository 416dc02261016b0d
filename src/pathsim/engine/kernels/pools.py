"""Limited places: who holds them, who waits for them, and in which order."""

from __future__ import annotations

import numpy as np

from .jit import inlined
from .model import Model
from .workspace import Workspace


@inlined
def enqueue(m: Model, w: Workspace, pool: int, node: int, by_risk: int) -> None:
    """Put a spell into its pool's queue: at the tail, or behind all of at least its risk."""
    spells = w.spells
    queue = w.pools[pool]
    ahead = queue.tail
    if by_risk:
        risk = m.people[w.state[spells[node].person].number].risk
        while ahead >= 0 and m.people[w.state[spells[ahead].person].number].risk < risk:
            ahead = spells[ahead].ahead
    behind = queue.head if ahead < 0 else spells[ahead].behind
    spells[node].ahead = ahead
    spells[node].behind = behind
    if ahead < 0:
        queue.head = node
    else:
        spells[ahead].behind = node
    if behind < 0:
        queue.tail = node
    else:
        spells[behind].ahead = node


@inlined
def unqueue(w: Workspace, pool: int, node: int) -> None:
    """Take a spell out of its pool's queue."""
    ahead = w.spells[node].ahead
    behind = w.spells[node].behind
    if ahead < 0:
        w.pools[pool].head = behind
    else:
        w.spells[ahead].behind = behind
    if behind < 0:
        w.pools[pool].tail = ahead
    else:
        w.spells[behind].ahead = ahead


@inlined
def gives_at_once(m: Model, pool: int, r: int) -> bool:
    """Return whether places are given whenever they are free, not on review dates only."""
    return m.pools[r, pool].review == 0.0


@inlined
def next_review(m: Model, w: Workspace) -> tuple[float, int]:
    """Return the next review date and its pool (the first of several), or infinity and -1."""
    best = np.inf
    which = -1
    for pool in range(w.pools.shape[0]):
        every = m.pools[0, pool].review
        if every > 0.0 and w.pools[pool].review * every < best:
            best = w.pools[pool].review * every
            which = pool
    return best, which


@inlined
def has_place(m: Model, w: Workspace, pool: int, r: int) -> bool:
    """Return whether a place is free."""
    return w.pools[pool].held < m.pools[r, pool].capacity
