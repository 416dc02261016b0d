"""Where compiled kernels are kept, and a word before they are compiled.

A kept kernel is loaded only where compiling would make the same. Who answers for what:

- the source: the folder's name, a hash of every file that goes into kernels (`digest`).
  numba asks only whether the file of a function has changed, not the files of what it
  calls, so a change in one kernel could leave stale code in another;
- numba, llvmlite and Python: their versions are part of the hash in a file's name (`kept.py`);
- the processor: so are its name and its features, and one folder may serve several machines.

Nothing is loaded by date. Folders of other states of the source that have lain unused for
a day are removed when a new one is made.
"""

from __future__ import annotations

import atexit
import logging
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

from pathsim.address_space import require

_log = logging.getLogger("pathsim.engine")

_HERE = Path(__file__).parent
_OURS = re.compile(r"kernels-[0-9a-f]{16}")
_DAY = 86_400.0
"""Seconds for which a folder is left alone: another process may use it."""
_COMPILING = "compiling the engine for this {}, once: about 15 seconds ..."


def digest(source: Path = _HERE) -> str:
    """Return a hash of every source file that goes into the kernels in the folder `source`."""
    engine = source.parent
    shared = [
        *(engine / name for name in ("codes.py", "contract.py", "counted.py")),
        engine.parent / "vocabulary.py",
    ]
    arithmetic = (engine.parent / "elementary").glob("*.py")
    files = sorted([*source.glob("*.py"), *shared, *arithmetic])
    hashed = blake2b(digest_size=8)
    for file in files:
        hashed.update(file.name.encode())
        hashed.update(file.read_bytes())
    return hashed.hexdigest()


def folder() -> str:
    """Return the folder for this state of the source; it exists and can be written.

    It lies under `NUMBA_CACHE_DIR` if that is set, else beside the source, else, where
    that cannot be written, in the user's cache, else among temporary files until the
    process ends. What lies ready in a place that can only be read, as in an image that was
    prepared by another user, is copied from there: numba reads no such place.
    """
    name = f"kernels-{digest()}"
    passed: list[Path] = []
    for base in _places():
        place = base / name
        known = os.path.isdir(place)  # noqa: PTH112 false where the name is too long
        if _can_be_written(place):
            if not known:
                _copy(passed, place)
                _remove_unused(place)
            return str(place)
        passed.append(place)
    place = Path(tempfile.mkdtemp(prefix="pathsim-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    _copy(passed, place)
    return str(place)


def _places() -> Iterator[Path]:
    """Give the folders to try, the best first."""
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    if chosen:
        yield Path(chosen)
    yield _HERE / "__pycache__"
    with suppress(RuntimeError):  # nobody's home
        yield Path.home() / ".cache" / "pathsim"


def _can_be_written(place: Path) -> bool:
    try:
        place.mkdir(parents=True, exist_ok=True)
        # A folder's date says when it was last used.
        os.utime(place)
        tempfile.TemporaryFile(dir=place).close()
    except OSError:
        return False
    return True


def _copy(ready: list[Path], place: Path) -> None:
    """Copy the first of the folders `ready` that holds anything; all of it or none."""
    for other in ready:
        with suppress(OSError):
            files = [file for file in other.iterdir() if file.is_file()]
            if files:
                _copy_all(files, place)
                return


def _copy_all(files: list[Path], place: Path) -> None:
    copy = Path(tempfile.mkdtemp(dir=place.parent, prefix=f"{place.name}-"))
    try:
        for file in files:
            shutil.copyfile(file, copy / file.name)  # without its permissions
        copy.replace(place)
    finally:
        shutil.rmtree(copy, ignore_errors=True)


def _remove_unused(place: Path) -> None:
    """Remove the folders of other states of the source beside `place`, unused for a day."""
    with suppress(OSError):
        for other in place.parent.iterdir():
            if other != place and _is_unused(other):
                shutil.rmtree(other, ignore_errors=True)


def _is_unused(other: Path) -> bool:
    with suppress(OSError):
        if _OURS.fullmatch(other.name) and other.is_dir():
            return time.time() - other.stat().st_mtime > _DAY
    return False


def tell_when_compiled(kernel: Any) -> None:
    """Log a line whenever `kernel` is about to be compiled.

    Nothing is said when it can be loaded. numba compiles under a lock, so that of
    several threads in need of one kernel only one gets here, and a call of a kernel in
    memory never does.
    """
    compiler = getattr(kernel, "_compiler", None)
    compiled: Callable[..., Any] | None = getattr(compiler, "compile", None)
    if compiler is None or compiled is None:
        return  # another numba: no line, the same results

    def told(*args: Any) -> Any:
        say(_COMPILING.format("machine" if is_kept(kernel) else "process"))
        require(500, "compiling the engine")
        return compiled(*args)

    compiler.compile = told


def say(line: str, *, warning: bool = False) -> None:
    """Log a line: the shell shows it, and whoever asks `logging` for it."""
    _log.log(logging.WARNING if warning else logging.INFO, line)


def is_kept(kernel: Any) -> bool:
    """Return whether compiled code outlives the process: there is a folder for it."""
    path = kernel.stats.cache_path
    return path is not None and _OURS.fullmatch(Path(path).name) is not None


def compilations(kernel: Any) -> int:
    """Return how often `kernel` was compiled in this process, since no cache held it."""
    return sum(kernel.stats.cache_misses.values())
