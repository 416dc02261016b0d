"""What places cost in a year: the money that a budget is of.

A place is paid for whether it is used or not, or as much as it is used. Here it counts as used all
year, at central prices, in pounds of the scenario and not discounted:

    place-year price + 365 x price a day + 365 / stay x (price a start + a referral + what is
    completed x price a completion)

`stay` is the mean duration, less for those who drop out. So the spend is known before anything is
simulated, does not hang on chance, and what is bought within a budget does not outgrow it when
places fill. What is saved elsewhere, in court or custody, is no part of it: that is in what a mix
is worth. A place in a pool counts at the dearest of the pool's services.

A service without a limit has no places. Where a lever changes one, its use is simulated once, with
the lever alone and central values, and costs what it is used.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from pathsim.engine.places import DAYS_A_YEAR, places
from pathsim.outcomes.verbs import compare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pathsim.outcomes.results import OptionResult
    from pathsim.scenario.model import Scenario
    from pathsim.scenario.service import Service

REPLICATIONS: Final = 40
"""Of what is simulated for the use of services without a limit."""


def place_year(service: Service) -> float:
    """Return what a place costs in a year in which it is always used; infinity: no bound."""
    stay = _stay(service)
    each = service.cost_per_start_gbp.value + service.cost_per_referral_gbp.value
    each += service.cost_per_completion_gbp.value * (1.0 - service.drop_out_share.value)
    by_stay = 0.0
    if each:
        by_stay = each * DAYS_A_YEAR / stay if stay > 0.0 else math.inf
    by_day = service.cost_per_day_gbp.value * DAYS_A_YEAR
    return service.cost_per_place_year_gbp.value + by_day + by_stay


def _stay(service: Service) -> float:
    """Return the mean days of a stay; whoever drops out does so halfway on average."""
    return service.duration_days.expected() * (1.0 - 0.5 * service.drop_out_share.value)


def yearly(scenario: Scenario, *, but: Sequence[str] = ()) -> float:
    """Return what all limited places cost in a year, pounds; but: services to leave out."""
    spent = [
        place_year(service) * places(service.capacity)
        for name, service in scenario.services.items()
        if name not in but and _has_places(service)
    ]
    for name, pool in scenario.pools.items():
        prices = [place_year(each) for each in scenario.services.values() if each.pool == name]
        dearest = max((each for each in prices if math.isfinite(each)), default=0.0)
        spent.append(dearest * places(pool.capacity))
    return math.fsum(spent)


def _has_places(service: Service) -> bool:
    return service.capacity != "unlimited" and math.isfinite(place_year(service))


def by_use(baseline: Scenario, option: Scenario, keys: Sequence[str]) -> list[str]:
    """Return the services with a price that keys change and that have no limit on either side."""
    touched = {key.split(".")[1] for key in keys if key.startswith("services.") and "." in key}
    found = []
    for name in sorted(touched):
        sides = [each.services[name] for each in (baseline, option) if name in each.services]
        limited = all(_has_places(each) or each.pool for each in sides)
        if not limited and any(place_year(each) > 0.0 for each in sides):
            found.append(name)
    return found


def spends(
    baseline: Scenario,
    options: Sequence[tuple[Scenario, Sequence[str]]],
    *,
    seed: int,
    workers: int | None,
) -> list[float]:
    """Return what each option spends in a year beyond the baseline, pounds.

    options: each with the services that are paid for by use, as `by_use` returns.
    """
    used = [option for option, services in options if services]
    measured: dict[int, OptionResult] = {}
    if used:
        result = compare(
            baseline, used, draws=0, replications=REPLICATIONS, seed=seed, workers=workers
        )
        measured = {id(option): each for option, each in zip(used, result.options, strict=True)}
    return [
        yearly(option, but=services)
        - yearly(baseline, but=services)
        + math.fsum(_use(baseline, option, name, measured[id(option)]) for name in services)
        for option, services in options
    ]


def _use(baseline: Scenario, option: Scenario, name: str, result: OptionResult) -> float:
    """Return what one more year's use of a service costs in an option than in the baseline."""
    cost = 0.0
    for sign, side in ((1.0, option), (-1.0, baseline)):
        service = side.services.get(name)
        if service is None:
            continue
        starts, completed = (
            _level(result, f"service.{name}.{load}", option=side is option)
            for load in ("starts", "completed")
        )
        each = service.cost_per_start_gbp.value + service.cost_per_referral_gbp.value
        each += service.cost_per_day_gbp.value * _stay(service)
        cost += sign * (starts * each + completed * service.cost_per_completion_gbp.value)
    return cost * DAYS_A_YEAR / baseline.follow_up.intake_days.value


def _level(result: OptionResult, outcome: str, *, option: bool) -> float:
    """Return an outcome's mean in an option, or in the baseline."""
    own, difference = (side.get(outcome) for side in (result.own, result.everybody))
    mean = 0.0 if own is None else float(own.mean())
    return mean if option or difference is None else mean - float(difference.mean())
