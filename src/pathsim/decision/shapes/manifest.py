"""The shape of the manifest that lies beside what a command writes."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from .origin import InputShape, SourceShape
from .shape import Shape

MANIFEST: Final = "pathsim.manifest/1"
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
FileName = Annotated[str, Field(pattern=r"^[^/\\\x00]+$")]


class ReadShape(InputShape):
    """A file that was read.

    Its path is from the folder that the command ran in. `pathsim:` stands before that of a file
    of the package. A file of people is told by its name alone, as is one from another place.
    """

    sha256: Sha256


class WrittenShape(Shape):
    """A file that was written beside the manifest."""

    file: FileName
    sha256: Sha256
    bytes: int


class MachineShape(Shape):
    """What the command ran on."""

    platform: str
    processors: int


class FirstMadeShape(Shape):
    """What the files say that changes by itself; null where they do not say it.

    A rerun writes it as it was the first time.
    """

    finished: str | None
    elapsed_seconds: float | None
    workers: int | None
    platform: str | None


class ManifestShape(Shape):
    """What it takes to get the same files again, and to see that they are the same."""

    schema_: Literal["pathsim.manifest/1"] = Field(alias="schema")
    command: list[str]
    """What was typed after `pathsim`."""
    rerun_of: Sha256 | None
    """Of the manifest that was run again; null where the command was typed."""
    versions: dict[str, str]
    """Of pathsim, Python and the libraries that files rest on."""
    source: SourceShape
    seed: int
    inputs: list[ReadShape]
    outputs: list[WrittenShape]
    machine: MachineShape
    first_made: FirstMadeShape
    finished: str
    wall_seconds: float
