"""`pathsim crate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pathsim.cli.printing import say


def crate(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="Folder that a command wrote, with its manifest.json."),
    ],
) -> None:
    """Describe a folder of results as an RO-Crate, for archives that read one.

    It writes ro-crate-metadata.json into the folder, from manifest.json alone, and changes no
    other file. First every file is compared with its SHA-256 in the manifest. Needs the extra
    'crate'.
    """
    from pathsim.cli.crated import METADATA, crate_text, need_library
    from pathsim.files import write_whole

    need_library()
    file = folder / METADATA
    write_whole(file, crate_text(folder))
    say(f"written: {file}")
