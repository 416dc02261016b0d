"""Options that change, from a day on, what services act on or what there is for them to act on."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pathsim.engine.contract import Event, Log
from pathsim.engine.run import simulate
from pathsim.scenario.model import Scenario
from test_acts_on import ENGINES, FRAUD, PEOPLE, THEFT, VIOLENCE, acted, forever, lowered_of
from textbook import YEAR, service


def log_of(scenario: Scenario, engine: Any) -> Log:
    _, log = simulate(lowered_of(scenario), seed=1, replication=1, engine=engine, keep_log=True)
    assert log is not None
    return log


def committed(log: Log, *, since: float = 0.0) -> list[int]:
    """Return the offence groups of all occasions from a day on."""
    return log.detail[(log.event == Event.REOFFENCE) & (log.time >= since)].tolist()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("later", [["fraud", "violence"], "all"])
def test_the_groups_are_those_of_the_start_and_hold_through_the_after_effect(later, engine):
    stopped = {"hazard_ratio": 0.0, "after_ratio": 0.0, "after_days": 2 * YEAR}
    course = service(days=100, ends_on=[], acts_on=["theft"], **stopped)
    before = acted({"a": course}, own="theft")
    option = before.change("Others", {"services.a.acts_on": later}, from_day=50.0)
    log = log_of(option, engine)
    assert THEFT not in committed(log)
    assert {VIOLENCE, FRAUD} <= set(committed(log, since=100.0))


@pytest.mark.parametrize("engine", ENGINES)
def test_what_acts_on_all_at_the_start_does_to_its_end(engine):
    """Another service ends after the option's day, and so the rate is looked at anew."""
    services = {"a": forever(hazard_ratio=0.0), "b": service(days=60, ends_on=[])}
    theft_alone = {"services.a.acts_on": ["theft"]}
    option = acted(services).change("Theft alone", theft_alone, from_day=50.0)
    assert committed(log_of(option, engine)) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_an_option_alone_may_act_on_some(engine):
    """Everybody starts on day 60, by the rules of the option."""
    services = {
        "first": service(days=60, ends_on=[]),
        "a": forever(triggers={"on": "completion", "of": ["first"]}, hazard_ratio=0.0),
    }
    before = acted(services, own="theft")
    option = before.change("Theft", {"services.a.acts_on": ["theft"]}, from_day=50.0)
    assert committed(log_of(before, engine), since=60.0) == []
    log = log_of(option, engine)
    assert THEFT in committed(log)
    assert THEFT not in committed(log, since=60.0)
    assert {VIOLENCE, FRAUD} <= set(committed(log, since=60.0))


@pytest.mark.parametrize("engine", ENGINES)
def test_where_an_option_leaves_only_what_is_stopped_one_offence_comes_as_due(engine):
    """The rate is that of the latest event, the mix that of the day: nobody has two of them."""
    day = 100.0
    before = acted({"a": forever(hazard_ratio=0.0, acts_on=["violence"])})
    option = before.change("Violence alone", {"offending.same_group_share": 1.0}, from_day=day)
    log = log_of(option, engine)
    late = (log.event == Event.REOFFENCE) & (log.time >= day)
    assert committed(log).count(VIOLENCE) == late.sum() > PEOPLE // 2
    assert set(committed(log, since=day)) == {VIOLENCE}
    assert np.bincount(log.person[late]).max() == 1
