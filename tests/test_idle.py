"""What nothing comes of is said: an option after everybody's end, a service without a way in."""

from __future__ import annotations

import re
import warnings

import pytest

from pathsim.engine.contract import Event
from pathsim.engine.lowering import lower
from pathsim.engine.run import simulate
from pathsim.errors import InputWarning
from pathsim.people.cohort import Cohort
from pathsim.scenario.load import load
from pathsim.study.idle import last_day
from pathsim.study.prepare import prepare
from small_scenario import BASELINE, write_scenarios
from test_dated_options import rich

LATER = """\
extends = "baseline.toml"
title = "Later"
from_day = {day}
services.mentor.capacity = 30
"""
LAST = 365 + 365
"""The end of the intake and a follow-up; nobody is sentenced to custody."""
MORE = """
[services.alone]
title = "Alone"
trigger = {}
referral = 1.0
duration_days = 10

[services.second]
title = "Second"
trigger = { services = ["alone"] }
referral = 1.0
duration_days = 10

[services.third]
title = "Third"
trigger = { release = true }
requires_any = ["second"]
referral = 1.0
duration_days = 10

[services.reached]
title = "Reached"
trigger = { services = ["alone", "mentor"] }
referral = 1.0
duration_days = 10
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(write_scenarios(tmp_path))
    return tmp_path


def warned(name):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        prepare([name])
    assert all(issubclass(each.category, InputWarning) for each in caught)
    said = [str(each.message) for each in caught]
    return [each for each in said if re.search("changes nothing|can ever start", each)]


@pytest.mark.parametrize("day", [LAST + 0.5, 45_000.0, 1_000_000.0])
def test_an_option_after_everybodys_end_is_said_to_change_nothing(folder, day):
    (folder / "later.toml").write_text(LATER.format(day=day), encoding="utf-8")
    (said,) = warned("later.toml")
    assert said == (
        "later.toml:3: from_day: 'Later' changes nothing from this day: "
        f"everybody's follow-up ends by day 730; found {day}"
    )


@pytest.mark.parametrize("day", [0.0, 364.0, 729.0, float(LAST)])
def test_an_option_within_somebodys_follow_up_is_not(folder, day):
    (folder / "later.toml").write_text(LATER.format(day=day), encoding="utf-8")
    assert not warned("later.toml")


def test_nobody_is_followed_beyond_the_last_day():
    lowered = lower(rich(), Cohort.from_scenario(rich()))
    for replication in range(20):
        _, log = simulate(lowered, seed=1, replication=replication, keep_log=True)
        ends = log.time[log.event == Event.END]
        assert len(ends) == 2 * len(lowered.people.key)  # a generation before them
        assert ends.max() <= last_day(lowered)


def test_services_without_a_way_in_are_named_with_their_lines(folder):
    (folder / "s.toml").write_text(BASELINE + MORE, encoding="utf-8")
    line = BASELINE.count("\n") + 4
    never = "nobody can ever start this service"
    hangs = f"{never}: it hangs on services that nobody starts"
    assert warned("s.toml") == [
        f"s.toml:{line}: services.alone.trigger: {never}: the trigger is empty",
        f"s.toml:{line + 6}: services.second.trigger: {hangs}",
        f"s.toml:{line + 12}: services.third.trigger: {hangs}",
    ]


def test_a_service_that_an_option_closes_on_a_day_has_had_its_way_in(folder):
    closed = load("baseline.toml").change(
        "Closed", {"services.mentor.trigger.disposals": []}, from_day=100
    )
    assert not warned(closed)


def test_a_service_to_which_the_court_brings_those_whom_it_spares_has_a_way_in(folder):
    court = """
[sentencing.presumption]
max_days = 182
share = 1.0
with_service = "alone"
"""
    (folder / "s.toml").write_text(BASELINE + MORE + court, encoding="utf-8")
    assert not [line for line in warned("s.toml") if "nobody can ever start" in line]
