"""M2, the revolving door, in C (`m2.c`): compiled by gcc on first use, called through ctypes.

The library is kept in `build/` under a hash of its source, its flags, the compiler and the
processor, so that a change of any of them compiles anew.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

PEOPLE: Final = 12_000
TAGS: Final = 18
TREATMENTS: Final = 150
FIGURES: Final = (
    "proven_reoffending_rate",
    "reoffences_per_person",
    "cost_total",
    "service.tag.starts",
    "service.tag.mean_wait_days",
    "service.tag.reneged",
    "service.treatment.starts",
    "service.treatment.mean_wait_days",
    "service.treatment.reneged",
)
"""The columns of `replications`, under pathsim's names."""

FLAGS: Final = ("-std=c11", "-O3", "-march=native", "-fno-math-errno", "-shared", "-fPIC")
"""No -ffast-math: it gains 2% here, and infinities and rounding would lose their meaning."""
SOURCE: Final = Path(__file__).with_name("m2.c")
BUILD: Final = Path(__file__).parents[2] / "build"
_FIGURES: Final = ctypes.POINTER(ctypes.c_double)


def why_not() -> str | None:
    """Return why the reference cannot be built here; None when it can."""
    return None if shutil.which("gcc") else "there is no gcc"


def replications(
    number: int, *, seed: int, unlimited: bool = False, first: int = 0, scale: float = 1.0
) -> NDArray[np.float64]:
    """Return replications `first` ... `first` + `number` - 1 as rows of `FIGURES`.

    unlimited: a place for everybody (M2U). scale: times as many people and places. Raises
    FileNotFoundError without gcc, MemoryError when memory runs out.
    """
    outcomes = np.empty((number, len(FIGURES)))
    failed = _library().m2_replications(
        seed,
        first,
        number,
        round(PEOPLE * scale),
        round(TAGS * scale),
        round(TREATMENTS * scale),
        unlimited,
        outcomes.ctypes.data_as(_FIGURES),
    )
    if failed:
        raise MemoryError
    return outcomes


def replicate(*, seed: int, unlimited: bool = False) -> dict[str, float]:
    """Return the outcomes of one replication, under pathsim's names."""
    row = replications(1, seed=seed, unlimited=unlimited)[0]
    return dict(zip(FIGURES, row.tolist(), strict=True))


@cache
def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(str(compiled()))
    library.m2_replications.argtypes = [
        ctypes.c_uint64,
        *[ctypes.c_int64] * 5,
        ctypes.c_int,
        _FIGURES,
    ]
    library.m2_replications.restype = ctypes.c_int
    return library


def compiled() -> Path:
    """Return the shared library, compiled now if it is not there yet."""
    compiler = compiler_version()
    parts = [each.read_text(encoding="utf-8") for each in sorted(SOURCE.parent.glob("*.[ch]"))]
    told = "\n".join([*parts, *FLAGS, compiler, _processor()])
    made = BUILD / f"m2-{hashlib.sha256(told.encode()).hexdigest()[:16]}.so"
    if not made.exists():
        BUILD.mkdir(exist_ok=True)
        # Under a name of our own until it is whole: another process may be compiling too.
        partial = made.with_suffix(f".{os.getpid()}")
        command = ["gcc", *FLAGS, "-o", str(partial), str(SOURCE), "-lm"]
        subprocess.run(command, check=True, capture_output=True)
        partial.replace(made)
    return made


def compiler_version() -> str:
    """Return the first line of `gcc --version`."""
    told = subprocess.run(["gcc", "--version"], check=True, capture_output=True, text=True)
    return told.stdout.splitlines()[0]


def _processor() -> str:
    """Return what -march=native goes by, as far as the system tells."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    kept = {line for line in lines if line.startswith(("model name", "flags"))}
    return "\n".join([platform.machine(), *sorted(kept)])
