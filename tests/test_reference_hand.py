"""The reference engine against logs of services worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from pathsim.engine.contract import (
    UNITS_A_DAY,
    DrawIndex,
    Event,
    Home,
    Purpose,
    ServiceCount,
)
from pathsim.engine.contract import OutcomeColumn as Column
from test_reference_scene import Scene, drawn

HOMELESS = np.array([0.0, 0.0, 1.0])
UNIT = 1.0 / UNITS_A_DAY
"""Days are summed in whole units."""


def test_one_place_goes_to_the_first_then_the_next_and_patience_runs_out() -> None:
    scene = Scene()
    tag = scene.service(30.0, on="on_disposal", places=1, patience=scene.days(20.0))
    scene.person(0.0)
    scene.person(5.0)  # leaves the queue at 25
    scene.person(12.0)  # takes the place at 30
    rows, counts = scene.run()
    assert [row for row in rows if Event.REFERRAL <= row[2] < Event.END] == [
        (0.0, 0, Event.REFERRAL, tag),
        (0.0, 0, Event.SERVICE_START, tag),
        (5.0, 1, Event.REFERRAL, tag),
        (5.0, 1, Event.WAIT, tag),
        (12.0, 2, Event.REFERRAL, tag),
        (12.0, 2, Event.WAIT, tag),
        (25.0, 1, Event.RENEGE, tag),
        (30.0, 0, Event.SERVICE_COMPLETE, tag),
        (30.0, 2, Event.SERVICE_START, tag),
        (60.0, 2, Event.SERVICE_COMPLETE, tag),
    ]
    load = counts.load[0, tag]
    assert load.tolist() == [2.0, 18.0, 1.0, 2.0, 0.0, 60.0]
    assert load[ServiceCount.WAIT_DAYS] == 18.0
    assert counts.busy_days.tolist() == [60.0]
    assert counts.queue_days.tolist() == [38.0]


def test_who_finds_the_queue_full_is_turned_away_and_may_come_again() -> None:
    scene = Scene()
    pool = scene.pool(1, max_queue=1)
    tag = scene.service(30.0, on="on_disposal", pool=pool, patience=scene.days(10.0))
    for start in (0.0, 5.0, 6.0, 15.0, 16.0):
        scene.person(start)
    scene.change("pool_queue", (pool,), 0)
    scene.rules["from_day"] = 20.0
    scene.person(20.0)
    rows, counts = scene.run()
    happened = {Event.SERVICE_START, Event.WAIT, Event.TURNED_AWAY, Event.RENEGE}
    assert [row[:3] for row in rows if row[2] in happened] == [
        (0.0, 0, Event.SERVICE_START),
        (5.0, 1, Event.WAIT),
        (6.0, 2, Event.TURNED_AWAY),
        (15.0, 1, Event.RENEGE),  # rank 5, before the request of the same instant
        (15.0, 3, Event.WAIT),
        (16.0, 4, Event.TURNED_AWAY),
        (20.0, 5, Event.TURNED_AWAY),  # no queue from here on; who waits already stays
        (25.0, 3, Event.RENEGE),
    ]
    assert counts.load[0, tag].tolist() == [1.0, 0.0, 2.0, 1.0, 3.0, 30.0]


def test_a_place_given_back_at_an_instant_goes_to_who_waits_before_who_asks() -> None:
    scene = Scene()
    tag = scene.service(10.0, on="on_disposal", places=1, patience=scene.days(10.0))
    for start in (0.0, 5.0, 10.0, 10.0):
        scene.person(start)
    rows, _ = scene.run()
    at_ten = [row[1:3] for row in rows if row[0] == 10.0 and row[2] >= Event.REFERRAL]
    assert at_ten == [
        (0, Event.SERVICE_COMPLETE),
        (1, Event.SERVICE_START),
        (2, Event.REFERRAL),
        (2, Event.WAIT),
        (3, Event.REFERRAL),
        (3, Event.WAIT),
    ]
    # At 20 the place is given back (rank 2) before patience is over (rank 4).
    at_twenty = [row[1:] for row in rows if row[0] == 20.0]
    assert at_twenty == [
        (1, Event.SERVICE_COMPLETE, tag),
        (2, Event.SERVICE_START, tag),
        (3, Event.RENEGE, tag),
    ]


def test_the_highest_risk_goes_first_and_ties_by_arrival() -> None:
    scene = Scene()
    scene.service(10.0, on="on_disposal", pool=scene.pool(1, by_risk=True))
    for start, risk in ((0.0, 50.0), (1.0, 40.0), (2.0, 60.0), (3.0, 60.0)):
        scene.person(start, risk=risk)
    rows, _ = scene.run()
    started = [row[:2] for row in rows if row[2] == Event.SERVICE_START]
    assert started == [(0.0, 0), (10.0, 2), (20.0, 3), (30.0, 1)]


def test_without_places_everybody_waits_to_the_end() -> None:
    scene = Scene(follow_up=50.0)
    tag = scene.service(10.0, on="on_disposal", places=0)
    scene.person(0.0)
    assert scene.story()[-3:] == [
        (0.0, Event.WAIT, tag),
        (50.0, Event.WITHDRAW, tag),
        (50.0, Event.END, 0),
    ]


def test_who_loses_a_prerequisite_is_stopped_and_withdrawn_in_order_of_id() -> None:
    scene = Scene()
    base = scene.service(40.0, on="on_disposal")
    middle = scene.service(90.0, on="on_disposal", requires=1 << base)
    waiting = scene.service(90.0, on="on_disposal", requires=1 << base, places=0)
    last = scene.service(90.0, on="on_disposal", requires=1 << middle)
    scene.person(0.0)
    assert [row for row in scene.story() if row[0] == 40.0] == [
        (40.0, Event.SERVICE_COMPLETE, base),
        (40.0, Event.SERVICE_STOP, middle),
        (40.0, Event.WITHDRAW, waiting),
        (40.0, Event.SERVICE_STOP, last),
    ]


def test_another_prerequisite_keeps_a_service_going_and_none_refuses_it() -> None:
    scene = Scene()
    one = scene.service(40.0, on="on_disposal")
    other = scene.service(60.0, on="on_disposal")
    needs = scene.service(90.0, on="on_disposal", requires=(1 << one) | (1 << other))
    refused = scene.service(90.0, on="on_disposal", requires=1 << 4)
    scene.service(90.0)
    scene.person(0.0)
    story = scene.story()
    assert (0.0, Event.REFUSED, refused) in story
    assert (60.0, Event.SERVICE_STOP, needs) in story


def test_a_service_triggered_by_the_start_of_another_is_asked_for_at_that_instant() -> None:
    scene = Scene()
    parent = scene.service(10.0, on="on_disposal")
    child = scene.service(20.0, requires=1 << parent)
    scene.tables["on_start"] = np.array([[1 << child, 0]] * 2, np.uint64)
    scene.person(3.0)
    assert scene.story()[:-1] == [
        (3.0, Event.REFERRAL, parent),
        (3.0, Event.SERVICE_START, parent),
        (3.0, Event.REFERRAL, child),
        (3.0, Event.SERVICE_START, child),
        (13.0, Event.SERVICE_COMPLETE, parent),
        (13.0, Event.SERVICE_STOP, child),
    ]


def test_a_service_that_lasts_no_time_gives_its_place_back_at_that_instant() -> None:
    scene = Scene()
    tag = scene.service(0.0, on="on_disposal", places=1)
    scene.person(1.0)
    scene.person(1.0)
    rows, _ = scene.run()
    assert [row[1:] for row in rows if row[2] in (Event.SERVICE_START, Event.SERVICE_COMPLETE)] == [
        (person, event, tag)
        for person in (0, 1)
        for event in (Event.SERVICE_START, Event.SERVICE_COMPLETE)
    ]


def test_a_service_that_houses_takes_in_the_homeless_and_sends_them_out_by_its_share() -> None:
    scene = Scene()
    house = scene.service(30.0, on="on_homeless", houses=1, exit_settled=0.5)
    scene.tables["home_entry"][:] = HOMELESS
    scene.tables["homeless_day"][:, 5] = 7.0
    scene.tables["home_rate"][:, :, Home.TEMPORARY, Home.SETTLED] = 1e6  # stands still while housed
    scene.tables["home_rate"][:, :, Home.HOMELESS, Home.SETTLED] = 1.0
    scene.person(0.0)
    key = scene.services[house]["key"]
    homes = [Home.HOMELESS]
    time, n = 0.0, 1
    rows, counts = scene.run()
    expected = [(0.0, Home.HOMELESS)]
    while homes[-1] == Home.HOMELESS and time < 365.0:
        expected.append((time, Home.TEMPORARY))
        time += 30.0
        settled = drawn(key ^ Purpose.EXIT, DrawIndex.HOMELESS + n) < 0.5
        homes.append(Home.SETTLED if settled else Home.HOMELESS)
        expected.append((time, homes[-1]))
        n += 1
    assert [(row[0], row[3]) for row in rows if row[2] == Event.ACCOMMODATION] == expected
    assert counts.person[0, Column.HOMELESS_DAYS] == 0.0


def test_homeless_days_are_counted_and_paid_inside_the_account() -> None:
    scene = Scene(follow_up=100.0, waiting=50.0)
    scene.tables["home_entry"][:] = HOMELESS
    scene.tables["homeless_day"][:, 5] = 7.0
    scene.person(20.0)
    _, counts = scene.run()
    assert counts.person[0, Column.HOMELESS_DAYS] == 100.0
    assert counts.person[0, Column.COST + 5] == 700.0


def test_new_places_go_to_the_head_of_the_queue_on_the_day_of_the_change() -> None:
    scene = Scene(from_day=20.0, follow_up=100.0)
    tag = scene.service(1000.0, on="on_disposal", places=0)
    for start in (1.0, 2.0, 20.0):
        scene.person(start)
    scene.change("pool_capacity", (0,), 2)
    rows, _ = scene.run()
    assert [row[:2] for row in rows if row[2:] == (Event.SERVICE_START, tag)] == [
        (20.0, 0),
        (20.0, 1),
        (101.0, 2),  # when the first person's follow-up ends
    ]


def test_when_places_are_taken_away_nobody_is_put_out_and_nobody_admitted() -> None:
    scene = Scene(from_day=20.0)
    scene.service(50.0, on="on_disposal", places=2)
    for start in (0.0, 10.0, 15.0):
        scene.person(start)
    scene.change("pool_capacity", (0,), 1)
    rows, _ = scene.run()
    # At 50 one place is given back and one is still held, as many as remain.
    assert [row[:2] for row in rows if row[2] == Event.SERVICE_START] == [
        (0.0, 0),
        (10.0, 1),
        (60.0, 2),
    ]


def test_costs_of_a_service_are_booked_as_its_parts_happen() -> None:
    scene = Scene()
    prices = {"per_referral": 1.0, "per_start": 10.0, "per_day": 100.0, "per_completion": 1e5}
    scene.service(7.0, on="on_disposal", payer=4, **prices)
    scene.person(0.0)
    _, counts = scene.run()
    assert counts.person[0, Column.COST + 4] == 1.0 + 10.0 + 700.0 + 1e5


def test_who_drops_out_leaves_at_a_drawn_part_of_the_duration_and_completes_nothing() -> None:
    scene = Scene()
    tag = scene.service(100.0, on="on_disposal", drop_out=1.0)
    scene.person(0.0)
    part = drawn(scene.services[tag]["key"] ^ Purpose.DROP_OUT_TIME, 0)
    assert (100.0 * part, Event.SERVICE_DROP_OUT, tag) in scene.story()
    *counted, place_days = scene.run()[1].load[0, tag].tolist()
    assert counted == [1.0, 0.0, 0.0, 0.0, 0.0]
    assert place_days == pytest.approx(100.0 * part, abs=UNIT)


def test_a_place_that_comes_to_who_may_not_keep_it_is_given_on() -> None:
    scene = Scene()
    pool = scene.pool(1)
    base = scene.service(40.0, on="on_disposal", pool=pool)
    more = scene.service(40.0, on="on_disposal", pool=pool, requires=1 << base)
    scene.person(0.0)
    scene.person(1.0, eligible=1 << base)
    rows, _ = scene.run()
    assert [row[1:] for row in rows if row[0] == 40.0] == [
        (0, Event.SERVICE_COMPLETE, base),
        (0, Event.WITHDRAW, more),
        (1, Event.SERVICE_START, base),
    ]


def test_a_place_in_the_queue_is_that_of_the_rule_on_the_day_of_joining() -> None:
    scene = Scene(from_day=5.0)
    scene.service(10.0, on="on_disposal", places=1)
    for start, risk in ((0.0, 50.0), (1.0, 40.0), (2.0, 60.0), (6.0, 50.0)):
        scene.person(start, risk=risk)
    scene.change("pool_by_risk", (0,), 1)
    rows, _ = scene.run()
    started = [row[1] for row in rows if row[2] == Event.SERVICE_START]
    assert started == [0, 1, 2, 3]


def test_the_homeless_trigger_comes_after_the_one_of_the_event_that_led_to_it() -> None:
    scene = Scene()
    by_home = scene.service(5.0, on="on_homeless")
    by_court = scene.service(5.0, on="on_disposal")
    scene.tables["home_entry"][:] = HOMELESS
    scene.person(0.0)
    assert scene.story()[:4] == [
        (0.0, Event.REFERRAL, by_court),
        (0.0, Event.REFERRAL, by_home),
        (0.0, Event.SERVICE_START, by_home),
        (0.0, Event.SERVICE_START, by_court),
    ]


def test_a_place_is_given_back_before_it_is_asked_for_whoever_comes_first_in_number() -> None:
    scene = Scene()
    scene.service(10.0, on="on_disposal", places=1)
    scene.person(10.0)
    scene.person(0.0)
    rows, _ = scene.run()
    assert [row[:2] for row in rows if row[2] == Event.SERVICE_START] == [(0.0, 1), (10.0, 0)]
    assert not [row for row in rows if row[2] == Event.WAIT]


def test_use_and_waiting_are_counted_inside_the_intake_window_for_other_generations_too() -> None:
    scene = Scene(follow_up=800.0, generations_before=1)
    scene.service(400.0, on="on_disposal", places=1)
    scene.person(0.0)  # before: from day -365 to day 35
    scene.person(1.0)  # before: waits to day 35, then to day 435
    rows, counts = scene.run()
    # The counted wait from days 0 and 1, to days 435 and 800, when the first of them ends.
    starts = [row[:2] for row in rows if row[2] == Event.SERVICE_START]
    assert starts == [(-365.0, 2), (35.0, 3), (435.0, 0), (800.0, 1)]
    assert counts.busy_days.tolist() == [35.0 + 330.0]
    assert counts.queue_days.tolist() == [35.0 + 365.0 + 364.0]
    assert counts.load[0, 0, ServiceCount.STARTS] == 2.0
    assert counts.load[0, 0, ServiceCount.WAIT_DAYS] == 435.0 + 799.0
