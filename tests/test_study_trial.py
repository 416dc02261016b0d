"""When a trial follows people before a run, whom it follows, and what it says: figures by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import pathsim as ps
from pathsim.engine.contract import (
    MAX_EVENTS,
    N_OUTCOME_COLUMNS,
    Disposal,
    OutcomeColumn,
    RanAway,
    Why,
)
from pathsim.engine.lowering import Lowered, lower
from pathsim.engine.places import NO_LIMIT
from pathsim.errors import InputError, Problem
from pathsim.study import trial
from textbook import case, service

NAN = math.nan


def scenario(*, days: float = 365.0, waiting: float = 182.0, **more: Any) -> Any:
    follow_up = SimpleNamespace(
        days=SimpleNamespace(value=days), waiting_days=SimpleNamespace(value=waiting)
    )
    return SimpleNamespace(follow_up=follow_up, **more)


class Asked:
    """Stands for the engine: notes what it is asked to follow, and ends as it is told."""

    def __init__(self, ends_with: BaseException | None = None) -> None:
        self.ends_with = ends_with
        self.followed: list[Any] = []
        self.person = np.zeros((1, N_OUTCOME_COLUMNS))
        self.person[0, OutcomeColumn.PEOPLE] = 1.0

    def __call__(self, lowered: Any, *, seed: int, replication: int, stop: object) -> Any:
        assert (seed, replication, stop is not None) == (1, 0, True)
        self.followed.append(lowered)
        if self.ends_with is not None:
            raise self.ends_with
        return SimpleNamespace(person=self.person), None


@pytest.fixture
def engine(monkeypatch):
    """Return the engine's stand-in; events and dearness are set by `at`."""
    asked = Asked()
    monkeypatch.setattr(trial, "simulate", asked)
    monkeypatch.setattr(trial, "_some_people", lambda _: "some")
    monkeypatch.setattr(trial, "_shares_places", lambda *_: False)
    monkeypatch.setattr(trial, "_far_too_often", lambda *_: None)
    return asked


def at(monkeypatch, *, events: float, dear: bool = False, members: int = 1000) -> Any:
    monkeypatch.setattr(trial, "_most_events", lambda *_: events)
    monkeypatch.setattr(trial, "_is_dear", lambda *_: dear)
    return SimpleNamespace(members=members, people=SimpleNamespace(key=[0]))


@pytest.mark.parametrize(
    ("events", "dear", "tried"),
    [(1500.0, False, False), (1500.5, False, True), (10.0, True, True), (1500.5, True, True)],
)
def test_people_are_followed_from_1500_events_on_or_where_they_are_dear(
    engine, monkeypatch, events, dear, tried
):
    trial.refuse_runaways(scenario(), at(monkeypatch, events=events, dear=dear))
    assert bool(engine.followed) is tried


@pytest.mark.parametrize(
    ("members", "events", "everybody"),
    [
        (1000, 4999.0, True),  # five million events, with an end for each
        (1000, 4999.001, False),
        (1_000_000, 9.0, True),  # ten a person
        (1_000_000, 9.5, False),
    ],
)
def test_everybody_is_followed_where_their_events_are_few_enough(
    engine, monkeypatch, members, events, everybody
):
    lowered = at(monkeypatch, events=events, dear=True, members=members)
    trial.refuse_runaways(scenario(), lowered)
    assert engine.followed == [lowered if everybody else "some"]


def ran_away(service: int = -1) -> InputError:
    error = InputError(Problem("ran away", key="hazard"), Problem("so did others"))
    error.__cause__ = RanAway(Why.EVENTS, person=0, rank=0, service=service)
    return error


@pytest.mark.parametrize(
    ("everybody", "shares", "refused"),
    [(True, True, True), (True, False, True), (False, False, True), (False, True, False)],
)
def test_a_runaway_is_refused_unless_a_few_had_places_that_more_would_share(
    engine, monkeypatch, everybody, shares, refused
):
    engine.ends_with = ran_away()
    monkeypatch.setattr(trial, "_shares_places", lambda *_: shares)
    lowered = at(monkeypatch, events=2000.0 if everybody else 1e6)
    if not refused:
        trial.refuse_runaways(scenario(), lowered)
        return
    with pytest.raises(InputError, match=r"^hazard: ran away$"):
        trial.refuse_runaways(scenario(), lowered)


def test_a_hazard_too_high_by_itself_is_told_in_its_own_figures(engine, monkeypatch):
    engine.ends_with = ran_away()
    own = Problem("would reoffend far too often", key="hazard")
    monkeypatch.setattr(trial, "_far_too_often", lambda *_: own)
    with pytest.raises(InputError, match=r"^hazard: would reoffend far too often$") as refused:
        trial.refuse_runaways(scenario(), at(monkeypatch, events=2000.0))
    assert refused.value.__cause__ is engine.ends_with


def test_what_else_an_engine_refuses_is_passed_on(engine, monkeypatch):
    engine.ends_with = InputError(Problem("is something else", key="x"))
    monkeypatch.setattr(trial, "_shares_places", lambda *_: True)
    with pytest.raises(InputError) as refused:
        trial.refuse_runaways(scenario(), at(monkeypatch, events=1e6))
    assert refused.value is engine.ends_with


def test_after_a_trial_the_largest_mean_of_any_group_must_fit_into_the_sums(engine, monkeypatch):
    checked = []
    monkeypatch.setattr(trial, "check_people", lambda *a, **k: checked.append((*a, k)))
    engine.person = np.zeros((4, N_OUTCOME_COLUMNS))
    engine.person[:, OutcomeColumn.PEOPLE] = 1.0, 2.0, 4.0, 0.0  # nobody in the last group
    engine.person[:, OutcomeColumn.REOFFENCES] = 0.5, 10.0, 12.0, 0.0
    lowered = at(monkeypatch, events=2000.0)
    lowered.people.key = [1, 2, 3]
    trial.refuse_runaways(scenario(), lowered)
    ((means, more),) = checked
    assert more == {"people": 3}
    assert means[OutcomeColumn.REOFFENCES] == 5.0
    assert means[OutcomeColumn.PEOPLE] == 1.0


# How many events, and what they cost


def model(**tables: Any) -> Any:
    rules = {"frailty_sigma": np.zeros(1), "presumption_ratio": np.ones(1)}
    services = {"ratio": np.ones((1, 1)), "after_ratio": np.ones((1, 1))}
    plain = {
        "rules": rules,
        "services": services,
        "profile_ratio": np.ones(1),
        "legal_ratio": np.ones(1),
        "home_ratio": np.ones(1),
        "breach_rate": np.zeros(2),
        "recall_rate": np.zeros(2),
        "home_rate": np.zeros(2),
        "index_ratio": np.ones((2, 6, 3)),
        "offences_mean": np.ones(2),
        "further_cost": np.zeros(2),
        "curfew_day": np.zeros(2),
        "disposal_cost": np.zeros(2),
    }
    people = SimpleNamespace(
        sentence_days=np.array([0.0, 30.0]), base_hazard=np.array([0.5, 0.25]), key=[0, 1]
    )
    return SimpleNamespace(tables=SimpleNamespace(**plain | tables), people=people)


def stays(*houses: tuple[bool, float]) -> list[Any]:
    services = {
        str(k): SimpleNamespace(houses=does, duration_days=SimpleNamespace(expected=lambda d=d: d))
        for k, (does, d) in enumerate(houses)
    }
    return [SimpleNamespace(services=services)]


def test_a_sentence_that_is_drawn_is_taken_to_be_a_thousand_days():
    lowered: Any = SimpleNamespace(people=SimpleNamespace(sentence_days=np.array([0.0, 30.0, NAN])))
    found = trial._longest_days(scenario(days=365.0, waiting=100.0), lowered)
    assert found.tolist() == [465.0, 495.0, 1465.0]


def test_events_are_reoffences_over_the_days_and_all_that_comes_at_a_rate():
    lowered = model(
        legal_ratio=np.array([1.0, 3.0]),
        breach_rate=np.array([0.25, 2.0]),
        recall_rate=np.array([4.0, 0.25]),
        home_rate=np.array([0.25, 8.0]),
    )
    plain = scenario(days=60.0, waiting=10.0, regimes=stays((False, 4.0)))
    reoffences = 0.5 * 70.0 * 3.0  # more than 0.25 over 100 days
    assert trial._most_events(plain, lowered) == reoffences + 14.0 * 100.0
    housed = scenario(days=60.0, waiting=10.0, regimes=stays((True, 4.0), (True, 2.0)))
    assert trial._most_events(housed, lowered) == reoffences + 14.75 * 100.0


def dear() -> tuple[Any, Any]:
    """Return a case in which everybody may cost 2 x 23 + 42 x 3 pounds or have a severity of 33."""
    services = {
        "ratio": np.ones((1, 2)),
        "after_ratio": np.ones((1, 2)),
        "per_day": np.array([4.0, 5.0]),
        "per_referral": np.array([1.0, 2.0]),
        "per_start": np.array([3.0, 5.0]),
        "per_completion": np.array([7.0, 1.0]),
    }
    lowered = model(
        services=services,
        status_day=np.array([1.0, 12.0]),
        homeless_day=np.array([0.5, 2.0]),
        reoffence_cost=np.array([1.0, 11.0]),
        conviction_cost=np.array([1.0, 7.0]),
        caution_cost=np.array([1.0, 3.0]),
        breach_cost=np.array([0.5, 2.0]),
        severity=np.array([1.0, 11.0]),
    )
    lowered.people.sentence_days = np.array([0.5, 0.0])
    return scenario(days=1.0, waiting=0.5), lowered


def test_people_are_dear_where_ten_times_what_they_cost_may_not_fit_into_a_sum(monkeypatch):
    asked, lowered = dear()
    pounds = 2.0 * (12 + 2 + 9) + (11 + 7 + 3 + 2 + 3 + 8 + 8) * 3.0
    most = 10.0 * pounds * 2.0**18 * len(lowered.people.key)
    monkeypatch.setattr(trial, "LARGEST_SUM", most)
    assert not trial._is_dear(asked, lowered, 2.0)
    monkeypatch.setattr(trial, "LARGEST_SUM", most - 1.0)
    assert trial._is_dear(asked, lowered, 2.0)


def test_further_offences_cost_and_weigh_as_often_as_there_are_on_average(monkeypatch):
    asked, lowered = dear()
    lowered.tables.offences_mean = np.array([1.0, 2.5])
    lowered.tables.further_cost = np.array([100.0, 1000.0])
    pounds = 2.0 * (12 + 2 + 9) + (11 + 7 + 3 + 2 + 3 + 8 + 8 + 1.5 * 1000.0) * 3.0
    most = 10.0 * pounds * 2.0**18 * len(lowered.people.key)
    monkeypatch.setattr(trial, "LARGEST_SUM", most)
    assert not trial._is_dear(asked, lowered, 2.0)
    monkeypatch.setattr(trial, "LARGEST_SUM", most - 1.0)
    assert trial._is_dear(asked, lowered, 2.0)
    asked, lowered = dear()
    lowered.tables.offences_mean = np.array([2.0, 1.0])
    lowered.tables.severity = np.array([1.0, 1000.0])
    monkeypatch.setattr(trial, "LARGEST_SUM", 10.0 * 2000.0 * 3.0 * 2.0**20 * 2)
    assert not trial._is_dear(asked, lowered, 2.0)
    monkeypatch.setattr(trial, "LARGEST_SUM", 10.0 * 2000.0 * 3.0 * 2.0**20 * 2 - 1.0)
    assert trial._is_dear(asked, lowered, 2.0)


def test_the_highest_multipliers_of_index_events_are_in_the_highest_ratio():
    table = np.ones((2, 6, 3))
    table[0, 3, 1], table[1, 4, 2], table[0, 2, 0] = 4.0, 3.0, 0.5
    plain = trial._highest_ratio(model().tables)
    assert trial._highest_ratio(model(index_ratio=table).tables) == 12.0 * plain


def test_people_are_dear_by_their_severity_too(monkeypatch):
    asked, lowered = dear()
    lowered.tables.severity = np.array([1.0, 1000.0])
    most = 10.0 * 1000.0 * 3.0 * 2.0**20 * len(lowered.people.key)
    monkeypatch.setattr(trial, "LARGEST_SUM", most)
    assert not trial._is_dear(asked, lowered, 2.0)
    monkeypatch.setattr(trial, "LARGEST_SUM", most - 1.0)
    assert trial._is_dear(asked, lowered, 2.0)


def test_the_frailty_is_that_of_one_standard_deviation_and_a_presumption_counts_if_it_raises():
    lowered = model(profile_ratio=np.array([0.1, 0.5]))
    lowered.tables.rules["frailty_sigma"] = np.array([0.0, math.log(2.0)])
    assert trial._highest_ratio(lowered.tables) == pytest.approx(0.5 * 2.0)
    lowered.tables.rules["presumption_ratio"] = np.array([1.0, 1.5])
    assert trial._highest_ratio(lowered.tables) == pytest.approx(0.5 * 2.0 * 1.5)
    lowered.tables.rules["presumption_ratio"] = np.array([0.5, 0.5])
    assert trial._highest_ratio(lowered.tables) == pytest.approx(0.5 * 2.0)


def test_of_each_service_the_highest_ratio_of_any_time_counts():
    services = {
        "ratio": np.array([[0.5, 3.0, 1.0], [2.0, 4.0, 0.1], [0.25, 0.5, 0.1]]),
        "after_ratio": np.array([[1.0, 0.2, 0.5], [1.0, 5.0, 0.5], [0.5, 0.1, 0.25]]),
    }
    assert trial._highest_ratio(model(services=services).tables) == 2.0 * 4.0 * 5.0


# Whom a trial follows, and what it says


def lowered_case() -> Lowered:
    rows = [{"people": 5}, {"people": 2, "disposal": "fine"}, {"disposal": "caution"}]
    made = case(*rows, services={"tag": service(capacity=1), "free": service()})
    return lower(made, ps.Cohort.from_scenario(made))


def test_a_trial_follows_the_three_of_each_disposal_who_reoffend_most_and_enter():
    lowered = lowered_case()
    hazard = np.array([0.3, 0.9, 0.3, 0.5, 0.7, 0.1, 0.2, 0.4])
    enters = np.array([True, False, *[True] * 6])
    eligible = np.arange(8, dtype=lowered.people.eligible.dtype)[None]
    people = lowered.people._replace(base_hazard=hazard, enters=enters, eligible=eligible)
    some = trial._some_people(replace(lowered, people=people))
    assert some.ids.tolist() == lowered.ids[[0, 3, 4, 5, 6, 7]].tolist()  # 0 comes before 2, alike
    assert some.people.base_hazard.tolist() == [0.3, 0.5, 0.7, 0.1, 0.2, 0.4]
    assert some.people.eligible.tolist() == [[0, 3, 4, 5, 6, 7]]
    kinds = [*[Disposal.DISCHARGE] * 3, *[Disposal.FINE] * 2, Disposal.CAUTION]
    assert some.people.disposal.tolist() == kinds


def test_of_many_alike_a_trial_follows_those_who_come_first():
    made = case({"people": 100})
    lowered = lower(made, ps.Cohort.from_scenario(made))
    hazard = np.tile([0.1, 0.3], 50)
    people = lowered.people._replace(base_hazard=hazard)
    some = trial._some_people(replace(lowered, people=people))
    assert some.ids.tolist() == lowered.ids[[1, 3, 5]].tolist()


@pytest.mark.parametrize(
    ("pool", "capacity", "shares"),
    [
        ([0], [[3]], True),
        ([0], [[NO_LIMIT - 1]], True),
        ([0], [[NO_LIMIT]], False),
        ([-1], [[3]], False),
        ([-1, 0], [[NO_LIMIT], [3]], True),  # places from a day on
        ([1, 1], [[3, NO_LIMIT], [3, NO_LIMIT]], False),
        ([1, 1], [[NO_LIMIT, NO_LIMIT], [NO_LIMIT, 4]], True),
    ],
)
def test_places_are_shared_where_their_number_has_a_limit_at_any_time(pool, capacity, shares):
    tables = SimpleNamespace(
        services={"pool": np.array([[-1, each] for each in pool])},
        pool_capacity=np.array(capacity),
    )
    lowered: Any = SimpleNamespace(tables=tables)
    runaway = RanAway(Why.EVENTS, person=0, rank=0, service=1)
    assert trial._shares_places(runaway, lowered) is shares
    without = RanAway(Why.EVENTS, person=0, rank=0, service=0)
    assert trial._shares_places(without, lowered) is False
    of_none = RanAway(Why.EVENTS, person=0, rank=0)  # the last service has places
    assert trial._shares_places(of_none, lowered) is False


def test_places_of_the_first_service_are_shared_as_those_of_any():
    tables = SimpleNamespace(services={"pool": np.array([[0, -1]])}, pool_capacity=np.array([[1]]))
    runaway = RanAway(Why.EVENTS, person=0, rank=0, service=0)
    lowered: Any = SimpleNamespace(tables=tables)
    assert trial._shares_places(runaway, lowered) is True


def steps(from_days: list[float], ratios: list[float]) -> Any:
    return SimpleNamespace(shape=SimpleNamespace(from_days=from_days, ratios=ratios))


@pytest.mark.parametrize(
    ("days", "area"),
    [(5.0, 10.0), (10.0, 20.0), (15.0, 35.0), (20.0, 50.0), (30.0, 55.0)],
)
def test_the_integral_of_the_hazards_shape_is_that_of_its_steps(days, area):
    hazard = steps([0.0, 10.0, 20.0], [2.0, 3.0, 0.5])
    assert trial._integral(scenario(hazard=hazard), days) == area


def told(hazard: float, why: Why = Why.EVENTS) -> Problem | None:
    asked = scenario(days=300.0, waiting=100.0, hazard=steps([0.0], [0.5]))
    people = SimpleNamespace(base_hazard=np.array([0.1, hazard, 0.2]))
    some: Any = SimpleNamespace(people=people, ids=["a", "b", "c"])
    return trial._far_too_often(RanAway(why, person=0, rank=0), asked, some)


def test_a_hazard_that_is_far_too_high_says_whose_and_how_often():
    often = 2.5 * MAX_EVENTS
    problem = told(often / 200.0)
    assert problem is not None
    assert (problem.key, problem.allowed) == ("hazard", f"at most {MAX_EVENTS:,} times")
    assert problem.message == (
        f"person 'b' would reoffend {often / 400:,.6g} times a day, {often:,.0f} times in the "
        "400 days of the follow-up"
    )


def test_a_hazard_that_is_not_too_high_by_itself_says_nothing():
    assert told(MAX_EVENTS / 200.0) is None
    assert told(1.001 * MAX_EVENTS / 200.0) is not None
    assert told(math.inf) is None
    assert told(10.0 * MAX_EVENTS, Why.SPELLS) is None
