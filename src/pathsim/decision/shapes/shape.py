"""What the shapes of outputs are made of."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from pathsim.decision.told import Told


class Shape(BaseModel):
    """An object of which every key is named; keys that are left out have no place."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class Interval(Shape):
    """A figure over the states of the world; null where it is not defined."""

    mean: float | None
    low: float | None
    high: float | None
    probability_above_0: float | None


Origin = dict[str, Any]
"""Where a result comes from: version, seed, states, files and environment."""


def as_shaped(shape: type[Shape], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return data as plain data for JSON, once they are found to have the shape."""
    return shape.model_validate(data).model_dump(by_alias=True)


def number(value: Any) -> float | None:
    """Return a number; None where it is none, as JSON has no sign for that."""
    found = float(value)
    return found if math.isfinite(found) else None


def interval(told: Told) -> dict[str, float | None]:
    """Return a figure with its doubt as plain data."""
    return {
        "mean": number(told.mean),
        "low": number(told.low),
        "high": number(told.high),
        "probability_above_0": number(told.probability),
    }
