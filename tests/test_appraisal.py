"""A yearly cohort over the years of an appraisal, by hand and by what must hold of any."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pathsim import InputError
from pathsim.decision.appraisal import Appraisal, ranked
from pathsim.decision.appraise import CohortValue, appraise
from pathsim.decision.figures import flat, schedule_of
from pathsim.decision.green_book import annuity, value_flows
from pathsim.decision.switching import switching_value
from pathsim.decision.terms import Terms
from pathsim.vocabulary import PAYERS, PUBLIC_PURSE

FORMULA = 1e-12
"""Relative, of sums of a hundred terms."""
PENNY = 0.005
SUMS = 1e-9
"""Of parts that sum to a whole, beside the largest of them."""
PLAIN = Terms(years=3, grade="official", schedule=flat(0.0))
"""Three years that count alike, and evidence that nothing is taken off."""
TAGS = CohortValue(
    change={"pcc": 100.0, "hmpps": -60.0, "police": -30.0, "society": -200.0},
    reoffences_avoided=4.0,
    running={"pcc": 100.0},
)
"""A cohort's tags cost 100; 60 of prison, 30 of policing and 200 of harm are saved."""


def f(*rates: float) -> float:
    return float(1 / np.prod(1 + np.array(rates)))


def test_three_years_that_count_alike_are_three_cohorts() -> None:
    found = appraise(TAGS, setup={"pcc": 45.0}, terms=PLAIN)
    assert found.gain["pcc"] == -345
    assert found.gain["hmpps"] == 180
    assert found.gain["police"] == 90
    assert found.gain["society"] == 600
    assert found.gain["nhs"] == 0
    assert found.npsv == 525
    assert found.net_public_cost == 75
    assert found.social_benefit == 600
    assert found.bcr == 8
    assert (found.cashable, found.non_cashable) == (-165, 90)
    assert found.reoffences_avoided == 12
    assert found.cost_per_reoffence_avoided == 75 / 12
    assert found.equivalent_annual_value == 175
    assert found.equivalent_annual_cost == 25
    assert found.who_pays == {"pcc": 345}
    assert list(found.who_gains.items()) == [("society", 600), ("hmpps", 180), ("police", 90)]
    assert found.verdict == (True, False, False)


def test_a_cohort_counts_by_the_factor_of_its_year() -> None:
    found = appraise(TAGS, terms=PLAIN.but(schedule=flat(0.1)))
    factors = 1 + 1 / 1.1 + 1 / 1.21
    assert found.npsv == pytest.approx(190 * factors, rel=FORMULA)
    assert found.equivalent_annual_value == pytest.approx(190, rel=FORMULA)
    assert found.discounted_reoffences_avoided == pytest.approx(4 * factors, rel=FORMULA)
    assert found.reoffences_avoided == 12
    assert found.cost_per_reoffence_avoided == pytest.approx(10 / 4, rel=FORMULA)


def test_a_ramp_scales_effect_and_running_cost_alike_and_the_set_up_is_of_year_0() -> None:
    terms = PLAIN.but(ramp=(0.0, 0.5), schedule=flat(0.1))
    found = appraise(TAGS, setup={"pcc": 45.0}, terms=terms)
    share = 0.5 / 1.1 + 0.5 / 1.21
    assert found.gain["pcc"] == pytest.approx(-45 - 100 * share, rel=FORMULA)
    assert found.gain["society"] == pytest.approx(200 * share, rel=FORMULA)
    assert found.reoffences_avoided == pytest.approx(4, rel=FORMULA)


def test_running_can_be_paid_in_full_before_the_effect_is_there() -> None:
    found = appraise(TAGS, terms=PLAIN.but(ramp=(0.5, 1.0), running_ramp=(1.0,)))
    assert found.gain["pcc"] == -300
    assert found.gain["society"] == 500
    assert found.public_flows.tolist() == [-55, -10, -10]
    with_it = appraise(TAGS, terms=PLAIN.but(ramp=(0.5, 1.0)))
    assert with_it.public_flows.tolist() == [-5, -10, -10]


def test_ten_years_by_the_edition_in_force_unless_said_otherwise() -> None:
    found = appraise(TAGS, terms=Terms(grade="official"))
    assert found.npsv == pytest.approx(190 * annuity(10, first=0), rel=FORMULA)
    assert appraise(TAGS).terms == Terms()


def test_beyond_thirty_years_the_rate_falls() -> None:
    found = appraise(TAGS, terms=Terms(years=32, grade="official", ramp=(0.0,) * 31 + (1.0,)))
    assert found.npsv == pytest.approx(190 * f(*[0.035] * 30, 0.03), rel=FORMULA)
    lower = found.terms.but(schedule="sensitivity")
    due = 190 * f(*[0.03] * 30, 0.0257)
    assert appraise(TAGS, terms=lower).npsv == pytest.approx(due, rel=FORMULA)
    older = found.terms.but(schedule=schedule_of("standard", "2022"))
    assert appraise(TAGS, terms=older).npsv == found.npsv


# ------------------------------------------------------------------------------------ optimism bias


def test_weaker_evidence_raises_costs_and_lowers_savings() -> None:
    found = appraise(TAGS, setup={"pcc": 45.0}, terms=PLAIN.but(grade="matched"))
    assert found.gain["pcc"] == pytest.approx(-1.1 * 345, rel=FORMULA)
    assert found.gain["hmpps"] == pytest.approx(0.9 * 180, rel=FORMULA)
    assert found.gain["society"] == pytest.approx(0.9 * 600, rel=FORMULA)
    assert found.reoffences_avoided == pytest.approx(0.9 * 12, rel=FORMULA)


def test_what_an_effect_costs_is_raised_too_and_harm_is_not_made_less() -> None:
    harm = CohortValue(change={"hmpps": 60.0, "society": 200.0}, reoffences_avoided=-4.0)
    found = appraise(harm, terms=PLAIN.but(grade="matched"))
    assert found.gain["hmpps"] == pytest.approx(-1.1 * 180, rel=FORMULA)
    assert found.gain["society"] == pytest.approx(-1.1 * 600, rel=FORMULA)
    assert found.reoffences_avoided == pytest.approx(-1.1 * 12, rel=FORMULA)
    assert found.verdict == (False, False, True)
    assert np.isnan(found.cost_per_reoffence_avoided)


def test_costs_may_be_known_better_than_effects_and_causes_of_bias_dealt_with() -> None:
    found = appraise(TAGS, terms=PLAIN.but(grade="expert", cost_grade="rct", mitigation=0.5))
    assert found.gain["pcc"] == pytest.approx(-1.025 * 300, rel=FORMULA)
    assert found.gain["society"] == pytest.approx(0.875 * 600, rel=FORMULA)


def test_one_factor_holds_in_all_draws_whatever_the_sign_of_one() -> None:
    cohort = CohortValue(change={"society": [-300.0, 100.0]})
    found = appraise(cohort, terms=PLAIN.but(grade="matched"))
    assert found.gain["society"] == pytest.approx([810, -270], rel=FORMULA)


# ------------------------------------------------------------------------- purse, taxes and weights


def test_an_option_that_saves_has_neither_ratio_nor_price() -> None:
    cohort = CohortValue(change={"hmpps": -60.0, "society": -10.0}, reoffences_avoided=1.0)
    found = appraise(cohort, terms=PLAIN)
    assert np.isnan(found.bcr)
    assert np.isnan(found.cost_per_reoffence_avoided)
    assert found.net_public_cost == -180
    assert found.verdict == (True, True, False)
    free = appraise(CohortValue({"society": -1.0}, reoffences_avoided=1.0), terms=PLAIN)
    assert np.isnan(free.bcr)
    assert free.cost_per_reoffence_avoided == 0


def test_a_saving_that_harms_says_so() -> None:
    found = appraise(CohortValue({"hmpps": -60.0, "society": 10.0}), terms=PLAIN)
    assert found.verdict == (True, True, True)


@pytest.mark.parametrize(("rule", "cash"), [("none", -300), ("bought", -120), ("all", -30)])
def test_running_costs_are_cash_and_savings_by_the_rule(rule: str, cash: float) -> None:
    found = appraise(TAGS, terms=PLAIN.but(cashable=rule))
    assert found.cashable == cash
    assert found.cashable + found.non_cashable == -found.net_public_cost == -30


def test_the_excess_burden_of_taxes_is_societys_and_in_the_ratio() -> None:
    found = appraise(TAGS, setup={"pcc": 45.0}, terms=PLAIN.but(excess_burden=0.2))
    assert found.net_public_cost == 75
    assert found.excess_burden == pytest.approx(15, rel=FORMULA)
    assert found.gain["society"] == pytest.approx(585, rel=FORMULA)
    assert found.social_benefit == pytest.approx(600, rel=FORMULA)
    assert found.npsv == pytest.approx(510, rel=FORMULA)
    assert found.bcr == pytest.approx(600 / 90, rel=FORMULA)


def test_a_distributional_weight_is_of_those_who_suffer_the_crime() -> None:
    found = appraise(TAGS, terms=PLAIN.but(society_weight=1.5))
    assert found.social_benefit == 900
    assert found.net_public_cost == 30


# ------------------------------------------------------------------------------------------ payback


def test_payback_goes_by_the_years_in_which_money_moves() -> None:
    late = CohortValue(
        change={"pcc": 100.0, "hmpps": -150.0},
        running={"pcc": 100.0},
        public_by_year=[100.0, -150.0],
    )
    found = appraise(late, setup={"pcc": 25.0}, terms=PLAIN)
    assert found.outlay == 25
    assert found.public_flows.tolist() == [-100, 50, 50, 150]
    assert found.payback_years == pytest.approx(3 + 25 / 150, rel=FORMULA)
    at_once = appraise(CohortValue(late.change, 0.0, late.running), terms=PLAIN)
    assert at_once.public_flows.tolist() == [50, 50, 50]
    assert at_once.payback_years == 0
    assert appraise(TAGS, terms=PLAIN).payback_years == np.inf


def test_payback_has_optimism_bias_and_no_discount() -> None:
    late = CohortValue(
        {"pcc": 100.0, "hmpps": -150.0}, running={"pcc": 100.0}, public_by_year=[100.0, -150.0]
    )
    found = appraise(late, terms=Terms(years=2, grade="matched"))
    assert found.public_flows == pytest.approx([-110, 25, 135], rel=FORMULA)


def test_flows_have_the_bias_of_each_payer_and_not_that_of_their_sum() -> None:
    # 100 more for one, 90 less for another: with a bias of 10% the purse pays 110 - 81.
    both = CohortValue({"pcc": 100.0, "police": -90.0}, public_by_year=[10.0])
    found = appraise(both, terms=Terms(years=1, grade="matched"))
    assert float(found.net_public_cost) == pytest.approx(29, rel=FORMULA)
    assert found.public_flows == pytest.approx([-29], rel=FORMULA)
    assert found.payback_years == np.inf
    spread = CohortValue({"pcc": 100.0, "police": -90.0}, public_by_year=[40.0, -30.0])
    flows = appraise(spread, terms=Terms(years=1, grade="matched")).public_flows
    assert flows == pytest.approx([-40 - 19 * 4 / 7, 30 - 19 * 3 / 7], rel=FORMULA)


# -------------------------------------------------------------------------------------------- draws


def test_each_draw_is_valued_as_if_alone() -> None:
    drawn = CohortValue(
        change={"pcc": 100.0, "society": [-200.0, -50.0]},
        reoffences_avoided=[4.0, 1.0],
        running={"pcc": 100.0},
        public_by_year=[[100.0, 0.0], [100.0, -10.0]],
    )
    found = appraise(drawn, setup={"pcc": 45.0}, terms=PLAIN)
    assert found.npsv.tolist() == [255, -195]
    assert found.bcr == pytest.approx([600 / 345, 150 / 345], rel=FORMULA)
    assert found.payback_years.tolist() == [np.inf, np.inf]
    assert found.outlay.tolist() == [45, 45]


def test_what_is_expected_of_a_ratio_is_the_ratio_of_the_means() -> None:
    drawn = CohortValue({"pcc": [100.0, 300.0], "society": [-200.0, -50.0]}, [4.0, 2.0])
    means = appraise(drawn, terms=PLAIN).expected
    assert means.npsv.shape == ()
    assert means.bcr == pytest.approx(125 / 200, rel=FORMULA)
    assert means.cost_per_reoffence_avoided == pytest.approx(200 / 3, rel=FORMULA)
    assert means.public_flows.tolist() == [-200, -200, -200]


def test_the_value_of_a_cohort_is_that_of_its_flows() -> None:
    found = appraise(TAGS, setup={"pcc": 45.0}, terms=Terms(years=7, grade="official"))
    costs = np.full(7, 100.0 - 60 - 30) + np.array([45, 0, 0, 0, 0, 0, 0])
    worth = value_flows(costs, np.full(7, 200.0))
    assert found.npsv == pytest.approx(worth.npsv, abs=PENNY)
    assert found.bcr == pytest.approx(worth.bcr, rel=FORMULA)


# ------------------------------------------------------------------------- what holds of any option

tried = settings(max_examples=50, deadline=None)
money = st.floats(-1e6, 1e6).map(lambda x: round(x, 2))
by_payer = st.dictionaries(st.sampled_from(PAYERS), st.lists(money, min_size=3, max_size=3))
once = st.dictionaries(st.sampled_from(PUBLIC_PURSE), st.floats(0, 1e6))
grades = st.sampled_from(["official", "rct", "matched", "before_after", "expert", "assumed"])


@st.composite
def options(draw: st.DrawFn) -> dict[str, Any]:
    cohort = CohortValue(
        draw(by_payer),
        draw(st.lists(st.floats(-50, 50), min_size=3, max_size=3)),
        draw(once),
        draw(st.none() | st.lists(money, min_size=1, max_size=4)),
    )
    return {"cohort": cohort, "setup": draw(once)}


@st.composite
def all_terms(draw: st.DrawFn) -> Terms:
    ramp = tuple(draw(st.lists(st.just(0.0) | st.floats(0.01, 1), min_size=1, max_size=4)))
    return Terms(
        years=draw(st.integers(4, 40)),
        ramp=ramp,
        grade=draw(grades),
        cost_grade=draw(st.none() | grades),
        mitigation=draw(st.floats(0, 1)),
        excess_burden=draw(st.sampled_from([0.0, 0.2])),
        cashable=draw(st.sampled_from(["none", "bought", "all"])),
    )


def valued(option: dict[str, Any], terms: Terms) -> Appraisal:
    return appraise(option["cohort"], setup=option["setup"], terms=terms)


@tried
@given(option=options(), terms=all_terms())
def test_parts_sum_to_the_whole(option: dict[str, Any], terms: Terms) -> None:
    found = valued(option, terms)
    size = SUMS * (1 + max(float(np.abs(each).max()) for each in found.gain.values()))
    assert found.npsv == pytest.approx(sum(found.gain.values()), abs=size)
    public = -found.net_public_cost
    assert found.cashable + found.non_cashable == pytest.approx(public, abs=size)
    assert found.social_benefit - found.excess_burden + public == pytest.approx(
        found.npsv, abs=size
    )
    sides = sum(found.who_gains.values()) - sum(found.who_pays.values())
    assert sides == pytest.approx(float(found.expected.npsv), abs=size)
    assert float(found.npsv.mean()) == pytest.approx(float(found.expected.npsv), abs=size)


def in_thousands(option: dict[str, Any]) -> dict[str, Any]:
    def scaled(values: Any) -> Any:
        return {key: np.asarray(each) / 1000 for key, each in values.items()}

    old = option["cohort"]
    years = old.public_by_year
    cohort = CohortValue(
        scaled(old.change),
        old.reoffences_avoided,
        scaled(old.running),
        None if years is None else np.asarray(years) / 1000,
    )
    return {"cohort": cohort, "setup": scaled(option["setup"])}


@tried
@given(several=st.lists(options(), min_size=2, max_size=5), terms=all_terms(), data=st.data())
def test_verdicts_go_neither_by_the_order_of_options_nor_by_units(several, terms, data) -> None:
    found = {f"option {k}": valued(each, terms) for k, each in enumerate(several)}
    shuffled = data.draw(st.permutations(list(found)))
    assert ranked({name: found[name] for name in shuffled}) == ranked(found)
    scaled = {f"option {k}": valued(in_thousands(each), terms) for k, each in enumerate(several)}
    for name, each in found.items():
        size = SUMS * (1 + max(float(np.abs(gain).max()) for gain in each.gain.values()))
        other, means = scaled[name], each.expected
        assert other.npsv * 1000 == pytest.approx(each.npsv, abs=size)
        signs = (means.npsv, means.net_public_cost, means.social_benefit)
        if all(abs(float(sign)) > size for sign in signs):
            assert other.verdict == each.verdict
            assert other.expected.bcr == pytest.approx(means.bcr, rel=SUMS, nan_ok=True)
    values = sorted(float(each.expected.npsv) for each in found.values())
    if min(np.diff(values)) > 1e-3:
        assert ranked(scaled) == ranked(found)


@tried
@given(saved=st.floats(1, 1e5), price=st.floats(1, 1e5), terms=all_terms())
def test_a_switching_value_put_in_leaves_no_value(saved: float, price: float, terms: Terms) -> None:
    assume(any(terms.ramp))

    def npsv(multiple: float) -> float:
        change = {"pcc": price, "society": -multiple * saved}
        return float(appraise(CohortValue(change, running={"pcc": price}), terms=terms).npsv)

    size = abs(npsv(0.0))
    found = switching_value(npsv, 0.0, 10.0 * price / saved)
    assert abs(npsv(found)) < SUMS * size


def test_equal_options_stand_by_name() -> None:
    one = appraise(TAGS, terms=PLAIN)
    worse = appraise(TAGS, setup={"pcc": 1.0}, terms=PLAIN)
    assert ranked({"b": one, "c": worse, "a": one}) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: appraise(CohortValue({"polise": 1.0})), "did you mean 'police'"),
        (lambda: appraise(TAGS, setup={"treasury": 1.0}), "setup: is not known"),
        (lambda: appraise(CohortValue({"pcc": [1.0, np.inf]})), "change.pcc: must be finite"),
        (lambda: appraise(CohortValue({"pcc": [1.0] * 2}, [1.0] * 3)), "differ in their draws"),
        (lambda: appraise(CohortValue({"pcc": 1.0}, public_by_year=1.0)), "public_by_year: has no"),
        (lambda: Terms(years=0), "years: is out of range"),
        (lambda: Terms(years=2, ramp=(0.1, 0.2, 1.0)), "ramp: must have a share a year"),
        (lambda: Terms(ramp=(1.5,)), "ramp: has shares out of range"),
        (lambda: Terms(running_ramp=(-0.5,)), "running_ramp: has shares out of range"),
        (lambda: Terms(grade="rtc"), "did you mean 'rct'"),
        (lambda: Terms(cost_grade="sure"), "grade: is not known"),
        (lambda: Terms(mitigation=2), "mitigation: is out of range"),
        (lambda: Terms(excess_burden=-1), "excess_burden: is out of range"),
        (lambda: Terms(society_weight=np.nan), "society_weight: is out of range"),
        (lambda: Terms(cashable="some"), "cashable: is not known"),
        (lambda: Terms(schedule="review", years=40), "years: is out of range; found 40"),
    ],
)
def test_what_cannot_be_meant_is_refused(call, message) -> None:
    with pytest.raises(InputError, match=message):
        call()
