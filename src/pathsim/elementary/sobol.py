"""Scrambled Sobol points of one dimension, each dimension under a name of its own.

Point k of a name depends on the seed, the name and k alone: not on how many points there are, nor
on which other names are drawn. Blocks of 64 points have one in each of 64 equal intervals, the
first 128 one in each of 128, and so on. Within its block every name has an order of its own, so
names go together no more than by chance; the columns of one Sobol sequence of some hundred
dimensions would, over so few points.

Owen, "Randomly permuted (t,m,s)-nets and (t,s)-sequences", 1995 (the scrambling); Burley,
"Practical hash-based Owen scrambling", Journal of Computer Graphics Techniques 9 (2020), 1-20,
section 5 (one sequence for every dimension, in another order).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from .arrays import Floats, Places, Words
from .words import Draws

BLOCK: Final = 64
"""Points that have one in each of as many equal intervals."""
_BITS: Final = 32
"""Of a point's number, and of its value."""
_CELL: Final = 2.0**-_BITS


def sobol(seed: int, name: str, places: Places) -> Floats:
    """Return uniform numbers in (0, 1): the points at `places` of the sequence of `name`.

    seed: of all names. places: numbers of points, from 0, below 2^32. A point is the middle of its
    cell of 2^-32.
    """
    draws = Draws(seed, f"sobol: {name}")
    values = _scrambled(draws, _reversed(_shuffled(draws, np.asarray(places, np.int64))))
    return (values.astype(np.float64) + 0.5) * _CELL


def _shuffled(draws: Draws, places: Places) -> Words:
    """Return the numbers of points, each block in a random order."""
    found = np.empty(len(places), np.uint64)
    blocks, within = np.divmod(places, BLOCK)
    for block in np.unique(blocks).tolist():
        order = draws.order(f"block {block}", np.arange(BLOCK))
        here = blocks == block
        found[here] = block * BLOCK + order[within[here]]
    return found


def _reversed(words: Words) -> Words:
    """Return the words with their bits in reverse: the first dimension of Sobol's sequence."""
    turned = np.zeros_like(words)
    for bit in range(_BITS):
        turned |= ((words >> np.uint64(bit)) & np.uint64(1)) << np.uint64(_BITS - 1 - bit)
    return turned


def _scrambled(draws: Draws, words: Words) -> Words:
    """Return the words scrambled: each bit is turned or not, as those above it decide.

    So the words of an interval go to another interval of the same length.
    """
    found = np.zeros_like(words)
    for bit in range(_BITS):
        node = (np.uint64(1) << np.uint64(bit)) + (words >> np.uint64(_BITS - bit))
        turn = draws.words("values", node.astype(np.int64)) >> np.uint64(63)
        here = (words >> np.uint64(_BITS - 1 - bit)) & np.uint64(1)
        found |= (here ^ turn) << np.uint64(_BITS - 1 - bit)
    return found
