"""What became of a file: faults by kind, what was read as what, what is unknown, drawn or odd."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from .odd import odd_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from pathsim.errors import Problem
    from pathsim.people.origin import Origin

    from .apply import Mapped


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a table of people was read as; it holds no cell but the names of levels.

    faults: what is wrong, a message for each kind with its column, line and number of rows; where
    there are any, there are no people. read_as: how each column was read. unknown, drawn, banded,
    assumed: for how many people nothing is known, something was drawn from a scenario's people or
    within a band, or assumed, by column. notes: what was read as something else than it says.
    odd: numbers that seldom are.
    """

    file: str = ""
    people: int = 0
    faults: tuple[dict[str, Any], ...] = ()
    read_as: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)
    drawn: dict[str, int] = field(default_factory=dict)
    banded: dict[str, int] = field(default_factory=dict)
    assumed: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether the file can be used."""
        return not self.faults

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {"ok": self.ok, **asdict(self)}

    def __str__(self) -> str:
        """Return the report in lines."""
        return "\n".join(self._lines())

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"

    def _lines(self) -> Iterator[str]:
        yield f"{self.file}: {self.people:,} people" if self.ok else f"{self.file}: cannot be used"
        for fault in self.faults:
            yield f"  fault: {fault['column']}: {fault['message']}"
        for name, words in self.read_as.items():
            yield f"  read: {name}: {'; '.join(words)}"
        for title, counts in (
            ("unknown", self.unknown),
            ("drawn", self.drawn),
            ("drawn within bands", self.banded),
            ("assumed", self.assumed),
        ):
            for name, people in counts.items():
                yield f"  {title}: {name}: {people:,}"
        yield from (f"  note: {note}" for note in self.notes)
        yield from (f"  odd: {odd}" for odd in self.odd)


def report_of(frame: pd.DataFrame, origin: Origin, mapped: Mapped | None) -> Report:
    """Return the report on people who were read."""
    found = Report(
        file=origin.name,
        people=len(frame),
        assumed=dict(origin.assumed),
        notes=origin.notes,
        odd=tuple(dict.fromkeys((*origin.odd, *odd_values(frame)))),
    )
    if mapped is None:
        return found
    return Report(
        **{
            **vars(found),
            "read_as": dict(mapped.read_as),
            "unknown": dict(mapped.unknown),
            "drawn": dict(mapped.drawn),
            "banded": dict(mapped.banded),
        }
    )


def report_of_faults(file: str, problems: Sequence[Problem]) -> Report:
    """Return the report on a file that cannot be used; what was found in a cell is left out."""
    faults = tuple(
        {
            "column": problem.key,
            "message": problem.message,
            "allowed": problem.allowed,
            "line": problem.line,
            "file": str(problem.file) if problem.file else "",
        }
        for problem in problems
    )
    return Report(file=file, faults=faults)
