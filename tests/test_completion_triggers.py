"""The completion of a service brings people to another: chains, tandems, circles, refusals."""

from __future__ import annotations

import math

import numpy as np
import pytest

import pathsim as ps
from pathsim.engine.contract import Event, ServiceCount
from pathsim.errors import InputError
from pathsim.scenario.load import load
from textbook import FOREVER, Story, case, service

PEOPLE = 20_000
MONTE_CARLO = 4.0
"""Standard errors, computed from the known distribution; the seed is fixed."""


def after(*names: str) -> dict:
    return {"on": "completion", "of": list(names)}


def near(found: float, expected: float, *, variance: float) -> bool:
    return abs(found - expected) <= MONTE_CARLO * math.sqrt(variance)


def exponential(mean: float) -> dict:
    return {"kind": "exponential", "mean": mean}


def test_a_chain_of_fixed_lengths_by_hand():
    services = {
        "c": service(days=5, triggers=after("b")),
        "a": service(days=10),
        "b": service(days=20, triggers=after("a", "c")),
    }
    story = Story(case({"start_day": 3.0}, follow_up={"days": 80}, services=services))
    assert story.times(Event.SERVICE_START, "a").tolist() == [3.0]
    assert story.times(Event.SERVICE_START, "b").tolist() == [13.0, 38.0, 63.0]
    assert story.times(Event.SERVICE_START, "c").tolist() == [33.0, 58.0]
    assert story.times(Event.SERVICE_STOP, "c").tolist() == []
    assert story.times(Event.SERVICE_STOP, "b").tolist() == [83.0]  # the end of follow-up


@pytest.mark.parametrize(
    ("terms", "offence"),
    [({"drop_out_share": 1.0}, False), ({"ends_on": ["reoffence"]}, True)],
    ids=["dropped out", "stopped"],
)
def test_only_the_planned_end_completes(terms, offence):
    services = {"a": service(days=50, **terms), "b": service(triggers=after("a"))}
    hazard = {"adult_level": 0.5} if offence else {}
    story = Story(case({"people": 20}, hazard=hazard, services=services))
    assert story.count(Event.SERVICE_START, "a") == 20
    assert story.count(Event.SERVICE_COMPLETE, "a") == 0
    assert story.count(Event.REFERRAL, "b") == 0


def test_a_tandem_of_unlimited_services_in_balance_is_two_independent_queues():
    """M/M/infinity: departures are Poisson, so the mean number in the second is rate x length."""
    first, second, stay = 20.0, 30.0, 0.7
    services = {
        "first": service(drop_out_share=1 - stay) | {"duration_days": exponential(first)},
        "second": service(take_up=0.8, triggers=after("first"))
        | {"duration_days": exponential(second)},
    }
    scenario = case(
        {"people": PEOPLE, "start_day": None},
        follow_up={"days": 1000, "intake_days": 1000, "generations_before": 1},
        services=services,
    )
    story = Story(scenario)
    passed = stay * 0.8
    starts = story.counts.load[0, 1, ServiceCount.STARTS]
    assert near(starts, PEOPLE * passed, variance=PEOPLE * passed * (1 - passed))
    # Days in the window: of each person's stay on average all, as many come from before it as go on
    # after it.
    variance = PEOPLE * passed * 2 * second**2
    assert near(story.counts.busy_days[1], PEOPLE * passed * second, variance=variance)


def test_a_course_that_repeats_itself_is_taken_a_geometric_number_of_times():
    again = 0.6
    brought = {"disposals": ["discharge"], **after("course")}
    course = service(days=7, triggers=brought, take_up=again)
    story = Story(case({"people": PEOPLE}, services={"course": course}))
    assert story.count(Event.SERVICE_STOP) < PEOPLE * again**50
    people = story.log.person[story.rows(Event.SERVICE_START)]
    times = np.bincount(people, minlength=PEOPLE)
    for k in range(8):
        chance = (1 - again) * again**k
        assert near((times == k).sum(), PEOPLE * chance, variance=PEOPLE * chance * (1 - chance))


def test_a_start_and_a_completion_of_one_service_draw_apart():
    both = {"services": ["a"], **after("a")}
    services = {"a": service(days=30), "b": service(days=1, triggers=both) | {"referral": 0.5}}
    story = Story(case({"people": PEOPLE}, services=services))
    referred = story.rows(Event.REFERRAL, "b")
    first = set(story.log.person[referred & (story.log.time == 0.0)])
    second = set(story.log.person[referred & (story.log.time == 30.0)])
    for found, chance in ((len(first), 0.5), (len(second), 0.5), (len(first & second), 0.25)):
        assert near(found, PEOPLE * chance, variance=PEOPLE * chance * (1 - chance))


def test_completion_comes_before_homelessness_that_follows_from_it():
    services = {
        "house": service(days=10, houses=True, exit_settled_share=0.0),
        "z_after": service(days=1, triggers=after("house")),
        "a_homeless": service(days=1, triggers={"homeless": True}),
    }
    homes = {"at_disposal": {"settled": 1.0}, "on_release": {"settled": 1.0}}
    story = Story(case({}, accommodation=homes, services=services))
    referrals = story.rows(Event.REFERRAL) & (story.log.time == 10.0)
    names = [story.lowered.services[number] for number in story.log.detail[referrals]]
    assert names == ["z_after", "a_homeless"]


def test_an_option_brings_people_on_by_the_rules_of_the_day_of_completion():
    services = {"a": service(days=30), "b": service(days=1, triggers={"release": True})}
    scenario = case({"start_day": 0.0}, {"start_day": 20.0}, services=services)
    changes = {"services.b.trigger.on": "completion", "services.b.trigger.of": ["a"]}
    story = Story(scenario.change("later", changes, from_day=40.0))
    assert story.times(Event.SERVICE_START, "b").tolist() == [50.0]


def test_a_circle_may_take_a_long_time_and_none_at_all_is_refused():
    brief = service(days=0.05, triggers={"disposals": ["discharge"], **after("a")})
    with pytest.raises(ValueError, match="brings people round in no time: a after a"):
        case({}, services={"a": brief})
    services = {
        "a": service(days=0, triggers={"services": ["b"]}),
        "b": service(days=FOREVER, triggers=after("a")),
    }
    with pytest.raises(ValueError, match="brings people round in no time"):
        case({}, services=services)
    services["a"]["duration_days"] = 1
    assert case({}, services=services)


SAID = """\
title = "Services that follow each other"
source = "made for a test"
grade = "definition"
follow_up = { days = 365, waiting_days = 0, intake_days = 365 }
hazard = { score = "none", adult_level = 0.01, youth_level = 0.01 }
sentencing = { disposals = { fine = 1.0 }, custody_days = 30 }

[cohort]
kind = "rows"
rows = [{ people = 40, disposal = "discharge" }]

[services.course]
title = "Course"
trigger = { disposals = ["discharge"] }
referral = 1.0
duration_days = 30

[services.group]
title = "Group"
trigger = TRIGGER
referral = 1.0
duration_days = 30
"""


OF_ALONE = (
    'of: goes with on = "completion"; what starts a service is named in `services`; '
    "found ['course']"
)


@pytest.mark.parametrize(
    ("trigger", "said"),
    [
        (
            '{ on = "completion", of = ["cuorse"] }',
            "of[0]: no service is called 'cuorse'; did you mean 'course'?; found 'cuorse'; "
            "allowed: course, group",
        ),
        (
            '{ on = "completion", of = ["course", "course"] }',
            "of[1]: names a service that is named before; once is enough; found 'course'",
        ),
        (
            '{ services = ["course", "course"] }',
            "services[1]: names a service that is named before; once is enough; found 'course'",
        ),
        (
            '{ on = "completion" }',
            "of: needs the services of which it is the completion; found []; "
            "allowed: ids of services",
        ),
        ('{ of = ["course"] }', OF_ALONE),
        ('{ release = true, of = ["course"] }', OF_ALONE),
        (
            '{ on = "completed", of = ["course"] }',
            "on: is not known here; did you mean 'completion'?; found 'completed'; "
            'allowed: "completion"',
        ),
        (
            '{ on = "completion", off = ["course"] }',
            "off: unknown key; did you mean 'of'?; allowed: disposals, release, reoffence, "
            "homeless, services, pre_release, on, of",
        ),
    ],
)
def test_a_wrong_trigger_is_refused_with_its_line(tmp_path, trigger, said):
    file = tmp_path / "wrong.toml"
    file.write_text(SAID.replace("TRIGGER", trigger), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load(file)
    assert str(refused.value) == f"{file}:20: services.group.trigger.{said}"


def test_a_service_that_only_its_own_completion_brings_people_to_has_no_way_in(tmp_path):
    file = tmp_path / "own.toml"
    trigger = '{ on = "completion", of = ["group"] }'
    file.write_text(SAID.replace("TRIGGER", trigger), encoding="utf-8")
    with pytest.warns(UserWarning, match="own completion brings anybody, and so nobody a first"):
        ps.run(load(file), replications=1)


def test_a_service_behind_one_that_nobody_completes_has_no_way_in(tmp_path):
    file = tmp_path / "never.toml"
    trigger = '{ on = "completion", of = ["course"] }'
    text = SAID.replace("TRIGGER", trigger).replace(
        "30\n\n[serv", "30\ndrop_out_share = 1\n\n[serv"
    )
    file.write_text(text, encoding="utf-8")
    with pytest.warns(UserWarning, match="nobody can ever start this service: it hangs on"):
        ps.run(load(file), replications=1)
