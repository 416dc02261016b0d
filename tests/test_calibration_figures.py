"""Figures of targets from counts and from logs, with stand-ins for the model: by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pathsim.engine.contract import N_OUTCOME_COLUMNS, Event, Home, Log, OutcomeColumn
from pathsim.errors import InputError
from pathsim.study.calibration import Target, measure
from pathsim.study.calibration.measure import observe, people, refuse_nobody

GROUPS = [("all", ""), ("sex", "male"), ("sex", "female")]
RATIO = "reoffences_per_reoffender"


def target(**said: Any) -> Target:
    return Target(**{"id": "x", "title": "X", "published": 0.4, "source": "a test"} | said)


def log(*rows: tuple[float, int, Event, int]) -> Log:
    time, person, event, detail = (np.array(column) for column in zip(*rows, strict=True))
    return Log(time.astype(float), person, event, detail)


def homes(*rows: tuple[float, int, Event, int]) -> Any:
    lowered: Any = SimpleNamespace(ids=["a", "b", "c"])
    return measure._Homes(lowered, log(*rows))


OUT, MOVE, IN = Event.RELEASE, Event.ACCOMMODATION, Event.CUSTODY


def test_the_housed_are_those_who_are_not_homeless_on_the_day_of_their_first_release():
    found = homes(
        (10.0, 0, OUT, 0),
        (10.0, 0, MOVE, Home.SETTLED),
        (11.0, 1, OUT, 0),
        (11.0, 1, MOVE, Home.HOMELESS),
        (12.0, 2, OUT, 0),
        (12.0, 2, MOVE, Home.TEMPORARY),
        (12.0, 3, OUT, 0),  # of another generation
        (12.0, 3, MOVE, Home.HOMELESS),
        (20.0, 1, OUT, 0),  # not the first
        (20.0, 1, MOVE, Home.SETTLED),
    )
    assert found.housed() == 2 / 3


def test_the_settled_are_counted_some_days_later_of_those_not_in_custody():
    moves = [
        (10.0, 0, OUT, 0),
        (10.0, 0, MOVE, Home.HOMELESS),
        (10.0, 1, OUT, 0),
        (10.0, 1, MOVE, Home.SETTLED),
        (10.0, 2, OUT, 0),
        (10.0, 2, MOVE, Home.SETTLED),
        (40.0, 0, MOVE, Home.SETTLED),
        (60.0, 1, IN, 0),
        (70.0, 2, MOVE, Home.TEMPORARY),
    ]
    found = homes(*moves)
    shares = [found.settled(days) for days in (0.0, 29.0, 30.0, 49.0, 50.0, 60.0)]
    assert shares == [2 / 3, 2 / 3, 1.0, 1.0, 1.0, 0.5]


def test_of_nobody_there_is_no_share():
    assert math.isnan(homes((10.0, 0, MOVE, Home.SETTLED)).housed())
    assert math.isnan(homes((10.0, 0, OUT, 0), (10.0, 0, IN, 0)).settled(5.0))


class Model:
    """Stands for the engine: reoffenders and reoffences rise with the days followed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[Any] = []
        monkeypatch.setattr(measure, "lower", lambda days, _: self.lowered(days))
        monkeypatch.setattr(measure, "_followed", lambda days, run: run.days or days)
        monkeypatch.setattr(measure, "simulate", self.simulate)

    def lowered(self, days: float) -> Any:
        return SimpleNamespace(groups=GROUPS, ids=["a", "b"], days=days)

    def simulate(self, lowered: Any, *, replication: int, **more: Any) -> Any:
        self.asked.append((lowered.days, replication, more))
        person = np.zeros((3, N_OUTCOME_COLUMNS))
        person[:, OutcomeColumn.INDEX_EVENTS] = 100.0, 60.0, 40.0
        person[:, OutcomeColumn.REOFFENDERS] = lowered.days / 10 + replication, 15.0, 10.0
        person[:, OutcomeColumn.REOFFENCES] = lowered.days / 4, 30.0, 0.0
        made = log((1.0, 0, OUT, 0), (1.0, 0, MOVE, Home.SETTLED))
        return SimpleNamespace(person=person), made if more.get("keep_log") else None


def observed(monkeypatch, *targets: Target) -> tuple[Model, list[list[float]]]:
    model = Model(monkeypatch)
    scenario: Any = 400.0  # days
    anything: Any = "stop"
    found = observe(scenario, anything, targets, seed=3, replications=(0, 2), stop=anything)
    return model, found.tolist()


def test_rates_ratios_and_early_shares_are_of_their_groups(monkeypatch):
    model, found = observed(
        monkeypatch,
        target(),
        target(groups=("sex=male",)),
        target(groups=("sex=male", "sex=female")),
        target(measure=RATIO),
        target(measure="early_share", days=100.0),
        target(measure="early_reoffences_share", days=200.0),
    )
    assert found == [
        [0.4, 0.25, 0.25, 2.5, 10 / 40, 50 / 100],
        [0.42, 0.25, 0.25, 100 / 42, 12 / 42, 50 / 100],
    ]
    assert sorted({days for days, *_ in model.asked}) == [100.0, 200.0, 400.0]
    assert all(more["seed"] == 3 and more["stop"] == "stop" for *_, more in model.asked)
    assert {more.get("keep_log", False) for *_, more in model.asked} == {False}


def test_logs_are_kept_where_a_figure_is_read_from_them(monkeypatch):
    model, found = observed(monkeypatch, target(measure="housed"), target(measure="settled"))
    assert found == [[1.0, 1.0], [1.0, 1.0]]
    assert [more["keep_log"] for *_, more in model.asked] == [True, True]


def test_what_nobody_does_is_undefined_without_a_warning(monkeypatch):
    _, found = observed(monkeypatch, target(measure=RATIO, groups=("sex=female",)))
    assert found == [[0.0], [0.0]]
    monkeypatch.setattr(
        Model, "lowered", lambda *_: SimpleNamespace(groups=GROUPS, ids=[], days=0.0)
    )
    _, found = observed(monkeypatch, target(measure="early_reoffences_share"))
    assert np.isnan(found).all()


def test_whom_a_target_is_about_is_counted():
    frame = pd.DataFrame(
        {"sex": ["male"] * 3 + ["female"], "disposal": ["custody", "fine", "custody", "fine"]}
    )

    class Cohort:
        def groups(self) -> pd.DataFrame:
            return frame

        def __len__(self) -> int:
            return 4

    cohort: Any = Cohort()
    told = {
        (): 4,
        ("sex=male",): 3,
        ("sex=male", "sex=female"): 4,
    }
    for groups, count in told.items():
        assert people(cohort, target(groups=groups)) == count
    assert people(cohort, target(measure="housed")) == 2
    refuse_nobody(cohort, [target(groups=("sex=female",))])
    nobody = [target(groups=("disposal=caution",)), target(id="y", groups=("disposal=discharge",))]
    with pytest.raises(InputError) as refused:
        refuse_nobody(cohort, [target(), *nobody])
    problems = refused.value.problems
    assert [(each.key, each.found) for each in problems] == [
        ("targets.x", "disposal=caution"),
        ("targets.y", "disposal=discharge"),
    ]


@pytest.mark.parametrize(
    ("run", "changes"),
    [
        (measure._Run(100.0), {"follow_up.days": 100.0, "follow_up.waiting_days": 447.0}),
        (measure._Run(730.0), {"follow_up.days": 730.0, "follow_up.waiting_days": 182.0}),
        (measure._Run(None, once_a_year=True), {"follow_up.clocks": "year"}),
    ],
)
def test_for_less_time_people_wait_the_longer_and_for_more_as_long(run, changes):
    seen: list[Any] = []

    class Scenario(SimpleNamespace):
        def change(self, title: str, overrides: Any) -> str:
            seen.append((title, overrides))
            return "changed"

    value = SimpleNamespace
    follow_up = value(
        days=value(value=365.0), waiting_days=value(value=182.0), counts_index_events=True
    )
    scenario: Any = Scenario(title="T", follow_up=follow_up)
    assert measure._followed(scenario, run) == "changed"
    assert seen == [("T", changes)]


def test_a_later_ratio_is_of_two_rates_and_a_share_of_everybody(monkeypatch):
    _, found = observed(
        monkeypatch,
        target(measure="later_ratio", published=2.0, days=800.0),
        target(measure="share", groups=("sex=male",)),
        target(measure="occasions_per_reoffender", groups=("sex=male",)),
    )
    assert found[0] == [2.0, 0.6, 0.0]


def test_the_homeless_are_those_without_a_home_some_days_later():
    found = homes(
        (10.0, 0, OUT, 0),
        (10.0, 0, MOVE, Home.SETTLED),
        (10.0, 1, OUT, 0),
        (10.0, 1, MOVE, Home.TEMPORARY),
        (30.0, 0, MOVE, Home.HOMELESS),
    )
    assert [found.homeless(days) for days in (0.0, 19.0, 20.0)] == [0.0, 0.0, 0.5]
