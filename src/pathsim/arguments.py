"""What a caller gives: numbers of any library, though never a truth; and classes called wrongly."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from functools import wraps
from inspect import signature
from numbers import Real
from typing import Any, TypeVar

from pathsim.errors import InputError, Problem, wrong_type

Class = TypeVar("Class", bound=type)


def made_by(instead: str) -> Callable[[Class], Class]:
    """Give a class that only pathsim makes an error for other calls, which says what makes one."""

    def decorate(kind: Class) -> Class:
        made = kind.__init__  # type: ignore[misc] # of this very class
        fields = signature(made)

        @wraps(made)
        def __init__(self: object, *given: object, **values: object) -> None:  # noqa: N807 put into the class
            try:
                fields.bind(self, *given, **values)
            except TypeError:
                if given:
                    raise wrong_type(kind.__name__, given[0], instead) from None
                problem = Problem("is not made by hand", key=kind.__name__, allowed=instead)
                raise InputError(problem) from None
            made(self, *given, **values)

        kind.__init__ = __init__  # type: ignore[misc] # as above
        return kind

    return decorate


def is_truth(value: object) -> bool:
    """Return whether a value is true or false, Python's or NumPy's."""
    return isinstance(_one(value), bool)


def _one(value: object) -> object:
    """Return Python's own value for one of NumPy's."""
    return value.item() if getattr(value, "ndim", None) == 0 and hasattr(value, "item") else value


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
    value = _one(value)
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
