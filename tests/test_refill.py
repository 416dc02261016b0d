"""Custody days that an option saves are filled by others: their mean, not each run's luck."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import pathsim as ps
from in_custody import DAY_PRICE, HALF, SHARE, TWENTY_IN_CUSTODY
from pathsim.engine.contract import OutcomeColumn
from pathsim.outcomes.values import refilled
from pathsim.vocabulary import PAYERS
from small_scenario import _counts

FORMULA = 1e-9
PRICE = 100.0
HMPPS = PAYERS.index("hmpps")
COST = OutcomeColumn.COST + HMPPS
MEN_UP_WOMEN_DOWN = """\
title = "Refill"
source = "made for a test"
grade = "definition"

[cohort]
kind = "rows"
rows = [
    { people = 120, disposal = "community_order", sex = "male" },
    { people = 120, disposal = "community_order", sex = "female" },
]

[follow_up]
days = 365
waiting_days = 0
intake_days = 365
generations_before = 0

[hazard]
score = "none"
adult_level = 0.003
youth_level = 0.003
frailty_sigma = 0.8

[sentencing]
disposals = { custody = 0.3, fine = 0.7 }
custody_days = { kind = "exponential", mean = 60 }

[costs.custody_day_gbp]
hmpps = 100

[services.men]
title = "Men"
trigger = { disposals = ["community_order"] }
eligible = { sex = ["male"] }
referral = 1.0
duration_days = 365
ends_on = []

[services.women]
title = "Women"
trigger = { disposals = ["community_order"] }
eligible = { sex = ["female"] }
referral = 1.0
duration_days = 365
ends_on = []
"""


def runs(days, *, share):
    """Return runs of men and women with so many days in custody: [replication, (men, women)]."""
    days = np.asarray(days, float)
    made = _counts(len(days))
    person = made.person.copy()
    person[:, 1:, OutcomeColumn.CUSTODY_DAYS] = days
    person[:, 0, OutcomeColumn.CUSTODY_DAYS] = days.sum(axis=1)
    price = np.zeros((len(days), 2, len(PAYERS)))
    price[..., HMPPS] = PRICE
    shares = np.full((len(days), 2), share)
    return replace(made, person=person, custody_day=price, refill_share=shares)


def charged(option, baseline):
    return refilled(option, baseline).person[..., COST] - option.person[..., COST]


def test_what_is_saved_on_the_mean_is_charged_in_proportion_to_each_difference():
    baseline = runs([[100, 50], [80, 60], [90, 40]], share=0.0)
    option = runs([[60, 55], [90, 30], [70, 45]], share=0.25)  # saves 35, 20, 15
    found = charged(option, baseline)
    assert found[:, 0].tolist() == [0.25 * PRICE * saved for saved in (35, 20, 15)]
    assert found[:, 1].tolist() == [0.25 * PRICE * saved for saved in (40, -10, 20)]
    assert np.array_equal(found[:, 1] + found[:, 2], found[:, 0])


def test_luck_that_averages_out_is_charged_to_nobody():
    baseline = runs([[100, 50], [50, 100]], share=0.0)
    option = runs([[50, 50], [100, 100]], share=1.0)  # saves 50, then adds 50
    assert not charged(option, baseline).any()
    fewer = runs([[50, 50], [100, 98]], share=1.0)  # 1 on the mean
    assert charged(fewer, baseline)[:, 0].mean() == pytest.approx(PRICE, rel=FORMULA)


def test_days_that_an_option_adds_fill_nobodys_place():
    baseline = runs([[100, 50], [80, 60]], share=0.0)
    option = runs([[60, 100], [80, 70]], share=1.0)  # men save 20 on the mean, all together add 10
    assert not charged(option, baseline).any()


@pytest.mark.parametrize(("men", "women", "saves"), [(1.3, 0.8, False), (1.1, 0.5, True)])
def test_costs_move_with_the_mean_days_and_groups_add_up(tmp_path, men, women, saves):
    file = tmp_path / "refill.toml"
    file.write_text(MEN_UP_WOMEN_DOWN, encoding="utf-8")
    baseline = ps.load(file)
    ratios = {"services.men.hazard_ratio": men, "services.women.hazard_ratio": women}
    option = baseline.change("Men up, women down", ratios | {"custody.refill_share": 1.0})
    table = ps.compare(baseline, option, replications=60).table()
    difference = table.set_index(["outcome", "group"])["difference"]
    days = difference["days_in_custody_per_person", "all"] * 240
    assert (days < -10) if saves else (days > 10)
    cost = difference["cost_hmpps", "all"]
    assert cost == pytest.approx(0.0 if saves else PRICE * days, rel=1e-6, abs=1e-3)
    by_sex = [difference["cost_hmpps", f"sex={sex}"] for sex in ("male", "female")]
    assert sum(by_sex) == pytest.approx(cost, abs=1e-3)
    assert np.ptp(by_sex) == pytest.approx(0.0, abs=1e-3) if saves else np.ptp(by_sex) > 100


ALL_IN_CUSTODY = f"""{TWENTY_IN_CUSTODY}
[costs.custody_day_gbp]
hmpps = 100
"""
AFTER_ALL = 5000.0
SAVED = 20 * 50
"""Days."""


def in_custody(tmp_path, share, **more):
    file = tmp_path / "custody.toml"
    file.write_text(ALL_IN_CUSTODY, encoding="utf-8")
    return ps.load(file).change(
        "As before", {SHARE: share, "follow_up.generations_before": 0} | more
    )


def cost_of(baseline, *options, group="all", engine="kernel"):
    table = ps.compare(baseline, options, replications=2, engine=engine).table()
    table = table.set_index(["option", "outcome", "group"])["difference"]
    return [table[option.title, "cost_hmpps", group] for option in options]


@pytest.mark.filterwarnings("ignore:.*changes nothing:pathsim.InputWarning")
@pytest.mark.parametrize("before", [0.0, 0.7, 1.0])
@pytest.mark.parametrize(
    "change", [{SHARE: 1.0}, {SHARE: 0.0}, {DAY_PRICE: 500.0}, {SHARE: 0.3, DAY_PRICE: 7.0}]
)
def test_terms_that_change_after_everybodys_end_fill_no_saved_day(tmp_path, before, change):
    baseline = in_custody(tmp_path, before)
    saving = baseline.change("Half served", HALF)
    later = saving.change("Other terms later", change, from_day=AFTER_ALL)
    undated, dated = cost_of(baseline, saving, later)
    assert undated == pytest.approx(-(1 - before) * SAVED * PRICE)
    assert dated == undated


@pytest.mark.parametrize("engine", ["kernel", "reference"])
@pytest.mark.parametrize(
    ("change", "early", "late"),
    [
        ({SHARE: 1.0}, 0.25 * PRICE, PRICE),
        ({SHARE: 0.0}, 0.25 * PRICE, 0.0),
        ({DAY_PRICE: 500.0}, 0.25 * PRICE, 0.25 * 500),
    ],
)
def test_a_saved_day_is_filled_on_the_terms_of_the_day_its_stay_began(
    tmp_path, change, early, late, engine
):
    """Ten men start on day 10 and twenty women on day 50; the terms change on day 30."""
    row = {"disposal": "custody", "sentence_days": 100.0}
    men = row | {"people": 10, "sex": "male", "start_day": 10.0}
    women = row | {"people": 20, "sex": "female", "start_day": 50.0}
    baseline = in_custody(tmp_path, 0.25, **{"cohort.rows": [men, women]})
    saving = baseline.change("Half served", HALF)
    option = saving.change("Other terms", change, from_day=30.0)
    # A price of the option's own holds for the stays that it has, and 50 days a stay are left.
    own = 50 * (change.get(DAY_PRICE, PRICE) - PRICE)
    expected = {
        "sex=male": 10 * 50 * (early - PRICE),
        "sex=female": 20 * (50 * (late - PRICE) + own),
    }
    expected["all"] = sum(expected.values())
    for group, pounds in expected.items():
        found = cost_of(baseline, option, group=group, engine=engine)
        assert found == [pytest.approx(pounds)]


@pytest.mark.parametrize("engine", ["kernel", "reference"])
def test_terms_may_change_on_another_day_than_the_baseline(tmp_path, engine):
    row = {"disposal": "custody", "sentence_days": 100.0}
    rows = [
        row | {"people": n, "start_day": day} for n, day in ((10, 10.0), (20, 55.0), (30, 70.0))
    ]
    undated = in_custody(tmp_path, 0.0, **{"cohort.rows": rows})
    baseline = undated.change("Dearer", {DAY_PRICE: 120.0}, from_day=50.0)
    saving = undated.change("Half served", HALF)
    option = saving.change("Filled", {SHARE: 1.0}, from_day=60.0)
    paid = 10 * 100 * PRICE + (20 + 30) * 100 * 120.0
    own, filled = (10 + 20 + 30) * 50 * PRICE, 30 * 50 * PRICE
    assert cost_of(baseline, option, engine=engine) == [pytest.approx(own + filled - paid)]


@pytest.mark.parametrize("engine", ["kernel", "reference"])
def test_saved_days_are_filled_on_the_terms_of_each_phase(tmp_path, engine):
    """Stays begin under shares of 0.25, then 1, then 0.5 at twice the price."""
    row = {"disposal": "custody", "sentence_days": 100.0}
    rows = [
        row | {"people": n, "start_day": day} for n, day in ((10, 10.0), (20, 55.0), (30, 70.0))
    ]
    baseline = in_custody(tmp_path, 0.25, **{"cohort.rows": rows})
    phases = [
        {"from_day": 30, SHARE: 1.0},
        {"from_day": 40, "custody.capacity": 1000},
        {"from_day": 60, SHARE: 0.5, DAY_PRICE: 2 * PRICE},
    ]
    option = baseline.change("Half served", HALF).change("Phases", {"phases": phases})
    paid = (10 + 20 + 30) * 100 * PRICE
    own = (10 + 20) * 50 * PRICE + 30 * 50 * 2 * PRICE
    filled = 50 * PRICE * (0.25 * 10 + 1.0 * 20 + 0.5 * 2 * 30)
    assert cost_of(baseline, option, engine=engine) == [pytest.approx(own + filled - paid)]


def test_options_of_two_days_are_each_split_on_their_own(tmp_path):
    men = {"people": 10, "disposal": "custody", "sentence_days": 100.0, "start_day": 10.0}
    others = men | {"people": 20, "start_day": 50.0}
    baseline = in_custody(tmp_path, 0.0, **{"cohort.rows": [men, others]})
    saving = baseline.change("Half served", HALF)
    filled = [saving.change(f"From {day}", {SHARE: 1.0}, from_day=day) for day in (10, 30, 60)]
    assert cost_of(baseline, *filled) == [0.0, -10 * 50 * PRICE, -30 * 50 * PRICE]
