"""Refusals raised inside the model that carry key, value and what is allowed."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from pydantic_core import PydanticCustomError

from .lines import KeyPath

FAULTS = "pathsim_faults"


class Fault(NamedTuple):
    """One thing wrong with a table."""

    message: str
    key: KeyPath = ()
    """Relative to the table that was checked."""
    found: object = None
    allowed: str = ""
    near: Collection[str] = ()
    """Names of which the nearest may be meant: looked for only when the fault is told."""


def fault(
    message: str,
    *,
    key: KeyPath = (),
    found: object = None,
    allowed: str = "",
    near: Collection[str] = (),
) -> PydanticCustomError:
    """Return the exception for one thing wrong, to raise from a validator."""
    return together([Fault(message, key, found, allowed, near)])


def together(faults: list[Fault]) -> PydanticCustomError:
    """Return one exception for several things wrong with the same table."""
    text = "; ".join(each.message for each in faults)
    return PydanticCustomError(FAULTS, "{text}", {"text": text, "faults": faults})
