"""Memory apart from the horizon: past it things go on as they would, and are counted of nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import pathsim as ps
from generated import generated
from pathsim.engine.contract import N_OUTCOME_COLUMNS, Event, Log, OutcomeColumn, ServiceCount
from pathsim.engine.lowering import Lowered, lower
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort
from pathsim.scenario.cohort import THREE_YEARS
from test_horizon import DAYS, ENGINES, PENNY, first_offence, run, scenario

OF_A_YEAR = [
    OutcomeColumn.PEOPLE,
    OutcomeColumn.INDEX_EVENTS,
    OutcomeColumn.REOFFENDERS,
    OutcomeColumn.REOFFENCES,
    OutcomeColumn.REOFFENDING_OCCASIONS,
    OutcomeColumn.DAYS_TO_FIRST,
    OutcomeColumn.SEVERITY,
    OutcomeColumn.REOFFENCES_FROM_SENTENCE,
    OutcomeColumn.EXPECTED_REOFFENDERS,
    OutcomeColumn.EXPECTED_REOFFENCES,
    OutcomeColumn.DISPOSALS,
]
"""Outcomes of twelve months and of the intake window."""
COUNTED = [column for column in range(N_OUTCOME_COLUMNS) if column not in OF_A_YEAR]
"""Outcomes of people over the horizon."""
TRIES = range(1, 2000)
"""Seeds among which a life of the kind wanted is looked for."""


def counting(model: Lowered, days: float) -> Lowered:
    """Return a scenario with another horizon and the same memory."""
    rules = model.tables.rules.copy()
    rules["horizon"] = days
    return replace(model, tables=model.tables._replace(rules=rules))


def lowered(made: ps.Scenario) -> Lowered:
    return lower(made, Cohort.from_scenario(made))


def of_members(seed: int) -> Lowered:
    """Return a generated scenario that counts as long as people are members, 400 days at least."""
    model = lowered(generated(seed))
    rules = model.tables.rules
    longest = rules["memory"][0] if rules["memory"][0] < np.inf else rules["follow_up"][0] + 400.0
    rules["memory"] = max(400.0, longest)
    return counting(model, float(rules["memory"][0]))


def offences(log: Log) -> list[float]:
    return log.time[log.event == Event.REOFFENCE].tolist()


@pytest.mark.parametrize("seed", range(0, 120, 2))
def test_the_horizon_changes_no_event_no_place_and_no_outcome_of_a_year(seed):
    """Nor does it count less when it is longer."""
    model = of_members(seed)
    first, memory = (float(model.tables.rules[name][0]) for name in ("follow_up", "memory"))
    whole, log = simulate(model, seed=seed, replication=0, keep_log=True)
    for horizon in (first, (first + memory) / 2):
        part, same = simulate(counting(model, horizon), seed=seed, replication=0, keep_log=True)
        for name in Log._fields:
            assert np.array_equal(getattr(log, name), getattr(same, name)), name
        for name in ("busy_days", "queue_days", "in_custody"):
            assert np.array_equal(getattr(whole, name), getattr(part, name)), name
        assert np.array_equal(whole.person[:, OF_A_YEAR], part.person[:, OF_A_YEAR])
        assert (part.person[:, COUNTED] <= whole.person[:, COUNTED] + DAYS).all()
        assert (part.load <= whole.load + DAYS).all()


def test_it_counts_less_of_most_scenarios_that_are_compared():
    """Or the test above would say nothing."""
    less = 0
    for seed in range(0, 120, 2):
        model = of_members(seed)
        shorter = counting(model, float(model.tables.rules["follow_up"][0]))
        found = [simulate(each, seed=seed, replication=0)[0] for each in (model, shorter)]
        less += not np.array_equal(found[0].person, found[1].person)
    assert less > 40


@pytest.mark.parametrize("engine", ENGINES)
def test_an_offence_past_the_horizon_takes_a_court_a_cell_and_a_place_and_is_not_counted(
    tmp_path, engine
):
    """A child waits 20 days for the place; only the child and the fine are counted."""
    day = first_offence(tmp_path)
    tag = {
        "title": "Tag",
        "trigger": {"release": True, "disposals": ["caution"]},
        "referral": 1,
        "duration_days": 30,
        "capacity": 1,
        "payer": "hmpps",
        "cost_per_start_gbp": 7,
        "cost_per_day_gbp": 1,
    }
    rows = [
        {"people": 1, "disposal": "fine", "start_day": 0},
        {"people": 1, "disposal": "caution", "start_day": day + 260.0, "age": 15},
    ]
    made = scenario(
        tmp_path,
        cohort={"kind": "rows", "rows": rows},
        follow_up={"intake_days": 3000, "memory_days": day + 1.0, "horizon_days": day - 1.0},
        hazard={"youth_level": 0.0},
        services={"tag": tag},
    )
    counts, log = run(made, engine=engine)
    at = {event: log.time[log.event == event].tolist() for event in Event}
    assert at[Event.PROVEN] == pytest.approx([day + 200], abs=DAYS)
    assert at[Event.CUSTODY] == pytest.approx([day + 200], abs=DAYS)
    assert at[Event.SERVICE_START] == pytest.approx([day + 250, day + 280], abs=DAYS)
    assert counts.in_custody.sum() == pytest.approx(50, abs=1.0)
    assert counts.busy_days[0] == pytest.approx(60.0, abs=DAYS)
    assert counts.queue_days[0] == pytest.approx(20.0, abs=DAYS)
    load = counts.load[0, 0]
    assert load[[ServiceCount.STARTS, ServiceCount.COMPLETED]].tolist() == [1, 1]
    assert load[ServiceCount.WAIT_DAYS] == pytest.approx(20.0, abs=DAYS)
    assert load[ServiceCount.PLACE_DAYS] == pytest.approx(30.0, abs=DAYS)
    person = counts.person[0]
    assert person[OutcomeColumn.COST :].sum() == pytest.approx(7 + 30, abs=PENNY)
    assert person[OutcomeColumn.REOFFENCES_TOTAL] == person[OutcomeColumn.CUSTODY_DAYS] == 0.0


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("horizon", [365.0, 400.0])
def test_past_the_memory_an_offence_is_on_the_clock_alone(tmp_path, engine, horizon):
    """It meets no court, takes no cell and no place, and costs nothing."""
    asks = {"title": "After", "trigger": {"reoffence": True}, "referral": 1, "duration_days": 30}
    row = {"people": 1, "disposal": "custody", "sentence_days": 400, "start_day": 0}
    made = scenario(
        tmp_path,
        cohort={"kind": "rows", "rows": [row]},
        follow_up={
            "days": 365,
            "waiting_days": 300,
            "intake_days": 365,
            "clocks": "quarters",
            "memory_days": 400,
            "horizon_days": horizon,
        },
        custody={"release_point": {"le6m": 0.5, "one_to_4y": 0.5}},
        hazard={"adult_level": 0.003},
        services={"after": asks},
    )
    seed = next(s for s in TRIES if is_one_between(offences(run(made, seed=s)[1]), 400, 200 + 365))
    counts, log = run(made, engine=engine, seed=seed)
    events = log.event.tolist()
    assert events.count(Event.COUNTED) == 1
    assert events.count(Event.CUSTODY) == events.count(Event.RELEASE) == 1, "the sentence"
    assert not {Event.PROVEN, Event.REFERRAL, Event.SERVICE_START} & set(events)
    person = counts.person[0]
    assert person[OutcomeColumn.REOFFENCES] == person[OutcomeColumn.REOFFENDERS] == 1.0
    assert person[OutcomeColumn.DISPOSALS] == 1.0, "the sentence alone"
    assert person[OutcomeColumn.REOFFENCES_TOTAL] == 0.0
    assert person[OutcomeColumn.COST :].sum() == pytest.approx(200 * 10 + 200 * 3, abs=PENNY)
    assert log.time[log.event == Event.END].tolist() == [200 + 365 + 300]


def is_one_between(days: list[float], first: float, last: float) -> bool:
    return len(days) == 1 and first <= days[0] < last


@pytest.mark.parametrize("engine", ENGINES)
def test_the_stock_in_custody_offends_past_its_memory_on_clocks_alone(tmp_path, engine):
    """Those released in the window began 600 days ago, and are members for 400."""
    row = {"people": 40, "disposal": "custody", "sentence_days": 1200}
    made = scenario(
        tmp_path,
        cohort={"kind": "rows", "rows": [row]},
        follow_up={
            "days": 365,
            "waiting_days": 300,
            "intake_days": 365,
            "clocks": "quarters",
            "memory_days": 400,
            "stock_windows": 4,
        },
        custody={"release_point": {"le6m": 0.5, "one_to_4y": 0.5}},
    )
    counts, log = run(made, engine=engine)
    person = counts.person[0]
    assert person[OutcomeColumn.REOFFENCES] > 20
    assert (log.person[log.event == Event.COUNTED] >= 40).all()
    assert not (log.event == Event.PROVEN).any()
    assert person[OutcomeColumn.DISPOSALS] == 40
    inside, on_licence = 40 * 600 * 10, 40 * 600 * 3
    assert person[OutcomeColumn.COST :].sum() == pytest.approx(inside + on_licence, abs=PENNY)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_licence_is_paid_to_the_day_on_which_what_is_not_counted_ends_it(tmp_path, engine):
    """500 days inside at 10; then a licence at 3 until custody for an offence past the horizon."""
    row = {"people": 1, "disposal": "custody", "sentence_days": 1000, "start_day": 0}
    made = scenario(
        tmp_path,
        cohort={"kind": "rows", "rows": [row]},
        follow_up={"memory_days": 2000},
        custody={"release_point": {"le6m": 0.5, "one_to_4y": 0.5}},
        courts={"magistrates_delay_days": 20},
    )
    day = offences(run(made)[1])[0]
    assert 500 < day < 950, "on licence"
    shorter = made.change("Shorter", {"follow_up.horizon_days": day - 1.0})
    counts, log = run(shorter, engine=engine)
    assert (log.event == Event.CUSTODY).sum() > 1
    paid = 500 * 10 + (day + 20 - 500) * 3
    assert counts.person[0, OutcomeColumn.COST :].sum() == pytest.approx(paid, abs=PENNY)
    assert counts.person[0, OutcomeColumn.CUSTODY_DAYS] == pytest.approx(500.0, abs=DAYS)


@pytest.mark.parametrize("engine", ENGINES)
def test_custody_that_both_bring_is_paid_to_the_release_of_what_is_counted(tmp_path, engine):
    """The second offence, past the horizon, keeps the person inside; the licence goes on after it.

    Inside from day + 200, counted for 50 days; out 50 days after the second proof, on a licence
    that is counted until day + 300.
    """
    made = scenario(tmp_path, follow_up={"memory_days": 2000})
    seed = next(s for s in TRIES if second_keeps_inside(offences(run(made, seed=s)[1])))
    day, second = offences(run(made, seed=seed)[1])[:2]
    shorter = made.change("Shorter", {"follow_up.horizon_days": day + 1e-3})
    counts, log = run(shorter, engine=engine, seed=seed)
    extended = log.time[log.event == Event.CUSTODY_EXTENDED]
    assert extended[extended < day + 320] == pytest.approx([second + 200], abs=DAYS)
    person = counts.person[0]
    assert person[OutcomeColumn.CUSTODY_DAYS] == pytest.approx(50.0, abs=DAYS)
    licence = 3 * (day + 300 - (second + 250))
    paid = 100 + 1000 + 50 * 10 + licence
    assert person[OutcomeColumn.COST :].sum() == pytest.approx(paid, abs=PENNY)
    assert person[OutcomeColumn.REOFFENCES_TOTAL] == 1.0


def second_keeps_inside(days: list[float]) -> bool:
    """Whether just one further offence comes before the first custody, soon, and none after it."""
    day, second, *later = [*days, np.inf, np.inf][:3]
    return day + 1 < second < day + 45 and later[0] > day + 320


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("beyond", "paid"), [(-1.0, 0), (0.0, 0), (1.0, 100 + 1000 + 500 + 150 + 7)]
)
def test_what_an_offence_before_the_horizon_causes_is_paid_whole_by_who_stays_a_member(
    tmp_path, engine, beyond, paid
):
    """The only offence is a day before the horizon, or a day after it, or at its very end."""
    after = {"title": "After", "trigger": {"reoffence": True}, "referral": 1, "duration_days": 9}
    after |= {"payer": "hmpps", "cost_per_start_gbp": 7}
    less, memory = {"adult_level": 0.002}, {"memory_days": 800}
    made = scenario(tmp_path, follow_up=memory, hazard=less, services={"after": after})
    seed = next(s for s in TRIES if is_one_between(offences(run(made, seed=s)[1]), 100, 800))
    (day,) = offences(run(made, seed=seed)[1])
    shorter = made.change("Shorter", {"follow_up.horizon_days": day + beyond})
    counts, _ = run(shorter, engine=engine, seed=seed)
    assert counts.person[0, OutcomeColumn.COST :].sum() == pytest.approx(paid, abs=PENNY)


RICH: dict[str, dict[str, Any]] = {
    "sentencing": {
        "disposals": {"custody": 0.4, "community_order": 0.3, "suspended_sentence": 0.3},
        "custody_days": {"kind": "exponential", "mean": 200},
        "community_order_days": 200,
        "suspended_sentence_days": 300,
        "activation_share": 0.5,
        "breach": {
            "community_order_per_day": 0.005,
            "suspended_sentence_per_day": 0.005,
            "custody_share": 0.5,
            "custody_days": 40,
        },
    },
    "courts": {"magistrates_remand_share": 0.4, "magistrates_delay_days": 90},
    "custody": {
        "release_point": {"le6m": 0.5, "six_to_12m": 0.5},
        "recall": {"le6m_per_day": 0.01, "six_to_12m_per_day": 0.01, "fixed_term_share": 1.0},
        "supervision_days": 365,
        "supervision_below_days": 730,
    },
    "costs": {
        "community_order_day_gbp": {"hmpps": 5},
        "suspended_sentence_day_gbp": {"hmpps": 6},
        "supervision_day_gbp": {"hmpps": 2},
        "breach_gbp": {"courts_cps": 300},
        "homeless_day_gbp": {},
    },
    "hazard": {"adult_level": 0.004},
}
"""All that a sentence may bring, but for accommodation, which is by the day."""


def test_who_does_nothing_between_horizon_and_memory_is_counted_whole(tmp_path):
    """Orders, breaches, recalls, remand and supervision past the horizon, of what came before."""
    horizon, memory = 300.0, 700.0
    made = lowered(scenario(tmp_path, follow_up={"memory_days": memory}, **RICH))
    quiet = busy = late = 0
    for seed in range(300):
        whole, log = simulate(made, seed=seed, replication=0, keep_log=True)
        assert log is not None
        part, _ = simulate(counting(made, horizon), seed=seed, replication=0)
        if any(horizon <= day < memory for day in offences(log)):
            busy += not np.array_equal(whole.person, part.person)
            continue
        assert np.array_equal(whole.person, part.person)
        quiet += 1
        kinds = (Event.CUSTODY, Event.BREACH, Event.RELEASE, Event.PROVEN)
        late += bool((np.isin(log.event, kinds) & (log.time > horizon)).any())
    assert quiet > 50
    assert late > 25
    assert busy > 100


def test_left_out_it_is_three_years_or_the_horizon_if_that_is_longer(tmp_path):
    for keys, memory, horizon in (
        ({}, None, None),
        ({"horizon_days": 365}, THREE_YEARS, 365),
        ({"horizon_days": 2000}, 2000, 2000),
        ({"memory_days": 700}, 700, 700),
        ({"memory_days": 700, "horizon_days": 365}, 700, 365),
    ):
        follow_up = scenario(tmp_path, follow_up=keys).follow_up
        assert (follow_up.memory, follow_up.horizon) == (memory, horizon)


def test_a_horizon_longer_than_the_memory_is_refused_with_both_keys(tmp_path):
    with pytest.raises(ps.InputError, match="is longer than the memory") as refused:
        scenario(tmp_path, follow_up={"memory_days": 700, "horizon_days": 701})
    (problem,) = refused.value.problems
    assert (problem.key, problem.found) == ("follow_up.horizon_days", 701)
    assert problem.allowed == "700 (follow_up.memory_days) or less"
    assert problem.line is not None


@pytest.mark.parametrize("days", ["-1", "0.5", "1e9", '"long"', "nan"])
def test_what_is_no_memory_is_refused(tmp_path, days):
    file = tmp_path / "wrong.toml"
    file.write_text(
        f'extends = "dorset/baseline"\ntitle = "Wrong"\nfollow_up.memory_days = {days}\n',
        encoding="utf-8",
    )
    with pytest.raises(ps.InputError) as refused:
        ps.load(file)
    assert refused.value.problems[0].key == "follow_up.memory_days"


def test_an_option_cannot_change_it_on_a_day(tmp_path):
    file = tmp_path / "dated.toml"
    file.write_text(
        'extends = "dorset/baseline"\ntitle = "Dated"\nfrom_day = 30\n'
        "follow_up.memory_days = 1500\n",
        encoding="utf-8",
    )
    with pytest.raises(ps.InputError, match="cannot be changed by an option with from_day"):
        ps.load(file)


def test_a_shorter_horizon_of_dorset_moves_its_money_and_nothing_of_its_year():
    dorset = ps.load("dorset/baseline")
    shorter = dorset.change("Shorter", {"follow_up.horizon_days": 2 * 365.25})
    whole, part = (
        ps.run(each, draws=0, replications=2, workers=1)
        .table(group="all")
        .set_index("outcome")["mean"]
        for each in (dorset, shorter)
    )
    same = [
        name
        for name in whole.index
        if name.endswith((".utilisation", ".mean_queue", "_first", "_last"))
        or name in ("proven_reoffending_rate", "reoffences_per_person", "index_events")
        or name in ("reoffences_per_reoffender", "disposals_in_year", "days_to_first_reoffence")
    ]
    assert len(same) > 60
    assert whole[same].equals(part[same])
    lower_now = ["cost_public", "cost_society", "reoffences_total", "days_in_custody_per_person"]
    assert (part[lower_now] < whole[lower_now]).all()
    years = ["reoffences_year_1", "reoffences_year_2"]
    assert part[years].equals(whole[years])
    assert part["reoffences_year_3"] == 0.0 < whole["reoffences_year_3"]
