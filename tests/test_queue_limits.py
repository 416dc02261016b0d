"""A queue of limited length: loss systems, M/M/c/K, pools, what is refused in a file."""

from __future__ import annotations

import numpy as np
import pytest

import pathsim as ps
from pathsim import theory
from pathsim.engine.contract import Event, ServiceCount
from pathsim.errors import InputError
from textbook import Story, case, service

ARRIVALS, PLACES, SERVICE = 1.0, 18, 20.0
PEOPLE, REPLICATIONS = 60_000, 8
ERRORS = 4.0
"""Standard errors from a formula; the seed is fixed."""
EMPTY_AT_FIRST = 0.001
"""Share of the window, in which nobody is there yet, that the formulas leave out."""


def in_balance(max_queue: int, **terms) -> dict:
    tag = service(capacity=PLACES, max_queue=max_queue, **terms)
    tag["duration_days"] = {"kind": "exponential", "mean": SERVICE}
    scenario = case(
        {"people": PEOPLE, "start_day": None},
        follow_up={"intake_days": PEOPLE / ARRIVALS},
        services={"tag": tag},
    )
    table = ps.run(scenario, replications=REPLICATIONS, seed=3, workers=1).table()
    table = table[table["group"] == "all"].set_index("outcome")[["mean", "se"]]
    return {name: tuple(row) for name, row in table.iterrows()}


def assert_near(found: tuple[float, float], value: float, *, per: float = 1.0) -> None:
    mean, se = found[0] / per, found[1] / per
    assert se > 0.0
    assert abs(mean - value) <= ERRORS * se + EMPTY_AT_FIRST * value, (mean, value, se)


def test_without_a_queue_it_is_erlangs_loss_system():
    found = in_balance(0)
    lost = theory.erlang_b(arrivals=ARRIVALS, servers=PLACES, service=SERVICE)
    assert_near(found["service.tag.turned_away"], lost, per=PEOPLE)
    assert_near(found["service.tag.utilisation"], SERVICE * (1 - lost) / PLACES)
    assert found["service.tag.mean_wait_days"][0] == 0.0
    assert found["service.tag.mean_queue"][0] == 0.0


def test_with_room_for_a_few_it_is_m_m_c_k():
    found = in_balance(5)
    known = theory.limited_queue(arrivals=ARRIVALS, servers=PLACES, service=SERVICE, room=5)
    assert_near(found["service.tag.turned_away"], known.reneged, per=PEOPLE)
    assert_near(found["service.tag.mean_queue"], known.mean_queue)
    assert_near(found["service.tag.mean_wait_days"], known.mean_wait_served)
    assert_near(found["service.tag.utilisation"], known.utilisation)
    assert found["service.tag.reneged"][0] == 0.0


def test_a_limit_that_is_never_met_changes_no_bit():
    people = {"people": 300, "start_day": None}
    stories = [
        Story(case(people, services={"tag": service(days=20, capacity=3) | limit}))
        for limit in ({}, {"max_queue": 300})
    ]
    assert stories[0].count(Event.WAIT) > 50
    for one, other in zip(stories[0].log, stories[1].log, strict=True):
        assert np.array_equal(one, other)
    shorter = Story(case(people, services={"tag": service(days=20, capacity=3, max_queue=2)}))
    assert shorter.count(Event.TURNED_AWAY) > 50


def test_the_services_of_a_pool_share_its_queue():
    both = {name: service(days=50, pool="room") for name in ("a", "b")}
    both["a"]["eligible"] = {"sex": ["male"]}
    both["b"]["eligible"] = {"sex": ["female"]}
    people = [{"people": 4, "sex": "male"}, {"people": 8, "sex": "female"}]
    pools = {"room": {"capacity": 3, "max_queue": 4}}
    story = Story(case(*people, pools=pools, services=both))
    # In order of person: three places and one in the queue for `a`, then three more.
    assert story.counts.load[0, :, ServiceCount.TURNED_AWAY].tolist() == [0.0, 5.0]
    assert story.count(Event.WAIT) == 4
    assert story.count(Event.SERVICE_START) == 7


def test_who_was_turned_away_comes_again_at_the_next_trigger():
    brought = {"disposals": ["discharge"], "services": ["course"]}
    tag = service(days=30, capacity=1, max_queue=0, triggers=brought)
    course = service(days=40, capacity=1)
    story = Story(case({}, {"start_day": 1.0}, services={"tag": tag, "course": course}))
    assert story.times(Event.TURNED_AWAY, "tag").tolist() == [1.0]
    assert story.times(Event.SERVICE_START, "course").tolist() == [0.0, 40.0]
    assert story.times(Event.SERVICE_START, "tag").tolist() == [0.0, 40.0]


def test_an_option_changes_the_limit_from_its_day_and_those_who_wait_stay():
    scenario = case(
        *({"start_day": float(day)} for day in range(10)),
        services={"tag": service(days=30, capacity=1)},
    )
    option = scenario.change("short", {"services.tag.max_queue": 2}, from_day=5.0)
    story = Story(option)
    assert story.times(Event.WAIT).tolist() == [1.0, 2.0, 3.0, 4.0]
    assert story.times(Event.TURNED_AWAY).tolist() == [5.0, 6.0, 7.0, 8.0, 9.0]
    assert story.times(Event.SERVICE_START).tolist() == [0.0, 30.0, 60.0, 90.0, 120.0]
    lifted = option.change("no limit", {"services.tag.max_queue": "unlimited"})
    assert Story(lifted).count(Event.TURNED_AWAY) == 0


def test_the_limit_is_scaled_with_the_places():
    pools = {"room": {"capacity": 4, "max_queue": 6}}
    services = {"a": service(pool="room"), "b": service(capacity=2, max_queue=3)}
    scenario = case({"people": 10}, pools=pools, services=services)
    tables = Story(scenario.change("half", {"scale": 0.5})).lowered.tables
    assert tables.pool_queue[0].tolist() == [2, 3]  # b, room; halves up
    assert tables.pool_capacity[0].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"max_queue": -1, "capacity": 1}, "services.tag.max_queue: is out of range; found -1"),
        ({"max_queue": 1.5, "capacity": 1}, "found 1.5; allowed: a whole number"),
        ({"max_queue": "none", "capacity": 1}, 'allowed: "unlimited" or'),
        ({"max_queue": 1}, "needs a capacity of the service's own, as nobody waits without one"),
        ({"max_queue": 1, "pool": "room"}, "allowed: pools.room.max_queue"),
        ({"max_queu": 1, "capacity": 1}, "max_queue"),
    ],
)
def test_a_wrong_limit_is_refused(terms, said):
    scenario = case({}, pools={"room": {"capacity": 1}}, services={"tag": service()})
    changes = {f"services.tag.{key}": value for key, value in terms.items()}
    with pytest.raises(InputError) as refused:
        scenario.change("wrong", changes)
    assert said in str(refused.value)


def test_a_review_with_nobody_waiting_is_refused():
    scenario = case({}, pools={"room": {"capacity": 1}}, services={"tag": service(pool="room")})
    changes = {"pools.room.max_queue": 0, "pools.room.review_days": 7}
    with pytest.raises(InputError, match=r"pools\.room\.max_queue: leaves nobody to whom a"):
        scenario.change("wrong", changes)
