"""Where a cohort comes from, and what was read into it or assumed of it: said once, in warnings."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from pathsim.errors import InputWarning
from pathsim.scenario.lineage import InputFile
from pathsim.text import visible

from .columns import COLUMNS, NEED_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .areas import AreaNamed
    from .table import Checker

ASSUMED = "assumed, where nothing is given"
_A_TABLE = "the table"
"""What a table that was made in Python is called."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where people come from; without a name they are a scenario's own, made by pathsim."""

    name: str = ""
    """The file, or `the table`."""
    file: InputFile | None = None
    """The same with its hash."""
    people: int = 0
    assumed: tuple[tuple[str, int], ...] = ()
    """For how many people a level or a truth was assumed, by column."""
    notes: tuple[str, ...] = ()
    """What was read as something else than it says."""
    guessed: int = 0
    """For how many people OGRS3 rests on a guessed age at the first sanction."""
    areas: tuple[AreaNamed, ...] = ()
    """What the areas are called there."""
    odd: tuple[str, ...] = ()
    """Columns whose numbers lie outside their usual range, and the likely slip."""

    @property
    def path(self) -> Path | None:
        """The file, if the people come from one."""
        return Path(self.file.path) if self.file and self.file.path != _A_TABLE else None

    def assumed_as(self, name: str, level: str) -> str:
        """Return in words what is assumed of a column, and of how many people."""
        people = dict(self.assumed)[name]
        who = "everybody" if people == self.people else f"{people:,} of {self.people:,} people"
        return f"{name}: {level} for {who}"

    def missing(self) -> frozenset[str]:
        """Return the columns of which nothing is known for anybody."""
        return frozenset(name for name, people in self.assumed if people == self.people)


def name_of(file: Path | None) -> str:
    """Return what people are said to come from."""
    return _A_TABLE if file is None else visible(str(file))


def origin_of(checker: Checker) -> Origin:
    """Return where the people of a checked table come from."""
    return Origin(
        name=name_of(checker.file),
        file=_hashed(checker),
        people=len(checker.table),
        assumed=tuple(checker.assumed.items()),
        notes=tuple(checker.notes),
        guessed=checker.guessed,
        areas=tuple(checker.areas),
        odd=tuple(checker.odd),
    )


def _hashed(checker: Checker) -> InputFile:
    if checker.file is not None:
        return InputFile.at(checker.file)
    cells = pd.util.hash_pandas_object(checker.table.astype(str), index=False)
    return InputFile(_A_TABLE, sha256(cells.to_numpy().tobytes()).hexdigest())


def warn(origin: Origin, *, refused: bool = False, stacklevel: int) -> None:
    """Warn of numbers that are odd and, unless the table was refused, of what was assumed."""
    for odd in origin.odd:
        _warn(f"{origin.name}: {odd}", stacklevel)
    if refused:
        return
    if origin.notes:
        _warn(f"{origin.name}: read with care: {'; '.join(origin.notes)}", stacklevel)
    assumed = list(in_words(origin))
    if assumed:
        _warn(f"{origin.name}: {ASSUMED}: {'; '.join(assumed)}", stacklevel)


def in_words(origin: Origin) -> Iterator[str]:
    """Yield what was assumed, a phrase a column."""
    missing = origin.missing()
    if missing.issuperset(NEED_COLUMNS):
        yield "needs: nobody has any"
    for name, _ in origin.assumed:
        if name in NEED_COLUMNS and missing.issuperset(NEED_COLUMNS):
            continue
        column = COLUMNS[name]
        if column.kind != "name":  # what is assumed of those is the scenario's
            yield origin.assumed_as(name, column.default or "no")
    if origin.guessed:
        who = "everybody" if origin.guessed == origin.people else f"{origin.guessed:,} people"
        yield (
            f"age_at_first_sanction: guessed for {who} from age and previous_offences, and OGRS3 "
            "rests on it, as no risk is given"
        )


def _warn(message: str, stacklevel: int) -> None:
    warnings.warn(message, InputWarning, stacklevel=stacklevel + 2)
