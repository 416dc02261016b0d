"""Pounds as people type them: `300000`, `300,000` or `£300,000`."""

from __future__ import annotations

import math
import re
from typing import Final

from pathsim.errors import InputError, Problem

_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
ALLOWED: Final = "pounds, such as 300000 or £300,000"


def pounds(text: str, *, key: str, allowed: str = ALLOWED) -> float:
    """Return an amount as a number. Raises InputError.

    A pound sign before it and commas between thousands are read. Whether it is within range is for
    whoever takes it to say.
    """
    sign, _, rest = text.strip().rpartition("£")
    try:
        found = float(sign + _THOUSANDS.sub("", rest)) if sign in ("", "-") else math.nan
    except ValueError:
        found = math.nan
    if math.isnan(found):
        raise InputError(Problem("is no amount", key=key, found=text, allowed=allowed))
    return found
