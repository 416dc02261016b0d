"""The stock in custody and the entries: who is there, and what custody then holds."""

from __future__ import annotations

import warnings
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomli_w

import pathsim as ps
from closed import closed
from generated import generated
from pathsim.engine.contract import Counts, CustodyReason, Event, Log, OutcomeColumn
from pathsim.engine.log import log_table
from pathsim.engine.lowering import Lowered, lower
from pathsim.engine.run import simulate
from pathsim.errors import InputError, InputWarning
from pathsim.people.cohort import Cohort
from replicated import replicated
from test_engines_agree import TIME_TOLERANCE_DAYS, by_person

ENGINES = ("kernel", "reference")
WINDOW = 365.0
AS_MANY_EACH_WINDOW = 0.01
"""Relative: a level of some hundreds, over a window and a few replications."""


def scenario(tmp_path, *, rows: list[dict[str, Any]], **changes: Any) -> ps.Scenario:
    """Return a scenario in which nobody reoffends and a whole sentence is served."""
    said = {
        "title": "Only sentences",
        "source": "textbook",
        "grade": "definition",
        "cohort": {"kind": "rows", "rows": rows},
        "follow_up": {
            "days": 365,
            "waiting_days": 0,
            "intake_days": WINDOW,
            "generations_before": 1,
            "generations_after": 0,
        },
        "hazard": {"score": "none", "adult_level": 0, "youth_level": 0},
        "sentencing": {"disposals": {"fine": 1.0}, "custody_days": 0},
        "custody": {
            "release_point": dict.fromkeys(("le6m", "six_to_12m", "one_to_4y", "over_4y"), 1.0)
        },
    }
    for part, values in changes.items():
        said[part] = {**said.get(part, {}), **values}
    file = tmp_path / "stock.toml"
    file.write_text(tomli_w.dumps(said), encoding="utf-8")
    return ps.load(file)


def lowered(made: ps.Scenario) -> Lowered:
    return lower(made, Cohort.from_scenario(made))


def run(model: Lowered, *, seed: int = 1, engine: Any = "kernel") -> tuple[Counts, Log]:
    counts, log = simulate(model, seed=seed, replication=seed, engine=engine, keep_log=True)
    assert log is not None
    return counts, log


# The stock by hand

YEARS = [{"people": 1, "disposal": "custody", "sentence_days": 1000, "start_day": 100}]


def test_of_each_earlier_window_those_are_there_whose_sentence_still_runs(tmp_path):
    """Sentences of 1,000 days that begin on day 100 of each window; the first begins on -365.

    Those of windows -2 to -5 began on -630, -995, -1360 and -1725, which is too long ago.
    """
    made = scenario(tmp_path, rows=YEARS, follow_up={"stock_windows": 5})
    counts, log = run(lowered(made))
    releases = log.time[log.event == Event.RELEASE]
    assert sorted(releases.tolist()) == [-360.0, 5.0, 1100.0], "others end on day 366"
    starts = log.time[log.event == Event.START]
    assert sorted(starts.tolist()) == [-1360.0, -995.0, -630.0, -265.0, 100.0]
    # At midnight of day 0: those of -995 (to 5), -630 and -265; the counted from day 100 on.
    assert counts.in_custody[[0, 4, 5, 99, 100, 364]].tolist() == [3, 3, 2, 2, 3, 3]
    assert counts.person[0, OutcomeColumn.PEOPLE] == 1


@pytest.mark.parametrize(("days", "there"), [(265.0, False), (265.0 + 2**-20, True)])
def test_who_is_released_when_the_first_generation_begins_is_not_there(tmp_path, days, there):
    rows = [{**YEARS[0], "sentence_days": days}]
    made = scenario(tmp_path, rows=rows, follow_up={"stock_windows": 1})
    _, log = run(lowered(made))
    assert (len(set(log.person.tolist())) == 3) is there


def test_time_served_and_not_the_sentence_says_who_is_inside(tmp_path):
    half = {"release_point": {"one_to_4y": 0.5}}
    made = scenario(tmp_path, rows=YEARS, follow_up={"stock_windows": 5}, custody=half)
    _, log = run(lowered(made))
    assert sorted(log.time[log.event == Event.START].tolist()) == [-630.0, -265.0, 100.0]


def test_a_presumption_in_force_leaves_nobody_in_the_stock(tmp_path):
    always = {"presumption": {"max_days": 1500, "share": 1.0, "hazard_ratio": 1.0}}
    made = scenario(tmp_path, rows=YEARS, follow_up={"stock_windows": 5})
    option = made.change("Suspended", {"sentencing.presumption": always["presumption"]})
    _, log = run(lowered(option))
    assert sorted(log.time[log.event == Event.START].tolist()) == [-265.0, 100.0]


def test_who_received_no_custody_is_never_of_the_stock(tmp_path):
    rows = [*YEARS, {"people": 7, "disposal": "fine"}]
    model = lowered(scenario(tmp_path, rows=rows, follow_up={"stock_windows": 5}))
    assert model.members == 2 * 8 + 5 * 1
    _, log = run(model)
    of_stock = log.person >= 16
    assert set(log.detail[of_stock & (log.event == Event.CUSTODY)]) == {CustodyReason.SENTENCE}
    names = model.names(np.unique(log.person[of_stock]))
    assert names.tolist() == ["generation -2:0", "generation -3:0", "generation -4:0"]


# Known answer


def test_custody_is_flat_at_littles_flow_times_the_mean_time_served(tmp_path):
    """Lengths of 0 to 8 years: without the stock one generation holds a fraction of them."""
    flow, longest = 400, 8 * WINDOW
    drawn = {"custody_days": {"kind": "uniform", "low": 0, "high": longest}}
    rows = [{"people": flow, "disposal": "custody"}]
    level = {}
    for windows in (0, 8):
        made = scenario(tmp_path, rows=rows, follow_up={"stock_windows": windows}, sentencing=drawn)
        model = lowered(made)
        held = replicated(model, 40, lambda counts: counts.in_custody, seed=3)
        level[windows] = np.mean(held, axis=0)
    little = flow / WINDOW * longest / 2.0
    for day in (0, 91, 182, 364):
        assert level[8][day] == pytest.approx(little, rel=AS_MANY_EACH_WINDOW)
    assert level[0][0] < little / 3


# Draws


@pytest.mark.parametrize("seed", range(12))
def test_the_stock_is_those_of_whole_generations_who_are_still_inside(seed, tmp_path):
    """Followed as generations of their own, the same people have the same sentences."""
    drawn = {"custody_days": {"kind": "exponential", "mean": 500.0}}
    rows = [{"people": 30, "disposal": "custody"}, {"people": 30, "disposal": "fine"}]
    few, whole = (
        scenario(tmp_path, rows=rows, follow_up=others, sentencing=drawn)
        for others in (
            {"generations_before": 1, "stock_windows": 3},
            {"generations_before": 4},
        )
    )
    tables = [
        log_table(model := lowered(each), run(model, seed=seed)[1], 0) for each in (few, whole)
    ]
    begins = -WINDOW
    for generation in ("generation -2:", "generation -3:", "generation -4:"):
        ours, theirs = (t[t["person"].str.startswith(generation)] for t in tables)
        inside = theirs.groupby("person").apply(
            lambda life: (
                (life["event"] == "custody").any()
                and not ((life["event"] == "release") & (life["time"] <= begins)).any()
            ),
            include_groups=False,
        )
        chosen = inside.index[inside]
        assert sorted(ours["person"].unique()) == sorted(chosen)
        same = theirs[theirs["person"].isin(chosen)]
        assert ours.reset_index(drop=True).equals(same.reset_index(drop=True))


@pytest.mark.parametrize("seed", range(40))
def test_both_engines_agree_where_some_are_no_entries(seed):
    made = generated(seed)
    model = lowered(made)
    enters = np.random.default_rng(seed).random(len(model.ids)) < 0.6
    model = replace(model, people=model.people._replace(enters=enters))
    (counts, log), (same, other) = (run(model, seed=seed, engine=e) for e in ENGINES)
    for mine, theirs in zip(by_person(log)[:3], by_person(other)[:3], strict=True):
        assert np.array_equal(mine, theirs)
    apart = np.abs(by_person(log)[3] - by_person(other)[3])
    assert apart.max(initial=0.0) <= TIME_TOLERANCE_DAYS
    assert np.array_equal(counts.person, same.person)
    assert counts.person[0, OutcomeColumn.PEOPLE] == enters.sum()


@pytest.mark.parametrize("seed", [2495, 3565, 3749, 3891])
def test_a_review_before_the_first_generation_gives_places_to_the_stock(seed):
    """They may wait before they are released, and so before anybody else has come."""
    model = lowered(generated(seed))
    assert int(model.tables.rules["stock_windows"][0]) > 0
    assert (model.tables.pool_review > 0.0).any()
    (_, log), (_, other) = (run(model, seed=seed, engine=e) for e in ENGINES)
    for mine, theirs in zip(by_person(log)[:3], by_person(other)[:3], strict=True):
        assert np.array_equal(mine, theirs)


def test_who_does_not_enter_changes_no_draw_of_who_does(tmp_path):
    drawn = {"custody_days": {"kind": "exponential", "mean": 500.0}}
    rows = [{"people": 40, "disposal": "custody"}, {"people": 40, "disposal": "fine"}]
    model = lowered(scenario(tmp_path, rows=rows, sentencing=drawn))
    enters = np.arange(80) % 3 > 0
    fewer = replace(model, people=model.people._replace(enters=enters))
    tables = [log_table(each, run(each)[1], 0) for each in (model, fewer)]
    records = tables[0]["person"].str.split(":").str[-1].astype(int)
    kept = tables[0][enters[records]]
    assert kept.reset_index(drop=True).equals(tables[1].reset_index(drop=True))


def test_an_occasion_that_is_no_entry_is_of_the_stock_all_the_same(tmp_path):
    model = lowered(scenario(tmp_path, rows=YEARS, follow_up={"stock_windows": 5}))
    nobody = replace(model, people=model.people._replace(enters=np.array([False])))
    _, log = run(nobody)
    assert sorted(log.time[log.event == Event.START].tolist()) == [-1360.0, -995.0, -630.0]


# Entry shares of a sampled cohort

HALF = {"value": 0.5, "source": "drawn for a test", "grade": "definition"}


M2 = Path(__file__).parents[1] / "benchmarks" / "scenarios" / "m2.toml"


@pytest.fixture(scope="module")
def national() -> ps.Scenario:
    smaller = {"cohort.adults": 9000, "cohort.youths": 900}
    return closed(ps.load("england-and-wales/baseline"), **smaller)


def entering(made: ps.Scenario, shares: dict[str, dict[str, float]]) -> Cohort:
    said = {
        age: {band: {**HALF, "value": v} for band, v in by.items()} for age, by in shares.items()
    }
    return Cohort.from_scenario(made.change("Entries", {"cohort.entry_shares": said}))


def test_each_stratum_keeps_its_share_to_the_nearest_person(national):
    shares = {"adult": {"0": 0.9, "15+": 0.25}, "youth": {"1-2": 0.0}}
    cohort = entering(national, shares)
    groups, enters = cohort.groups(), cohort.enters()
    for age in ("adult", "youth"):
        for band in ("0", "1-2", "3-6", "15+"):
            inside = (
                (groups["age_group"] == age) & (groups["previous_offences"] == band)
            ).to_numpy()
            share = shares[age].get(band, 1.0)
            assert inside.sum() > 0
            assert enters[inside].sum() == round(share * inside.sum())
    assert repr(cohort).startswith(f"Cohort(9,900 occasions, {enters.sum():,} entries")


def test_who_enters_at_one_share_enters_at_any_higher_one(national):
    kept = [entering(national, {"adult": {"3-6": share}}).enters() for share in (0.2, 0.4, 0.9)]
    assert all((low <= high).all() for low, high in pairwise(kept))
    assert kept[0].sum() < kept[1].sum() < kept[2].sum()


def test_without_shares_everybody_enters_and_the_people_are_the_same(national):
    plain, thinned = Cohort.from_scenario(national), entering(national, {"adult": {"0": 0.5}})
    assert plain.enters().all()
    assert plain.frame.equals(thinned.frame)
    of_rows = Cohort.from_scenario(
        ps.load(Path(__file__).parent.parent / "benchmarks" / "scenarios" / "m2.toml")
    )
    assert repr(of_rows).startswith("Cohort(12,000 people")


def test_outcomes_of_people_are_of_entries_alone(national):
    option = national.change(
        "Entries",
        {"cohort.entry_shares": {"adult": {"0": {**HALF}}}, "follow_up.generations_before": 0},
    )
    cohort = Cohort.from_scenario(option)
    assert not cohort.enters().all()
    counts, _ = simulate(lower(option, cohort), seed=1, replication=0)
    assert counts.person[0, OutcomeColumn.PEOPLE] == cohort.enters().sum()


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("cohort.entry_shares.adults", {"0": HALF}, "adult"),
        ("cohort.entry_shares.adult", {"15": HALF}, "15+"),
        ("cohort.entry_shares.adult", {"0": {**HALF, "value": 1.2}}, "1.2"),
        ("follow_up.stock_windows", -1, "0 or more"),
        ("follow_up.stock_windows", 61, "60 or less"),
        ("follow_up", {"stock_windows": 1, "intake_days": 0}, "there are no earlier windows"),
        ("follow_up.stock_windows", 2.5, "whole number"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_key(national, key, value, said):
    with pytest.raises(InputError, match=said.replace("+", r"\+")) as refused:
        national.change("Wrong", {key: value})
    assert str(refused.value.problems[0].key).startswith(key.rsplit(".", 1)[0])


def test_people_who_are_brought_to_a_scenario_with_entry_shares_all_enter_with_a_warning(national):
    option = national.change(
        "Entries",
        {"cohort.entry_shares": {"adult": {"0": {**HALF}}}, "follow_up.generations_before": 0},
    )
    own = Cohort.from_scenario(option)
    brought = Cohort.from_frame(own.frame)
    other = option.change("Dearer", {"costs.caution_gbp.police": 1.0})
    with pytest.warns(InputWarning) as told:
        result = ps.compare(option, other, draws=0, replications=2, cohort=brought)
    said = [each for each in told if "people enter" in str(each.message)]
    assert len(said) == 1
    assert said[0].filename == __file__
    assert "all 9,900 people enter: the scenario's cohort.entry_shares" in str(said[0].message)
    sizes = result.baseline.sizes
    assert sizes["all"] == len(own) > own.enters().sum()


def test_a_scenario_with_entry_shares_and_its_own_people_is_not_warned_of(national):
    option = national.change("Entries", {"cohort.entry_shares": {"adult": {"0": {**HALF}}}})
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        ps.run(option, draws=0, replications=1)
    assert not any("people enter" in str(each.message) for each in told)
