"""The small town with prices, and a comparison whose verdict hangs on one effect in doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pathsim as ps
from pathsim.vocabulary import OFFENCE_GROUPS
from small_town import TOWN

if TYPE_CHECKING:
    from pathlib import Path

EFFECT = "services.mentor.hazard_ratio"
REFERRAL = "services.mentor.referral"
MORE = {"services.mentor.capacity": 60, "services.mentor.referral": 0.6}
_GUESS = {"source": "made for a test", "grade": "assumed"}


def priced_town(folder: Path) -> ps.Scenario:
    """Return the town with a price of reoffences, and doubt about what a mentor costs."""
    file = folder / "town.toml"
    file.write_text(TOWN, encoding="utf-8")
    price = {"value": 500.0, "low": 400.0, "high": 625.0, "price_year": "2021/22", **_GUESS}
    changes: dict[str, object] = {"services.mentor.cost_per_start_gbp": price}
    for group in OFFENCE_GROUPS:
        changes[f"costs.reoffence_gbp.{group}"] = {"society": 4200, "police": 600}
    return ps.load(file).change("Town", changes)


def with_more(town: ps.Scenario) -> ps.Scenario:
    """Return the town with more mentors, for more people."""
    return town.change("More mentors", MORE)


def with_some(town: ps.Scenario) -> ps.Scenario:
    """Return the town with some more mentors."""
    return town.change("Some mentors", {"services.mentor.capacity": 20})
