"""The models that are measured, as scenarios: M2 in other sizes, Dorset, and a whole country."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pathsim as ps

HERE: Final = Path(__file__).parent
DORSET: Final = HERE.parent / "scenarios" / "dorset"
OPTIONS: Final = (
    "suspended-sentences",
    "more-tags",
    "more-treatment",
    "more-rj",
    "housing-on-release",
    "tags-and-suspended-sentences",
)
"""The options of `make compare`."""

M2_PEOPLE: Final = 12_000
COUNTRY_PEOPLE: Final = 430_000
"""Of the order of all who are sentenced or cautioned in England and Wales in a year."""
_EXTRA: Final[dict[str, Any]] = {
    "referral": 0.02,
    "capacity": "unlimited",
    "duration_days": {"kind": "exponential", "mean": 60},
    "hazard_ratio": 0.95,
    "cost_per_day_gbp": 5,
    "payer": "pcc",
}


def m2(*, people: int = M2_PEOPLE, services: int = 2) -> ps.Scenario:
    """Return M2 with so many people, places in proportion, and further services without limits.

    services: at least the two of M2. The scenario of 20 is that of `scenarios/m2x20.toml`.
    """
    plain = ps.load(HERE / "scenarios" / "m2.toml")
    if (people, services) == (M2_PEOPLE, 2):
        return plain
    in_custody = round(people / 4)
    # Of the three kinds of cohort, the file has rows.
    at_liberty, into_custody = plain.cohort.rows  # type: ignore[union-attr] # rows, as M2 says
    begins = plain.services["tag"].trigger
    changes: dict[str, object] = {
        "cohort.rows": [
            {"people": people - in_custody, "disposal": at_liberty.disposal},
            {"people": in_custody, "disposal": into_custody.disposal},
        ],
        "services.tag.capacity": round(18 * people / M2_PEOPLE),
        "services.treatment.capacity": round(150 * people / M2_PEOPLE),
    }
    for number in range(1, services - 1):
        service = {
            "title": f"Unlimited service {number:02}",
            "trigger": {"disposals": list(begins.disposals), "release": begins.release},
            **_EXTRA,
        }
        changes[f"services.extra_{number:02}"] = service
    return plain.change(f"M2 for {people:,} people, {services} services", changes)


def dorset() -> ps.Scenario:
    """Return the Dorset baseline."""
    return ps.load(DORSET / "baseline.toml")


def dorset_options() -> list[ps.Scenario]:
    """Return the six options of `make compare`."""
    return [ps.load(DORSET / f"{name}.toml") for name in OPTIONS]


def country(people: int = COUNTRY_PEOPLE, *, warm_up: bool = True) -> ps.Scenario:
    """Return England and Wales with every service of Dorset, places in proportion.

    warm_up: as many people again, of the year before, fill the services first.
    """
    small = dorset()
    # Of the three kinds of cohort, the file has a sample.
    adults, youths = small.cohort.adults.value, small.cohort.youths.value  # type: ignore[union-attr] # sampled
    scale = people / (adults + youths)
    changes: dict[str, object] = {
        "cohort.adults": people - round(youths * scale),
        "cohort.youths": round(youths * scale),
        "follow_up.generations_before": int(warm_up),
        "follow_up.generations_after": 0,
        "follow_up.stock_windows": 0,
        "places_for": people,
    }
    for room in ("services", "pools"):
        for name, each in getattr(small, room).items():
            if getattr(each.capacity, "value", 0.0) > 0.0:
                changes[f"{room}.{name}.capacity"] = round(each.capacity.value * scale)
    return small.change(f"England and Wales, {people:,} people", changes)
