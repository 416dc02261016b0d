"""Entries in balance: the disposals of a year are the published occasions, at the rates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import pathsim as ps
from closed import closed
from pathsim.people.cohort import Cohort
from pathsim.study.balance import FLOOR, Balance, balance_each, balance_entries
from pathsim.vocabulary import PREVIOUS_BANDS

MARGIN = 0.05
"""Relative, of a margin of some hundred occasions over a few replications."""
CHILDREN_MARGIN = 0.03
"""The same of children, on the rounds' own random numbers."""
POINT = 0.01
SAID = {"source": "drawn for a test", "grade": "definition"}
ADULT, YOUTH = 0.25, 0.32


def opened(**more: Any) -> ps.Scenario:
    """Return a small nation as an open system."""
    changes = {
        "cohort.adults": 3000,
        "cohort.youths": 200,
        "follow_up.horizon_days": {"value": 1095, **SAID},
        "follow_up.clocks": "quarters",
        "follow_up.generations_before": 3,
        "follow_up.generations_after": 0,
        "follow_up.stock_windows": 10,
        "offending.record_grows": True,
    }
    return ps.load("england-and-wales/baseline").change("Open", changes | more)


@pytest.fixture(scope="module")
def found() -> Balance:
    return balance_entries(opened(), adult_rate=ADULT, youth_rate=YOUTH, replications=8)


def test_the_disposals_of_a_year_are_the_published_occasions(found):
    capped = found.shares["adult"]["0"] == 1.0
    for _, margin in found.margins.iterrows():
        if capped and margin["level"] == "0":
            assert margin["ratio"] <= 1.0 + MARGIN, "all enter, and hardly anybody comes back"
        else:
            assert margin["ratio"] == pytest.approx(1.0, abs=MARGIN), margin["level"]


def test_the_rates_by_clocks_are_met(found):
    model = found.rates.set_index("age_group")["model"]
    assert model["adult"] == pytest.approx(ADULT, abs=POINT)
    assert model["youth"] == pytest.approx(YOUTH, abs=3 * POINT)


def test_the_longer_the_record_the_more_are_followed_already(found):
    shares = [found.shares["adult"][band] for band in PREVIOUS_BANDS]
    assert shares == sorted(shares, reverse=True)
    assert FLOOR <= shares[-1] < 0.6 < shares[0]


def test_the_disposals_of_the_few_children_are_met_too(found):
    ratio = found.margins.set_index("level").loc["youth", "ratio"]
    assert ratio == pytest.approx(1.0, abs=CHILDREN_MARGIN)
    assert found.shares["youth"]["1-2"] == found.shares["youth"]["15+"] < 0.8
    assert found.shares["youth"]["0"] == found.shares["adult"]["0"]


@pytest.mark.parametrize("held", ["adult", "youth"])
def test_a_level_that_is_held_stays_and_the_margins_are_met_at_it(held):
    scenario = opened(**{f"hazard.{held}_level": {"value": 0.6, **SAID}})
    asked = {"adult_rate": ADULT, "youth_rate": YOUTH, f"{held}_rate": None}
    balance = balance_entries(scenario, **asked, replications=12)
    levels = {"adult": balance.adult_level, "youth": balance.youth_level}
    assert levels.pop(held) == 0.6
    assert 0.6 not in levels.values()
    rates = balance.rates.set_index("age_group")
    assert list(rates.index[rates["published"].isna()]) == [held]
    ratios = balance.margins.set_index("level")["ratio"]
    assert ratios["15+"] == pytest.approx(1.0, abs=MARGIN)
    assert ratios["youth"] == pytest.approx(1.0, abs=MARGIN)


def test_scenarios_of_one_kind_are_balanced_at_their_own_levels_on_any_number_of_threads(found):
    levels = [found.adult_level, 1.3 * found.adult_level]
    scenarios = [opened(**{"hazard.adult_level": {"value": level, **SAID}}) for level in levels]
    once, twice = (
        balance_each(scenarios, start=found.shares, replications=2, workers=workers)
        for workers in (1, 2)
    )
    assert [each.shares for each in once] == [each.shares for each in twice]
    assert [each.adult_level for each in once] == levels
    few, many = (each.shares["adult"]["15+"] for each in once)
    assert many < few, "who reoffends more brings more of the occasions"


def test_where_hardly_anybody_comes_back_nearly_all_enter():
    rare = balance_entries(opened(), adult_rate=0.01, youth_rate=0.01, replications=2)
    assert min(rare.shares["adult"].values()) > 0.85
    assert rare.adult_level < 0.1


def test_the_same_question_has_the_same_answer(found):
    again = balance_entries(opened(), adult_rate=ADULT, youth_rate=YOUTH, replications=8)
    assert again.shares == found.shares
    assert again.adult_level == found.adult_level


def test_without_clocks_by_quarters_there_is_nothing_to_balance():
    with pytest.raises(ps.InputError, match="no disposals of the year") as refused:
        balance_entries(closed(ps.load("dorset/baseline")), adult_rate=0.2, youth_rate=0.3)
    assert refused.value.problems[0].key == "follow_up.clocks"


def test_people_of_ones_own_all_enter():
    rows = {"kind": "rows", "rows": [{"people": 5, "disposal": "fine"}]}
    followed = {
        "follow_up.horizon_days": {"value": 1095, **SAID},
        "follow_up.clocks": "quarters",
    }
    own = ps.load("england-and-wales/baseline").change("Own", {"cohort": rows, **followed})
    assert Cohort.from_scenario(own).enters().all()
    with pytest.raises(ps.InputError, match="people of its own") as refused:
        balance_entries(own, adult_rate=0.2, youth_rate=0.3)
    assert refused.value.problems[0].key == "cohort.kind"


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"adult_rate": 1.0}, "adult_rate"),
        ({"adult_rate": float("nan")}, "adult_rate"),
        ({"youth_rate": -0.1}, "youth_rate"),
        ({"youth_rate": "a third"}, "youth_rate"),
        ({"replications": 0}, "replications"),
        ({"rounds": -1}, "rounds"),
        ({"seed": -1}, "seed"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_name(wrong, key):
    with pytest.raises(ps.InputError) as refused:
        balance_entries(opened(), **({"adult_rate": 0.2, "youth_rate": 0.3} | wrong))
    assert refused.value.problems[0].key == key


@pytest.mark.parametrize(
    ("shares", "key"),
    [
        ({"adult": {"0": 0.5}}, "cohort.entry_shares.adult.0"),
        ({"adult": {"0": 0.5, "1-2": 0.4}}, "cohort.entry_shares.adult"),
        ({"adult": {"0": 0.5}, "youth": {"0": 0.4}}, "cohort.entry_shares"),
    ],
)
def test_an_option_with_other_entries_follows_other_people(shares, key):
    base = opened()
    given = {f"cohort.entry_shares.{age}.{band}": {"value": share, **SAID}
             for age, by_band in shares.items() for band, share in by_band.items()}  # fmt: skip
    option = base.change("Fewer", given)
    with pytest.raises(ps.InputError, match="follows other people") as refused:
        ps.compare(base, option, replications=2, workers=1)
    assert "other values of enters" in str(refused.value)
    assert refused.value.problems[0].key == key


def test_the_line_of_other_entries_is_told(tmp_path):
    shipped = Path(__file__).parents[1] / "scenarios" / "dorset" / "baseline.toml"
    option = tmp_path / "fewer.toml"
    option.write_text(
        f'extends = "{shipped}"\ntitle = "Fewer"\n[cohort.entry_shares.adult]\n0 = 0.5\n',
        encoding="utf-8",
    )
    told = r"fewer\.toml:4: cohort\.entry_shares\.adult\.0: the option 'Fewer' follows other people"
    with pytest.raises(ps.InputError, match=told):
        ps.compare(shipped, option, replications=2)
