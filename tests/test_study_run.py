"""All replications of all scenarios: the same bits on any number of threads; interrupts."""

import threading

import numpy as np
import pytest

import pathsim as ps
from pathsim.engine.contract import OutcomeColumn
from pathsim.engine.lowering import lower
from pathsim.engine.run import simulate
from pathsim.study.plan import make_plan
from pathsim.study.run import event_log, run_study
from small_scenario import write_scenarios

ARRAYS = ("person", "load", "busy_days", "queue_days", "events")


@pytest.fixture
def scenarios(tmp_path):
    folder = write_scenarios(tmp_path)
    return [ps.load(folder / "baseline.toml"), ps.load(folder / "more.toml")]


def plan(**changed):
    asked = {"replications": 7, "seed": 3, "workers": 2, "engine": "kernel"}
    return make_plan(**(asked | changed), least_replications=1)


def same_bits(one, other):
    return all(
        getattr(a, name).tobytes() == getattr(b, name).tobytes()
        for a, b in zip(one.runs, other.runs, strict=True)
        for name in ARRAYS
    )


def test_one_two_and_three_workers_give_the_same_bits(scenarios):
    one, two, three = (run_study(scenarios, plan=plan(workers=n)) for n in (1, 2, 3))
    assert same_bits(one, two)
    assert same_bits(one, three)


def test_another_seed_gives_other_bits(scenarios):
    assert not same_bits(run_study(scenarios, plan=plan()), run_study(scenarios, plan=plan(seed=4)))


def test_results_stand_by_scenario_and_replication(scenarios):
    study = run_study(scenarios, plan=plan(workers=3))
    for scenario, runs in zip(scenarios, study.runs, strict=True):
        lowered = lower(scenario, ps.Cohort.from_scenario(scenario))
        for replication in (0, 6):
            counts, _ = simulate(lowered, seed=3, replication=replication)
            assert np.array_equal(runs.person[replication], counts.person)
            assert np.array_equal(runs.load[replication], counts.load)


def test_more_replications_begin_with_the_fewer(scenarios):
    few = run_study(scenarios, plan=plan(replications=3)).runs[1]
    many = run_study(scenarios, plan=plan(replications=5)).runs[1]
    assert np.array_equal(many.person[:3], few.person)


def test_progress_is_told_from_nothing_to_all(scenarios):
    told = []
    run_study(scenarios, plan=plan(), progress=lambda *step: told.append(step))
    assert told == [(done, 14) for done in range(15)]


def test_an_interrupt_cancels_what_has_not_begun_and_is_passed_on(scenarios, monkeypatch):
    told, begun = [], []

    def watched(*args, **kwargs):
        begun.append(kwargs["replication"])
        return simulate(*args, **kwargs)

    monkeypatch.setattr("pathsim.study.run.simulate", watched)

    def interrupt(done, _total):
        told.append(done)
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_study(scenarios, plan=plan(replications=5000), progress=interrupt)
    assert told == [0, 1, 2]
    assert len(begun) < 5000
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("pathsim")]


def test_one_cohort_may_be_followed_in_all_scenarios(scenarios):
    frame = ps.Cohort.from_scenario(scenarios[0]).frame.head(30)
    cohort = ps.Cohort.from_frame(frame)
    with pytest.warns(ps.InputWarning, match="places .* of 100 people, and 30 are followed"):
        study = run_study(scenarios, plan=plan(), cohort=cohort)
    assert [runs.person[0, 0, OutcomeColumn.PEOPLE] for runs in study.runs] == [30, 30]


def test_an_option_that_changes_the_cohort_is_followed_in_its_own(scenarios):
    fewer = scenarios[0].change("Fewer", {"cohort.rows": [{"people": 5, "disposal": "fine"}]})
    with pytest.warns(ps.InputWarning, match="places .* of 100 people, and 5 are followed"):
        study = run_study([scenarios[0], fewer], plan=plan())
    assert [runs.person[0, 0, OutcomeColumn.PEOPLE] for runs in study.runs] == [100, 5]


def test_the_event_log_is_in_order_and_of_its_replication(scenarios):
    log = event_log(scenarios[0], plan=plan(), replication=2)
    assert list(log.columns) == ["replication", "person", "time", "event", "detail"]
    assert log["time"].is_monotonic_increasing
    assert set(log["replication"]) == {2}
    assert (log["event"] == "end").sum() == 100


def test_both_engines_count_alike(scenarios):
    kernel = run_study(scenarios, plan=plan(replications=2)).runs
    reference = run_study(scenarios, plan=plan(replications=2, engine="reference")).runs
    for a, b in zip(kernel, reference, strict=True):
        np.testing.assert_allclose(a.person, b.person, rtol=1e-9)
        np.testing.assert_allclose(a.load, b.load, rtol=1e-9)
