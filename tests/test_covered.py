"""A system with entries is told of generations that are fewer than its memory has windows."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

import pathsim as ps
from pathsim.errors import InputWarning
from pathsim.study.prepare import prepare

SHORT = {"follow_up.memory_days": 365, "follow_up.horizon_days": 365}


def said(scenario: ps.Scenario) -> list[str]:
    """Return what preparing a scenario warns of its generations."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", InputWarning)
        prepare([scenario])
    told = [str(each.message) for each in caught]
    return [each for each in told if each.startswith("follow_up.generations_")]


@pytest.fixture(scope="module")
def dorset() -> ps.Scenario:
    return ps.load("dorset/baseline")


def changed(scenario: ps.Scenario, before: int, after: int, **more: Any) -> ps.Scenario:
    numbers = {"follow_up.generations_before": before, "follow_up.generations_after": after}
    return scenario.change("Other generations", numbers | more)


@pytest.mark.parametrize("more", [{}, {"follow_up.horizon_days": 365}])
def test_fewer_than_the_memory_has_windows_are_told(dorset, more):
    early, late = said(changed(dorset, 2, 1, **more))
    days = ", and the 1,096 days of memory are 3 intake windows: "
    assert early.startswith(f"follow_up.generations_before = 2{days}members who came earlier")
    assert late.startswith(f"follow_up.generations_after = 1{days}those who come later")


def test_a_memory_a_little_short_of_three_windows_wants_three(dorset):
    short = {"follow_up.memory_days": 1090, "follow_up.horizon_days": 1090}
    early, late = said(changed(dorset, 2, 2, **short))
    assert "generations_before = 2, and the 1,090 days of memory are 3 intake windows" in early
    assert "generations_after = 2" in late


def test_without_a_window_there_are_no_generations_to_tell_of(dorset):
    at_once = {"follow_up.intake_days": 0, "follow_up.clocks": "person"}
    assert said(changed(dorset, 0, 0, **at_once, **{"follow_up.stock_windows": 0})) == []


def test_without_a_memory_nobody_is_told(dorset):
    """Followed for the clocks alone, people are members of no system, entries or not."""
    without = {"memory_days": None, "horizon_days": None, "clocks": "person"}
    alone = {"follow_up": dorset.follow_up.model_copy(update=without | {"generations_before": 0})}
    assert said(dorset.model_copy(update=alone)) == []


@pytest.mark.parametrize(("before", "after", "more"), [(3, 3, {}), (1, 1, SHORT)])
def test_as_many_are_not(dorset, before, after, more):
    assert said(changed(dorset, before, after, **more)) == []


def test_without_places_none_need_come_after_and_without_entries_none_before():
    nation = ps.load("england-and-wales/baseline")
    assert said(nation) == []
    (early,) = said(changed(nation, 2, 1))
    assert "generations_before = 2" in early
    rows = {"kind": "rows", "rows": [{"people": 5, "disposal": "fine"}]}
    assert said(changed(nation, 2, 1, cohort=rows)) == []
