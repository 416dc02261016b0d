"""On what terms options are appraised: the same for all that are compared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf

import numpy as np

from pathsim.arguments import whole
from pathsim.elementary.arrays import Floats
from pathsim.errors import InputError, Problem

from .figures import MOST_YEARS, CashableRule, Schedule, cashable_rule, grade_bias, schedule_of
from .inputs import amounts, share


@dataclass(frozen=True)
class Terms:
    """What an appraisal assumes besides what an option changes. Raises InputError.

    Years count from 0, the present, in which an option is set up and its first cohort begins. Ten
    years are years 0 to 9. A ramp that begins with 0 puts the first cohort off.
    """

    years: int = 10
    schedule: str | Schedule = "standard"
    """A name of the edition in force, or `schedule_of(name, vintage)` of another."""
    ramp: tuple[float, ...] = (1.0,)
    """Share of the effect in each year, 0 to 1; the last one holds on."""
    running_ramp: tuple[float, ...] | None = None
    """Likewise of what it costs to run; none: the same shares."""
    grade: str = "assumed"
    """What stands behind the effect: see `figures.grade_bias`."""
    cost_grade: str | None = None
    """What stands behind the costs of setting up and running; none: the same grade."""
    mitigation: float = 0.0
    """Part of optimism bias that is taken away because its causes are dealt with, 0 to 1."""
    excess_burden: float = 0.0
    """What a pound of taxes costs society besides: see `green_book.with_excess_burden`."""
    society_weight: float = 1.0
    """Distributional weight of those who suffer the crime."""
    cashable: str = "bought"
    """Whose savings release money: see `figures.cashable_rule`."""
    price_year: str | None = None
    """Of all pounds, such as `"2021/22"`: told beside results, as pounds go in they come out."""

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        years = whole(self.years, key="years", least=1, most=MOST_YEARS)
        object.__setattr__(self, "years", years)  # Python's own, whatever was given
        self.factors()
        self.effect_shares()
        self.running_shares()
        grade_bias(self.grade)
        if self.cost_grade is not None:
            grade_bias(self.cost_grade)
        share(self.mitigation, key="mitigation")
        share(self.excess_burden, key="excess_burden", most=inf)
        share(self.society_weight, key="society_weight", most=inf)
        self.cashable_rule()

    def factors(self) -> Floats:
        """Return the discount factor of each year, [years]."""
        return schedule_of(self.schedule).factors(self.years)

    def effect_shares(self) -> Floats:
        """Return the share of the effect in each year, [years]."""
        return _shares(self.ramp, self.years, key="ramp")

    def running_shares(self) -> Floats:
        """Return the share of the running cost in each year, [years]."""
        ramp = self.ramp if self.running_ramp is None else self.running_ramp
        return _shares(ramp, self.years, key="running_ramp")

    @property
    def effect_bias(self) -> float:
        """Share by which the effect is held too hopeful."""
        return grade_bias(self.grade) * (1.0 - self.mitigation)

    @property
    def cost_bias(self) -> float:
        """Share by which costs of setting up and running are held too low."""
        return grade_bias(self.cost_grade or self.grade) * (1.0 - self.mitigation)

    def cashable_rule(self) -> CashableRule:
        """Return whose savings release money, and why."""
        return cashable_rule(self.cashable)

    def but(self, **changes: object) -> Terms:
        """Return these terms with some of them changed, as for a sensitivity."""
        return replace(self, **changes)  # type: ignore[arg-type] # checked when made


def _shares(ramp: tuple[float, ...], years: int, *, key: str) -> Floats:
    """Return one share a year: those given, the last of them held on. Raises InputError."""
    given = amounts(ramp, key=key)
    if given.ndim != 1 or not 0 < len(given) <= years:
        raise InputError(
            Problem("must have a share a year", key=key, found=ramp, allowed=f"1 to {years} shares")
        )
    if not ((given >= 0.0) & (given <= 1.0)).all():
        raise InputError(
            Problem("has shares out of range", key=key, found=ramp, allowed="0 to 1 each")
        )
    return np.concatenate([given, np.full(years - len(given), given[-1])])
