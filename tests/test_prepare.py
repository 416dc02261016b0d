"""One door: what `validate` accepts runs, and what it refuses does not."""

import pytest

from pathsim.cli import main
from pathsim.errors import InputError
from pathsim.outcomes.verbs import run
from pathsim.people.cohort import Cohort
from pathsim.scenario.load import load
from pathsim.study.prepare import prepare
from small_scenario import BASELINE, write_scenarios


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenarios(tmp_path))
    return tmp_path


def test_a_scenario_and_its_file_are_prepared_alike(folder):
    by_file, by_hand = prepare(["baseline.toml", load("baseline.toml")])
    assert by_file.scenario == by_hand.scenario
    assert len(by_file.cohort) == len(by_file.lowered.ids) == 100


def test_brought_people_are_those_of_every_scenario(folder):
    people = Cohort.from_scenario(load("baseline.toml"))
    assert [each.cohort is people for each in prepare(["baseline.toml", "more.toml"], people)] == [
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("adult_level = 0.003", "adult_level = 1000", "s.toml: hazard: person '0' would reoffend"),
        ("referral = 0.9", "referral = 1.9", "services.mentor.referral: is out of range"),
        ("capacity = 6", 'capacity = { value = 6, source = "x", grade = "offical" }', "'official'"),
    ],
)
def test_validate_and_run_refuse_with_the_same_words(folder, capsys, old, new, message):
    (folder / "s.toml").write_text(BASELINE.replace(old, new), encoding="utf-8")
    said = []
    for arguments in (["validate", "s.toml"], ["run", "s.toml", "--replications", "1"]):
        assert main(arguments) == 2
        errors = capsys.readouterr().err.splitlines()
        said.append([line for line in errors if line.startswith("error: ")])
    assert said[0] == said[1]
    assert message in said[0][0]


def test_a_high_hazard_that_a_run_can_follow_is_accepted(folder):
    text = BASELINE.replace("adult_level = 0.003", "adult_level = 10")
    (folder / "s.toml").write_text(text, encoding="utf-8")
    assert main(["validate", "s.toml"]) == 0
    run("s.toml", replications=1)


def test_a_runaway_made_in_python_has_no_file(folder):
    scenario = load("baseline.toml").change("x", {"hazard.adult_level": 1000})
    with pytest.raises(InputError, match="would reoffend 1,000 times a day, 365,000 times in the"):
        prepare([scenario])
