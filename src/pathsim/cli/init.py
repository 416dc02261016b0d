"""`pathsim init`."""

from __future__ import annotations

import shlex
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from pathsim.cli.printing import say
from pathsim.errors import InputError, Problem
from pathsim.paths import exists, is_folder

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_FIRST: Final = (
    "pathsim compare baseline.toml more-tags.toml --draws 8 --replications 2 --out first-look"
)
"""What the README of a project begins with."""


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder to make; it may be there if it is empty.")
    ],
) -> None:
    """Make a project folder that runs: a baseline, an option, a notebook and a README."""
    from pathsim.files import Outbox

    if is_folder(folder) and _has_files(folder):
        message = "is not empty, and nothing in it is to be overwritten"
        raise InputError(Problem(message, file=folder, allowed="a new folder, or an empty one"))
    found = {each.name: each for each in _templates().iterdir() if each.is_file()}
    with Outbox(folder, names=found) as outbox:
        for name, each in sorted(found.items()):
            outbox.write(name, each.read_text(encoding="utf-8"))
    say(f"written: {', '.join(str(folder / name) for name in sorted(found))}")
    typer.echo(f"next: cd {shlex.quote(str(folder))} && {_FIRST}")


def _has_files(folder: Path) -> bool:
    try:
        return exists(folder) and any(folder.iterdir())
    except OSError as error:
        raise InputError(Problem(f"cannot be read: {error.strerror}", file=folder)) from error


def _templates() -> Traversable:
    return files("pathsim") / "data" / "project"
