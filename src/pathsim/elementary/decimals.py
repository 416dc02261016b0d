"""Numbers from text, each the nearest there is.

That is how Python reads a number; pandas, before its version 3, misses the nearest for some by one
in the last place.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import nan

import numpy as np
from numpy.typing import NDArray


def decimals(texts: Iterable[str]) -> NDArray[np.float64]:
    """Return the numbers that are written in `texts`; nan for what is no number."""
    return np.array([_decimal(text) for text in texts], np.float64)


def _decimal(text: str) -> float:
    # Python also reads 1_000 and the digits of other scripts.
    if "_" in text or not text.isascii():
        return nan
    try:
        return float(text)
    except ValueError:
        return nan
