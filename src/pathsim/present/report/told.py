"""The plain data of a result, read so that every figure knows where it stands in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from pathsim.outcomes.values import EVERYBODY
from pathsim.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .charting import Shown


class Figure(NamedTuple):
    """A number of the plain data, and its place there, such as `decision.evpi.value`."""

    value: float | None
    origin: str

    @property
    def known(self) -> bool:
        """Whether there is a number."""
        return self.value is not None

    @property
    def number(self) -> float:
        """Return the number; 0 where there is none."""
        return 0.0 if self.value is None else float(self.value)


@dataclass(frozen=True)
class At:
    """A part of the plain data, and its place there."""

    data: Any
    origin: str

    def __getitem__(self, key: Any) -> Any:
        """Return the plain value of a key."""
        return self.data[key]

    def at(self, *path: str | int) -> At:
        """Return a part of this part."""
        found = self.data
        for key in path:
            found = found[key]
        return At(found, ".".join([self.origin, *map(str, path)]).lstrip("."))

    def figure(self, *path: str | int) -> Figure:
        """Return a number of this part."""
        found = self.at(*path)
        return Figure(found.data, found.origin)

    def each(self, *path: str | int) -> Iterator[At]:
        """Give the parts of a list in this part."""
        held = self.at(*path)
        for k, data in enumerate(held.data):
            yield At(data, f"{held.origin}.{k}")


class Option(NamedTuple):
    """An option: what was simulated of it and, where there is doubt, what was decided."""

    place: int
    plain: At
    decided: At | None
    rows: Mapping[tuple[str, str], int]

    @property
    def title(self) -> str:
        """Return the option's title, as it can be shown."""
        return visible(str(self.plain["title"]))

    @property
    def anchor(self) -> str:
        """Return the name of its page, by which it is linked."""
        return f"option-{self.place + 1}"

    @property
    def about(self) -> At:
        """Return what the option changes and rests on."""
        return self.plain.at("about")

    def row(self, outcome: str, group: str = EVERYBODY) -> At | None:
        """Return an outcome of a group; None where the result has none."""
        k = self.rows.get((outcome, group))
        return None if k is None else self.plain.at("outcomes", k)

    def by_group(self, outcome: str) -> list[tuple[str, At]]:
        """Return an outcome of every group that has it."""
        return [
            (group, self.plain.at("outcomes", k))
            for (name, group), k in self.rows.items()
            if name == outcome
        ]


@dataclass(frozen=True)
class Told:
    """A result's plain data, and the charts to show with it."""

    whole: At
    charts: Mapping[str, Shown] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Mapping[str, Any], *, charts: Mapping[str, Shown]) -> Told:
        """Return the data of `results.json`, ready to read."""
        return cls(At(data, ""), charts)

    @property
    def compared(self) -> bool:
        """Whether options are compared with a baseline."""
        return "baseline" in self.whole.data

    @property
    def baseline(self) -> At:
        """Return the baseline, or the only scenario."""
        return self.whole.at("baseline" if self.compared else "scenario")

    @property
    def run(self) -> At:
        """Return where the result comes from."""
        return self.whole.at("run")

    @property
    def in_doubt(self) -> bool:
        """Whether intervals show doubt and not luck only."""
        return bool(self.run["draws"])

    @property
    def decision(self) -> At | None:
        """Return what was decided; None where nothing can be."""
        return self.whole.at("decision") if "decision" in self.whole.data else None

    @property
    def no_decision(self) -> str:
        """Return why nothing was decided; empty where it was."""
        return str(self.whole.data.get("no_decision", ""))

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """Return the options in their order."""
        if not self.compared:
            return ()
        decided = self.decision
        return tuple(
            Option(
                k,
                each,
                None if decided is None else decided.at("options", k),
                _places(each),
            )
            for k, each in enumerate(self.whole.each("options"))
        )

    @cached_property
    def _levels(self) -> dict[tuple[str, str], int]:
        return _places(self.baseline)

    def level(self, outcome: str, group: str = EVERYBODY) -> At | None:
        """Return an outcome of the baseline; None where the result has none."""
        k = self._levels.get((outcome, group))
        return None if k is None else self.baseline.at("outcomes", k)

    def title_of(self, outcome: str) -> str:
        """Return what an outcome is called."""
        return str(self.run["outcomes"][outcome]["title"])

    def parameter(self, label: str) -> str:
        """Return what a quantity is called that a decision names by its key."""
        return visible(str(self.whole.data.get("parameters", {}).get(label, label)))


def _places(part: At) -> dict[tuple[str, str], int]:
    return {(row["outcome"], row["group"]): k for k, row in enumerate(part["outcomes"])}
