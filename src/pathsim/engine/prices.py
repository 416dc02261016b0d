"""What things cost, by payer, and by how much less what is paid later is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pathsim.elementary import ln
from pathsim.engine.contract import DAYS_IN_YEAR, Floats
from pathsim.vocabulary import DISPOSALS, LEGAL_STATUSES, OFFENCE_GROUPS, PAYERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pathsim.scenario.justice import Costs

_PERCENT = 100.0


def lower_costs(costs: Costs) -> dict[str, Floats]:
    """Return the prices of one regime, axes as in the contract."""
    status_day = {
        "liberty": {},
        "community_order": costs.community_order_day_gbp,
        "suspended_sentence": costs.suspended_sentence_day_gbp,
        "licence": costs.licence_day_gbp,
        "custody": costs.custody_day_gbp,
        "supervision": costs.supervision_day_gbp,
    }
    return {
        "status_day": np.array([_row(status_day[status]) for status in LEGAL_STATUSES]),
        "homeless_day": np.array(_row(costs.homeless_day_gbp)),
        "further_cost": _further(costs),
        "reoffence_cost": _rows(costs.reoffence_gbp, OFFENCE_GROUPS) * _crimes(costs),
        "caution_cost": np.array(_row(costs.caution_gbp)),
        "breach_cost": np.array(_row(costs.breach_gbp)),
        "conviction_cost": _rows(costs.conviction_gbp, OFFENCE_GROUPS),
        "disposal_cost": _rows(costs.disposal_gbp, DISPOSALS),
        "curfew_day": np.array(_row(costs.curfew_day_gbp)),
    }


def average_custody_day(costs: Costs) -> Floats:
    """Return the average price of a day in custody by payer, [M]; nan: none is given."""
    if not costs.custody_average_day_gbp:
        return np.full(len(PAYERS), np.nan)
    return np.array(_row(costs.custody_day_gbp | costs.custody_average_day_gbp))


def discount_a_day(costs: Costs) -> float:
    """Return the rate at which what is paid later is worth less, continuously compounded."""
    return float(ln(1.0 + costs.discount_rate_percent.value / _PERCENT)) / DAYS_IN_YEAR


def _crimes(costs: Costs) -> Floats:
    """Return by how much each payer's cost of a reoffence is multiplied, [O, M]."""
    factors = np.ones((len(OFFENCE_GROUPS), len(PAYERS)))
    for payer, crimes in (
        ("society", costs.offences_per_proven),
        ("police", costs.recorded_per_proven),
    ):
        for group, number in crimes.items():
            factors[OFFENCE_GROUPS.index(group), PAYERS.index(payer)] = number.value
    return factors


def _further(costs: Costs) -> Floats:
    """Return what each further offence of an occasion costs, [O, M]: there is one arrest."""
    prices = _rows(costs.reoffence_gbp, OFFENCE_GROUPS)
    further = prices * _crimes(costs)
    police = PAYERS.index("police")
    further[:, police] = np.maximum(further[:, police] - prices[:, police], 0.0)
    return further


def _row(amounts: Mapping[Any, Any]) -> list[float]:
    return [amounts[payer].value if payer in amounts else 0.0 for payer in PAYERS]


def _rows(by_name: Mapping[str, Any], names: Sequence[str]) -> Floats:
    return np.array([_row(by_name.get(name, {})) for name in names])
