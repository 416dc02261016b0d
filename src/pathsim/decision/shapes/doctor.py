"""The shape of `pathsim doctor --json`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .shape import Shape


class FindingShape(Shape):
    """One thing that was looked at."""

    part: str
    name: str
    state: Literal["ok", "missing", "wrong"]
    needed: bool
    """Whether every run needs it."""
    told: str
    remedy: str
    """What to do; empty where nothing is."""


class DoctorShape(Shape):
    """Whether all that runs need is fine, and what was looked at."""

    schema_: Literal["pathsim.doctor/1"] = Field(alias="schema")
    ok: bool
    findings: list[FindingShape]
