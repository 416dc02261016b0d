"""Messages name the file, line, key and value, and show values as they are written in TOML."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

import pathsim as ps
from pathsim.errors import Problem
from pathsim.people import Cohort
from pathsim.present.table import comparison_tables, run_tables
from pathsim.present.words import alike_legend
from pathsim.study.calibration.posterior import read_posterior
from small_scenario import BASELINE, made_up_comparison, write_scenarios

HEAD = "id,age,sex,offence_group,previous_offences,disposal"


def refused(folder: Path, call) -> str:
    with pytest.raises(ps.InputError) as refusal:
        call()
    return str(refusal.value).replace(f"{folder}/", "")


def of_option(folder: Path, text: str) -> str:
    write_scenarios(folder)
    (folder / "o.toml").write_text(text, encoding="utf-8")
    return refused(folder, lambda: ps.load(folder / "o.toml"))


@pytest.mark.parametrize(
    ("named", "found", "which"),
    [
        ('"/tmp"', "extends", "/tmp, which is a directory, not a file"),
        (
            '["baseline.toml", "/dev/null"]',
            "extends[1]",
            "/dev/null, which is a device, not a file",
        ),
    ],
)
def test_what_is_no_file_is_told_where_it_is_named(tmp_path, named, found, which):
    said = of_option(tmp_path, f'title = "x"\nextends = {named}\n')
    assert said.startswith(f"o.toml:2: {found}: names {which}; found '")


@pytest.mark.parametrize("given", ["{}", "3", '{ title = "y" }'])
def test_before_cannot_be_given(tmp_path, given):
    assert of_option(tmp_path, f"before = {given}\n{BASELINE}") == (
        "o.toml:1: before: is made by pathsim from an option with from_day, and cannot be given; "
        "allowed: a file of its own, with extends and from_day"
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (True, "true"),
        (dt.date(2024, 1, 1), "2024-01-01"),
        (dt.datetime(2024, 1, 1, 10), "2024-01-01T10:00:00"),  # as TOML has it
        (dt.time(10), "10:00:00"),
        ([{"a": True}, {"b": [1, 2.5]}], "[{ a = true }, { b = [1, 2.5] }]"),
        ({}, "{}"),
        ("word", "'word'"),
    ],
)
def test_values_are_shown_as_toml_writes_them(value, written):
    assert str(Problem("no", found=value)) == f"no; found {written}"


def test_long_values_and_lists_that_hold_themselves_are_cut():
    endless: list[object] = [1]
    endless.append(endless)
    for value in ([{"a": 1}] * 1_000_000, endless):
        said = str(Problem("no", found=value)).removeprefix("no; found ")
        assert len(said) == 60
        assert said.endswith("…")


def test_nothing_is_found_as_none_and_an_empty_key_is_seen(tmp_path):
    scenario = ps.load(write_scenarios(tmp_path) / "baseline.toml")
    nothing = refused(tmp_path, lambda: scenario.change("x", {"services.mentor.capacity": None}))
    assert "services.mentor.capacity: has the wrong type; found None; allowed: " in nothing
    empty = refused(tmp_path, lambda: scenario.change("x", {"": 1}))
    assert empty.startswith('"": unknown key; allowed: ')


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{HEAD},age\n1,30,male,theft,0,fine,31\n", "p.csv: age: the column is there twice"),
        (
            f"{HEAD},\n1,30,male,theft,0,fine,\n",
            "p.csv: column 7: has no name in the header; name it or remove it",
        ),
        (
            f"{HEAD}\n1,30,male,theft,0,fine\n2,30,male,theft,0,fine,3,4\n",
            "p.csv:3: has 8 cells, more than the 6 of the header",
        ),
        (
            f"{HEAD}\n1,30,male,theft,0,fine,3\n2,30,male,theft,0,fine,3\n",
            "p.csv:2: has 7 cells, more than the 6 of the header",
        ),
        (
            f'{HEAD}\n1,30,male,theft,0,fine\n2,30,"male,theft,0,fine\n3,30,male,theft,0,fine\n',
            "p.csv:3: is not a table: a quotation mark is opened and not closed",
        ),
    ],
)
def test_a_table_of_people_is_told_of_as_it_stands_in_the_file(tmp_path, text, said):
    (tmp_path / "p.csv").write_text(text, encoding="utf-8")
    assert refused(tmp_path, lambda: Cohort.from_csv(tmp_path / "p.csv")) == said


def test_a_column_of_a_posterior_is_there_once(tmp_path):
    text = "# made up\nhazard.adult_level,hazard.adult_level\n0.1,0.2\n"
    (tmp_path / "p.csv").write_text(text, encoding="utf-8")
    said = refused(tmp_path, lambda: read_posterior(tmp_path / "p.csv"))
    assert said == "p.csv: hazard.adult_level: the column is there twice"


def test_a_misspelt_attribute_is_answered_with_an_attribute_where_one_is_allowed(tmp_path):
    result = made_up_comparison(tmp_path)
    said = refused(tmp_path, lambda: result.baseline.table(group="Sex"))
    assert "did you mean 'sex'?" in said
    with pytest.raises(ps.InputError, match="did you mean 'sex=male'"):
        result.plot.difference(group="Sex")


def test_a_file_unlike_all_others_has_no_nearest_one(tmp_path):
    (tmp_path / "opt").mkdir()
    assert refused(tmp_path, lambda: ps.load(tmp_path / "nope")) == "nope: no such file"


def test_what_is_the_same_in_all_replications_is_explained_only_where_it_is_shown(tmp_path):
    result = made_up_comparison(tmp_path, replications=20)
    told = "\n".join(str(each) for each in comparison_tables(result))
    assert "none in 20 (<14%): no difference seen in 20 replications; with 95% confidence" in told
    assert "in 100" not in told
    assert alike_legend("a table &lt;none&gt; 1 to 2", compared=True) == {}
    page = alike_legend("<td>same in 20 (&lt;14%)</td>", compared=False)
    assert page == {
        "same in 20 (<14%)": "the same value in all 20 replications; with 95% confidence fewer "
        "than 14% differ"
    }


def test_one_replication_is_one(tmp_path):
    run = made_up_comparison(tmp_path, replications=1).baseline
    told = "\n".join(str(each) for each in run_tables(run))
    assert "; 1 replication; " in told
    assert "1 replication, " in repr(run)
