"""Clocks by quarters: index events of everybody, by hand, from the log, and in balance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tomli_w

import pathsim as ps
from clock_log import opened
from closed import closed
from generated import generated
from log_checks import read_lives
from pathsim.engine.contract import Counts, Event, Log, OutcomeColumn, previous_band
from pathsim.engine.lowering import Lowered, lower
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort
from replicated import replicated

ENGINES = ("kernel", "reference")
DAYS = 1e-5
"""Rounding of a sum in fixed point, and of times."""
MONTE_CARLO = 4.0
COUNTED = [
    OutcomeColumn.INDEX_EVENTS,
    OutcomeColumn.REOFFENDERS,
    OutcomeColumn.REOFFENCES,
    OutcomeColumn.DAYS_TO_FIRST,
]


def scenario(tmp_path: Any, **changes: Any) -> ps.Scenario:
    said: dict[str, Any] = {
        "title": "Clocks",
        "source": "textbook",
        "grade": "definition",
        "cohort": {"kind": "rows", "rows": [{"people": 1, "disposal": "fine", "start_day": 0}]},
        "follow_up": {
            "days": 365,
            "waiting_days": 180,
            "intake_days": 365,
            "memory_days": 1095,
            "horizon_days": 1095,
            "clocks": "quarters",
            "generations_before": 0,
        },
        "hazard": {"score": "none", "adult_level": 0.02, "youth_level": 0.02},
        "sentencing": {"disposals": {"fine": 1.0}, "custody_days": 100},
        "custody": {"release_point": {"le6m": 0.5, "six_to_12m": 0.5, "one_to_4y": 0.5}},
    }
    for part, values in changes.items():
        said[part] = {**said.get(part, {}), **values}
    file = tmp_path / "clocks.toml"
    file.write_text(tomli_w.dumps(said), encoding="utf-8")
    return ps.load(file)


def lowered(made: ps.Scenario) -> Lowered:
    return lower(made, Cohort.from_scenario(made))


def run(model: Lowered, *, engine: Any = "kernel", seed: int = 1) -> tuple[Counts, Log]:
    counts, log = simulate(model, seed=seed, replication=seed, engine=engine, keep_log=True)
    assert log is not None
    return counts, log


def row_of(model: Lowered, attribute: str, level: str) -> int:
    return model.groups.index((attribute, level))


# By hand


@pytest.mark.parametrize("engine", ENGINES)
def test_one_person_by_hand(tmp_path, engine):
    """A fine at the start and one at once for every offence: an index event each."""
    model = lowered(scenario(tmp_path))
    counts, log = run(model, engine=engine)
    offences = log.time[log.event == Event.REOFFENCE]
    assert np.array_equal(offences, log.time[log.event == Event.PROVEN])
    disposed = np.array([0.0, *offences])
    in_year = disposed[disposed < 365]
    assert len(in_year) > 5, "index events"
    quarters = np.floor(in_year * 4 / 365)
    opened = [in_year[quarters == q].min() for q in np.unique(quarters)]
    assert len(opened) > 2, "of several in each quarter, the first opens the clock"
    counted = [offences[(offences >= t) & (offences < t + 365) & (offences != t)] for t in opened]
    person = counts.person[0]
    assert person[OutcomeColumn.INDEX_EVENTS] == len(opened)
    assert person[OutcomeColumn.REOFFENDERS] == sum(len(each) > 0 for each in counted)
    assert person[OutcomeColumn.REOFFENCES] == sum(map(len, counted))
    first = sum(each.min() - t for each, t in zip(counted, opened, strict=True))
    assert person[OutcomeColumn.DAYS_TO_FIRST] == pytest.approx(first, abs=DAYS)
    assert person[OutcomeColumn.DISPOSALS] == len(in_year)
    assert log.time[log.event == Event.END][0] == max(1095.0, opened[-1] + 545.0)


@pytest.mark.parametrize("engine", ENGINES)
def test_release_opens_a_clock_in_the_group_of_its_sentence(tmp_path, engine):
    """Custody of 200 days from day 30, half of it served: released on day 130, at age 30."""
    rows = [{"people": 1, "disposal": "custody", "sentence_days": 200, "start_day": 30}]
    never = {"adult_level": 0, "youth_level": 0}
    made = scenario(tmp_path, cohort={"kind": "rows", "rows": rows}, hazard=never)
    model = lowered(made)
    counts, log = run(model, engine=engine)
    events = counts.person[:, OutcomeColumn.INDEX_EVENTS]
    for attribute, level in (("disposal", "custody"), ("sentence_band", "6to12m")):
        assert events[row_of(model, attribute, level)] == 1
    assert events[row_of(model, "sentence_band", "none")] == 0
    assert counts.person[0, OutcomeColumn.DISPOSALS] == 1
    assert log.time[log.event == Event.RELEASE].tolist() == [130.0]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("age", "served", "band", "group"),
    [(17, 180, "15-17", "youth"), (17, 185, "18-20", "adult"), (29, 300, "30-34", "adult")],
)
def test_age_is_that_at_the_index_event(tmp_path, engine, age, served, band, group):  # noqa: PLR0917 cases
    rows = [
        {
            "people": 1,
            "disposal": "custody",
            "sentence_days": 2 * served,
            "start_day": 0,
            "age": age,
        }
    ]
    never = {"adult_level": 0, "youth_level": 0}
    model = lowered(scenario(tmp_path, cohort={"kind": "rows", "rows": rows}, hazard=never))
    events = run(model, engine=engine)[0].person[:, OutcomeColumn.INDEX_EVENTS]
    assert events[row_of(model, "age_band", band)] == 1
    assert events[row_of(model, "age_group", group)] == 1
    assert events[0] == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_without_reoffending_clocks_are_the_persons(tmp_path, engine):
    rows = [{"people": 50, "disposal": "fine"}, {"people": 50, "disposal": "caution"}]
    never = {"adult_level": 0, "youth_level": 0}
    model = lowered(scenario(tmp_path, cohort={"kind": "rows", "rows": rows}, hazard=never))
    counts, _ = run(model, engine=engine)
    people, events = counts.person[:, OutcomeColumn.PEOPLE], OutcomeColumn.INDEX_EVENTS
    assert np.array_equal(people, counts.person[:, events])
    assert np.array_equal(people, counts.person[:, OutcomeColumn.DISPOSALS])


@pytest.mark.parametrize("engine", ENGINES)
def test_the_record_of_a_group_is_that_before_the_disposal(tmp_path, engine):
    model = lowered(scenario(tmp_path, offending={"record_grows": True}))
    counts, log = run(model, engine=engine)
    disposed = [0.0, *log.time[log.event == Event.PROVEN].tolist()]
    bands = np.zeros(6)
    for before, time in enumerate(disposed):
        bands[previous_band(before)] += time < 365
    first = row_of(model, "previous_offences", "0")
    assert counts.person[first : first + 6, OutcomeColumn.DISPOSALS].tolist() == bands.tolist()


@pytest.mark.parametrize("seed", range(3))
def test_an_occasion_that_activates_is_of_the_sentence_passed(tmp_path, seed):
    """Not of both sentences together, which are served: 150 days are up to six months."""
    rows = [{"people": 20, "disposal": "suspended_sentence", "start_day": 0}]
    made = scenario(
        tmp_path,
        cohort={"kind": "rows", "rows": rows},
        sentencing={
            "disposals": {"custody": 1.0},
            "custody_days": 150,
            "activation_share": 1,
            "suspended_sentence_days": 700,
        },
    )
    model = lowered(made)
    bands = []
    for engine in ENGINES:
        counts, log = run(model, engine=engine, seed=seed)
        assert (log.event == Event.ACTIVATION).any()
        bands.append(counts.person[:, OutcomeColumn.DISPOSALS].tolist())
        assert bands[-1][row_of(model, "sentence_band", "6to12m")] == 0
    assert bands[0] == bands[1]


# From the log


QUARTERLY = [n for n in range(200) if generated(n).follow_up.counts_index_events]


def test_many_generated_scenarios_have_clocks_by_quarters():
    assert len(QUARTERLY) > 15


@pytest.mark.parametrize("number", QUARTERLY)
def test_index_events_can_be_made_again_from_the_log(number):
    model = lowered(generated(number))
    counts, log = run(model, seed=number)
    window = float(model.tables.rules["intake"][0])
    most = int(model.tables.rules["clocks_a_year"][0])
    lives = read_lives(model, log)
    clocks = sum(len(opened(life, log, window=window, clocks=most)) for life in lives)
    assert counts.person[0, OutcomeColumn.INDEX_EVENTS] == clocks
    occasions = [
        time
        for time, event in zip(log.time, log.event, strict=True)
        if event in (Event.START, Event.PROVEN) and 0.0 <= time < window
    ]
    assert counts.person[0, OutcomeColumn.DISPOSALS] == len(occasions)


@pytest.mark.parametrize("number", QUARTERLY)
def test_every_attribute_adds_up_to_everybody(number):
    model = lowered(generated(number))
    counts, _ = run(model, seed=number)
    columns = [*COUNTED, OutcomeColumn.DISPOSALS]
    for attribute in {name for name, level in model.groups if level}:
        rows = [k for k, (name, _) in enumerate(model.groups) if name == attribute]
        added = counts.person[rows][:, columns].sum(axis=0)
        assert added == pytest.approx(counts.person[0, columns], abs=DAYS)


# What is expected


def test_the_count_on_clocks_less_what_was_expected_has_mean_zero():
    changes = {
        "follow_up.horizon_days": {"value": 1095, "source": "a test", "grade": "definition"},
        "follow_up.clocks": "quarters",
        "follow_up.waiting_days": 60,
        "follow_up.generations_before": 2,
        "follow_up.stock_windows": 5,
        "offending.record_grows": True,
        "courts.proof_share": 0.7,
        "courts.magistrates_remand_share": 0.3,
    }
    model = lowered(closed(ps.load("dorset/baseline"), **changes))
    sums = np.stack(replicated(model, 120, lambda counts: counts.person[0], seed=7))
    for count, expected in (
        (OutcomeColumn.REOFFENCES, OutcomeColumn.EXPECTED_REOFFENCES),
        (OutcomeColumn.REOFFENDERS, OutcomeColumn.EXPECTED_REOFFENDERS),
    ):
        for factor, agrees in ((1.0, True), (0.98, False)):
            off = sums[:, count] - factor * sums[:, expected]
            errors = abs(off.mean()) / (off.std(ddof=1) / len(off) ** 0.5)
            assert bool(errors <= MONTE_CARLO) is agrees, (count, factor, errors)


# Options of the file


def test_outcomes_say_what_they_are_over(tmp_path):
    made = ps.run(scenario(tmp_path), replications=3, seed=1, workers=1)
    table = made.table(group="all").set_index("outcome")["mean"]
    assert table["index_events"] > 1
    assert table["disposals_in_year"] > table["index_events"]
    per = table["reoffences_per_person"] * table["index_events"]
    assert per > table["reoffences_per_person"]


def test_a_cohort_with_clocks_of_its_own_has_an_index_event_a_person():
    dorset = closed(ps.load("dorset/baseline"))
    made = ps.run(dorset, draws=0, replications=2, seed=1, workers=1)
    table = made.table(group="all").set_index("outcome")["mean"]
    assert table["index_events"] == len(Cohort.from_scenario(dorset))
    assert "disposals_in_year" not in table.index


@pytest.mark.parametrize(
    ("change", "key", "said"),
    [
        ({"clocks": "quarter"}, "follow_up.clocks", "quarters"),
        ({"intake_days": 0}, "follow_up.intake_days", "has no quarters"),
        ({"index": "disposal"}, "follow_up.index", "does not go with clocks of index events"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_key(tmp_path, change, key, said):
    with pytest.raises(ps.InputError, match=said) as refused:
        scenario(tmp_path, follow_up=change)
    assert refused.value.problems[0].key == key


def test_quarters_need_a_horizon():
    with pytest.raises(ps.InputError, match="clocks of index events need one") as refused:
        closed(ps.load("dorset/baseline"), **{"follow_up.clocks": "quarters"})
    assert refused.value.problems[0].key == "follow_up.horizon_days"
