"""Batches, pools, what a run keeps, levels, posteriors and people of a study: one by one."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import pathsim as ps
from pathsim.engine.contract import (
    N_OUTCOME_COLUMNS,
    N_PAYERS,
    N_SERVICE_COUNTS,
    Counts,
    OutcomeColumn,
)
from pathsim.engine.lowering import Lowered, lower
from pathsim.errors import EngineError, InputError, InputWarning
from pathsim.study import calibrate, chunks, drawable, prepare
from pathsim.study import run as study
from pathsim.study import runs as kept
from pathsim.study.calibration import Posterior, read_posterior
from pathsim.study.plan import Plan
from small_scenario import write_scenarios

PLAN = Plan(replications=40, seed=3, workers=2, engine="kernel")


@pytest.fixture
def baseline(tmp_path):
    return ps.load(write_scenarios(tmp_path) / "baseline.toml")


@pytest.mark.parametrize(
    ("replications", "workers", "people", "sizes"),
    [
        (40, 2, 100, [5] * 8),  # all workers have four batches
        (41, 2, 100, [6] * 6 + [5]),
        (40, 1, 49_999, [3] * 13 + [1]),  # a hundred thousand people at once
        (40, 1, 99_998, [2] * 20),
        (40, 1, 100_000, [1] * 40),
        (2, 8, 0, [1, 1]),
    ],
)
def test_batches_are_few_people_and_enough_for_all_workers(replications, workers, people, sizes):
    plan = replace(PLAN, replications=replications, workers=workers)
    batches = list(chunks.batches(plan, people=people, alike=False))
    assert [len(each) for each in batches] == sizes
    assert [k for each in batches for k in each] == list(range(replications))


def test_pools_are_those_in_order_that_some_service_shares():
    def regime(from_day: float | None, **pools: str) -> Any:
        services = {name: SimpleNamespace(pool=pool) for name, pool in pools.items()}
        window = SimpleNamespace(value=365.0)
        return SimpleNamespace(
            from_day=from_day,
            services=services,
            pools={"z": 1, "y": 1, "empty": 1},
            follow_up=SimpleNamespace(intake_days=window),
        )

    def pools_of(*regimes: Any) -> Any:
        scenario: Any = SimpleNamespace(regimes=regimes)
        return kept._pools(scenario)

    base = regime(None, c="z", a="z", b="y", d="")
    assert pools_of(base) == (("y", ("b",)), ("z", ("a", "c")))
    assert pools_of(base, regime(364.5, c="z")) == (("z", ("c",)),)
    assert pools_of(base, regime(365.0, c="z")) == pools_of(base)
    assert pools_of(base, regime(0.0, c="y"), regime(400.0, c="z")) == (("y", ("c",)),)


def counts(lowered: Lowered, *, held: list[float]) -> Counts:
    groups, services = len(lowered.groups), len(lowered.services)
    return Counts(
        person=np.full((groups, N_OUTCOME_COLUMNS), 1.0),
        load=np.full((groups, services, N_SERVICE_COUNTS), 2.0),
        busy_days=np.full(services, 3.0),
        queue_days=np.full(services, 4.0),
        in_custody=np.array(held),
        events=5,
    )


def test_of_a_replication_it_is_kept_who_was_in_custody_and_what_nights_elsewhere_cost(baseline):
    lowered = lower(baseline, ps.Cohort.from_scenario(baseline))
    price = np.arange(N_PAYERS, dtype=np.float64)[None]
    lowered = replace(lowered, custody_places=np.array([6.0]), elsewhere_night=price)
    runs = kept.empty(baseline, lowered, replace(PLAN, replications=2))
    kept.store(runs, 1, counts(lowered, held=[2.0, 8.0, 9.0, 5.0]), lowered)
    assert runs.held.tolist() == [[0.0] * 5, [6.0, 9.0, 2.0, 5.0, 2.0 + 3.0]]
    assert runs.elsewhere_cost[1].tolist() == (5.0 * price[0]).tolist()
    assert (runs.person[1] == 1.0).all()
    assert (runs.load[1] == 2.0).all()
    assert (runs.busy_days[1], runs.queue_days[1], runs.events[1]) == (3.0, 4.0, 5)
    assert not runs.person[0].any()
    assert runs.events.dtype == np.int64


def test_a_run_has_room_for_all_and_the_prices_of_each_regime(baseline):
    prices = {"costs.custody_day_gbp": {"hmpps": 7.0}, "custody.refill_share": 0.25}
    later = baseline.change("Later", prices, from_day=100)
    lowered = lower(later, ps.Cohort.from_scenario(later))
    runs = kept.empty(later, lowered, PLAN)
    kept.store(runs, 7, counts(lowered, held=[0.0]), lowered)
    groups = len(lowered.groups)
    assert runs.person.shape == (40, groups, N_OUTCOME_COLUMNS)
    assert runs.load.shape == (40, groups, 1, N_SERVICE_COUNTS)
    assert runs.elsewhere_cost.shape == (40, N_PAYERS)
    assert runs.held.shape == (40, 5)
    assert runs.custody_day.shape == runs.custody_average_day.shape == (40, 2, N_PAYERS)
    assert runs.custody_day[7].sum(axis=1).tolist() == [0.0, 7.0]
    assert np.isnan(runs.custody_average_day[7]).all()
    assert runs.refill_share[7].tolist() == [0.0, 0.25]
    assert (runs.intake_days, runs.services, runs.pools) == (365.0, ("mentor",), ())
    assert runs.place_cost.shape == (40, N_PAYERS)
    assert runs.capacity_days[6:8].tolist() == [[0.0], [6 * 365.0]]
    shared = baseline.change(
        "Shared",
        {
            "pools": {"p": {"capacity": 3}},
            "services.mentor.pool": "p",
            "services.mentor.capacity": "unlimited",
        },
    )
    lowered = lower(shared, ps.Cohort.from_scenario(shared))
    assert kept.empty(shared, lowered, PLAN).pools == (("p", ("mentor",)),)


class Engine:
    """Stands for the engine: counts the number of the replication, and notes what it is asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[Any] = []
        monkeypatch.setattr(chunks, "simulate", self)

    def __call__(self, lowered: Any, *, replication: int, stop: Any, **more: Any) -> Any:
        assert stop is not None
        self.asked.append((lowered, replication, more))
        made = counts(lowered, held=[2.0, 8.0])
        return made._replace(events=100 + replication), None


def test_every_replication_of_every_scenario_is_asked_for_and_told(baseline, monkeypatch):
    clock = iter([5.0, 7.5])
    monkeypatch.setattr(study.time, "perf_counter", lambda: next(clock))
    engine, told = Engine(monkeypatch), []
    more = baseline.change("More", {"services.mentor.capacity": 9})
    asked_of: list[int] = []
    do_all = study.do_all

    def noted(jobs: Any, *, workers: int, done: Any, ahead: int) -> None:
        asked_of.append(workers)
        do_all(jobs, workers=1, done=done, ahead=ahead)

    monkeypatch.setattr(study, "do_all", noted)
    plan = replace(PLAN, replications=3, engine="reference", workers=4)
    found = study.run_study([baseline, more], plan=plan, progress=lambda *step: told.append(step))
    assert told == [(done, 6) for done in range(7)]
    assert [replication for _, replication, _ in engine.asked] == [0, 1, 2] * 2
    assert all(
        terms == {"seed": 3, "engine": "reference", "keep_log": False} for *_, terms in engine.asked
    )
    assert [each.events.tolist() for each in found.runs] == [[100, 101, 102]] * 2
    assert (found.plan, found.elapsed_seconds) == (plan, 2.5)
    assert (found.people_from, found.people_file) == ("", None)
    assert asked_of == [4]
    monkeypatch.setattr(study.time, "perf_counter", lambda: 0.0)
    study.run_study([baseline], plan=replace(plan, replications=1))
    assert asked_of == [4, 1]


def test_a_study_tells_the_people_of_its_first_scenario(baseline, monkeypatch):
    Engine(monkeypatch)
    frame = ps.Cohort.from_scenario(baseline).frame
    cohort = ps.Cohort.from_frame(frame)
    found = study.run_study([baseline], plan=replace(PLAN, replications=1), cohort=cohort)
    assert found.people_from == "the table"
    assert found.people_file == cohort.origin.file is not None
    nobody: Any = None
    ready = [prepare.Prepared(baseline, each, lower(baseline, cohort)) for each in (cohort, nobody)]
    monkeypatch.setattr(study, "prepare", lambda *_: ready)
    both = study.run_study([baseline] * 2, plan=replace(PLAN, replications=1))
    assert both.people_from == "the table"


def test_each_replication_has_the_parameters_of_its_own_draw(baseline, monkeypatch):
    engine = Engine(monkeypatch)
    drawn: list[Any] = []

    def with_parameters(lowered: Any, scenario: Any, values: Any) -> Any:
        drawn.append((scenario.title, values))
        return replace(lowered, ids=np.array([values["hazard.adult_level"]] * 100))

    monkeypatch.setattr(chunks, "with_parameters", with_parameters)
    posterior = Posterior(pd.DataFrame({"hazard.adult_level": [0.1, 0.2, 0.3]}))
    plan = replace(PLAN, replications=3, workers=1, posterior=posterior)
    study.run_study([baseline], plan=plan)
    assert drawn == [("Small town", values) for values in plan.parameters()]
    levels = [each["hazard.adult_level"] for each in plan.parameters()]
    assert [lowered.ids[0] for lowered, *_ in engine.asked] == levels


def test_the_log_is_asked_for_of_its_seed_and_engine(baseline, monkeypatch):
    asked: list[Any] = []

    def simulated(_lowered: Any, *, stop: Any, **more: Any) -> Any:
        asked.append(more)
        return None, None

    monkeypatch.setattr(study, "simulate", simulated)
    with pytest.raises(EngineError, match="the reference kept no log"):
        study.event_log(baseline, plan=replace(PLAN, engine="reference"), replication=4)
    with pytest.raises(EngineError, match="the kernel kept no log"):
        study.event_log(baseline, plan=PLAN)
    known = {"seed": 3, "keep_log": True}
    assert asked[0] == known | {"engine": "reference", "replication": 4}
    assert asked[1] == known | {"engine": "kernel", "replication": 0}


# Levels, posteriors and people


def test_levels_are_fitted_in_their_bracket_with_forty_replications_of_seed_1(
    monkeypatch, baseline
):
    asked: list[Any] = []

    def rate(scenario: Any, _cohort: Any, group: str, *, stop: Any, **more: Any) -> float:
        level = getattr(scenario.hazard, f"{group}_level").value
        asked.append((group, level, more))
        return level / (level + (1.0 if group == "adult" else 4.0))

    monkeypatch.setattr(calibrate, "_rate", rate)
    found = calibrate.calibrate_levels(baseline, adult_rate=0.5, youth_rate=0.75)
    assert found == pytest.approx((1.0, 12.0), rel=2e-3)
    assert {tuple(more.values()) for *_, more in asked} == {(40, 1)}
    adults = [level for group, level, _ in asked if group == "adult"]
    assert (min(adults), max(adults)) == pytest.approx((0.05, 20.0))
    assert len(adults) < 12, "to a thousandth, and no nearer"
    with pytest.raises(ValueError, match="different signs"):
        calibrate.calibrate_levels(baseline, adult_rate=0.99, youth_rate=0.75)


def test_a_rate_is_of_all_replications_together(monkeypatch):
    lowered = SimpleNamespace(groups=[("all", ""), ("age_group", "adult"), ("age_group", "youth")])
    monkeypatch.setattr(calibrate, "lower", lambda *_: lowered)
    seen: list[Any] = []

    def simulated(_lowered: Any, *, seed: int, replication: int, stop: Any) -> Any:
        seen.append((seed, replication))
        person = np.zeros((3, N_OUTCOME_COLUMNS))
        person[1, [OutcomeColumn.REOFFENDERS, OutcomeColumn.INDEX_EVENTS]] = replication, 10.0
        person[2, [OutcomeColumn.REOFFENDERS, OutcomeColumn.INDEX_EVENTS]] = 5.0, 5.0
        return SimpleNamespace(person=person), None

    monkeypatch.setattr(calibrate, "simulate", simulated)
    anything: Any = None
    given = {"replications": 4, "seed": 9, "stop": anything}
    assert calibrate._rate(anything, anything, "adult", **given) == 6 / 40
    assert calibrate._rate(anything, anything, "youth", **given) == 1.0
    assert seen[:4] == [(9, replication) for replication in range(4)]


def test_a_posterior_is_held_against_every_scenario_and_told_with_its_file(baseline, tmp_path):
    file = tmp_path / "p.csv"
    file.write_text("hazard.youth_level\n0.003\n", encoding="utf-8")
    posterior = read_posterior(file)
    nothing = baseline.change("None", {"hazard.youth_level": 0.0})
    drawable.check_posterior(None, [nothing], stacklevel=1)
    drawable.check_posterior(posterior, [baseline], stacklevel=1)
    with pytest.raises(InputError, match=r"p\.csv: hazard\.youth_level: is 0 in the scenario"):
        drawable.check_posterior(posterior, [baseline, nothing], stacklevel=1)
    made = Posterior(pd.DataFrame({"hazard.youth_level": [0.003]}))
    with pytest.raises(InputError, match=r"^hazard\.youth_level: is 0 in the scenario"):
        drawable.check_posterior(made, [nothing], stacklevel=1)


def test_what_was_unusual_before_is_not_told_of_the_posterior(baseline):
    with pytest.warns(InputWarning, match="youth_level"):
        high = baseline.change("High", {"hazard.youth_level": 0.6})
    made = Posterior(pd.DataFrame({"hazard.adult_level": [0.6, 0.6], "hazard.youth_level": 0.6}))
    with pytest.warns(InputWarning, match="adult_level: 0.6 reoffences a day is unusual") as caught:
        drawable.check_posterior(made, [high, baseline], stacklevel=1)
    assert [each.filename for each in caught] == [__file__]


def test_those_of_one_source_and_areas_are_made_once(baseline):
    fewer = baseline.change("Fewer", {"cohort.rows": [{"people": 5, "disposal": "fine"}]})
    dearer = baseline.change("Dearer", {"services.mentor.cost_per_start_gbp": 600})
    areas = baseline.change("Areas", {"areas": {"a": {"title": "A"}}})
    people = prepare.cohorts([baseline, fewer, dearer, areas])
    assert people[0] is people[2]
    assert people[3] is not people[0]
    assert [len(each) for each in people] == [100, 5, 100, 100]
    assert prepare.cohorts([baseline, fewer], people[1]) == [people[1]] * 2


def test_progress_ends_at_its_total_where_no_pilots_are_needed():
    told = []
    ps.run(ps.example(), draws=3, replications=2, progress=lambda *each: told.append(each))
    assert told[-1] == (6, 6)
