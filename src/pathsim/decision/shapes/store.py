"""The shapes of `pathsim store list --json` and `pathsim store verify --json`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .shape import Shape


class StudyShape(Shape):
    """What is kept of one scenario under one seed."""

    title: str
    seed: int
    engine: str
    replications: int
    chunks: int
    size: int
    """Bytes."""
    current: bool
    """Whether this version of pathsim made it, and so uses it again."""


class StoreListShape(Shape):
    """What a store holds."""

    schema_: Literal["pathsim.store-list/1"] = Field(alias="schema")
    studies: list[StudyShape]


class DamagedShape(Shape):
    """A chunk that is not what was written."""

    file: str
    why: str


class StoreVerifyShape(Shape):
    """How many chunks were read, and which are damaged."""

    schema_: Literal["pathsim.store-verify/1"] = Field(alias="schema")
    chunks: int
    damaged: list[DamagedShape]
