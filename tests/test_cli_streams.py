"""Standard streams that are closed, full or not read: a clear line or none, never a traceback."""

import json
import os
import subprocess
import sys

import pytest

from small_scenario import write_scenarios

FEW = ("run", "baseline.toml", "--replications", "2")
COMMANDS = [
    FEW,
    (*FEW, "--json"),
    ("validate", "baseline.toml"),
    ("schema",),
    ("--help",),
    ("--version",),
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenarios(tmp_path))
    return tmp_path


def shell(arguments, redirected, **environment):
    """Run a command by the shell, with streams redirected; return code, output and errors."""
    words = f'exec "{sys.executable}" -m pathsim {" ".join(arguments)} {redirected}'
    done = subprocess.run(
        ["/bin/sh", "-c", words],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        timeout=300,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    ("redirected", "reason"), [(">/dev/full", "no space left on device"), (">&-", "it is closed")]
)
def test_output_that_cannot_be_written_is_one_line_and_code_1(
    folder, arguments, redirected, reason
):
    code, _, said = shell(arguments, redirected)
    assert code == 1
    assert said.splitlines()[-1] == f"error: cannot write to standard output: {reason}"


@pytest.mark.parametrize("redirected", ["2>/dev/full", "2>&-"])
def test_errors_that_cannot_be_written_change_nothing_else(folder, redirected):
    _, whole, _ = shell(FEW, "")
    code, out, said = shell(FEW, redirected)
    assert (code, said) == (0, "")
    told, expected = (text.split("2 replications; seed 1")[0] for text in (out, whole))
    assert told == expected  # what follows tells the time taken
    assert len(told) > 1000
    assert shell(["run", "missing.toml"], redirected) == (2, "", "")


def test_with_no_stream_at_all_files_are_written(folder):
    code, _, _ = shell([*FEW, "--log", "log.csv"], "<&- >&- 2>&-")
    assert code == 1  # the table could not be shown
    header = (folder / "log.csv").read_text().splitlines()[0]
    assert header == "replication,person,time,event,detail"


@pytest.mark.parametrize("arguments", [FEW, (*FEW, "--json")], ids=["table", "json"])
def test_a_locale_without_utf8_gets_what_it_can_show(folder, arguments):
    text = (folder / "baseline.toml").read_text(encoding="utf-8")
    text = text.replace("Small town", "Small town \u2013 caf\u00e9")
    (folder / "baseline.toml").write_text(text, encoding="utf-8")
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    code, out, _ = shell(arguments, "", **plain)
    assert code == 0
    if "--json" in arguments:
        assert json.loads(out)["scenario"]["title"] == "Small town \u2013 caf\u00e9"
