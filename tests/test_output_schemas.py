"""What commands give as JSON is what their published schemas say, and no other."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from copy import deepcopy

import pytest

import pathsim as ps
from made_people import cohort_of, made_outcomes, made_table
from pathsim.cli.app import run_command_line
from pathsim.decision.plain import as_data
from pathsim.decision.sensitive_plain import sensitivity_data
from pathsim.decision.shapes.schemas import SHAPES, output_schema
from pathsim.decision.value_plain import value_data
from priced_town import EFFECT, priced_town, with_more, with_some
from small_town import TOWN

jsonschema = pytest.importorskip("jsonschema", reason="of the extra 'dev' alone")

HOW = {"draws": 32, "replications": 2, "seed": 3}


def printed(*words):
    """Return what a command prints."""
    with redirect_stdout(io.StringIO()) as said:
        run_command_line(list(words))
    return json.loads(said.getvalue())


def manifest(folder):
    """Return what lies beside what a command writes."""
    (folder / "town.toml").write_text(TOWN, encoding="utf-8")
    words = ["run", str(folder / "town.toml"), "--replications", "2", "--draws", "0"]
    assert run_command_line([*words, "--json", "--out", str(folder)]) == 0
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def made_store(folder):
    """Return a store with a chunk that is whole and one that is not."""
    ps.run(ps.example(), draws=0, replications=2, store=folder)
    ps.run(ps.example(), draws=0, replications=2, seed=2, store=folder)
    min(folder.rglob("*.parquet")).write_bytes(b"")
    return str(folder)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    town = priced_town(tmp_path_factory.mktemp("town"))
    compared = ps.compare(town, [with_more(town), with_some(town)], **HOW)
    dearer = town.change("Dearer", {"services.mentor.cost_per_completion_gbp": 900.0})
    swept = town.sweep("services.mentor.capacity", [4, 12], target="cost_public<=1", **HOW)
    table = made_table(300)
    happened = {"observed": made_outcomes(table), "scenario": town, "within_days": 365}
    with pytest.warns(ps.InputWarning, match="places of services"):
        validated = cohort_of(table).validate(**happened, replications=2)
    kept = made_store(tmp_path_factory.mktemp("store"))
    return {
        "cohort-validate": validated.to_dict(),
        "compare": compared.to_dict(),
        "decide": as_data(ps.decide(compared)),
        "doctor": printed("doctor", "--json"),
        "manifest": manifest(tmp_path_factory.mktemp("out")),
        "run": compared.baseline.to_dict(),
        "sensitivity": sensitivity_data(ps.sensitivity(compared)),
        "portfolio": ps.portfolio(
            town, {"services.mentor.capacity": [8, 12]}, budget=30_000, **HOW
        ).to_dict(),
        "explain": ps.explain(town, with_more(town), replications=2).to_dict(person="1"),
        "shapley": ps.shapley(town, [with_some(town), dearer], **HOW).to_dict(),
        "store-list": printed("store", "list", "--json", "--store", kept),
        "store-verify": printed("store", "verify", "--json", "--store", kept),
        "sweep": swept.to_dict(),
        "value": value_data(ps.value(compared, study=[50, 100], of=EFFECT, study_cost=(100, 5))),
    }


def validator(command):
    schema = output_schema(command)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_every_schema_is_tried(outputs):
    assert outputs.keys() == SHAPES.keys()


@pytest.mark.parametrize("command", sorted(SHAPES))
def test_what_is_given_is_what_the_schema_says(outputs, command):
    plain = json.loads(json.dumps(outputs[command], allow_nan=False))
    assert list(validator(command).iter_errors(plain)) == []
    assert plain == outputs[command]


@pytest.mark.parametrize("command", sorted(SHAPES))
def test_no_key_is_left_out_no_other_is_there_and_the_version_is_its_own(outputs, command):
    check, plain = validator(command), outputs[command]
    for key in plain:
        less = {name: part for name, part in plain.items() if name != key}
        assert not check.is_valid(less), key
    assert not check.is_valid(plain | {"more": 1})
    assert not check.is_valid(plain | {"schema": f"pathsim.{command}/0"})
    rows = {
        "cohort-validate": "figures",
        "sweep": "levels",
        "portfolio": "mixes",
        "explain": "parts",
        "doctor": "findings",
        "manifest": "inputs",
        "shapley": "shares",
        "store-list": "studies",
        "store-verify": "damaged",
    }.get(command, "options")
    wrong = deepcopy(plain)
    row = wrong["scenario"]["outcomes"][0] if command == "run" else wrong[rows][0]
    del row[next(iter(row))]
    assert not check.is_valid(wrong)


@pytest.mark.parametrize("command", ["compare", "run"])
def test_every_part_of_a_result_is_closed(outputs, command):
    check, plain = validator(command), outputs[command]
    for spoil in _objects(plain):
        if spoil[-2:-1] != ("outcomes",) and spoil[-1:] not in (("groups",), ("outcomes",)):
            assert not check.is_valid(_with_more(plain, spoil)), spoil


def _objects(plain, path=()):
    """Go through the paths of all objects, of the first three of each list."""
    if isinstance(plain, dict):
        yield path
    parts = plain.items() if isinstance(plain, dict) else enumerate(plain[:3])
    for key, part in parts:
        if isinstance(part, dict | list):
            yield from _objects(part, (*path, key))


def _with_more(plain, path):
    """Return plain data with a key more in the object at a path."""
    found = deepcopy(plain)
    part = found
    for key in path:
        part = part[key]
    part["more"] = 1
    return found


def test_the_shell_prints_runs_and_comparisons_of_the_schema(tmp_path, capsys):
    file = tmp_path / "town.toml"
    file.write_text(TOWN, encoding="utf-8")
    option = tmp_path / "option.toml"
    option.write_text(
        'title = "More"\nextends = "town.toml"\nservices.mentor.capacity = 60\n',
        encoding="utf-8",
    )
    how = ["--json", "--seed", "3", "--replications", "2"]
    pair = [str(file), str(option)]
    for command, words in (
        ("run", [str(file), "--draws", "0"]),
        ("run", [str(file), "--draws", "4"]),
        ("compare", [*pair, "--draws", "0"]),
        ("compare", [*pair, "--unpaired"]),
        ("compare", [*pair, "--until", "5pp", "--draws", "64"]),
    ):
        assert run_command_line([command, *words, *how]) == 0
        printed = json.loads(capsys.readouterr().out)
        assert list(validator(command).iter_errors(printed)) == []
        assert ("until" in printed["run"]) == ("--until" in words)


def test_the_shell_prints_schemas_by_command(capsys):
    for command in SHAPES:
        assert run_command_line(["schema", command]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told == output_schema(command)
        assert told["$id"].startswith("urn:pathsim:")
        assert told["$id"].endswith(":1")
    assert run_command_line(["schema", "scenario"]) == 0
    by_name = capsys.readouterr().out
    assert run_command_line(["schema"]) == 0
    assert capsys.readouterr().out == by_name
    assert run_command_line(["schema", "swep"]) == 2
    assert "did you mean 'sweep'" in capsys.readouterr().err
