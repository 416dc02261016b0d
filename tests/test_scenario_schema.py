"""The JSON Schema accepts what scenario files may say and flags what they may not."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from pathsim.scenario import json_schema, load
from pathsim.scenario.shipped import shipped_scenarios

jsonschema = pytest.importorskip("jsonschema", reason="of the extra 'dev' alone")

DATA = Path(__file__).parent / "data" / "scenarios"
REPOSITORY = Path(__file__).parent.parent
FILES = sorted(
    [
        *DATA.glob("*.toml"),
        *shipped_scenarios().values(),
        *REPOSITORY.glob("benchmarks/scenarios/*.toml"),
    ]
)


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def _flags(validator: Any, text: str) -> list[str]:
    return [
        f"{each.json_path}: {each.message}" for each in validator.iter_errors(tomllib.loads(text))
    ]


def test_the_schema_has_a_version_and_is_plain_json() -> None:
    schema = json_schema()
    assert schema["$id"] == "urn:pathsim:scenario:1"
    assert json.loads(json.dumps(schema, allow_nan=False)) == schema


def test_every_reference_in_the_schema_has_its_definition() -> None:
    schema = json_schema()
    text = json.dumps(schema)
    for name in schema["$defs"]:
        assert f'"#/$defs/{name}"' in text
    assert text.count('"$ref"') == text.count('"#/$defs/')


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_shipped_file_is_flagged_as_written_or_as_resolved(validator: Any, path: Path) -> None:
    assert _flags(validator, path.read_text(encoding="utf-8")) == []
    assert _flags(validator, load(path).to_toml()) == []


def test_a_resolved_dated_scenario_is_not_flagged(validator: Any) -> None:
    dated = load(DATA / "baseline.toml").change("D", {"pools.iom.capacity": 3}, from_day=9)
    assert _flags(validator, dated.to_toml()) == []


@pytest.mark.parametrize(
    "said",
    [
        "[services.gps_tag]\ncapacity = 36",
        '[services.gps_tag]\ncapacity = "unlimited"\nsource = "a plan"\ngrade = "expert"',
        "[services.treatment.duration_days]\nmean = 12",
        "[services.treatment]\nduration_days = 12",
        "[cohort]\nadults = 400",
        '[costs.reoffence_gbp]\nsource = "x"\ntheft = { source = "y", police = 3 }',
        'from_day = 30\nsource = "x"\n[services.gps_tag.referral]\nhigh = 0.9',
        '[sentencing]\ncustody_days = "courts_2019"',
    ],
)
def test_an_option_says_only_what_it_changes(validator: Any, said: str) -> None:
    assert _flags(validator, f'extends = ["a.toml", "b.toml"]\ntitle = "O"\n{said}\n') == []


@pytest.mark.parametrize(
    ("said", "flagged"),
    [
        ("[services.gps_tag]\ncapacty = 36", "capacty"),
        ("[services.gps_tag]\ncapacity = -1", "capacity"),
        ("[services.gps_tag]\ncapacity = 1.5", "capacity"),
        ('[services.gps_tag]\ncapacity = "all"', "capacity"),
        ("[services.gps_tag]\nreferral = 1.2", "referral"),
        ("[services.gps_tag]\nreferral = { value = 1.2 }", "referral"),
        ("[services.gps_tag]\nhouses = 1", "houses"),
        ('[services.gps_tag]\npayer = "nsh"', "payer"),
        ('[services.gps_tag.trigger]\ndisposals = ["jail"]', "disposals"),
        ('[services.gps_tag.duration_days]\nkind = "normal"', "duration_days"),
        ("[services.gps_tag]\nduration_days = -3", "duration_days"),
        ("[services.Tag]\ncapacity = 3", "Tag"),
        ('[pools.iom]\norder = "random"', "order"),
        ("[costs.custody_day_gbp]\nhmmps = 3", "hmmps"),
        ("schema_version = 2", "schema_version"),
        ('[before]\ntitle = "x"', "'before' was unexpected"),
    ],
)
def test_a_mistake_is_flagged_where_it_is(validator: Any, said: str, flagged: str) -> None:
    text = f'extends = "a.toml"\ntitle = "O"\n{said}\n'
    (flag,) = _flags(validator, text)
    assert flagged in flag


@pytest.mark.parametrize(
    ("phases", "flagged"),
    [
        ("[[phases]]\nfrom_day = 30\npools.iom.capacity = 3", None),
        ("[[phases]]\nfrom_day = 30", "should be non-empty|not have enough properties"),
        ("[[phases]]\npools.iom.capacity = 3\ncosts.breach_gbp.police = 2", "'from_day' is a"),
        ("phases = []", "should be non-empty|is too short"),
        ('[[phases]]\nfrom_day = 30\ntitle = "x"', "'title' was unexpected"),
        ('[[phases]]\nfrom_day = 30\ndescription = "x"', "'description' was unexpected"),
        ("[[phases]]\nfrom_day = 30\nschema_version = 1", "'schema_version' was unexpected"),
        ("[[phases]]\nfrom_day = 30\npools.iom.capacity = -3", "capacity"),
    ],
)
def test_a_phase_has_a_day_and_a_change_and_nothing_of_the_option_as_a_whole(
    validator: Any, phases: str, flagged: str | None
) -> None:
    flags = _flags(validator, f'extends = "a.toml"\ntitle = "O"\n{phases}\n')
    assert len(flags) == (flagged is not None)
    assert all(re.search(str(flagged), flag) for flag in flags)


def test_a_whole_scenario_must_be_whole(validator: Any) -> None:
    text = (DATA / "baseline.toml").read_text(encoding="utf-8")
    assert _flags(validator, text.replace("referral = 0.2\n", "")) == [
        "$.services.treatment: 'referral' is a required property"
    ]
    assert _flags(validator, text.replace('title = "Small baseline"', "")) == [
        "$: 'title' is a required property"
    ]
    assert _flags(validator, 'extends = "a.toml"') == ["$: 'title' is a required property"]


def test_keys_are_explained_to_the_editor() -> None:
    definitions = json_schema()["$defs"]
    assert definitions["Service"]["properties"]["referral"]["description"] == (
        "Chance that a trigger leads to a referral."
    )
    assert definitions["Service"]["description"].startswith("One programme")
