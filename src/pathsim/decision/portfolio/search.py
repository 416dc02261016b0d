"""The emulator's best mixes under a budget: enumerated, greedy with swaps, or proved by HiGHS."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_array

from .space import ROUNDING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .emulator import Emulator, Level
    from .space import Mix, Space

ENUMERATED: Final = 100_000
"""Mixes, at most, of which each is looked at."""
_PROVED: Final = 600
"""Products of pairs, at most, of what is given to HiGHS."""
_SECONDS: Final = 20.0
"""Until HiGHS gives up."""


class Proved(NamedTuple):
    """The emulator's best mix, with the proof that none is better."""

    mix: Mix
    worth: float


def best_mixes(emulator: Emulator, space: Space, *, most: int) -> list[Mix]:
    """Return the emulator's best mixes under the budget, the best first, `most` at most.

    All are looked at where there are few enough; else those on the way of a greedy search with
    swaps from the baseline and from every level alone, and what HiGHS proves.
    """
    mixes = space.allowed(most=ENUMERATED)
    if mixes is None:
        looked = dict.fromkeys(greedy(emulator, space))
        proved = prove(emulator, space)
        mixes = list(looked | ({} if proved is None else {proved.mix: None}))
    worth = emulator.worth(mixes)
    order = np.argsort(-worth, kind="stable")[:most]
    return [mixes[k] for k in order]


def greedy(emulator: Emulator, space: Space) -> Iterator[Mix]:
    """Give all mixes looked at by steps that each gain most, from several starts.

    A step changes the level of one lever, or of two at once: so money can go from one to another.
    """
    starts = [space.baseline]
    for lever, levels in enumerate(space.sizes):
        for k in range(1, levels):
            start = tuple(k if place == lever else 0 for place in range(len(space.sizes)))
            starts += [start] if space.allows(start) else []
    done: set[Mix] = set()
    for start in starts:
        here = start
        while here not in done:
            done.add(here)
            around = [here, *_around(here, space)]
            yield from around
            here = around[int(np.argmax(emulator.worth(around)))]


def _around(mix: Mix, space: Space) -> Iterator[Mix]:
    """Give the mixes that differ in one lever or in two, and that the budget covers."""
    levers = range(len(mix))
    for few in (*((each,) for each in levers), *combinations(levers, 2)):
        for changed in _changed(mix, few, space):
            if space.allows(changed):
                yield changed


def _changed(mix: Mix, levers: tuple[int, ...], space: Space) -> Iterator[Mix]:
    if not levers:
        yield mix
        return
    first, *others = levers
    for k in range(space.sizes[first]):
        if k != mix[first]:
            yield from _changed((*mix[:first], k, *mix[first + 1 :]), tuple(others), space)


def prove(emulator: Emulator, space: Space) -> Proved | None:
    """Return the emulator's best mix under the budget as HiGHS proves it; None: too large for that.

    A binary a level, of which a lever has one at most; a product z of two levels x and y is made
    linear by z <= x, z <= y and z >= x + y - 1.
    """
    levels, pairs = list(emulator.main), [p for p, worth in emulator.pairs.items() if worth]
    if len(pairs) > _PROVED:
        return None
    variables: list[Level | tuple[Level, Level]] = [*levels, *pairs]
    place = {each: k for k, each in enumerate(variables)}
    rows = 1 + len(space.sizes) + 3 * len(pairs)
    matrix, most = lil_array((rows, len(variables))), np.zeros(rows)
    for lever, k in levels:
        matrix[0, place[lever, k]] = space.spends[lever][k]
        matrix[1 + lever, place[lever, k]] = 1.0
    most[0], most[1 : 1 + len(space.sizes)] = space.budget + ROUNDING, 1.0
    row = 1 + len(space.sizes)
    for pair in pairs:
        x, y, z = place[pair[0]], place[pair[1]], place[pair]
        matrix[row, z], matrix[row, x] = 1.0, -1.0
        matrix[row + 1, z], matrix[row + 1, y] = 1.0, -1.0
        matrix[row + 2, z], matrix[row + 2, x], matrix[row + 2, y] = -1.0, 1.0, 1.0
        most[row + 2] = 1.0
        row += 3
    worth = np.array([*emulator.main.values(), *(emulator.pairs[each] for each in pairs)])
    found = milp(
        -worth / (np.abs(worth).max() or 1.0),
        integrality=np.ones(len(variables), np.intp),
        bounds=Bounds(0.0, 1.0),
        constraints=LinearConstraint(matrix.tocsr(), ub=most),
        options={"time_limit": _SECONDS, "mip_rel_gap": 0.0},
    )
    if found.status != 0:
        return None
    chosen = [level for level, x in zip(levels, found.x, strict=False) if x > 0.5]
    mix = list(space.baseline)
    for lever, k in chosen:
        mix[lever] = k
    return Proved(tuple(mix), float(emulator.worth([tuple(mix)])[0]))
