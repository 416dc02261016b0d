"""A study in states of the world: the same bits, however it is run, and the published rates."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import pathsim as ps
from pathsim.engine.contract import OutcomeColumn
from pathsim.engine.lowering import lower, lower_again
from pathsim.engine.run import simulate
from pathsim.scenario.doubt import with_values
from pathsim.study.plan import make_plan
from pathsim.study.resolve import resolved
from pathsim.study.run import run_study
from pathsim.study.states import States, sample_beside
from pathsim.study.subject import Subject
from small_dorset import small_dorset

SAME = ("person", "load", "busy_days", "queue_days", "held", "place_cost", "custody_day")
PILOTS = 4
STATES_OF_A_TEST = 16
LEFT = 0.75
"""Of what states move the rate, at most so much is left after solving, with the luck of pilots."""


@pytest.fixture(scope="module")
def small():
    return small_dorset()


@pytest.fixture(scope="module")
def more(small):
    return small.change("More", {"services.gps_tag.capacity": 30})


def plan(**said):
    said = {"replications": 2, "seed": 5, "workers": 2, "engine": "kernel", "draws": 4} | said
    return make_plan(**said)


@pytest.fixture(scope="module")
def study(small, more):
    return run_study([small, more], plan=plan())


def assert_same(one, other, *, first=None):
    for ours, theirs in zip(one.runs, other.runs, strict=True):
        for name in SAME:
            assert np.array_equal(getattr(ours, name)[:first], getattr(theirs, name)[:first]), name


def test_workers_change_no_bit(small, more, study):
    assert_same(study, run_study([small, more], plan=plan(workers=1)))


def test_more_states_leave_the_first_as_they_are(small, more, study):
    assert_same(study, run_study([small, more], plan=plan(draws=6)), first=8)


def test_another_option_leaves_the_others_as_they_are(small, more, study):
    other = small.change("Other", {"services.mhtr.capacity": 30})
    three = run_study([small, more, other], plan=plan())
    assert_same(study, replace(three, runs=three.runs[:2]))


def test_the_reference_engine_has_the_same_states(small, more, study):
    few = run_study([small, more], plan=plan(engine="reference", draws=2))
    assert_same(study, few, first=4)


def test_the_replications_of_a_state_have_its_prices_and_places(study):
    prices = study.runs[0].custody_day.sum(axis=(1, 2)).reshape(4, 2)
    assert np.array_equal(prices[:, 0], prices[:, 1])
    places = study.runs[0].place_cost.sum(axis=1).reshape(4, 2)
    assert np.array_equal(places[:, 0], places[:, 1])
    assert len(np.unique(places[:, 0])) == 4


def test_what_is_done_is_told_with_the_pilots(small):
    told = []
    run_study([small], plan=plan(draws=2), progress=lambda *each: told.append(each))
    total = 2 * 2 + (6 + 2) * PILOTS
    assert told == [(done, total) for done in range(total + 1)]


def test_a_scenario_drawn_at_its_medians_is_the_scenario_itself(small):
    cohort = ps.Cohort.from_scenario(small)
    lowered = lower(small, cohort)
    states = States(draws=2, seed=1)
    medians = {path: 0.0 * values for path, values in states.values(small).items()}
    assert medians
    again = lower_again(lowered, small, cohort)
    for name, table in lowered.tables._asdict().items():
        assert np.array_equal(table, getattr(again.tables, name), equal_nan=table.dtype.kind == "f")
    assert np.array_equal(lowered.people.base_hazard, again.people.base_hazard)


def test_a_state_is_the_scenario_with_its_values(small):
    cohort = ps.Cohort.from_scenario(small)
    states = States(draws=2, seed=1)
    told = {".".join(path): float(values[1]) for path, values in states.values(small).items()}
    changed = lower(small.change("Told", told), cohort)
    drawn = lower_again(lower(small, cohort), states.drawn(small, 1), cohort)
    for name, table in changed.tables._asdict().items():
        assert np.array_equal(table, getattr(drawn.tables, name), equal_nan=table.dtype.kind == "f")
    assert np.array_equal(changed.people.base_hazard, drawn.people.base_hazard)
    assert np.array_equal(changed.place_cost, drawn.place_cost)


def rate(scenario, lowered, cohort):
    again = lower_again(lowered, scenario, cohort)
    people = [simulate(again, seed=1, replication=k)[0].person[0] for k in range(PILOTS)]
    row = np.sum(people, axis=0)
    return row[OutcomeColumn.REOFFENDERS] / row[OutcomeColumn.INDEX_EVENTS]


def test_every_state_tells_the_rate_that_its_row_of_the_sample_has():
    dorset = ps.load("dorset/baseline")
    cohort = ps.Cohort.from_scenario(dorset)
    lowered = lower(dorset, cohort)
    states = States(draws=STATES_OF_A_TEST, seed=1, posterior=sample_beside(dorset))
    solved = resolved(states, Subject(dorset, cohort, lowered), workers=2)
    fitted = {each.path for each in states.of(dorset).together}
    off = np.empty((STATES_OF_A_TEST, 2))
    for draw in range(STATES_OF_A_TEST):
        alone = {path: values[draw] for path, values in states.values(dorset).items()}
        row = {path: value for path, value in alone.items() if path in fitted}
        said = rate(with_values(dorset, row), lowered, cohort)
        for column, which in enumerate((states, solved)):
            off[draw, column] = rate(which.drawn(dorset, draw), lowered, cohort) - said
    drift, left = off.std(axis=0)
    assert drift > 0.003
    assert left < LEFT * drift
