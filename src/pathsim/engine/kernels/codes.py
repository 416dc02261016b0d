"""Codes as kernels write them: integer constants, which numba takes everywhere.

Each is made once from the member of which it has the name: `EVENT_RECALL` is `Event.RECALL`,
`OUTCOME_COLUMN_SEVERITY` is `OutcomeColumn.SEVERITY`, `PURPOSE_START` is `Purpose.START`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pathsim.engine.contract import (
    ClockGroup,
    CustodyReason,
    Disposal,
    DrawIndex,
    EndingFlag,
    Event,
    EventPriority,
    Home,
    Legal,
    OutcomeColumn,
    Purpose,
    Route,
    ServiceCount,
    Spell,
    Why,
)

from .workspace import Counter, Status

ENUMS: Final = (
    ClockGroup,
    Counter,
    CustodyReason,
    Disposal,
    EndingFlag,
    Event,
    EventPriority,
    Home,
    Legal,
    OutcomeColumn,
    Route,
    ServiceCount,
    Spell,
    Status,
    Why,
)
KEYS: Final = (DrawIndex, Purpose)
"""Classes of keys of random numbers, which are unsigned words."""

if TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Return a constant."""


def _constants() -> Iterator[tuple[str, int | np.uint64]]:
    for codes in ENUMS:
        yield from _of(codes, {code.name: code.value for code in codes}, int)
    for keys in KEYS:
        members = {name: key for name, key in vars(keys).items() if name.isupper()}
        yield from _of(keys, members, np.uint64)


def _of(
    codes: type, members: Mapping[str, int], made: Callable[[int], int | np.uint64]
) -> Iterator[tuple[str, int | np.uint64]]:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", codes.__name__).upper()
    for name, value in members.items():
        yield f"{words}_{name}", made(value)


globals().update(_constants())
