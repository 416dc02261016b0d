"""Peak memory of one engine on one model, measured in a process of its own.

    python -m benchmarks.peak pathsim m2 20

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


def high_water_mib() -> float:
    """Return the most resident memory that this process has held, MiB; nan where unknown."""
    if not _STATUS.exists():
        return float("nan")
    lines = dict(line.split(":", 1) for line in _STATUS.read_text().splitlines() if ":" in line)
    return float(lines["VmHWM"].split()[0]) / 1024


def in_child(engine: str, model: str, *, replications: int) -> dict[str, float]:
    """Return `imported_mib` and `peak_mib` of a fresh process that runs the replications."""
    command = [sys.executable, "-m", "benchmarks.peak", engine, model, str(replications)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def main(engine: str, model: str, replications: str) -> None:
    """Run, and write the marks as JSON."""
    from benchmarks.engines import ENGINES  # noqa: PLC0415 what the import takes is measured

    imported = high_water_mib()
    ENGINES[engine](model, replications=int(replications), seed=1)
    marks = {"imported_mib": round(imported, 1), "peak_mib": round(high_water_mib(), 1)}
    sys.stdout.write(json.dumps(marks))


if __name__ == "__main__":
    main(*sys.argv[1:])
