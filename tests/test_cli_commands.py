"""The verbs from the shell: what they print, what they write, and the same figures as in Python."""

import io
import json
import re

import pandas as pd
import pytest
from rich.console import Console

import pathsim as ps
from pathsim.cli import main
from pathsim.present.table import comparison_tables
from small_scenario import write_scenarios

FAST = ["--replications", "3", "--workers", "2"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenarios(tmp_path))
    return tmp_path


def test_compare_prints_a_table_for_each_option(folder, capsys):
    assert main(["compare", "baseline.toml", "more.toml", *FAST]) == 0
    out = capsys.readouterr().out
    assert "More <mentors> & more  (more.toml)" in out
    for words in (
        "Proven reoffending rate",
        "95% interval",
        "Cost, total",
        "mean wait, days",
        " pp",
    ):
        assert words in out
    assert "baseline: Small town; 100 people; 3 replications; seed 1; kernel engine" in out
    assert max(map(len, out.splitlines())) <= 100


def test_a_narrow_terminal_gets_fewer_columns_that_fit(folder):
    result = ps.compare("baseline.toml", ["more.toml"], replications=3)
    console = Console(width=80, record=True, file=io.StringIO())
    for part in comparison_tables(result, narrow=True):
        console.print(part)
    out = console.export_text()
    assert re.search(r"Reoffences, from +\S.*\n sentence ", out)
    assert "saved" not in out.split("difference:")[0]
    assert "\N{HORIZONTAL ELLIPSIS}" not in out


def test_json_is_all_there_is_on_standard_output(folder, capsys):
    assert main(["compare", "baseline.toml", "more.toml", "same.toml", *FAST, "--json"]) == 0
    said = capsys.readouterr()
    data = json.loads(said.out)
    assert list(data) == ["schema", "run", "baseline", "options"]
    assert [option["file"] for option in data["options"]] == ["more.toml", "same.toml"]
    assert "warning: same.toml: changes nothing" in said.err
    assert "9 of 9 replications" in said.err


def test_the_shell_and_python_give_the_same_figures(folder, capsys):
    main(["compare", "baseline.toml", "more.toml", *FAST, "--json", "--seed", "5"])
    shell = json.loads(capsys.readouterr().out)
    python = ps.compare("baseline.toml", ["more.toml"], replications=3, seed=5).to_dict()
    assert shell["options"] == python["options"]
    assert shell["baseline"] == python["baseline"]


def test_any_number_of_workers_prints_the_same_outcomes(folder, capsys):
    found = []
    for workers in ("1", "2", "3"):
        choice = ["--replications", "5", "--workers", workers, "--json"]
        assert main(["compare", "baseline.toml", "more.toml", *choice]) == 0
        data = json.loads(capsys.readouterr().out)
        found.append((data["baseline"], data["options"]))
    assert found[0] == found[1] == found[2]


def test_out_gets_the_summary_the_results_and_the_report(folder, capsys):
    assert main(["compare", "baseline.toml", "more.toml", *FAST, "--json", "--out", "a/b"]) == 0
    place = folder / "a" / "b"
    assert sorted(path.name for path in place.iterdir()) == [
        "manifest.json",
        "report.html",
        "results.json",
        "summary.csv",
        "workbook.xlsx",
    ]
    said = capsys.readouterr()
    told, printed = json.loads((place / "results.json").read_text()), json.loads(said.out)
    assert (told["schema"], printed["schema"]) == ("pathsim.results/1", "pathsim.comparison/1")
    assert told["run"] == printed["run"]
    parts = zip(told["options"], printed["options"], strict=True)
    for more, least in ((told["baseline"], printed["baseline"]), *parts):
        assert {key: more[key] for key in least} == least, "the file holds what is printed"
    summary = pd.read_csv(place / "summary.csv")
    assert {"option", "outcome", "group", "difference", "variance_ratio"} <= set(summary.columns)
    assert (place / "report.html").read_text().startswith("<!DOCTYPE html>")
    assert "written: a/b/summary.csv" in said.err


def test_run_prints_outcomes_costs_and_services(folder, capsys):
    assert main(["run", "baseline.toml", *FAST]) == 0
    out = capsys.readouterr().out
    for words in ("Small town", "Costs by payer", "Cost: society", "mentor", "places in use"):
        assert words in out


def test_run_prints_and_writes_what_compare_does(folder, capsys):
    assert main(["run", "baseline.toml", *FAST, "--json", "--out", "out"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert list(data) == ["schema", "run", "scenario"]
    assert data["scenario"]["file"] == "baseline.toml"
    assert set(data["scenario"]["outcomes"][0]) == {
        "outcome",
        "group",
        "mean",
        "se",
        "low",
        "high",
        "same_in",
        "differs_at_most",
        "sd_doubt",
        "sd_chance",
    }
    assert len(list((folder / "out").iterdir())) == 4


@pytest.mark.parametrize("name", ["log.csv", "new/log.parquet"])
def test_run_writes_the_event_log_of_one_replication(folder, name, capsys):
    assert main(["run", "baseline.toml", *FAST, "--log", name]) == 0
    read = pd.read_csv if name.endswith("csv") else pd.read_parquet
    log = read(folder / name)
    assert list(log.columns) == ["replication", "person", "time", "event", "detail"]
    assert set(log["replication"]) == {0}
    assert log["time"].is_monotonic_increasing
    assert (log["event"] == "end").sum() == 100
    assert f"written: {name}" in capsys.readouterr().err


def test_both_engines_may_be_chosen(folder, capsys):
    found = []
    for engine in ("kernel", "reference"):
        assert main(["run", "baseline.toml", *FAST, "--engine", engine, "--json"]) == 0
        data = json.loads(capsys.readouterr().out)
        assert data["run"]["engine"] == engine
        rates = [each for each in data["scenario"]["outcomes"] if each["group"] == "all"]
        found.append(rates[0]["mean"])
    assert found[0] == found[1]


def test_validate_says_well_of_each_file(folder, capsys):
    assert main(["validate", "baseline.toml", "more.toml"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "baseline.toml: ok; 'Small town', 100 people",
        "more.toml: ok; 'More <mentors> & more', 100 people",
    ]


def test_schema_is_json_that_knows_the_scenario(capsys):
    assert main(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert "services" in json.dumps(schema)


def test_version_and_help_are_quick_to_say(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"pathsim {ps.__version__}\n"
    assert main(["--help"]) == 0
    assert "compare" in capsys.readouterr().out
