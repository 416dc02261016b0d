"""The manifest that a command writes beside its files: how to get them again."""

from __future__ import annotations

import os
import platform
import time
from datetime import UTC, datetime
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pathsim.cli.typed import typed
from pathsim.text import as_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pathsim.files import Outbox

MANIFEST: Final = "manifest.json"
LIBRARIES: Final = (
    *("numpy", "numba", "pandas", "scipy", "scikit-learn", "salib", "matplotlib", "jinja2"),
    *("gptables", "xlsxwriter", "pyarrow"),
)
"""On which the bytes of files rest; those that are installed are told."""
_AT_ONCE: Final = 1 << 20


def write_manifest(
    outbox: Outbox, origin: Mapping[str, Any], *, beside: Iterable[Path] = ()
) -> None:
    """Write the manifest of the files in an outbox, the last of them.

    origin: where the result comes from. beside: files that go to another place, such as a log,
    where they lie until then.
    """
    from pathsim.decision.shapes.manifest import MANIFEST as SCHEMA
    from pathsim.decision.shapes.manifest import ManifestShape
    from pathsim.decision.shapes.shape import as_shaped
    from pathsim.outcomes.retold import CHANGING

    now = typed()
    told = {
        "schema": SCHEMA,
        "command": told_words(now.words, origin["inputs"]),
        "rerun_of": now.rerun_of,
        "versions": versions(),
        "source": dict(origin["source"]),
        "seed": origin["seed"],
        "inputs": [dict(file) for file in origin["inputs"]],
        "outputs": [_written(path) for path in (*outbox.so_far(), *beside)],
        "machine": {"platform": platform.platform(), "processors": os.cpu_count() or 1},
        "first_made": {name: origin.get(name) for name in CHANGING},
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "wall_seconds": round(time.perf_counter() - now.begun, 3),
    }
    outbox.write(MANIFEST, as_json(as_shaped(ManifestShape, told)) + "\n")


def versions() -> dict[str, str]:
    """Return the versions of pathsim, Python and the libraries that are installed."""
    from pathsim.outcomes.provenance import DISTRIBUTION, version

    found = {"pathsim": version(DISTRIBUTION), "python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file. Raises OSError."""
    found = sha256()
    with path.open("rb") as stream:
        while part := stream.read(_AT_ONCE):
            found.update(part)
    return found.hexdigest()


def told_words(words: Sequence[str], inputs: Iterable[Mapping[str, str]]) -> list[str]:
    """Return a command as typed, with paths as they are told; inputs: as they are told."""
    named = {(file["path"], file["sha256"]) for file in inputs if _is_of_people(file)}
    return [before + _told(value, named) for before, value in map(parted, _command(words))]


def parted(word: str) -> tuple[str, str]:
    """Return what stands before the value in a word such as `--out=here`, and the value."""
    if word.startswith("--") and "=" in word:
        name, _, value = word.partition("=")
        return f"{name}=", value
    return "", word


def _command(words: Sequence[str]) -> Iterator[str]:
    """Give the words from the command on: options before it change no result."""
    begun = False
    for word in words:
        begun = begun or not word.startswith("-")
        if begun:
            yield word


def _is_of_people(file: Mapping[str, str]) -> bool:
    from pathsim.outcomes.retold import PEOPLE

    return file["of"] in PEOPLE


def _told(value: str, named: set[tuple[str, str]]) -> str:
    """Return a word as it is told. named: files of people, by name and SHA-256."""
    from pathsim.outcomes.retold import told_path
    from pathsim.paths import is_file

    path = Path(value)
    if any(path.name == name for name, _ in named) and is_file(path):
        return path.name if (path.name, hash_of(path)) in named else value
    return told_path(value) if path.is_absolute() else value


def _written(path: Path) -> dict[str, Any]:
    return {"file": path.name, "sha256": hash_of(path), "bytes": path.stat().st_size}
