"""How the hazard changes with time since the index date, in steps: its shape and its decay."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pathsim.elementary import exp
from pathsim.elementary.ordered import running
from pathsim.engine.counted import DAYS_IN_YEAR

if TYPE_CHECKING:
    from pathsim.engine.contract import Floats
    from pathsim.scenario.justice import Hazard

STEPS_YEARS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0)
"""Where the steps of a decay begin; in each the hazard is the mean of the exponential there.

After the last it stays what it is then: an index event begins it anew, and few are without one for
so long.
"""


class Profile(NamedTuple):
    """Steps: the day from which each holds, its ratio, and the integral up to it."""

    days: Floats
    ratios: Floats
    integral: Floats


def profile_of(hazard: Hazard, *, decay_per_year: float) -> Profile:
    """Return the steps of a hazard's shape, times an exponential fall of so much a year."""
    days, ratios = np.array(hazard.shape.from_days), np.array(hazard.shape.ratios)
    if decay_per_year > 0.0:
        steps = np.union1d(days, np.array(STEPS_YEARS) * DAYS_IN_YEAR)
        ratios = ratios[np.searchsorted(days, steps, side="right") - 1]
        ratios *= _mean_between(decay_per_year / DAYS_IN_YEAR, steps)
        days = steps
    integral = np.concatenate([[0.0], running(np.diff(days) * ratios[:-1])])
    return Profile(days, ratios, integral)


def _mean_between(rate: float, steps: Floats) -> Floats:
    """Return the means of exp(-rate t) between steps, and its value at the last one."""
    left = exp(-rate * steps)
    means = (left[:-1] - left[1:]) / (rate * np.diff(steps))
    return np.concatenate([means, left[-1:]])
