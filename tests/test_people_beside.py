"""A cohort beside a scenario's own people: shares by hand, of those alone who enter."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from rich.console import Console

import pathsim as ps
from pathsim.cli.app import run_command_line
from pathsim.people.beside import beside
from pathsim.present.beside import beside_table
from small_town import TOWN

EXACT = 1e-12


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    file = tmp_path_factory.mktemp("town") / "town.toml"
    file.write_text(TOWN, encoding="utf-8")
    return ps.Cohort.from_scenario(ps.load(file))


def test_shares_and_risks_stand_side_by_side(own):
    frame = own.frame
    women = frame.assign(sex="female", risk_two_year_percent=40.0, risk_one_year_percent=20.0)
    table = beside(ps.Cohort.from_frame(women.head(20)), own).set_index(["of", "level"])
    share = float((frame["sex"] == "female").mean())
    row = table.loc[("sex", "female")]
    assert row["people"] == 20
    assert row["value"] == 1.0
    assert row["scenario"] == pytest.approx(share, abs=EXACT)
    assert row["difference"] == pytest.approx(1.0 - share, abs=EXACT)
    risk = table.loc[("risk_two_year_percent", "mean")]
    assert risk["value"] == pytest.approx(40.0, abs=EXACT)
    assert risk["scenario"] == pytest.approx(float(frame["risk_two_year_percent"].mean()), abs=1e-9)


def test_a_cohort_beside_itself_differs_in_nothing(own):
    table = beside(own, own)
    assert (table["difference"] == 0.0).all()
    sums = table[table["of"] == "disposal"]["value"].sum()
    assert sums == pytest.approx(1.0, abs=EXACT)


def brought(own, **columns):
    """Return twenty people of whom a table says no ethnicity, needs or lengths of custody."""
    kept = ["id", "age", "sex", "offence_group", "previous_offences"]
    return own.frame.head(20)[kept].astype({"sex": object}).assign(**columns)


# What is assumed is warned of; the warnings have their own tests.
@pytest.mark.filterwarnings("ignore::pathsim.errors.InputWarning")
def test_custody_of_unknown_length_is_unknown_and_not_none(own):
    disposals = ["custody"] * 5 + ["fine"] * 15
    people = ps.Cohort.from_frame(brought(own, disposal=disposals, sentence_days=np.nan))
    table = beside(people, own).set_index(["of", "level"])
    assert table.loc[("sentence_band", "unknown"), "people"] == 5
    assert table.loc[("sentence_band", "none"), "people"] == 15
    days = [np.nan, np.nan, 30.0, 30.0, 30.0] + [np.nan] * 15
    frame = brought(own, disposal=disposals, sentence_days=days)
    table = beside(ps.Cohort.from_frame(frame), own).set_index(["of", "level"])
    assert table.loc[("sentence_band", "unknown"), "people"] == 2
    assert table.loc[("sentence_band", "none"), "people"] == 15


@pytest.mark.filterwarnings("ignore::pathsim.errors.InputWarning")
def test_what_is_assumed_is_marked(own):
    ethnicity = ["white"] * 12 + [None] * 8
    people = ps.Cohort.from_frame(brought(own, disposal="fine", ethnicity=ethnicity))
    rows = beside(people, own)
    assumed = rows.set_index(["of", "level"])["assumed"]
    assert assumed[("ethnicity", "other")] == 8
    assert assumed[("ethnicity", "white")] == 0
    assert assumed[("need_accommodation", "yes")] == 20
    assert assumed["sex"].sum() == assumed["disposal"].sum() == 0
    shown = written(rows)
    assert "ethnicity=other (assumed for 8)" in shown
    assert "need_accommodation=yes (no assumed for 20)" in shown
    assert "sex=male (" not in shown
    nobody = beside(ps.Cohort.from_frame(brought(own, disposal="fine")), own)
    assert "ethnicity=other (assumed for 20)" in written(nobody)
    assert (beside(own, own)["assumed"] == 0).all()


def written(rows):
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(beside_table(rows, scenario="Town"))
    return console.export_text()


def test_only_who_enters_counts():
    baseline = ps.load("dorset/baseline")
    cohort = ps.Cohort.from_scenario(baseline)
    table = beside(cohort, cohort)
    ages = table[table["of"] == "age_group"]
    assert ages["people"].sum() == cohort.enters().sum() < len(cohort)


def test_it_is_shown_in_percent_and_points(own):
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(beside_table(beside(own, own), scenario="Town [bold]"))
    shown = console.export_text()
    assert "Town [bold]" in shown
    assert "+0.0 points" in shown
    assert "risk_two_year_percent: mean" in shown


# Made-up people draw many warnings; those that matter are tried by name.
@pytest.mark.filterwarnings("ignore::pathsim.errors.InputWarning")
def test_the_shell_shows_them_beside_a_scenario(own, tmp_path, capsys):
    town, file = tmp_path / "town.toml", tmp_path / "people.csv"
    town.write_text(TOWN, encoding="utf-8")
    own.frame.head(40).to_csv(file, index=False)
    verb = ["cohort", "check", str(file), "--scenario", str(town)]
    assert run_command_line(verb) == 0
    shown = capsys.readouterr().out
    assert "These people beside those of" in shown
    assert "40 people" in shown
    assert run_command_line([*verb, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["beside"]
    assert sum(row["people"] for row in rows if row["of"] == "sex") == 40
