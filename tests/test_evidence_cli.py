"""`pathsim evidence`: prints, exports and checks the register."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from pathsim.cli import main
from pathsim.errors import Problem
from pathsim.scenario import load
from pathsim.scenario.evidence.register import Row, parameters
from pathsim.scenario.evidence.report import Report, report
from pathsim.scenario.evidence.table import evidence_table

REPOSITORY = Path(__file__).parent.parent
DORSET = REPOSITORY / "scenarios" / "dorset" / "baseline.toml"
SMALL = Path(__file__).parent / "data" / "scenarios" / "baseline.toml"
PRICELESS = '\n[costs]\nbreach_gbp = { source = "a guess", grade = "expert", police = 5 }\n'


@pytest.fixture
def priceless(tmp_path: Path) -> Path:
    file = tmp_path / "b.toml"
    file.write_text(
        SMALL.read_text(encoding="utf-8").partition("[costs]")[0] + PRICELESS, encoding="utf-8"
    )
    return file


def test_the_shipped_table_passes_and_its_share_by_grade_is_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["evidence", "--check"]) == 0
    said = capsys.readouterr().out
    assert f"{len(evidence_table())} parameters by grade" in said
    assert "official" in said


def test_the_dorset_baseline_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", str(DORSET), "--check"]) == 0
    assert "error" not in capsys.readouterr().err


def test_the_register_names_parameter_value_grade_and_source(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["evidence", str(DORSET)]) == 0
    said = capsys.readouterr().out
    assert "follow_up.days" in said
    assert "4,500 (3,500 to" in said
    assert "Derived: national" in said
    assert f"{len(parameters(load(DORSET)))} parameters by grade" in said


def test_a_failed_check_is_code_2_and_names_the_line(
    priceless: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = priceless.read_text(encoding="utf-8").splitlines().index(PRICELESS.splitlines()[2]) + 1
    assert main(["evidence", str(priceless), "--check"]) == 2
    said = capsys.readouterr().err
    assert f"b.toml:{line}: costs.breach_gbp.police: is a price without a price year" in said


def test_without_check_a_problem_does_not_stop_the_register(priceless: Path) -> None:
    assert main(["evidence", str(priceless)]) == 0


def test_a_bare_number_is_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = DORSET.read_text(encoding="utf-8") + "\n[pools.planted]\ncapacity = 5\n"
    (tmp_path / "b.toml").write_text(text, encoding="utf-8")
    assert main(["evidence", str(tmp_path / "b.toml"), "--check"]) == 2
    line = len(text.splitlines())
    expected = f"b.toml:{line}: pools.planted.capacity: has no source"
    assert expected in capsys.readouterr().err


def test_out_writes_the_register_as_csv(tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    assert main(["evidence", str(SMALL), "--out", str(file)]) == 0
    assert b"\r" not in file.read_bytes()
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["parameter"] for row in rows] == [each.key for each in parameters(load(SMALL))]
    assert all(row["source"] and row["grade"] for row in rows)


def test_cautions_of_a_kind_are_one_line_that_counts_the_others() -> None:
    found = [("a", "is old"), ("b", "is dear"), ("c", "is dear"), ("d", "is far"), ("e", "is dear")]
    cautions = [Problem(message, key=key) for key, message in found]
    assert list(Report("x", [], [], cautions).caution_lines()) == [
        "a: is old",
        "b and 2 more: is dear",
        "d: is far",
    ]


def test_numbers_stand_right_and_no_parameter_or_value_is_cut() -> None:
    register, grades = report(SMALL).grids()
    columns = [*register.columns, *grades.columns]
    right = {column.header for column in columns if column.justify == "right"}
    assert right == {"Value", "Parameters", "Share"}
    assert [column.header for column in columns if column.overflow == "fold"] == [
        "Parameter",
        "Value",
    ]


SHORT = Row("a", 1.0, "", None, None, "expert", "b", "", "", None, "")


def lines_of(row: Row, width: int) -> int:
    """Return how many lines a terminal of a width has of a register of one row."""
    console = Console(width=width, file=io.StringIO())
    grid, _ = Report("", [row], [], []).grids()
    with console.capture() as shown:
        console.print(grid)
    return shown.get().count("\n")


@pytest.mark.parametrize("width", [30, 50, 80])
def test_only_a_parameter_and_its_value_go_on_on_another_line(width: int) -> None:
    words = "many words that fill a line " * 9
    least = lines_of(SHORT, width)
    for more in ({"source": words}, {"review": date(2031, 12, 31)}):
        assert lines_of(replace(SHORT, **more), width) == least
    for more in ({"parameter": words}, {"value": words}):
        assert lines_of(replace(SHORT, **more), width) > least


def test_another_suffix_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evidence", "--out", str(tmp_path / "r.pdf")]) == 2
    assert "has no known suffix for a register; allowed: .csv" in capsys.readouterr().err


def test_json_holds_everything_and_nothing_else_is_printed(
    priceless: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evidence", str(priceless), "--check", "--json"]) == 2
    data = json.loads(capsys.readouterr().out)
    assert len(data["parameters"]) == sum(data["grades"].values())
    assert ["costs.breach_gbp.police" in each for each in data["problems"]] == [True]
