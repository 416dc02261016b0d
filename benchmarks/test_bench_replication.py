"""One model a group: the engine beside its rivals, with their figures checked and their memory."""

from __future__ import annotations

import time
from typing import cast

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.engines import AGREED, Figures, for_few, misses
from benchmarks.peak import in_child
from benchmarks.works import WORKS, Work

MONTE_CARLO = 3.0
"""Combined standard errors from the agreed answer, as Student's t for so few replications;
the seeds are fixed."""
ROUNDS = 5
pytestmark = pytest.mark.benchmark(timer=time.process_time)


@pytest.mark.parametrize("work", WORKS.values(), ids=WORKS)
def test_replications(benchmark: BenchmarkFixture, work: Work) -> None:
    """Time rounds of replications, check the figures where some are agreed, note the memory."""
    if reason := work.why_not():
        pytest.skip(reason)
    benchmark.group = f"replication: {work.model}"
    benchmark.extra_info.update(
        engine=work.engine, model=work.model, replications=work.replications
    )
    # The warm-up round compiles, or reads what was compiled before.
    # pytest-benchmark ships no types.
    outcome = benchmark.pedantic(work.round(), rounds=ROUNDS, warmup_rounds=1)  # type: ignore[no-untyped-call] # the plugin's
    if work.model in AGREED and work.engine != "kernel" and work.replications > 1:
        multiple = for_few(MONTE_CARLO, replications=work.replications)
        figures = cast("Figures", outcome)
        assert misses(work.model, figures, multiple=multiple) == []
    benchmark.extra_info.update(in_child(work.name, replications=work.replications))
