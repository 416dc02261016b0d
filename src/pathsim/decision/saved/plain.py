"""A result as plain data, from which it can be made again equal to the bit.

An object of a class is a table with its `kind`, a number of its own and its fields. What occurs
again stands once, and then as `{"kind": "again", "id": ...}`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from pathsim.errors import EngineError
from pathsim.outcomes.values import Values
from pathsim.scenario.model import Scenario
from pathsim.scenario.parameter import Strict

from .kinds import MODULES, fields_of

_FLOATS: Final = "f"
_PLAIN: Final = "biu"
"""Kinds of arrays whose values JSON can say as they are."""


def as_plain(result: object) -> Any:
    """Return a result as plain data for JSON."""
    return _Writer().plain(result)


class _Writer:
    """What was written, by identity: the objects are kept, so that no other gets their place."""

    def __init__(self) -> None:
        self._seen: dict[int, tuple[int, object]] = {}

    def plain(self, value: Any) -> Any:
        """Return any part of a result as plain data."""
        if value is None or isinstance(value, bool | str):
            return value
        if isinstance(value, int | float | np.generic):
            return _number(value)
        if isinstance(value, Path):
            return {"kind": "path", "of": str(value)}
        again = self._seen.get(id(value))
        if again is not None:
            return {"kind": "again", "id": again[0]}
        return self._table(value)

    def _table(self, value: Any) -> Any:
        known = type(value).__name__ in MODULES
        if known or isinstance(value, Scenario | Values | np.ndarray | pd.DataFrame):
            number = len(self._seen)
            self._seen[id(value)] = (number, value)
            kind, parts = self._object(value)
            return {"kind": kind, "id": number, **parts}
        if isinstance(value, Mapping):
            return self._mapping(value)
        if isinstance(value, list):
            return [self.plain(each) for each in value]
        if isinstance(value, tuple | frozenset) and not hasattr(value, "_fields"):
            # A set has no order of its own; sorted, the same result gives the same file.
            of = sorted(value) if isinstance(value, frozenset) else value
            kind = "set" if isinstance(value, frozenset) else "tuple"
            return {"kind": kind, "of": [self.plain(each) for each in of]}
        raise EngineError(f"a {type(value).__name__} cannot be saved")

    def _object(self, value: Any) -> tuple[str, dict[str, Any]]:
        if isinstance(value, Scenario):
            return "Scenario", self._scenario(value)
        if isinstance(value, Values):
            return "Values", self._values(value)
        if isinstance(value, np.ndarray):
            return "array", self._array(value)
        if isinstance(value, pd.DataFrame):
            return "frame", self._frame(value)
        if isinstance(value, Strict):
            return type(value).__name__, {"model": value.model_dump(mode="json")}
        kind = type(value)
        return kind.__name__, {name: self.plain(getattr(value, name)) for name in fields_of(kind)}

    def _mapping(self, value: Mapping[Any, Any]) -> Any:
        if all(isinstance(key, str) for key in value) and "kind" not in value:
            return {key: self.plain(each) for key, each in value.items()}
        pairs = [[self.plain(key), self.plain(each)] for key, each in value.items()]
        return {"kind": "mapping", "of": pairs}

    def _scenario(self, scenario: Scenario) -> dict[str, Any]:
        files, parent = scenario.lineage
        return {
            "model": scenario.model_dump(mode="json", exclude={"before"}),
            "before": self.plain(scenario.before),
            "files": [list(each) for each in files],
            "parent": self.plain(parent),
        }

    def _values(self, values: Values) -> dict[str, Any]:
        blocks = [[name, list(groups), self.plain(data)] for name, groups, data in values.blocks()]
        sizes = dict(values.sizes)
        return {"replications": values.replications, "sizes": self._mapping(sizes), "of": blocks}

    def _array(self, array: np.ndarray[Any, Any]) -> dict[str, Any]:
        flat = array.reshape(-1).tolist()
        if array.dtype.kind == _FLOATS:
            flat = [each if math.isfinite(each) else _word(each) for each in flat]
        elif array.dtype.kind not in _PLAIN:
            flat = [self.plain(each) for each in flat]
        return {"type": str(array.dtype), "shape": list(array.shape), "of": flat}

    def _frame(self, frame: pd.DataFrame) -> dict[str, Any]:
        plain = isinstance(frame.index, pd.RangeIndex) and frame.index.name is None
        index = None if plain else [frame.index.name, self._column(frame.index)]
        columns = [[str(name), self._column(column)] for name, column in frame.items()]
        return {"rows": len(frame), "index": index, "of": columns}

    def _column(self, column: pd.Series[Any] | pd.Index[Any]) -> dict[str, Any]:
        if column.dtype.kind in _PLAIN + _FLOATS:
            return self._array(column.to_numpy())
        missing = column.isna()
        of = [
            None if gone else self.plain(each)
            for each, gone in zip(column.tolist(), missing, strict=True)
        ]
        return {"type": str(column.dtype), "of": of}


def _number(value: float | np.generic) -> Any:
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, float) and not math.isfinite(plain):
        return {"kind": "number", "of": _word(plain)}
    return plain


def _word(number: float) -> str:
    sign = "-" if math.copysign(1.0, number) < 0 else ""
    return sign + ("nan" if math.isnan(number) else "inf")
