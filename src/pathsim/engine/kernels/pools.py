"""Limited places: who holds them, who waits for them, and in which order."""

from __future__ import annotations

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
        risk = m.people[spells[node].person].risk
        while ahead >= 0 and m.people[spells[ahead].person].risk < risk:
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
def has_place(m: Model, w: Workspace, pool: int, r: int) -> bool:
    """Return whether a place is free."""
    return w.pools[pool].held < m.pools[r, pool].capacity
