"""M2 and M2U: the general engine through the public API, and SimPy, in one table.

A round of pathsim is one call for many replications, loading and the table of results included.
"""

from __future__ import annotations

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.engines import ENGINES, Model, for_few, misses
from benchmarks.peak import in_child

MONTE_CARLO = 3.0
"""Combined standard errors from the agreed answer, as Student's t for so few replications;
the seeds are fixed."""
SEED = 20_001
ROUNDS = 5
REPLICATIONS = {"pathsim": 200, "simpy": 4}
"""A round: about a second for either engine, so that the machine treats both alike."""


@pytest.mark.parametrize("engine", ["pathsim", "simpy"])
@pytest.mark.parametrize("model", ["m2", "m2u"])
def test_replications(benchmark: BenchmarkFixture, model: Model, engine: str) -> None:
    """Time the replications of one round, check their figures and note the peak memory."""
    replications = REPLICATIONS[engine]
    benchmark.group = model
    benchmark.extra_info.update(engine=engine, replications=replications)
    # The warm-up round compiles, or reads what was compiled before.
    figures = benchmark.pedantic(  # type: ignore[no-untyped-call]
        ENGINES[engine],
        args=(model,),
        kwargs={"replications": replications, "seed": SEED},
        rounds=ROUNDS,
        warmup_rounds=1,
    )
    multiple = for_few(MONTE_CARLO, replications=replications)
    assert misses(model, figures, multiple=multiple) == []
    benchmark.extra_info.update(in_child(engine, model, replications=replications))
