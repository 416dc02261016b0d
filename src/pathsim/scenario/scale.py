"""Scaled places: a scenario of a part of the people, or of more of them, with places to match."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from pathsim.arguments import plain_number
from pathsim.errors import InputError, Problem

from .cohort import RowsCohort, SampledCohort
from .parameter import SCALES, Quantity, Strict
from .read import Document
from .service import Pool, Service, Unlimited
from .units import Factor
from .unusual import unusual_number, warn_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .model import Scenario


Part = TypeVar("Part", bound=Strict)


class Rounded(NamedTuple):
    """Places that are no whole number once scaled."""

    key: str
    exact: float
    places: int


def places_for(scenario: Scenario) -> int | None:
    """Return for how many people the places are; None where only a table of people says it."""
    if scenario.places_for is not None:
        return scenario.places_for
    source = scenario.cohort
    return source.size() if isinstance(source, SampledCohort | RowsCohort) else None


def has_places(scenario: Scenario) -> bool:
    """Return whether the scenario limits any places."""
    return any(True for _ in _limited(scenario))


def rounded(scenario: Scenario) -> Iterator[Rounded]:
    """Yield the places that scaling rounds."""
    for key, capacity in _limited(scenario):
        exact = capacity.value * scenario.scale.value
        places = _whole(exact)
        if not math.isclose(exact, places, rel_tol=1e-9):
            yield Rounded(key, exact, places)


def scaled(scenario: Scenario) -> Scenario:
    """Return the scenario with its scale worked into places, queues and places' fixed costs.

    Places, and limits of queues, are rounded to whole ones, halves up, at least one where there
    are any; fixed costs of places are multiplied by the scale itself.
    """
    before = None if scenario.before is None else scaled(scenario.before)
    factor = scenario.scale.value
    if factor == 1.0:
        return scenario if before is scenario.before else _with(scenario, before=before)
    services = {
        name: service
        if service.capacity == "unlimited"
        else _with(
            service,
            capacity=_places(service.capacity, factor),
            max_queue=_queue(service.max_queue, factor),
            cost_per_place_year_gbp=_price(
                service.cost_per_place_year_gbp, service.capacity, factor
            ),
        )
        for name, service in scenario.services.items()
    }
    pools = {
        name: _with(
            pool,
            capacity=_places(pool.capacity, factor),
            max_queue=_queue(pool.max_queue, factor),
        )
        for name, pool in scenario.pools.items()
    }
    custody = scenario.custody
    if custody.capacity != "unlimited":
        custody = _with(custody, capacity=_places(custody.capacity, factor))
    one = _with(scenario.scale, value=1.0, low=None, high=None)
    return _with(
        scenario, before=before, services=services, pools=pools, custody=custody, scale=one
    )


def with_scale(scenario: Scenario, factor: float) -> Scenario:
    """Return the scenario with another scale; raises InputError for one that is none."""
    number = plain_number(factor)
    smallest, largest = SCALES
    if number is None or not smallest <= number <= largest:
        allowed = f"a number from {smallest:g} to {largest:g}"
        raise InputError(Problem("is out of range", key="scale", found=factor, allowed=allowed))
    scale = Quantity(value=number, source="asked for in the run", grade="choice")
    before = None if scenario.before is None else with_scale(scenario.before, factor)
    return _with(scenario, scale=scale, before=before)


def warn_of_scale(factor: float, *, stacklevel: int) -> None:
    """Warn, at the caller's line, of a scale outside its usual range."""
    found = unusual_number(Factor, float(factor), ("scale",))
    warn_of(found, [Document({"scale": factor})], stacklevel=stacklevel + 1)


def _limited(scenario: Scenario) -> Iterator[tuple[str, Quantity]]:
    shared: dict[str, Service | Pool]
    shared = {f"services.{name}": each for name, each in scenario.services.items()}
    shared |= {f"pools.{name}": each for name, each in scenario.pools.items()}
    places = {f"{key}.capacity": each.capacity for key, each in shared.items()}
    places |= {f"{key}.max_queue": each.max_queue for key, each in shared.items()}
    places["custody.capacity"] = scenario.custody.capacity
    for key, number in places.items():
        if number != "unlimited":
            yield key, number


def _whole(exact: float) -> int:
    # What rounding of the product puts a hair beside a half or a whole counts as that.
    near = math.floor(round(exact, 9) + 0.5)
    return max(near, 1) if exact > 0 else 0


def _places(capacity: Quantity, factor: float) -> Quantity:
    return _with(capacity, value=float(_whole(capacity.value * factor)), low=None, high=None)


def _queue(most: Unlimited | Quantity, factor: float) -> Unlimited | Quantity:
    return most if most == "unlimited" else _places(most, factor)


def _price(price: Quantity, capacity: Quantity, factor: float) -> Quantity:
    """Return the price of a place at which all places cost the scale's share."""
    places = _whole(capacity.value * factor)
    exact = price.value * capacity.value * factor / places if places else price.value
    return _with(price, value=exact, low=None, high=None)


def _with(part: Part, **changes: object) -> Part:
    """Return a part of a scenario with other values, which are known to be valid."""
    return part.replaced(changes)
