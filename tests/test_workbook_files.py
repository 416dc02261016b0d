"""`compare --out` writes the workbook, and with --ods what LibreOffice makes of it."""

from __future__ import annotations

import json
import os
import zipfile

import pytest

from office import need_soffice
from pathsim.cli.app import run_command_line
from pathsim.errors import InputError
from pathsim.present.workbook import as_ods, workbook
from small_scenario import write_scenarios
from workbook_data import opened, rows_of, told_of_town

COMPARE = ["compare", "baseline.toml", "more.toml", "--replications", "4", "--draws", "0"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenarios(tmp_path))
    return tmp_path


def test_compare_writes_a_workbook_beside_the_results(folder, capsys):
    assert run_command_line([*COMPARE, "--out", "out"]) == 0
    assert "out/workbook.xlsx" in capsys.readouterr().err
    told = json.loads((folder / "out/results.json").read_text())
    rows = rows_of(opened((folder / "out/workbook.xlsx").read_bytes())["Headline differences"])
    plain = told["options"][0]["outcomes"][0]
    assert rows[0]["Option"] == "More <mentors> & more"
    assert rows[0]["Difference"] == pytest.approx(plain["difference"], rel=1e-15)
    assert not (folder / "out/workbook.ods").exists()


def test_a_run_has_no_workbook(folder, capsys):
    arguments = ["run", "baseline.toml", "--replications", "2", "--draws", "0", "--out", "out"]
    assert run_command_line(arguments) == 0
    assert "workbook" not in capsys.readouterr().err
    assert not (folder / "out/workbook.xlsx").exists()


def test_without_gptables_the_rest_is_written_and_it_is_said(folder, capsys, monkeypatch):
    monkeypatch.setattr("pathsim.present.extras.find_spec",
                        lambda name: None if name == "gptables" else True)  # fmt: skip
    assert run_command_line([*COMPARE, "--out", "out"]) == 0
    said = capsys.readouterr().err
    assert "not written: workbook.xlsx needs gptables; install with: pip install" in said
    assert (folder / "out/report.html").exists()
    assert not (folder / "out/workbook.xlsx").exists()


def test_open_document_needs_libreoffice_and_says_so_before_it_simulates(
    folder, capsys, monkeypatch
):
    monkeypatch.setenv("PATH", str(folder))
    assert run_command_line([*COMPARE, "--out", "out", "--ods"]) == 2
    assert "needs LibreOffice (soffice), which is not on the path" in capsys.readouterr().err
    assert not (folder / "out").exists()


def test_open_document_needs_a_folder(folder, capsys):
    assert run_command_line([*COMPARE, "--ods"]) == 2
    assert "--ods: has no folder to write to" in capsys.readouterr().err


def test_libreoffice_opens_the_workbook_and_writes_it_as_open_document(folder, capsys):
    need_soffice()
    assert run_command_line([*COMPARE, "--out", "out", "--ods"]) == 0
    assert "out/workbook.ods" in capsys.readouterr().err
    with zipfile.ZipFile(folder / "out/workbook.ods") as made:
        assert made.read("mimetype") == b"application/vnd.oasis.opendocument.spreadsheet"
        properties = made.read("meta.xml").decode()
    assert "<dc:language>en-GB</dc:language>" in properties
    assert "<dc:title>Options beside Small town</dc:title>" in properties


def test_libreoffice_reads_every_sheet_and_no_formula(tmp_path):
    need_soffice()
    told = told_of_town(tmp_path)
    told["options"][0]["title"] = "=1+1"
    file = workbook(told)
    made = tmp_path / "a.ods"
    made.write_bytes(as_ods(file))
    with zipfile.ZipFile(made) as parts:
        content = parts.read("content.xml").decode()
    for label in opened(file).sheetnames:
        assert f'table:name="{label}"' in content
    assert "table:formula" not in content
    assert "=1+1" in content


def test_what_libreoffice_cannot_do_is_said(tmp_path, monkeypatch):
    made = tmp_path / "soffice"
    made.write_text("#!/bin/sh\necho no luck >&2\nexit 3\n")
    made.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(InputError, match="LibreOffice failed: no luck"):
        as_ods(b"")
