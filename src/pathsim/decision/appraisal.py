"""What an appraisal comes to: who pays, who gains, and the figures that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from pathsim.elementary.arrays import Floats
from pathsim.vocabulary import PAYERS, PUBLIC_PURSE

from .green_book import ratio
from .payback import payback
from .terms import Terms


class Verdict(NamedTuple):
    """What the means of an appraisal say: a harm stands beside what is gained."""

    worth: bool
    """Everybody together gains."""
    saves: bool
    """The public purse gains."""
    harms: bool
    """Crime costs society more than without the option."""


@dataclass(frozen=True, eq=False)
class Appraisal:
    """One option against the baseline: pounds at present value, [D] over draws or single numbers.

    A ratio over draws is told by `expected`: it is the ratio of the means, not the mean of ratios.
    """

    gain: Mapping[str, Floats]
    """By payer, what each saves less what each pays; together they are the whole. Of `society` it
    is what crime costs it less, from which the excess burden is taken."""
    cashable_gain: Mapping[str, Floats]
    """By payer of the public purse, what of it is money and no freed time."""
    gain_by_year: Mapping[str, Floats]
    """[years] what each gain is made of on the mean over draws: of year 0 with the set-up."""
    cashable_by_year: Mapping[str, Floats]
    """[years] likewise of what is money."""
    excess_burden: Floats
    """What society bears of taxes, besides the money: 0 unless the terms say otherwise."""
    public_flows: Floats
    """[..., years and those of the last cohort] what the public purse gains in each year, not
    discounted, after the set-up."""
    outlay: Floats
    """Of the public purse, to set the option up."""
    reoffences_avoided: Floats
    """By all cohorts, with optimism bias."""
    discounted_reoffences_avoided: Floats
    """Likewise, each times the discount factor of its cohort."""
    annuity: float
    """The present value of a pound in each year of the appraisal, from year 0 on."""
    terms: Terms

    @property
    def npsv(self) -> Floats:
        """Net present social value: what everybody gains together."""
        return np.asarray(np.sum([self.gain[each] for each in PAYERS], axis=0))

    @property
    def net_public_cost(self) -> Floats:
        """What the public purse pays less what it saves; below 0 it saves."""
        return np.asarray(-np.sum([self.gain[each] for each in PUBLIC_PURSE], axis=0))

    @property
    def social_benefit(self) -> Floats:
        """What crime costs society less."""
        return np.asarray(self.gain["society"] + self.excess_burden)

    @property
    def bcr(self) -> Floats:
        """Social benefit over the whole net public cost, excess burden included.

        nan where that is not positive: what saves has no ratio.
        """
        return ratio(self.social_benefit, self.net_public_cost + self.excess_burden)

    @property
    def cashable(self) -> Floats:
        """What the public purse gains in money, by the rule of the terms."""
        return np.asarray(np.sum([self.cashable_gain[each] for each in PUBLIC_PURSE], axis=0))

    @property
    def non_cashable(self) -> Floats:
        """What the public purse gains in freed time and places: the rest."""
        return np.asarray(-self.net_public_cost - self.cashable)

    @property
    def equivalent_annual_value(self) -> Floats:
        """The level amount in each year of the appraisal that is worth as much."""
        return np.asarray(self.npsv / self.annuity)

    @property
    def equivalent_annual_cost(self) -> Floats:
        """Likewise of what the public purse pays; below 0 it saves."""
        return np.asarray(self.net_public_cost / self.annuity)

    @property
    def cost_per_reoffence_avoided(self) -> Floats:
        """Net public cost of a reoffence avoided, both discounted.

        nan where none is avoided, or where the public purse pays nothing: what saves has no price.
        """
        cost = self.net_public_cost
        price = ratio(cost, self.discounted_reoffences_avoided)
        return np.where(cost >= 0.0, price, np.nan)

    @property
    def payback_years(self) -> Floats:
        """After how many years the public purse is out of the red for good, not discounted.

        0: it never is in the red; inf: it still is when the last cohort has ended.
        """
        return payback(self.public_flows, outlay=self.outlay)

    @property
    def expected(self) -> Appraisal:
        """The appraisal of the means over draws."""
        return replace(
            self,
            gain={key: _mean(each) for key, each in self.gain.items()},
            cashable_gain={key: _mean(each) for key, each in self.cashable_gain.items()},
            excess_burden=_mean(self.excess_burden),
            public_flows=self.public_flows.reshape(-1, self.public_flows.shape[-1]).mean(axis=0),
            outlay=_mean(self.outlay),
            reoffences_avoided=_mean(self.reoffences_avoided),
            discounted_reoffences_avoided=_mean(self.discounted_reoffences_avoided),
        )

    @property
    def who_gains(self) -> dict[str, float]:
        """Payers who gain on the mean, with how much, most first."""
        return self._side(1.0)

    @property
    def who_pays(self) -> dict[str, float]:
        """Payers who pay on the mean, with how much, most first."""
        return self._side(-1.0)

    @property
    def verdict(self) -> Verdict:
        """Whether it is worth it, saves, and harms, by the means."""
        means = self.expected
        return Verdict(
            worth=bool(means.npsv > 0.0),
            saves=bool(means.net_public_cost < 0.0),
            harms=bool(means.social_benefit < 0.0),
        )

    def _side(self, sign: float) -> dict[str, float]:
        found = {key: sign * float(self.expected.gain[key]) for key in PAYERS}
        largest = sorted((key for key in PAYERS if found[key] > 0.0), key=lambda key: -found[key])
        return {key: found[key] for key in largest}


def ranked(appraisals: Mapping[str, Appraisal]) -> list[str]:
    """Return the names of options by their expected net present social value, highest first.

    Equal ones stand by name, so that the order in which options are given says nothing.
    """
    values = {name: float(each.expected.npsv) for name, each in appraisals.items()}
    return sorted(values, key=lambda name: (-values[name], name))


def _mean(values: Floats) -> Floats:
    return np.asarray(values.mean())
