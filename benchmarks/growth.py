"""Time and memory against size: people, services, replications, cores; and the first use.

    python -m benchmarks.growth --out build/growth.json

Every point is measured in a process of its own, so that none inherits another's memory.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

import pathsim as ps

from . import models
from .machine import about
from .peak import ROOT, forget_high_water, high_water_mib, resident_mib
from .peers import c_m2
from .works import SEED, kernel, processor_seconds

PEOPLE: Final = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
SERVICES: Final = (2, 5, 10, 20, 30, 40)
REPLICATIONS: Final = (1, 3, 10, 30, 100, 300, 1_000)
BATCHES: Final = 5
_SECOND_OF_PEOPLE: Final = 600_000
"""People who are followed in a batch: about half a second of work, at any size."""

TIMES: Final = ("ns_an_event", "ms_a_replication")
"""By which of two measurements of a point the quicker one is known."""

Point = dict[str, Any]


def by_people(people: int) -> Point:
    """Time M2 with so many people by the kernel and by C, and note a worker's memory."""
    return _kernel_point(models.m2(people=people)) | {"people": people, "c_ns": _c_ns(people)}


def by_services(services: int) -> Point:
    """Time M2 with so many services."""
    return _kernel_point(models.m2(services=services)) | {"services": services}


def by_country(people: int) -> Point:
    """Time England and Wales with every service of Dorset and a warm-up year."""
    return _kernel_point(models.country(people)) | {"people": people, "warm_up": True}


def by_country_alone(people: int) -> Point:
    """Time England and Wales without the warm-up year."""
    point = _kernel_point(models.country(people, warm_up=False))
    return point | {"people": people, "warm_up": False}


def _kernel_point(scenario: ps.Scenario) -> Point:
    """Return time an event, events a person and the memory that a worker adds."""
    run = kernel()
    # Code and libraries are loaded with a small model first: they are no part of what grows.
    run.prepare(partial(models.m2, people=400), replications=1, seed=SEED)()
    make = _always(scenario)
    people = run.people(make)
    number = max(1, _SECOND_OF_PEOPLE // people)
    timed = run.prepare(make, replications=number, seed=SEED)
    before = resident_mib()
    forget_high_water()
    events = timed()
    worker = high_water_mib() - before
    seconds = [processor_seconds(timed) / number for _ in range(BATCHES)]
    return {
        "ns_an_event": 1e9 * float(np.median(seconds)) / events,
        "followed": people,
        "events_a_person": events / people,
        "seconds": float(np.median(seconds)),
        "worker_mib": worker,
        "process_mib": before + worker,
    }


def _always(scenario: ps.Scenario) -> Callable[[], ps.Scenario]:
    return lambda: scenario


def _c_ns(people: int) -> float:
    """Return the nanoseconds that C takes a person; nan without a compiler."""
    if c_m2.why_not():
        return float("nan")
    number = max(1, _SECOND_OF_PEOPLE // people)
    timed = partial(c_m2.replications, number, seed=SEED, scale=people / models.M2_PEOPLE)
    timed()
    seconds = [processor_seconds(timed) for _ in range(BATCHES)]
    return 1e9 * float(np.median(seconds)) / number / people


def by_replications(replications: int) -> Point:
    """Time one call of the public API on one worker, and note the memory of the process."""
    scenario = models.m2()
    timed = partial(ps.run, scenario, seed=SEED, workers=1)
    timed(replications=1)
    before = resident_mib()
    forget_high_water()
    seconds = processor_seconds(lambda: timed(replications=replications).table())
    return {
        "replications": replications,
        "ms_a_replication": 1e3 * seconds / replications,
        "added_mib": high_water_mib() - before,
    }


def by_workers(model: str) -> Point:
    """Time a study by the clock on one worker and on two, in turn."""
    scenario, number = {"m2": (models.m2(), 200), "dorset": (models.dorset(), 100)}[model]
    seconds: dict[int, list[float]] = {1: [], 2: []}
    for workers in (1, 2) * (BATCHES + 1):
        begun = time.perf_counter()
        ps.run(scenario, draws=0, replications=number, seed=SEED, workers=workers).table()
        seconds[workers].append(time.perf_counter() - begun)
    # The first round of each warms up.
    gains = np.array(seconds[1][1:]) / np.array(seconds[2][1:])
    return {"model": model, "gain": float(np.median(gains))}


_FIRST_ANSWER: Final = (
    "import pathsim as ps; ps.run({path!r}, draws=0, replications=1, workers=1).table()"
)


def first_use() -> dict[str, float]:
    """Return the seconds by the clock of importing, and of a first answer, cached and cold."""
    answer = _FIRST_ANSWER.format(path=str(models.DORSET / "baseline.toml"))
    with tempfile.TemporaryDirectory() as nowhere:
        cold = _clock(answer, {"NUMBA_CACHE_DIR": nowhere})
        cached = min(_clock(answer, {"NUMBA_CACHE_DIR": nowhere}) for _ in range(BATCHES))
    imported = min(_clock("import pathsim", {}) for _ in range(BATCHES))
    bare = min(_clock("pass", {}) for _ in range(BATCHES))
    return {"python": bare, "import": imported, "cached": cached, "cold": cold}


def _clock(code: str, environment: dict[str, str]) -> float:
    begun = time.perf_counter()
    command = [sys.executable, "-c", code]
    subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=True)
    return time.perf_counter() - begun


MEASURES: Final[dict[str, tuple[Callable[[Any], Point], Sequence[Any]]]] = {
    "people": (by_people, PEOPLE),
    "services": (by_services, SERVICES),
    "country": (by_country, (models.M2_PEOPLE, models.COUNTRY_PEOPLE)),
    "country_alone": (by_country_alone, (models.M2_PEOPLE, models.COUNTRY_PEOPLE)),
    "replications": (by_replications, REPLICATIONS),
    "workers": (by_workers, ("m2", "dorset")),
}


def in_child(measure: str, size: int | str) -> Point:
    """Return a point, measured in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.growth", "--point", measure, str(size)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    point: Point = json.loads(done.stdout)
    return point


def everything() -> dict[str, Any]:
    """Measure all points, in two passes, and say on the way which one it is."""
    told: dict[str, Any] = {"machine": about(), "first_use": first_use()}
    passes = [_all_points() for _ in range(2)]
    for measure in MEASURES:
        told[measure] = [
            quicker(*twice) for twice in zip(*(p[measure] for p in passes), strict=True)
        ]
    return told


def _all_points() -> dict[str, list[Point]]:
    points: dict[str, list[Point]] = {}
    for measure, (_, sizes) in MEASURES.items():
        points[measure] = []
        for size in sizes:
            sys.stderr.write(f"{measure}: {size}\n")
            points[measure].append(in_child(measure, size))
    return points


def quicker(first: Point, second: Point) -> Point:
    """Return the point whose time is the shorter: what else runs on a machine only adds to it.

    A ratio of times, which noise may move either way, stays as first measured.
    """
    for time_of in TIMES:
        if time_of in first:
            return min(first, second, key=lambda point: point[time_of])
    return first


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure one point, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--point", nargs=2, metavar=("MEASURE", "SIZE"))
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "growth.json")
    chosen = parser.parse_args(arguments)
    if chosen.point:
        measure, size = chosen.point
        point = MEASURES[measure][0](int(size) if size.isdigit() else size)
        sys.stdout.write(json.dumps(point))
        return
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(json.dumps(everything(), indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
