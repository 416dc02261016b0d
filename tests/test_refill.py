"""Custody days that an option saves are filled by others: their mean, not each run's luck."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import pathsim as ps
from pathsim.engine.contract import Person
from pathsim.outcomes.values import refilled
from pathsim.scenario.vocabulary import PAYERS
from small_scenario import _counts

FORMULA = 1e-9
PRICE = 100.0
HMPPS = PAYERS.index("hmpps")
COST = Person.COST + HMPPS
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
warm_up = false

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
    person[:, 1:, Person.CUSTODY_DAYS] = days
    person[:, 0, Person.CUSTODY_DAYS] = days.sum(axis=1)
    price = np.zeros(len(PAYERS))
    price[HMPPS] = PRICE
    return replace(made, person=person, custody_day=price, refill_share=share)


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
