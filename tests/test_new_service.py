"""An option may add a service: complete or refused, and no draw of the others moves."""

from __future__ import annotations

import pandas as pd
import pytest

import pathsim as ps
from pathsim.outcomes.verbs import log
from small_scenario import write_scenarios

IDLE = {
    "title": "Hostel",
    "trigger": {"disposals": ["community_order"], "reoffence": True},
    "referral": 0.0,
    "duration_days": 30,
}
TAKEN = IDLE | {"referral": 1.0, "ends_on": []}
OPTION = """\
extends = "baseline.toml"
title = "A hostel"

[services.{name}]
title = "Hostel"
trigger = {{ disposals = ["community_order"] }}
referral = 0.5
duration_days = 30
capacity = 4
"""
FIRST_AND_LAST = ("aaa_hostel", "zzz_hostel")


@pytest.fixture
def folder(tmp_path):
    return write_scenarios(tmp_path)


@pytest.mark.parametrize("name", FIRST_AND_LAST)
def test_a_file_may_add_a_service_with_outcomes_on_the_options_side_only(folder, name):
    (folder / "hostel.toml").write_text(OPTION.format(name=name), encoding="utf-8")
    result = ps.compare(folder / "baseline.toml", folder / "hostel.toml", replications=3)
    rows = result.table(group="all").set_index("outcome")
    starts = rows.loc[f"service.{name}.starts"]
    assert starts["baseline_mean"] == 0
    assert starts["option_mean"] > 0
    assert pd.isna(rows.loc[f"service.{name}.utilisation", "baseline_mean"])
    assert rows.loc[f"service.{name}.utilisation", "option_mean"] > 0
    assert ps.run(folder / "hostel.toml", replications=2).request.scenario.services[name]


@pytest.mark.parametrize("engine", ["kernel", "reference"])
@pytest.mark.parametrize("name", FIRST_AND_LAST)
def test_a_service_that_nobody_is_referred_to_changes_no_event(folder, name, engine):
    baseline = ps.load(folder / "baseline.toml")
    option = baseline.change("Idle", {f"services.{name}": IDLE})
    assert log(option, engine=engine).equals(log(baseline, engine=engine))


@pytest.mark.parametrize("name", FIRST_AND_LAST)
def test_a_service_without_effect_adds_its_own_events_and_moves_no_other(folder, name):
    baseline = ps.load(folder / "baseline.toml")
    events = log(baseline.change("Taken", {f"services.{name}": TAKEN}))
    others = events[events["detail"] != name].reset_index(drop=True)
    assert len(events) > len(others)
    before = log(baseline)
    pd.testing.assert_frame_equal(others, before, check_exact=False, rtol=0, atol=1e-6)


def test_dorset_keeps_every_outcome_under_a_new_idle_service():
    baseline = ps.load("dorset/baseline")
    options = [
        baseline.change(name, {f"services.{name}": IDLE | {"trigger": {"release": True}}})
        for name in FIRST_AND_LAST
    ]
    table = ps.compare(baseline, options, draws=0, replications=2).table()
    assert (table["difference"].dropna() == 0).all()


def test_an_incomplete_service_made_in_python_is_told_what_it_lacks(folder):
    baseline = ps.load(folder / "baseline.toml")
    with pytest.raises(ps.InputError, match="as a new service it lacks trigger, duration_days"):
        baseline.change("H", {"services.hostel": {"title": "Hostel", "referral": 0.5}})
    with pytest.raises(ps.InputError, match=r"'mentor'\?; as a new service it lacks"):
        baseline.change("H", {"services.mentors": {"title": "Mentors", "referral": 0.5}})


def test_a_baseline_given_after_its_option_is_warned_of(folder):
    with pytest.warns(ps.InputWarning, match="give the baseline first"):
        ps.compare(folder / "more.toml", folder / "baseline.toml", replications=2)
    baseline = ps.load(folder / "baseline.toml")
    option = baseline.change("More", {"services.mentor.capacity": 9})
    with pytest.warns(ps.InputWarning, match="'More' is an option of 'Small town'"):
        ps.compare(option, [baseline], replications=2)


def test_a_first_file_that_is_itself_an_option_is_warned_of(folder):
    (folder / "less.toml").write_text(
        'extends = "baseline.toml"\ntitle = "Less"\nservices.mentor.capacity = 2\n',
        encoding="utf-8",
    )
    with pytest.warns(ps.InputWarning, match=r"less\.toml: is itself an option of 'Small town'"):
        ps.compare(folder / "less.toml", folder / "more.toml", replications=2)


def test_a_baseline_of_ones_own_made_in_python_is_no_mistake(folder, recwarn):
    town = ps.load(folder / "baseline.toml").change("Our town", {"hazard.adult_level": 0.002})
    ps.compare(town, town.change("More", {"services.mentor.capacity": 9}), replications=2)
    ps.compare(folder / "baseline.toml", folder / "more.toml", replications=2)
    assert not recwarn.list
