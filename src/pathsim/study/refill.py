"""Custody days of the stays that begin from a day on, for options that fill them on other terms.

Others fill custody days that an option saves: a share of them, at a price. Where an option changes
either on a day, the days saved before and after it must be told apart, in the option and
in the baseline, which knows nothing of that day. So both are simulated once more, with the
same story, and with one price: that of a day in custody from the option's day on.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pathsim.engine.contract import (
    SHARED_TABLES,
    UNITS_A_DAY,
    UNITS_A_POUND,
    Legal,
    OutcomeColumn,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pathsim.engine.contract import Floats
    from pathsim.engine.lowering import Lowered
    from pathsim.scenario.model import Scenario

BASELINE: Final = 0
"""Number of the scenario with which a study compares its others."""
_PAYER: Final = 0
_PAID: Final = [
    OutcomeColumn.COST + _PAYER,
    *range(OutcomeColumn.COST_PUBLIC_YEAR_2, OutcomeColumn.COST_PUBLIC_OFF + 1),
]
_PRICE: Final = UNITS_A_DAY / UNITS_A_POUND
"""Pounds that are as many units of money as a day is of time: so both are rounded alike."""
_PRICES: Final = ("per_referral", "per_start", "per_day", "per_completion")


class Split(NamedTuple):
    """A scenario to be simulated once more, to count its custody days from a day on."""

    number: int
    """Of the scenario in the study."""
    from_day: float
    scenario: Scenario
    lowered: Lowered

    @property
    def key(self) -> tuple[int, float]:
        """Which days of which scenario are counted."""
        return self.number, self.from_day


def splits_by_day(scenarios: Sequence[Scenario], lowered: Sequence[Lowered]) -> list[Split]:
    """Return what must be simulated once more: options whose terms change, and the baseline.

    Once for each day on which they change, in order of the days.
    """
    found: dict[tuple[int, float], Split] = {}
    for number in range(BASELINE + 1, len(lowered)):
        for from_day in _days_of_other_terms(lowered[number]):
            for each in (BASELINE, number):
                counting = days_from(lowered[each], from_day)
                split = Split(each, from_day, scenarios[each], counting)
                found.setdefault(split.key, split)
    return list(found.values())


def later_days(person: Floats) -> Floats:
    """Return the custody days from the day on of the runs of a split.

    [R, G, 1 + YEARS] as `contract.custody_to_fill`: they are the only ones with a price.
    """
    days: Floats = person[..., _PAID] / _PRICE
    return days


def first_days(lowered: Lowered) -> list[float]:
    """Return the first day of each regime."""
    days: list[float] = lowered.tables.rules["since"].tolist()
    return days


def _days_of_other_terms(lowered: Lowered) -> list[float]:
    share, price = lowered.refill_share, lowered.tables.status_day[:, Legal.CUSTODY]
    return [
        day
        for r, day in enumerate(first_days(lowered))
        if r > 0
        and not (
            share[r - 1] == share[r] and (share[r] == 0.0 or np.array_equal(price[r - 1], price[r]))
        )
    ]


def _divided(lowered: Lowered, day: float) -> Lowered:
    """Return a scenario with the same story, in which a regime begins on a day."""
    days = first_days(lowered)
    if day in days:
        return lowered
    before = bisect_right(days, day) - 1
    regimes = [*range(before + 1), *range(before, len(days))]
    tables = lowered.tables._replace(
        **{
            name: table[regimes]
            for name, table in lowered.tables._asdict().items()
            if name not in SHARED_TABLES
        }
    )
    tables.rules["since"][before + 1] = day
    return replace(
        lowered,
        tables=tables,
        people=lowered.people._replace(eligible=lowered.people.eligible[regimes]),
        custody_places=lowered.custody_places[regimes],
        elsewhere_night=lowered.elsewhere_night[regimes],
        refill_share=lowered.refill_share[regimes],
        custody_average_day=lowered.custody_average_day[regimes],
    )


def days_from(lowered: Lowered, from_day: float) -> Lowered:
    """Return a scenario with the same story, whose only cost is custody from a day on."""
    lowered = _divided(lowered, from_day)
    tables = lowered.tables
    services = tables.services.copy()
    for price in _PRICES:
        services[price] = 0.0
    status_day = np.zeros_like(tables.status_day)
    status_day[tables.rules["since"] >= from_day, Legal.CUSTODY, _PAYER] = _PRICE
    return replace(
        lowered,
        tables=tables._replace(
            services=services,
            status_day=status_day,
            homeless_day=np.zeros_like(tables.homeless_day),
            reoffence_cost=np.zeros_like(tables.reoffence_cost),
            caution_cost=np.zeros_like(tables.caution_cost),
            breach_cost=np.zeros_like(tables.breach_cost),
            conviction_cost=np.zeros_like(tables.conviction_cost),
            disposal_cost=np.zeros_like(tables.disposal_cost),
            curfew_day=np.zeros_like(tables.curfew_day),
        ),
    )
