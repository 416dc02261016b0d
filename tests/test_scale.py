"""A scenario of more or fewer people: places scaled to match, whole, at the same price in all."""

from __future__ import annotations

from typing import Any

import pytest

from pathsim.errors import InputError
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario
from pathsim.scenario.scale import has_places, places_for, rounded, scaled, with_scale
from small_scenario import BASELINE

MORE = """
[services.group]
title = "Group work"
trigger = { disposals = ["community_order"] }
referral = 0.5
pool = "rooms"
duration_days = 60

[services.open]
title = "Open to all"
trigger = { disposals = ["community_order"] }
referral = 0.5
duration_days = 60

[pools.rooms]
capacity = 5

[custody]
capacity = 10
"""
PRICE = "services.mentor.cost_per_place_year_gbp"
DATED: dict[str, Any] = {"services.mentor.patience_days": 30}


@pytest.fixture(scope="module")
def scenario(tmp_path_factory) -> Scenario:
    file = tmp_path_factory.mktemp("scale") / "s.toml"
    file.write_text(BASELINE + MORE, encoding="utf-8")
    return load(file)


def places(scenario: Scenario) -> list[float]:
    """Return the places of the mentor, the shared rooms and custody."""
    parts = (scenario.services["mentor"], scenario.pools["rooms"], scenario.custody)
    return [part.capacity.value for part in parts]


@pytest.mark.parametrize(
    ("factor", "expected"),
    [
        (1.0, [6, 5, 10]),
        (2.0, [12, 10, 20]),
        (1.5, [9, 8, 15]),  # 7.5 is 8: halves go up
        (0.25, [2, 1, 3]),  # 1.5, 1.25 and 2.5
        (0.01, [1, 1, 1]),  # none of what there is vanishes
    ],
)
def test_all_places_are_scaled_to_whole_ones(scenario, factor, expected):
    found = scaled(with_scale(scenario, factor))
    assert places(found) == expected
    assert found.scale.value == 1.0
    assert found.services["open"].capacity == "unlimited"


def test_no_places_stay_none(scenario):
    closed = scenario.change("closed", {"services.mentor.capacity": 0})
    assert places(scaled(with_scale(closed, 3.0)))[0] == 0


@pytest.mark.parametrize(("factor", "each"), [(2.0, 900.0), (0.25, 900 * 1.5 / 2)])
def test_all_places_together_cost_the_scales_share(scenario, factor, each):
    priced = scaled(with_scale(scenario.change("priced", {PRICE: 900}), factor))
    mentor = priced.services["mentor"]
    assert mentor.cost_per_place_year_gbp.value == pytest.approx(each, rel=1e-12)
    assert mentor.capacity.value * each == pytest.approx(6 * 900 * factor, rel=1e-12)


def test_only_what_is_rounded_is_said_with_the_exact_number(scenario):
    assert list(rounded(scenario)) == []
    found = {each.key: (each.exact, each.places) for each in rounded(with_scale(scenario, 0.3))}
    assert found == {
        "services.mentor.capacity": (pytest.approx(1.8), 2),
        "pools.rooms.capacity": (pytest.approx(1.5), 2),
    }


def test_what_holds_before_a_dated_option_is_scaled_by_its_own_factor(scenario):
    both = scaled(with_scale(scenario.change("later", DATED, from_day=100), 2.0))
    assert (places(both), places(both.before)) == ([12, 10, 20], [12, 10, 20])
    later = scaled(scenario.change("later", {"scale": 2}, from_day=100))
    assert (places(later), places(later.before)) == ([12, 10, 20], [6, 5, 10])
    sooner = scaled(with_scale(scenario, 2.0).change("back", {"scale": 1}, from_day=100))
    assert (places(sooner), places(sooner.before)) == ([6, 5, 10], [12, 10, 20])


def test_a_scenario_without_any_scale_is_the_same_one(scenario):
    dated = scenario.change("later", DATED, from_day=100)
    assert scaled(scenario) is scenario
    assert scaled(dated) is dated


def test_places_are_for_the_people_of_the_scenario_unless_it_says_for_whom(scenario):
    assert places_for(scenario) == 60 + 40
    assert places_for(scenario.change("said", {"places_for": 70})) == 70
    assert has_places(scenario)
    free = {"services.mentor.capacity": "unlimited", "custody.capacity": "unlimited"}
    assert has_places(scenario.change("rooms", free))


@pytest.mark.parametrize("factor", [0.0, 0.99e-6, 1.01e6, float("nan"), "2", True])
def test_a_scale_that_is_none_is_refused(scenario, factor):
    with pytest.raises(
        InputError, match=r"scale: is out of range; .*a number from 1e-06 to 1e\+06"
    ):
        with_scale(scenario, factor)
    assert [with_scale(scenario, each).scale.value for each in (1e-6, 1e6)] == [1e-6, 1e6]
