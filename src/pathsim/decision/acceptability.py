"""Which option is the best, by what a unit of effect is worth.

Net benefit is effect times what a unit of it is worth, less cost. The acceptability curve is the
share of draws in which an option is the best; the frontier follows the option whose mean is the
best, which is the one to take, though it need not be best in most draws (Fenwick, Claxton and
Sculpher, Health Economics 10 (2001), 779-787).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from pathsim.decision.draws import numbers, options_of
from pathsim.decision.information.perfect import perfect_value, prepare_perfect
from pathsim.elementary.arrays import Floats, Places
from pathsim.errors import InputError, Problem


class Acceptability(NamedTuple):
    """The best option by what a unit of effect is worth; thresholds [K], options [N]."""

    thresholds: Floats
    probability_best: Floats
    """[K, N]; where options tie for the best in a draw they share it."""
    best: Places
    """[K] the option whose mean net benefit is best: the frontier; of equal ones the first."""
    frontier: Floats
    """[K] the chance that it is the best."""
    evpi: Floats
    """[K] what it would be worth to know, in money."""

    def table(self, options: Sequence[str]) -> pd.DataFrame:
        """Return a row a threshold: it, each option's chance, `best`, `frontier` and `evpi`."""
        chances = dict(zip(options, self.probability_best.T, strict=True))
        named = [options[place] for place in self.best]
        ends = {"best": named, "frontier": self.frontier, "evpi": self.evpi}
        return pd.DataFrame({"threshold": self.thresholds} | chances | ends)


def acceptability(effects: ArrayLike, costs: ArrayLike, *, thresholds: ArrayLike) -> Acceptability:
    """Return which option is the best at each threshold, and how surely.

    effects, costs: [D, N] of draws and options, the noise of replications taken out of their
    spread; more effect is better, such as reoffences avoided. thresholds: [K] what a unit of
    effect is worth, in the unit of costs. Raises InputError.
    """
    effect, cost = options_of(effects, key="effects"), options_of(costs, key="costs")
    if effect.shape != cost.shape:
        shape, allowed = list(cost.shape), f"{list(effect.shape)}, as effects"
        raise InputError(Problem("has the wrong shape", key="costs", found=shape, allowed=allowed))
    worth = numbers(thresholds, key="thresholds", axes=("thresholds",))
    if not worth.size:
        raise InputError(Problem("is empty", key="thresholds", allowed="one threshold or more"))
    at_each = [effect * each - cost for each in worth]
    chance = np.array([chance_best(each) for each in at_each]).reshape(len(worth), -1)
    best = np.array([np.argmax(each.mean(axis=0)) for each in at_each], np.intp)
    evpi = np.array([perfect_value(prepare_perfect(each)) for each in at_each])
    return Acceptability(worth, chance, best, chance[range(len(worth)), best], evpi)


def chance_best(net_benefit: Floats) -> Floats:
    """Return the share of draws in which each option is the best, [N]; ties are shared."""
    best = net_benefit == net_benefit.max(axis=1, keepdims=True)
    return np.asarray(np.mean(best / best.sum(axis=1, keepdims=True), axis=0))
