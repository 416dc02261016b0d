"""What generated scenarios say of multipliers, occasions and moves after a release."""

from __future__ import annotations

from typing import Any

import numpy as np

from pathsim.vocabulary import OFFENCE_GROUPS

AFTER_RELEASE = ("settled_to_homeless_per_day", "temporary_to_settled_per_day")
"""Moves that may have rates of their own after a release."""
MULTIPLIED = (
    *("sex=female", "age_group=youth", "age_band=18-20", "age_band=30-34", "previous_offences=15+"),
    *("offence_group=theft", "offence_group=violence", "sentence_band=le6m", "sentence_band=1to4y"),
    *(f"disposal={name}" for name in ("caution", "fine", "community_order", "custody")),
)
"""Groups that multipliers may be of."""


def add_to_hazard(raw: dict[str, Any], several: np.random.Generator) -> None:
    """Add what an occasion is of, and multipliers of adults and children."""
    if several.random() < 0.5:
        raw["offending"]["offences_per_occasion"] = {
            group: float(several.choice([1.0, 1.2, 2.0, 6.0])) for group in OFFENCE_GROUPS
        }
    if several.random() < 0.6:
        raw["hazard"]["multipliers"] = {
            place: float(several.choice([0.0, 0.4, 1.0, 2.5]))
            for place in MULTIPLIED
            if several.random() < 0.4
        }
    if several.random() < 0.3:
        raw["hazard"]["youth_multipliers"] = {
            place: float(several.choice([0.0, 0.4, 1.0, 2.5]))
            for place in MULTIPLIED
            if several.random() < 0.4
        }
    if several.random() < 0.3:
        raw["hazard"]["youth_risk_percent"] = 40.0
    if several.random() < 0.4:
        raw["hazard"]["decay_per_year"] = float(several.choice([0.2, 1.5]))


def add_moves(raw: dict[str, Any], moves: np.random.Generator) -> None:
    """Add moves between homes of whom a release brought in last."""
    if "accommodation" in raw and moves.random() < 0.5:
        rates = {name: float(moves.choice([0.0, 0.02, 0.09])) for name in AFTER_RELEASE}
        chosen = {name: rate for name, rate in rates.items() if moves.random() < 0.6}
        raw["accommodation"]["after_release"] = chosen
