"""Means with intervals, and paired differences, over replications.

Arrays are [R, K]: replications, rows of outcome and group. An undefined value (nan)
leaves its replication out of its own row only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pathsim.elementary import exp, ln
from pathsim.elementary.ordered import total
from pathsim.elementary.student import student_quantile
from pathsim.engine.contract import Floats, Ints

CONFIDENCE = 0.95
ROUNDING = 1e-12
"""A spread this small, beside the values that differ, is that of their rounding."""


class Estimates(NamedTuple):
    """Mean over replications, its standard error and its 95% interval, each [K]."""

    mean: Floats
    se: Floats
    low: Floats
    high: Floats


class Levels(NamedTuple):
    """What one scenario's replications say of its outcomes, each [K]."""

    estimates: Estimates
    same_in: Floats
    """How many replications there are, if all have the same value; nan: some differ."""
    sd_doubt: Floats
    """Spread of the expected value over the states of the world; nan: there are none."""
    sd_chance: Floats
    """Spread of the value of a single year."""


class Paired(NamedTuple):
    """An option against the baseline, replication by replication, each [K]."""

    baseline: Floats
    """Mean of the baseline over the replications in which both are defined; if none, its own."""
    option: Floats
    difference: Estimates
    """Of option minus baseline."""
    share_of_years_better: Floats
    """Share of replications in which the option does better, ties half; nan: no direction is."""
    variance_ratio: Floats
    """Variance of a difference of independent runs over that of the paired difference.

    nan: the difference has no variance.
    """
    same_in: Floats
    """How many replications there are, if none of them differs; nan: some do."""
    probability_better: Floats
    """Of the expected difference, over the states of the world; nan: no direction is better, or
    there are no states."""
    sd_doubt: Floats
    """Spread of the expected difference over the states of the world; nan: there are none."""
    sd_chance: Floats
    """Spread of the difference of a single year, with the same luck on both sides."""

    @property
    def differs_at_most(self) -> Floats:
        """Where none differs, the share of replications that may yet do so."""
        return differs_at_most(self.same_in)


def differs_at_most(same_in: Floats) -> Floats:
    """Return the share of replications that may yet differ where none of so many does.

    That is the upper end of the one-sided 95% interval, about 3 over their number.
    """
    return 1.0 - exp(ln(np.full(len(same_in), 1 - CONFIDENCE)) / same_in)


def estimate(values: Floats) -> Estimates:
    """Return the mean with Student's 95% interval; one replication has no interval (nan)."""
    return _estimates(*moments(values))


def _estimates(n: Floats, mean: Floats, variance: Floats) -> Estimates:
    with np.errstate(invalid="ignore"):
        se = np.sqrt(variance / n)
        half = student_quantile(n - 1.0, (1 + CONFIDENCE) / 2) * se
    # No spread at all leaves 0, not the rounding of a mean; it also spares inf x 0.
    half = np.where(se == 0, 0.0, half)
    return Estimates(mean, se, mean - half, mean + half)


def estimate_levels(values: Floats) -> Levels:
    """Return means with their intervals; where all of several are the same, there is none."""
    found = estimate(values)
    n: Floats = (~np.isnan(values)).sum(axis=0).astype(np.float64)
    shown, same_in = without_interval(found, found.se == 0, n)
    unknown = np.full(values.shape[1], np.nan)
    return Levels(shown, same_in, unknown, found.se * np.sqrt(n))


def compare_pairs(baseline: Floats, option: Floats, *, better: Ints) -> Paired:
    """Return the paired comparison of two [R, K] arrays.

    better: [K] the sign of a better difference, 0 where no direction is better.
    """
    difference = option - baseline + 0.0  # + 0.0: no negative zero
    defined = ~np.isnan(difference)
    level = np.fmax(np.abs(baseline), np.abs(option)).max(axis=0, initial=0.0, where=defined)
    if not defined.all():
        usable = defined | ~defined.any(axis=0)
        baseline = np.where(usable, baseline, np.nan)
        option = np.where(usable, option, np.nan)
    _, mean_baseline, variance_baseline = moments(baseline)
    _, mean_option, variance_option = moments(option)
    n, mean, variance = moments(difference)
    gain = np.sign(difference) * better
    with np.errstate(invalid="ignore", divide="ignore"):
        wins = np.where(defined, (gain > 0) + 0.5 * (gain == 0), 0.0).sum(axis=0)
        chance = np.where((better != 0) & (n > 0), wins / n, np.nan)
        rounding = ROUNDING * level
        spread = variance > rounding * rounding
        saved = np.where(spread, (variance_baseline + variance_option) / variance, np.nan)
    same = (n > 1) & ~spread
    estimates, same_in = without_interval(_estimates(n, mean, variance), same, n)
    unknown = np.full(len(better), np.nan)
    return Paired(
        baseline=mean_baseline,
        option=mean_option,
        difference=estimates,
        share_of_years_better=chance,
        variance_ratio=saved,
        same_in=same_in,
        probability_better=unknown,
        sd_doubt=unknown,
        sd_chance=np.sqrt(variance),
    )


def without_interval(
    difference: Estimates, same: NDArray[np.bool_], n: Floats
) -> tuple[Estimates, Floats]:
    """Leave out the interval where all replications say the same: that proves no certainty.

    Return the estimates, and the number of such replications, nan elsewhere.
    """
    shown = [np.where(same, np.nan, each) for each in difference[1:]]
    return Estimates(difference.mean, *shown), np.where(same, n, np.nan)


def joined(parts: Sequence[Estimates]) -> Estimates:
    """Return the estimates of all rows, from those of some and some."""
    return Estimates(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def joined_levels(parts: Sequence[Levels]) -> Levels:
    """Return the levels of all rows, from those of some and some."""
    estimates, *columns = zip(*parts, strict=True)
    return Levels(joined(estimates), *(np.concatenate(column) for column in columns))


def joined_pairs(parts: Sequence[Paired]) -> Paired:
    """Return the comparison of all rows, from those of some and some."""
    columns = dict(zip(Paired._fields, zip(*parts, strict=True), strict=True))
    difference = joined(columns.pop("difference"))
    return Paired(
        difference=difference,
        **{name: np.concatenate(column) for name, column in columns.items()},
    )


def moments(values: Floats) -> tuple[Floats, Floats, Floats]:
    """Return how many are defined, their mean, and their variance (n - 1), each [K].

    Where none is defined the mean is nan, and there is nothing to ask of the variance.
    """
    defined = ~np.isnan(values)
    n: Floats = defined.sum(axis=0).astype(np.float64)
    if defined.all() and len(values) > 0:
        return _moments_of_all(values, n)
    first = np.nanmax(np.where(defined, values, -np.inf), axis=0, initial=-np.inf)
    with np.errstate(invalid="ignore"):
        # Moments about one of the values: equal values then have no variance, exactly.
        shifted = np.where(defined, values - first, 0.0)
        shift = total(shifted.T) / n
        off = np.where(defined, shifted - shift, 0.0)
        variance = total((off * off).T) / (n - 1)
    return n, first + shift, variance


def _moments_of_all(values: Floats, n: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the moments where every value is defined: the same, in fewer steps."""
    first = values.max(axis=0)
    with np.errstate(invalid="ignore"):
        off = values - first
        shift = total(off.T) / n
        off -= shift
        off *= off
        variance = total(off.T) / (n - 1)
    return n, first + shift, variance
