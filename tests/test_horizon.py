"""Memory: what is caused inside it is real and paid whole, and nothing else is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tomli_w

import pathsim as ps
from pathsim.engine.contract import Counts, Event, Log, OutcomeColumn
from pathsim.engine.lowering import lower
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort

ENGINES = ("kernel", "reference")
PENNY = 0.005
DAYS = 1e-6
"""Rounding of a sum in fixed point, and of times."""
NEVER = {"kind": "never"}
OFFICIAL = [
    OutcomeColumn.REOFFENDERS,
    OutcomeColumn.REOFFENCES,
    OutcomeColumn.DAYS_TO_FIRST,
    OutcomeColumn.REOFFENCES_FROM_SENTENCE,
    OutcomeColumn.SEVERITY,
    OutcomeColumn.EXPECTED_REOFFENDERS,
    OutcomeColumn.EXPECTED_REOFFENCES,
]


def scenario(tmp_path: Any, *, people: int = 1, **changes: Any) -> ps.Scenario:
    """Return people who reoffend about three times a year, for which all receive custody."""
    said: dict[str, Any] = {
        "title": "To court and to custody",
        "source": "textbook",
        "grade": "definition",
        "cohort": {
            "kind": "rows",
            "rows": [{"people": people, "disposal": "fine", "start_day": 0}],
        },
        "follow_up": {"days": 7, "waiting_days": 0, "intake_days": 1, "generations_before": 0},
        "hazard": {"score": "none", "adult_level": 0.01, "youth_level": 0.01},
        "courts": {"magistrates_delay_days": 200},
        "sentencing": {"disposals": {"custody": 1.0}, "custody_days": 100},
        "custody": {"release_point": {"le6m": 0.5}},
        "costs": {
            "reoffence_gbp": {"theft": {"society": 100}},
            "conviction_gbp": {"theft": {"courts_cps": 1000}},
            "custody_day_gbp": {"hmpps": 10},
            "licence_day_gbp": {"hmpps": 3},
            "homeless_day_gbp": {"local_authority": 1},
        },
    }
    for part, values in changes.items():
        said[part] = {**said.get(part, {}), **values}
    file = tmp_path / "horizon.toml"
    file.write_text(tomli_w.dumps(said), encoding="utf-8")
    return ps.load(file)


def run(made: ps.Scenario, *, engine: Any = "kernel", seed: int = 1) -> tuple[Counts, Log]:
    lowered = lower(made, Cohort.from_scenario(made))
    counts, log = simulate(lowered, seed=seed, replication=1, engine=engine, keep_log=True)
    assert log is not None
    return counts, log


def first_offence(tmp_path: Any) -> float:
    """Return the day of the first reoffence, which no memory moves."""
    _, log = run(scenario(tmp_path, follow_up={"memory_days": 2000}))
    return float(log.time[log.event == Event.REOFFENCE][0])


@pytest.mark.parametrize("engine", ENGINES)
def test_an_offence_a_day_before_its_end_is_paid_to_the_end_of_what_it_causes(tmp_path, engine):
    """100 + 1,000 + 50 days inside at 10 + 50 days on licence at 3, all past the memory."""
    day = first_offence(tmp_path)
    counts, log = run(scenario(tmp_path, follow_up={"memory_days": day + 1.0}), engine=engine)
    costs = counts.person[0, OutcomeColumn.COST :]
    assert costs.sum() == pytest.approx(100 + 1000 + 50 * 10 + 50 * 3, abs=PENNY)
    assert counts.person[0, OutcomeColumn.CUSTODY_DAYS] == pytest.approx(50.0, abs=DAYS)
    assert (log.event == Event.REOFFENCE).sum() == 1, "no more once the follow-up is over"
    assert log.time[log.event == Event.END][0] == pytest.approx(day + 300.0, abs=DAYS)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_offence_a_day_after_its_end_is_never_committed(tmp_path, engine):
    day = first_offence(tmp_path)
    counts, log = run(scenario(tmp_path, follow_up={"memory_days": day - 1.0}), engine=engine)
    assert counts.person[0, OutcomeColumn.COST :].sum() == 0.0
    assert log.time[log.event == Event.END].tolist() == [day - 1.0]


@pytest.mark.parametrize("engine", ENGINES)
def test_past_the_memory_an_offence_only_counts_while_the_clock_runs(tmp_path, engine):
    """A clock that runs from a late release to past the memory counts, and causes nothing."""
    made = scenario(
        tmp_path,
        people=200,
        cohort={
            "kind": "rows",
            "rows": [{"people": 200, "disposal": "custody", "sentence_days": 1000, "start_day": 0}],
        },
        follow_up={"days": 365, "waiting_days": 300, "memory_days": 365},
        custody={"release_point": {"le6m": 0.5, "one_to_4y": 0.5}},
    )
    counts, log = run(made, engine=engine)
    assert counts.person[0, OutcomeColumn.REOFFENCES] > 200
    offences, counted = (log.event == event for event in (Event.REOFFENCE, Event.COUNTED))
    in_time = offences & (log.time < 500 + 365)
    assert counts.person[0, OutcomeColumn.REOFFENCES] == in_time.sum()
    assert counted.sum() >= in_time.sum()
    assert not (log.event == Event.PROVEN).any()
    inside, on_licence = 200 * 500 * 10, 200 * 500 * 3
    costs = counts.person[0, OutcomeColumn.COST :]
    assert costs.sum() == pytest.approx(inside + on_licence, abs=PENNY)
    ends = log.time[log.event == Event.END]
    assert ends == pytest.approx(np.full(200, 500 + 365 + 300), abs=DAYS)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_offence_at_the_very_end_of_the_memory_is_past_it(tmp_path, engine):
    """It is on the clock of the release on day 500, and on nothing else."""
    row = {"people": 1, "disposal": "custody", "sentence_days": 1000, "start_day": 0}
    made = scenario(
        tmp_path,
        cohort={"kind": "rows", "rows": [row]},
        follow_up={"days": 365, "waiting_days": 300, "memory_days": 2000},
        custody={"release_point": {"one_to_4y": 0.5}},
    )
    _, log = run(made)
    day = float(log.time[log.event == Event.REOFFENCE][0])
    assert 500 < day < 500 + 365
    counts, log = run(made.change("To it", {"follow_up.memory_days": day}), engine=engine)
    assert log.time[log.event == Event.REOFFENCE][0] == day
    assert Event.COUNTED in log.event
    assert Event.PROVEN not in log.event
    assert counts.person[0, OutcomeColumn.COST :].sum() == pytest.approx(6500, abs=PENNY)


def test_moving_the_memory_of_people_who_share_nothing_moves_no_outcome_of_the_clocks(tmp_path):
    clocks = {"days": 365, "waiting_days": 180}
    remand = {"magistrates_delay_days": 90, "magistrates_remand_share": 0.3}
    found = []
    for memory in (365, 545, 1095, 2000):
        made = scenario(
            tmp_path, people=100, follow_up={**clocks, "memory_days": memory}, courts=remand
        )
        found.append(run(made)[0].person[0])
    assert all((each[OFFICIAL] == found[0][OFFICIAL]).all() for each in found)
    spent = [each[OutcomeColumn.COST :].sum() for each in found]
    assert spent[0] < spent[1] < spent[2] < spent[3]


@pytest.mark.parametrize("engine", ENGINES)
def test_homelessness_is_counted_to_the_end_and_leads_to_nothing_after_it(tmp_path, engine):
    day = first_offence(tmp_path)
    always = {"settled": 0.0, "homeless": 1.0}
    shelter = {
        "title": "Shelter",
        "trigger": {"homeless": True},
        "referral": 1,
        "duration_days": 1,
    }
    made = scenario(
        tmp_path,
        follow_up={"memory_days": day + 1.0},
        accommodation={"at_disposal": always, "on_release": always},
        services={"shelter": shelter},
    )
    counts, log = run(made, engine=engine)
    assert counts.person[0, OutcomeColumn.HOMELESS_DAYS] == pytest.approx(day + 1.0, abs=DAYS)
    assert (log.event == Event.RELEASE).sum() == 1
    assert (log.event == Event.REFERRAL).sum() == 1


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("patience", "ends"), [(30.0, 37.0), (NEVER, 17.0)])
def test_a_wait_holds_a_person_if_it_has_an_end(tmp_path, engine, patience, ends):
    asks = {
        "title": "Full",
        "trigger": {"disposals": ["fine"]},
        "referral": 1,
        "capacity": 0,
        "duration_days": 5,
        "patience_days": patience,
    }
    made = scenario(
        tmp_path,
        cohort={"kind": "rows", "rows": [{"people": 1, "disposal": "fine", "start_day": 7}]},
        hazard={"adult_level": 0},
        follow_up={"memory_days": 10.0},
        services={"full": asks},
    )
    _, log = run(made, engine=engine)
    assert log.time[log.event == Event.END].tolist() == [ends]


@pytest.mark.parametrize("key", ["horizon_days", "memory_days"])
def test_one_shorter_than_the_follow_up_is_refused(tmp_path, key):
    with pytest.raises(ps.InputError, match="ends before the follow-up does") as refused:
        scenario(tmp_path, follow_up={key: 6})
    problem = refused.value.problems[0]
    assert problem.key == f"follow_up.{key}"
    assert problem.line is not None
    assert "7 (follow_up.days) or more" in str(problem)
