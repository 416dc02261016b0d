"""The draws of the engines: each a function of where it belongs (`pathsim.elementary.words`).

The i-th output of one stream is the state of another, and so each person has a stream:

    seed -> replication -> person

In it each purpose has a place of its own, far from all others, where the outputs
for its occasions begin. So no draw depends on what else was drawn, or on the scenario.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pathsim.elementary import words
from pathsim.elementary.words import CELL, SPARE_BITS

from .jit import inline_helper

nth = inline_helper(words.nth)


@inline_helper
def cell_of(word: np.uint64) -> np.int64:
    """Return which of 2^52 cells of (0, 1) a 64-bit word means."""
    return np.int64(word >> SPARE_BITS)


def below(share: Any) -> Any:
    """Return for each chance how many of the 2^52 cells have their middle under it."""
    return np.clip(np.ceil(np.asarray(share) / CELL - 0.5), 0.0, 1.0 / CELL).astype(np.int64)


@inline_helper
def uniform_of(word: np.uint64) -> float:
    """Return the uniform number of a 64-bit word: the middle of one of 2^52 cells, never 0 or 1.

    With 2^53 cells the middle of the last would round to 1.
    """
    # 52 bits: a signed number all the same, which the machine converts in one step.
    return (np.float64(cell_of(word)) + 0.5) * CELL


@inline_helper
def replication_state(seed: np.uint64, replication: np.uint64) -> np.uint64:
    """Return the state under which a replication's people stand."""
    return nth(nth(seed, np.uint64(0)), replication)


@inline_helper
def person_state(replication: np.uint64, key: np.uint64) -> np.uint64:
    """Return the state of a person's stream."""
    return nth(replication, key)


@inline_helper
def word_at(person: np.uint64, purpose: np.uint64, draw_index: np.uint64) -> np.uint64:
    """Return the 64-bit word of a person (their state) for a purpose and occasion.

    purpose: a 64-bit hash. As a distance along the stream it puts any two purposes of
    anybody so far apart that their occasions never meet.
    """
    return nth(person + purpose, draw_index)


@inline_helper
def draw(person: np.uint64, purpose: np.uint64, draw_index: np.uint64) -> float:
    """Return the uniform number of a person (their state) for a purpose and occasion."""
    return uniform_of(word_at(person, purpose, draw_index))


@inline_helper
def happens(person: np.uint64, purpose: np.uint64, draw_index: np.uint64, share: float) -> bool:
    """Return whether something with this chance happens; a certain thing needs no random number.

    Draws are addressed, so one that is not made moves no other.
    """
    return share >= 1.0 or (share > 0.0 and draw(person, purpose, draw_index) < share)
