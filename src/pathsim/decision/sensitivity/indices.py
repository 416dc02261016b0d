"""Shares of the variance: how much of an outcome's doubt each input accounts for by itself.

The first-order index of an input is Var(E[outcome | input]) / Var(outcome) (Sobol, Mathematical
Modelling and Computational Experiments 1 (1993), 407-414). It is read off the curve through the
draws at hand, with what any curve would take by chance taken off: one less the unexplained
variance, by its degrees of freedom, over all of it.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from pathsim.arguments import plain_number, whole
from pathsim.decision.draws import inputs_of, one_outcome
from pathsim.decision.regression.points import points_of
from pathsim.decision.regression.smooth import SHUFFLES, Smooth, by_splines, one_thread, resampled
from pathsim.decision.resampling import RESAMPLES
from pathsim.elementary.arrays import Floats
from pathsim.errors import InputError, Problem

from .curves import above_chance

CHANCE: Final = "chance"
REST: Final = "together, or not resolved"


@one_thread
def first_order(  # noqa: PLR0913 keyword-only choices of one estimate
    outcome: ArrayLike,
    inputs: pd.DataFrame,
    *,
    chance: float = 0.0,
    shuffles: int = SHUFFLES,
    resamples: int = RESAMPLES,
    seed: int = 1,
) -> pd.DataFrame:
    """Return each input's share of an outcome's variance, from the largest; then chance's.

    outcome: [D] as simulated. inputs: [D, P], independent of each other. chance: the part of the
    outcome's variance that is the noise of replications, in its unit squared. An input that is not
    above what chance gives has 0.

    Columns: `input`, `share`, `se` (nan for chance and the rest). The last two rows are chance, and
    what inputs do together or was not resolved; shares add up to 1. Raises InputError.
    """
    values = one_outcome(outcome, key="outcome")
    table = inputs_of(inputs, draws=len(values))
    shuffles = whole(shuffles, key="shuffles", least=19, most=10_000)
    resamples = whole(resamples, key="resamples", least=20, most=10_000)
    luck = _share_of_chance(chance, float(values.var(ddof=1)))
    rows = []
    for name in table.columns:
        smooth = prepare_index(values, table[name].to_numpy())
        seen = above_chance(smooth, shuffles=shuffles, seed=seed)
        error = index_error(smooth, resamples=resamples, seed=seed)
        rows.append((name, index_value(smooth) if seen else 0.0, error))
    rows.sort(key=lambda row: -row[1])
    rest = 1.0 - luck - sum(share for _, share, _ in rows)
    rows += [(CHANCE, luck, np.nan), (REST, rest, np.nan)]
    return pd.DataFrame(rows, columns=["input", "share", "se"])


def prepare_index(values: Floats, column: Floats) -> Smooth:
    """Return what is expected of an outcome, [D, 1], along an input, [D]."""
    return by_splines(points_of(column[:, None]), values)


def index_value(smooth: Smooth) -> float:
    """Return the share of the variance, between 0 and 1."""
    return _share(smooth, smooth.expected, np.ones(len(smooth.outcomes)))


def index_error(smooth: Smooth, *, resamples: int, seed: int) -> float:
    """Return the standard error of the share over draws."""
    again = resampled(smooth, resamples=resamples, seed=seed)
    return float(np.std([_share(smooth, expected, counts) for counts, expected in again], ddof=1))


def _share(smooth: Smooth, expected: Floats, counts: Floats) -> float:
    draws = counts.sum()
    off = smooth.outcomes - counts @ smooth.outcomes / draws
    all_of_it = float(np.sum(counts @ off**2))
    left = float(np.sum(counts @ (smooth.outcomes - expected) ** 2))
    if all_of_it == 0.0:
        return 0.0
    free = draws - float(smooth.degrees[0])
    return float(np.clip(1.0 - left / all_of_it * (draws - 1.0) / free, 0.0, 1.0))


def _share_of_chance(chance: float, variance: float) -> float:
    number = plain_number(chance)
    if number is None or not 0.0 <= number <= variance:
        allowed = f"0 to {variance:g}, the variance of the outcome"
        raise InputError(Problem("is out of range", key="chance", found=chance, allowed=allowed))
    return number / variance if variance > 0.0 else 0.0
