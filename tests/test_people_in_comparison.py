"""Brought people in runs and comparisons: whose they are, whose places, and what they can start."""

import json
import re
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import pathsim as ps
from pathsim.cli import main
from pathsim.engine.lowering import lower
from pathsim.outcomes.unpaired import compare_apart
from pathsim.people import Cohort
from pathsim.present.columns import columns_page
from pathsim.scenario.load import load
from small_scenario import write_scenarios

FAST = ["--replications", "3", "--workers", "1"]
ROOT = Path(__file__).parents[1]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenarios(tmp_path))
    frame = Cohort.from_scenario(load("baseline.toml")).frame
    frame.to_csv("all.csv", index=False)
    frame.iloc[:50].to_csv("half.csv", index=False)
    return tmp_path


def told(call, *arguments, **choices):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = call(*arguments, **choices)
    return result, [str(each.message) for each in caught]


def test_a_cohort_is_a_path_a_table_or_a_cohort(folder):
    own = ps.run("baseline.toml", replications=2).table()
    for source in ("all.csv", Path("all.csv"), pd.read_csv("all.csv"), Cohort.of("all.csv")):
        brought = ps.run("baseline.toml", replications=2, cohort=source).table()
        pd.testing.assert_frame_equal(brought, own)


def test_the_shell_follows_a_brought_cohort_in_every_scenario(folder, capsys):
    assert main(["run", "baseline.toml", "--cohort", "all.csv", *FAST, "--json"]) == 0
    run = json.loads(capsys.readouterr().out)
    assert main(["run", "baseline.toml", *FAST, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["scenario"] == run["scenario"]
    call = ["compare", "baseline.toml", "more.toml", "--cohort", "half.csv", *FAST]
    assert main([*call, "--scale", "0.5", "--json"]) == 0
    origin = json.loads(capsys.readouterr().out)["run"]
    assert (origin["people"], origin["people_from"], origin["scale"]) == (50, "half.csv", 0.5)
    assert main([*call, "--scale", "0.5"]) == 0
    assert "50 people of half.csv; scale 0.5; 3 replications" in capsys.readouterr().out


def test_a_bad_cohort_ends_with_2_and_no_traceback(folder, capsys):
    Path("bad.csv").write_text("id;age\n1;x\n")
    for verb in (["run", "baseline.toml"], ["compare", "baseline.toml", "more.toml"]):
        assert main([*verb, "--cohort", "bad.csv", *FAST]) == 2
        assert "bad.csv: sex: the column is missing" in capsys.readouterr().err


@pytest.mark.parametrize("verb", [["validate"], ["run"], ["compare", "baseline.toml"]])
def test_a_table_in_place_of_a_scenario_is_told_how_it_is_checked(folder, capsys, verb):
    assert main([*verb, "half.csv"]) == 2
    said = capsys.readouterr().err
    assert "half.csv: is a table, not a scenario; check people with `pathsim cohort check" in said


def test_other_people_are_refused_at_the_key_of_the_cohort(folder):
    write_others()
    with pytest.raises(ps.InputError) as refused:
        ps.compare("baseline.toml", "others.toml", replications=2)
    assert [each.key for each in refused.value.problems] == ["cohort"]


def write_others(name="others.toml", file="half.csv"):
    Path(name).write_text(
        f'extends = "baseline.toml"\ntitle = "Others"\n[cohort]\nkind = "table"\nfile = "{file}"\n'
    )


def test_different_people_are_refused_with_what_differs(folder, capsys):
    write_others()
    assert main(["compare", "baseline.toml", "others.toml", *FAST]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert (
        "the option 'Others' follows other people than the baseline: 100 people of its own cohort "
        f"against 50 people of {folder / 'half.csv'}, 50 ids on both sides; options are compared "
        "on the same people: give one cohort for all (--cohort FILE, cohort=), or ask"
    ) in said.err
    frame = pd.read_csv("all.csv")
    frame.assign(previous_offences=2).to_csv("changed.csv", index=False)
    write_others(file="changed.csv")
    with pytest.raises(ps.InputError, match="the same ids but other values of previous_offences"):
        ps.compare("baseline.toml", "others.toml", replications=2)


def test_the_same_people_in_another_order_are_compared(folder):
    pd.read_csv("all.csv").iloc[::-1].to_csv("turned.csv", index=False)
    write_others(file="turned.csv")
    result = ps.compare("baseline.toml", "others.toml", replications=2)
    assert (result.table(group="all")["difference"].dropna() == 0).all()


def test_one_cohort_for_all_makes_different_people_the_same(folder):
    write_others()
    result = ps.compare("baseline.toml", "others.toml", replications=2, cohort="all.csv")
    assert (result.table(group="all")["difference"].dropna() == 0).all()


def _every_replication(run, outcome):
    place = run.values.rows.index((outcome, "all"))  # noqa: PD011 no table
    return run.values.data[:, place]  # noqa: PD011 no table


def test_an_unpaired_comparison_is_of_two_independent_samples(folder):
    write_others()
    result, said = told(ps.compare, "baseline.toml", "others.toml", replications=8, unpaired=True)
    assert any("places of services and custody are those of 100 people, and 50" in s for s in said)
    assert result.provenance["unpaired"] == [100, 50]
    origin = [result.provenance[key] for key in ("seed", "people", "people_from")]
    assert origin == [1, 100, ""]
    assert result.provenance["posterior_draws"] == 0
    assert result.provenance["scenario"] == {"title": "Small town", "file": "baseline.toml"}
    baseline = ps.run("baseline.toml", replications=8, seed=1)
    option, _ = told(ps.run, "others.toml", replications=8, seed=2)
    table = result.table(group="all").set_index("outcome")
    for outcome in ("cost_total", "reoffences_per_person", "proven_reoffending_rate"):
        ours, theirs = (_every_replication(run, outcome) for run in (baseline, option))
        test = stats.ttest_ind(theirs, ours, equal_var=False)
        interval = test.confidence_interval(0.95)
        row = table.loc[outcome]
        assert row["difference"] == pytest.approx(theirs.mean() - ours.mean(), rel=1e-9)
        half = (interval.high - interval.low) / 2
        assert row["low"] == pytest.approx(interval.low, abs=1e-3 * half)
        assert row["high"] == pytest.approx(interval.high, abs=1e-3 * half)
        below = stats.mannwhitneyu(ours, theirs).statistic / 64  # ours above theirs, ties half
        assert row["chance_better"] == pytest.approx(below)
        assert np.isnan(row["variance_ratio"])


def test_an_unpaired_comparison_says_so_everywhere(folder, capsys):
    write_others()
    call = ["compare", "baseline.toml", "others.toml", "--unpaired", *FAST]
    assert main([*call, "--out", "out"]) == 0
    out = capsys.readouterr().out
    assert "UNPAIRED: the scenarios follow different people (100 against 50)" in out
    assert "paired replications" not in out
    report = Path("out/report.html").read_text()
    assert "<strong>Unpaired:</strong>" in report
    assert "same random numbers" not in report
    assert json.loads(Path("out/results.json").read_text())["run"]["unpaired"] == [100, 50]


def test_welch_leaves_out_what_is_undefined_and_has_no_interval_where_nothing_varies():
    nan = np.nan
    ours = np.array([[1.0, 2.0, nan, 3.0], [1.0, 4.0, 5.0, 4.0], [1.0, 6.0, nan, 8.0]])
    theirs = np.array([[2.0, 1.0, 5.0, nan], [2.0, 4.0, 5.0, 2.0], [2.0, 3.0, 5.0, 4.0]])
    found = compare_apart(ours, theirs, better=np.array([1, -1, 0, -1]))
    assert (found.difference.mean[0], found.same_in[0]) == (1.0, 3.0)
    assert np.isnan([found.difference.low[0], found.difference.high[0]]).all()
    assert found.share_of_years_better[0] == 1.0
    assert found.share_of_years_better[1] == pytest.approx((2.0 + 3.0 + 1.5) / 9 + 0.0)
    interval = stats.ttest_ind([2.0, 4.0], ours[:, 3], equal_var=False).confidence_interval(0.95)
    assert found.difference.low[3] == pytest.approx(interval.low, rel=0.03)
    assert found.difference.high[3] == pytest.approx(interval.high, rel=0.03)
    assert np.isnan(found.share_of_years_better[2])


def test_places_of_others_are_said_with_the_scale_that_fits(folder):
    said = told(ps.run, "baseline.toml", replications=1, cohort="half.csv")[1]
    words = "places of services and custody are those of 100 people, and 50 are followed; scale"
    assert said == [f"{words} = 0.5 would fit them"]
    assert told(ps.run, "baseline.toml", replications=1, cohort="half.csv", scale=0.5)[1] == []
    unlimited = load("baseline.toml").change("no", {"services.mentor.capacity": "unlimited"})
    assert told(ps.run, unlimited, replications=1, cohort="half.csv")[1] == []


def test_an_option_with_other_people_keeps_for_how_many_its_places_are(folder):
    write_others()
    assert load("others.toml").places_for == 100
    said = told(ps.run, "others.toml", replications=1)[1]
    assert [each for each in said if "those of 100 people, and 50 are followed" in each]
    fitting = load("others.toml").change("fits", {"scale": 0.5})
    assert told(ps.run, fitting, replications=1)[1] == []
    own = load("others.toml").change("own", {"places_for": 50})
    assert told(ps.run, own, replications=1)[1] == []


def test_a_scenarios_own_table_is_read_once(folder, monkeypatch):
    table = 'kind = "table"\nfile = "half.csv"'
    text = Path("baseline.toml").read_text()
    rows = text[text.index('kind = "rows"') : text.index("[follow_up]")]
    Path("own.toml").write_text(text.replace(rows, f"{table}\n"))
    read, names = Cohort.from_file, []
    monkeypatch.setattr(Cohort, "from_file", lambda path: names.append(path) or read(path))
    assert told(ps.run, "own.toml", replications=1)[1] == []
    assert len(names) == 1


RICH = {
    "services.mentor.capacity": 7,
    "services.mentor.cost_per_place_year_gbp": 1000,
    "custody.capacity": 10,
}


@pytest.mark.parametrize(
    ("scale", "mentors", "cells", "rounds"),
    [
        (1, 7, 10, []),
        (2, 14, 20, []),
        (0.5, 4, 5, ["services.mentor.capacity 3.5 to 4"]),
        (0.1, 1, 1, ["services.mentor.capacity 0.7 to 1"]),
        (0.01, 1, 1, ["services.mentor.capacity 0.07 to 1", "custody.capacity 0.1 to 1"]),
        (0, None, None, None),
        (float("nan"), None, None, None),
        ("half", None, None, None),
        (True, None, None, None),
    ],
)
def test_a_scale_multiplies_places_and_their_fixed_cost(folder, scale, mentors, cells, rounds):
    rich = load("baseline.toml").change("rich", RICH)
    if mentors is None:
        with pytest.raises(ps.InputError, match="scale: is out of range"):
            ps.run(rich, replications=1, scale=scale)
        return
    scaled = rich.change("scaled", {"scale": scale}) if scale != 1 else rich
    low = lower(scaled, Cohort.from_scenario(scaled))
    assert low.capacity_days.tolist() == [mentors * 365.0]
    assert low.custody_places.tolist() == [cells]
    assert low.place_cost.sum() == pytest.approx(7 * 1000 * scale)
    _, said = told(ps.run, scaled, replications=1)
    said = [each for each in said if each.startswith("scale rounds places: ")]
    assert said == ([f"scale rounds places: {', '.join(rounds)}"] if rounds else [])


def test_a_scale_is_that_of_the_file_or_of_the_run_and_of_both_engines(folder):
    rich = load("baseline.toml").change("rich", RICH)
    by_hand = {"services.mentor.capacity": 14, "custody.capacity": 20}
    expected = ps.run(rich.change("by hand", by_hand), replications=2).table()
    for scaled in (rich.change("key", {"scale": 2}), rich):
        choices = {} if scaled is not rich else {"scale": 2.0}
        for engine in ("kernel", "reference"):
            run, _ = told(ps.run, scaled, replications=2, engine=engine, **choices)
            pd.testing.assert_frame_equal(run.table(), expected, check_exact=False, rtol=1e-9)


def test_pools_are_scaled_too(folder):
    text = Path("baseline.toml").read_text().replace("capacity = 6", 'pool = "shared"')
    Path("pool.toml").write_text(f"{text}\n[pools.shared]\ncapacity = 6\n")
    scaled = load("pool.toml").change("half", {"scale": 0.5})
    low = lower(scaled, Cohort.from_scenario(scaled))
    assert low.capacity_days.tolist() == [3 * 365.0]


def test_a_dated_option_is_scaled_before_and_after_its_day(folder):
    later = load("baseline.toml").change("later", {"services.mentor.capacity": 12}, from_day=100)
    scaled, _ = told(ps.run, later, replications=1, scale=0.5)
    low = lower(scaled.request.scenario, Cohort.from_scenario(later))
    assert low.tables.pool_capacity[:, 0].tolist() == [3, 6]


CHAIN = """
[areas]
bcp = { title = "BCP", share = 0.5 }
dorset = { title = "Dorset Council" }
[services.second]
title = "Second"
trigger = { services = ["first"] }
referral = 1
duration_days = 10
[services.first]
title = "First"
trigger = { reoffence = true }
eligible = { needs_any = ["health"] }
referral = 1
duration_days = 10
[services.third]
title = "Third"
trigger = { release = true }
requires_any = ["second"]
referral = 1
duration_days = 10
[services.women_of_bcp]
title = "Women of BCP"
trigger = { reoffence = true }
eligible = { sex = ["female"], area = ["bcp"] }
referral = 1
duration_days = 10
"""


def test_services_that_nobody_can_start_are_named_with_the_column_they_lack(folder):
    Path("chain.toml").write_text(Path("baseline.toml").read_text() + CHAIN)
    assert told(ps.run, "chain.toml", replications=1)[1] == []
    frame = pd.read_csv("all.csv").assign(area="bcp")
    _, said = told(ps.run, "chain.toml", replications=1, cohort=frame)
    assert said == ["the table: of these people nobody can start first, second, third"]
    short = frame.drop(columns=[name for name in frame if name.startswith("need_")] + ["area"])
    _, said = told(ps.run, "chain.toml", replications=1, cohort=short)
    assert said == [
        "the table: assumed, where nothing is given: needs: nobody has any",
        "the table: assumed, where nothing is given: area: dorset for everybody",
        "the table: nothing is given of area, needs, so nobody can start first, women_of_bcp",
        "the table: of these people nobody can start second, third",
    ]
    frame["need_health"] = "yes"
    assert told(ps.run, "chain.toml", replications=1, cohort=frame)[1] == []


def test_starts_after_the_intake_window_are_said(folder):
    frame = pd.read_csv("all.csv").assign(start_day=400)
    _, said = told(ps.run, "baseline.toml", replications=1, cohort=frame)
    assert said == [
        "the table: start_day of 100 people is after the intake window of 365 days; "
        "it is in days from the window's first day"
    ]


def test_the_page_of_columns_is_what_the_command_prints(capsys):
    assert main(["cohort", "columns", "--markdown"]) == 0
    page = capsys.readouterr().out
    assert page == columns_page()
    assert (ROOT / "docs" / "cohort-columns.md").read_text(encoding="utf-8") == page
    assert main(["cohort", "columns", "--json"]) == 0
    columns = json.loads(capsys.readouterr().out)["columns"]
    assert [each["column"] for each in columns] == re.findall(r"^\| `(\w+)`", page, re.MULTILINE)
    for each in columns:
        assert re.search("Delius|OASys|PNC|all four", each["where found"]), each["column"]
    assert "Delius" in page
    assert main(["cohort", "columns"]) == 0
    assert "need_accommodation" in capsys.readouterr().out


def test_check_says_what_is_assumed_and_what_cannot_start(folder, capsys):
    assert main(["cohort", "check", "all.csv"]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("all.csv: ok; 100 people\n", "")
    pd.read_csv("half.csv").drop(columns="area").to_csv("short.csv", index=False)
    Path("chain.toml").write_text(Path("baseline.toml").read_text() + CHAIN)
    assert main(["cohort", "check", "short.csv", "--scenario", "chain.toml"]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "warning: short.csv: assumed, where nothing is given: area: dorset for everybody",
        "warning: short.csv: nothing is given of area, so nobody can start women_of_bcp",
        "warning: short.csv: of these people nobody can start first, second, third",
        "warning: places of services and custody are those of 100 people, and 50 are followed; "
        "scale = 0.5 would fit them",
    ]


def test_check_reports_by_kind_and_shows_no_cell_but_levels(folder, capsys):
    frame = pd.read_csv("all.csv").astype(object)
    frame.loc[:9, "age"] = "SECRET1"
    frame.loc[5, "previous_offences"] = "SECRET2"
    frame.loc[:1, "id"] = "SECRET3"
    frame.loc[20:69, "sex"] = "mle"
    frame.to_csv("bad.csv", index=False)
    assert main(["cohort", "check", "bad.csv"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "SECRET" not in said.err
    lines = said.err.splitlines()
    assert lines == [
        "error: bad.csv:2: age: must be a whole number in 10 rows: 2, 3, 4, …; allowed: 10 to 110",
        "error: bad.csv:3: id: the id is there twice in 1 row: 3",
        "error: bad.csv:7: previous_offences: must be a whole number in 1 row: 7; "
        "allowed: 0 to 1000",
        "error: bad.csv:22: sex: unknown level in 50 rows: 22, 23, 24, …; values: 'mle' (50); "
        "did you mean 'male'?; allowed: male, female",
    ]
