"""What is wrong with a table of people: each kind of problem, with its column and rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from pathsim.errors import InputError, Problem

from .cells import counted, found_in, shown
from .columns import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from .cells import Bools

MOST_PROBLEMS: Final = 20
"""Problems reported at once: enough to see a pattern, few enough to read."""
FEW_CELLS: Final = 3
"""So many cells with the same kind of problem are reported one by one, more of them at once."""
FEWEST_ALIKE: Final = 3
"""Rows of a file that have a value in common which a problem names: what fewer have may tell who
they are."""
MOST_VALUES: Final = 5
"""Distinct values that a problem or a note lists."""


@dataclass
class Problems:
    """What is wrong with one table."""

    table: pd.DataFrame
    file: Path | None = None
    lines: NDArray[np.int64] | None = None
    """Line in the file of each row."""
    few_cells: int = FEW_CELLS
    problems: list[Problem] = field(default_factory=list)

    def blame(
        self,
        key: str,
        bad: Bools,
        message: str,
        *,
        allowed: str = "",
        hint: Callable[[object], str] | None = None,
    ) -> None:
        """Note a problem for each row that is `bad`, or one for all of them if they are many."""
        rows = np.flatnonzero(bad)
        if len(rows) > self.few_cells:
            self._blame_kind(key, rows, message, allowed=allowed, hint=hint)
            return
        for row in rows.tolist():
            found = found_in(self.table[key].iloc[row]) if key in self.table else None
            said = hint(found) if hint else ""
            words = f"{message}; {said}" if said else message
            self.add(key, words, row=row, found=found, allowed=allowed)

    def finish(self) -> None:
        """Raise what was found, in order of the lines; nothing if the table is ok."""
        if not self.problems:
            return
        ordered = sorted(self.problems, key=lambda problem: problem.line or 0)
        raise InputError(*ordered[:MOST_PROBLEMS], more=max(len(ordered) - MOST_PROBLEMS, 0))

    def _blame_kind(
        self,
        key: str,
        rows: NDArray[np.int64],
        message: str,
        *,
        allowed: str,
        hint: Callable[[object], str] | None,
    ) -> None:
        """Note one problem for all of `rows`: how many, which values of a coded column, where."""
        places = rows if self.lines is None else self.lines[rows[:3]]
        where = ", ".join(str(place) for place in places[:3].tolist())
        many = "1 row" if len(rows) == 1 else f"{len(rows):,} rows"
        parts = [f"{message} in {many}: {where}{', …' if len(rows) > 3 else ''}"]
        coded = key in self.table and COLUMNS[key].kind in ("level", "flag")
        values = counted(self.table[key].iloc[rows]) if coded else []
        values = [(value, n) for value, n in values if value is not None]
        # A file's rows are found by their lines.
        least = 1 if self.file is None else FEWEST_ALIKE
        named = [(value, n) for value, n in values if n >= least]
        if named:
            listed = ", ".join(f"{shown(value)} ({n:,})" for value, n in named[:MOST_VALUES])
            more = len(values) - min(len(named), MOST_VALUES)
            parts.append(f"values: {listed}" + (f" and {more:,} more" if more > 0 else ""))
        hints = [hint(value) for value, _ in (values or [(None, 0)])[:MOST_VALUES]] if hint else []
        parts += dict.fromkeys(each for each in hints if each)
        line = None if self.lines is None else int(places[0])
        self.problems.append(
            Problem("; ".join(parts), key=key, allowed=allowed, line=line, file=self.file)
        )

    def add(
        self,
        key: str,
        message: str,
        *,
        row: int | None = None,
        found: object = None,
        allowed: str = "",
    ) -> None:
        """Note one problem with the column `key`, in a row if it is in one."""
        line = None
        if row is not None and self.lines is not None:
            line = int(self.lines[row])
        elif row is not None:
            message = f"{message} (row {row})"
        self.problems.append(
            Problem(message, key=key, found=found, allowed=allowed, line=line, file=self.file)
        )
