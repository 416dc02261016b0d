"""Peak memory of one engine on one model, measured in a process of its own.

    python -m benchmarks.peak "pathsim m2" 20

The kernel's high-water mark of resident memory counts what compiled code and NumPy allocate,
which tracemalloc does not see. `VmHWM` belongs to the new process image alone; `ru_maxrss`
would start at the size of the process that launched it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


def _mib(field: str) -> float:
    """Return a field of the kernel's report on this process, MiB; nan where unknown."""
    if not _STATUS.exists():
        return float("nan")
    lines = dict(line.split(":", 1) for line in _STATUS.read_text().splitlines() if ":" in line)
    return float(lines[field].split()[0]) / 1024


def resident_mib() -> float:
    """Return the resident memory that this process holds now, MiB; nan where unknown."""
    return _mib("VmRSS")


def high_water_mib() -> float:
    """Return the most resident memory that this process has held, MiB; nan where unknown."""
    return _mib("VmHWM")


def forget_high_water() -> None:
    """Set the high-water mark back to what is resident now, where the system allows it."""
    if _CLEAR.exists():
        _CLEAR.write_text("5")


def in_child(work: str, *, replications: int) -> dict[str, float]:
    """Return the marks of a fresh process that runs so many replications of a work, MiB.

    `imported_mib`: libraries loaded; `prepared_mib`: model built; `peak_mib`: the most at any time.
    """
    command = [sys.executable, "-m", "benchmarks.peak", work, str(replications)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def main(work: str, replications: str) -> None:
    """Run, and write the marks as JSON."""
    from benchmarks.works import WORKS  # noqa: PLC0415 what the import takes is measured

    imported = resident_mib()
    timed = WORKS[work].prepare(int(replications))
    prepared = resident_mib()
    timed()
    marks = {
        "imported_mib": round(imported, 1),
        "prepared_mib": round(prepared, 1),
        "peak_mib": round(high_water_mib(), 1),
    }
    sys.stdout.write(json.dumps(marks))


if __name__ == "__main__":
    main(*sys.argv[1:])
