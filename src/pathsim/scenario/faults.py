"""Refusals raised inside the model that carry key, value and what is allowed."""

from __future__ import annotations

from pydantic_core import PydanticCustomError

from .lines import KeyPath

FAULTS = "pathsim_faults"
Fault = tuple[str, KeyPath, object, str]
"""Message, key relative to the table that was checked, value found, what is allowed."""


def fault(
    message: str, *, key: KeyPath = (), found: object = None, allowed: str = ""
) -> PydanticCustomError:
    """Return the exception for one thing wrong, to raise from a validator."""
    return together([(message, key, found, allowed)])


def together(faults: list[Fault]) -> PydanticCustomError:
    """Return one exception for several things wrong with the same table."""
    text = "; ".join(message for message, *_ in faults)
    return PydanticCustomError(FAULTS, "{text}", {"text": text, "faults": faults})
