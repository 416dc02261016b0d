"""Entries in balance: the disposals of a year are the published occasions, at the rates."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any

import pytest

import pathsim as ps
from closed import closed
from pathsim.cli import main
from pathsim.people.cohort import Cohort
from pathsim.scenario.model import Scenario
from pathsim.study.balance import FLOOR, Balance, balance_each, balance_entries
from pathsim.vocabulary import PREVIOUS_BANDS

MARGIN = 0.05
"""Relative, of a margin of some hundred occasions over a few replications."""
CHILDREN_MARGIN = 0.03
"""The same of children, on the rounds' own random numbers."""
POINT = 0.01
SAID = {"source": "drawn for a test", "grade": "definition"}
ADULT, YOUTH = 0.25, 0.32
SHORT = {"follow_up.memory_days": 730, "follow_up.horizon_days": 730}


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
    given = {
        f"cohort.entry_shares.{age}.{band}": {"value": share, **SAID}
        for age, by_band in shares.items()
        for band, share in by_band.items()
    }
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


def off_balance(base: ps.Scenario, **choices: Any) -> tuple[ps.Run, list[str]]:
    """Return a run, and what it warns of its balance."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        run = ps.run(base, draws=0, replications=4, workers=1, **choices)
    said = [str(each.message) for each in caught if "disposals in the" in str(each.message)]
    assert said == [run.out_of_balance] * bool(run.out_of_balance)
    assert all(each.filename == __file__ for each in caught if "disposals" in str(each.message))
    return run, said


@pytest.fixture(scope="module")
def dorset() -> ps.Scenario:
    return ps.load("dorset/baseline")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (SHORT, r"of adults, where the cohort has 4,500\. cohort\.entry"),
        ({"hazard.adult_level": 0.24}, r"of adults, where the cohort has 4,500\. cohort\.entry"),
        ({"hazard.youth_level": 1.6}, r"are 2\d\d of youths, where the cohort has 210\. cohort"),
        (
            {"follow_up.generations_before": 1},
            r"adults, where .* youths, where the cohort has 210\.",
        ),
    ],
)
def test_what_entry_shares_were_not_solved_for_is_warned_of(dorset, changes, told):
    run, (said,) = off_balance(dorset.change("Other terms", changes))
    assert re.search(told, said)
    assert said.startswith("'Other terms': disposals in the intake window are ")
    assert said.endswith("solve them anew with `pathsim calibrate`")
    assert run.to_dict()["scenario"]["out_of_balance"] == said


@pytest.mark.parametrize("name", ["dorset/baseline", "england-and-wales/baseline"])
@pytest.mark.parametrize("engine_seed", [1, 2])
def test_what_entry_shares_were_solved_for_is_not(name, engine_seed):
    run, said = off_balance(ps.load(name), seed=engine_seed)
    assert (run.out_of_balance, said) == ("", [])


def test_another_horizon_is_not_as_it_moves_no_disposal(dorset):
    """Nor is it what a scenario changes of a baseline: with half as many proven, an option."""
    changes = {"follow_up.horizon_days": 730, "courts.proof_share": 0.5}
    shorter = dorset.change("Shorter", {"follow_up.horizon_days": 730})
    assert off_balance(shorter)[1] == off_balance(dorset.change("Both", changes))[1] == []


def test_people_who_all_enter_and_scenarios_without_shares_are_not(dorset):
    other = dorset.change("Other terms", SHORT)
    brought = Cohort.from_frame(Cohort.from_scenario(dorset).frame)
    assert off_balance(other, cohort=brought)[1] == []
    raw = other.model_dump()
    raw["cohort"]["entry_shares"] = {}
    bare = Scenario.model_validate(raw)
    assert Cohort.from_scenario(bare).enters().all()
    assert off_balance(bare)[1] == []


def test_an_option_alone_may_change_disposals_and_a_baseline_may_not(dorset):
    halved = {"courts.proof_share": dorset.courts.proof_share.value / 2}
    option = dorset.change("Half are proven", halved)
    assert off_balance(option)[1] == []
    more = option.change("More tags", {"services.gps_tag.capacity": 40})
    with pytest.warns(ps.InputWarning, match="'Half are proven': disposals in the intake window"):
        result = ps.compare(option, more, draws=0, replications=3, workers=1)
    assert result.baseline.out_of_balance
    assert off_balance(dorset)[1] == []


def test_the_shell_and_the_report_say_it(tmp_path, capsys):
    shipped = Path(__file__).parents[1] / "scenarios" / "dorset" / "baseline.toml"
    mine = tmp_path / "mine.toml"
    mine.write_text(
        f'extends = "{shipped}"\ntitle = "Mine"\n'
        "follow_up.memory_days = 730\nfollow_up.horizon_days = 730\n",
        encoding="utf-8",
    )
    few = ["--draws", "0", "--replications", "3", "--workers", "1", "--out"]
    assert main(["run", str(mine), *few, str(tmp_path / "run")]) == 0
    told = "warning: 'Mine': disposals in the intake window are "
    assert told in capsys.readouterr().err
    option = tmp_path / "option.toml"
    option.write_text(
        'extends = "mine.toml"\ntitle = "Tags"\nservices.gps_tag.capacity = 40\n', encoding="utf-8"
    )
    assert main(["compare", str(mine), str(option), *few, str(tmp_path / "both")]) == 0
    assert told in capsys.readouterr().err
    for folder in ("run", "both"):
        report = (tmp_path / folder / "report.html").read_text(encoding="utf-8")
        assert "<strong>Out of balance.</strong> &#39;Mine&#39;: disposals in the intake" in report


def test_people_of_a_scenario_with_other_shares_are_warned_of(dorset):
    other = dorset.change("Other", {"cohort.entry_shares.adult.0": 0.5})
    people = Cohort.from_scenario(other)
    told = r"of the 4,710 people given enter, by the cohort\.entry_shares of the scenario that they"
    with pytest.warns(ps.InputWarning, match=told):
        ps.run(dorset, cohort=people, draws=0, replications=1)
    all_of_them = r"^4,710 of the 4,710 people given enter"
    with pytest.warns(match=all_of_them), pytest.warns(match="places of services and custody"):
        ps.run(dorset, cohort=Cohort.from_scenario(closed(dorset)), draws=0, replications=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ps.run(dorset, cohort=Cohort.from_scenario(dorset), draws=0, replications=1)
