"""From a study's result to the ratio of a person's hazard that reproduces it.

People differ. Those at high risk reoffend with or without treatment, those at low risk do not, so
the same ratio on everybody's hazard moves the share who reoffend by less than it would if all
were alike. The share of the untreated is

    p(k) = sum over people i of w_i E[1 - exp(-k b_i exp(sigma z))],   z standard normal

with b_i the base hazard of what the study counts as reoffending, sigma the spread of frailty, and
k the level times the integral G of the hazard's shape over the follow-up. The level is scaled so
that p(k0) is the study's own untreated share. The treated one comes with c_i b_i in place of b_i,
c_i = 1 - f_i + f_i R and f_i the part of b_i that is of offences on which the treatment acts: all
of it mostly, and then k0 R gives it. A treatment that acts on the part a of the time's hazard has
the ratio r with R = r a + 1 - a.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from scipy.optimize import brentq

from pathsim.theory import hazard_ratio_from_rates

if TYPE_CHECKING:
    from pathsim.elementary.arrays import Floats
    from pathsim.scenario.effect import Study

_NODES: Final = 96
"""Of the Gauss-Hermite quadrature over frailty: shares are exact to 1e-9 up to a sigma of 1.5."""
_REACH: Final = 60.0
"""Logs below and above a mean hazard of 1 between which the level is looked for."""
_CLOSE: Final = 1e-12
_HIGHEST: Final = 1000.0
"""Ratio that an effect may have in a scenario."""
_NORMAL: Final = 1.96
"""Standard errors to each end of a 95% interval."""
_Z, _WEIGHTS = np.polynomial.hermite_e.hermegauss(_NODES)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


class UnreachableError(ValueError):
    """A result that no ratio of hazards reproduces in these people."""


class Risks(NamedTuple):
    """How people differ: a weight for each base hazard, and the spread of frailty."""

    base: Floats
    """[K] base hazards relative to each other."""
    weight: Floats
    """[K] share of people with each; they sum to 1."""
    sigma: float
    part: Floats | None = None
    """[K] part of each base hazard on which the treatment acts; none: all of it."""

    def share(self, k: float, *, ratio: float = 1.0) -> float:
        """Return the share who reoffend where the median person of base hazard 1 meets `k`.

        ratio: of the part on which the treatment acts.
        """
        if self.part is None:
            k, base = k * ratio, self.base
        else:
            base = self.base * (1.0 - self.part + self.part * ratio)
        met = k * np.multiply.outer(base, np.exp(self.sigma * _Z))
        return float(self.weight @ -np.expm1(-met) @ _WEIGHTS)

    def level(self, share: float) -> float:
        """Return the `k` at which `share` reoffend. Raises UnreachableError, ValueError."""
        if not 0.0 < share < 1.0:
            raise ValueError(f"a share must lie between 0 and 1, it is {share:.4g}")
        most = float(self.weight[self.base > 0.0].sum())
        if share >= most:
            message = f"a share of {share:.4g} is not reached: {1 - most:.4g} have no hazard at all"
            raise UnreachableError(message)
        middle = math.log(float(self.weight @ self.base))
        root = brentq(
            lambda log_k: self.share(math.exp(log_k)) - share,
            -_REACH - middle,
            _REACH - middle,
            xtol=_CLOSE,
        )
        return math.exp(root)

    def ratio(self, share: float, *, level: float) -> float:
        """Return the ratio of the part acted on at which `share` reoffend at a level.

        Raises UnreachableError, ValueError.
        """
        if self.part is None:
            return self.level(share) / level
        least = self.share(level, ratio=0.0)
        if share < least:
            message = f"a share of {share:.4g} is not reached: {least:.4g} reoffend in other ways"
            raise UnreachableError(f"{message} than those on which the treatment acts")
        if self.share(level, ratio=_HIGHEST) < share:
            raise UnreachableError(
                f"a share of {share:.4g} is not reached by a ratio of {_HIGHEST:g}"
            )
        root = brentq(
            lambda ratio: self.share(level, ratio=ratio) - share, 0.0, _HIGHEST, xtol=_CLOSE
        )
        return float(root)

    def of_frequency(self, ratio: float, acting: float) -> float:
        """Return the ratio of the part acted on that gives a ratio of all reoffences."""
        return _in_part(_in_part(ratio, self._mean_part), acting)

    @property
    def _mean_part(self) -> float:
        """The part of everybody's hazard together on which the treatment acts."""
        if self.part is None:
            return 1.0
        return float(self.weight @ (self.base * self.part) / (self.weight @ self.base))

    @property
    def frailty_alone(self) -> Risks:
        """The same spread of frailty among people of one base hazard."""
        part = None if self.part is None else np.array([self._mean_part])
        return Risks(np.ones(1), np.ones(1), self.sigma, part)


class Converted(NamedTuple):
    """A study's result as ratios of hazards."""

    untreated: float | None
    """Share of the untreated: the study's, or where it has none the population's."""
    treated: float | None
    naive: float
    """The ratio if all people were alike."""
    ratio: float
    """The ratio of a person's hazard that reproduces the result."""
    low: float | None
    """95% interval: the study's own, converted as the result is, or that of its numbers."""
    high: float | None
    naive_part: float | None = None
    """Part of the difference between the shares that the naive ratio gives back; none without."""


def convert(study: Study, risks: Risks, *, own_share: float, acting: float = 1.0) -> Converted:
    """Return the ratio of hazards that reproduces a study in people who differ as `risks` says.

    risks: of the offences that the study counts as reoffending.
    own_share: share of the population who reoffend within the study's follow-up at the
    calibrated level, for studies that report no untreated share. acting: part of the hazard of
    the follow-up on which the treatment acts, above 0 and up to 1.

    A ratio of reoffences is one of hazards already. A ratio of hazards is taken as an analysis
    of many people reports it, net of the differences for which it controls: frailty alone weakens
    it. Everything else is brought to two shares of people first.

    Raises
    ------
    UnreachableError
        Where no ratio of 0 or more gives the treated share.
    ValueError
        Where a share lies outside 0 to 1.
    """
    if study.measure == "frequency_ratio":
        found = risks.of_frequency(study.result, acting)
        ends = (
            None if end is None else risks.of_frequency(end, acting)
            for end in (study.low, study.high)
        )
        return Converted(None, None, study.result, found, *ends)
    if study.measure == "hazard_ratio":
        risks = risks.frailty_alone
    untreated = own_share if study.untreated is None else study.untreated
    level = risks.level(untreated)

    def solved(result: float) -> float:
        found = risks.ratio(_treated(study, untreated, result), level=level)
        return _in_part(found, acting)

    treated = _treated(study, untreated, study.result)
    low, high = _interval(study, untreated, treated)
    return Converted(
        untreated=untreated,
        treated=treated,
        naive=hazard_ratio_from_rates(treated=treated, control=untreated),
        ratio=solved(study.result),
        low=None if low is None else solved(low),
        high=None if high is None else solved(high),
        naive_part=_part(risks, level=level, untreated=untreated, treated=treated),
    )


def _part(risks: Risks, *, level: float, untreated: float, treated: float) -> float | None:
    """Return which part of a study's difference comes back where all had the naive ratio."""
    if abs(untreated - treated) < _CLOSE:
        return None
    naive = hazard_ratio_from_rates(treated=treated, control=untreated)
    return (untreated - risks.share(level, ratio=naive)) / (untreated - treated)


def _treated(study: Study, untreated: float, result: float) -> float:
    """Return the treated share that a result in the study's measure says."""
    if study.measure in ("rates", "points"):
        share = untreated + result / 100.0
    elif study.measure == "odds":
        odds = result * untreated / (1.0 - untreated)
        share = odds / (1.0 + odds)
    elif study.measure == "risk_ratio":
        share = result * untreated
    else:
        share = -math.expm1(result * math.log1p(-untreated))
    if not 0.0 < share < 1.0:
        raise ValueError(f"'{study.name}' gives a treated share of {share:.4g}, not in 0 to 1")
    return share


def _interval(study: Study, untreated: float, treated: float) -> tuple[float | None, float | None]:
    """Return the interval of a study in its own measure: as reported, or by its numbers.

    By numbers: two groups of the same size, 1.96 standard errors of the log odds ratio to each
    side, with Woolf's variance, the sum of 1 / (m p (1 - p)) over groups of m people.
    """
    if study.low is not None or study.n is None:
        return study.low, study.high
    variance = sum(2.0 / (study.n * p * (1.0 - p)) for p in (untreated, treated))
    odds = treated / (1.0 - treated)
    ends = [odds * math.exp(side * _NORMAL * math.sqrt(variance)) for side in (-1.0, 1.0)]
    low, high = (_result(study, untreated, end / (1.0 + end)) for end in ends)
    return low, high


def _result(study: Study, untreated: float, treated: float) -> float:
    """Return what a study would report in its measure with these shares."""
    if study.measure in ("rates", "points"):
        return 100.0 * (treated - untreated)
    if study.measure == "odds":
        return treated / (1.0 - treated) / (untreated / (1.0 - untreated))
    if study.measure == "risk_ratio":
        return treated / untreated
    return hazard_ratio_from_rates(treated=treated, control=untreated)


def _in_part(ratio: float, acting: float) -> float:
    """Return the ratio on the part `acting` of a hazard that is `ratio` times as high in all."""
    found = (ratio - (1.0 - acting)) / acting
    if found < 0.0:
        message = (
            f"{ratio:.4g} of the hazard in all is not reached by a treatment that acts on "
            f"{acting:.4g} of it: at least {1 - acting:.4g} is left"
        )
        raise UnreachableError(message)
    return found
