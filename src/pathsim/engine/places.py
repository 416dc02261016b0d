"""Places on offer and what they cost, by the part of the intake window in which each holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pathsim.engine.contract import N_PAYERS, UNLIMITED, Floats, Ints
from pathsim.vocabulary import PAYERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pathsim.scenario.model import Scenario

NO_LIMIT = 1 << 62
"""Places of a service that only the other regime limits."""
DAYS_A_YEAR = 365.0
Regimes = tuple["Scenario", "Scenario"]
"""What holds before `from_day`, and from then on."""


def capacity_days(regimes: Regimes, *, pool: Ints, capacity: Ints) -> Floats:
    """Return each service's place-days in the intake window; nan: without a limit in part of it.

    pool: [R, S] the pool of each service. capacity: [R, P] its places.
    """
    places = np.array(
        [
            [np.nan if p == UNLIMITED or row[p] >= NO_LIMIT else float(row[p]) for p in numbers]
            for numbers, row in zip(pool, capacity, strict=True)
        ]
    )
    return np.array([_in_window(before, after, regimes) for before, after in places.T])


def place_cost(regimes: Regimes) -> Floats:
    """Return the fixed cost of places in the intake window, [M] pounds."""
    cost = np.zeros(N_PAYERS)
    for name in sorted(regimes[0].services.keys() | regimes[1].services.keys()):
        before, after = (_yearly(regime, name) for regime in regimes)
        cost += [
            _in_window(*each, regimes) / DAYS_A_YEAR for each in zip(before, after, strict=True)
        ]
    return cost


def places(capacity: Any) -> float:
    """Return places as a number; infinity: without a limit."""
    return np.inf if capacity == "unlimited" else float(capacity.value)


def by_payer(amounts: Mapping[Any, Any]) -> Floats:
    """Return amounts in the order of the payers."""
    return np.array([amounts[name].value if name in amounts else 0.0 for name in PAYERS])


def nights_elsewhere(in_custody: Floats, *, places: Floats, from_day: float) -> Floats:
    """Return the person-nights beyond the places of custody, [R], each by its midnight's regime.

    in_custody: people in custody at the midnights of days 0, 1, ...
    """
    later = np.arange(len(in_custody)) >= from_day
    by_night = np.where(later, places[1], places[0])
    beyond = np.maximum(in_custody - by_night, 0.0)
    return np.array([beyond[~later].sum(), beyond[later].sum()])


def price_of_nights(nights: Floats, price: Floats) -> Floats:
    """Return what nights [R] cost at a price by regime [R, M], pounds by payer.

    Where the price does not change, neither does the sum, to the bit.
    """
    apart = nights[0] * price[0] + nights[1] * price[1]
    cost: Floats = np.where(price[0] == price[1], nights.sum() * price[0], apart)
    return cost


def _yearly(scenario: Scenario, name: str) -> Floats:
    """Return what the places of a service cost a year, by payer."""
    pounds = np.zeros(N_PAYERS)
    service = scenario.services.get(name)
    if service is not None and service.cost_per_place_year_gbp.value > 0:
        price = service.cost_per_place_year_gbp.value
        pounds[PAYERS.index(service.payer)] = price * places(service.capacity)
    return pounds


def _in_window(before: float, after: float, regimes: Regimes) -> float:
    """Return a number a day added up over the intake window; what does not change, to the bit."""
    window, from_day = regimes[1].follow_up.intake_days.value, regimes[1].from_day
    change = window if from_day is None else min(max(from_day, 0.0), window)
    if change == window or before == after:
        return before * window
    if change == 0.0:
        return after * window
    return before * change + after * (window - change)
