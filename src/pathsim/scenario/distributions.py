"""Distributions by name: what a file may say, and what each means.

All are sampled by inverting the cumulative distribution, so that a draw is a
monotone function of one uniform number and common random numbers stay smooth.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from .faults import fault
from .parameter import Cited, Grade, Number, percent_slip, refuse_crossed
from .units import A_SHAPE, A_SPREAD, LONGEST_DAYS

Positive = Annotated[Number, Field(gt=0, le=LONGEST_DAYS)]
AtLeastZero = Annotated[Number, Field(ge=0, le=LONGEST_DAYS)]
Spread = Annotated[Number, Field(ge=0, le=5), A_SPREAD]
"""A standard deviation of logarithms; more is beyond any length of time."""
ShapeOfWeibull = Annotated[Number, Field(ge=0.1, le=100), A_SHAPE]


class _Distribution(Cited):
    constant_from_number: ClassVar[bool] = True

    source: str
    """Publisher, title and place; or why the values were assumed."""
    grade: Grade = "assumed"
    """What stands behind the values."""
    note: str = ""
    """What a reader should know before using the values."""
    evidence: str | None = None
    """Id in the evidence table, from which what is left out here is filled."""


class Constant(_Distribution):
    """Always `value`."""

    centre: ClassVar[str] = "value"

    kind: Literal["constant"] = "constant"
    value: AtLeastZero

    def expected(self) -> float:
        """Return the mean, in the unit of the parameter."""
        return self.value


class Never(_Distribution):
    """Longer than any follow-up: unlimited patience, an effect that does not end."""

    kind: Literal["never"] = "never"

    def expected(self) -> float:
        """Return infinity."""
        return math.inf


class Exponential(_Distribution):
    """Exponential with the given mean."""

    centre: ClassVar[str] = "mean"

    kind: Literal["exponential"] = "exponential"
    mean: Positive

    def expected(self) -> float:
        """Return the mean, in the unit of the parameter."""
        return self.mean


class Uniform(_Distribution):
    """Uniform between `low` and `high`."""

    kind: Literal["uniform"] = "uniform"
    low: AtLeastZero
    high: AtLeastZero

    @model_validator(mode="after")
    def _ordered(self) -> Uniform:
        refuse_crossed(self.low, self.high)
        return self

    def expected(self) -> float:
        """Return the mean, in the unit of the parameter."""
        return (self.low + self.high) / 2


class Triangular(_Distribution):
    """Triangular on `low` to `high` with its peak at `mode`."""

    kind: Literal["triangular"] = "triangular"
    low: AtLeastZero
    mode: AtLeastZero
    high: AtLeastZero

    @model_validator(mode="after")
    def _ordered(self) -> Triangular:
        refuse_crossed(self.low, self.high)
        if not self.low <= self.mode <= self.high:
            allowed = f"between {self.low:.12g} and {self.high:.12g}, its own low and high"
            raise fault("is out of range", key=("mode",), found=self.mode, allowed=allowed)
        if self.low == self.high:
            allowed = "below high; what is always the same is of the kind constant"
            raise fault("is equal to high", key=("low",), found=self.low, allowed=allowed)
        return self

    def expected(self) -> float:
        """Return the mean, in the unit of the parameter."""
        return (self.low + self.mode + self.high) / 3


class Lognormal(_Distribution):
    """Lognormal with the given median; `sigma` is the standard deviation of the logarithm."""

    centre: ClassVar[str] = "median"

    kind: Literal["lognormal"] = "lognormal"
    median: Positive
    sigma: Spread

    def expected(self) -> float:
        """Return the mean, in the unit of the parameter."""
        return self.median * math.exp(self.sigma**2 / 2)


class Weibull(_Distribution):
    """Weibull with `scale` and `shape`; a shape below 1 is a falling rate."""

    kind: Literal["weibull"] = "weibull"
    scale: Positive
    shape: ShapeOfWeibull

    def expected(self) -> float:
        """Return the mean, in the unit of the parameter."""
        return self.scale * math.gamma(1 + 1 / self.shape)


class Empirical(_Distribution):
    """Piecewise linear between published quantiles; probabilities run from 0 to 1."""

    kind: Literal["empirical"] = "empirical"
    probabilities: tuple[Number, ...]
    quantiles: tuple[AtLeastZero, ...]

    @model_validator(mode="after")
    def _ordered(self) -> Empirical:
        p, q = self.probabilities, self.quantiles
        if len(p) != len(q) or len(p) < 2:
            raise ValueError("needs as many quantiles as probabilities, two or more")
        if p[0] != 0 or p[-1] != 1 or any(a >= b for a, b in pairwise(p)):
            slip = percent_slip(p[-1])
            raise ValueError(f"probabilities must rise from 0 to 1{slip}")
        if any(a > b for a, b in pairwise(q)):
            raise ValueError("quantiles must not fall")
        return self

    def expected(self) -> float:
        """Return the mean, in the unit of the parameter."""
        steps = zip(pairwise(self.probabilities), pairwise(self.quantiles), strict=True)
        return math.fsum((p1 - p0) * (q0 + q1) / 2 for (p0, p1), (q0, q1) in steps)


def _kind(raw: object) -> str:
    if isinstance(raw, dict):
        return str(raw.get("kind", "constant"))
    return str(getattr(raw, "kind", "constant"))


Distribution = Annotated[
    Annotated[Constant, Tag("constant")]
    | Annotated[Never, Tag("never")]
    | Annotated[Exponential, Tag("exponential")]
    | Annotated[Uniform, Tag("uniform")]
    | Annotated[Triangular, Tag("triangular")]
    | Annotated[Lognormal, Tag("lognormal")]
    | Annotated[Weibull, Tag("weibull")]
    | Annotated[Empirical, Tag("empirical")],
    Discriminator(_kind),
]

Length = Annotated[
    Annotated[Constant, Tag("constant")]
    | Annotated[Exponential, Tag("exponential")]
    | Annotated[Uniform, Tag("uniform")]
    | Annotated[Triangular, Tag("triangular")]
    | Annotated[Lognormal, Tag("lognormal")]
    | Annotated[Weibull, Tag("weibull")]
    | Annotated[Empirical, Tag("empirical")],
    Discriminator(_kind),
]
"""A distribution of what ends: a sentence, a delay."""

KINDS = (
    "constant",
    "never",
    "exponential",
    "uniform",
    "triangular",
    "lognormal",
    "weibull",
    "empirical",
)


def constant(value: float, *, source: str, grade: Grade = "definition") -> Constant:
    """Return the distribution that is always `value`."""
    return Constant(value=value, source=source, grade=grade)


def never() -> Never:
    """Return the distribution of what never happens, for use as a default."""
    return Never(source="mechanism not used", grade="definition")
