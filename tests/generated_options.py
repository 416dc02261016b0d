"""Options of scenarios drawn at random: any keys, or all of them, from a day on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from pathsim.scenario.model import Scenario

if TYPE_CHECKING:
    from generated import Draws

_SHARES = {"settled", "fine"}
"""Keys of shares that sum to 1, and so change together."""


def with_option(draws: Draws, raw: dict[str, Any], scenario: Scenario) -> Scenario:
    """Return the scenario with an option that changes some keys, or all, on a day or on several."""
    day = float(draws.pick(-20, 0, 10, 30, 50, 100) if draws.tied else draws.pick(-20, 30, 75.5))
    share = draws.pick(0.02, 0.1, 0.5, 1.0)
    said, option = _changed(draws, raw, scenario, day=day, share=share)
    for _ in range(draws.maybe(0.6, 1, 1, 2, 4) or 0):
        day += draws.maybe(1.0, 10.0, 20.0) if draws.tied else draws.maybe(1.0, 0.5, 12.5, 40.0)
        said, option = _changed(draws, said, option, day=day, share=draws.pick(0.02, 0.1, 0.5))
    return option


def _changed(
    draws: Draws, raw: dict[str, Any], before: Scenario, *, day: float, share: float
) -> tuple[dict[str, Any], Scenario]:
    """Return what holds from a day on, as plain data and as a scenario with what holds before."""
    earlier = before.model_dump()
    while True:
        later = _blend(draws, raw, {**raw, **draws.system()}, share)
        _keep(raw, later)
        try:
            return later, Scenario.model_validate({**later, "from_day": day, "before": earlier})
        except ValidationError:  # parts that do not go together, such as a pool and a capacity
            continue


def lasts(service: dict[str, Any] | None) -> bool:
    """Return whether a service is there and takes time: completions may then go in a circle."""
    return service is not None and service["duration_days"].get("value", 10.0) > 0.0


def calm(service: dict[str, Any]) -> None:
    """Let no effect multiply without end where a service leads to itself."""
    service["after_ratio"] = min(service["after_ratio"], 1.0)


def _blend(draws: Draws, old: Any, new: Any, share: float) -> Any:
    """Return `old` with a share of its keys, and of the keys only `new` has, as in `new`."""
    tables = isinstance(old, dict) and isinstance(new, dict)
    if not tables or "kind" in old or not _SHARES.isdisjoint(old):
        return new if draws.chance(share) else old
    added = {key: value for key, value in new.items() if key not in old and draws.chance(share)}
    kept = {key: _blend(draws, value, new[key], share) for key, value in old.items() if key in new}
    return {**old, **kept, **added}


def _keep(raw: dict[str, Any], later: dict[str, Any]) -> None:
    """Let an option keep what is fixed for those who wait, or for life at the index date."""
    for part in ("services", "pools"):
        for name in later[part].keys() & raw[part].keys():
            later[part][name]["order"] = raw[part][name].get("order", "first_come")
    for name in later["pools"].keys() & raw["pools"].keys():
        later["pools"][name]["review_days"] = raw["pools"][name]["review_days"]
    for pool in later["pools"].values():
        if pool["review_days"] and pool.get("max_queue") == 0:
            pool["max_queue"] = 1
    for service in later["services"].values():
        if "capacity" not in service:
            service.pop("max_queue", None)
        trigger = service["trigger"]
        of = [each for each in trigger.get("of", ()) if lasts(later["services"].get(each))]
        trigger |= {"on": "completion" if of else "", "of": of}
        if of:
            calm(service)
    for key in ("score", "adult_level", "youth_level", "frailty_sigma", "shape"):
        later["hazard"][key] = raw["hazard"][key]
    key = "discount_rate_percent"
    later["costs"][key] = raw["costs"][key]
