"""What is foretold of each person, where it is known beforehand."""

from __future__ import annotations

import numpy as np
import pytest

import pathsim as ps
from made_people import cohort_of, made_table
from pathsim.engine.counted import DAYS_IN_YEAR
from pathsim.people.ogrs3 import two_year_from_one
from pathsim.study import one_by_one
from pathsim.study.foretold import by_model, by_score, counted_for
from pathsim.study.plan import Plan
from small_town import TOWN

pytestmark = pytest.mark.filterwarnings("ignore:places of services:pathsim.errors.InputWarning")
EXACT = 1e-9
ERRORS = 4.5
"""Standard errors of the mean of so many draws."""
RATE = 0.003
PEOPLE, REPLICATIONS = 200, 150
PLAN = Plan(replications=REPLICATIONS, seed=5, workers=2, engine="kernel")


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    file = tmp_path_factory.mktemp("town") / "town.toml"
    file.write_text(TOWN, encoding="utf-8")
    return ps.load(file).change("Nobody is mentored", {"services.mentor.referral": 0.0})


@pytest.fixture(scope="module")
def people():
    return cohort_of(made_table(PEOPLE).assign(disposal="fine", sentence_days=np.nan))


def test_scores_are_met_after_one_and_two_years_and_the_hazard_is_even_between(people, town):
    at = np.array([0.5, 1.0, 1.5, 2.0, 3.0]) * DAYS_IN_YEAR
    found = by_score(people, town.hazard, at=at)
    two = people.frame["risk_two_year_percent"].to_numpy() / 100
    one = people.frame["risk_one_year_percent"].to_numpy() / 100
    assert two == pytest.approx(two_year_from_one(one), abs=EXACT)
    assert 1 - found.survival[:, 1] == pytest.approx(one, abs=EXACT)
    assert 1 - found.survival[:, 3] == pytest.approx(two, abs=EXACT)
    assert found.survival[:, 0] == pytest.approx(np.sqrt(1 - one), abs=EXACT)
    assert found.survival[:, 2] == pytest.approx(np.sqrt((1 - one) * (1 - two)), abs=EXACT)
    assert found.survival[:, 4] == pytest.approx((1 - two) ** 2 / (1 - one), abs=EXACT)
    assert found.within == pytest.approx(1 - found.survival[:, -1], abs=EXACT)


def test_the_profile_of_a_scenario_moves_risk_to_where_it_is_higher(people, town):
    shape = {"hazard.shape": {"from_days": [0, 73.05], "ratios": [4.0, 1.0]}}
    early = by_score(people, town.change("Early", shape).hazard, at=np.array([73.05, DAYS_IN_YEAR]))
    one = people.frame["risk_one_year_percent"].to_numpy() / 100
    # A fifth of the year at 4, the rest at 1: half of the year's hazard lies in the first fifth.
    assert early.survival[:, 0] == pytest.approx((1 - one) ** 0.5, abs=EXACT)
    assert early.within == pytest.approx(one, abs=EXACT)


def test_the_model_foretells_the_exponential_where_the_hazard_is_one_rate(people, town):
    at = np.array([30.0, 100.0, 200.0])
    found = by_model(people, town, plan=PLAN, at=at)
    draws = PEOPLE * REPLICATIONS
    for day, survival in zip(at, found.survival.T, strict=True):
        p = 1 - np.exp(-RATE * day)
        counted = (1 - survival.mean()) * (REPLICATIONS + 1) - 0.5
        assert counted / REPLICATIONS == pytest.approx(p, abs=ERRORS * np.sqrt(p * (1 - p) / draws))
    assert found.within == pytest.approx(1 - found.survival[:, -1], abs=EXACT)


def test_shares_belong_to_the_person_whatever_the_order_of_the_rows(town):
    table = made_table(60)
    backwards = table.iloc[::-1].reset_index(drop=True)
    at = np.array([100.0, 300.0])
    ways = [by_model(cohort_of(each), town, plan=PLAN, at=at) for each in (table, backwards)]
    assert (ways[0].survival == ways[1].survival[::-1]).all()


def test_more_days_than_the_scenario_follows_are_followed(town):
    longer = counted_for(ps.load("dorset/baseline"), 2000.0)
    assert longer.follow_up.days.value == 2000.0
    assert longer.follow_up.clocks == "person"
    assert longer.follow_up.memory >= 2000.0
    assert counted_for(town, 100.0).follow_up.days.value == 100.0


def test_too_many_people_are_refused(people, town, monkeypatch):
    monkeypatch.setattr(one_by_one, "MOST_PEOPLE", PEOPLE - 1)
    with pytest.raises(ps.InputError, match="too many people to tell apart"):
        by_model(people, town, plan=PLAN, at=np.array([100.0]))
