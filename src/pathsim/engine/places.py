"""Places on offer and what they cost, by the part of the intake window in which each holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pathsim.elementary.ordered import total
from pathsim.engine.contract import N_PAYERS, UNLIMITED, Floats, Ints
from pathsim.vocabulary import PAYERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pathsim.scenario.model import Scenario

NO_LIMIT = 1 << 62
"""Places of a service that only another regime limits."""
DAYS_A_YEAR = 365.0
Regimes = tuple["Scenario", ...]
"""What holds in turn, each from its day on."""


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
    return np.array([_in_window(each.tolist(), regimes) for each in places.T])


def place_cost(regimes: Regimes) -> Floats:
    """Return the fixed cost of places in the intake window, [M] pounds."""
    cost = np.zeros(N_PAYERS)
    for name in sorted(set().union(*(regime.services for regime in regimes))):
        yearly = np.array([_yearly(regime, name) for regime in regimes])
        cost += [_in_window(each.tolist(), regimes) / DAYS_A_YEAR for each in yearly.T]
    return cost


def places(capacity: Any) -> float:
    """Return places as a number; infinity: without a limit."""
    return np.inf if capacity == "unlimited" else float(capacity.value)


def by_payer(amounts: Mapping[Any, Any]) -> Floats:
    """Return amounts in the order of the payers."""
    return np.array([amounts[name].value if name in amounts else 0.0 for name in PAYERS])


def nights_elsewhere(in_custody: Floats, *, places: Floats, since: Floats) -> Floats:
    """Return the person-nights beyond the places of custody, [R], each by its midnight's regime.

    in_custody: people in custody at the midnights of days 0, 1, ... since: [R] first days.
    """
    regime = np.searchsorted(since[1:], np.arange(len(in_custody)), side="right")
    beyond = np.maximum(in_custody - places[regime], 0.0)
    return np.asarray(np.bincount(regime, weights=beyond, minlength=len(places)), np.float64)


def price_of_nights(nights: Floats, price: Floats) -> Floats:
    """Return what nights [R] cost at a price by regime [R, M], pounds by payer.

    Where the price does not change, neither does the sum, to the bit.
    """
    apart = total((nights[:, None] * price).T)
    cost: Floats = np.where((price == price[0]).all(axis=0), nights.sum() * price[0], apart)
    return cost


def _yearly(scenario: Scenario, name: str) -> Floats:
    """Return what the places of a service cost a year, by payer."""
    pounds = np.zeros(N_PAYERS)
    service = scenario.services.get(name)
    if service is not None and service.cost_per_place_year_gbp.value > 0:
        price = service.cost_per_place_year_gbp.value
        pounds[PAYERS.index(service.payer)] = price * places(service.capacity)
    return pounds


def _in_window(numbers: Sequence[float], regimes: Regimes) -> float:
    """Return numbers a day, [R], added up over the window; what does not change, to the bit.

    Regimes that follow each other with one number count as one.
    """
    window = regimes[-1].follow_up.intake_days.value
    days = [min(max(regime.from_day or 0.0, 0.0), window) for regime in regimes[1:]]
    parts: list[tuple[float, float]] = []
    """Number and first day."""
    for number, since, until in zip(numbers, (0.0, *days), (*days, window), strict=True):
        if until > since and (not parts or parts[-1][0] != number):
            parts.append((number, since))
    if not parts:
        return numbers[0] * window
    ends = [*(since for _, since in parts[1:]), window]
    held = [number * (end - since) for (number, since), end in zip(parts, ends, strict=True)]
    return float(total(np.array(held)))
