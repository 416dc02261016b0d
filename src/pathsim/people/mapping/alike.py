"""Which texts of a file mean the same: those that differ by blanks, capitals or a number's form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from pathsim.people.cells import shown, truths

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pathsim.people.cells import Bools

_WHOLE: Final = re.compile(r"([-+]?)0*(\d+)(?:\.0*|,0{1,2})?")
"""A whole number: a comma before three digits may stand between thousands."""
_FRACTION: Final = re.compile(r"([-+]?)0*(\d*)[.,](\d*[1-9])0*")
_THOUSANDS: Final = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3})+")
_MOST_NAMED: Final = 10


def alike(text: str) -> str:
    """Return a text as it is compared: a number as a number, another without blanks and capitals.

    >>> alike("099"), alike("99.0"), alike(" Not  Known")
    ('99', '99', 'not known')
    """
    plain = " ".join(text.split()).casefold()
    return _number(plain) or plain


def person_of(text: str) -> str:
    """Return an id as it is compared: a number as a number, another as it is written.

    >>> person_of("01.0"), person_of("A1")
    ('1', 'A1')
    """
    found = re.fullmatch(r"0*(\d+)(?:\.0*)?", text)
    return found[1] if found else text


def _number(text: str) -> str:
    if found := _WHOLE.fullmatch(text):
        return found[2] if found[1] != "-" or found[2] == "0" else f"-{found[2]}"
    if (found := _FRACTION.fullmatch(text)) and not _THOUSANDS.fullmatch(text):
        return f"{found[1].strip('+')}{found[2] or '0'}.{found[3]}"
    return ""


def label_of(cells: pd.Series[Any], labels: Iterable[str]) -> pd.Series[Any]:
    """Return for each cell the label that is alike, empty where none is."""
    known = {alike(label): label for label in labels}
    places, distinct = pd.factorize(cells)
    found = [known.get(alike(str(text)), "") if text else "" for text in distinct]
    return pd.Series(np.array([*found, ""], dtype=object)[places], dtype="str")


def any_of(cells: pd.Series[Any], labels: Iterable[str]) -> Bools:
    """Return which cells are alike one of the labels."""
    return truths(label_of(cells, labels) != "")


def unmatched(found: pd.Series[Any], labels: Iterable[str]) -> str:
    """Return in words the labels that no cell has; nothing if there are none.

    found: as of `label_of`.
    """
    there = set(found)
    lacking = [shown(label) for label in labels if label not in there]
    more = f" and {len(lacking) - _MOST_NAMED} more" if len(lacking) > _MOST_NAMED else ""
    return ", ".join(lacking[:_MOST_NAMED]) + more


def once(labels: Iterable[str]) -> list[str]:
    """Return the labels without those that are alike one before them."""
    seen: dict[str, str] = {}
    for label in labels:
        seen.setdefault(alike(label), label)
    return list(seen.values())


def first_twice(labels: Iterable[str]) -> tuple[str, str] | None:
    """Return the first two labels that are alike."""
    seen: dict[str, str] = {}
    for label in labels:
        other = seen.setdefault(alike(label), label)
        if other != label:
            return other, label
    return None
