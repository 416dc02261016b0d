"""Levels and truths of the file that mean none of the cohort's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from pathsim.errors import nearest
from pathsim.people.cells import truths
from pathsim.people.columns import COLUMNS, FLAGS, LEVELS
from pathsim.people.problems import FEWEST_ALIKE
from pathsim.people.words import flag_of, level_of

from .making import listed

if TYPE_CHECKING:
    from .making import Making


def check_levels(making: Making, columns: dict[str, pd.Series[Any]]) -> None:
    """Note the cells that mean no level, with those that are common enough to be shown."""
    for name in (*LEVELS, *FLAGS):
        if name in columns:
            _check(making, name, columns[name])


def _check(making: Making, name: str, cells: pd.Series[Any]) -> None:
    column = COLUMNS[name]
    texts = [str(each) for each in cells.unique() if each]
    if column.kind == "flag":
        wrong = [text for text in texts if flag_of(text) is None]
    else:
        wrong = [text for text in texts if level_of(name, text, column.levels) is None]
    bad = truths(cells.isin(wrong))
    if not bad.any():
        return
    counts = cells[bad].value_counts()
    hints = [nearest(text, column.levels) for text in wrong if counts[text] >= FEWEST_ALIKE]
    hint = next((f"; {each}" for each in hints if each), "")
    words = f"means no level: {listed(cells[bad])}{hint}"
    allowed = f"{column.allowed()}; say what others mean under values, or unknown"
    making.blame(name, bad, words, allowed=allowed)
