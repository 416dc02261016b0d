"""The shape of `pathsim portfolio --json`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .shape import Interval, Origin, Shape


class MixShape(Shape):
    """A mix that was simulated; pounds, or the unit of what is made most of."""

    mix: str
    levels: dict[str, float]
    """By lever; of an option 0: left, 1: taken."""
    spend: float
    worth: float
    low: float
    high: float
    chance: float | None
    public_year_1: float
    last: bool
    again: float | None
    behind: float | None
    indifferent: bool


class FrontierShape(Shape):
    """The best mix from a yearly budget on, of those that were simulated."""

    budget: float
    mix: str
    worth: float
    low: float
    high: float
    worth_a_pound: float | None


class ShadowShape(Shape):
    """One more place than the pick has."""

    lever: str
    places: float
    spend: float
    worth: float
    low: float
    high: float
    chance: float
    worth_a_pound: float | None


class PickShape(Shape):
    """The mix to take."""

    mix: str
    levels: dict[str, float]
    spend: float
    worth: Interval
    chance_best: float
    among: int
    behind_on_average: float
    behind_in_5_of_100: float


class EmulatorShape(Shape):
    """How well main effects and pairs foretell mixes."""

    explained: float
    proved: bool


class PortfolioShape(Shape):
    """A mix of levers under a budget."""

    schema_: Literal["pathsim.portfolio/1"] = Field(alias="schema")
    run: Origin
    budget: float
    maximised: str
    years: int
    delta: float
    sure: float
    guaranteed: bool
    everything: bool
    emulator: EmulatorShape | None
    sentence: str
    pick: PickShape
    indifferent: list[str]
    mixes: list[MixShape]
    frontier: list[FrontierShape]
    shadow: list[ShadowShape]
