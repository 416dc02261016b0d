"""What callers give: amounts over draws, shares, names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from pathsim.arguments import plain_number
from pathsim.elementary.arrays import Floats
from pathsim.errors import InputError, Problem, nearest
from pathsim.vocabulary import PAYERS


def amounts(values: ArrayLike, *, key: str) -> Floats:
    """Return numbers as an array of floats, of no axis for a single one. Raises InputError."""
    none = Problem("holds no numbers", key=key, found=values, allowed="numbers, in rows alike")
    try:
        found = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise InputError(none) from None
    if found.size == 0:
        raise InputError(none)
    if not np.isfinite(found).all():
        wrong = found[~np.isfinite(found)].flat[0]
        raise InputError(
            Problem("must be finite", key=key, found=float(wrong), allowed="finite numbers")
        )
    return found


def amounts_by_payer(values: Mapping[str, ArrayLike], *, key: str) -> dict[str, Floats]:
    """Return pounds of every payer, 0 for those not named. Raises InputError."""
    for name in values:
        if name not in PAYERS:
            raise unknown(key, name, PAYERS)
    return {payer: amounts(values.get(payer, 0.0), key=f"{key}.{payer}") for payer in PAYERS}


def shape_of_draws(shapes: Iterable[tuple[int, ...]], *, key: str) -> tuple[int, ...]:
    """Return the shape that all broadcast to; single numbers go with any. Raises InputError."""
    shapes = list(shapes)
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        found = ", ".join(sorted({str(shape) for shape in shapes if shape}))
        message = "has parts that differ in their draws"
        raise InputError(
            Problem(message, key=key, found=found, allowed="as many draws of each")
        ) from None


def share(value: object, *, key: str, most: float = 1.0) -> float:
    """Return a number from 0 to `most` as Python's own. Raises InputError."""
    number = plain_number(value)
    if number is None or not 0.0 <= number <= most or number == inf:
        allowed = f"0 to {most:g}" if most < inf else "0 or more"
        raise InputError(Problem("is out of range", key=key, found=value, allowed=allowed))
    return number


def unknown(key: str, found: object, known: Iterable[str]) -> InputError:
    """Return the error for a name that is none of those known, with the nearest of them."""
    known = list(known)
    hint = nearest(found, known) if isinstance(found, str) else ""
    message = f"is not known; {hint}" if hint else "is not known"
    return InputError(Problem(message, key=key, found=found, allowed=", ".join(known)))
