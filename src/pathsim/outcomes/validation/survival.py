"""How many have not reoffended by when, with those who are followed for less long.

Kaplan and Meier, "Nonparametric estimation from incomplete observations", Journal of the American
Statistical Association 53 (1958), 457-481, with Greenwood's variance on the scale of
log(-log survival), so that intervals stay within 0 and 1 (Kalbfleisch and Prentice, 1980).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pathsim.elementary import exp, ln
from pathsim.elementary.ordered import running

from .shares import Z95

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pathsim.elementary.arrays import Floats

    Ints = NDArray[np.int64]


class Survival(NamedTuple):
    """At days of a curve, each [days]."""

    at_risk: Ints
    """People who were followed until then and had not reoffended before."""
    reoffended: Ints
    """People who had reoffended by then."""
    survival: Floats
    low: Floats
    high: Floats
    """Ends of the 95% interval; nan where nobody has reoffended yet, or nobody is left."""


def kaplan_meier(days: Floats, reoffended: NDArray[np.bool_], *, at: Floats) -> Survival:
    """Return the share who have not reoffended by each of the days `at`, which rise.

    days: to the first reoffence, or how long the person was followed without one. Who is followed
    until a day on which others reoffend is at risk on it. Past the day until which anybody was
    followed nothing is known: nan.

    Examples
    --------
    >>> import numpy as np
    >>> from pathsim.outcomes.validation.survival import kaplan_meier
    >>> days = np.array([1.0, 2.0, 2.0, 3.0])
    >>> found = kaplan_meier(days, np.array([True, True, False, True]), at=np.array([1.0, 2.5]))
    >>> found.survival.tolist(), found.at_risk.tolist()
    ([0.75, 0.5], [4, 1])
    """
    every = np.sort(days)
    times, events = np.unique(days[reoffended], return_counts=True)
    risk = len(days) - np.searchsorted(every, times, side="left")
    left = risk - events
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(left > 0, events / (risk * np.maximum(left, 1.0)), np.inf)
        curve = np.multiply.accumulate(np.concatenate([[1.0], left / risk]))
        spread = running(np.concatenate([[0.0], terms]))
    place = np.searchsorted(times, at, side="right")
    survival, variance = curve[place], spread[place]
    low, high = _interval(survival, variance)
    known = at <= (every[-1] if len(every) else -1.0)
    known |= survival == 0.0
    return Survival(
        at_risk=(len(days) - np.searchsorted(every, at, side="left")).astype(np.int64),
        reoffended=np.concatenate([[0], np.add.accumulate(events)])[place].astype(np.int64),
        survival=np.where(known, survival, np.nan),
        low=np.where(known, low, np.nan),
        high=np.where(known, high, np.nan),
    )


def _interval(survival: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Return the ends of the interval on the scale of log(-log survival)."""
    inside = (survival > 0.0) & (survival < 1.0)
    held = np.where(inside, survival, 0.5)
    wide = Z95 * np.sqrt(np.where(inside, variance, 0.0)) / -ln(held)
    low, high = (exp(ln(held) * exp(sign * wide)) for sign in (1.0, -1.0))
    return np.where(inside, low, np.nan), np.where(inside, high, np.nan)
