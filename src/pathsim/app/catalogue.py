"""What can be opened: a baseline, and the options of it that lie in the same folder."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from pathsim.bounded import SCENARIO_BYTES, read_text
from pathsim.errors import InputError, Problem
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario
from pathsim.scenario.shipped import locate, shipped_scenarios

from .heard import unheard

_MOST: Final = 100
"""Files of a folder that are looked at."""


@dataclass(frozen=True)
class Offered:
    """A scenario that levers can be moved from."""

    name: str
    """What an address calls it; empty: the baseline."""
    extends: str
    """What another file calls it."""
    title: str


class Catalogue:
    """A baseline and its options. Nothing else is opened."""

    def __init__(self, source: str) -> None:
        """Read the baseline. Raises InputError."""
        self.file = locate(source)
        self.baseline = load(source)
        self._loaded: dict[str, Scenario] = {"": self.baseline}
        self._shipped = {path.resolve(): name for name, path in shipped_scenarios().items()}

    @cached_property
    def options(self) -> dict[str, Offered]:
        """The options by name."""
        return {
            file.stem: Offered(file.stem, self._named(file), str(raw.get("title", file.stem)))
            for file, raw in self._files.items()
        }

    @cached_property
    def changed(self) -> frozenset[str]:
        """The dotted keys that the options change."""
        return frozenset(key for raw in self._files.values() for key in _keys(raw))

    def offered(self, name: str) -> Offered:
        """Return a scenario to begin with; the baseline without a name. Raises InputError."""
        if not name:
            return Offered("", self._named(self.file), self.baseline.title)
        if name not in self.options:
            allowed = ", ".join(self.options) or "none: the baseline alone"
            raise InputError(
                Problem("is no option of the baseline", key="start", found=name, allowed=allowed)
            )
        return self.options[name]

    def scenario(self, name: str) -> Scenario:
        """Return the scenario of that name, read once. Raises InputError."""
        self.offered(name)
        if name not in self._loaded:
            (file,) = (each for each in self._files if each.stem == name)
            with unheard():
                self._loaded[name] = load(file)
        return self._loaded[name]

    def days(self, name: str) -> tuple[float, ...]:
        """Return the days, after the first, on which a scenario changes. Raises InputError."""
        regimes = self.scenario(name).regimes
        return tuple(each.from_day for each in regimes if each.from_day)

    @cached_property
    def _files(self) -> dict[Path, Mapping[str, Any]]:
        """The files of the options with what they say, in order of their names."""
        said = {file: _raw(file) for file in sorted(self.file.parent.glob("*.toml"))[:_MOST]}
        return {file: raw for file, raw in said.items() if self._is_an_option(file, said)}

    def _is_an_option(self, file: Path, said: Mapping[Path, Mapping[str, Any]]) -> bool:
        """Return whether a file extends the baseline, or an option of it."""
        for _ in range(_MOST):
            raw = said.get(file, {})
            below = raw.get("extends")
            below = below[0] if isinstance(below, list) and below else below
            if not isinstance(below, str):
                return False
            file = locate(below, file.parent)
            if file.resolve() == self.file.resolve():
                return True
        return False

    def _named(self, file: Path) -> str:
        """Return what another file calls a file: a shipped name, or else its path."""
        resolved = file.resolve()
        return self._shipped.get(resolved, str(resolved))


def _raw(file: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(read_text(file, most=SCENARIO_BYTES))
    except (InputError, tomllib.TOMLDecodeError):
        return {}  # it may be written at this moment


def _keys(table: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for key, each in table.items():
        path = f"{above}.{key}" if above else key
        yield path
        if isinstance(each, Mapping):
            yield from _keys(each, path)
        elif path == "phases" and isinstance(each, list):
            for phase in each:
                yield from _keys(phase if isinstance(phase, Mapping) else {})
