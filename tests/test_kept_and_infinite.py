"""Results can be pickled; an outcome of one's own is never infinite."""

from __future__ import annotations

import pickle

import pandas as pd
import pytest

import pathsim as ps

FEW = {"draws": 2, "replications": 2}


def infinite(_log):
    return float("inf")


def infinite_for_each(log):
    return pd.Series(float("inf"), index=log["person"].unique())


@pytest.fixture(scope="module")
def both():
    baseline = ps.example()
    return baseline, baseline.change("More mentors", {"services.mentor.capacity": 30})


def test_a_comparison_and_a_run_can_be_pickled(both):
    baseline, option = both
    comparison = ps.compare(baseline, [option], **FEW)
    again = pickle.loads(pickle.dumps(comparison))
    pd.testing.assert_frame_equal(again.table(), comparison.table())
    run = ps.run(baseline, **FEW)
    pd.testing.assert_frame_equal(pickle.loads(pickle.dumps(run)).table(), run.table())


@pytest.mark.parametrize("outcome", [infinite, infinite_for_each])
def test_an_infinite_outcome_is_refused_by_its_name(both, outcome):
    with pytest.raises(ps.InputError, match=f"{outcome.__name__}: is infinite"):
        ps.compare(both[0], [both[1]], outcomes=[outcome], **FEW)
