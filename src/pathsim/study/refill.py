"""Custody days of the stays that begin from a day on, for options that fill them on other terms.

Others fill custody days that an option saves: a share of them, at a price. Where an option changes
either on a day, the days saved before and after it must be told apart, in the option and
in the baseline, which knows nothing of that day. So both are simulated once more, with the
same story, and with one price: that of a day in custody from the option's day on.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pathsim.engine.contract import UNITS_A_DAY, UNITS_A_POUND, Legal, OutcomeColumn
from pathsim.errors import InputError, Problem

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
    """Return what must be simulated once more: each option whose terms change, and the baseline.

    Raises InputError where the baseline changes on another day.
    """
    found: dict[tuple[int, float], Split] = {}
    for number in range(BASELINE + 1, len(lowered)):
        from_day = _day_of(lowered[number])
        if not _terms_change(lowered[number]):
            continue
        _refuse_two_days(scenarios[number], from_day, _day_of(lowered[BASELINE]))
        for each in (BASELINE, number):
            split = Split(each, from_day, scenarios[each], _counting(lowered[each], from_day))
            found.setdefault(split.key, split)
    return list(found.values())


def later_days(person: Floats) -> Floats:
    """Return the custody days from the day on of the runs of a split.

    [R, G, 1 + YEARS] as `contract.custody_to_fill`: they are the only ones with a price.
    """
    days: Floats = person[..., _PAID] / _PRICE
    return days


def _day_of(lowered: Lowered) -> float:
    return float(lowered.tables.rules["from_day"][0])


def _terms_change(lowered: Lowered) -> bool:
    share, price = lowered.refill_share, lowered.tables.status_day[:, Legal.CUSTODY]
    same = share[0] == share[1] and (share[0] == 0.0 or np.array_equal(price[0], price[1]))
    return not same


def _refuse_two_days(option: Scenario, from_day: float, other: float) -> None:
    if other not in (from_day, np.inf):
        raise InputError(
            Problem(
                "changes how custody days are filled (custody.refill_share, or the price of a day) "
                "on another day than that on which the baseline changes",
                key="from_day",
                found=from_day,
                allowed=f"{other:g}, as in the baseline",
                file=Path(option.lineage.files[-1].path) if option.lineage.files else None,
            )
        )


def _counting(lowered: Lowered, from_day: float) -> Lowered:
    """Return a scenario with the same story, whose only cost is custody from a day on."""
    tables = lowered.tables
    rules, services = tables.rules.copy(), tables.services.copy()
    rules["from_day"] = from_day
    for price in _PRICES:
        services[price] = 0.0
    status_day = np.zeros_like(tables.status_day)
    status_day[1, Legal.CUSTODY, _PAYER] = _PRICE
    return replace(
        lowered,
        tables=tables._replace(
            rules=rules,
            services=services,
            status_day=status_day,
            homeless_day=np.zeros_like(tables.homeless_day),
            reoffence_cost=np.zeros_like(tables.reoffence_cost),
            caution_cost=np.zeros_like(tables.caution_cost),
            breach_cost=np.zeros_like(tables.breach_cost),
            conviction_cost=np.zeros_like(tables.conviction_cost),
        ),
    )
