"""A court that spares custody to those whom a service takes, in a place that is free."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pathsim.engine.contract import Disposal, DrawIndex, Event, Legal, Purpose, purpose
from pathsim.engine.kernels.random import draw, person_state, replication_state
from pathsim.engine.lowering import lower
from pathsim.engine.run import simulate
from pathsim.errors import InputError
from pathsim.people.cohort import Cohort
from pathsim.scenario.load import load
from textbook import YEAR, Story, case, service

SUSPENDED, CUSTODY = Disposal.SUSPENDED_SENTENCE, Disposal.CUSTODY
SEED = 3
NOT_TRIGGERED = {"release": False}
"""Nothing but the court brings anybody to the service."""
OFFENDING = {"adult_level": 0.004, "youth_level": 0.004}
COURTS = {"magistrates_delay_days": 40.0, "magistrates_remand_share": 0.3}


def court(**terms) -> dict:
    return service(triggers=NOT_TRIGGERED, **{"days": 30.0, "ends_on": ["custody"]} | terms)


def sentencing(*, with_service: str = "court", share: float = 1.0, **more) -> dict:
    presumption = {
        "max_days": 365,
        "share": share,
        "hazard_ratio": 0.5,
        "effect_days": 60,
        "with_service": with_service,
    }
    return {
        "disposals": {"custody": 0.6, "fine": 0.4},
        "custody_days": 120,
        "suspended_sentence_days": 200,
        "presumption": presumption,
    } | more


def prisoner(start_day: float, **more) -> dict:
    return {"disposal": "custody", "sentence_days": 100.0, "start_day": start_day} | more


def spared(story: Story) -> list[bool]:
    """Return of everybody, in order of their rows, whether custody was spared at the start."""
    starts = story.rows(Event.START)
    disposal = np.empty(starts.sum(), int)
    disposal[story.log.person[starts]] = story.log.detail[starts]
    assert set(disposal) <= {SUSPENDED, CUSTODY}
    return (disposal == SUSPENDED).tolist()


def many(*, capacity: int, plain: bool = False, **more):
    """Return people who reoffend and are sentenced again and again."""
    presumption = {} if plain else sentencing()["presumption"]
    return case(
        {"people": 60, "disposal": "custody", "sentence_days": 80.0, "start_day": None},
        {"people": 60, "disposal": "discharge", "start_day": None},
        follow_up={"generations_before": 1, "stock_windows": 2, "index": "release"},
        hazard=OFFENDING,
        courts=COURTS,
        sentencing=sentencing(presumption=presumption),
        services={"court": court(capacity=capacity, cost_per_referral_gbp=7.0)},
    )


@pytest.mark.parametrize("engine", ["kernel", "reference"])
def test_a_court_without_a_place_spares_nobody_and_changes_nothing(engine):
    stories = []
    for scenario in (many(capacity=0), many(capacity=0, plain=True)):
        model = lower(scenario, Cohort.from_scenario(scenario))
        stories.append(simulate(model, seed=SEED, replication=1, engine=engine, keep_log=True))
    (counts, log), (plain_counts, plain_log) = stories
    assert (log.event == Event.CUSTODY).sum() > 100
    for ours, theirs in zip(log, plain_log, strict=True):
        assert np.array_equal(ours, theirs)
    assert np.array_equal(counts.person, plain_counts.person)
    assert np.array_equal(counts.in_custody, plain_counts.in_custody)
    assert counts.events == plain_counts.events


def test_one_place_spares_one_at_a_time():
    """Each holds the place for 30 days: whoever comes while it is held goes to prison."""
    days = {0.0: True, 10.0: False, 29.5: False, 30.0: True, 59.0: False, 60.0: True, 200.0: True}
    rows = [prisoner(day) for day in days]
    story = Story(case(*rows, sentencing=sentencing(), services={"court": court(capacity=1)}))
    assert spared(story) == list(days.values())
    started = story.of_people(Event.SERVICE_START, "court")
    for day, taken, start in zip(days, days.values(), started, strict=True):
        assert start == day if taken else np.isnan(start)
    assert story.count(Event.CUSTODY) == 3
    # Nobody waits in a courtroom.
    assert story.count(Event.WAIT) == story.count(Event.TURNED_AWAY) == 0


def test_the_place_is_theirs_who_come_first_and_not_who_stand_first_in_the_cohort():
    rows = [prisoner(day) for day in (50.0, 40.0, 90.0, 20.0)]
    story = Story(case(*rows, sentencing=sentencing(), services={"court": court(capacity=1)}))
    assert spared(story) == [True, False, True, True]


def test_of_two_at_one_instant_the_first_in_the_cohort_is_spared():
    rows = [prisoner(20.0), prisoner(20.0)]
    story = Story(case(*rows, sentencing=sentencing(), services={"court": court(capacity=1)}))
    assert spared(story) == [True, False]


def test_who_is_spared_begins_order_and_service_at_once_and_holds_the_place():
    story = Story(
        case(
            prisoner(5.0),
            sentencing=sentencing(),
            hazard={"adult_level": 0.0, "youth_level": 0.0},
            services={"court": court(capacity=1, cost_per_referral_gbp=7.0, cost_per_day_gbp=2.0)},
        )
    )
    log = story.log
    told = [Event(event).name for event in log.event]
    assert told == [
        "START",
        "ORDER_START",
        "REFERRAL",
        "SERVICE_START",
        "ACCOMMODATION",
        "SERVICE_COMPLETE",
        "PRESUMPTION_END",
        "ORDER_END",
        "END",
    ]
    assert log.time.tolist() == [5.0, 5.0, 5.0, 5.0, 5.0, 35.0, 65.0, 205.0, 5.0 + YEAR]
    assert log.detail[1] == Legal.SUSPENDED_SENTENCE
    assert story.cost == 7.0 + 30 * 2.0


def test_a_service_that_houses_takes_who_is_spared_home():
    housing = court(capacity=1, houses=True, exit_settled_share=1.0)
    story = Story(case(prisoner(5.0), sentencing=sentencing(), services={"court": housing}))
    assert story.times(Event.ACCOMMODATION, 1).tolist() == [5.0]  # temporary
    assert story.times(Event.ACCOMMODATION, 0).tolist() == [35.0]  # settled


def test_what_the_court_service_leads_to_follows():
    services = {
        "court": court(capacity=1),
        "review": service(triggers={"services": ["court"]}, days=10.0),
        "order": service(triggers={"disposals": ["suspended_sentence"]}, days=10.0),
    }
    rows = [prisoner(5.0), prisoner(6.0)]
    story = Story(case(*rows, sentencing=sentencing(), services=services))
    assert story.times(Event.SERVICE_START, "review").tolist() == [5.0]
    assert story.times(Event.SERVICE_START, "order").tolist() == [5.0]
    referred = story.log.detail[story.rows(Event.REFERRAL)]
    names = [story.lowered.services[service] for service in referred]
    assert names == ["court", "order", "review"]  # a disposal's triggers come before a start's


def test_only_whom_the_service_takes_is_spared():
    """By its eligibility, and by what it requires of them."""
    eligible = court(eligible={"sex": ["female"]})
    rows = [prisoner(1.0, sex="female"), prisoner(2.0, sex="male")]
    story = Story(case(*rows, sentencing=sentencing(), services={"court": eligible}))
    assert spared(story) == [True, False]
    services = {"court": court(requires_any=["other"]), "other": court()}
    story = Story(case(*rows, sentencing=sentencing(), services=services))
    assert spared(story) == [False, False]


def test_the_presumption_comes_before_the_service():
    rows = [prisoner(1.0), prisoner(2.0) | {"sentence_days": 366.0}, prisoner(3.0, age=16)]
    presumption = sentencing()["presumption"] | {"age_groups": ["adult"]}
    only = sentencing(presumption=presumption)
    assert spared(Story(case(*rows, sentencing=only, services={"court": court()}))) == [
        True,
        False,
        False,
    ]
    nobody = sentencing(share=0.0)
    assert not any(spared(Story(case(*rows, sentencing=nobody, services={"court": court()}))))


def test_a_service_that_takes_everybody_spares_whom_the_presumption_alone_does():
    def story(with_service: str) -> Story:
        return Story(
            case(
                {"people": 300, "disposal": "custody", "sentence_days": 80.0, "start_day": None},
                hazard=OFFENDING,
                # Proven at once: in custody the presumption acts where a service takes nobody.
                sentencing=sentencing(with_service=with_service, share=0.5),
                services={"court": court(days=0.0, ends_on=[])},
            )
        )

    plain, taken = story(""), story("court")
    assert plain.count(Event.SERVICE_START) == 0
    assert taken.count(Event.SERVICE_START) > 150
    of_service = np.isin(
        taken.log.event, [Event.REFERRAL, Event.SERVICE_START, Event.SERVICE_COMPLETE]
    )
    assert plain.count(Event.PROVEN, SUSPENDED) > 20
    for column, plainly in zip(taken.log, plain.log, strict=True):
        assert np.array_equal(column[~of_service], plainly)


def test_the_referral_and_the_take_up_are_drawn_at_the_number_of_the_case():
    story = Story(
        case(
            {"people": 400, "disposal": "custody", "sentence_days": 80.0, "start_day": None},
            hazard=OFFENDING,
            courts={"magistrates_delay_days": 40.0},
            sentencing=sentencing(activation_share=0.0),
            services={"court": court(days=0.0, referral=0.6, take_up=0.5)},
        ),
        seed=SEED,
    )
    people, log = story.lowered.people, story.log
    key = purpose("service court")
    state = replication_state(np.uint64(SEED), np.uint64(0))

    def takes(person: int, number: int) -> bool:
        stream = np.uint64(person_state(state, people.key[person]))
        place = np.uint64(DrawIndex.DISPOSAL + number)
        referred = draw(stream, np.uint64(key ^ Purpose.REFERRAL), place)
        taken_up = draw(stream, np.uint64(key ^ Purpose.TAKE_UP), place)
        return referred < 0.6 and taken_up < 0.5

    decided = 0
    for person in range(len(people.key)):
        mine = log.person == person
        number, inside = 0, False
        for event, detail in zip(log.event[mine], log.detail[mine], strict=True):
            if event in (Event.START, Event.PROVEN):
                if detail in (SUSPENDED, CUSTODY):
                    decided += number > 0
                    assert (detail == SUSPENDED) == (takes(person, number) and not inside)
                number += 1  # all are proven after as long a time, and so in order
            inside = event == Event.CUSTODY or (inside and event != Event.RELEASE)
    assert decided > 100


@pytest.mark.parametrize("capacity", [1, 3])
def test_at_later_cases_the_place_is_looked_at_on_the_day(capacity):
    """The log tells by hand who holds a place: at liberty or from remand, who finds one is spared.

    Whoever stays in custody for another sentence, or has the service already, is not.
    """
    model = many(capacity=capacity)
    story = Story(model)
    log, number = story.log, 0
    assert story.lowered.services[number] == "court"
    holders: set[int] = set()
    inside: dict[int, str] = {}
    found = {True: 0, False: 0, "remand": 0, "inside": 0, "again": 0}
    begins = -YEAR
    over = (Event.SERVICE_COMPLETE, Event.SERVICE_DROP_OUT, Event.SERVICE_STOP)
    for time, person, event, detail in zip(*log, strict=True):
        if event == Event.SERVICE_START:
            holders.add(person)
            assert len(holders) <= capacity
        elif event in over:
            holders.remove(person)
        elif event == Event.CUSTODY:
            inside[person] = "remand" if detail == 2 else "sentence"
        elif event == Event.CUSTODY_EXTENDED:
            inside[person] = "sentence"
        elif event == Event.RELEASE:
            inside.pop(person, None)
        elif event in (Event.START, Event.PROVEN) and detail in (SUSPENDED, CUSTODY):
            held = inside.get(person)
            if held == "remand":  # of another case, or of this one: then it says so below
                found["remand"] += detail == SUSPENDED
                assert detail == CUSTODY or len(holders) < capacity
                continue
            free = len(holders) < capacity and person not in holders
            if time < begins or held:
                found["inside"] += free
                free = False
            found["again"] += person in holders and len(holders) < capacity
            assert (detail == SUSPENDED) == free, (time, person)
            found[free] += 1
    assert found[True] > 20
    assert found[False] > 20
    assert found["remand"] > 0
    assert found["inside"] > 0


def test_nobody_is_taken_before_the_first_generation_begins():
    """The stock is of those whom their sentence holds: all of it, whatever the places."""
    scenario = case(
        {"people": 50, "disposal": "custody", "sentence_days": 300.0, "start_day": None},
        follow_up={"generations_before": 1, "stock_windows": 1, "index": "release"},
        sentencing=sentencing(),
        services={"court": court()},
    )
    story = Story(scenario)
    stock = story.log.person >= 2 * 50
    starts = stock & story.rows(Event.START)
    assert starts.sum() > 20
    assert (story.log.detail[starts] == CUSTODY).all()
    others = ~stock & story.rows(Event.START)
    assert (story.log.detail[others] == SUSPENDED).all()


def test_who_is_spared_has_an_index_date_at_the_start_and_an_account_of_the_sentence():
    """The clock runs from the disposal; the account from the sentence passed, spared or not."""
    for engine in ("kernel", "reference"):
        scenario = case(
            prisoner(0.0),
            prisoner(1.0),
            follow_up={"index": "release", "waiting_days": 0},
            sentencing=sentencing(),
            services={"court": court(capacity=1)},
        )
        model = lower(scenario, Cohort.from_scenario(scenario))
        _, log = simulate(
            model,
            seed=SEED,
            replication=0,
            engine=engine,
            keep_log=True,
        )
        ends = log.time[log.event == Event.END]
        # Both end with the account, 365 + 100 days after the start: release was at day 101.
        assert ends.tolist() == [YEAR + 100.0, 1.0 + YEAR + 100.0]


REFUSED = {
    "a name that no service has": (
        "cuort",
        "sentencing.presumption.with_service: no service is called 'cuort'; did you mean 'court'?; "
        "found 'cuort'; allowed: court, gps_tag, iom_fixed, panel, treatment",
    ),
    "places that are given on review dates": (
        "panel",
        "sentencing.presumption.with_service: takes its places from the pool 'room', which gives "
        "them on review dates only; found 'panel'; allowed: a service whose places are given at "
        "once: nobody waits in a courtroom",
    ),
}
OPTION = """\
extends = "baseline.toml"
title = "A court"

[sentencing.presumption]
max_days = { value = 365, source = "made for a test", grade = "definition" }
with_service = "NAME"

[pools.room]
capacity = { value = 5, source = "made for a test", grade = "definition" }
review_days = { value = 7, source = "made for a test", grade = "definition" }

[services.court]
source = "made for a test"
grade = "definition"
title = "A court"
trigger = {}
referral = 1
duration_days = 30

[services.panel]
source = "made for a test"
grade = "definition"
title = "A panel"
trigger = {}
referral = 1
duration_days = 30
pool = "room"
"""


@pytest.mark.parametrize(("name", "told"), REFUSED.values(), ids=REFUSED)
def test_a_service_that_cannot_spare_anybody_in_court_is_refused(tmp_path, name, told):
    data = Path(__file__).parent / "data" / "scenarios" / "baseline.toml"
    (tmp_path / "baseline.toml").write_text(data.read_text(encoding="utf-8"), encoding="utf-8")
    file = tmp_path / "option.toml"
    file.write_text(OPTION.replace("NAME", name), encoding="utf-8")
    with pytest.raises(InputError) as refusal:
        load(file)
    assert told in str(refusal.value)
    assert "option.toml:6: " in str(refusal.value)
