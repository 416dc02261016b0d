"""What was measured on: processor, system and versions."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from .peers import c_m2


def about() -> dict[str, str]:
    """Return the machine, the day and the versions, for the page."""
    return {
        "day": f"{datetime.now(UTC):%-d %B %Y}",
        "processor": processor(),
        "cores": str(os.cpu_count()),
        "system": platform.system(),
        "Python": platform.python_version(),
        "C compiler": c_m2.why_not() or c_m2.compiler_version(),
        **{name: version(name) for name in ("numba", "numpy", "simpy")},
    }


def processor() -> str:
    """Return the name that the processor gives itself, or its architecture."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
