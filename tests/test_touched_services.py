"""Services are touched by changes of their own values and of their pool's, and by no others."""

from __future__ import annotations

import warnings

import pytest

import pathsim as ps
from pathsim.outcomes.changes import Change, changes, place_title, places, touched_services
from small_scenario import BASELINE

POOLS = """
[services.group]
title = "Group work"
trigger = { disposals = ["community_order"] }
referral = 0.5
pool = "rooms"
duration_days = 60

[services.alone]
title = "One to one"
trigger = { disposals = ["community_order"] }
referral = 0.5
pool = "rooms"
duration_days = 60

[pools.rooms]
capacity = 5

[pools.cars]
capacity = 2
"""


@pytest.fixture(scope="module")
def baseline(tmp_path_factory):
    file = tmp_path_factory.mktemp("touched") / "baseline.toml"
    file.write_text(BASELINE + POOLS, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ps.load(file)


def touched(baseline, **values):
    keys = {key.replace("__", "."): value for key, value in values.items()}
    option = baseline.change("option", keys)
    return touched_services(changes(baseline, option), option)


def test_a_service_is_touched_by_its_own_values(baseline):
    assert touched(baseline, services__mentor__capacity=9) == ("mentor",)
    assert touched(baseline, services__group__referral=0.9) == ("group",)


def test_a_pool_touches_every_service_that_it_feeds_and_no_other(baseline):
    assert touched(baseline, pools__rooms__capacity=9) == ("alone", "group")


def test_a_pool_that_feeds_nobody_touches_nothing(baseline):
    assert touched(baseline, pools__cars__capacity=9) == ()


def test_own_values_and_the_pools_come_together_once_in_order(baseline):
    both = {"services__mentor__capacity": 9, "services__group__referral": 0.9}
    assert touched(baseline, pools__rooms__capacity=9, **both) == ("alone", "group", "mentor")


def test_a_service_or_pool_that_is_added_or_taken_away_is_touched_as_a_whole(baseline):
    for key, touched in (("services.new", ("new",)), ("pools.rooms", ("alone", "group"))):
        assert touched_services([Change(key, None, 1, "", "")], baseline) == touched
        assert (
            touched_services([Change(f"before.before.{key}.x", 1, 2, "", "")], baseline) == touched
        )


def test_what_is_no_service_touches_none(baseline):
    assert touched(baseline, hazard__adult_level=0.004) == ()
    for key in ("services", "pools", "hazard.services.mentor"):
        assert touched_services([Change(key, 1, 2, "", "")], baseline) == ()


def test_the_load_of_a_shared_place_is_shown_once_by_its_pool(baseline):
    assert places(["mentor", "group", "alone"], baseline) == ("service.mentor", "pool.rooms")
    assert places(["gone"], baseline) == ("service.gone",)
    assert places([], baseline) == ()


def test_a_place_has_the_title_of_its_service_or_those_of_the_pools_services(baseline):
    assert place_title("service.mentor", baseline) == "Mentor"
    assert place_title("service.gone", baseline) == "gone"
    assert place_title("pool.rooms", baseline) == "Shared places: Group work; One to one"


def test_a_change_has_the_grade_and_source_of_the_closest_part_that_states_them(baseline):
    option = baseline.change("option", {"services.mentor.capacity": 9, "pools.rooms.capacity": 8})
    found = {change.key: change for change in changes(baseline, option)}
    assert set(found) == {"services.mentor.capacity", "pools.rooms.capacity"}
    assert (found["pools.rooms.capacity"].before, found["pools.rooms.capacity"].after) == (5, 8)
    assert {change.grade for change in found.values()} == {"choice"}
    assert all(change.source for change in found.values())
