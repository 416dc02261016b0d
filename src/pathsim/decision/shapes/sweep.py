"""The shape of `pathsim sweep --json`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .shape import Origin, Shape


class TargetShape(Shape):
    """What a level must come to."""

    outcome: str
    sign: Literal["<=", ">="]
    value: float


class LevelShape(Shape):
    """An outcome at a level; the difference is from the baseline, null where not defined."""

    level: float
    outcome: str
    value: float | None
    difference: float | None
    low: float | None
    high: float | None
    probability_better: float | None


class SweepShape(Shape):
    """One lever from end to end."""

    schema_: Literal["pathsim.sweep/1"] = Field(alias="schema")
    run: Origin
    key: str
    baseline_level: float
    stops_at: float | None
    target: TargetShape | None
    least: float | None
    least_chance: float | None
    sentence: str
    levels: list[LevelShape]
