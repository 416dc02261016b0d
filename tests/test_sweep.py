"""One lever from end to end."""

from __future__ import annotations

import json

import pandas as pd
import pytest

import pathsim as ps
from pathsim.cli.app import run_command_line
from pathsim.cli.sweep import parse_levels
from pathsim.decision.sweep import parse_target
from small_town import TOWN

KEY = "services.mentor.capacity"


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    file = tmp_path_factory.mktemp("town") / "town.toml"
    file.write_text(TOWN, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def swept(town):
    levels = [60, 4, 12, 20, 28, 44]
    target = "service.mentor.mean_wait_days<=14"
    return ps.sweep(town, KEY, levels, target=target, draws=16, replications=4)


def test_levels_stand_in_order_with_the_baselines_own(swept):
    assert swept.levels == (4.0, 12.0, 20.0, 28.0, 44.0, 60.0)
    assert swept.baseline_level == 4.0
    own = swept.table[swept.table["level"] == 4.0]
    assert (own["difference"] == 0.0).all()


def test_more_places_help_until_nobody_waits(swept):
    waits = swept.table[swept.table["outcome"] == "service.mentor.mean_wait_days"]
    assert waits["value"].is_monotonic_decreasing
    fewer = swept.table[swept.table["outcome"] == "reoffences_total"].set_index("level")
    assert fewer.loc[20.0, "probability_better"] > 0.95
    assert fewer.loc[44.0, "value"] == fewer.loc[60.0, "value"]
    assert swept.stops_at is not None
    assert 12.0 <= swept.stops_at <= 44.0


def test_the_least_level_is_the_first_that_meets_the_target(swept):
    waits = swept.table[swept.table["outcome"] == swept.target.outcome].set_index("level")["value"]
    enough = [level for level in swept.levels if waits[level] <= 14.0]
    assert swept.least == enough[0]
    assert 0.5 <= swept.least_chance <= 1.0
    assert f"mean_wait_days <= 14 is {swept.least:g}" in swept.sentence()


def test_a_target_that_no_level_meets_is_said(town):
    target = "service.mentor.mean_wait_days<=0.001"
    found = ps.sweep(town, KEY, [4, 5], target=target, draws=4, replications=2)
    assert found.least is None
    assert "No level of these" in found.sentence()


def test_a_target_is_met_where_the_baseline_has_no_such_outcome(town):
    closed = ps.load(town).change("Closed", {KEY: 0})
    target = "service.mentor.mean_wait_days<=14"
    for how in ({"draws": 4}, {"draws": 0}):
        found = ps.sweep(closed, KEY, [0, 4, 60], target=target, replications=2, **how)
        assert found.least == 60.0, how


def test_a_hint_names_another_key_and_one_that_holds_a_number(town):
    with pytest.raises(ps.InputError) as refused:
        ps.sweep(town, "services.mentor.titl", [1, 2])
    assert "did you mean 'services.mentor.title'" not in str(refused.value)


def test_levels_are_told_in_full(town):
    with pytest.warns(match="places at a time is unusual"):
        found = ps.sweep(town, KEY, [1_000_000, 1_000_001], draws=2, replications=2)
    titles = [option.request.title for option in found.comparison.options]
    assert titles == [f"{KEY} = 1000000", f"{KEY} = 1000001"]
    assert "1000000" in found.sentence()


def test_steps_leave_nothing_behind_their_figures():
    assert parse_levels("a.b=0:0.3:0.1")[1] == [0.0, 0.1, 0.2, 0.3]


def test_without_states_there_is_luck_only(town):
    found = ps.sweep(town, KEY, [4, 20], draws=0, replications=20)
    assert found.table["probability_better"].isna().all()
    assert found.stops_at is None
    assert "still likely" in found.sentence()


def test_plain_data_are_plain(swept):
    data = json.loads(json.dumps(swept.to_dict(), allow_nan=False))
    assert data["schema"] == "pathsim.sweep/1"
    assert {"level", "outcome", "difference", "low", "high"} <= data["levels"][0].keys()


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("a.b=0:60:20", [0.0, 20.0, 40.0, 60.0]),
        ("a.b=1:2:0.25", [1.0, 1.25, 1.5, 1.75, 2.0]),
        ("a.b=0:0.3:0.1", [0.0, 0.1, 0.2, 0.3]),
        ("hazard.multipliers.sex=female=0.5:1:0.5", [0.5, 1.0]),
    ],
)
def test_stop_is_a_level_too(text, levels):
    key, found = parse_levels(text)
    assert text.startswith(key)
    assert found == pytest.approx(levels)


@pytest.mark.parametrize("text", ["a.b", "a.b=1:2", "a.b=1:2:0", "a.b=2:1:1", "=1:2:1", "a=1:x:1"])
def test_what_is_no_lever_is_refused(text):
    with pytest.raises(ps.InputError, match="is no lever"):
        parse_levels(text)


def test_too_many_levels_are_refused():
    with pytest.raises(ps.InputError, match="too many levels"):
        parse_levels("a.b=0:1e9:1")


def test_a_target_has_an_outcome_a_sign_and_a_number():
    assert parse_target("service.mhtr.mean_wait_days <= 14") == (
        *("service.mhtr.mean_wait_days", "<=", 14.0),
    )
    assert parse_target("a.b>=1e3").value == 1000.0


@pytest.mark.parametrize(
    ("key", "levels", "target", "words"),
    [
        ("services.mentor.capcity", [1, 2], None, "did you mean 'services.mentor.capacity'"),
        ("services.mentor.title", [1, 2], None, "holds no number"),
        (KEY, [4], None, "too few or too many"),
        (KEY, "4", None, "levels: has the wrong type"),
        (KEY, [4, "x"], None, "levels: has the wrong type"),
        (KEY, [4, 5], "waits<3", "is no target"),
        (
            KEY,
            [4, 5],
            "service.mentor.mean_wait<=3",
            "did you mean 'service.mentor.mean_wait_days'",
        ),
        (KEY, [4, -5], None, "is out of range"),
        (KEY, [4, float("nan")], None, "levels: must be finite"),
        (KEY, [4, float("inf")], None, "levels: must be finite"),
        (KEY, [4, 5], "cost_public<=1.2.3", "is no target"),
        (KEY, [4, 5], "cost_public<=.", "is no target"),
        (KEY, [4, 5], "cost_public<=1e999", "is no target"),
        (KEY, [4, 5], "x<=1", "an outcome of pathsim run"),
    ],
)
def test_a_slip_is_told_where_it_is(town, key, levels, target, words):
    with pytest.raises(ps.InputError, match=words):
        ps.sweep(town, key, levels, target=target, draws=2, replications=2)


def test_a_scenario_sweeps_itself(town):
    baseline = ps.load(town)
    how = {"draws": 4, "replications": 2, "target": "service.mentor.mean_wait_days<=14"}
    own = baseline.sweep(baseline.key.services.mentor.capacity, range(4, 21, 8), **how)
    same = ps.sweep(baseline, KEY, [4, 12, 20], **how)
    assert own.key == KEY
    pd.testing.assert_frame_equal(own.table, same.table)
    assert own.sentence() == same.sentence()


@pytest.mark.parametrize("target", ["service.mentor.mean_wait<=3", "service.tag.starts>=3"])
def test_a_target_of_nothing_is_refused_before_anything_runs(town, monkeypatch, target):
    monkeypatch.setattr("pathsim.decision.sweep.compare", None)
    with pytest.raises(ps.InputError, match="is no outcome of the scenario"):
        ps.sweep(town, KEY, [4, 5], target=target)


def test_an_outcome_that_no_run_tells_meets_no_target(town):
    found = ps.sweep(town, KEY, [4, 5], target="disposals_in_year>=0", draws=2, replications=2)
    assert found.least is None


def test_the_shell_tells_the_sentence(town, capsys):
    said = ["sweep", str(town), "--set", f"{KEY}=4:12:8", "--draws", "4", "--replications", "2"]
    assert run_command_line(said) == 0
    told = capsys.readouterr().out
    assert "4 (baseline)" in told
    assert "likely to lower reoffences." in " ".join(told.split())
    assert run_command_line([*said, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["key"] == KEY
