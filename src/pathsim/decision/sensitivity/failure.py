"""The assumptions under which an option fails, in one sentence.

A small tree looks for the box of at most two limits in which the option does worse than the
baseline. It is told what is expected of each draw, by regression on all inputs, and not the draw
itself: with few replications a draw may fail by luck. (Scenario discovery: Bryant and Lempert,
Technological Forecasting and Social Change 77 (2010), 34-49.)
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.tree import DecisionTreeClassifier

from pathsim.decision.draws import inputs_of, one_outcome
from pathsim.decision.regression.points import points_of
from pathsim.decision.regression.smooth import by_splines, one_thread
from pathsim.elementary.arrays import Floats

Bools = NDArray[np.bool_]
_LIMITS: Final = 2
_LEAST: Final = 0.02
"""Of the draws, in a box."""


class Limit(NamedTuple):
    """A limit of a box: an input below a value, or above it."""

    input: str
    below: bool
    value: float

    def __str__(self) -> str:
        """Return it in words."""
        return f"{self.input} is {'below' if self.below else 'above'} {_figure(self.value)}"


class Failure(NamedTuple):
    """Where an option does worse than the baseline; shares are of draws."""

    limits: tuple[Limit, ...]
    """None: there is no such box, or it fails everywhere."""
    fails: float
    """Of all draws."""
    fails_inside: float
    """Of the draws in the box; nan without one."""
    holds: float
    """Of the draws that fail, those in the box; nan without one."""

    @property
    def sentence(self) -> str:
        """Return it in words."""
        if self.fails == 0.0:
            return "It fails in none of the draws."
        everywhere = f"It fails in {_of_hundred(self.fails)}"
        if self.fails == 1.0:
            return f"{everywhere}."
        if not self.limits:
            return f"{everywhere}, and no one or two assumptions say where."
        where = " and ".join(str(limit) for limit in self.limits)
        inside = f"there it fails in {_of_hundred(self.fails_inside)}"
        return (
            f"It fails mostly where {where}: {inside}, "
            f"and {_of_hundred(self.holds, of='of its failures')} lie there."
        )


@one_thread
def failure_box(difference: ArrayLike, inputs: pd.DataFrame, *, seed: int = 1) -> Failure:
    """Return the box of one or two limits in which most draws fail and most failures lie.

    difference: [D] of the option from the baseline, as simulated, more being better; below 0 it
    fails. inputs: [D, P]. Of boxes in which more than half of the draws fail it is the one that
    holds the most failures. seed: of the order in which equal inputs are tried. Raises InputError.
    """
    values = one_outcome(difference, key="difference")
    table = inputs_of(inputs, draws=len(values))
    expected = by_splines(points_of(table.to_numpy()), values).expected[:, 0]
    return box_of(expected < 0.0, table, seed=seed)


def box_of(fails: Bools, inputs: pd.DataFrame, *, seed: int) -> Failure:
    """Return the box that holds the most of the draws that fail, [D], by inputs [D, P]."""
    share = float(fails.mean())
    none = Failure((), share, np.nan, np.nan)
    if not 0.0 < share < 1.0 or inputs.shape[1] == 0:
        return none
    tree = DecisionTreeClassifier(
        max_depth=_LIMITS, min_samples_leaf=max(int(_LEAST * len(fails)), 1), random_state=seed
    )
    points = inputs.to_numpy()
    leaves = tree.fit(points, fails).apply(points)
    boxes = [leaf for leaf in np.unique(leaves) if np.mean(fails[leaves == leaf]) > 0.5]
    if not boxes or len(np.unique(leaves)) == 1:
        return none
    best = max(boxes, key=lambda leaf: int(np.sum(fails[leaves == leaf])))
    limits = _limits(tree, int(best), list(inputs.columns))
    inside = _inside(limits, inputs)
    return Failure(limits, share, float(fails[inside].mean()), float(inside[fails].mean()))


def _limits(tree: DecisionTreeClassifier, leaf: int, names: list[str]) -> tuple[Limit, ...]:
    """Return the limits from the tree's root to a leaf, the tighter of two on the same side."""
    parts = tree.tree_
    found: dict[tuple[str, bool], float] = {}
    node = leaf
    while node != 0:
        below = bool((parts.children_left == node).any())
        parent = int(
            np.flatnonzero((parts.children_left if below else parts.children_right) == node)[0]
        )
        key, value = (names[parts.feature[parent]], below), float(parts.threshold[parent])
        found.setdefault(key, value)  # nearer to the leaf is tighter
        node = parent
    return tuple(Limit(name, below, value) for (name, below), value in reversed(found.items()))


def _inside(limits: tuple[Limit, ...], inputs: pd.DataFrame) -> Bools:
    inside = np.ones(len(inputs), np.bool_)
    for limit in limits:
        column: Floats = inputs[limit.input].to_numpy()
        inside &= column <= limit.value if limit.below else column > limit.value
    return inside


def _figure(value: float) -> str:
    """Return three digits, or all of a whole number."""
    return f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value:.3g}"


def _of_hundred(share: float, *, of: str = "draws") -> str:
    """Return a share as so many of 100; neither none nor all of them unless it is."""
    hundred = round(100.0 * share)
    if share > 0.0 and hundred == 0:
        return f"fewer than 1 of 100 {of}"
    if share < 1.0 and hundred == 100:
        return f"more than 99 of 100 {of}"
    return f"{hundred} of 100 {of}"
