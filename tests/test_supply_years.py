"""How many years of a service's places one cohort uses: by hand, by either engine, in balance."""

from __future__ import annotations

import math

import pytest

import pathsim as ps
from pathsim.scenario.model import Scenario
from textbook import YEAR, case, service

ENGINES = ("kernel", "reference")
EXACT = 1e-12
BALANCE = 0.03
"""Relative: what one cohort uses of places that everybody keeps full, as in a year of them."""


def used(scenario: Scenario, engine: str = "kernel", *, name: str = "service.tag") -> tuple:
    """Return years of the places used by the cohort, and the places in use."""
    table = ps.run(scenario, replications=2, engine=engine).table(group="all")
    mean = table.set_index("outcome")["mean"]
    return tuple(float(mean[f"{name}.{each}"]) for each in ("supply_years", "utilisation"))


@pytest.mark.parametrize("engine", ENGINES)
def test_all_days_of_the_cohort_count_by_hand(engine):
    """From 0, 100 (after a wait) and 300 on, 100 days each: 35 of them after the window."""
    people = ({"start_day": day} for day in (0.0, 10.0, 300.0))
    found = used(case(*people, services={"tag": service(days=100, capacity=1)}), engine)
    assert found == pytest.approx((300 / YEAR, 265 / YEAR), rel=EXACT)


@pytest.mark.parametrize("engine", ENGINES)
def test_days_before_a_drop_out_and_a_stop_count_too(engine):
    """One drops out within the 100 days, and a last one's follow-up ends after 65 of them."""
    ends = {"follow_up": {"days": 65.0}}
    tag = service(days=100, capacity=2, ends_on=[])
    found = used(
        case({"start_day": 0.0}, {"start_day": 0.0}, services={"tag": tag}, **ends), engine
    )
    assert found[0] == pytest.approx(2 * 65 / (2 * YEAR), rel=EXACT)
    tag |= {"drop_out_share": 1.0}
    dropped = used(case({"start_day": 0.0}, services={"tag": tag}), engine)
    assert 0.0 < dropped[0] < 100 / (2 * YEAR)
    assert dropped[0] == pytest.approx(dropped[1], rel=EXACT)


@pytest.mark.parametrize("engine", ENGINES)
def test_other_generations_count_in_the_use_alone(engine):
    """The generation before is in its place when the window begins, 65 days in."""
    before = {"follow_up": {"generations_before": 1}}
    scenario = case({"start_day": 300.0}, services={"tag": service(days=100, capacity=2)}, **before)
    found = used(scenario, engine)
    assert found == pytest.approx((100 / (2 * YEAR), (35 + 65) / (2 * YEAR)), rel=EXACT)


def test_services_of_a_pool_use_parts_of_its_years():
    tags = {name: service(days=days, pool="room") for name, days in (("a", 20.0), ("b", 53.0))}
    scenario = case({}, services=tags, pools={"room": {"capacity": 4}})
    parts = [used(scenario, name=f"service.{name}")[0] for name in tags]
    assert parts == pytest.approx([20 / (4 * YEAR), 53 / (4 * YEAR)], rel=EXACT)
    assert used(scenario, name="pool.room")[0] == pytest.approx(sum(parts), rel=EXACT)


def test_without_a_limit_there_are_no_years():
    assert all(map(math.isnan, used(case({}, services={"tag": service()}))))


def test_in_balance_one_cohort_uses_what_is_in_use():
    """A full service: a year of its places, of which alone the counted would use more."""
    tag = service(days=20, capacity=10, patience_days={"kind": "exponential", "mean": 10})
    around = {"generations_before": 2, "generations_after": 2}
    scenario = case({"people": 400, "start_day": None}, services={"tag": tag}, follow_up=around)
    years, in_use = used(scenario)
    assert in_use > 0.97
    assert years == pytest.approx(in_use, rel=BALANCE)
