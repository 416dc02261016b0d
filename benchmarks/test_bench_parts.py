"""Parts of the kernel: random numbers, the calendar, the places."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks import parts
from pathsim.engine.contract import Floats

DRAWS = 1_000_000
MONTE_CARLO = 5.0
"""Standard errors of the mean of the draws; the seeds are fixed."""
ROUNDS = 10
pytestmark = pytest.mark.benchmark(timer=time.process_time)

GENERATORS: dict[str, Callable[..., Sequence[float] | Floats]] = {
    "pathsim, addressed": parts.addressed,
    "NumPy, PCG64": partial(parts.of_numpy, bits="PCG64"),
    "NumPy, Philox": partial(parts.of_numpy, bits="Philox"),
    "Python, Mersenne twister": parts.of_python,
}


@pytest.mark.parametrize("generator", GENERATORS)
@pytest.mark.parametrize("kind", ["uniform", "exponential"])
def test_random_numbers(benchmark: BenchmarkFixture, kind: str, generator: str) -> None:
    """Time a million draws."""
    benchmark.group = f"parts: {kind} random numbers"
    benchmark.extra_info.update(what=generator, operations=DRAWS)
    # pytest-benchmark ships no types.
    drawn = benchmark.pedantic(  # type: ignore[no-untyped-call] # the plugin's
        GENERATORS[generator],
        args=(DRAWS,),
        kwargs={"exponentials": kind == "exponential"},
        rounds=ROUNDS,
        warmup_rounds=1,
    )
    expected, deviation = (1.0, 1.0) if kind == "exponential" else (0.5, 12**-0.5)
    assert np.mean(drawn) == pytest.approx(expected, abs=MONTE_CARLO * deviation / DRAWS**0.5)


def once(timed: parts.Timed) -> float:
    """Run what was prepared."""
    return timed()


HOLDS, STANDING = 200_000, 3_000
"""Events, and people in the calendar: as in M2 at its busiest."""
FORMULA = 1e-9
CALENDARS = {
    "pathsim, wheel and heap": parts.hold_in_the_calendar,
    "Python, heapq": parts.hold_in_heapq,
}


@pytest.mark.parametrize("calendar", CALENDARS)
def test_calendar(benchmark: BenchmarkFixture, calendar: str) -> None:
    """Time taking the earliest event and setting its owner's next."""
    benchmark.group = "parts: calendar"
    benchmark.extra_info.update(what=calendar, operations=HOLDS, standing=STANDING)
    rng = np.random.default_rng(1)
    firsts, waits = rng.uniform(0.0, 365.0, STANDING), rng.exponential(60.0, HOLDS)
    # pytest-benchmark ships no types.
    total = benchmark.pedantic(  # type: ignore[no-untyped-call] # the plugin's
        once,
        setup=lambda: ((CALENDARS[calendar](firsts, waits),), {}),
        rounds=ROUNDS,
        warmup_rounds=1,
    )
    assert total == pytest.approx(parts.hold_in_heapq(firsts, waits)(), rel=FORMULA)


SERVED, WAITING = 200_000, 400
"""People who leave a queue, and those who wait in it: as for treatment in M2."""
QUEUES = {
    "pathsim, linked spells": parts.serve_in_the_pool,
    "Python, ordered dictionary": parts.serve_in_a_dictionary,
}


@pytest.mark.parametrize("line", QUEUES)
def test_pools(benchmark: BenchmarkFixture, line: str) -> None:
    """Time joining a queue and leaving it, by a place or out of patience."""
    benchmark.group = "parts: queue for places"
    benchmark.extra_info.update(what=line, operations=SERVED)
    asked = parts.queue(WAITING, SERVED)
    # pytest-benchmark ships no types.
    total = benchmark.pedantic(  # type: ignore[no-untyped-call] # the plugin's
        once,
        setup=lambda: ((QUEUES[line](asked),), {}),
        rounds=ROUNDS,
        warmup_rounds=1,
    )
    assert total == parts.serve_in_a_dictionary(asked)()
