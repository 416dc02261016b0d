"""How much memory a study takes, known before it starts, and how much there is.

What grows with the replications is what each adds up to, by group and service, and what one
outcome takes while its statistics are worked out. The rest is the people and a workspace a worker.
"""

from __future__ import annotations

import os
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pathsim.engine.contract import N_LOADS, N_PAYERS, N_PERSON_COLUMNS
from pathsim.engine.kernels.workspace import CASE, ENTRY, HEAPED, PERSON, SPELL
from pathsim.errors import InputError, InputWarning, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pathsim.engine.lowering import Lowered

    from .plan import Plan

_NUMBER = 8
"""Bytes."""
_AT_ONCE = 16
"""Arrays of [replications, groups] while the statistics of one outcome are worked out."""
_POSTERIOR_ROW = 2_000
"""Bytes of a replication's parameters, as Python keeps them."""
_TWIN_PERSON = 20_000
"""Bytes of a person and what they plan in the twin, as Python keeps them."""
_PERSON = 2 * (PERSON.itemsize + ENTRY.itemsize + HEAPED.itemsize) // 6 + (
    SPELL.itemsize // 2 + CASE.itemsize // 8 + 64
)
"""Bytes of a person in a kernel's workspace."""
_MUCH = 0.5
"""Of what there is: from here on it is said."""


class Needed(NamedTuple):
    """Bytes that a study takes beside what the process has."""

    fixed: int
    a_replication: int

    def of(self, replications: int) -> int:
        """Return the bytes with so many replications."""
        return self.fixed + replications * self.a_replication


def needed(lowered: Sequence[Lowered], plan: Plan) -> Needed:
    """Return what a study of lowered scenarios takes."""
    kept = sum(_kept(each) for each in lowered)
    at_once = _NUMBER * _AT_ONCE * max(len(each.groups) for each in lowered)
    posterior = _POSTERIOR_ROW if plan.posterior else 0
    people = max(len(each.people.key) for each in lowered)
    person = _TWIN_PERSON if plan.engine == "twin" else _PERSON
    return Needed(plan.workers * people * person, kept + at_once + posterior)


def _kept(lowered: Lowered) -> int:
    """Return the bytes that are kept of one replication of a scenario."""
    groups, services = len(lowered.groups), len(lowered.services)
    by_group = groups * (N_PERSON_COLUMNS + services * N_LOADS)
    return _NUMBER * (by_group + 2 * services + N_PAYERS + 4)


def check_memory(lowered: Sequence[Lowered], plan: Plan) -> None:
    """Refuse a study that does not fit, with what would; warn of one that takes much.

    Raises InputError.
    """
    there = available()
    if there is None:
        return
    wanted = needed(lowered, plan)
    total = wanted.of(plan.replications)
    if total > there:
        raise InputError(_too_much(wanted, total, there, plan, scenarios=len(lowered)))
    if total > _MUCH * there:
        message = f"the study takes about {_size(total)} of {_size(there)} of memory"
        warnings.warn(message, InputWarning, stacklevel=3)


def _too_much(needs: Needed, total: int, there: int, plan: Plan, *, scenarios: int) -> Problem:
    most = (there - needs.fixed) // needs.a_replication
    message = f"the study would take about {_size(total)} of memory, and {_size(there)} is free"
    if most < 2:
        return Problem(message, key="people", allowed="fewer people, or fewer workers")
    fewer = " or fewer options" if scenarios > 1 else ""
    return Problem(
        message,
        key="replications",
        found=plan.replications,
        allowed=f"up to {most:,} replications here{fewer}",
    )


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
    with suppress(ImportError, OSError, ValueError, StopIteration, IndexError):
        import resource  # noqa: PLC0415 not on every system

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        if limit != resource.RLIM_INFINITY:
            yield limit - _line(Path("/proc/self/status"), "VmSize:")


def _line(file: Path, name: str, *, unit: int = 1024) -> int:
    """Return the number in the line of a file that begins with a name, in bytes."""
    lines = file.read_text(encoding="ascii").splitlines()
    return unit * next(int(line.split()[1]) for line in lines if line.split()[:1] == [name])


def _size(number: float) -> str:
    return f"{number / 1e9:,.1f} GB" if number >= 1e9 else f"{number / 1e6:,.0f} MB"
