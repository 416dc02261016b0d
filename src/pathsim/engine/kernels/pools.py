"""Limited places: who holds them, who waits for them, and in which order."""

from __future__ import annotations

from .jit import inlined


@inlined
def enqueue(people, work, pool: int, node: int, by_risk: int) -> None:  # type: ignore[no-untyped-def]
    """Put a spell into its pool's queue: at the tail, or behind all of at least its risk."""
    spells = work.spells
    queue = work.pools[pool]
    ahead = queue.tail
    if by_risk:
        risk = people.risk[spells[node].person]
        while ahead >= 0 and people.risk[spells[ahead].person] < risk:
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
def unqueue(work, pool: int, node: int) -> None:  # type: ignore[no-untyped-def]
    """Take a spell out of its pool's queue."""
    ahead = work.spells[node].ahead
    behind = work.spells[node].behind
    if ahead < 0:
        work.pools[pool].head = behind
    else:
        work.spells[ahead].behind = behind
    if behind < 0:
        work.pools[pool].tail = ahead
    else:
        work.spells[behind].ahead = ahead


@inlined
def has_place(tables, work, pool: int, r: int) -> bool:  # type: ignore[no-untyped-def]
    """Return whether a place is free."""
    return work.pools[pool].held < tables.pool_capacity[r, pool]
