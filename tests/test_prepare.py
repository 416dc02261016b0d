"""One door: what `validate` accepts runs, and what it refuses does not."""

import re

import pytest

from pathsim.cli import main
from pathsim.engine.contract import RanAway, Why
from pathsim.errors import InputError
from pathsim.outcomes.verbs import run
from pathsim.people.cohort import Cohort
from pathsim.scenario.load import load
from pathsim.study import trial
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
        (
            "adult_level = 0.003",
            "adult_level = 1000",
            "s.toml:18: hazard: person '0' would reoffend",
        ),
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


AT_ONCE = """
[courts]
magistrates_remand_share = 1.0
"""
LATE = """
[courts]
magistrates_delay_days = 200.0
"""
MOVES = """
[accommodation]
settled_to_homeless_per_day = 100.0
homeless_to_settled_per_day = 100.0
"""
BREACHES = """
[sentencing]
disposals = { fine = 1.0 }
community_order_days = 100_000.0
breach = { community_order_per_day = 100.0 }
"""
FEWER = """\
adult_level = 1000
shape = { from_days = [0, 1], ratios = [1.0, 0.001] }
"""
RUNAWAYS = {
    "hazard": ("adult_level = 0.003", "adult_level = 100", AT_ONCE),
    "courts": ("adult_level = 0.003", "adult_level = 100", LATE),
    "accommodation": ("\ndays = 365", "\ndays = 2000", MOVES),
    "sentencing.breach": ("\ndays = 365", "\ndays = 2000", BREACHES),
}
SERVED = """\
rows = [ { people = 9, disposal = "custody", sentence_days = 30_000 } ]

[follow_up]
index = "disposal"
"""


def without_sentencing(text):
    return text.replace("[sentencing]\ndisposals = { fine = 1.0 }\ncustody_days = 30\n", "")


@pytest.mark.parametrize("key", RUNAWAYS)
def test_what_a_run_stops_is_refused_before_it_with_file_and_line(folder, capsys, key):
    old, new, more = RUNAWAYS[key]
    text = BASELINE.replace(old, new)
    if "[sentencing]" in more:
        text, more = without_sentencing(text), more + "custody_days = 30\n"
    (folder / "s.toml").write_text(text + more, encoding="utf-8")
    said = []
    for arguments in (["validate", "s.toml"], ["run", "s.toml", "--replications", "1"]):
        assert main(arguments) == 2
        errors = capsys.readouterr().err.splitlines()
        said.append([line for line in errors if line.startswith("error: ")])
    assert said[0] == said[1]
    assert re.match(rf"error: s\.toml:\d+: {key}: person '\d+' has more than", said[0][0])


@pytest.mark.parametrize(
    "text",
    [
        BASELINE.replace("adult_level = 0.003\n", FEWER),
        BASELINE.replace("adult_level = 0.003", "adult_level = 900").split("rows = [")[0]
        + SERVED
        + BASELINE.split("[follow_up]\n")[1].replace("adult_level = 0.003", "adult_level = 900"),
    ],
    ids=["a hazard that soon falls", "people in custody all the time"],
)
def test_a_high_hazard_that_acts_for_a_short_time_is_accepted_and_runs(folder, text):
    (folder / "s.toml").write_text(text, encoding="utf-8")
    assert main(["validate", "s.toml"]) == 0
    run("s.toml", replications=1)


def test_a_trial_leaves_a_shared_place_to_the_run(folder):
    """One place for all of 100 people: a trial of a few would have it too often."""
    (ready,) = prepare(["baseline.toml"])
    by_mentor = RanAway(Why.EVENTS, person=0, rank=0, service=0)
    assert trial._shares_places(by_mentor, ready.lowered)
    assert not trial._shares_places(RanAway(Why.EVENTS, person=0, rank=0), ready.lowered)
    free = ready.scenario.change("free", {"services.mentor.capacity": "unlimited"}, from_day=100)
    (ready,) = prepare([free])
    assert trial._shares_places(by_mentor, ready.lowered)  # until that day


def test_a_trial_tells_of_a_service_without_limit_beside_one_with_places(folder):
    """Of services in order of their ids, `all` is the first, `mentor` the second."""
    more = 'trigger = { disposals = ["community_order"] }\nreferral = 0.5\nduration_days = 60\n'
    text = f'{BASELINE}\n[services.all]\ntitle = "For all"\n{more}'
    (folder / "s.toml").write_text(text, encoding="utf-8")
    (ready,) = prepare(["s.toml"])
    assert list(ready.lowered.services) == ["all", "mentor"]
    found = [
        trial._shares_places(RanAway(Why.EVENTS, person=0, rank=0, service=place), ready.lowered)
        for place in (0, 1)
    ]
    assert found == [False, True]


DEAR = {
    "custody": (
        '{ people = 60, sex = "male", disposal = "community_order" }',
        '{ people = 600_000, disposal = "custody", sentence_days = 365 }',
        "custody_day_gbp = { hmpps = 1e6 }\n",
        "too many pounds of hmpps for one person to be added up over 600,040 people",
    ),
    "severity, by luck": (
        "people = 60",
        "people = 600_000",
        "[offending.severity]\ntheft = 1e6\n",
        "too many severity of one person to be added up over 600,040 people",
    ),
}


@pytest.mark.parametrize("case", DEAR)
def test_sums_that_a_run_cannot_hold_are_refused_before_it(folder, capsys, case):
    old, new, more, says = DEAR[case]
    (folder / "s.toml").write_text(BASELINE.replace(old, new) + more, encoding="utf-8")
    assert main(["validate", "s.toml"]) == 2
    assert f"error: s.toml: {says}" in capsys.readouterr().err
