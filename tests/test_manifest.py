"""Beside what a command writes lies a manifest: what was typed, what was read, what was made."""

from __future__ import annotations

import getpass
import json
import socket
from copy import deepcopy
from hashlib import sha256
from pathlib import Path

import pytest
import typer

import pathsim as ps
from made_people import made_outcomes, made_table
from pathsim.cli.app import app, run_command_line
from pathsim.cli.remade import COMMANDS
from pathsim.decision.shapes.schemas import output_schema
from pathsim.outcomes.retold import told_path
from pathsim.outcomes.source import commit, source_hash
from small_scenario import write_scenarios

jsonschema = pytest.importorskip("jsonschema", reason="of the extra 'dev' alone")

PEOPLE = Path(__file__).parent / "data" / "people" / "good.csv"
FEW = ["--replications", "2"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(write_scenarios(home))
    return home


def read(folder) -> dict:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def digest(path) -> str:
    return sha256(Path(path).read_bytes()).hexdigest()


def is_manifest(data) -> bool:
    schema = output_schema("manifest")
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema).is_valid(data)


def test_a_comparison_is_told_as_typed_with_every_file_and_its_hash(folder):
    words = ["compare", "baseline.toml", "more.toml", "--seed", "7", *FEW, "--out", "o"]
    assert run_command_line(words) == 0
    told = read(folder / "o")
    assert is_manifest(told)
    assert told["command"] == words
    assert told["seed"] == 7
    assert told["source"] == {"commit": commit(), "sha256": source_hash()}
    assert told["versions"]["pathsim"] == ps.__version__
    assert {"python", "numpy", "numba", "pandas", "scipy"} <= told["versions"].keys()
    assert [(each["of"], each["path"], each["sha256"]) for each in told["inputs"]] == [
        ("scenario", name, digest(folder / name)) for name in ("baseline.toml", "more.toml")
    ]
    written = {path.name: path for path in (folder / "o").iterdir()}
    del written["manifest.json"]
    assert {each["file"]: (each["sha256"], each["bytes"]) for each in told["outputs"]} == {
        name: (digest(path), path.stat().st_size) for name, path in written.items()
    }
    run = json.loads(written["results.json"].read_text(encoding="utf-8"))["run"]
    assert told["first_made"] == {name: run[name] for name in told["first_made"]}
    assert told["rerun_of"] is None
    assert told["wall_seconds"] >= run["elapsed_seconds"] > 0


def test_the_shape_is_closed_in_all_its_parts(folder):
    assert run_command_line(["run", "baseline.toml", *FEW, "--out", "o"]) == 0
    told = read(folder / "o")
    for key in told:
        assert not is_manifest({name: part for name, part in told.items() if name != key}), key
    assert not is_manifest(told | {"more": 1})
    assert not is_manifest(told | {"schema": "pathsim.manifest/0"})
    for part in ("source", "machine", "first_made"):
        assert not is_manifest(told | {part: told[part] | {"more": 1}}), part
    for part in ("inputs", "outputs"):
        wrong = deepcopy(told)
        wrong[part][0]["more"] = 1
        assert not is_manifest(wrong), part
        wrong = deepcopy(told)
        wrong[part][0]["sha256"] = "0"
        assert not is_manifest(wrong), part


def test_nothing_private_of_the_machine_is_told(folder):
    (folder / "data").mkdir()
    people = folder / "data" / "people-of-ours.csv"
    people.write_bytes(PEOPLE.read_bytes())
    words = ["run", str(folder / "baseline.toml"), "--cohort", str(people), "--draws", "0", *FEW]
    log = folder.parent / "log.csv"
    out = folder.parent / "out"
    assert run_command_line([*words, f"--out={out}", "--log", str(log)]) == 0
    text = (out / "manifest.json").read_text(encoding="utf-8")
    told = json.loads(text)
    assert told["command"] == [
        *("run", "baseline.toml", "--cohort", "people-of-ours.csv", "--draws", "0", *FEW),
        *("--out=out", "--log", "log.csv"),
    ]
    assert {each["of"]: each["path"] for each in told["inputs"]} == {
        "scenario": "baseline.toml",
        "people": "people-of-ours.csv",
    }
    assert {each["file"] for each in told["outputs"]} >= {"log.csv", "log.csv.origin.json"}
    for file in (out / "manifest.json", out / "results.json", out / "report.html", log):
        page = file.read_text(encoding="utf-8")
        for private in (str(folder), socket.gethostname(), f"/{getpass.getuser()}/"):
            assert private not in page, (file.name, private)


def test_a_path_is_told_from_the_working_folder_or_by_name(folder, tmp_path):
    assert told_path("./a/b.toml") == "a/b.toml"
    assert told_path(folder / "a" / "b.toml") == "a/b.toml"
    assert told_path("../b.toml") == "../b.toml"
    assert told_path("../home/b.toml") == "b.toml"
    assert told_path(tmp_path / "b.toml") == "b.toml"
    assert told_path("a/people.csv", of="people") == "people.csv"
    shipped = ps.load("dorset/baseline").lineage.files[0].path
    assert told_path(shipped) == "pathsim:dorset/baseline.toml"


def test_it_comes_with_the_other_files_or_none_comes(folder, capsys, monkeypatch):
    (folder / "o" / "manifest.json").mkdir(parents=True)
    monkeypatch.setattr("pathsim.outcomes.verbs.run", None)  # refused before anything runs
    assert run_command_line(["run", "baseline.toml", *FEW, "--out", "o"]) == 2
    assert "manifest.json" in capsys.readouterr().err
    assert [path.name for path in (folder / "o").iterdir()] == ["manifest.json"]


def test_a_folder_without_a_command_line_has_none(folder):
    ps.run("baseline.toml", replications=1).to_csv(folder / "o.csv")
    assert not list(folder.rglob("manifest.json"))


def test_every_command_that_writes_a_folder_writes_one(folder, tmp_path):
    table = made_table(60)
    table.to_csv(folder / "people.csv", index=False)
    made_outcomes(table).to_csv(folder / "happened.csv", index=False)
    lever = ["--lever", "services.mentor.capacity=6,8", "--budget", "90000"]
    more = {
        ("compare",): ["baseline.toml", "more.toml"],
        ("run",): ["baseline.toml"],
        ("portfolio",): ["baseline.toml", *lever, "--draws", "30"],
        ("cohort", "validate"): [
            *("baseline.toml", "people.csv", "--observed", "happened.csv"),
            *("--within-days", "365"),
        ],
    }
    assert more.keys() == set(COMMANDS) == set(_with_a_folder(typer.main.get_command(app)))
    for place, (name, words) in enumerate(more.items()):
        out = tmp_path / str(place)
        assert run_command_line([*name, *words, *FEW, "--out", str(out)]) == 0, name
        told = read(out)
        assert is_manifest(told)
        assert {each["file"] for each in told["outputs"]} == {
            path.name for path in out.iterdir()
        } - {"manifest.json"}
        assert {each["path"] for each in told["inputs"]} == {
            word for word in words if word.endswith((".toml", ".csv"))
        }, name


def _with_a_folder(group, before=()):
    """Go through the commands that write results to a folder, but for what runs a manifest."""
    for name, command in group.commands.items():
        if getattr(command, "commands", None):
            yield from _with_a_folder(command, (*before, name))
        for each in command.params:
            if each.name == "out" and "Folder for" in (each.help or ""):
                yield (*before, name)
