"""The shape of `pathsim explain --json` of several options."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .shape import Origin, Shape


class ShareShape(Shape):
    """An option's share of an outcome, or what all do together; null where not defined."""

    outcome: str
    option: str
    alone: float | None
    share: float | None
    low: float | None
    high: float | None


class SharesShape(Shape):
    """What each of several options adds when all are taken together."""

    schema_: Literal["pathsim.shares/1"] = Field(alias="schema")
    run: Origin
    options: list[str]
    shares: list[ShareShape]
