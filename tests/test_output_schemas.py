"""What commands give as JSON is what their published schemas say, and no other."""

from __future__ import annotations

import json
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

jsonschema = pytest.importorskip("jsonschema", reason="of the extra 'dev' alone")

HOW = {"draws": 32, "replications": 2, "seed": 3}


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
    return {
        "cohort-validate": validated.to_dict(),
        "decide": as_data(ps.decide(compared)),
        "sensitivity": sensitivity_data(ps.sensitivity(compared)),
        "portfolio": ps.portfolio(
            town, {"services.mentor.capacity": [8, 12]}, budget=30_000, **HOW
        ).to_dict(),
        "explain": ps.explain(town, with_more(town), replications=2).to_dict(person="1"),
        "shapley": ps.shapley(town, [with_some(town), dearer], **HOW).to_dict(),
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
        "shapley": "shares",
    }.get(command, "options")
    wrong = deepcopy(plain)
    del wrong[rows][0][next(iter(wrong[rows][0]))]
    assert not check.is_valid(wrong)


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
