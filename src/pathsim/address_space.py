"""How much memory the limit of the process leaves (`ulimit -v`), asked before it is too late.

The compiler ends the process when it gets no memory, and OpenBLAS asks for it for ever. Neither
raises an error, so what they will need is looked for beforehand.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

_MB = 1 << 20


def require(megabytes: int, purpose: str) -> None:
    """Raise MemoryError if the limit leaves less than `purpose` needs; say how much is missing."""
    there = left()
    if there is not None and there < megabytes * _MB:
        raise MemoryError(
            f"the limit on memory (ulimit -v) leaves {max(there, 0) // _MB} MB, "
            f"{purpose} needs about {megabytes} MB"
        )


def left() -> int | None:
    """Return the bytes that may still be asked for, None if there is no limit or none is known."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 not there on every system

    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit == resource.RLIM_INFINITY:
        return None
    with suppress(OSError):
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
        return limit - int(pages) * resource.getpagesize()
    return None
