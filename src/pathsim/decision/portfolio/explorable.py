"""What a page needs to say what any mix is worth, without Python: the emulator's numbers."""

from __future__ import annotations

import math
import re
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from .emulator import Emulator, fit
from .evaluate import NPSV
from .tables import told_of

_KEY: Final = re.compile(r"[a-z_]+(\.[\w-]+)+")
"""A lever that is a number; the others are options, by their titles."""

if TYPE_CHECKING:
    from .emulator import Level
    from .explore import Found
    from .result import Portfolio
    from .space import Mix


def explorable(portfolio: Portfolio) -> dict[str, Any]:
    """Return plain data: levers with their levels, effects, the mixes simulated, and the budget.

    `main` and `pairs` have only what some simulated mix has, so a mix with anything else
    extrapolates. `se` is the standard error of a mix left out; None: fewer than three were
    simulated.
    """
    found = portfolio.found
    emulator = _emulator(found)
    levels, pairs = _seen(found)
    worth = np.array([found.seen[mix].mean() for mix in found.seen if any(mix)])
    known = emulator is not None and len(worth) > 2
    explained = emulator.explained if emulator is not None else math.nan
    error = math.sqrt(max(1.0 - explained, 0.0) * float(np.mean(worth**2))) if known else None
    return {
        "pounds": portfolio.maximised == NPSV,
        "budget": portfolio.budget,
        "se": error,
        "levers": [
            {
                "name": name,
                "option": not is_key(name),
                "order": sorted(range(len(values)), key=lambda k: values[k]),
                "levels": list(values),
                "spend": list(found.space.spends[place]),
            }
            for place, (name, values) in enumerate(portfolio.levels.items())
        ],
        "main": []
        if emulator is None
        else [[*level, emulator.main[level]] for level in emulator.main if level in levels],
        "pairs": []
        if emulator is None
        else [
            [*one, *other, emulator.pairs[one, other]]
            for one, other in emulator.pairs
            if (one, other) in pairs
        ],
        "simulated": {
            ",".join(map(str, mix)): [told.mean, told.low, told.high]
            for mix, told in ((mix, told_of(each, mix)) for mix, each in found.seen.items())
        },
        "pick": list(found.pick),
    }


def is_key(name: str) -> bool:
    """Return whether a lever is a number of the scenario, by its key; else it is an option."""
    return _KEY.fullmatch(name) is not None


def _emulator(found: Found) -> Emulator | None:
    """Return the emulator; where all was simulated, one of that; None: only the baseline was."""
    if found.emulator is not None:
        return found.emulator
    mixes = [mix for mix in found.seen if any(mix)]
    if not mixes:
        return None
    worth = np.array([found.seen[mix].mean() for mix in mixes])
    return fit(mixes, worth, sizes=found.space.sizes)


def _seen(found: Found) -> tuple[set[Level], set[tuple[Level, Level]]]:
    """Return the levels that some simulated mix has, and the pairs of them."""
    own = [_levels(mix) for mix in found.seen]
    return (
        {level for levels in own for level in levels},
        {pair for levels in own for pair in combinations(levels, 2)},
    )


def _levels(mix: Mix) -> list[Level]:
    return [(lever, k) for lever, k in enumerate(mix) if k]
