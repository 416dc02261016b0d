"""Runs are told in order as soon as they are done, and dropped; what is told is what was kept."""

from __future__ import annotations

from dataclasses import fields, replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import pathsim as ps
from pathsim.study import finished
from pathsim.study.finished import Finished, at_once
from pathsim.study.plan import Plan
from pathsim.study.run import run_study
from pathsim.study.threads import do_all
from small_scenario import write_scenarios

PLAN = Plan(replications=10, seed=3, workers=2, engine="kernel")


class Subjects:
    """Stand for what is simulated: scenarios, some of them again from a day on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *scenarios: list[float]) -> None:
        self.all: list[Any] = [
            SimpleNamespace(
                number=number, from_day=day, scenario=None, central=None, lowered=days, counted=None
            )
            for number, days in enumerate(scenarios)
            for day in (0.0, *days)
        ]
        monkeypatch.setattr(finished, "first_days", lambda days: [0.0, *days])
        monkeypatch.setattr(finished, "later_days", lambda person: person)
        monkeypatch.setattr(finished, "empty", lambda *_: runs_of(-1.0))


def runs_of(person: float) -> Any:
    known: dict[str, Any] = dict.fromkeys(field.name for field in fields(finished.ScenarioRuns))
    return finished.ScenarioRuns(**known | {"person": person, "pools": (), "saved_from": ()})


def test_scenarios_are_told_in_their_order_when_all_of_their_replications_are_done(monkeypatch):
    subjects = Subjects(monkeypatch, [], [], [])
    told: list[Any] = []
    found = Finished(subjects.all, PLAN, told.append, {})
    rooms = [found.room(number) for number in range(3)]
    found.more(1, 10)
    found.more(0, 6)
    assert told == []
    found.more(0, 4)
    assert len(told) == 2
    assert told[0] is rooms[0]
    found.more(2, 10)
    assert len(told) == 3
    assert found.kept == (rooms[0],), "the first is kept"
    with pytest.raises(KeyError):
        found.room(1)


def test_days_saved_are_the_baselines_less_the_options_from_each_day_on(monkeypatch):
    subjects = Subjects(monkeypatch, [30.0, 60.0], [30.0, 60.0], [60.0])
    found = Finished(subjects.all, PLAN, None, {})
    for number, days in enumerate((0.0, 100.0, 50.0, 0.0, 90.0, 30.0, 0.0, 45.0)):
        found._room[number] = runs_of(days)
    for number in range(8):
        found.more(number, 10)
    assert [each.saved_from for each in found.kept] == [
        (),
        ((1, 10.0), (2, 20.0)),
        ((1, 5.0),),
    ]


def test_two_scenarios_with_their_splits_are_kept_at_once_beside_the_first(monkeypatch):
    subjects = Subjects(monkeypatch, [30.0], [], [30.0, 60.0]).all
    assert at_once(subjects, None) is None
    assert at_once(subjects, lambda _: None) == 6


def test_what_is_told_is_what_would_be_kept(tmp_path):
    folder = write_scenarios(tmp_path)
    scenarios = [ps.load(folder / f"{name}.toml") for name in ("baseline", "more")]
    plan = replace(PLAN, replications=30)
    told: list[Any] = []
    study = run_study(scenarios, plan=plan, take=told.append)
    whole = run_study(scenarios, plan=plan)
    assert len(study.runs) == 1
    assert len(told) == len(whole.runs) == 2
    for one, other in zip(told, whole.runs, strict=True):
        assert np.array_equal(one.person, other.person)
        assert np.array_equal(one.load, other.load)


def test_an_error_of_who_is_told_ends_the_study(tmp_path):
    folder = write_scenarios(tmp_path)
    scenarios = [ps.load(folder / f"{name}.toml") for name in ("baseline", "more")]

    def fails(_: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_study(scenarios, plan=PLAN, take=fails)


@pytest.mark.parametrize("ahead", [1, 3])
def test_so_many_jobs_at_most_are_begun_before_their_results_are_told(ahead):
    begun: list[int] = []
    most: list[int] = []
    told: list[int] = []

    def job(number: int) -> Any:
        return lambda _stop: begun.append(number)

    def done(number: int, _: Any) -> None:
        told.append(number)
        most.append(len(begun) - len(told) + 1)

    do_all(map(job, range(12)), workers=2, done=done, ahead=ahead)
    assert sorted(told) == list(range(12))
    assert max(most) <= ahead
