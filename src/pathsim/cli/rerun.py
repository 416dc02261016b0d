"""`pathsim rerun`."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pathsim.cli.manifest import MANIFEST, hash_of
from pathsim.cli.printing import say, tell
from pathsim.cli.typed import running
from pathsim.errors import InputError, Problem
from pathsim.paths import exists, is_folder, usable
from pathsim.text import counted

if TYPE_CHECKING:
    from pathsim.cli.remade import Manifest

_DIFFERENT = 1


def rerun(
    context: typer.Context,
    manifest: Annotated[
        Path,
        typer.Argument(help="The manifest.json beside what a command wrote, or its folder."),
    ],
    *,
    out: Annotated[
        Path | None,
        typer.Option(help="New folder for the files; left out, the old one's name and -again."),
    ] = None,
    moved: Annotated[
        list[Path] | None,
        typer.Option(
            "--input",
            metavar="FILE",
            help="A file that the command read and that lies elsewhere now; it is known by its "
            "SHA-256. May be repeated.",
        ),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Run although pathsim is another than it was.")
    ] = False,
) -> None:
    """Run the command of a manifest again, and say whether its files are the same to the byte.

    First the files that it read are compared with what they were, and so is pathsim: what differs
    is said, and nothing runs. Exit code 1 when files that are written differ.
    """
    from pathsim.cli.remade import (
        library_notes,
        located,
        program_problems,
        read_manifest,
    )

    file = manifest / MANIFEST if is_folder(usable(manifest)) else manifest
    told = read_manifest(file)
    found, problems = located(told, moved or ())
    changed = program_problems(told)
    if problems or (changed and not force):
        raise InputError(*problems, *changed)
    for problem in changed:
        say(f"warning: {problem}")
    for line in library_notes(told):
        say(f"warning: {line}")
    place = _new_folder(out, file)
    words = told.words_to_run(context.find_root().command, place=place, found=found)
    tell(f"{counted(len(told.inputs), 'input file')}: as {_were(len(told.inputs))}")
    code = _run_again(context, told, words=words, found=found)
    if code:
        raise typer.Exit(code)
    if not _compared(told, place, before=file.parent):
        raise typer.Exit(_DIFFERENT)


def _were(number: int) -> str:
    return "it was" if number == 1 else "they were"


def _new_folder(out: Path | None, file: Path) -> Path:
    """Return the folder for the files, which must be new or empty. Raises InputError."""
    if out is None:
        old = file.resolve().parent
        new = old.with_name(f"{old.name}-again")
        around = Path.cwd()
        out = new.relative_to(around) if new.is_relative_to(around) else new
    usable(out)
    if exists(out) and not (is_folder(out) and not any(out.iterdir())):
        message = "is there already, and nothing in it is to be overwritten"
        raise InputError(Problem(message, key="--out", file=out, allowed="a new folder"))
    return out


def _run_again(
    context: typer.Context, told: Manifest, *, words: list[str], found: dict[str, Path]
) -> int:
    """Run the command and return its exit code; what it prints is not shown."""
    from pathsim.outcomes.retold import as_first_told

    command: Any = context.find_root().command
    with (
        as_first_told(told.first_time(found)),
        running(words, rerun_of=told.sha256),
        redirect_stdout(io.StringIO()),
    ):
        try:
            command(words, prog_name="pathsim")
        except SystemExit as leaving:
            return leaving.code if isinstance(leaving.code, int) else 0
    return 0


def _compared(told: Manifest, place: Path, *, before: Path) -> bool:
    """Say of every file whether it is the same; return whether all are."""
    from pathsim.cli.remade import difference

    same = True
    for file in told.outputs:
        name, now = file["file"], place / file["file"]
        if not exists(now):
            line = "differs: it was not written now"
        elif hash_of(now) == file["sha256"]:
            line = "the same bytes"
        else:
            line = f"differs: {difference(file, now=now, before=before / name)}"
        same = same and line == "the same bytes"
        tell(f"{now}: {line}")
    known = {MANIFEST, *(file["file"] for file in told.outputs)}
    for more in sorted(path for path in place.iterdir() if path.name not in known):
        same = False
        tell(f"{more}: differs: it was not written then")
    tell("the same bytes" if same else "not the same bytes")
    return same
