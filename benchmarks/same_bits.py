"""Whether all results have the same bits on other processors, with more workers, other Pythons.

    python -m benchmarks.same_bits [--python INTERPRETER ...] [--out build/same_bits.json]

Each condition is a process of its own, which hashes the Dorset cohort, the arrays that the engine
reads, the event log, and all outcomes of two replications, with and without the posterior. The
conditions: kernels of OpenBLAS; NumPy and the C library without what they choose by the processor;
plainer processors, for which numba compiles anew (about a minute each); 1, 2 and 3 workers; other
interpreters in which pathsim is installed. The exit code is 1 if any hash differs.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import pathsim as ps
from pathsim.engine.lowering import lower
from pathsim.outcomes.verbs import log as event_log
from pathsim.people.cohort import Cohort

ROOT = Path(__file__).parents[1]
DORSET = Path("scenarios", "dorset")
"""As seen from the root: a result names its files, and so its hash is that of any checkout."""
OPTION = "more-treatment.toml"
RISKS = ["risk_one_year_percent", "risk_two_year_percent"]
SEED = 1
REPLICATIONS = 2
BLAS = ("Prescott", "Nehalem", "Sandybridge", "Haswell", "SkylakeX")
"""Kernels of OpenBLAS, by the processor that each is for."""
TARGETS = ("generic", "x86-64-v2", "x86-64-v3")
"""Processors for which numba compiles."""
WORKERS = (1, 2, 3)
PLAIN_C = "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F"
"""What leaves the C library's mathematics without the processor's newer instructions."""


class Condition(NamedTuple):
    """A process in which the same bits must come out."""

    name: str
    environment: dict[str, str]
    workers: int = 1
    python: str = sys.executable


class Found(NamedTuple):
    """What a process found, and what it found it with."""

    hashes: dict[str, str]
    machine: dict[str, Any]


def libraries() -> list[Condition]:
    """Return the conditions under which nothing is compiled anew."""
    plain_numpy = {"NPY_DISABLE_CPU_FEATURES": " ".join(chosen_by_numpy())}
    return [
        *(Condition(f"OpenBLAS for {name}", {"OPENBLAS_CORETYPE": name}) for name in BLAS),
        Condition("NumPy without dispatch", plain_numpy),
        Condition("C library without dispatch", {"GLIBC_TUNABLES": PLAIN_C}),
    ]


def wide(pythons: list[str], cache: str) -> Iterator[Condition]:
    """Give the conditions that take minutes; `cache`: where they may leave kernels."""
    for name in TARGETS:
        chosen = {"NUMBA_CPU_NAME": name, "NUMBA_CPU_FEATURES": "", "NUMBA_CACHE_DIR": cache}
        yield Condition(f"numba for {name}", chosen)
    for workers in WORKERS:
        yield Condition(f"workers: {workers}", {}, workers=workers)
    for python in pythons:
        yield Condition(f"interpreter {python}", {"NUMBA_CACHE_DIR": cache}, python=python)


def chosen_by_numpy() -> list[str]:
    """Return the processor's features by which NumPy chooses among its loops."""
    core: Any = np._core._multiarray_umath  # type: ignore[attr-defined] # no public list of them
    return [name for name in core.__cpu_dispatch__ if core.__cpu_features__[name]]


def ask(condition: Condition) -> Found:
    """Run a process under a condition and return what it found."""
    command = [condition.python, "-m", "benchmarks.same_bits"]
    done = subprocess.run(
        [*command, "--hashes", "--workers", str(condition.workers)],
        cwd=ROOT,
        env=os.environ | condition.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{condition.name}: {done.stderr}")
    return Found(**json.loads(done.stdout))


def hashes(workers: int) -> dict[str, str]:
    """Return a hash of each part of what a comparison computes."""
    scenario = ps.load(DORSET / "baseline.toml")
    cohort = Cohort.from_scenario(scenario)
    # The same people as a table that is brought: their risks are then computed anew.
    brought = Cohort.from_frame(cohort.frame.drop(columns=RISKS))
    lowered = lower(scenario, cohort)
    found = {
        "cohort": _hash(*(cohort.frame[name] for name in cohort.frame)),
        "brought": _hash(*(brought.frame[name] for name in RISKS)),
        "lowered": _hash(*lowered.people, *lowered.tables, lowered.capacity_days),
    }
    log = event_log(scenario, seed=SEED)
    found["log"] = _hash(*(log[name] for name in log))
    ways: dict[str, dict[str, Any]] = {
        "outcomes": {"draws": 0, "replications": REPLICATIONS},
        "posterior": {
            "draws": 0,
            "replications": REPLICATIONS,
            "posterior": DORSET / "posterior.csv",
        },
        "states": {"draws": 4, "replications": 2},
    }
    for name, how in ways.items():
        compared = ps.compare(
            DORSET / "baseline.toml", DORSET / OPTION, seed=SEED, workers=workers, **how
        )
        told = compared.to_dict()
        text = json.dumps([told["baseline"], told["options"]])
        found[name] = _hash(compared.baseline.values.data, np.array([text]))
    return found


def _hash(*columns: Any) -> str:
    hashed = blake2b(digest_size=8)
    for column in columns:
        values = np.asarray(column)
        if values.dtype.names:  # field by field: what lies between fields means nothing
            hashed.update(_hash(*(values[name] for name in values.dtype.names)).encode())
        elif values.dtype.kind in "OU":
            hashed.update("\n".join(map(str, values.ravel())).encode())
        else:
            hashed.update(np.ascontiguousarray(values).tobytes())
    return hashed.hexdigest()


def _machine() -> dict[str, Any]:
    """Return what took effect of the condition."""
    try:
        from threadpoolctl import threadpool_info  # noqa: PLC0415 not everywhere
    except ImportError:
        kernels = []
    else:
        kernels = [pool.get("architecture") for pool in threadpool_info()]
    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numpy_features": chosen_by_numpy(),
        "blas": sorted({kernel for kernel in kernels if kernel}),
    }


def main() -> None:
    """Ask all processes, or be one of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", nargs="*", default=[])
    parser.add_argument("--out", type=Path)
    parser.add_argument("--hashes", action="store_true")
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args()
    if asked.hashes:
        print(json.dumps(Found(hashes(asked.workers), _machine())._asdict()))  # noqa: T201 a script's answer
        return
    sys.exit(_compare(asked.python, asked.out))


def _compare(pythons: list[str], out: Path | None) -> int:
    found = {}
    with tempfile.TemporaryDirectory() as cache:
        for condition in [*libraries(), *wide(pythons, cache)]:
            found[condition.name] = ask(condition)
            said = " ".join(found[condition.name].hashes.values())
            print(f"{condition.name:40} {said}", flush=True)  # noqa: T201 a script's answer
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(json.dumps({name: each._asdict() for name, each in found.items()}, indent=1))
    return int(len({json.dumps(each.hashes) for each in found.values()}) > 1)


if __name__ == "__main__":
    main()
