"""Cost for effect: which options nobody need choose, and what the others' next step costs.

An option is dominated if another costs no more and does no less. It is extendedly dominated if a
mix of two others would: then its step costs more for each unit than the step after it. The rest are
the frontier; each has the incremental cost-effectiveness ratio (ICER) of its step from the one
before (Drummond and others, Methods for the Economic Evaluation of Health Care Programmes, ch. 4).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from pathsim.decision.draws import numbers
from pathsim.elementary.arrays import Floats
from pathsim.errors import InputError, Problem

FRONTIER: Final = "frontier"
DOMINATED: Final = "dominated"
EXTENDEDLY: Final = "extendedly dominated"


def strategies(names: Sequence[str], *, costs: ArrayLike, effects: ArrayLike) -> pd.DataFrame:
    """Return the options, the frontier by cost first, then those off it by cost.

    costs, effects: [N] means; more effect is better. Of two that are equal the first stays.
    Columns: `option`, `cost`, `effect`, `cost_more` and `effect_more` than the one before on the
    frontier, `icer`, `status`; nan off the frontier and for its first. Raises InputError.
    """
    cost = numbers(costs, key="costs", axes=("options",))
    effect = numbers(effects, key="effects", axes=("options",))
    if not 0 < len(names) == len(cost) == len(effect):
        found = [len(names), len(cost), len(effect)]
        raise InputError(Problem("must be as many as names", key="costs, effects", found=found))
    undominated = _undominated(cost, effect)
    frontier = _hull(undominated, cost, effect)
    steps = np.full((len(names), 2), np.nan)
    for before, after in pairwise(frontier):
        steps[after] = cost[after] - cost[before], effect[after] - effect[before]
    status = np.full(len(names), DOMINATED, dtype=object)
    status[undominated] = EXTENDEDLY
    status[frontier] = FRONTIER
    others = [k for k in np.argsort(cost, kind="stable") if k not in frontier]
    table = pd.DataFrame(
        {
            "option": list(names),
            "cost": cost,
            "effect": effect,
            "cost_more": steps[:, 0],
            "effect_more": steps[:, 1],
            "icer": steps[:, 0] / steps[:, 1],
            "status": status.astype(str),
        }
    )
    return table.iloc[[*frontier, *others]].reset_index(drop=True)


def _undominated(cost: Floats, effect: Floats) -> list[int]:
    """Return, from the cheapest on, the options that do more than all that cost no more."""
    kept: list[int] = []
    for place in np.lexsort((-effect, cost)):
        if not kept or effect[place] > effect[kept[-1]]:
            kept.append(int(place))
    return kept


def _hull(places: list[int], cost: Floats, effect: Floats) -> list[int]:
    """Return those of undominated options whose steps cost more and more for each unit."""
    kept: list[int] = []
    for place in places:
        while len(kept) > 1:
            before, last = kept[-2:]
            here = (cost[last] - cost[before]) * (effect[place] - effect[last])
            following = (cost[place] - cost[last]) * (effect[last] - effect[before])
            if here <= following:
                break
            kept.pop()
        kept.append(place)
    return kept
