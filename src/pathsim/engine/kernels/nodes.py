"""Nodes of lists of fixed length: the one last given back is the next one taken."""

from __future__ import annotations

from .codes import COUNTER_STATUS
from .jit import inline_helper
from .workspace import Records, Workspace


@inline_helper
def take_node(w: Workspace, rows: Records, free: int, used: int, full: int) -> int:
    """Return a node of `rows` that is not in use, or -1 with the status `full`.

    free, used: the counters of the first node given back, and of the nodes used so far.
    """
    node = int(w.counters[free])
    if node >= 0:
        w.counters[free] = rows[node].next
        return node
    node = int(w.counters[used])
    if node == rows.shape[0]:
        w.counters[COUNTER_STATUS] = full
        return -1
    w.counters[used] = node + 1
    return node


@inline_helper
def give_node_back(w: Workspace, rows: Records, node: int, free: int) -> None:
    """Let `node` be taken again."""
    rows[node].next = w.counters[free]
    w.counters[free] = node
