"""The shape of `pathsim cohort validate --json`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pathsim.outcomes.validation.judged import FIGURES

from .shape import Origin, Shape


class FigureShape(Shape):
    """A figure of a prediction in a group; null where it is not defined or of too few people."""

    prediction: Literal["model", "risk_score"]
    group: str
    figure: Literal[FIGURES]  # type: ignore[valid-type] # a tuple of names
    value: float | None
    low: float | None
    high: float | None


class TenthShape(Shape):
    """Observed against predicted in a tenth, or in neighbours taken together such as `1-3`."""

    prediction: Literal["model", "risk_score"]
    group: str
    tenths: str
    people: int
    predicted: float
    reoffended: int
    observed: float
    low: float
    high: float


class CurveShape(Shape):
    """The share who have not reoffended by a day; what was observed is null between few people."""

    prediction: Literal["model", "risk_score"]
    group: str
    day: float
    predicted: float
    observed: float | None
    low: float | None
    high: float | None


class ValidationShape(Shape):
    """Predictions of a cohort against its own outcomes."""

    schema_: Literal["pathsim.validation/1"] = Field(alias="schema")
    run: Origin
    scenario: str
    within_days: float
    fewest: int
    """Smaller counts of people are not told."""
    sentence: str
    notes: list[str]
    figures: list[FigureShape]
    tenths: list[TenthShape]
    survival: list[CurveShape]
