"""Sums depend on no order: what changes no story changes no outcome, to the last bit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import pathsim as ps
from generated import generated
from pathsim.engine.contract import LOAD_UNITS, PERSON_UNITS, OutcomeColumn, ServiceCount
from pathsim.engine.fixed import check_days, check_people
from pathsim.engine.lowering import lower
from pathsim.engine.run import simulate
from pathsim.errors import InputError
from pathsim.people.cohort import Cohort

NAMES = ("person", "load", "busy_days", "queue_days", "in_custody")
SCENARIO = """\
title = "Sums"
source = "made for a test"
grade = "definition"

[cohort]
kind = "rows"
rows = [
    { people = 150, disposal = "community_order", sex = "male" },
    { people = 70, disposal = "community_order", sex = "female", age = 15 },
    { people = 60, disposal = "custody", sex = "female" },
]

[follow_up]
days = 365
waiting_days = 90
intake_days = 200
generations_before = 0

[hazard]
score = "none"
adult_level = 0.004
youth_level = 0.005
frailty_sigma = 0.8

[sentencing]
community_order_days = 170
disposals = { custody = 0.3, fine = 0.4, community_order = 0.3 }
custody_days = { kind = "exponential", mean = 70 }

[accommodation]
at_disposal = { settled = 0.7, homeless = 0.3 }
homeless_to_settled_per_day = 0.013
settled_to_homeless_per_day = 0.003

[costs]
reoffence_gbp = { theft = { police = 333.33 } }
custody_day_gbp = { hmpps = 131.7 }
homeless_day_gbp = { local_authority = 17.1 }

[services.limited]
title = "With places"
trigger = { disposals = ["community_order"] }
referral = 0.8
capacity = 9
patience_days = 33
duration_days = { kind = "exponential", mean = 41 }
hazard_ratio = 0.7
cost_per_day_gbp = 7.77

[services.open]
title = "Without a limit"
trigger = { reoffence = true, release = true }
referral = 0.9
duration_days = { kind = "exponential", mean = 23 }
hazard_ratio = 0.9
cost_per_day_gbp = 3.1
"""
OPTIONS = {
    "a limit that never binds": ({"services.open.capacity": 1_000_000}, None),
    "from the first day": ({"services.open.capacity": 1_000_000}, 0.0),
    "from a day within": ({"services.open.capacity": 1_000_000}, 77.7),
    "after everybody's end": ({"services.open.capacity": 1}, 1e6),
    "nothing used, from a day within": ({"services.open.patience_days": 5}, 100.0),
}


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    file = tmp_path_factory.mktemp("sums") / "sums.toml"
    file.write_text(SCENARIO, encoding="utf-8")
    return ps.load(file)


@pytest.mark.filterwarnings("ignore:.*changes nothing:pathsim.errors.InputWarning")
@pytest.mark.parametrize("name", OPTIONS)
def test_what_changes_no_story_has_a_difference_of_exactly_0_in_every_outcome(scenario, name):
    changes, from_day = OPTIONS[name]
    option = scenario.change(name, changes, from_day=from_day)
    table = ps.compare(scenario, option, replications=6).table()
    # Only the places that the option names have a use of their own.
    told = table[~table["outcome"].str.endswith(".utilisation")]
    assert len(told) > 300
    assert (told["difference"].fillna(0.0) == 0.0).all()
    assert (told[["low", "high"]].fillna(0.0) == 0.0).all(axis=None)
    assert told["variance_ratio"].isna().all()


@pytest.mark.parametrize("engine", ["kernel", "reference"])
def test_the_order_in_which_people_stand_changes_no_bit(scenario, engine):
    people = Cohort.from_scenario(scenario).frame
    turned = Cohort.from_frame(people.iloc[np.random.default_rng(3).permutation(len(people))])
    one, other = (
        simulate(lower(scenario, each), seed=5, replication=0, engine=engine)[0]
        for each in (Cohort.from_frame(people), turned)
    )
    assert one.person[0, OutcomeColumn.REOFFENCES] > 50
    assert one.load[0, :, ServiceCount.RENEGED].sum() > 0
    for name in NAMES:
        assert np.array_equal(getattr(one, name), getattr(other, name)), name


@pytest.mark.parametrize("seed", range(30))
def test_groups_add_up_to_everybody_exactly(seed):
    model = generated(seed)
    low = lower(model, Cohort.from_scenario(model))
    counts, _ = simulate(low, seed=seed, replication=0)
    attributes = pd.Series([attribute for attribute, _ in low.groups])
    for attribute in ("sex", "age_group", "disposal", "offence_group"):
        mine = (attributes == attribute).to_numpy()
        assert np.array_equal(counts.person[mine].sum(axis=0), counts.person[0])
        assert np.array_equal(counts.load[mine].sum(axis=0), counts.load[0])
    # So they do because they are whole numbers of units.
    for amounts, units in ((counts.person, PERSON_UNITS), (counts.load, LOAD_UNITS)):
        assert np.array_equal(amounts * units, np.rint(amounts * units))


def test_sums_by_cell_are_those_by_group(scenario, monkeypatch):
    low = lower(scenario, Cohort.from_scenario(scenario))
    by_cell, _ = simulate(low, seed=1, replication=0)
    monkeypatch.setattr("pathsim.engine.run._PEOPLE_A_CELL", 10_000)
    by_group, _ = simulate(low, seed=1, replication=0)
    for name in NAMES:
        assert np.array_equal(getattr(by_cell, name), getattr(by_group, name)), name


@pytest.mark.parametrize("engine", ["kernel", "reference"])
def test_amounts_that_a_sum_may_not_hold_are_refused_by_both_engines(scenario, engine):
    dear = scenario.change("dear", {"costs.custody_day_gbp.hmpps": 1e7})
    low = lower(dear, Cohort.from_scenario(dear))
    # A file may not say a price so high that a few days of it are too much.
    low = replace(low, tables=low.tables._replace(status_day=100.0 * low.tables.status_day))
    with pytest.raises(InputError, match="too many pounds of hmpps for one person"):
        simulate(low, seed=1, replication=0, engine=engine)


def test_the_range_of_a_sum_is_that_of_its_units():
    amounts = np.zeros(len(PERSON_UNITS))
    most = 2.0**62 / 1_000_000 / 2.0**20  # days, a million people
    amounts[OutcomeColumn.CUSTODY_DAYS] = most * 0.999
    check_people(amounts, people=1_000_000)
    for wrong in (most * 1.001, np.inf, np.nan, -1.0):
        amounts[OutcomeColumn.CUSTODY_DAYS] = wrong
        with pytest.raises(InputError, match="custody days of one person"):
            check_people(amounts, people=1_000_000)


def test_days_that_a_sum_may_not_hold_are_refused():
    load = np.zeros((1, len(LOAD_UNITS)), np.int64)
    load[0, ServiceCount.STARTS] = 10
    check_days(longest=1e4, load=load, people=1_000_000, window=1e6)
    with pytest.raises(InputError, match="intake window"):
        check_days(longest=0.0, load=load, people=1_000_000, window=1e7)
    with pytest.raises(InputError, match="one wait or in one service"):
        check_days(longest=1e12, load=load, people=10, window=365.0)
