"""What an option changes and for whom: parts that add up, causes by hand, one life in words."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import numpy as np
import pytest

import pathsim as ps
from pathsim.cli.app import run_command_line
from pathsim.decision.ledger import FIGURES, PARTS
from pathsim.decision.shapes.schemas import output_schema
from pathsim.decision.stories import (
    DIRECT,
    DISPLACED,
    KNOCK_ON,
    UNCHANGED,
    Story,
    Touch,
    cause,
    first_difference,
)
from pathsim.decision.timeline import _WORDS, timeline
from pathsim.engine.contract import Event
from pathsim.study import one_by_one
from pathsim.study.one_by_one import records
from pathsim.study.plan import Plan
from rich_scenario import RICH
from small_dorset import small_dorset
from small_town import TOWN

EXACT = 1e-6
"""Pounds and days: adding up in another order."""
PLAN = Plan(replications=3, seed=5, workers=1, engine="kernel")
CHOICE = {"source": "the option's choice", "grade": "choice"}
TAG, TALK = 0, 1


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    file = tmp_path_factory.mktemp("town") / "town.toml"
    file.write_text(TOWN, encoding="utf-8")
    return ps.load(file)


@pytest.fixture(scope="module")
def rich():
    return ps.Scenario.model_validate(RICH)


def story(*events: tuple[float, Event, int]) -> Story:
    time, event, detail = zip(*events, strict=True) if events else ((), (), ())
    return Story(np.array(time, float), np.array(event, np.int64), np.array(detail, np.int64))


ENTERS = (0.0, Event.START, 3)
ENDS = (900.0, Event.END, 0)
WAITS = (10.0, Event.WAIT, TAG)
REFUSED = (10.0, Event.REFUSED, TAG)
STARTS = (10.0, Event.SERVICE_START, TAG)
LATER = (60.0, Event.SERVICE_START, TAG)
TALKS = (20.0, Event.SERVICE_START, TALK)
OFFENDS = (300.0, Event.REOFFENCE, 2)


@pytest.mark.parametrize(
    ("before", "after", "services", "more", "expected"),
    [
        ([ENTERS, STARTS, ENDS], [ENTERS, STARTS, ENDS], {TAG}, True, UNCHANGED),
        ([ENTERS, WAITS, LATER, ENDS], [ENTERS, STARTS, ENDS], {TAG}, False, DIRECT),
        ([ENTERS, STARTS, ENDS], [ENTERS, WAITS, LATER, ENDS], {TAG}, False, DISPLACED),
        ([ENTERS, STARTS, ENDS], [ENTERS, WAITS, ENDS], set(), False, DISPLACED),
        ([ENTERS, WAITS, LATER, ENDS], [ENTERS, STARTS, ENDS], {TALK}, True, KNOCK_ON),
        # Neither starts it: nobody loses a place.
        ([ENTERS, WAITS, ENDS], [ENTERS, REFUSED, ENDS], {TAG}, False, DIRECT),
        # What the option changes was started before, and the offence does not happen.
        ([ENTERS, STARTS, OFFENDS, ENDS], [ENTERS, STARTS, ENDS], {TAG}, False, DIRECT),
        ([ENTERS, STARTS, OFFENDS, ENDS], [ENTERS, STARTS, ENDS], {TALK}, False, KNOCK_ON),
        ([ENTERS, OFFENDS, ENDS], [ENTERS, ENDS], set(), True, DIRECT),
        ([ENTERS, OFFENDS, ENDS], [ENTERS, ENDS], {TAG}, False, KNOCK_ON),
        # One story is longer than the other.
        ([ENTERS, TALKS], [ENTERS], {TALK}, False, DISPLACED),
        ([ENTERS], [ENTERS, TALKS], {TALK}, False, DIRECT),
    ],
)
def test_the_first_difference_says_why_a_life_differs(before, after, services, more, expected):
    assert cause(story(*before), story(*after), Touch(services, more)) == expected


def test_stories_part_at_the_first_event_that_is_not_the_same():
    assert first_difference(story(ENTERS, ENDS), story(ENTERS, ENDS)) is None
    assert first_difference(story(ENTERS, WAITS), story(ENTERS, STARTS)) == 1
    assert first_difference(story(ENTERS, ENDS), story(ENTERS)) == 1
    assert first_difference(story(), story(ENTERS)) == 0
    assert first_difference(story(), story()) is None


@pytest.mark.parametrize("engine", ["kernel", "reference"])
def test_peoples_own_outcomes_add_up_to_everybodys_and_each_engine_says_the_same(rich, engine):
    plan = Plan(replications=2, seed=5, workers=1, engine=engine)
    (found,) = records([rich], plan=plan)
    (kernel,) = records([rich], plan=PLAN)
    own = found.runs.person[:, -len(found.ids) :]
    assert np.abs(own.sum(axis=1) - found.runs.person[:, 0]).max() < EXACT
    assert np.array_equal(own, kernel.runs.person[:2, -len(found.ids) :])
    for one, other in zip(found.stories, kernel.stories, strict=False):
        assert np.array_equal(one.person, other.person)
        assert np.array_equal(one.event, other.event)


def options(rich: Any) -> list[Any]:
    house = {"value": 9, **CHOICE}
    return [
        rich.change("More places", {"services.house.capacity": house}),
        rich.change("Another price", {"costs.custody_day_gbp": {"hmpps": 50.0}}),
        rich.change("Both", {"services.house.capacity": house, "services.limited.referral": 0.1}),
    ]


@pytest.mark.filterwarnings("ignore:scale rounds places:pathsim.InputWarning")
@pytest.mark.parametrize("number", range(3))
def test_parts_add_up_to_the_whole_difference(rich, number):
    option = options(rich)[number]
    found = ps.explain(rich, option, replications=4, seed=9, workers=1)
    parts = found.parts.pivot_table(index="part", columns="figure", values="mean")
    assert set(parts.index) == {*PARTS, "all"}
    assert np.allclose(parts.loc[list(PARTS)].sum(), parts.loc["all"], atol=EXACT)
    whole = ps.compare(rich, option, draws=0, replications=4, seed=9).options[0].everybody
    for name in ("reoffences_total", "cost_public", "cost_society"):
        assert parts.loc["all", name] == pytest.approx(whole[name].mean(), abs=EXACT)
    assert set(found.people) == {"person", "cause", "day", *FIGURES}


def test_who_gets_a_place_is_direct_and_who_then_waits_less_is_too(town):
    more = town.change("More", {"services.mentor.capacity": {"value": 40, **CHOICE}})
    found = ps.explain(town, more, replications=4, seed=2, workers=1)
    people = found.parts[found.parts["figure"] == "reoffences_total"].set_index("part")["people"]
    assert people["direct"] > 10.0
    assert people["displaced"] == people["knock-on"] == 0.0
    assert people["all"] == 400.0
    fewer = ps.explain(more, town, replications=4, seed=2, workers=1)
    people = fewer.parts[fewer.parts["figure"] == "reoffences_total"].set_index("part")["people"]
    assert people["displaced"] > 10.0
    assert people["direct"] == 0.0


def test_occasions_of_who_is_followed_already_are_no_people():
    small = small_dorset()
    more = small.change("More", {"services.gps_tag.capacity": {"value": 9, **CHOICE}})
    found = ps.explain(small, more, replications=2, workers=1)
    entered = ps.run(small, draws=0, replications=2).sizes["all"]
    people = found.parts[found.parts["figure"] == "cost_public"].set_index("part")["people"]
    assert people["all"] == entered < 132
    assert len(found.ledger.lives) == entered


def test_an_option_that_changes_nothing_leaves_everybody_as_they_are(town):
    same = town.change("Dearer mentors", {"services.mentor.cost_per_start_gbp": 900.0})
    found = ps.explain(town, same, replications=2, workers=1)
    by_part = found.parts.pivot_table(index="part", columns="figure", values="mean")
    assert by_part.loc["all", "reoffences_total"] == 0.0
    assert by_part.loc["unchanged", "cost_public"] > 0.0, "the same lives cost more"
    assert found.people.empty
    assert "0 direct" in found.sentence()
    assert "together +0.0 (the same in all 2 replications)" in found.sentence()
    offences = found.parts[found.parts["figure"] == "reoffences_total"]
    assert offences[["low", "high"]].isna().all(axis=None)
    json.dumps(found.to_dict(), allow_nan=False)


def test_a_life_is_told_side_by_side():
    names = {TAG: "a tag", TALK: "a talk"}
    table = timeline(
        story(ENTERS, WAITS, LATER, OFFENDS, OFFENDS, ENDS),
        story(ENTERS, STARTS, OFFENDS, ENDS),
        names,
    )
    assert table["day"].tolist() == [0.0, 10.0, 10.0, 60.0, 300.0, 300.0, 900.0]
    assert table["without"].tolist()[1:4] == ["waits for a tag", "", "starts a tag"]
    assert table["with"].tolist()[1:4] == ["", "starts a tag", ""]
    assert (table["with"] == table["without"]).tolist() == [True, *[False] * 3, True, False, True]


def test_every_event_has_words():
    assert set(_WORDS) == set(Event)


def test_the_command_tells_parts_and_a_life_and_its_data_have_the_published_shape(
    tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "town.toml").write_text(TOWN, encoding="utf-8")
    more = 'extends = "town.toml"\ntitle = "More"\n'
    more += 'services.mentor.capacity = { value = 40, source = "a choice", grade = "choice" }\n'
    (tmp_path / "more.toml").write_text(more, encoding="utf-8")
    command = ["explain", "town.toml", "more.toml", "--replications", "2"]
    assert run_command_line(command) == 0
    said = capsys.readouterr().out
    assert "direct" in said
    assert "Those who changed most in replication 0" in said
    assert run_command_line([*command, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    jsonschema.validate(data, output_schema("explain"))
    assert data["timeline"] is None
    person = data["people"][0]["person"]
    assert run_command_line([*command, "--person", person]) == 0
    life = capsys.readouterr().out
    assert "without the option" in life
    assert "starts Mentor" in life
    assert run_command_line([*command, "--person", person, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    jsonschema.validate(data, output_schema("explain"))
    assert data["timeline"]
    assert run_command_line([*command, "--person", "nobody"]) == 2
    said = capsys.readouterr().err
    assert "person: is nobody; found 'nobody'" in said
    assert "replications" not in said, "nothing is simulated first"


def test_other_replications_are_told_by_their_number(town):
    more = town.change("More", {"services.mentor.capacity": {"value": 40, **CHOICE}})
    one = ps.explain(town, more, replications=3, workers=1)
    other = ps.explain(town, more, replications=2, replication=1, workers=1)
    (name,) = other.people["person"][:1]
    by_hand = records([town, more], plan=PLAN, first=1)
    assert other.replication == 1
    assert not one.people.equals(other.people)
    assert other.timeline(name).equals(
        ps.explain(town, more, replications=2, replication=1, workers=2).timeline(name)
    )
    assert len(by_hand[0].stories) == 3


def test_what_cannot_be_told_apart_is_refused(town, monkeypatch):
    more = town.change("More", {"services.mentor.capacity": {"value": 40, **CHOICE}})
    monkeypatch.setattr(one_by_one, "MOST_PEOPLE", 399)
    with pytest.raises(ps.InputError, match="cohort: are too many people to tell apart; found 400"):
        ps.explain(town, more)
    for how in ({"replications": 1}, {"replication": -1}, {"seed": 1.5}):
        with pytest.raises(ps.InputError, match=next(iter(how))):
            ps.explain(town, more, **how)
