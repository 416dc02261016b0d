"""The Green Book's arithmetic: present values, ratios, level amounts, biases, weights.

Flows are [..., Y]: real pounds of years 0 to Y - 1, of the prices of one year, after any leading
axes such as draws; results have the leading axes. Formulas are those of HM Treasury, The Green
Book, 2026; the figures that they take are in `figures.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from pathsim.arguments import whole
from pathsim.elementary.arrays import Floats
from pathsim.errors import InputError, Problem

from .figures import MOST_YEARS, Schedule, income_elasticity, schedule_of
from .inputs import amounts, shape_of_draws, share


def discount_factors(years: int, *, schedule: str | Schedule = "standard") -> Floats:
    """Return what a pound of each of years 0 to `years` - 1 is worth at present, [years].

    The factor of year t is 1 / ((1 + r_1) ... (1 + r_t)): a rate counts in its own years only.

    schedule: a name of the edition in force, or `schedule_of(name, vintage)` of another.
    Raises InputError.
    """
    return schedule_of(schedule).factors(years)


def annuity(years: int, *, first: int = 1, schedule: str | Schedule = "standard") -> float:
    """Return the present value of a pound in each of so many years, from year `first` on.

    At one rate r, from year 1 on, that is (1 - (1 + r)^-years) / r. Raises InputError.
    """
    years = whole(years, key="years", least=1, most=MOST_YEARS)
    first = whole(first, key="first", least=0, most=MOST_YEARS)
    return float(discount_factors(first + years, schedule=schedule)[first:].sum())


def present_value(flows: ArrayLike, *, schedule: str | Schedule = "standard") -> Floats:
    """Return the sum of the flows times their discount factors. Raises InputError.

    flows: [..., Y] pounds of years 0 to Y - 1.
    """
    values = _yearly(flows, key="flows")
    return np.asarray(values @ discount_factors(values.shape[-1], schedule=schedule))


def equivalent_annual(
    value: ArrayLike, years: int, *, first: int = 1, schedule: str | Schedule = "standard"
) -> Floats:
    """Return the level amount in each year that has this present value. Raises InputError.

    It is the value over the annuity, so that options which last unlike long can be compared.

    value: [...] present value in pounds. years, first: how many years, and from which on.
    """
    return amounts(value, key="value") / annuity(years, first=first, schedule=schedule)


def benefit_cost_ratio(benefits: ArrayLike, costs: ArrayLike) -> Floats:
    """Return benefits over costs, both at present value; nan where the cost is not positive.

    What costs nothing or saves has no ratio: the better it is, the nearer to 0 it would be.
    Raises InputError.
    """
    return ratio(amounts(benefits, key="benefits"), amounts(costs, key="costs"))


def ratio(above: Floats, below: Floats) -> Floats:
    """Return the ratio of two arrays; nan where what stands below is not positive."""
    above, below = np.broadcast_arrays(above, below)
    found = np.full(below.shape, np.nan)
    np.divide(above, below, out=found, where=below > 0.0)
    return found


def with_optimism(costs: ArrayLike, bias: float, *, mitigation: float = 0.0) -> Floats:
    """Return costs times 1 + bias (1 - mitigation). Raises InputError.

    Source: HM Treasury, Supplementary Green Book guidance: optimism bias.

    bias: by what share such estimates turn out too low, as `project_bias("outsourcing").costs`.
    mitigation: the part of it that managing the risks takes away, 0 to 1.
    """
    raised = share(bias, key="bias", most=inf) * (1.0 - share(mitigation, key="mitigation"))
    return amounts(costs, key="costs") * (1.0 + raised)


def with_excess_burden(costs: ArrayLike, rate: float = 0.0) -> Floats:
    """Return public costs with what raising them by taxes costs besides. Raises InputError.

    By the 2026 edition, chapter 6, as the R package greenbook 0.1.1 reports it, this is left out of
    appraisals as a rule: hence a rate of 0.
    """
    return amounts(costs, key="costs") * (1.0 + share(rate, key="rate", most=inf))


def distributional_weight(
    income: ArrayLike, *, median: float, elasticity: float | None = None
) -> Floats:
    """Return by how much a pound counts more to people of an income: (median / income)^elasticity.

    Weighted results stand beside unweighted ones, never alone.
    Source: HM Treasury, The Green Book, 2018, annex 3.

    income: [...] equivalised household income, in the unit of `median`. elasticity: of the marginal
    utility of income; none is the published 1.3. Raises InputError.
    """
    incomes, middle = amounts(income, key="income"), amounts(median, key="median")
    for key, values in (("income", incomes), ("median", middle)):
        if (values <= 0.0).any():
            raise InputError(Problem("must be positive", key=key, found=float(values.min())))
    if elasticity is None:
        elasticity = income_elasticity()
    return np.asarray((middle / incomes) ** share(elasticity, key="elasticity", most=inf))


@dataclass(frozen=True, eq=False)
class Worth:
    """What flows of costs and benefits come to."""

    costs: Floats
    """[..., Y] pounds of each year, with optimism bias and excess burden."""
    benefits: Floats
    """[..., Y] pounds of each year."""
    present_costs: Floats
    """[...] at present value, as what follows."""
    present_benefits: Floats

    @property
    def npsv(self) -> Floats:
        """Net present social value: benefits less costs."""
        return np.asarray(self.present_benefits - self.present_costs)

    @property
    def bcr(self) -> Floats:
        """Benefits over costs; nan where the cost is not positive."""
        return ratio(self.present_benefits, self.present_costs)

    @property
    def benefits_switch_at(self) -> Floats:
        """By what all benefits must be multiplied for a net value of 0; nan if there are none."""
        return ratio(self.present_costs, self.present_benefits)


def value_flows(  # noqa: PLR0913 keyword-only adjustments, each of them off
    costs: ArrayLike,
    benefits: ArrayLike,
    *,
    bias: float = 0.0,
    mitigation: float = 0.0,
    excess_burden: float = 0.0,
    schedule: str | Schedule = "standard",
) -> Worth:
    """Return what flows of costs and benefits are worth at present. Raises InputError.

    costs, benefits: [..., Y] pounds of years 0 to Y - 1. bias, mitigation: of the costs, as in
    `with_optimism`; then comes the excess burden, as in `with_excess_burden`.
    """
    spent = _yearly(costs, key="costs")
    gained = _yearly(benefits, key="benefits")
    if spent.shape[-1] != gained.shape[-1]:
        raise InputError(
            Problem(
                "must have as many years as costs",
                key="benefits",
                found=gained.shape[-1],
                allowed=str(spent.shape[-1]),
            )
        )
    shape_of_draws([spent.shape[:-1], gained.shape[:-1]], key="benefits")
    spent = with_excess_burden(with_optimism(spent, bias, mitigation=mitigation), excess_burden)
    return Worth(
        spent,
        gained,
        present_value(spent, schedule=schedule),
        present_value(gained, schedule=schedule),
    )


def _yearly(flows: ArrayLike, *, key: str) -> Floats:
    """Return flows that have an axis of years. Raises InputError."""
    values = amounts(flows, key=key)
    if values.ndim == 0 or values.shape[-1] > MOST_YEARS:
        allowed = f"1 to {MOST_YEARS} years on the last axis"
        raise InputError(Problem("has no years", key=key, found=str(values.shape), allowed=allowed))
    return values
