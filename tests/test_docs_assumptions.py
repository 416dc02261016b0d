"""The page of the assumptions that matter most is what `make assumptions` writes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from docs import assumptions

ROWS = assumptions.parameters()
GROUPS = assumptions.carrying(assumptions.swings())
LARGEST = assumptions.by_parameter(GROUPS)


def test_the_page_is_what_the_command_writes():
    assert assumptions.PAGE.read_text(encoding="utf-8") == assumptions.page(), "make assumptions"


def test_every_parameter_that_carries_the_swing_has_a_verdict_and_no_other_has():
    keys = {each.parameter for each in LARGEST}
    assert len(keys) > 50
    assert keys == assumptions.verdicts().keys()
    assert keys <= ROWS.keys()


def test_what_stays_assumed_says_what_would_settle_it():
    assumed = [ROWS[each.parameter] for each in LARGEST if ROWS[each.parameter].grade == "assumed"]
    assert assumed
    assert [line.parameter for line in assumed if not assumptions.settle(line)] == []


def test_no_more_than_half_of_them_are_assumed():
    grades = [ROWS[each.parameter].grade for each in LARGEST]
    assert grades.count("assumed") <= len(grades) / 2


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group[0].where)
def test_the_largest_swings_carry_nine_tenths_and_one_less_does_not(group):
    shares = [each.share for each in group]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) >= assumptions.CARRIED > sum(shares[:-1])


def test_the_shares_of_a_headline_sum_to_one():
    totals: dict[tuple[str, str], float] = {}
    for each in assumptions.swings():
        key = each.headline, each.option
        totals[key] = totals.get(key, 0.0) + each.share
    assert len(totals) == 12
    assert list(totals.values()) == pytest.approx([1.0] * 12, abs=0.002)


def test_what_would_settle_it_is_read_from_the_note():
    line = replace(ROWS["pools.iom.review_days"], note="A. To settle: B, or C.")
    assert assumptions.settle(line) == "B, or C"
    assert assumptions.settle(replace(line, note="A.")) == ""
