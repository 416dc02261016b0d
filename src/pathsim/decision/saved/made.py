"""A result from plain data: only classes that `kinds.py` names are made, and nothing is run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pathsim.decision.doubted import Input, with_value
from pathsim.outcomes.values import Values
from pathsim.scenario.lineage import InputFile, Lineage, descend
from pathsim.scenario.model import Scenario
from pathsim.scenario.parameter import Strict

from .kinds import class_of, fields_of


def made_of(data: object) -> Any:
    """Return the result that plain data say.

    Raises ValueError, TypeError or KeyError for what they cannot say.
    """
    return _Reader().made(data)


class _Reader:
    """What was made, by number: what occurs again is the same object."""

    def __init__(self) -> None:
        self._known: dict[int, Any] = {}
        self._of: dict[str, Callable[[dict[str, Any]], Any]] = {
            "again": lambda data: self._known[data["id"]],
            "number": lambda data: float(data["of"]),
            "path": lambda data: Path(data["of"]),
            "tuple": lambda data: tuple(map(self.made, data["of"])),
            "set": lambda data: frozenset(map(self.made, data["of"])),
            "mapping": lambda data: {self.made(key): self.made(each) for key, each in data["of"]},
            "array": self._array,
            "frame": self._frame,
            "Values": self._values,
            "Scenario": self._scenario,
        }

    def made(self, data: Any) -> Any:
        """Return what a part of the data says."""
        if isinstance(data, list):
            return [self.made(each) for each in data]
        if not isinstance(data, dict):
            return data
        if "kind" not in data:
            return {key: self.made(each) for key, each in data.items()}
        make = self._of.get(data["kind"], self._object)
        found = make(data)
        if "id" in data:
            self._known[data["id"]] = found
        return found

    def _object(self, data: dict[str, Any]) -> Any:
        kind = class_of(data["kind"])
        if issubclass(kind, Strict):
            return kind.model_validate(data["model"])
        parts = {name: self.made(data[name]) for name in fields_of(kind)}
        return with_value(**parts) if kind is Input else kind(**parts)

    def _array(self, data: dict[str, Any]) -> Any:
        kind = np.dtype(data["type"])
        if kind.hasobject:
            of = [self.made(each) for each in data["of"]]
        else:
            of = [float(each) if isinstance(each, str) else each for each in data["of"]]
        found = np.empty(len(of), kind)
        found[:] = of
        return found.reshape(data["shape"])

    def _frame(self, data: dict[str, Any]) -> pd.DataFrame:
        index = pd.RangeIndex(data["rows"])
        if data["index"] is not None:
            name, column = data["index"]
            index = pd.Index(self._column(column), name=name)
        columns = [(name, self._column(column)) for name, column in data["of"]]
        frame = pd.DataFrame(dict(enumerate(each for _, each in columns)), index=index)
        frame.columns = pd.Index([name for name, _ in columns])
        return frame

    def _column(self, data: dict[str, Any]) -> Any:
        if "shape" in data:
            return self._array(data)
        return pd.array([self.made(each) for each in data["of"]], dtype=data["type"])

    def _values(self, data: dict[str, Any]) -> Values:
        blocks = [(name, tuple(groups), self.made(of)) for name, groups, of in data["of"]]
        return Values.stored(
            blocks, replications=data["replications"], sizes=self.made(data["sizes"])
        )

    def _scenario(self, data: dict[str, Any]) -> Scenario:
        before = self.made(data["before"])
        scenario = Scenario.model_validate({**data["model"], "before": before})
        files = tuple(InputFile(*each) for each in data["files"])
        return descend(scenario, Lineage(files, self.made(data["parent"])))
