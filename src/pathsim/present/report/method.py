"""How the figures are made: their limits first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .wording import window

if TYPE_CHECKING:
    from .told import Told


def context(told: Told) -> dict[str, Any]:
    """Return what the figures leave out, then how to read them, then of what each is."""
    origin, about = told.run, told.baseline["about"]
    return {
        "compared": told.compared,
        "run": origin.data,
        "about": about,
        "window": window(told),
        "in_doubt": told.in_doubt,
        "bases": [line.capitalize() for line in about["bases"]],
        "out_of_balance": told.baseline["out_of_balance"],
        "years": None if told.decision is None else told.decision["years"],
    }
