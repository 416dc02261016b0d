"""The shape of `pathsim decide --json`."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from .shape import Interval, Origin, Shape

DECISION: Final = "pathsim.decision/1"


class Switching(Shape):
    """The value of a quantity at which an option's worth turns."""

    parameter: str
    value: float | None
    low: float | None
    high: float | None
    fails: Literal["above", "below"]
    inside_interval: bool


class Evppi(Shape):
    """What it is worth to know a quantity for sure, pounds."""

    parameter: str
    value: float | None
    se: float | None
    resolved: bool


class Sides(Shape):
    """A figure on both sides of a comparison."""

    baseline: float | None
    option: float | None


class GroupShape(Shape):
    """What an option does for a group of people."""

    attribute: str
    group: str
    people: int | None
    change: Interval | None
    beside_everybody: Interval | None
    starts: Sides
    mean_wait_days: Sides
    note: str


class Equality(Shape):
    """What an option does for whom."""

    sentence: str
    groups: list[GroupShape]


class DecidedOption(Shape):
    """One option, in pounds over the years appraised; gains are above 0."""

    title: str
    file: str | None
    paragraph: str
    npsv: Interval
    bcr: float | None
    public: Interval
    reoffences_avoided: Interval
    cost_per_reoffence_avoided: float | None
    payback_years: float | None
    equivalent_annual_value: float | None
    cashable: float | None
    non_cashable: float | None
    by_payer: dict[str, float | None]
    optimism_bias_by: str
    switching: list[Switching]
    evppi: list[Evppi]
    equality: Equality


class Evpi(Shape):
    """What it is worth to know everything for sure, pounds."""

    value: float
    se: float


class FrontierPoint(Shape):
    """The best option at what a reoffence avoided is worth."""

    worth_of_a_reoffence_avoided: float
    best: str
    chance: float
    evpi: float


class DecisionShape(Shape):
    """Options against a baseline: what each is worth, how sure that is, what would change it."""

    schema_: Literal["pathsim.decision/1"] = Field(alias="schema")
    run: Origin
    years: int
    paragraph: str
    options: list[DecidedOption]
    evpi: Evpi
    chance_best: dict[str, float]
    frontier: list[FrontierPoint]
