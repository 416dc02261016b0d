"""Both engines tell the same story, event by event, on generated scenarios."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from generated import generated
from pathsim.engine.contract import ALL_OFFENCES, Event
from pathsim.engine.lowering import Lowered, lower
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort
from pathsim.scenario.load import load

SCENARIOS = 240
TIME_TOLERANCE_DAYS = 1e-9
"""Of two events at one instant the kernel times the hazard anew once, the reference after each."""


def lowered(seed: int) -> Lowered:
    scenario = generated(seed)
    return lower(scenario, Cohort.from_scenario(scenario))


def by_person(log):
    """Return the log in the order within each person, so that rounding cannot reorder people."""
    order = np.lexsort((np.arange(len(log.time)), log.person))
    return log.person[order], log.event[order], log.detail[order], log.time[order]


def assert_same_story(model: Lowered, *, seed: int) -> int:
    ours, log = simulate(model, seed=seed, replication=seed, keep_log=True)
    theirs, twin_log = simulate(
        model, seed=seed, replication=seed, engine="reference", keep_log=True
    )
    person, event, detail, time = by_person(log)
    twin_person, twin_event, twin_detail, twin_time = by_person(twin_log)
    assert np.array_equal(person, twin_person)
    assert np.array_equal(event, twin_event)
    assert np.array_equal(detail, twin_detail)
    assert np.abs(time - twin_time).max(initial=0.0) <= TIME_TOLERANCE_DAYS
    for name in ("person", "load", "busy_days", "queue_days", "in_custody"):
        assert np.array_equal(getattr(ours, name), getattr(theirs, name)), name
    assert ours.events == theirs.events
    return len(time)


@pytest.mark.parametrize("seed", range(SCENARIOS))
def test_both_engines_tell_the_same_story(seed):
    assert_same_story(lowered(seed), seed=seed)


ACTING = 80
"""Scenarios in which every service acts on some offences alone."""


def acting_by_offence(seed: int) -> Lowered:
    """Return a generated scenario with more offences, whose services each act on some of them."""
    model = lowered(seed)
    rng = np.random.default_rng([seed, 9])
    services = model.tables.services.copy()
    services["acts_on"] = rng.integers(1, ALL_OFFENCES, services["acts_on"].shape)
    people = model.people._replace(base_hazard=2.0 * model.people.base_hazard)
    return replace(model, people=people, tables=model.tables._replace(services=services))


@pytest.mark.parametrize("seed", range(SCENARIOS, SCENARIOS + ACTING))
def test_both_engines_tell_the_same_story_by_offence(seed):
    assert_same_story(acting_by_offence(seed), seed=seed)


def test_what_services_act_on_changes_many_of_these_stories():
    changed = 0
    for seed in range(SCENARIOS, SCENARIOS + ACTING):
        model = acting_by_offence(seed)
        on_all = model.tables.services.copy()
        on_all["acts_on"] = ALL_OFFENCES
        without = replace(model, tables=model.tables._replace(services=on_all))
        _, log = simulate(model, seed=seed, replication=seed, keep_log=True)
        _, other = simulate(without, seed=seed, replication=seed, keep_log=True)
        assert log is not None
        assert other is not None
        alike = len(log.time) == len(other.time)
        changed += not (alike and np.array_equal(log.time, other.time))
    assert changed >= ACTING // 4


ONE_PLACE = """\
title = "One place for a service and what requires it"
source = "made for a test"
grade = "definition"

[cohort]
kind = "rows"
rows = [{ people = 40, disposal = "discharge" }]

[follow_up]
days = 365
waiting_days = 0
intake_days = 365
generations_before = 0

[hazard]
score = "none"
adult_level = 0.01
youth_level = 0.01

[sentencing]
disposals = { fine = 1.0 }
custody_days = 30

[pools.room]
capacity = 1

[services.first]
title = "First"
trigger = { disposals = ["discharge"] }
referral = 1.0
pool = "room"
duration_days = 300
ends_on = ["custody", "reoffence"]

[services.second]
title = "Second"
trigger = { services = ["first"] }
referral = 1.0
pool = "room"
requires_any = ["first"]
patience_days = 300
duration_days = 300
"""


def test_a_place_that_falls_to_whoever_leaves_it_and_is_lost_at_once_leaves_no_trace(tmp_path):
    """A reoffence ends the first service; its place goes to the second, which requires it."""
    file = tmp_path / "one-place.toml"
    file.write_text(ONE_PLACE, encoding="utf-8")
    scenario = load(file)
    model = lower(scenario, Cohort.from_scenario(scenario))
    _, log = simulate(model, seed=1, replication=1, keep_log=True)
    lost = log.event == Event.WITHDRAW
    assert np.isin(log.time[lost], log.time[log.event == Event.REOFFENCE]).sum() > 5
    for seed in range(1, 6):
        assert_same_story(model, seed=seed)


REMANDED = """\
title = "People remanded, some of them freed when their case is proven"
source = "made for a test"
grade = "definition"

[cohort]
kind = "rows"
rows = [{ people = 60, disposal = "discharge", start_day = 0 }]

[follow_up]
days = 150
waiting_days = 150
intake_days = 20
index = "disposal"
generations_before = 0

[hazard]
score = "none"
adult_level = 0.05
youth_level = 0.05

[sentencing]
disposals = { custody = 0.5, fine = 0.5 }
custody_days = 60

[courts]
magistrates_remand_share = 0.4
magistrates_delay_days = { kind = "uniform", low = 0, high = 50 }
"""


def test_a_remand_that_ends_without_custody_plans_no_release_by_the_rules_of_its_day(tmp_path):
    """Sentences of before the day have no pre-release, and a release from remand brings none."""
    file = tmp_path / "remanded.toml"
    file.write_text(REMANDED, encoding="utf-8")
    before = load(file)
    option = before.change("ahead", {"custody.pre_release_days": 5.0}, from_day=40.0)
    model = lower(option, Cohort.from_scenario(option))
    for seed in range(1, 6):
        assert_same_story(model, seed=seed)
