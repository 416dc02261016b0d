"""Home Office offence codes, and the offence group of each that is known."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import pandas as pd

from pathsim.people.counts import read

_CODE: Final = re.compile(
    r"\s*0*(\d{1,3})\s*/\s*(\d{1,2})[A-Z]?\s*|\s*(\d{3})(\d{2})[A-Z]?\s*", re.I
)
"""A class and a subclass: `011/10`, `11/10`, `01110`."""


@cache
def _groups() -> dict[tuple[int, int | None], str]:
    table = read("offence_codes")
    return {
        (int(number), None if pd.isna(part) else int(part)): group
        for number, part, group in zip(
            table["class"], table["subclass"], table["offence_group"], strict=True
        )
    }


def parts_of(code: str) -> tuple[int, int] | None:
    """Return class and subclass of a code; None for what is none.

    A spreadsheet drops the 0 that a code begins with: such a code has four digits.

    >>> parts_of("022/10"), parts_of("1110")
    ((22, 10), (11, 10))
    """
    text = code.strip()
    if re.fullmatch(r"\d{3,4}", text):
        text = text.zfill(5)
    found = _CODE.fullmatch(text)
    if not found:
        return None
    return (int(found[1] or found[3]), int(found[2] or found[4]))


def group_of(code: str) -> str:
    """Return the offence group of a code, or nothing where it is not known for certain.

    >>> group_of("01110")
    'violence'
    """
    parts = parts_of(code)
    if parts is None:
        return ""
    known = _groups()
    return known.get(parts) or known.get((parts[0], None), "")
