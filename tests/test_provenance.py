"""Every output says which version and source made it, of which inputs."""

from __future__ import annotations

import json
import subprocess
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

import pathsim as ps
from pathsim.cli import main
from pathsim.outcomes import source
from small_scenario import write_scenarios

ROOT = Path(__file__).parents[1]
PEOPLE = Path(__file__).parent / "data" / "people" / "good.csv"
FEW = ["--replications", "2"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenarios(tmp_path))
    return tmp_path


def digest(path) -> str:
    return sha256(Path(path).read_bytes()).hexdigest()


def files(origin) -> dict[str, tuple[str, str]]:
    return {Path(file["path"]).name: (file["of"], file["sha256"]) for file in origin["inputs"]}


def test_a_comparison_names_every_file_it_read_with_its_hash(folder):
    (folder / "most.toml").write_text(
        'extends = "more.toml"\ntitle = "Most"\nservices.mentor.capacity = 30\n', encoding="utf-8"
    )
    posterior = folder / "p.csv"
    posterior.write_text("hazard.adult_level\n0.002\n0.004\n", encoding="utf-8")
    result = ps.compare("baseline.toml", "most.toml", replications=2, posterior=posterior)
    names = ("baseline.toml", "more.toml", "most.toml", "p.csv")
    expected = {name: ("scenario", digest(folder / name)) for name in names[:3]}
    assert files(result.provenance) == expected | {"p.csv": ("posterior", digest(posterior))}


@pytest.mark.filterwarnings("ignore:.*assumed, where:pathsim.InputWarning")
@pytest.mark.filterwarnings("ignore:.*would fit them:pathsim.InputWarning")
def test_people_are_among_the_inputs(folder):
    by_file = ps.run("baseline.toml", replications=2, cohort=PEOPLE).provenance
    assert files(by_file)["good.csv"] == ("people", digest(PEOPLE))
    table = pd.read_csv(PEOPLE)
    by_table = ps.run("baseline.toml", replications=2, cohort=table).provenance
    older = table.assign(age=table["age"] + 1)
    other = ps.run("baseline.toml", replications=2, cohort=older).provenance
    again = ps.run("baseline.toml", replications=2, cohort=table.copy()).provenance
    assert by_table["inputs_sha256"] == again["inputs_sha256"] != other["inputs_sha256"]


def test_one_hash_stands_for_all_inputs_wherever_they_are(folder):
    baseline = ps.load("baseline.toml")
    ours = ps.run(baseline, replications=1).provenance["inputs_sha256"]
    assert ours == ps.run("baseline.toml", replications=1).provenance["inputs_sha256"]
    with_more = baseline.change("x", {"services.mentor.capacity": 9})
    assert ours != ps.run(with_more, replications=1).provenance["inputs_sha256"]
    (folder / "elsewhere").mkdir()
    write_scenarios(folder / "elsewhere")
    assert ours == ps.run("elsewhere/baseline.toml", replications=1).provenance["inputs_sha256"]


def test_the_source_is_named_by_its_hash_and_by_the_commit_of_a_clone():
    assert len(source.source_hash()) == 64
    head = subprocess.run(
        ["git", "-C", ROOT, "rev-parse", "HEAD"], capture_output=True, text=True, check=False
    )
    assert source.commit().removesuffix("-dirty") == head.stdout.strip()


def test_the_hash_of_the_source_moves_with_a_file_of_it(tmp_path, monkeypatch):
    package = tmp_path / "src" / "pathsim"
    (package / "scenarios").mkdir(parents=True)
    (package / "a.py").write_text("x = 1\n")
    monkeypatch.setattr(source, "_PACKAGE", package)
    monkeypatch.setattr(source, "_CLONE", tmp_path)
    before = source.source_hash.__wrapped__()
    (package / "scenarios" / "s.toml").write_text("a = 1\n")
    (package / "a.pyc").write_text("compiled")
    assert source.source_hash.__wrapped__() == before
    (package / "a.py").write_text("x = 2\n")
    assert source.source_hash.__wrapped__() != before
    assert source.commit.__wrapped__() == ""


def test_all_files_that_are_written_carry_them(folder, capsys):
    assert main(["run", "baseline.toml", *FEW, "--out", "o", "--log", "log.csv"]) == 0
    said = capsys.readouterr()
    origin = json.loads((folder / "o" / "results.json").read_text(encoding="utf-8"))["run"]
    assert origin["source"] == {"commit": source.commit(), "sha256": source.source_hash()}
    assert files(origin) == {"baseline.toml": ("scenario", digest("baseline.toml"))}
    summary = pd.read_csv(folder / "o" / "summary.csv")
    assert set(summary["version"]) == {ps.__version__}
    assert set(summary["source"]) == {source.commit() or source.source_hash()}
    assert set(summary["inputs_sha256"]) == {origin["inputs_sha256"]}
    page = (folder / "o" / "report.html").read_text(encoding="utf-8").replace("<wbr>", "")
    for words in (source.source_hash(), digest("baseline.toml"), origin["inputs_sha256"]):
        assert words in page
    beside = json.loads((folder / "log.csv.origin.json").read_text(encoding="utf-8"))
    assert beside["inputs"] == origin["inputs"]
    assert beside["seed"] == 1
    assert "written: log.csv.origin.json" in said.err
    assert origin["inputs_sha256"][:12] in said.out.replace("\n", "")


def clone(tmp_path, monkeypatch, *, git: bool = True, package: str = "src/pathsim") -> list[Any]:
    """Stand in a clone of the package, or not in one; note what git is asked."""
    asked: list[Any] = []
    (tmp_path / package).mkdir(parents=True)
    if git:
        (tmp_path / ".git").mkdir()
    monkeypatch.setattr(source, "_PACKAGE", tmp_path / package)
    monkeypatch.setattr(source, "_CLONE", tmp_path)

    def answer(command: list[str], **more: Any) -> Any:
        asked.append((command, more))
        return SimpleNamespace(stdout="abc-dirty\n")

    monkeypatch.setattr(subprocess, "run", answer)
    return asked


def test_the_commit_is_what_git_says_of_the_clone(tmp_path, monkeypatch):
    asked = clone(tmp_path, monkeypatch)
    assert source.commit.__wrapped__() == "abc-dirty"
    ((command, more),) = asked
    assert command[:3] == ["git", "-C", str(tmp_path)]
    assert command[3:] == ["describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    assert more == {"capture_output": True, "text": True, "check": True, "timeout": 5}


@pytest.mark.parametrize("elsewhere", [{"git": False}, {"package": "lib/pathsim"}])
def test_outside_a_clone_git_is_not_asked(tmp_path, monkeypatch, elsewhere):
    asked = clone(tmp_path, monkeypatch, **elsewhere)
    assert source.commit.__wrapped__() == ""
    assert asked == []


@pytest.mark.parametrize(
    "error",
    [
        OSError("no git"),
        subprocess.CalledProcessError(1, "git"),
        subprocess.TimeoutExpired("git", 5),
    ],
)
def test_where_git_does_not_answer_there_is_no_commit(tmp_path, monkeypatch, error):
    clone(tmp_path, monkeypatch)

    def fails(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(subprocess, "run", fails)
    assert source.commit.__wrapped__() == ""
