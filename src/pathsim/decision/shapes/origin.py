"""The shape of where a run or a comparison comes from."""

from __future__ import annotations

from typing import Literal

from .shape import Shape


class SourceShape(Shape):
    """The code: the commit of its repository, empty where there is none, and its SHA-256."""

    commit: str
    sha256: str


class InputShape(Shape):
    """A file that was read: what it is, where it is and its SHA-256."""

    of: str
    path: str
    sha256: str


class NamedShape(Shape):
    """A scenario; without a file where it was made in Python."""

    title: str
    file: str | None


class OutcomeShape(Shape):
    """What an outcome is called, its unit, and of whom it is told."""

    title: str
    unit: str
    of: str


class OriginShape(Shape):
    """Where a result comes from, and how much was simulated for it."""

    version: str
    source: SourceShape
    inputs: list[InputShape]
    inputs_sha256: str
    seed: int
    draws: int
    """States of the world; 0: every quantity has its central value."""
    replications_per_draw: int
    doubted: int
    """How many quantities are drawn in each state."""
    replications: int
    workers: int
    engine: Literal["kernel", "reference"]
    posterior_draws: int
    scenario: NamedShape
    people: int
    people_from: str
    scale: float
    unpaired: list[int]
    """People of each scenario, where options follow other people; else none."""
    elapsed_seconds: float
    finished: str
    python: str
    numpy: str
    numba: str
    platform: str
    outcomes: dict[str, OutcomeShape]
    """By the name of the outcome."""


class UntilShape(Shape):
    """The precision that was asked for, and whether it was reached."""

    outcome: str
    precision: float
    reached: bool


class ComparisonOriginShape(OriginShape):
    """Where a comparison comes from; `until` is there where a precision was asked for."""

    until: UntilShape | None = None
