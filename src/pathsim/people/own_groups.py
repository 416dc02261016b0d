"""Groups of the analyst's own, such as teams or wards, by which results are told as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from pathsim.errors import InputError, Problem, nearest, wrong_type
from pathsim.text import steers
from pathsim.vocabulary import GROUPS

from .cells import blank, truths
from .columns import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .table import Checker

MOST_ATTRIBUTES: Final = 3
MOST_LEVELS: Final = 50
"""More is no group but something like an id."""
NOT_SAID: Final = "not said"
"""The level of an empty cell."""
FEWEST: Final = 10
"""People of a level that is told by its name; what fewer have may say who they are."""
OTHERS: Final = "others, fewer than 10 each"
_LONGEST: Final = 60
_TAKEN: Final = frozenset((*GROUPS, *COLUMNS, "all", "person"))


def names_of(given: object) -> tuple[str, ...]:
    """Return the names of columns that are to be groups. Raises InputError."""
    if isinstance(given, str) or not hasattr(given, "__iter__"):
        raise wrong_type("groups", given, "a list of columns, such as ['team', 'ward']")
    names = tuple(given)
    for name in names:
        if not isinstance(name, str) or not name.strip() or steers(name) or "=" in name:
            allowed = "the name of a column"
            raise InputError(Problem("is no name", key="groups", found=name, allowed=allowed))
        if name in _TAKEN:
            message, allowed = "has a meaning of its own", "another name of the column"
            raise InputError(Problem(message, key="groups", found=name, allowed=allowed))
    if len(set(names)) < len(names):
        message, allowed = "names a column twice", "each once"
        raise InputError(Problem(message, key="groups", found=list(names), allowed=allowed))
    if len(names) > MOST_ATTRIBUTES:
        allowed = f"up to {MOST_ATTRIBUTES} columns"
        raise InputError(Problem("are too many", key="groups", found=len(names), allowed=allowed))
    return names


def refuse_missing(checker: Checker, names: Iterable[str]) -> None:
    """Note the columns that are to be groups and are not there."""
    there = [str(name) for name in checker.table.columns]
    for name in names:
        if name not in there:
            hint = nearest(name, [each for each in there if each not in COLUMNS])
            checker.add("groups", f"there is no column '{name}'" + (f"; {hint}" if hint else ""))


def own_group(checker: Checker, name: str) -> pd.Categorical[Any]:
    """Return a column as levels in the order of their names; a problem is noted.

    Levels of fewer than ten people are one.
    """
    if name not in checker.table:
        return pd.Categorical([NOT_SAID] * len(checker.table))
    column = checker.table[name].reset_index(drop=True)
    empty = blank(column)
    text = column.astype(object).where(~empty, NOT_SAID).map(_plain)
    levels = sorted(set(text))
    if len(levels) > MOST_LEVELS:
        allowed = f"up to {MOST_LEVELS}"
        words = f"the group '{name}' has {len(levels):,} levels"
        checker.add("groups", f"{words}; more than that are no groups", allowed=allowed)
        return pd.Categorical([NOT_SAID] * len(text))
    odd = truths([steers(each) or len(each) > _LONGEST for each in text])
    if odd.any():
        row = int(np.argmax(odd))
        checker.add(
            "groups",
            f"a level of '{name}' is too long or holds a character that is not shown",
            row=row,
            allowed=f"up to {_LONGEST} letters and marks",
        )
    counts = text.value_counts()
    few = {level for level in counts.index if counts[level] < FEWEST} - {NOT_SAID}
    text = text.where(~text.isin(few), OTHERS)
    levels = sorted(set(text))
    return pd.Categorical(text, categories=levels)


def _plain(cell: object) -> str:
    if isinstance(cell, float | np.floating) and float(cell).is_integer():
        return str(int(cell))
    return str(cell).strip()
