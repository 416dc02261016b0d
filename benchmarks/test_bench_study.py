"""What an analyst waits for: a whole study, from scenario files to differences with intervals."""

from __future__ import annotations

import time

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import pathsim as ps
from benchmarks.models import DORSET, OPTIONS

REPLICATIONS = 200
WORKERS = 2
SEED = 1


@pytest.mark.benchmark(group="study", timer=time.perf_counter)
def test_dorset_and_six_options(benchmark: BenchmarkFixture) -> None:
    """Time the comparison at central values, by the clock."""
    benchmark.extra_info.update(replications=REPLICATIONS, workers=WORKERS)

    def compare() -> int:
        options = [DORSET / f"{name}.toml" for name in OPTIONS]
        comparison = ps.compare(
            DORSET / "baseline.toml",
            options,
            draws=0,
            replications=REPLICATIONS,
            seed=SEED,
            workers=WORKERS,
        )
        return len(comparison.table())

    # pytest-benchmark ships no types.
    rows = benchmark.pedantic(compare, rounds=3, warmup_rounds=1)  # type: ignore[no-untyped-call] # the plugin's
    assert rows > 0
