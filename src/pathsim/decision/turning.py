"""Where a verdict turns: the value of one quantity, all else as drawn."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from pathsim.elementary.arrays import Floats

from .doubted import Input


class Switch(NamedTuple):
    """The value of a quantity at which an option's worth turns, all else as drawn."""

    input: Input
    value: float
    fails_above: bool
    inside: bool
    """Whether the value lies in the quantity's own 95% interval."""


def switches(means: Floats, closest: list[Input]) -> list[Switch]:
    """Return where the worth turns along the straight line on each of the closest inputs.

    The line is on the quantity itself, as money is straight in a price and nearly so in a ratio.
    """
    found = []
    for each in closest:
        values = np.array([each.value(number) for number in each.column.tolist()])
        off = values - values.mean()
        spread = float(off @ off)
        slope = float(off @ means) / spread if spread > 0.0 else 0.0
        if slope == 0.0:
            continue
        value = float(values.mean() - means.mean() / slope)
        inside = bool(each.low <= value <= each.high)
        found.append(Switch(each, value, fails_above=slope < 0.0, inside=inside))
    return found
