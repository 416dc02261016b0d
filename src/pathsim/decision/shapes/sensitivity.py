"""The shape of `pathsim sensitivity --json`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .shape import Interval, Origin, Shape


class TornadoShape(Shape):
    """How far a quantity moves the difference over its middle 95%, the others as drawn."""

    parameter: str
    low: float
    high: float
    at_low: float
    at_high: float
    swing: float
    se: float
    turns: bool


class VarianceShape(Shape):
    """A share of the variance of the difference in a single replication."""

    of: str
    """A parameter, `chance`, or what parameters do together or was not resolved."""
    share: float
    se: float | None


class MorrisShape(Shape):
    """How far a quantity moves what is expected, from end to end of its middle 95%."""

    parameter: str
    mu_star: float
    conf: float
    mu: float
    sigma: float


class SobolShape(Shape):
    """Shares of the variance of what is to be expected, by itself and with all others."""

    parameter: str
    s1: float
    s1_conf: float
    st: float
    st_conf: float


class EmulatorShape(Shape):
    """How well the emulator foresees states that it has not seen."""

    r2: float | None
    r2_of_doubt: float | None
    share_of_chance: float | None
    good_enough: bool


class LimitShape(Shape):
    """A limit beyond which an option mostly fails."""

    parameter: str
    side: Literal["above", "below"]
    value: float


class FailureShape(Shape):
    """Where an option does worse than the baseline."""

    sentence: str
    fails: float
    fails_inside: float | None
    holds: float | None
    limits: list[LimitShape]


class SensitiveOption(Shape):
    """What an option's difference from the baseline hangs on."""

    title: str
    file: str | None
    difference: Interval
    tornado: list[TornadoShape]
    variance: list[VarianceShape]
    morris: list[MorrisShape]
    morris_of: Literal["emulator", "model"]
    morris_chance: float
    """What chance alone gives `mu_star`; 0 of an emulator."""
    emulator: EmulatorShape
    sobol: list[SobolShape] | None
    sobol_said: str
    failure: FailureShape | None


class TurnShape(Shape):
    """The value of a quantity at which a verdict turns."""

    parameter: str
    value: float | None
    low: float
    high: float
    fails: Literal["above", "below"]
    inside_interval: bool


class BetweenShape(Shape):
    """What would have to be true for the other of two to be the better one."""

    better: str
    other: str
    difference: Interval
    sentence: str
    turns: list[TurnShape]


class SensitivityShape(Shape):
    """What the differences between options hang on."""

    schema_: Literal["pathsim.sensitivity/1"] = Field(alias="schema")
    run: Origin
    outcome: str
    appraisal_years: int
    options: list[SensitiveOption]
    between: list[BetweenShape]
