"""One option's yearly cohort, repeated over the years of an appraisal.

What a cohort changes is a present value at its own start; the cohort of year t counts times the
discount factor f_t of its year and the share s_t of the ramp. So a payer who pays c more for a
cohort, of which r runs the option, and k to set it up, gains

    - (c - r) b_e sum over t of s_t f_t  -  r b_r sum over t of s'_t f_t  -  k b_r

with s' the ramp of running, and b for optimism bias: 1 + b of what costs, 1 - b of what saves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from pathsim.elementary.arrays import Floats
from pathsim.errors import InputError, Problem
from pathsim.vocabulary import PAYERS, PUBLIC_PURSE

from .appraisal import Appraisal
from .inputs import amounts, amounts_by_payer, shape_of_draws
from .terms import Terms


@dataclass(frozen=True, eq=False)
class CohortValue:
    """What an option changes in one yearly cohort; arrays are [D] over draws, or single numbers."""

    change: Mapping[str, ArrayLike]
    """By payer, pounds that the option costs more than the baseline, running it included: present
    values at the start of the cohort's year. Payers not named: 0."""
    reoffences_avoided: ArrayLike = 0.0
    """Fewer than the baseline's."""
    running: Mapping[str, ArrayLike] = field(default_factory=dict)
    """By payer, the part of `change` that it takes to run the option, whatever it brings."""
    public_by_year: ArrayLike | None = None
    """[..., K] what the public purse pays more in each year since the cohort's start, running
    included, not discounted, for payback; none: all as if in the year of the start."""


def appraise(
    cohort: CohortValue,
    *,
    setup: Mapping[str, ArrayLike] | None = None,
    terms: Terms | None = None,
) -> Appraisal:
    """Return what an option is worth over the years of an appraisal, and to whom.

    Optimism bias raises what costs and lowers what saves, by the grade of the evidence. Which of
    the two a payer's part is goes by its mean over the draws: the bias corrects an estimate, so
    that one factor holds in all draws, and a draw stays as far from the others as its parameters
    put it.

    cohort: as simulated. setup: pounds by payer in year 0. terms: those of all options compared;
    none: ten years by the edition in force, evidence graded as assumed.

    Raises
    ------
    InputError
        For an unknown payer, amounts that are not finite, or draws that differ in number.
    """
    terms = terms or Terms()
    parts = _Parts.of(cohort, setup or {}, terms)
    factors, effect, running = terms.factors(), terms.effect_shares(), terms.running_shares()
    bought = terms.cashable_rule().payers
    gains: dict[str, Floats] = {}
    cashable: dict[str, Floats] = {}
    by_year: dict[str, Floats] = {}
    cashable_by_year: dict[str, Floats] = {}
    for payer in PAYERS:
        brought = -parts.effect[payer] * float(effect @ factors)
        paid = parts.running[payer] * float(running @ factors) + parts.setup[payer]
        gains[payer] = brought - paid + 0.0  # + 0.0: no negative zero
        if payer in PUBLIC_PURSE:
            cashable[payer] = (brought if payer in bought else 0.0) - paid
        each_brought = -parts.effect[payer].mean() * effect * factors
        each_paid = parts.running[payer].mean() * running * factors
        each_paid[0] += parts.setup[payer].mean()
        by_year[payer] = each_brought - each_paid + 0.0
        if payer in PUBLIC_PURSE:
            cashable_by_year[payer] = (each_brought if payer in bought else 0.0) - each_paid + 0.0
    by_year["society"] = by_year["society"] + terms.excess_burden * _public(by_year)
    burden = -terms.excess_burden * _public(gains) + 0.0
    gains["society"] = gains["society"] - burden
    return Appraisal(
        gain=gains,
        cashable_gain=cashable,
        gain_by_year=by_year,
        cashable_by_year=cashable_by_year,
        excess_burden=burden,
        public_flows=_public_flows(parts, effect, running),
        outlay=_public(parts.setup),
        reoffences_avoided=parts.avoided * float(effect.sum()),
        discounted_reoffences_avoided=parts.avoided * float(effect @ factors),
        annuity=float(factors.sum()),
        terms=terms,
    )


@dataclass(frozen=True, eq=False)
class _Parts:
    """A cohort's costs by payer with optimism bias, all of the shape of the draws."""

    effect: dict[str, Floats]
    running: dict[str, Floats]
    setup: dict[str, Floats]
    avoided: Floats
    effect_by_year: Floats
    """[..., K] of the public purse, not discounted."""

    @classmethod
    def of(cls, cohort: CohortValue, setup: Mapping[str, ArrayLike], terms: Terms) -> _Parts:
        given = [
            amounts_by_payer(values, key=key)
            for key, values in (
                ("change", cohort.change),
                ("running", cohort.running),
                ("setup", setup),
            )
        ]
        avoided = amounts(cohort.reoffences_avoided, key="reoffences_avoided")
        told = _by_year(cohort.public_by_year)
        shapes = [each.shape for part in given for each in part.values()]
        shapes += [avoided.shape, told.shape[:-1] if told is not None else ()]
        shape = shape_of_draws(shapes, key="cohort")
        change, running, started = (
            {payer: np.broadcast_to(each, shape) for payer, each in part.items()} for part in given
        )
        effect = {
            payer: _with_bias(change[payer] - running[payer], terms.effect_bias)
            * (1.0 if payer in PUBLIC_PURSE else terms.society_weight)
            for payer in PAYERS
        }
        if told is None:
            by_year = _public(effect)[..., None]
        else:
            by_year = np.broadcast_to(told, (*shape, told.shape[-1])).copy()
            by_year[..., 0] -= _public(running)
            unbiased = {payer: change[payer] - running[payer] for payer in PAYERS}
            by_year += _over_years(_public(effect) - _public(unbiased), by_year)
        return cls(
            effect=effect,
            running={key: _with_bias(each, terms.cost_bias) for key, each in running.items()},
            setup={key: _with_bias(each, terms.cost_bias) for key, each in started.items()},
            avoided=-_with_bias(-np.broadcast_to(avoided, shape), terms.effect_bias),
            effect_by_year=by_year,
        )


def _over_years(bias: Floats, by_year: Floats) -> Floats:
    """Return the bias of all payers by year: as the size of what falls in each, on the mean.

    Payers are not told apart by year, and of some the bias raises a cost while of others it lowers
    a saving; so it is put on their sum as pounds and not as a factor.
    """
    years = by_year.shape[-1]
    size = np.abs(by_year.reshape(-1, years).mean(axis=0))
    share = size / size.sum() if size.sum() > 0.0 else np.eye(years)[0]
    spread: Floats = bias[..., None] * share
    return spread


def _by_year(public: ArrayLike | None) -> Floats | None:
    """Return what the public purse pays more by year. Raises InputError."""
    if public is None:
        return None
    told = amounts(public, key="public_by_year")
    if told.ndim == 0:
        message = "has no years"
        raise InputError(Problem(message, key="public_by_year", allowed="a row of years"))
    return told


def _with_bias(costs: Floats, bias: float) -> Floats:
    """Return costs raised, or savings lowered, whichever they are on the mean over draws."""
    return costs * (1.0 + bias if costs.mean() > 0.0 else 1.0 - bias)


def _public(parts: dict[str, Floats]) -> Floats:
    """Return what all payers of the public purse come to together."""
    return np.asarray(np.sum([parts[each] for each in PUBLIC_PURSE], axis=0))


def _public_flows(parts: _Parts, effect: Floats, running: Floats) -> Floats:
    """Return what the public purse gains in each year by all cohorts, after the set-up.

    [..., Y + K - 1], not discounted: the last cohort's later years come after the appraisal's.
    """
    cohorts, lasting = len(effect), parts.effect_by_year.shape[-1]
    flows = np.zeros((*parts.avoided.shape, cohorts + lasting - 1))
    for k in range(lasting):
        flows[..., k : k + cohorts] -= parts.effect_by_year[..., k, None] * effect
    flows[..., :cohorts] -= _public(parts.running)[..., None] * running
    return flows
