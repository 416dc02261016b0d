"""Doubt and chance told apart: between states of the world, and between their replications.

Values are differences of an option from the baseline with the same random numbers, [D, r, K]:
draws of the state of the world, replications in each draw, rows of outcome and group. The true
expected difference of a draw varies with doubt. The mean of a draw's replications has the luck of
these replications as well, so what varies between draws is doubt and a part of chance, which is
taken off. An undefined value (nan) leaves its replication out of its own row only, and a draw with
nothing defined is left out of that row.

Errors are those of independent draws. Draws from stratified points lie more evenly, so their mean
is nearer the truth than is said here: intervals may then be slightly wide.

Intervals are Student's and not quantiles of the draws. In 20,000 toy studies with normal and with
lognormal doubt (skewness up to 6) both covered as they should; Student's were narrower and moved
less from study to study. Where doubt is skewed, nearly all misses are on the side of its tail.

Variance components: Searle, Casella and McCulloch, "Variance components" (1992), chapter 3;
degrees of freedom: Satterthwaite, Biometrics Bulletin 2 (1946), 110-114.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pathsim.elementary.normal import normal_below
from pathsim.elementary.ordered import total
from pathsim.engine.contract import Floats, Ints
from pathsim.errors import InputError, Problem

from .statistics import ROUNDING, Estimates, moments, without_interval
from .unpaired import quantile_95

FEWEST_DRAWS: Final = 32
"""What fewer draws say of doubt is too rough to stop at."""
_MANY_DRAWS: Final = 256
"""So many tell doubt from chance that is larger in the mean of a draw."""
_CLEAR: Final = 0.5
"""Chance in the mean of a draw over doubt, as variances, at which fewer draws tell them apart."""
_FEWEST_DEGREES: Final = 3.0
"""Where doubt is hardly seen beside chance, Satterthwaite's rule comes near none: so few cover."""


class DrawEstimates(NamedTuple):
    """The expected difference with its doubt, and chance beside it, each [K]."""

    mean: Floats
    """Over the draws, each of which counts the same."""
    se: Floats
    """Monte Carlo error of the mean: more draws, or more replications, make it smaller."""
    low: Floats
    high: Floats
    """95% interval of doubt about the expected difference, Monte Carlo error included."""
    sd_doubt: Floats
    """Of the expected difference between draws, without chance."""
    sd_chance: Floats
    """Of one replication about its draw's expected difference."""
    draws: Floats
    """In which the row is defined."""
    replications: Floats
    """Defined in such a draw: their harmonic mean."""
    same_in: Floats
    """How many replications there are, if none of them differs; nan: some do."""

    @property
    def chance_in_a_draw(self) -> Floats:
        """Variance that chance leaves in the mean of a draw."""
        return self.sd_chance * self.sd_chance / self.replications


class _Parts(NamedTuple):
    """Variance taken apart, each [K], and the draws' means, [D, K]."""

    means: Floats
    draws: Floats
    mean: Floats
    between: Floats
    """Of the draws' means: doubt, and chance."""
    within: Floats
    """Of a replication in its draw, by all draws."""
    freedom: Floats
    """Degrees of freedom of `within`."""
    replications: Floats
    values: Floats
    """How many are defined, over all draws."""
    same: NDArray[np.bool_]

    @property
    def noise(self) -> Floats:
        """Variance that chance leaves in the mean of a draw."""
        return self.within / self.replications

    @property
    def doubt(self) -> Floats:
        """Variance of doubt, without bias but for what is below 0."""
        return np.maximum(self.between - self.noise, 0.0)

    @property
    def hidden(self) -> Floats:
        """Variance of doubt that chance may hide: the standard error of that of doubt.

        It is told by so many draws of chance alone.
        """
        return self.noise * np.sqrt(2.0 / (self.draws - 1.0))


def estimate_draws(values: Floats, *, level: Floats | None = None) -> DrawEstimates:
    """Return the expected difference, its doubt and its chance.

    The interval is Student's about the mean, of doubt and Monte Carlo error together. Where less
    doubt is seen than chance may hide, it is of what may be hidden: that none is seen is not that
    there is none. It covers the expected difference in a new
    state of the world in 93-97% of studies while chance in the mean of a draw is at most 0.5 of
    doubt (64 draws) or 1.3 (256 draws), as standard deviations. Beyond that doubt may go unseen;
    then `advice` asks for replications.

    values: [D, r, K], r 2 or more. level: [K] the greatest size of what was subtracted, whose
    rounding is no difference; left out, that of the differences. Raises InputError.
    """
    return _estimates(_parts(values, level))


def _estimates(parts: _Parts) -> DrawEstimates:
    n, mean, between = parts.draws, parts.mean, parts.between
    with np.errstate(invalid="ignore", divide="ignore"):
        se = np.sqrt(between / n)
        both = np.maximum(parts.doubt, parts.hidden) + between / n
        together = between * (1.0 + 1.0 / n)
        error = together * together / (n - 1.0) + parts.noise * parts.noise / parts.freedom
        degrees = np.where(parts.doubt > parts.hidden, both * both / error, n - 1.0)
        degrees = np.minimum(np.fmax(degrees, _FEWEST_DEGREES), n - 1.0)
        half = quantile_95(degrees) * np.sqrt(both)
        doubt, chance = np.sqrt(parts.doubt), np.sqrt(parts.within)
    found = Estimates(mean, se, mean - half, mean + half)
    found, same_in = without_interval(found, parts.same, parts.values)
    return DrawEstimates(*found, doubt, chance, n, parts.replications, same_in)


def probability_better(values: Floats, better: Ints) -> Floats:
    """Return the probability over doubt that the expected difference is better, [K].

    It is the mean, over draws without the spread of chance, of the normal probability that the
    draw is better once the Monte Carlo error of the mean is added, and as much doubt as chance may
    hide beyond what is seen. No difference at all counts half. Of options of which 80% is said,
    80% are better, while chance in the mean of a draw is at most 1.3 of doubt, as standard
    deviations.
    Where doubt is skewed and chance about as large, the skew is lost in part.

    values: [D, r, K]. better: [K] the sign of a better difference; nan where it is 0, and where
    there are no two draws. Raises InputError.
    """
    return _probability(_parts(values, None), better)


def estimates_and_probability(
    values: Floats, better: Ints, *, level: Floats | None = None
) -> tuple[DrawEstimates, Floats]:
    """Return both `estimate_draws` and `probability_better`, whose parts are taken once.

    A mean within the rounding of `level` is no difference. Raises InputError.
    """
    parts = _parts(values, level)
    found = _estimates(parts)
    if level is not None:
        none = parts.same & (np.abs(parts.mean) <= ROUNDING * level)
        parts = parts._replace(mean=np.where(none, 0.0, parts.mean))
    return found, _probability(parts, better)


def _probability(parts: _Parts, better: Ints) -> Floats:
    moved = _shrunk(parts.means, parts.mean, parts.between, parts.noise) * better
    with np.errstate(invalid="ignore", divide="ignore"):
        unseen = np.maximum(parts.hidden - parts.doubt, 0.0)
        se = np.sqrt(parts.between / parts.draws + unseen)
        sure = 0.5 * (1.0 + np.sign(moved))
        each = np.where(se > 0.0, normal_below(moved / se), sure)
        found = total(np.where(np.isnan(parts.means), 0.0, each).T) / parts.draws
    return np.where((better != 0) & ~np.isnan(parts.between), found, np.nan)


def share_of_years_better(values: Floats, better: Ints) -> Floats:
    """Return in what share of replications, over all draws, the option does better, [K].

    That is with the same luck on both sides; ties count half. nan: no direction is better, or
    nothing is defined. values: [D, r, K]. better: [K]. Raises InputError.
    """
    check_draws(values)
    gain = np.sign(values) * better
    defined = ~np.isnan(gain)
    wins = np.where(defined, 0.5 * (1.0 + gain), 0.0).sum(axis=(0, 1))  # halves add up exactly
    n = defined.sum(axis=(0, 1))
    return np.where((better != 0) & (n > 0), wins / np.maximum(n, 1), np.nan)


def advice(estimates: DrawEstimates, *, row: int = 0) -> str:
    """Return in words what would narrow the answer of a row most, the first unless told."""
    _, se, _, _, doubt, _, draws, _, same_in = (float(each[row]) for each in estimates)
    chance = float(estimates.chance_in_a_draw[row])
    if same_in > 0:
        return f"All {same_in:.0f} replications say the same: there is nothing to narrow."
    if not (se >= 0 and doubt >= 0):
        return "More draws: too few are defined to tell doubt from chance."
    if draws < FEWEST_DRAWS:
        return f"More draws: fewer than {FEWEST_DRAWS} say little of how wide doubt is."
    if se > doubt:
        return "More draws: the Monte Carlo error of the mean is larger than the doubt to be seen."
    if chance > doubt * doubt:
        return "More replications in each draw: their luck hides much of the doubt between draws."
    return "More evidence, not more computing: nearly all of the width is doubt."


def enough(estimates: DrawEstimates, precision: float) -> bool:
    """Return whether Monte Carlo error leaves every row's mean within `precision`, 95% sure.

    To be asked at doubling numbers of draws only, so that few looks are taken. It asks for what
    draws can narrow: doubt stays however many there are. It reads errors and no difference, so
    stopping favours no option. Below FEWEST_DRAWS it is never enough, nor below 256 where chance
    hides doubt: to stop there would choose the studies that by luck see none. So the interval
    at the stop covers as it does elsewhere. Where nothing differs there is nothing to narrow.

    precision: in the unit of the rows, above 0. Raises InputError.
    """
    if not precision > 0:
        allowed = "a number above 0, in the unit of the difference"
        raise InputError(Problem("is no precision", key="until", found=precision, allowed=allowed))
    draws, doubt = estimates.draws, estimates.sd_doubt
    same = ~np.isnan(estimates.same_in)
    with np.errstate(invalid="ignore"):
        near = quantile_95(draws - 1.0) * estimates.se <= precision
        clear = estimates.chance_in_a_draw <= _CLEAR * doubt * doubt
    told = near & (clear | (draws >= _MANY_DRAWS))
    return bool(((draws >= FEWEST_DRAWS) & (told | same)).all())


def deflate_rows(draw_means: Floats, noise: Floats) -> Floats:
    """Return the draws' means, each row's spread without that of chance.

    About their mean they are multiplied with sqrt(max(0, s^2 - noise) / s^2), s^2 being their
    variance. draw_means: [D, K]. noise: [K] variance that chance leaves in the mean of a draw.
    """
    _, mean, between = moments(draw_means)
    return _shrunk(draw_means, mean, between, noise)


def _parts(values: Floats, level: Floats | None) -> _Parts:
    check_draws(values)
    draws, replications, rows = values.shape
    each, means, variances = moments(values.swapaxes(0, 1).reshape(replications, -1))
    each, means, variances = (x.reshape(draws, rows) for x in (each, means, variances))
    n, mean, between = moments(means)
    freedom = total(np.maximum(each - 1.0, 0.0).T)
    inside = np.where(each > 1.0, variances * (each - 1.0), 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        within = total(inside.T) / freedom
        usual = n / total(np.where(each > 0.0, 1.0 / each, 0.0).T)
    count: Floats = total(each.T)
    same = _same(values, level) & (count > 1.0)
    between, within = (np.where(same, 0.0, x) for x in (between, within))
    return _Parts(means, n, mean, between, within, freedom, usual, count, same)


def _same(values: Floats, level: Floats | None) -> NDArray[np.bool_]:
    """Return the rows in which no value differs from another but by rounding."""
    defined = ~np.isnan(values)
    high = values.max(axis=(0, 1), initial=-np.inf, where=defined)
    low = values.min(axis=(0, 1), initial=np.inf, where=defined)
    size = np.maximum(np.abs(high), np.abs(low)) if level is None else level
    return np.asarray((high - low <= ROUNDING * size) & (high >= low))


def _shrunk(means: Floats, mean: Floats, between: Floats, noise: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        left = np.where(between > noise, np.sqrt((between - noise) / between), 0.0)
    return np.where(np.isnan(between), np.nan, mean + (means - mean) * left)


def check_draws(values: Floats) -> None:
    """Raise InputError unless there are draws with two replications or more."""
    if values.ndim != 3 or values.shape[0] < 1 or values.shape[1] < 2:
        raise InputError(
            Problem(
                "cannot be told apart into doubt and chance",
                key="values",
                found=list(values.shape),
                allowed="[draws, replications, rows], with 2 or more replications in a draw",
            )
        )
