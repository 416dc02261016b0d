"""Numbers from a caller: Python's own, NumPy's and any other's; true and false are none."""

from __future__ import annotations

import math
import operator
from numbers import Real
from typing import Any

from pathsim.errors import InputError, Problem


def plain_whole(value: object) -> int | None:
    """Return a whole number as Python's own; None for what is none, such as 2.0 and True."""
    if isinstance(value, bool):
        return None
    number: Any = value
    try:
        return operator.index(number)
    except TypeError:
        return None


def plain_number(value: object) -> float | None:
    """Return a number as Python's own; None for what is none, such as "2" and True."""
    if getattr(value, "ndim", None) == 0 and hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, Real):
        return None
    try:
        return float(value)
    except OverflowError:  # a fraction of whole numbers without end
        return math.inf


def whole(value: object, *, key: str, least: int, most: int) -> int:
    """Return the argument `key`, a whole number. Raises InputError."""
    allowed = f"{least} to {most}"
    number = plain_whole(value)
    if number is None:
        raise InputError(Problem("must be a whole number", key=key, found=value, allowed=allowed))
    if not least <= number <= most:
        raise InputError(Problem("is out of range", key=key, found=number, allowed=allowed))
    return number
