"""The workbook as OpenDocument (.ods), where LibreOffice is there to convert it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from pathsim.errors import InputError, Problem

_PATIENCE_SECONDS: Final = 180
_NAMES: Final = ("soffice", "libreoffice")
MISSING: Final = "writing workbook.ods needs LibreOffice (soffice), which is not on the path"


def soffice() -> str:
    """Return where LibreOffice is; empty where it is not."""
    return next(filter(None, map(shutil.which, _NAMES)), "")


def need_soffice() -> str:
    """Return where LibreOffice is. Raises InputError without it."""
    found = soffice()
    if not found:
        allowed = "with LibreOffice installed, or without --ods"
        raise InputError(Problem(MISSING, key="--ods", allowed=allowed))
    return found


def as_ods(file: bytes) -> bytes:
    """Return a workbook (.xlsx) as OpenDocument. Raises InputError where it cannot be converted.

    LibreOffice gets a profile of its own, so that one that is open does not answer in its place.
    """
    program = need_soffice()
    with tempfile.TemporaryDirectory(prefix="pathsim-ods-") as name:
        folder = Path(name)
        (folder / "workbook.xlsx").write_bytes(file)
        command = [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *("--headless", "--norestore", "--convert-to", "ods", "--outdir", str(folder)),
            str(folder / "workbook.xlsx"),
        ]
        try:
            done = subprocess.run(
                command, capture_output=True, timeout=_PATIENCE_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise InputError(Problem(f"LibreOffice failed: {error}", key="--ods")) from error
        made = folder / "workbook.ods"
        if done.returncode or not made.is_file():
            said = done.stderr.decode(errors="replace").strip()[-300:]
            raise InputError(Problem(f"LibreOffice failed: {said or 'no word'}", key="--ods"))
        return made.read_bytes()
