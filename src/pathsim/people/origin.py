"""Where a cohort comes from, and what was read into it or assumed of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from pathsim.text import visible

if TYPE_CHECKING:
    from pathsim.scenario.lineage import InputFile

A_TABLE: Final = "the table"
"""What a table that was made in Python is called."""


class AreaNamed(NamedTuple):
    """A name of an area in a table of people, and where it stands first."""

    name: str
    text: str
    people: int
    row: int
    line: int | None


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where people come from; without a name they are a scenario's own, made by pathsim."""

    name: str = ""
    """The file, or `the table`."""
    file: InputFile | None = None
    """The same with its hash."""
    beside: tuple[InputFile, ...] = ()
    """What else was read: a mapping, a table of offences."""
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
        return Path(self.file.path) if self.file and self.file.path != A_TABLE else None

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
    return A_TABLE if file is None else visible(str(file))
