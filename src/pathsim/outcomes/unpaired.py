"""Two independent samples of replications: Welch's interval, and the chance of doing better."""

from __future__ import annotations

import numpy as np

from pathsim.elementary import exp, ln
from pathsim.elementary.student import student_quantile
from pathsim.engine.contract import Floats, Ints

from .statistics import CONFIDENCE, Estimates, Paired, estimate, without_interval


def compare_apart(baseline: Floats, option: Floats, *, better: Ints) -> Paired:
    """Return the comparison of two independent [R, K] arrays.

    better: [K] the sign of a better difference, 0 where no direction is better. The chance
    is over all pairs of a replication here and one there; no variance is saved (nan).
    """
    ours, theirs = estimate(baseline), estimate(option)
    difference = theirs.mean - ours.mean + 0.0  # + 0.0: no negative zero
    apart = [each.se * each.se for each in (ours, theirs)]
    variance = apart[0] + apart[1]
    se = np.sqrt(variance)
    with np.errstate(invalid="ignore"):
        freedom = (variance * variance) / sum(
            each * each / ((~np.isnan(values)).sum(axis=0) - 1.0)
            for each, values in zip(apart, (baseline, option), strict=True)
        )
    half = quantile_95(freedom) * se
    estimates = Estimates(difference, se, difference - half, difference + half)
    least = np.minimum(*((~np.isnan(values)).sum(axis=0) for values in (baseline, option)))
    estimates, same_in = without_interval(estimates, se == 0, least)
    unknown = np.full(len(better), np.nan)
    return Paired(
        baseline=ours.mean,
        option=theirs.mean,
        difference=estimates,
        share_of_years_better=_chance(baseline, option, better),
        variance_ratio=unknown,
        same_in=same_in,
        probability_better=unknown,
        sd_doubt=unknown,
        sd_chance=unknown,
    )


def quantile_95(degrees: Floats) -> Floats:
    """Return Student's two-sided 95% point at degrees of freedom that need not be whole.

    Between whole ones its logarithm is taken as linear in their inverse: within 0.1% above
    three degrees, within 3% below two.
    """
    whole = np.fmax(np.floor(degrees), 1.0)
    below, above = (student_quantile(each, (1 + CONFIDENCE) / 2) for each in (whole, whole + 1.0))
    part = (1.0 / whole - 1.0 / degrees) * whole * (whole + 1.0)
    return np.where(degrees >= 1, below * exp(part * ln(above / below)), np.nan)


def _chance(baseline: Floats, option: Floats, better: Ints) -> Floats:
    """Return the share of pairs in which the option does better, ties half."""
    chance = np.full(len(better), np.nan)
    for row in np.flatnonzero(better):
        ours, theirs = (np.sort(each[~np.isnan(each[:, row]), row]) for each in (baseline, option))
        if len(ours) and len(theirs):
            below = np.searchsorted(ours, theirs, side="left").sum()
            above = len(ours) * len(theirs) - np.searchsorted(ours, theirs, side="right").sum()
            ties = len(ours) * len(theirs) - below - above
            wins = below if better[row] > 0 else above
            chance[row] = (wins + 0.5 * ties) / (len(ours) * len(theirs))
    return chance
