"""What was read into a table of people, or assumed of it: said once, in warnings."""

from __future__ import annotations

import warnings
from hashlib import sha256
from typing import TYPE_CHECKING

import pandas as pd

from pathsim.errors import InputWarning
from pathsim.scenario.lineage import InputFile

from .columns import COLUMNS, NEED_COLUMNS
from .origin import A_TABLE, Origin, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .table import Checker

ASSUMED = "assumed, where nothing is given"


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
    return InputFile(A_TABLE, sha256(cells.to_numpy().tobytes()).hexdigest())


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
