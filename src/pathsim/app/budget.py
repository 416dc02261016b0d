"""What the places that an option buys cost in a year, held against a budget."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from pathsim.decision.portfolio.spend import by_use, place_year, yearly
from pathsim.engine.places import places
from pathsim.errors import InputError, Problem

from .address import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pathsim.scenario.model import Scenario

    from .levers import Lever

MOST: Final = 1e12
"""Pounds a year."""
_SHOWN: Final = 12


class Place(NamedTuple):
    """What one more place of a service, or of a pool, costs and how many the rest would buy."""

    key: str
    title: str
    price: float
    """Pounds a place and year, always used."""
    now: float
    """Places that the option has."""
    bought: float
    """Of them, beyond the baseline's."""
    more: int
    """How many more fit."""

    @property
    def with_all(self) -> str:
        """Return the places with all that fit, as a lever's value."""
        return f"{self.now + self.more:.12g}"


class Budget(NamedTuple):
    """A budget and what is left of it."""

    amount: float
    spent: float
    """What all places cost more than the baseline's."""
    places: tuple[Place, ...]
    by_use: tuple[str, ...]
    """Services without a limit, which are paid for as they are used and are not in it."""

    @property
    def left(self) -> float:
        """Return what is left; below 0: the option costs more than there is."""
        return self.amount - self.spent

    @property
    def fits(self) -> bool:
        """Return whether the option costs no more than there is, to the pound."""
        return self.left > -1.0


def parsed(text: str) -> float | None:
    """Return the pounds that were typed; None: nothing was. Raises InputError."""
    if not text:
        return None
    amount = number(text)
    if isinstance(amount, str) or not 0.0 <= amount <= MOST:
        allowed = f"pounds a year, 0 to {MOST:,.0f}"
        raise InputError(Problem("is no budget", key="budget", found=text, allowed=allowed))
    return float(amount)


def budget(amount: float, baseline: Scenario, option: Scenario, levers: Sequence[Lever]) -> Budget:
    """Return what an option's places cost, and which further places fit."""
    moved = [each.key for each in levers if each.key.startswith("services.")]
    free = [
        option.services[name].title
        for name in by_use(baseline, option, moved)
        if option.services.get(name) != baseline.services.get(name)
    ]
    spent = yearly(option) - yearly(baseline)
    left = amount - spent
    found = [
        Place(key, title, price, now, now - before, _fit(left, price))
        for key, title, price, now, before in _places(baseline, option, levers)
    ]
    found.sort(key=lambda each: (each.bought == 0.0, each.price))
    return Budget(amount, spent, tuple(found[:_SHOWN]), tuple(free))


def _fit(left: float, price: float) -> int:
    return max(math.floor(left / price + 1e-9), 0)


def _places(
    baseline: Scenario, option: Scenario, levers: Iterable[Lever]
) -> Iterable[tuple[str, str, float, float, float]]:
    """Yield key, title, price, and the places now and before, of everything with places."""
    for lever in levers:
        kind, _, rest = lever.key.partition(".")
        name, _, last = rest.partition(".")
        if last != "capacity" or kind not in ("services", "pools"):
            continue
        if kind == "services":
            prices = [place_year(option.services[name])]
        else:
            prices = [place_year(each) for each in option.services.values() if each.pool == name]
        price = max((each for each in prices if math.isfinite(each)), default=0.0)
        if price > 0.0:
            now, before = (
                places(getattr(side, kind)[name].capacity) for side in (option, baseline)
            )
            yield lever.key, lever.title, price, now, before
