"""Compiled kernels in files that cannot do harm: what is damaged is compiled anew, with a warning.

A file begins with a hash of the rest. Machine code that is not what was written could end the
process, or give other results; so the hash is checked before anything is loaded. A file is
written beside its place and then moved there: another process sees all of it or nothing.
"""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Callable
from contextlib import suppress
from functools import cache, cached_property
from hashlib import blake2b
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

from .cache import folder, say

_FOLDER: Final = Path(folder())
code_of: Final = attrgetter("library")
"""What numba compiled, of its result."""
_HASH: Final = 32
_LARGEST: Final = 1 << 28
"""Bytes that no kernel reaches: a larger file is not read."""


class Kept:
    """The cache of one kernel, with the methods that numba calls."""

    def __init__(
        self,
        function: Callable[..., Any],
        versions: tuple[str, ...],
        *,
        dump: Callable[[Any], bytes],
        rebuild: Callable[..., Any],
    ) -> None:
        self._function = function
        self._name = function.__qualname__.replace("<", "").replace(">", "")
        self._versions = versions
        self._dump = dump
        self._rebuild = rebuild

    @property
    def cache_path(self) -> str:
        """Return the folder, by the name that numba has for it."""
        return str(_FOLDER)

    def load_overload(self, signature: Any, target: Any) -> Any:
        """Return what was compiled for a signature and this processor, None if nothing was."""
        file = self._file(signature, target)
        data = read(file) if file else None
        return None if data is None else self._rebuild(target, *pickle.loads(data))

    def save_overload(self, signature: Any, compiled: Any) -> None:
        """Keep what was compiled for a signature, if it can be."""
        file = self._file(signature, compiled.target_context)
        if file and not code_of(compiled).has_dynamic_globals:
            write(file, self._dump(compiled._reduce()))

    def flush(self) -> None:
        """Forget what was compiled."""
        for file in _FOLDER.glob(f"{self._name}-*"):
            _remove(file)

    def _file(self, signature: Any, target: Any) -> Path | None:
        """Return the file whose name tells apart all that compiled code depends on."""
        if self._source is None:
            return None
        code = self._function.__code__
        depends = (
            *self._versions,
            self._source,
            code.co_firstlineno,
            signature,
            target.codegen().magic_tuple(),
        )
        return (
            _FOLDER / f"{self._name}-{blake2b(repr(depends).encode(), digest_size=16).hexdigest()}"
        )

    @cached_property
    def _source(self) -> bytes | None:
        """Return a hash of the function's own file, None if code may depend on more than that."""
        if self._function.__closure__ is None:
            with suppress(OSError):
                return _hash(Path(self._function.__code__.co_filename).read_bytes())
        return None


def _hash(data: bytes) -> bytes:
    return blake2b(data, digest_size=_HASH).digest()


def read(file: Path) -> bytes | None:
    """Return what `file` keeps, None if there is none or it is damaged: then it is removed."""
    try:
        if file.is_file() and file.stat().st_size <= _LARGEST:
            data = sound(file.read_bytes())
            if data is not None:
                return data
        elif not os.path.lexists(file):
            return None
        reason = "damaged"
    except FileNotFoundError:
        return None
    except OSError as error:
        reason = f"unreadable ({error.strerror})"
    say(f"{file} is {reason}: the engine is compiled anew", warning=True)
    _remove(file)
    return None


def sound(whole: bytes) -> bytes | None:
    """Return the data of a file's bytes, None if they are not those that were written."""
    data = whole[_HASH:]
    return data if _hash(data) == whole[:_HASH] else None


def write(file: Path, data: bytes) -> None:
    """Keep `data` in `file`; a disk that is full or can only be read costs a warning."""
    fresh = file.with_name(f"{file.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(_hash(data) + data)
        fresh.replace(file)
    except OSError as error:
        _tell_unkept(file.parent, error.strerror)
        _remove(fresh)


@cache
def _tell_unkept(place: Path, reason: str | None) -> None:
    """Warn that nothing can be kept in `place`: once, however many kernels there are."""
    say(f"the engine cannot be kept in {place}: {reason}", warning=True)


def _remove(file: Path) -> None:
    with suppress(OSError):
        if file.is_dir() and not file.is_symlink():
            shutil.rmtree(file, ignore_errors=True)
        else:
            file.unlink()
