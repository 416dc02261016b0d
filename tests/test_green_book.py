"""The Green Book's arithmetic against worked cases, and its figures as published.

The worked cases are those of the R package greenbook 0.1.1 (C. Coverdale, MIT licence), worked out
again; what is printed there with six decimals is met to half of the last.
"""

from __future__ import annotations

import tomllib
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pathsim import InputError
from pathsim.decision import figures, green_book
from pathsim.decision.payback import payback
from pathsim.decision.switching import switching_value
from pathsim.scenario.evidence.table import GRADES, evidence_table
from pathsim.vocabulary import PUBLIC_PURSE

PRINTED = 0.5e-6
"""Six decimals."""
FORMULA = 1e-12
"""Relative, of sums of a hundred terms."""
NOTHING = 1e-9
"""What a switching value leaves over of a net benefit of 1."""
COSTS = [100, 50, 50, 0, 0, 0, 0, 0, 0, 0]
BENEFITS = [0, 0, 0, 30, 30, 30, 30, 30, 30, 30]


@pytest.mark.parametrize(
    ("year", "factor"),
    [
        (0, 1.0),
        (1, 0.966184),
        (5, 0.841973),
        (10, 0.708919),
        (30, 0.356278),
        (31, 0.345901),
        (75, 0.094214),
        (76, 0.091916),
        (100, 0.050818),
    ],
)
def test_the_discount_factor_of_a_year(year: int, factor: float) -> None:
    assert green_book.discount_factors(101)[year] == pytest.approx(factor, abs=PRINTED)


@pytest.mark.parametrize(
    ("years", "value"),
    [(5, 4.515052), (10, 8.316605), (30, 18.392045), (60, 25.375260), (100, 28.863363)],
)
def test_a_pound_a_year_from_year_1_on(years: int, value: float) -> None:
    assert green_book.annuity(years) == pytest.approx(value, abs=PRINTED)


def test_an_annuity_at_one_rate_is_the_closed_form() -> None:
    due = (1 - 1.05**-20) / 0.05
    found = green_book.annuity(20, schedule=figures.flat(0.05))
    assert found == pytest.approx(due, rel=FORMULA)
    from_now = green_book.annuity(20, first=0, schedule=figures.flat(0.05))
    assert from_now == pytest.approx(due * 1.05, rel=FORMULA)


def test_a_hundred_now_for_thirty_in_five_years() -> None:
    flows = [-100, 30, 30, 30, 30, 30]
    value = green_book.present_value(flows)
    assert value == pytest.approx(35.451571, abs=PRINTED)
    assert green_book.equivalent_annual(value, 5) == pytest.approx(7.851863, abs=PRINTED)
    worth = green_book.value_flows([100, 0, 0, 0, 0, 0], [0, 30, 30, 30, 30, 30])
    assert worth.npsv == pytest.approx(35.451571, abs=PRINTED)
    assert worth.bcr == pytest.approx(1.354516, abs=PRINTED)


def test_ten_years_of_costs_and_benefits() -> None:
    worth = green_book.value_flows(COSTS, BENEFITS)
    assert worth.present_costs == pytest.approx(194.984714, abs=PRINTED)
    assert worth.present_benefits == pytest.approx(171.239767, abs=PRINTED)
    assert worth.npsv == pytest.approx(-23.744947, abs=PRINTED)
    assert worth.bcr == pytest.approx(0.878221, abs=PRINTED)


def test_the_same_with_half_of_an_optimism_bias() -> None:
    bias = figures.project_bias("non_standard_buildings").costs
    worth = green_book.value_flows(COSTS, BENEFITS, bias=bias, mitigation=0.5)
    assert worth.npsv == pytest.approx(-73.466049, abs=PRINTED)
    assert worth.bcr == pytest.approx(0.699778, abs=PRINTED)


def test_the_switching_value_of_all_benefits_put_in_leaves_nothing() -> None:
    switch = green_book.value_flows(COSTS, BENEFITS).benefits_switch_at
    assert switch == pytest.approx(1.138665, abs=PRINTED)
    again = green_book.value_flows(COSTS, np.array(BENEFITS) * switch)
    assert again.npsv == pytest.approx(0, abs=FORMULA * 1e3)


def test_optimism_bias_and_then_the_excess_burden_of_taxes() -> None:
    costs, benefits = [100] + [0] * 29, [0] + [10] * 29
    worth = green_book.value_flows(costs, benefits, bias=0.2, mitigation=0.5, excess_burden=0.2)
    assert worth.costs[0] == pytest.approx(132, rel=FORMULA)
    assert worth.npsv == pytest.approx(48.357670, abs=PRINTED)


def test_no_excess_burden_unless_asked_for() -> None:
    assert green_book.with_excess_burden(100.0) == 100.0


def test_distributional_weights() -> None:
    found = green_book.distributional_weight([0.5, 1.0, 2.0], median=1.0)
    assert found == pytest.approx([2.462289, 1.0, 0.406126], abs=PRINTED)
    of_the_poor = green_book.distributional_weight(15_000, median=55_000)
    assert of_the_poor == pytest.approx(5.414431, abs=PRINTED)
    as_log_utility = green_book.distributional_weight(0.5, median=1.0, elasticity=1.0)
    assert as_log_utility == pytest.approx(2, rel=FORMULA)


def test_flows_over_draws_are_valued_draw_by_draw() -> None:
    worth = green_book.value_flows(COSTS, [BENEFITS, [0] * 10])
    assert worth.npsv == pytest.approx([-23.744947, -194.984714], abs=PRINTED)
    assert worth.bcr == pytest.approx([0.878221, 0], abs=PRINTED)
    assert np.isnan(worth.benefits_switch_at).tolist() == [False, True]


@pytest.mark.parametrize("cost", [0.0, -1.0])
def test_what_costs_nothing_or_saves_has_no_ratio(cost: float) -> None:
    assert np.isnan(green_book.benefit_cost_ratio(10.0, cost))
    assert green_book.benefit_cost_ratio([10, 10], [cost, 5])[1] == 2.0


# ---------------------------------------------------------------------------------------- schedules


@pytest.mark.parametrize(
    ("name", "percent"),
    [
        ("standard", [3.5, 3.0, 2.5, 2.0, 1.5, 1.0]),
        ("sensitivity", [3.00, 2.57, 2.14, 1.71, 1.29, 0.86]),
        ("health", [1.50, 1.29, 1.07, 0.86, 0.64, 0.43]),
    ],
)
def test_the_rates_of_the_2026_edition(name: str, percent: list[float]) -> None:
    rates = 100 * figures.schedule_of(name).rates(400)
    ends = [(1, 30), (31, 75), (76, 125), (126, 200), (201, 300), (301, 400)]
    for due, (first, last) in zip(percent, ends, strict=True):
        assert rates[first - 1 : last] == pytest.approx(due, rel=FORMULA)


def test_the_edition_in_force_is_that_of_2026_and_others_are_there_by_name() -> None:
    assert figures.default_vintage() == "2026"
    assert figures.schedule_of("standard").vintage == "2026"
    assert figures.schedule_of("standard", "2022").vintage == "2022"
    assert {each.vintage for each in figures.shipped_schedules()} == {"2022", "2026"}


def test_the_first_rate_is_that_of_the_evidence_table() -> None:
    assert figures.schedule_of("standard").rates(30)[-1] == evidence_table()["discount_rate"].value


def test_a_schedule_ends_where_nothing_was_read() -> None:
    review = figures.schedule_of("review")
    assert len(review.factors(31)) == 31
    assert review.factors(31)[30] == pytest.approx(1.03**-30, rel=FORMULA)
    with pytest.raises(InputError, match="years: is out of range; found 32"):
        review.factors(32)


def test_every_part_of_the_file_has_a_source_or_a_reason() -> None:
    text = (files("pathsim.data") / "green_book.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    parts = [*data["schedules"], *data["cashable"].values()]
    parts += [data[each] for each in ("projects", "grades", "distribution")]
    assert len(parts) == 12
    for part in parts:
        assert part.get("source") or (part["grade"] == "assumed" and part["reason"]), part
    assert "Open Government Licence v3.0" in text


def test_every_grade_of_evidence_has_a_bias_and_weaker_evidence_the_greater() -> None:
    biases = [figures.grade_bias(grade) for grade in GRADES]
    assert biases == sorted(set(biases))
    assert (biases[0], biases[-1]) == (0.0, 0.4)


@pytest.mark.parametrize(
    ("kind", "costs", "duration"),
    [
        ("standard_buildings", 0.24, 0.04),
        ("non_standard_buildings", 0.51, 0.39),
        ("standard_civil_engineering", 0.44, 0.20),
        ("non_standard_civil_engineering", 0.66, 0.25),
        ("equipment_development", 2.00, 0.54),
        ("outsourcing", 0.41, 0.15),
    ],
)
def test_the_upper_bounds_of_optimism_bias(kind: str, costs: float, duration: float) -> None:
    bias = figures.project_bias(kind)
    assert (bias.costs, bias.duration) == (costs, duration)
    assert bias.costs_low < costs


def test_rules_of_what_is_cashable_name_payers_of_the_public_purse() -> None:
    assert set(figures.cashable_rule("all").payers) == set(PUBLIC_PURSE)
    assert figures.cashable_rule("none").payers == ()
    assert set(figures.cashable_rule("bought").payers) < set(PUBLIC_PURSE)


# ------------------------------------------------------------------------------------------ payback


@pytest.mark.parametrize(
    ("flows", "outlay", "years"),
    [
        ([30, 30, 30, 30, 30], 100, 10 / 3),
        ([50, 50], 100, 2),
        ([0, 0, 10], 10, 3),
        ([1, 1], 0, 0),
        ([0, 0], 0, 0),
        ([-5, 5, 5], 0, 2),
        ([1, 1], 10, np.inf),
        ([20, -15, 10], 10, 2.5),
    ],
)
def test_payback_is_when_the_red_is_left_for_good(flows, outlay, years) -> None:
    assert payback(flows, outlay=outlay) == pytest.approx(years, rel=FORMULA)


def test_payback_is_told_by_draw_and_rounding_is_no_debt() -> None:
    assert payback([[30.0] * 5, [1.0] * 5], outlay=100).tolist() == [100 / 30, np.inf]
    assert np.cumsum([-1.0, *[0.1] * 10])[-1] < 0
    assert payback([0.1] * 10, outlay=1) == 10


# --------------------------------------------------------------------------------- switching values


def test_a_switching_value_is_where_the_net_benefit_is_nothing() -> None:
    assert switching_value(lambda x: 3 * x - 6, 0, 10) == pytest.approx(2, rel=FORMULA)
    assert switching_value(lambda x: x, 0, 1) == 0
    assert np.isnan(switching_value(lambda x: x + 1, 0, 10))


def test_of_several_the_nearest_to_the_likely_value_is_told() -> None:
    def wave(x: float) -> float:
        return (x - 1) * (x - 4) * (x - 9)

    assert switching_value(wave, 0, 10) == pytest.approx(1, rel=FORMULA)
    for near, due in ((0, 1), (3, 4), (10, 9)):
        assert switching_value(wave, 0, 10, near=near) == pytest.approx(due, rel=FORMULA)


def test_a_jump_over_nothing_is_no_switching_value() -> None:
    assert np.isnan(switching_value(lambda x: 1.0 if x > 0.3 else -1.0, 0, 1))


money = st.floats(1.0, 1e6)


@settings(max_examples=50, deadline=None)
@given(
    cost=money, start=money, benefits=st.lists(money, min_size=1, max_size=20), bias=st.floats(0, 1)
)
def test_a_switching_value_put_in_gives_nothing(cost, start, benefits, bias) -> None:
    costs = [start, *[cost] * (len(benefits) - 1)]

    def net(multiple: float) -> float:
        worth = green_book.value_flows(costs, multiple * np.array(benefits), bias=bias)
        return float(worth.npsv) / size

    size = float(green_book.value_flows(costs, benefits, bias=bias).present_costs)
    known = float(green_book.value_flows(costs, benefits, bias=bias).benefits_switch_at)
    assume(known < 1e6)
    found = switching_value(net, 0.0, 2.0 * known)
    assert abs(net(found)) < NOTHING
    assert found == pytest.approx(known, rel=NOTHING)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: green_book.discount_factors(0), "years: is out of range"),
        (lambda: green_book.discount_factors(2.5), "years: must be a whole number"),
        (lambda: green_book.discount_factors(9, schedule="standart"), "did you mean 'standard'"),
        (lambda: figures.schedule_of("standard", "1997"), "vintage: is not known"),
        (lambda: figures.flat(3.5), "rate: is out of range; found 3.5; allowed: 0 to 1"),
        (lambda: figures.grade_bias("guess"), "grade: is not known"),
        (lambda: figures.project_bias("prison"), "kind: is not known"),
        (lambda: figures.cashable_rule("most"), "cashable: is not known"),
        (lambda: green_book.present_value(3.0), "flows: has no years"),
        (lambda: green_book.present_value([]), "flows: holds no numbers"),
        (lambda: green_book.present_value([1, np.nan]), "flows: must be finite; found nan"),
        (lambda: green_book.present_value(["a pound"]), "flows: holds no numbers"),
        (
            lambda: green_book.value_flows([1, 2], [1]),
            "as many years as costs; found 1; allowed: 2",
        ),
        (lambda: green_book.with_optimism(1, 0.2, mitigation=1.5), "mitigation: is out of range"),
        (lambda: green_book.with_optimism(1, -0.2), "bias: is out of range; found -0.2"),
        (lambda: green_book.distributional_weight(0, median=1), "income: must be positive"),
        (lambda: green_book.value_flows([[1], [2]], [[1]] * 3), "differ in their draws"),
        (lambda: payback([[1], [2]], outlay=[1, 2, 3]), "differ in their draws"),
        (lambda: payback(3.0), "flows: has no years"),
        (lambda: switching_value(lambda x: x, 1, 1), "above low; found 1.0; allowed: > 1"),
        (lambda: switching_value(lambda x: x, np.inf, 1), "low: must be a finite number"),
    ],
)
def test_what_cannot_be_meant_is_refused(call, message) -> None:
    with pytest.raises(InputError, match=message):
        call()
