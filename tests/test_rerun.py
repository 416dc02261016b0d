"""A manifest is run again: first it is checked, then its files come out the same to the byte."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from made_people import made_outcomes, made_table
from pathsim.cli import main, manifest, remade
from pathsim.cli.app import run_command_line
from pathsim.outcomes import source
from small_scenario import write_scenarios

PEOPLE = Path(__file__).parent / "data" / "people" / "good.csv"
FEW = ["--replications", "2"]
SAME = "the same bytes"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with a comparison, made once."""
    home = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(write_scenarios(home))
        assert run_command_line(["compare", "baseline.toml", "more.toml", *FEW, "--out", "o"]) == 0
    return home


@pytest.fixture
def folder(made, tmp_path, monkeypatch):
    """The same, for a test to spoil."""
    shutil.copytree(made, tmp_path / "home")
    monkeypatch.chdir(tmp_path / "home")
    return tmp_path / "home"


def contents(folder) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes() for path in folder.iterdir() if path.name != "manifest.json"
    }


def told(folder) -> dict:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def change(folder, **parts) -> None:
    file = folder / "manifest.json"
    file.write_text(json.dumps(told(folder) | parts), encoding="utf-8")


def start_of_hash(path) -> str:
    return sha256(Path(path).read_bytes()).hexdigest()[:12]


def test_the_example_comes_out_the_same_a_year_later(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run_command_line(["init", "ours"]) == 0
    monkeypatch.chdir(tmp_path / "ours")
    words = ["compare", "baseline.toml", "more-tags.toml", "--draws", "4", *FEW]
    assert run_command_line([*words, "--workers", "1", "--quality", "--out", "o"]) == 0
    # Another machine, on another day.
    monkeypatch.setattr("pathsim.outcomes.provenance.platform.platform", lambda: "Another-OS")
    monkeypatch.setattr("os.cpu_count", lambda: 7)
    capsys.readouterr()
    assert run_command_line(["rerun", "o/manifest.json", "--out", "p"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert contents(tmp_path / "ours" / "p") == contents(tmp_path / "ours" / "o")
    assert {"report.html", "workbook.xlsx", "quality.html"} < contents(tmp_path / "ours/p").keys()
    assert said[0] == "5 input files: as they were"
    assert said[-1] == SAME
    assert [line for line in said[1:-1] if not line.endswith(f": {SAME}")] == []
    first, again = told(Path("o")), told(Path("p"))
    assert again["rerun_of"].startswith(start_of_hash("o/manifest.json"))
    assert again["machine"] == {"platform": "Another-OS", "processors": 7}
    assert again["first_made"] == first["first_made"]
    assert again["outputs"] == first["outputs"]
    assert again["command"] == ["compare", "--out=p", *words[1:], "--workers", "1", "--quality"]

    option = tmp_path / "ours" / "more-tags.toml"
    was = start_of_hash(option)
    option.write_text(option.read_text().replace("value = 40", "value = 41"), encoding="utf-8")
    assert run_command_line(["rerun", "o", "--out", "q", "--force"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: more-tags.toml: is another file than it was (scenario)")
    assert was in said
    assert start_of_hash(option) in said
    assert "baseline.toml" not in said
    assert not (tmp_path / "ours" / "q").exists()


def test_a_log_and_people_who_lie_elsewhere_now(folder, tmp_path, monkeypatch, capsys):
    shutil.copy(PEOPLE, folder / "people.csv")
    words = ["run", "baseline.toml", "--cohort", "people.csv", "--draws", "2", *FEW, "--out", "p"]
    assert run_command_line([*words, "--log", "logs.csv"]) == 0
    before = contents(folder / "p") | {
        name: (folder / name).read_bytes() for name in ("logs.csv", "logs.csv.origin.json")
    }
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    shutil.move(folder / "people.csv", tmp_path / "renamed.csv")
    shutil.move(folder / "logs.csv", tmp_path / "old.csv")
    capsys.readouterr()
    assert run_command_line(["rerun", str(folder / "p"), "--out", "r"]) == 2
    said = capsys.readouterr().err
    assert "error: baseline.toml: is not there (scenario)" in said
    lost = f"people.csv: is not there (people); its SHA-256 begins {start_of_hash(PEOPLE)}"
    assert f"error: {lost}" in said
    assert not (elsewhere / "r").exists()
    files = ["--input", "../home/baseline.toml", "--input", str(tmp_path / "renamed.csv")]
    assert run_command_line(["rerun", "../home/p", *files]) == 0
    assert contents(folder / "p-again") == before
    assert not (folder / "logs.csv").exists()
    more = ["--input", str(folder / "more.toml"), "--out", "r"]
    assert run_command_line(["rerun", "../home/p", *files, *more]) == 2
    assert "is none of the files that the command read" in capsys.readouterr().err


def test_a_portfolio_and_a_validation_come_out_the_same(folder, capsys):
    table = made_table(60)
    table.to_csv("people.csv", index=False)
    made_outcomes(table).to_csv("happened.csv", index=False)
    lever = ["--lever", "services.mentor.capacity=6,8", "--budget", "90000", "--draws", "30"]
    assert run_command_line(["portfolio", "baseline.toml", *lever, *FEW, "--out", "f"]) == 0
    people = ["people.csv", "--observed", "happened.csv", "--within-days", "365"]
    words = ["cohort", "validate", "baseline.toml", *people, *FEW]
    assert run_command_line([*words, "--out", "v"]) == 0
    for name in ("f", "v"):
        assert run_command_line(["rerun", name]) == 0
        assert contents(folder / f"{name}-again") == contents(folder / name)


def test_another_version_is_refused_and_with_force_what_differs_is_said(
    folder, monkeypatch, capsys
):
    versions = told(folder / "o")["versions"] | {"pathsim": "0.0.9"}
    change(folder / "o", versions=versions)
    assert run_command_line(["rerun", "o"]) == 2
    said = capsys.readouterr().err
    assert "pathsim: is another version than made the files" in said
    assert "found '0.1.0'" in said
    assert "pip install 'offender-pathsim==0.0.9'" in said
    assert not (folder / "o-again").exists()
    change(folder / "o", versions=versions | {"pathsim": "0.1.0"})
    monkeypatch.setattr(source, "source_hash", lambda: "ab" * 32)
    monkeypatch.setattr("pathsim.outcomes.provenance.source_hash", lambda: "ab" * 32)
    assert run_command_line(["rerun", "o"]) == 2
    said = capsys.readouterr().err
    assert "is other code under the same version" in said
    assert "abababababab" in said
    assert told(folder / "o")["source"]["sha256"][:12] in said
    assert run_command_line(["rerun", "o", "--force"]) == 1
    said = capsys.readouterr()
    assert "warning: pathsim: is other code" in said.err
    assert "o-again/summary.csv: the same bytes" in said.out
    assert "in its versions alone (run.source.sha256), every figure is the same" in said.out
    assert said.out.splitlines()[-1] == "not the same bytes"


def test_another_library_is_said_and_the_command_runs(folder, monkeypatch, capsys):
    versions = told(folder / "o")["versions"]
    change(folder / "o", versions=versions | {"numpy": "2.0.0", "left": "1"})
    assert run_command_line(["rerun", "o"]) == 0
    said = capsys.readouterr().err
    assert f"warning: numpy was 2.0.0, is {versions['numpy']}: figures should be the same" in said
    assert "warning: left was 1, is not there" in said


def test_files_that_differ_are_named_with_what_differs(folder, monkeypatch, capsys):
    now = told(folder / "o")
    later = now["first_made"] | {"workers": 5, "finished": "2020-01-01T00:00:00+00:00"}
    gone = {"file": "gone.csv", "sha256": "0" * 64, "bytes": 1}
    outputs = [each for each in now["outputs"] if each["file"] != "report.html"]
    change(folder / "o", first_made=later, outputs=[*outputs, gone])
    assert run_command_line(["rerun", "o", "--out", "x"]) == 1
    said = capsys.readouterr().out
    assert "x/results.json: differs: SHA-256 was " in said
    assert f"is {start_of_hash('x/results.json')}…; in run.workers, run.finished\n" in said
    assert f"x/workbook.xlsx: differs: SHA-256 was {start_of_hash('o/workbook.xlsx')}" in said
    assert "x/summary.csv: the same bytes" in said
    assert "x/gone.csv: differs: it was not written now" in said
    assert "x/report.html: differs: it was not written then" in said


def test_a_file_that_is_read_only_where_a_scenario_says_it_is_checked_when_it_is_read(
    folder, monkeypatch, capsys
):
    (folder / "deep").mkdir()
    shutil.copy(PEOPLE, folder / "deep" / "own.csv")
    text = (folder / "baseline.toml").read_text(encoding="utf-8")
    head, _, rest = text.partition("[cohort]")
    cohort = '[cohort]\nkind = "table"\nfile = "deep/own.csv"\n\n'
    own = head + cohort + rest[rest.index("[follow_up]") :]
    (folder / "own.toml").write_text(own, encoding="utf-8")
    assert run_command_line(["run", "own.toml", "--draws", "0", *FEW, "--out", "w"]) == 0
    assert run_command_line(["rerun", "w", "--out", "x"]) == 0
    people = folder / "deep" / "own.csv"
    people.write_bytes(people.read_bytes() + b"\n")
    capsys.readouterr()
    assert run_command_line(["rerun", "w", "--out", "y"]) == 2
    said = capsys.readouterr().err
    assert "error: own.csv: was not read the first time as it is now (people)" in said
    assert start_of_hash(people) in said
    assert not (folder / "y").exists()


def spoilt(data, **parts) -> str:
    return json.dumps(data | parts)


BAD = {
    "empty": (lambda data: "", "is no JSON"),
    "deep": (lambda data: "[" * 100_000, "is no JSON"),
    "list": (lambda data: "[1]", "is no manifest"),
    "other": (lambda data: spoilt(data, schema="pathsim.run/1"), "is no manifest"),
    "later": (lambda data: spoilt(data, schema="pathsim.manifest/2"), "another version"),
    "more": (lambda data: spoilt(data, more=1), "is not as pathsim writes it"),
    "large": (lambda data: spoilt(data, command=["x" * 2_000_000]), "too large"),
    "init": (lambda data: spoilt(data, command=["init", "x"]), "is none to run"),
    "rerun": (lambda data: spoilt(data, command=["rerun", "o"]), "is none to run"),
    "nothing": (lambda data: spoilt(data, command=[]), "is none to run"),
    "shell": (lambda data: spoilt(data, command=["run;ls", "baseline.toml"]), "is none to run"),
    "debug": (lambda data: spoilt(data, command=["--debug", "run"]), "is none to run"),
    "option": (lambda data: spoilt(data, command=[*data["command"], "--page=x"]), "cannot be run"),
    "help": (lambda data: spoilt(data, command=[*data["command"], "--help"]), "cannot be run"),
    "file": (
        lambda data: spoilt(data, command=["run", "same.toml"]),
        "names a file that is not among its inputs (scenario)",
    ),
    "passwd": (
        lambda data: spoilt(data, command=[*data["command"], "--cohort=/etc/passwd"]),
        "names a file that is not among its inputs (cohort)",
    ),
    "absolute": (
        lambda data: spoilt(data, inputs=[data["inputs"][0] | {"path": "/etc/passwd"}]),
        "is no path in it",
    ),
    "nul": (
        lambda data: spoilt(data, inputs=[data["inputs"][0] | {"path": "a\0b"}]),
        "is no path in it",
    ),
    "outside": (
        lambda data: spoilt(data, outputs=[data["outputs"][0] | {"file": "../x"}]),
        "is not as pathsim writes it",
    ),
    "dots": (
        lambda data: spoilt(data, outputs=[data["outputs"][0] | {"file": ".."}]),
        "cannot be in one folder",
    ),
    "twice": (
        lambda data: spoilt(data, outputs=data["outputs"][:1] * 2),
        "cannot be in one folder",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_no_manifest_is_refused_and_nothing_is_written(folder, name, capsys):
    make, said = BAD[name]
    file = folder / "bad.json"
    file.write_text(make(told(folder / "o")), encoding="utf-8")
    before = sorted(folder.rglob("*"))
    assert run_command_line(["rerun", "bad.json", "--out", "x"]) == 2
    errors = capsys.readouterr()
    assert errors.out == ""
    assert said in errors.err
    assert "internal error" not in errors.err
    assert errors.err.startswith(("error: bad.json: ", "error: bad.json:1: "))
    assert sorted(folder.rglob("*")) == before


def test_no_path_of_a_manifest_is_written_to(folder, tmp_path):
    far = tmp_path / "far"
    words = ["run", "baseline.toml", *FEW, "--out", str(far), f"--out={far}"]
    change(folder / "o", command=[*words, "--log", str(far / "l.csv")], outputs=[])
    assert run_command_line(["rerun", "o", "--out", "x"]) == 1
    assert not far.exists()
    assert {"l.csv", "summary.csv"} < {path.name for path in (folder / "x").iterdir()}


def test_where_the_work_was_kept_and_done_is_left_out(folder, tmp_path, monkeypatch, capsys):
    words = ["compare", "baseline.toml", "more.toml", *FEW, "--out", "s"]
    monkeypatch.setenv("PATHSIM_STORE", str(tmp_path / "own"))
    assert run_command_line([*words, "--processes", "--workers", "1", "--store", "kept"]) == 0
    shutil.rmtree("kept")
    command = told(folder / "s")["command"]
    change(folder / "s", command=[*command, "--scheduler", "tcp://127.0.0.1:9", "--store=there"])
    capsys.readouterr()
    assert run_command_line(["rerun", "s/manifest.json", "--out", "again"]) == 0
    assert SAME in capsys.readouterr().out
    assert not Path("kept").exists()
    assert not Path("there").exists()
    assert (tmp_path / "own").exists()


def test_a_folder_that_is_full_is_not_written_to(folder, capsys):
    before = contents(folder / "o")
    assert run_command_line(["rerun", "o/manifest.json", "--out", "o"]) == 2
    assert "is there already" in capsys.readouterr().err
    (folder / "o-again").mkdir()
    (folder / "o-again" / "mine.txt").write_text("mine")
    assert run_command_line(["rerun", "o"]) == 2
    assert contents(folder / "o") == before
    assert [path.name for path in (folder / "o-again").iterdir()] == ["mine.txt"]


def test_two_files_of_one_name_cannot_be_told_apart(folder, tmp_path, capsys):
    other = tmp_path / "other"
    other.mkdir()
    write_scenarios(other)
    file = other / "baseline.toml"
    file.write_text(file.read_text().replace("people = 60", "people = 61"), encoding="utf-8")
    words = ["compare", "baseline.toml", str(file), "--unpaired", *FEW, "--out", "u"]
    assert run_command_line(words) == 0
    capsys.readouterr()
    assert run_command_line(["rerun", "u", "--input", str(file)]) == 2
    assert "is of two files, which it cannot tell apart" in capsys.readouterr().err


def test_the_shell_of_python_runs_one_too(folder):
    assert main(["rerun", "o"]) == 0
    assert manifest.hash_of(folder / "o-again" / "summary.csv") == manifest.hash_of(
        folder / "o" / "summary.csv"
    )
    assert remade.read_manifest(folder / "o-again" / "manifest.json").name == ("compare",)
