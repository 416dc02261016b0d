"""Days that are split for other terms: when, and what is counted of them."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import Any

import numpy as np
import pytest

import pathsim as ps
from pathsim.engine.contract import (
    N_OUTCOME_COLUMNS,
    SHARED_TABLES,
    UNITS_A_DAY,
    UNITS_A_POUND,
    Legal,
    OutcomeColumn,
)
from pathsim.engine.lowering import lower
from pathsim.study import refill
from textbook import case, service


def lowered_of(*phases: dict[str, Any]) -> Any:
    custody = {"people": 1, "disposal": "custody", "sentence_days": 100.0}
    base = case(custody, services={"tag": service(capacity=2, cost_per_start_gbp=5.0)})
    dear = {"theft": {"police": 9.0}}
    base = base.change(
        "Base",
        {
            "costs.custody_day_gbp": {"hmpps": 100.0, "society": 3.0},
            "costs.homeless_day_gbp": {"local_authority": 8.0},
            "costs.breach_gbp": {"courts_cps": 7.0},
            "costs.caution_gbp": {"police": 9.0},
            **{f"costs.{name}_gbp": dear for name in ("reoffence", "conviction")},
        },
    )
    scenario = base
    for phase in phases:
        more = dict(phase)
        scenario = scenario.change("Phase", more, from_day=more.pop("from_day"))
    return scenario, lower(scenario, ps.Cohort.from_scenario(scenario))


SHARE, PRICE = "custody.refill_share", "costs.custody_day_gbp.hmpps"


@pytest.mark.parametrize(
    ("phase", "others"),
    [
        ({SHARE: 0.5}, [30.0]),
        ({PRICE: 200.0}, []),  # nothing is filled
        ({PRICE: 200.0, SHARE: 0.5}, [30.0]),
        ({"services.tag.capacity": 9}, []),
    ],
)
def test_a_day_has_other_terms_where_the_share_or_the_price_of_a_filled_day_changes(phase, others):
    _, lowered = lowered_of({"from_day": 30.0, **phase})
    assert refill._days_of_other_terms(lowered) == others


def test_where_days_are_filled_another_price_is_another_term():
    _, lowered = lowered_of({"from_day": 30.0, PRICE: 200.0})
    filled = replace(lowered, refill_share=np.array([0.5, 0.5]))
    assert refill._days_of_other_terms(filled) == [30.0]
    same = replace(lowered_of({"from_day": 30.0, "services.tag.capacity": 9})[1])
    assert refill._days_of_other_terms(replace(same, refill_share=np.full(2, 0.5))) == []


def test_each_day_of_an_option_is_split_in_it_and_in_the_baseline_once():
    scenarios, lowered = zip(
        lowered_of(),
        lowered_of({"from_day": 30.0, SHARE: 0.5}),
        lowered_of({"from_day": 30.0, SHARE: 1.0}),
        lowered_of({"from_day": 10.0, SHARE: 1.0}),
        strict=True,
    )
    splits = refill.splits_by_day(scenarios, lowered)
    assert [each.key for each in splits] == [
        (0, 30.0),
        (1, 30.0),
        (2, 30.0),
        (0, 10.0),
        (3, 10.0),
    ]
    assert [each.scenario for each in splits] == [scenarios[each.number] for each in splits]
    assert refill.splits_by_day(scenarios[:1], lowered[:1]) == []
    assert refill.splits_by_day(scenarios[1:2], lowered[1:2]) == []
    terms = lowered[1], lowered[1]
    assert [each.key for each in refill.splits_by_day(scenarios[:2], terms)] == [
        (0, 30.0),
        (1, 30.0),
    ]


def test_a_regime_is_divided_at_a_day_and_the_story_stays():
    _, lowered = lowered_of({"from_day": 50.0, SHARE: 0.5})
    assert refill._divided(lowered, 50.0) is lowered
    for day, days, regimes in (
        (20.0, [-inf, 20, 50], [0, 0, 1]),
        (70.0, [-inf, 50, 70], [0, 1, 1]),
    ):
        divided = refill._divided(lowered, day)
        assert refill.first_days(divided) == days
        assert divided.refill_share.tolist() == lowered.refill_share[regimes].tolist()
        assert divided.people.eligible.shape[0] == 3
        assert len(divided.custody_places) == len(divided.elsewhere_night) == 3
        assert len(divided.custody_average_day) == 3
        for name, table in divided.tables._asdict().items():
            before = getattr(lowered.tables, name)
            if name in SHARED_TABLES:
                assert table is before
            elif name != "rules":
                assert np.array_equal(table, before[regimes])
    assert refill.first_days(lowered) == [-inf, 50.0]


def test_what_is_counted_is_custody_from_the_day_on_and_nothing_else_has_a_price():
    _, lowered = lowered_of({"from_day": 50.0, SHARE: 0.5})
    counting = refill.days_from(lowered, 20.0)
    tables = counting.tables
    assert refill.first_days(counting) == [-inf, 20.0, 50.0]
    price = UNITS_A_DAY / UNITS_A_POUND
    expected = np.zeros_like(tables.status_day)
    expected[1:, Legal.CUSTODY, 0] = price
    assert np.array_equal(tables.status_day, expected)
    for name in (
        "homeless_day",
        "reoffence_cost",
        "caution_cost",
        "breach_cost",
        "conviction_cost",
    ):
        assert not getattr(tables, name).any()
        assert getattr(lowered.tables, name).any()
        assert (
            getattr(tables, name).shape
            == refill._divided(lowered, 20.0).tables._asdict()[name].shape
        )
    for name in ("per_referral", "per_start", "per_day", "per_completion"):
        assert not tables.services[name].any()
    assert lowered.tables.services["per_start"].any()


def test_later_days_are_the_only_ones_with_a_price_in_their_order():
    person = np.arange(N_OUTCOME_COLUMNS, dtype=np.float64)[None] * UNITS_A_DAY / UNITS_A_POUND
    public = [
        OutcomeColumn[f"COST_PUBLIC_{part}"] for part in ("YEAR_2", "YEAR_3", "YEAR_LATER", "OFF")
    ]
    assert refill.later_days(person).tolist() == [[OutcomeColumn.COST, *public]]
