"""Which source made a result: a hash of the package's files, and the commit where there is one."""

from __future__ import annotations

import subprocess
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).parents[1]
_CLONE: Final = _PACKAGE.parents[1]
_KINDS: Final = (".py", ".csv", ".toml", ".j2")
_SCENARIOS: Final = "scenarios"
"""Inside the package only in a wheel; each scenario that is used has a hash of its own."""
_PATIENCE_SECONDS: Final = 5


@cache
def source_hash() -> str:
    """Return the SHA-256 of the package's code and data, the same in a wheel and in a clone."""
    found = sha256()
    files = {path.relative_to(_PACKAGE).as_posix(): path for path in _PACKAGE.rglob("*")}
    for name, path in sorted(files.items()):
        if path.suffix in _KINDS and not name.startswith(f"{_SCENARIOS}/"):
            found.update(f"{name}\n{sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()


@cache
def commit() -> str:
    """Return the commit of the clone that the package runs from, or an empty string.

    It ends in `-dirty` where files differ from those of the commit.
    """
    if _CLONE / "src" / "pathsim" != _PACKAGE or not (_CLONE / ".git").exists():
        return ""
    command = ["git", "-C", str(_CLONE), "describe", "--always", "--dirty", "--abbrev=40"]
    try:
        done = subprocess.run(
            [*command, "--exclude=*"],
            capture_output=True,
            text=True,
            check=True,
            timeout=_PATIENCE_SECONDS,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
