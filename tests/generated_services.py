"""Services of scenarios drawn at random: whom they take, how long they last, on what they act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generated_options import calm, lasts
from pathsim.vocabulary import DISPOSALS, NEEDS, OFFENCE_GROUPS, PAYERS, SEXES

if TYPE_CHECKING:
    from generated import Draws


def _service(draws: Draws, name: str, before: list[str], pools: list[str]) -> dict[str, Any]:
    service: dict[str, Any] = {
        "title": name,
        "trigger": {
            "disposals": draws.some(DISPOSALS, 0.4),
            "release": draws.chance(0.5),
            "pre_release": draws.chance(0.4),
            "reoffence": draws.chance(0.2),
            "homeless": draws.chance(0.2),
            "services": draws.some(tuple(before), 0.3),
        },
        "eligible": _eligible(draws),
        "referral": draws.pick(1.0, 0.7, 0.3),
        "take_up": draws.pick(1.0, 0.6),
        "requires_any": draws.some(tuple(before), 0.2),
        "duration_days": draws.days(),
        "drop_out_share": draws.pick(0.0, 0.0, 0.4, 1.0),
        "ends_on": draws.some(("custody", "reoffence", "order_end"), 0.5),
        "hazard_ratio": draws.pick(1.0, 0.5, 0.0, 2.0, 0.8),
        "after_ratio": draws.pick(1.0, 0.6, 0.9),
        "after_days": draws.days(),
        "custody_ratio": draws.pick(1.0, 1.0, 0.5, 0.0),
        "cost_per_referral_gbp": draws.pick(0.0, 11.5),
        "cost_per_start_gbp": draws.pick(0.0, 100.25),
        "cost_per_day_gbp": draws.pick(0.0, 3.7),
        "cost_per_completion_gbp": draws.pick(0.0, 250.0),
        "payer": draws.pick(*PAYERS),
    }
    trigger = service["trigger"]
    if not trigger["disposals"] and not trigger["reoffence"] and not trigger["services"]:
        # Where offences lead to more of them, effects that do would multiply without end.
        service["after_ratio"] = 1.3
    if draws.chance(0.6):
        service["patience_days"] = draws.days()
    if pools and draws.chance(0.4):
        service["pool"] = draws.pick(*pools)
    elif draws.chance(0.7):
        service["capacity"] = int(draws.pick(0, 1, 1, 2, 5))
        service["order"] = draws.pick("first_come", "highest_risk")
    if draws.chance(0.25):
        service["houses"] = True
        service["duration_days"] = (
            {"kind": "constant", "value": 20.0}
            if draws.tied
            else {"kind": "exponential", "mean": 30.0}
        )
        service["exit_settled_share"] = draws.share()
    return service


def _eligible(draws: Draws) -> dict[str, Any]:
    eligible: dict[str, Any] = {}
    if draws.chance(0.3):
        eligible["sex"] = [draws.pick(*SEXES)]
    if draws.chance(0.2):
        eligible["needs_any"] = draws.some(NEEDS, 0.5)
    if draws.chance(0.2):
        eligible["min_risk_percent"] = float(draws.pick(20, 50))
    if draws.chance(0.1):
        eligible["domestic_abuse"] = draws.chance(0.5)
    return eligible


def drawn_services(draws: Draws, pools: list[str]) -> dict[str, Any]:
    names = [f"s{k}" for k in draws.rng.permutation(int(draws.rng.integers(0, 7)))]
    return {
        name: _service(draws, name, names[:position], pools) for position, name in enumerate(names)
    }


def limit_queues(draws: Draws, places: dict[str, Any]) -> None:
    """Limit some of the queues for places that are limited."""
    for place in places.values():
        most = draws.maybe(0.5, 0, 0, 1, 1, 2, 4)
        if most is not None and "capacity" in place:
            place["max_queue"] = max(most, int(place.get("review_days", 0) > 0))


def follow(draws: Draws, services: dict[str, Any]) -> None:
    """Let completions bring people to some services, also round in a circle, or to the same."""
    for service in services.values():
        of = [name for name, other in services.items() if draws.maybe(0.25, lasts(other))]
        if of and draws.maybe(0.6, True):
            service["trigger"] |= {"on": "completion", "of": of}
            calm(service)


def spare(draws: Draws, system: dict[str, Any]) -> None:
    """Let a service spare custody in some scenarios, mostly to few."""
    services, presumption = system["services"], system["sentencing"]["presumption"]
    names = [
        name
        for name, service in services.items()
        if not system["pools"].get(service.get("pool"), {}).get("review_days")
    ]
    if not names or draws.court.random() < 0.5:
        return
    name = presumption["with_service"] = str(draws.court.choice(names))
    if draws.court.random() < 0.7:
        presumption |= {"max_days": 1500.0, "share": 1.0, "age_groups": ["adult", "youth"]}
        services[name]["eligible"] = {}
        services[name]["requires_any"] = []


def look_at_offences(draws: Draws, services: dict[str, Any]) -> None:
    """Let some services take people for some offences only."""
    for service in services.values():
        if draws.offences.random() < 0.4:
            taken = draws.offences.random(len(OFFENCE_GROUPS)) < draws.offences.choice([0.2, 0.6])
            groups = [name for name, takes in zip(OFFENCE_GROUPS, taken, strict=True) if takes]
            service["eligible"]["offence_group"] = groups


def act_by_offence(draws: Draws, services: dict[str, Any]) -> None:
    """Let some services, in half of the scenarios, act on some offences only."""
    if draws.acting.random() < 0.5:
        return
    for service in services.values():
        if draws.acting.random() < 0.6:
            named = draws.acting.random(len(OFFENCE_GROUPS)) < draws.acting.choice([0.1, 0.4, 0.9])
            named[draws.acting.integers(len(named))] = True
            groups = [name for name, acts in zip(OFFENCE_GROUPS, named, strict=True) if acts]
            service["acts_on"] = draws.acting.permutation(groups).tolist()
