"""One input at a time: what is expected of an outcome from one end of an input to the other.

The curve is the outcome's mean over all other inputs as they were drawn, by penalised splines. A
tornado that holds the others at their centres is another thing where inputs interact.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from pathsim.arguments import whole
from pathsim.decision.draws import inputs_of, one_outcome
from pathsim.decision.regression.points import points_of
from pathsim.decision.regression.smooth import (
    SHUFFLES,
    Smooth,
    by_splines,
    floor_of,
    one_thread,
    resampled,
    shuffled,
)
from pathsim.decision.resampling import RESAMPLES
from pathsim.elementary.arrays import Floats

ENDS: Final = (0.025, 0.975)


class Curve(NamedTuple):
    """What is expected of an outcome along one input."""

    smooth: Smooth
    inside: Floats
    """[D] 1 for a draw in the middle 95% of the input, else 0."""
    low: float
    """2.5% point of the input."""
    high: float
    ends: tuple[int, int]
    """Draws nearest to these from within."""


class Swing(NamedTuple):
    """How far an input moves an outcome over its middle 95%."""

    at_low: float
    at_high: float
    swing: float
    """Largest less smallest in between."""


@one_thread
def tornado(
    outcome: ArrayLike,
    inputs: pd.DataFrame,
    *,
    shuffles: int = SHUFFLES,
    resamples: int = RESAMPLES,
    seed: int = 1,
) -> pd.DataFrame:
    """Return how far each input moves an outcome: a row an input, from the farthest.

    outcome: [D] such as an option's difference from the baseline in net benefit, as simulated.
    inputs: [D, P]. An input that is not above what chance gives has the mean at both ends.

    Columns: `input`, `low` and `high` (its 2.5% and 97.5% points), `at_low` and `at_high` (the
    outcome expected there), `swing` (largest less smallest in between), `se` (of the swing),
    `seen`, `turns` (whether the outcome has both signs in between). Raises InputError.
    """
    values = one_outcome(outcome, key="outcome")
    table = inputs_of(inputs, draws=len(values))
    shuffles = whole(shuffles, key="shuffles", least=19, most=10_000)
    resamples = whole(resamples, key="resamples", least=20, most=10_000)
    rows = []
    for name in table.columns:
        curve = prepare_curve(values, table[name].to_numpy())
        seen = above_chance(curve.smooth, shuffles=shuffles, seed=seed)
        mean = float(values.mean())
        found = swing_of(curve, curve.smooth.expected) if seen else Swing(mean, mean, 0.0)
        error = swing_error(curve, resamples=resamples, seed=seed)
        turns = seen and crosses_zero(curve)
        rows.append((name, curve.low, curve.high, *found, error, seen, turns))
    columns = ["input", "low", "high", "at_low", "at_high", "swing", "se", "seen", "turns"]
    found_all = pd.DataFrame(rows, columns=columns)
    order = np.argsort(-found_all["swing"].to_numpy(), kind="stable")
    return found_all.iloc[order].reset_index(drop=True)


def prepare_curve(values: Floats, column: Floats) -> Curve:
    """Return the curve of an outcome, [D, 1], along an input, [D]."""
    low, high = (float(each) for each in np.quantile(column, ENDS))
    inside = (column >= low) & (column <= high)
    within = np.flatnonzero(inside)
    ends = within[np.argmin(column[within])], within[np.argmax(column[within])]
    smooth = by_splines(points_of(column[:, None]), values)
    return Curve(smooth, inside.astype(np.float64), low, high, (int(ends[0]), int(ends[1])))


def swing_of(curve: Curve, expected: Floats) -> Swing:
    """Return how far the input moves what is expected, [D, 1]."""
    between = expected[curve.inside > 0.0, 0]
    at_low, at_high = (float(expected[place, 0]) for place in curve.ends)
    return Swing(at_low, at_high, float(between.max() - between.min()))


def swing_error(curve: Curve, *, resamples: int, seed: int) -> float:
    """Return the standard error of the swing over draws."""
    again = resampled(curve.smooth, resamples=resamples, seed=seed)
    return float(np.std([swing_of(curve, expected).swing for _, expected in again], ddof=1))


def crosses_zero(curve: Curve) -> bool:
    """Return whether what is expected is above 0 at some of the middle 95% and below at others."""
    between = curve.smooth.expected[curve.inside > 0.0]
    return bool(between.min() < 0.0 < between.max())


def above_chance(smooth: Smooth, *, shuffles: int, seed: int) -> bool:
    """Return whether what is expected varies more than chance makes it, once in twenty times."""
    chance = shuffled(smooth, shuffles=shuffles, seed=seed)
    floor = floor_of(float(each.var()) for each in chance)
    return float(smooth.expected.var()) > max(floor, 1e-18 * float(np.mean(smooth.outcomes**2)))
