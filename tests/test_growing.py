"""Scenarios simulated state by state have the figures of a comparison in so many states."""

from __future__ import annotations

import numpy as np
import pytest

import pathsim as ps
from pathsim.outcomes.against import Against
from pathsim.outcomes.changes import changes
from pathsim.outcomes.provenance import Request
from pathsim.study import growing as under_test
from pathsim.study.growing import Growing
from small_dorset import small_dorset


class LeftError(Exception):
    """Somebody looks at something else."""


def never() -> None:
    """Check nothing."""


def compared(study: Growing, line: under_test.Line, draws: int) -> ps.Comparison:
    both = (study.baseline.scenario, line.scenario)
    request = [Request(each.title, None, each) for each in both]
    against = Against(request, [changes(*both)], services=set(both[0].services), draws=draws)
    found = study.study(draws, [line], seconds=0.0)
    against.take(found.runs[0])
    against.take(study.runs(line, draws))
    return against.comparison(found)


@pytest.fixture(scope="module")
def option() -> ps.Scenario:
    return small_dorset().change(
        "Better", {"services.mhtr.referral": 0.5, "hazard.homeless_ratio": 1.3}
    )


def test_the_first_states_are_those_of_a_comparison_to_the_last_bit(option):
    study = Growing(small_dorset(), workers=2)
    line = study.line(option)
    for draws in (3, 4, 9):  # by turns, and with new room
        study.grow(study.baseline, draws, check=never)
        study.grow(line, draws, check=never)
    for draws in (4, 9):
        mine = compared(study, line, draws)
        whole = ps.compare(small_dorset(), option, draws=draws, replications=2)
        numbers = whole.table().select_dtypes("number").columns
        ours, theirs = (each.table()[numbers].to_numpy() for each in (mine, whole))
        assert np.array_equal(ours, theirs, equal_nan=True)
        assert np.nanmax(np.abs(whole.table()["difference"])) > 0
        assert mine.baseline.table().equals(whole.baseline.table())
        told = [dict(each.provenance) for each in (mine, whole)]
        for each in told:
            del each["elapsed_seconds"], each["finished"], each["workers"], each["scenario"]
        assert told[0] == told[1]


def test_no_state_is_simulated_twice(option, monkeypatch):
    study = Growing(small_dorset(), workers=1)
    line = study.line(option)
    seen = []
    really = under_test.simulate

    def simulate(lowered, *, seed, replication, stop):
        seen.append((id(lowered), replication))
        return really(lowered, seed=seed, replication=replication, stop=stop)

    monkeypatch.setattr(under_test, "simulate", simulate)
    for draws in (2, 4, 3):
        study.grow(line, draws, check=never)
    assert sorted(number for _, number in seen) == list(range(8))


def test_what_is_left_in_the_middle_is_kept_and_gone_on_with(option):
    study = Growing(small_dorset(), workers=1)
    line = study.line(option)
    study.grow(study.baseline, 6, check=never)
    done = []

    def leave() -> None:
        done.append(len(line.done))
        if len(line.done) == 2:
            raise LeftError

    with pytest.raises(LeftError):
        study.grow(line, 6, check=leave)
    assert len(line.done) == 2
    study.grow(line, 6, check=never)
    whole = ps.compare(small_dorset(), option, draws=6, replications=2)
    mine = compared(study, line, 6)
    assert mine.options[0].everybody["reoffences_total"].tolist() == (
        whole.options[0].everybody["reoffences_total"].tolist()
    )


def test_an_option_that_begins_on_a_day_has_the_figures_of_a_comparison(option):
    steps = [
        {"from_day": 50, "services.mhtr.referral": 0.5},
        {"from_day": 100, "hazard.homeless_ratio": 1.3},
    ]
    dated = small_dorset().change("Later", {"phases": steps})
    study = Growing(small_dorset(), workers=2)
    line = study.line(dated)
    for each in (study.baseline, line):
        study.grow(each, 4, check=never)
    mine = compared(study, line, 4)
    whole = ps.compare(small_dorset(), dated, draws=4, replications=2)
    numbers = whole.table().select_dtypes("number").columns
    ours, theirs = (each.table()[numbers].to_numpy() for each in (mine, whole))
    assert np.array_equal(ours, theirs, equal_nan=True)
    assert np.nanmax(np.abs(whole.table()["difference"])) > 0
