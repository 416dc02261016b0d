"""Where people live, in numbers: shares on entry and moves a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pathsim.engine.contract import Floats
from pathsim.engine.cumulative import cumulative
from pathsim.vocabulary import ACCOMMODATIONS

if TYPE_CHECKING:
    from pathsim.scenario.justice import AccommodationMix
    from pathsim.scenario.model import Scenario


def lower_homes(scenario: Scenario) -> dict[str, Floats]:
    """Return the shares and moves of one regime, and the ratios of homes and legal statuses."""
    home, hazard = scenario.accommodation, scenario.hazard

    def shares(mix: AccommodationMix) -> Floats:
        return cumulative(np.array([getattr(mix, name) for name in ACCOMMODATIONS]))

    def rate(here: str, there: str, *, released: bool) -> float:
        name = f"{here}_to_{there}_per_day"
        own = getattr(home.after_release, name) if released else None
        return float((own or getattr(home, name)).value)

    rates = [
        [
            [0.0 if here == there else rate(here, there, released=way) for there in ACCOMMODATIONS]
            for here in ACCOMMODATIONS
        ]
        for way in (False, True)
    ]
    return {
        "home_entry": np.stack([shares(home.at_disposal), shares(home.on_release)]),
        "home_rate": np.array(rates),
        "home_ratio": np.array([1.0, hazard.temporary_ratio.value, hazard.homeless_ratio.value]),
        "legal_ratio": np.array(
            [
                1.0,
                hazard.community_order_ratio.value,
                hazard.suspended_sentence_ratio.value,
                hazard.licence_ratio.value,
                0.0,
                hazard.supervision_ratio.value,
            ]
        ),
    }
