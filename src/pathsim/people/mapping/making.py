"""What is gathered while a mapping is followed: faults, notes, counts by column."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pathsim.elementary.words import purpose
from pathsim.errors import InputError, Problem, nearest
from pathsim.people.cells import shown
from pathsim.people.problems import FEWEST_ALIKE, MOST_VALUES
from pathsim.text import counted

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from pathsim.elementary.arrays import Places
    from pathsim.people.cells import Bools
    from pathsim.scenario.lines import KeyPath

    from .layout import Laid
    from .load import Loaded
    from .parts import ColumnMapping, Reading


def listed(cells: pd.Series[Any]) -> str:
    """Return the different texts of some cells with their numbers, but for those that are rare."""
    counts = sorted((str(text), int(n)) for text, n in cells.value_counts(sort=False).items() if n)
    often = [f"{shown(text)} ({n:,})" for text, n in counts if n >= FEWEST_ALIKE]
    rare = len(counts) - len(often)
    told = often[:_MOST_LISTED]
    if len(often) > len(told):
        told.append(f"{len(often) - len(told):,} more")
    if rare:
        told.append(f"{rare:,} that fewer than {FEWEST_ALIKE} rows have")
    return ", ".join(told)


_MOST_LISTED: Final = 10


def keys_of(ids: pd.Series[Any]) -> Places:
    """Return the 64 bits by which each person's draws are addressed: a hash of the id alone."""
    return np.array([purpose(str(each)) for each in ids], np.uint64).view(np.int64)


@dataclass
class Making:
    """A file's rows on their way to a cohort."""

    path: Path
    loaded: Loaded
    laid: Laid
    _: KW_ONLY
    within: KeyPath = ()
    """Where the mapping says how this file is read: at its top, or under `offences`."""
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unknown: dict[str, int] = field(default_factory=dict)
    """For how many people the file says that nothing is known, by column."""
    drawn: dict[str, int] = field(default_factory=dict)
    """For how many people a value was drawn, by column: from a scenario's people."""
    banded: dict[str, int] = field(default_factory=dict)
    """For how many people a number was drawn within a band, by column."""
    read_as: dict[str, list[str]] = field(default_factory=dict)
    """How each column was read, in words."""

    @property
    def reading(self) -> Reading:
        """How the file is read."""
        offences = self.loaded.mapping.offences
        return offences.read if self.within and offences else self.loaded.mapping.read

    @property
    def columns(self) -> dict[str, ColumnMapping]:
        """The columns that the mapping has."""
        return self.loaded.mapping.columns

    def cells(self, name: str) -> pd.Series[Any]:
        """Return a column of the file."""
        return self.laid.table[name.strip()]

    def blame(self, key: str, bad: Bools, message: str, *, allowed: str = "") -> None:
        """Note one problem for all rows that are `bad`, without what their cells hold."""
        rows = np.flatnonzero(bad)
        if len(rows) == 0:
            return
        lines = self.laid.lines[rows]
        where = ", ".join(str(line) for line in lines[:3].tolist())
        more = ", …" if len(rows) > 3 else ""
        words = f"{message} in {counted(len(rows), 'row')}: {where}{more}"
        self.problems.append(
            Problem(words, key=key, allowed=allowed, line=int(lines[0]), file=self.path)
        )

    def refuse(
        self, message: str, key: KeyPath, *, found: object = None, allowed: str = ""
    ) -> None:
        """Note a problem with the mapping itself."""
        self.problems.append(
            self.loaded.document.problem(message, key, found=found, allowed=allowed)
        )

    def no_such_column(self, name: str, key: KeyPath, known: list[str]) -> None:
        """Note that the mapping names a column that the file does not have."""
        hint = "" if self.laid.doubtful else nearest(name, known)
        words = "the file has no column of this name" + (f"; {hint}" if hint else "")
        self.refuse(words, key, found=name)

    def say(self, key: str, words: str) -> None:
        """Note how a column was read."""
        self.read_as.setdefault(key, []).append(words)

    def say_values(self, key: str, pairs: list[tuple[str, str, int]]) -> None:
        """Note which values of a column were read as what, in how many rows."""
        told = [f"{shown(text)} as {level} ({n:,})" for text, level, n in pairs[:MOST_VALUES]]
        more = len(pairs) - MOST_VALUES
        if told:
            self.say(key, ", ".join(told) + (f" and {more} more" if more > 0 else ""))

    def finish(self) -> None:
        """Raise what was found; nothing if all is well."""
        if self.problems:
            raise InputError(*self.problems)
