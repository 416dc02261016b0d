"""How much memory there is."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pathsim import address_space

if TYPE_CHECKING:
    from collections.abc import Iterator


def available() -> int | None:
    """Return the bytes that this process may still take; None where nobody says."""
    known = [*_of_the_machine(), *_of_the_group(), *_of_the_process()]
    return max(min(known), 0) if known else None


def _of_the_machine() -> Iterator[int]:
    with suppress(OSError, ValueError, StopIteration, IndexError):
        yield _line(Path("/proc/meminfo"), "MemAvailable:")
        return
    with suppress(OSError, ValueError, AttributeError):
        yield os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _of_the_group() -> Iterator[int]:
    """Give what control groups, as of containers, leave."""
    for folder, most, used, kept in (
        ("", "memory.max", "memory.current", "inactive_file"),
        ("memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
    ):
        base = Path("/sys/fs/cgroup") / folder
        with suppress(OSError, ValueError, StopIteration, IndexError):
            limit = int((base / most).read_text())  # "max", no number, where there is none
            taken = int((base / used).read_text())
            yield limit - taken + _line(base / "memory.stat", kept, unit=1)


def _of_the_process() -> Iterator[int]:
    there = address_space.left()
    if there is not None:
        yield there


def _line(file: Path, name: str, *, unit: int = 1024) -> int:
    """Return the number in the line of a file that begins with a name, in bytes."""
    lines = file.read_text(encoding="ascii").splitlines()
    return unit * next(int(line.split()[1]) for line in lines if line.split()[:1] == [name])


def in_words(number: float) -> str:
    """Write a number of bytes."""
    return f"{number / 1e9:,.1f} GB" if number >= 1e9 else f"{number / 1e6:,.0f} MB"
