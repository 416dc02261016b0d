"""Limited places: who holds them, who waits for them, and in which order.

A queue by risk is one list with its tail noted at the end of each band of risk, so that
nobody looks past more than their own band, however long the queue. A queue that an
option orders otherwise from some day on is not sorted, and is searched from its tail.
"""

from __future__ import annotations

import numpy as np

from .jit import inline_helper
from .model import Model
from .workspace import RISK_BANDS, Workspace

_MOST_DATES = float(1 << 60)


@inline_helper
def _band_of(risk: float) -> int:
    """Return the band of a risk in percent: bands are in order of risk, and short to search."""
    return min(max(int(risk), 0), RISK_BANDS - 1)


@inline_helper
def _last_at_least(w: Workspace, pool: int, risk: float) -> int:
    """Return the last in a queue by risk whose risk is at least `risk`, or -1."""
    band = _band_of(risk)
    node = int(w.last_of_band[pool, band])
    while node >= 0 and w.spells[node].risk < risk and _band_of(w.spells[node].risk) == band:
        node = int(w.spells[node].ahead)
    if w.last_of_band[pool, band] >= 0:
        return node  # in the band, or the last of one above
    for higher in range(band + 1, RISK_BANDS):
        if w.last_of_band[pool, higher] >= 0:
            return int(w.last_of_band[pool, higher])
    return -1


@inline_helper
def enqueue(m: Model, w: Workspace, pool: int, node: int, r: int) -> None:
    """Put a spell into its pool's queue: at the tail, or behind all of at least its risk."""
    spells = w.spells
    queue = w.pools[pool]
    ahead = queue.tail
    risk = m.people[w.state[spells[node].person].record].risk
    spells[node].risk = risk
    queue.waiting += 1
    if m.pools[0, pool].in_bands:
        ahead = _last_at_least(w, pool, risk)
        band = _band_of(risk)
        if ahead == w.last_of_band[pool, band] or w.last_of_band[pool, band] < 0:
            w.last_of_band[pool, band] = node
    elif m.pools[r, pool].by_risk:
        while ahead >= 0 and spells[ahead].risk < risk:
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


@inline_helper
def unqueue(m: Model, w: Workspace, pool: int, node: int) -> None:
    """Take a spell out of its pool's queue."""
    ahead = w.spells[node].ahead
    behind = w.spells[node].behind
    w.pools[pool].waiting -= 1
    if ahead < 0:
        w.pools[pool].head = behind
    else:
        w.spells[ahead].behind = behind
    if behind < 0:
        w.pools[pool].tail = ahead
    else:
        w.spells[behind].ahead = ahead
    if m.pools[0, pool].in_bands:
        band = _band_of(w.spells[node].risk)
        if w.last_of_band[pool, band] == node:
            same = ahead >= 0 and _band_of(w.spells[ahead].risk) == band
            w.last_of_band[pool, band] = ahead if same else -1


@inline_helper
def gives_at_once(m: Model, pool: int, r: int) -> bool:
    """Return whether places are given whenever they are free, not on review dates only."""
    return m.pools[r, pool].review == 0.0


@inline_helper
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


@inline_helper
def pass_review(m: Model, w: Workspace, pool: int, until: float) -> None:
    """Go on to a pool's next review date; until the next event there is nothing to be given.

    until: when that is. To be safe from rounding, one or two dates before it stay.
    """
    dates = min(until / m.pools[0, pool].review, _MOST_DATES)
    w.pools[pool].review = max(w.pools[pool].review + 1, int(dates) - 1)


@inline_helper
def is_full(m: Model, w: Workspace, pool: int, r: int) -> bool:
    """Return whether as many wait as may wait, or more."""
    return w.pools[pool].waiting >= m.pools[r, pool].queue


@inline_helper
def has_place(m: Model, w: Workspace, pool: int, r: int) -> bool:
    """Return whether a place is free."""
    return w.pools[pool].held < m.pools[r, pool].capacity
