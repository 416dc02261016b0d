"""`pathsim init` makes a folder in which every command of its README runs."""

from __future__ import annotations

import re
import shlex

import nbformat
import pytest
from nbclient import NotebookClient

import pathsim as ps
from pathsim.cli.app import run_command_line

FILES = ["README.md", "baseline.toml", "first-answer.ipynb", "more-tags.toml"]
FEW = "--draws 2 --replications 2"


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run_command_line(["init", "ours"]) == 0
    monkeypatch.chdir(tmp_path / "ours")
    return tmp_path / "ours"


def commands(project):
    """Return the commands that the README names, in their order."""
    blocks = re.findall(r"```console\n(.*?)```", (project / "README.md").read_text(), re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def test_a_folder_with_four_files_is_made_and_the_next_command_told(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run_command_line(["init", "a b/c"]) == 0
    told = capsys.readouterr()
    assert sorted(each.name for each in (tmp_path / "a b/c").iterdir()) == FILES
    first = commands(tmp_path / "a b/c")[1]
    assert told.out == f"next: cd 'a b/c' && {first}\n"
    assert "written: a b/c/README.md, a b/c/baseline.toml" in told.err


def test_an_empty_folder_is_filled_and_a_full_one_refused(tmp_path, capsys):
    empty = tmp_path / "empty"
    empty.mkdir()
    assert run_command_line(["init", str(empty)]) == 0
    kept = {each.name: each.read_bytes() for each in empty.iterdir()}
    (empty / "baseline.toml").write_text("mine")
    assert run_command_line(["init", str(empty)]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert (empty / "baseline.toml").read_text() == "mine"
    assert sorted(each.name for each in empty.iterdir()) == sorted(kept)


def test_a_folder_with_a_hidden_file_is_not_empty_and_a_file_no_folder(tmp_path, capsys):
    (tmp_path / ".git").mkdir()
    assert run_command_line(["init", str(tmp_path)]) == 2
    assert [each.name for each in tmp_path.iterdir()] == [".git"]
    file = tmp_path / "file"
    file.write_text("x")
    assert run_command_line(["init", str(file)]) == 2
    assert "is a file, not a folder" in capsys.readouterr().err
    assert file.read_text() == "x"


def test_nothing_is_half_written(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathsim.files._store", fail)
    assert run_command_line(["init", str(tmp_path / "new")]) == 2
    assert list(tmp_path.iterdir()) == []


def test_the_option_changes_the_baseline_which_is_dorset_with_an_example(project):
    baseline, option = ps.load("baseline.toml"), ps.load("more-tags.toml")
    shipped = ps.load("dorset/baseline")
    assert baseline.title == "Our baseline"
    assert len(baseline.services) == len(shipped.services)
    assert baseline.cohort == shipped.cohort
    places = [each.services["gps_tag"].capacity for each in (baseline, option)]
    assert [each.value for each in places] == [20, 40]
    assert "example" in places[0].source


def make_small(project):
    """Let the project follow few people, by the keys that its owner would use."""
    file = project / "baseline.toml"
    text = file.read_text().replace("title =", "places_for = 132\ntitle =", 1)
    file.write_text(f"{text}\n[cohort]\nadults = 120\nyouths = 12\n")


def test_every_command_of_the_readme_runs(project, capsys):
    make_small(project)
    found = commands(project)
    assert len(found) == 5
    for line in found:
        words = shlex.split(line)
        assert words[0] == "pathsim"
        if words[1] == "compare":
            # Fewer states than a reader would want: here only the steps are tried.
            words = [*line.partition(" --draws")[0].partition(" --out")[0].split(),
                     *FEW.split(), *words[words.index("--out"):]]  # fmt: skip
        if words[1] == "decide":
            words += ["--draws", "30", "--replications", "2"]
        assert run_command_line(words[1:]) == 0, line
    written = {each.name for each in (project / "out").iterdir()}
    assert {"report.html", "workbook.xlsx", "results.json", "quality.md"} <= written


def test_the_notebook_runs_and_shows_a_table_and_a_picture(project):
    make_small(project)
    notebook = nbformat.read(project / "first-answer.ipynb", as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace("draws = 32", "draws = 2")
    how = {"timeout": 300, "kernel_name": "python3", "resources": {"metadata": {"path": project}}}
    NotebookClient(notebook, **how).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output["output_type"] in ("stream", "error")]
    shown = [output["data"] for output in outputs if "data" in output]
    assert sum("image/png" in data for data in shown) == 1
    assert any("Twice the GPS tags" in data.get("text/html", "") for data in shown)
