"""The shapes of `pathsim run --json` and `pathsim compare --json`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .origin import ComparisonOriginShape, OriginShape
from .shape import Shape


class RowShape(Shape):
    """What is said of an outcome of a group, whichever side it is of; null where not defined."""

    outcome: str
    group: str
    se: float | None
    low: float | None
    high: float | None
    sd_doubt: float | None
    """Spread of the expected value over the states of the world."""
    sd_chance: float | None
    """Spread of a single year in one state."""
    same_in: float | None
    """Replications, where all have the same value."""
    differs_at_most: float | None
    """The share of them that may yet differ (95%)."""


class LevelRowShape(RowShape):
    """The mean of an outcome in a group."""

    mean: float | None


class DifferenceRowShape(RowShape):
    """An outcome of a group with and without an option; the interval is of the difference."""

    baseline: float | None
    option: float | None
    difference: float | None
    probability_better: float | None
    """About doubt; null where no direction is better, or without states of the world."""
    share_of_years_better: float | None
    """About the luck of a single year."""
    chance_better: float | None
    """The old name of `share_of_years_better`."""


class ScenarioResultShape(Shape):
    """The outcomes of one scenario; people by group."""

    title: str
    file: str | None
    out_of_balance: str
    """What is wrong with its entry shares; empty if nothing is."""
    groups: dict[str, int]
    outcomes: list[LevelRowShape]


class OptionResultShape(Shape):
    """The outcomes of one option against the baseline; people by group."""

    title: str
    file: str | None
    groups: dict[str, int]
    outcomes: list[DifferenceRowShape]


class RunShape(Shape):
    """One scenario."""

    schema_: Literal["pathsim.run/1"] = Field(alias="schema")
    run: OriginShape
    scenario: ScenarioResultShape


class ComparisonShape(Shape):
    """Options against a baseline."""

    schema_: Literal["pathsim.comparison/1"] = Field(alias="schema")
    run: ComparisonOriginShape
    baseline: ScenarioResultShape
    options: list[OptionResultShape]
