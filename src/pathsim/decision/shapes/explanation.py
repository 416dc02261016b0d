"""The shape of `pathsim explain --json`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .shape import Shape


class PartShape(Shape):
    """A part of an option's difference, of one figure; the interval is of luck."""

    part: Literal["direct", "displaced", "knock-on", "unchanged", "places", "all"]
    people: float
    figure: str
    mean: float
    low: float | None
    high: float | None


class PersonShape(Shape):
    """One person of the replication told: why their story differs, and by how much."""

    person: str
    cause: Literal["direct", "displaced", "knock-on"]
    day: float
    reoffences_total: float
    reoffences_from_sentence: float
    days_in_custody: float
    days_homeless: float
    cost_public: float
    cost_society: float


class MomentShape(Shape):
    """What happens to one person on a day, without the option and with it."""

    day: float
    without: str
    with_: str = Field(alias="with")


class ExplanationShape(Shape):
    """What an option changes and for whom."""

    schema_: Literal["pathsim.explanation/1"] = Field(alias="schema")
    baseline: str
    option: str
    seed: int
    replications: int
    replication: int
    sentence: str
    parts: list[PartShape]
    people: list[PersonShape]
    timeline: list[MomentShape] | None
