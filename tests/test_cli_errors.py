"""What stops a command: its exit code, one clear line, and nothing half-written."""

import signal
import subprocess
import sys
import time

import pytest

import heard_signals
from pathsim.cli import main
from pathsim.people.cohort import Cohort
from small_scenario import BASELINE, write_scenarios

hears = heard_signals.hears

PATIENCE_SECONDS = 120
FILES = {"baseline.toml", "more.toml", "same.toml"}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenarios(tmp_path))
    return tmp_path


def names(folder):
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        (["run", "baseline.toml", "--draws", "0", "--replications", "2", "--out", ""], "--out"),
        (["run", "baseline.toml", "--draws", "0", "--replications", "2", "--out="], "--out"),
        (["portfolio", "baseline.toml", "--budget", "1", "--out", ""], "--out"),
        (["run", "baseline.toml", "--cohort", ""], "--cohort"),
        (["compare", "baseline.toml", ""], "argument 3"),
        (["init", ""], "argument 2"),
        ([""], "argument 1"),
    ],
)
def test_an_empty_argument_is_not_the_current_folder(folder, capsys, arguments, key):
    assert main(arguments) == 2
    assert capsys.readouterr().err == f"error: {key}: is empty; found ''; allowed: text\n"
    assert names(folder) == FILES


def test_an_empty_folder_is_not_filled_by_an_empty_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["init", ""]) == 2
    assert names(tmp_path) == set()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "missing.toml"], "missing.toml: no such file"),
        (["run", "baseline.toml", "--replications", "0"], "replications: is out of range"),
        (
            ["compare", "baseline.toml", "more.toml", "--replications", "1"],
            "allowed: 2 to 10000000",
        ),
        (["run", "baseline.toml", "--seed", "-1"], "seed: is out of range; found -1"),
        (["run", "baseline.toml", "--workers", "0"], "workers: is out of range; found 0"),
        (["run", "baseline.toml", "--log", "log.xlsx"], "allowed: .csv or .parquet"),
        (["run", "baseline.toml", "--out", "more.toml"], "more.toml: is a file, not a folder"),
        (["run", "baseline.toml", "--out", "more.toml/x"], "more.toml/x: cannot be written to"),
        (["validate", "baseline.toml", "missing.toml"], "missing.toml: no such file"),
    ],
)
def test_bad_input_is_one_clear_line_and_code_2(folder, capsys, arguments, message):
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert message in said
    assert "error: " in said
    assert "Traceback" not in said
    assert names(folder) == FILES


@pytest.mark.parametrize(
    "arguments",
    [
        ["compare", "baseline.toml"],
        ["compare"],
        ["run", "baseline.toml", "--engine", "warp"],
        ["run", "baseline.toml", "--seed", "one"],
        ["run", "baseline.toml", "--no-such"],
        ["no-such-verb"],
    ],
)
def test_bad_usage_is_code_2(folder, capsys, arguments):
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert "Error" in said.err
    assert said.out == ""


def test_a_mistake_in_a_file_is_told_by_file_line_key_and_value(folder, capsys):
    (folder / "bad.toml").write_text(BASELINE.replace("referral = 0.9", "referral = 1.9"))
    line = BASELINE.splitlines().index("referral = 0.9") + 1
    assert main(["compare", "baseline.toml", "bad.toml", "--json", "--out", "out"]) == 2
    said = capsys.readouterr()
    assert f"bad.toml:{line}: services.mentor.referral" in said.err
    assert "1.9" in said.err
    assert said.out == ""
    assert names(folder) == FILES | {"bad.toml"}


def test_validate_tells_the_problems_of_all_files(folder, capsys):
    (folder / "one.toml").write_text("extends = 'baseline.toml'\ntitle = 'x'\nservice = 1\n")
    (folder / "two.toml").write_text("not toml")
    assert main(["validate", "one.toml", "baseline.toml", "two.toml"]) == 2
    said = capsys.readouterr()
    assert "one.toml:3" in said.err
    assert "two.toml:1" in said.err
    assert "baseline.toml: ok" in said.out


def test_an_internal_error_is_one_line_and_code_1(folder, capsys, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("first line\nsecond line")

    monkeypatch.setattr(Cohort, "from_scenario", broken)
    monkeypatch.delenv("PATHSIM_DEBUG", raising=False)
    assert main(["validate", "baseline.toml"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("internal error: ZeroDivisionError: first line, please report")
    assert len(said.splitlines()) == 1
    monkeypatch.setenv("PATHSIM_DEBUG", "1")
    assert main(["validate", "baseline.toml"]) == 1
    assert "Traceback" in capsys.readouterr().err


def start(folder, *arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "pathsim.cli", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_an_interrupt_is_code_130_and_leaves_nothing(folder):
    many = ["--replications", "200000", "--out", "out", "--log", "log.csv"]
    with start(folder, "run", "baseline.toml", *many) as process:
        # The first line says that the simulation has begun.
        assert "replications" in process.stderr.readline()
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 130
    assert out == ""
    assert err.splitlines()[-1] == "interrupted; nothing was written"
    assert "Traceback" not in err
    assert names(folder) == FILES


@pytest.mark.parametrize(
    "arguments",
    [["schema"], ["validate", "more.toml"], ["run", "more.toml", "--replications", "2"]],
)
def test_a_reader_who_stops_reading_is_no_fault(folder, arguments):
    with start(folder, *arguments) as process:
        process.stdout.close()
        said = process.stderr.read()
        assert "Error" not in said
        assert "fault" not in said
        assert process.wait(timeout=PATIENCE_SECONDS) == 0


def test_the_shell_gets_the_exit_code(folder):
    with start(folder, "run", "missing.toml") as process:
        _, err = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 2
    assert err == "error: missing.toml: no such file\n"
