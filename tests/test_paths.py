"""A path that no file can have is bad input: said before the work, from Python and the shell."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import pathsim as ps
from pathsim.cli.app import run_command_line
from pathsim.files import Outbox, write_whole
from pathsim.outcomes.verbs import log
from pathsim.paths import LONGEST_NAME, path_of
from pathsim.study.calibration import read_posterior, read_targets
from small_scenario import made_up_comparison, write_scenarios

NUL = "is no file name: it holds a NUL"
LONG = "is too long"
BAD = {
    "a\0b": NUL,
    "a" * 300: LONG,
    "é" * 128: LONG,  # two bytes each
    "/".join(["a" * 200] * 30): LONG,
    "a\ud800": "half a character",
}
FEW = {"draws": 0, "replications": 1}
READERS = {
    "load": ps.load,
    "run": lambda path: ps.run(path, replications=1),
    "compare": lambda path: ps.compare(path, path, replications=2),
    "log": log,
    "people": ps.Cohort.from_file,
    "people of a run": lambda path: ps.run("dorset/baseline", cohort=path, **FEW),
    "posterior": read_posterior,
    "posterior of a run": lambda path: ps.run("dorset/baseline", posterior=path, **FEW),
    "targets": read_targets,
    "targets with an ending": lambda path: read_targets(f"{path}.toml"),
}


@pytest.mark.parametrize("bad", BAD, ids=BAD.values())
@pytest.mark.parametrize("reader", READERS)
def test_what_reads_refuses_a_path_that_cannot_be(reader, bad):
    with pytest.raises(ps.InputError, match=BAD[bad]):
        READERS[reader](bad)


@pytest.mark.parametrize("bad", BAD, ids=BAD.values())
def test_what_writes_refuses_a_path_that_cannot_be(tmp_path, bad):
    result = made_up_comparison(tmp_path)
    before = sorted(tmp_path.iterdir())
    for made in (result, result.baseline):
        for path in (tmp_path / bad, tmp_path / f"{bad}.html", tmp_path / bad / "a.html"):
            with pytest.raises(ps.InputError, match=BAD[bad]):
                made.report(path)
    with pytest.raises(ps.InputError, match=BAD[bad]), Outbox(tmp_path / bad):
        pytest.fail("entered")
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("key", "written", "message"),
    [
        ("cohort.file", "a\\u0000b", NUL),
        ("cohort.file", "a" * 300, LONG),
        ("extends", "a\\u0000b", "must name what the option extends"),
        ("extends", "a" * 300, "no such file"),
    ],
)
def test_a_path_within_a_scenario_is_refused_with_its_line(tmp_path, key, written, message):
    folder = write_scenarios(tmp_path)
    file = folder / "bad.toml"
    said = {
        "extends": f'title = "Bad"\nextends = "{written}"\n',
        "cohort.file": 'title = "Bad"\nextends = "baseline.toml"\n'
        f'[cohort]\nkind = "table"\nfile = "{written}"\n',
    }[key]
    file.write_text(said, encoding="utf-8")
    line = said[: said.index(written)].count("\n") + 1
    with pytest.raises(ps.InputError, match=rf"bad\.toml:{line}: {key}: {message}"):
        ps.load(file)


@pytest.mark.parametrize(("given", "found"), [(b"a.toml", "bytes"), (3, "int"), (None, "NoneType")])
def test_what_is_no_path_is_of_the_wrong_type(given, found):
    with pytest.raises(ps.InputError, match=rf"path: has the wrong type; found '{found}'"):
        path_of(given)


def test_the_longest_name_is_allowed_and_one_byte_more_is_not(tmp_path):
    write_whole(tmp_path / ("a" * LONGEST_NAME), "x")
    assert (tmp_path / ("a" * LONGEST_NAME)).read_text(encoding="utf-8") == "x"
    with pytest.raises(ps.InputError, match="a name in it has 256 bytes; allowed: at most 255"):
        write_whole(tmp_path / ("a" * (LONGEST_NAME + 1)), "x")


def test_a_path_that_only_the_file_makes_too_long_is_refused_on_entering(tmp_path):
    room = 4095 - len(os.fsencode(tmp_path)) - len("/summary.csv")
    names = ["a" * 200] * (room // 201)
    folder = tmp_path.joinpath(*names, "b" * (room - 201 * len(names) + 5))
    with pytest.raises(ps.InputError, match=LONG), Outbox(folder, names=["summary.csv"]):
        pytest.fail("entered")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def link_to_nothing(tmp_path) -> Path:
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    return tmp_path / "link"


@pytest.mark.parametrize("below", ["", "further/out"])
def test_a_folder_behind_a_link_to_nothing_is_refused_on_entering(link_to_nothing, below):
    expected = pytest.raises(ps.InputError, match="link: is a link to what is not there")
    with expected, Outbox(link_to_nothing / below):
        pytest.fail("entered")


LONG_NAME = "n" * 300
COMMANDS = {
    "run --out": ("run", "{f}/baseline.toml", "--replications", "1", "--out", LONG_NAME),
    "run --log": ("run", "{f}/baseline.toml", "--replications", "1", "--log", f"{LONG_NAME}.csv"),
    # The file beside it that says where it comes from has a longer name.
    "run --log, its origin": (
        *("run", "{f}/baseline.toml", "--replications", "1"),
        *("--log", f"{'n' * 248}.csv"),
    ),
    "run": ("run", LONG_NAME),
    "run --cohort": ("run", "{f}/baseline.toml", "--cohort", f"{LONG_NAME}.csv"),
    "run --posterior": ("run", "{f}/baseline.toml", "--posterior", LONG_NAME),
    "compare": ("compare", "{f}/baseline.toml", f"{LONG_NAME}.csv"),
    "compare --out": ("compare", "{f}/baseline.toml", "{f}/more.toml", "--out", LONG_NAME),
    "validate": ("validate", LONG_NAME),
    "evidence": ("evidence", LONG_NAME),
    "evidence --out": ("evidence", "--out", f"{LONG_NAME}.csv"),
    "cohort check": ("cohort", "check", LONG_NAME),
    "cohort check --scenario": ("cohort", "check", "{people}", "--scenario", LONG_NAME),
    "calibrate --out": ("calibrate", "{f}/baseline.toml", "--out", f"{LONG_NAME}.csv"),
    "calibrate --out, its runs": (
        *("calibrate", "{f}/baseline.toml"),
        *("--out", f"{'n' * 248}.csv"),
    ),
    "calibrate --targets": (
        *("calibrate", "{f}/baseline.toml", "--out", "p.csv"),
        *("--targets", "n" * 5000),
    ),
    "calibrate --given": (
        *("calibrate", "{f}/baseline.toml", "--out", "p.csv"),
        *("--given", LONG_NAME),
    ),
    "calibrate --write": ("calibrate", LONG_NAME, "--out", "p.csv", "--write"),
    "backcast": ("backcast", "{f}/baseline.toml", LONG_NAME),
    "backcast --out": ("backcast", "dorset/baseline", "dorset", "--out", f"{LONG_NAME}.csv"),
    "backcast --page": ("backcast", "dorset/baseline", "dorset", "--page", LONG_NAME),
    "backcast --targets": ("backcast", "dorset/baseline", "dorset", "--targets", "n" * 5000),
}
PEOPLE = "id,age,sex,offence_group,previous_offences,disposal\n1,30,male,theft,0,fine\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_name_that_is_too_long_ends_every_command_with_2_at_once(
    tmp_path, monkeypatch, capsys, command
):
    folder = write_scenarios(tmp_path)
    people = folder / "people.csv"
    people.write_text(PEOPLE, encoding="utf-8")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    arguments = [each.format(f=folder, people=people) for each in COMMANDS[command]]
    assert run_command_line(arguments) == 2
    told = capsys.readouterr()
    lines = [line for line in told.err.splitlines() if not line.startswith("warning:")]
    assert len(lines) == 1, told.err
    assert LONG in lines[0]
    assert told.out == ""
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("where", [".", "/", ".."])
@pytest.mark.parametrize("verb", ["calibrate", "backcast"])
def test_a_folder_is_no_place_for_a_table(tmp_path, monkeypatch, capsys, verb, where):
    monkeypatch.chdir(tmp_path)
    given = {"calibrate": ["dorset/baseline"], "backcast": ["dorset/baseline", "dorset"]}[verb]
    assert run_command_line([verb, *given, "--out", where]) == 2
    assert "folder" in capsys.readouterr().err


def test_marks_that_are_not_there_are_missed_before_the_work(tmp_path, capsys):
    page = tmp_path / "page.md"
    page.write_text("# A page\n", encoding="utf-8")
    called = ["backcast", "dorset/baseline", "dorset", "--page", str(page)]
    assert run_command_line(called) == 2
    assert "needs a line '<!-- back-cast dorset: begin -->'" in capsys.readouterr().err
    scenario = write_scenarios(tmp_path) / "baseline.toml"
    called = ["calibrate", str(scenario), "--out", str(tmp_path / "p.csv"), "--write"]
    assert run_command_line(called) == 2
    assert "needs a line '# calibrated values: begin'" in capsys.readouterr().err
    assert not (tmp_path / "p.runs.jsonl").exists()


def test_a_cache_folder_with_too_long_a_name_is_passed_over():
    code = "from pathsim.engine.kernels.cache import folder; print(folder())"
    environment = os.environ | {"NUMBA_CACHE_DIR": "n" * 300}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "nnn" not in done.stdout
