"""What comes with the package is found by name, in a clone and in a wheel alike."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import pathsim as ps
from pathsim.cli import main
from pathsim.present import extras
from pathsim.scenario.shipped import shipped_posteriors, shipped_scenarios
from pathsim.study.calibration.posterior import read_posterior
from small_scenario import write_scenarios

ROOT = Path(__file__).parents[1]
HELD = 'extends = "dorset/baseline"\ntitle = "Mine"\nservices.gps_tag.capacity = 30\n'


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_scenario_of_the_clone_has_a_name_and_its_title():
    found = ps.scenarios()
    files = [file for file in (ROOT / "scenarios").glob("*/*.toml") if file.stem != "targets"]
    assert sorted(found) == sorted(f"{file.parent.name}/{file.stem}" for file in files)
    assert next(iter(found)) == "dorset/baseline"
    assert found["dorset/baseline"] == "Dorset 2021/22"
    assert all(ps.load(name).title == title for name, title in found.items())


def test_the_wheel_takes_the_scenarios_of_the_clone():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["force-include"] == {"scenarios": "pathsim/scenarios"}


def test_a_shipped_name_goes_wherever_a_file_does(folder, capsys):
    (folder / "mine.toml").write_text(HELD, encoding="utf-8")
    assert main(["validate", "dorset/more-tags", "mine.toml"]) == 0
    assert main(["evidence", "mine.toml", "--check"]) == 0
    few = ["--draws", "0", "--replications", "2"]
    assert main(["compare", "dorset/baseline", "mine.toml", *few]) == 0
    assert "Mine  (mine.toml)" in capsys.readouterr().out
    option = ps.load("mine.toml")
    assert option.services["gps_tag"].capacity.value == 30
    assert Path(option.lineage.files[0].path) == shipped_scenarios()["dorset/baseline"]


def test_a_path_that_exists_goes_before_a_shipped_name(folder):
    (folder / "dorset").mkdir()
    write_scenarios(folder / "dorset")
    assert ps.load("dorset/baseline").title == "Dorset 2021/22"
    (folder / "dorset" / "baseline.toml").rename(folder / "dorset" / "baseline")
    assert ps.load("dorset/baseline").title == "Small town"


def test_a_name_that_is_neither_is_refused_with_the_nearest_of_both(folder, capsys):
    write_scenarios(folder)
    assert main(["validate", "dorset/baselin", "baselin.toml", "more-tags.toml"]) == 2
    said = capsys.readouterr().err.splitlines()
    shipped = "the shipped scenario nearest to it is"
    assert said == [
        f"error: dorset/baselin: no such file; {shipped} 'dorset/baseline'",
        "error: baselin.toml: no such file; did you mean 'baseline.toml'?",
        f"error: more-tags.toml: no such file; did you mean 'more.toml'?; {shipped} "
        "'dorset/more-tags'",
    ]


def test_the_list_is_printed_by_a_command(capsys):
    assert main(["scenarios"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(ps.scenarios())
    assert lines[0].split(maxsplit=1) == ["dorset/baseline", "Dorset 2021/22"]


def test_a_posterior_may_be_given_by_name(folder):
    assert sorted(shipped_posteriors()) == ["dorset", "england-and-wales"]
    file = ROOT / "scenarios" / "dorset" / "posterior.csv"
    assert read_posterior("dorset").table.equals(read_posterior(file).table)
    with pytest.raises(ps.InputError, match=r"a \.csv file, or one of dorset, england-and-wales"):
        read_posterior("doset")


def test_calibrate_does_not_write_into_what_is_shipped(folder, capsys):
    arguments = ["calibrate", "dorset/baseline", "--out", "x.csv", "--write"]
    assert main(arguments) == 2
    assert "so --write has nothing to write into" in capsys.readouterr().err


def test_out_without_the_extra_writes_what_it_can_and_says_the_rest(folder, capsys, monkeypatch):
    write_scenarios(folder)
    compare = ["compare", "baseline.toml", "more.toml", "--replications", "2", "--out", "o"]
    found = extras.find_spec
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name == "jinja2" else found(name))
    assert main(compare) == 0
    written = sorted(path.name for path in (folder / "o").iterdir())
    assert written == ["manifest.json", "results.json", "summary.csv", "workbook.xlsx"]
    said = capsys.readouterr().err
    assert "written: o/summary.csv, o/results.json, o/workbook.xlsx, o/manifest.json\n" in said
    hint = "report.html needs jinja2; install with: pip install 'offender-pathsim[report]'"
    assert f"not written: {hint}\n" in said
    monkeypatch.setattr(extras, "find_spec", found)
    assert main(compare) == 0
    assert (folder / "o" / "report.html").exists()
    monkeypatch.setattr(extras, "find_spec", lambda name: None if name == "jinja2" else found(name))
    assert main(compare) == 0
    assert f"{hint}; o/report.html is an older one" in capsys.readouterr().err
