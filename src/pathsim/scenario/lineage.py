"""Where a scenario comes from: the files it was read from, and what it is an option of."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from pathsim.bounded import TABLE_BYTES, read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .model import Scenario


class InputFile(NamedTuple):
    """A file that was read, as it then was."""

    path: str
    sha256: str

    @classmethod
    def at(cls, path: str | Path) -> Self:
        """Return the file at `path` as it is now."""
        content = read_bytes(Path(path), most=TABLE_BYTES)
        return cls(str(path), sha256(content).hexdigest())


class Lineage(NamedTuple):
    """What a scenario was made from."""

    files: tuple[InputFile, ...] = ()
    """The files it rests on, the baseline's first and its own last; none if made in Python."""
    parent: Scenario | None = None
    """The scenario that it is an option of."""

    def ancestors(self) -> Iterator[Scenario]:
        """Give what the scenario is an option of, then what that is an option of, and so on."""
        above = self.parent
        while above is not None:
            yield above
            above = above.lineage.parent


def count_files(scenario: Scenario) -> Iterator[InputFile]:
    """Give the tables of counts from which a scenario's people are sampled."""
    for name in ("counts", "margins", "ethnicity"):
        counts = getattr(scenario.cohort, name, None)
        if counts is not None:
            yield InputFile.at(counts.file)


def descend(scenario: Scenario, lineage: Lineage) -> Scenario:
    """Return the scenario with its lineage noted; it stays equal to one made otherwise."""
    scenario.__dict__["lineage"] = lineage
    return scenario
