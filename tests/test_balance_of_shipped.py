"""The shipped scenarios are in balance: what goes in comes out, and nothing fills up."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

import pathsim as ps
from pathsim.engine.contract import Event, Floats, Log, OutcomeColumn
from pathsim.engine.lowering import Lowered, lower
from pathsim.people.cohort import Cohort
from pathsim.vocabulary import AGE_GROUPS, PREVIOUS_BANDS
from replicated import logged, replicated

REPLICATIONS = 100
LOGS = 30
CUSTODY = 0.02
"""Of people in custody on the first day."""
DISPOSALS = 0.03
"""Of the published occasions."""
HALVES = 3.5
"""Standard errors between the starts of both halves of the year; or, if that is more:"""
STARTS = 0.03
RARE = 2.0
"""Starts in half a year, below which standard errors of so few say nothing."""
SUPPLY = 0.03
"""Of the years of its places that one cohort uses of a full service."""
FULL = 0.97
REVIEWED = ("iom_fixed", "iom_fixed_medium", "iom_flex", "iom_free", "gps_tag")
"""Begun at reviews, or by what is: three of a year's five dates are in its first half."""
SHIPPED = ("dorset/baseline", "england-and-wales/baseline")


class Year(NamedTuple):
    lowered: Lowered
    groups: pd.DataFrame
    person: Floats
    custody: Floats


@cache
def year(name: str) -> Year:
    scenario = ps.load(name)
    cohort = Cohort.from_scenario(scenario)
    lowered = lower(scenario, cohort)
    runs = replicated(lowered, REPLICATIONS, lambda c: (c.person, c.in_custody), seed=1)
    person, custody = (np.mean(each, axis=0) for each in zip(*runs, strict=True))
    return Year(lowered, cohort.groups(), person, custody)


@pytest.mark.parametrize("name", SHIPPED)
def test_custody_is_as_full_on_the_last_day_of_the_year_as_on_the_first(name):
    custody = year(name).custody
    assert custody[-1] == pytest.approx(custody[0], rel=CUSTODY)
    assert custody[0] > 500


@pytest.mark.parametrize("name", SHIPPED)
def test_disposals_of_the_year_are_the_published_occasions(name):
    lowered, groups, person, _ = year(name)
    levels = [("age_group", each) for each in AGE_GROUPS]
    levels += [("previous_offences", each) for each in PREVIOUS_BANDS]
    assert person[0, OutcomeColumn.DISPOSALS] == pytest.approx(len(groups), rel=DISPOSALS)
    for margin, level in levels:
        published = (groups[margin] == level).sum()
        found = person[lowered.groups.index((margin, level)), OutcomeColumn.DISPOSALS]
        assert found == pytest.approx(published, rel=DISPOSALS), (margin, level)


def test_as_many_start_each_service_in_the_first_half_of_the_year_as_in_the_second():
    lowered = year("dorset/baseline").lowered
    window = float(lowered.tables.rules["intake"][0])

    def starts(log: Log) -> Floats:
        found = np.zeros((len(lowered.services), 2))
        started = (log.event == Event.SERVICE_START) & (log.time >= 0.0) & (log.time < window)
        half = (log.time[started] >= window / 2.0).astype(int)
        np.add.at(found, (log.detail[started], half), 1.0)
        return found

    halves = np.array(logged(lowered, LOGS, starts, seed=2))
    first, second = halves[..., 0], halves[..., 1]
    means = halves.mean(axis=(0, 2))
    error = (second - first).std(axis=0, ddof=1) / np.sqrt(LOGS)
    apart = np.abs((second - first).mean(axis=0))
    for number, service in enumerate(lowered.services):
        if service in REVIEWED or means[number] < RARE:
            continue
        allowed = max(HALVES * error[number], STARTS * means[number])
        assert apart[number] <= allowed, (service, means[number])


FULL_SERVICES = [
    *("circles_support", "county_lines_programme", "reconnect"),
    *("supported_accommodation", "trade_skills"),
]


@cache
def used() -> pd.DataFrame:
    made = ps.run("dorset/baseline", draws=0, replications=REPLICATIONS, seed=3)
    return made.table(group="all").set_index("outcome")


def test_all_full_services_are_looked_at():
    table = used()["mean"]
    full = [o.split(".")[1] for o in table.index if o.endswith(".utilisation") and table[o] >= FULL]
    assert full == FULL_SERVICES


@pytest.mark.parametrize("service", FULL_SERVICES)
def test_of_a_full_service_one_cohort_uses_a_years_places(service):
    found = used().loc[f"service.{service}.supply_years"]
    assert abs(found["mean"] - 1.0) <= max(SUPPLY, 3.0 * found["se"])
