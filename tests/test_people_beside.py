"""A cohort beside a scenario's own people: shares by hand, of those alone who enter."""

from __future__ import annotations

import io
import json

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
