"""The cells of a column of people: which are empty, which differ, how one is shown."""

from __future__ import annotations

import re
from functools import cache
from hashlib import blake2b
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pathsim.text import shortened

Bools = NDArray[np.bool_]
_INTEGER: Final = re.compile(r"0|-?[1-9]\d{0,17}")
"""What is read as an integer where all ids are."""


def single(cell: object) -> bool:
    """Return whether a cell holds one value: no list, table or other thing of parts."""
    return bool(pd.api.types.is_scalar(cell))


def multiple(column: pd.Series[Any]) -> Bools:
    """Return which cells hold more than one value."""
    kind = pd.api.types.infer_dtype(column, skipna=True)
    if column.dtype != object or not kind.startswith("mixed"):
        return np.zeros(len(column), np.bool_)
    return truths([not single(cell) for cell in column])


def categorical(codes: NDArray[Any], levels: tuple[str, ...]) -> pd.Categorical[str]:
    """Return codes, which are positions in `levels`, as a column of names."""
    return pd.Categorical.from_codes(codes.astype(np.int8), _names(levels))


@cache
def _names(levels: tuple[str, ...]) -> pd.Index[str]:
    """Return the levels as pandas has them, made once: it looks whether they all differ."""
    return pd.Index(levels)


def whole_if_all(ids: pd.Series[str]) -> pd.Series[Any]:
    """Return text ids as integers when every one is written as an integer, or a float of one."""
    plain = ids.str.removesuffix(".0") if truths(ids.str.endswith(".0")).all() else ids
    if not truths(plain.str.fullmatch(_INTEGER.pattern)).all():
        return ids
    return plain.astype(np.int64)


def key_of(text: str) -> int:
    """Return the 64 bits that stand for an id: an integer's own, or a hash of other text."""
    if _INTEGER.fullmatch(text):
        return int(text) % (1 << 64)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def found_in(cell: object) -> object:
    """Return a cell as a plain value, None if it is empty."""
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return None
    if isinstance(cell, float | np.floating) and np.isnan(cell):
        return None
    if isinstance(cell, str) and not cell.strip():
        return None
    return cell.item() if isinstance(cell, np.generic) else cell


def shown(value: object) -> str:
    """Return a value as it can be shown: escaped, and not longer than a level is."""
    return shortened(repr(value), 40)


def distinct(column: pd.Series[Any]) -> tuple[NDArray[np.int64], list[object]]:
    """Return for each cell the place of its value among the distinct ones, -1 if it is missing."""
    numbers, values = pd.factorize(column)
    return np.asarray(numbers, np.int64), list(values)


def counted(column: pd.Series[Any]) -> list[tuple[object, int]]:
    """Return the distinct values with their numbers, the commonest first."""
    counts = column.map(lambda cell: cell if single(cell) else repr(cell)).value_counts(sort=True)
    return [(found_in(value), int(n)) for value, n in counts.items() if n]


def truths(values: Any) -> Bools:
    """Return values as truths."""
    return np.asarray(values, np.bool_)


def number_of(truth: Any) -> int:
    """Return how many are true."""
    return int(np.count_nonzero(truth))


def blank(column: pd.Series[Any]) -> Bools:
    """Return which cells hold nothing."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(object)
    empty = truths(column.isna())
    if column.dtype == object:
        return empty | truths([isinstance(cell, str) and not cell.strip() for cell in column])
    if isinstance(column.dtype, pd.StringDtype):
        return empty | truths((column.str.strip() == "").fillna(value=False))
    return empty
