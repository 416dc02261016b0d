"""What a number may be at most, where it usually lies, and what it is when it is left out.

Each limit holds at its edge and not a little beyond it.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator

import pytest

from pathsim.errors import InputError, UnusualWarning
from pathsim.scenario.justice import AccommodationMix, Breach, Diversion, Hazard, Presumption
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario
from pathsim.scenario.parameter import NOT_USED, Quantity, Strict
from pathsim.scenario.service import Pool, Service
from pathsim.vocabulary import ACCOMMODATIONS, DISPOSALS
from small_scenario import write_scenarios

DAY = ("a day", 0.0, 100.0)
RATIO = ("times", 0.0, 1000.0)
LENGTH = ("days", 0.0, 100_000.0)
PRICE = ("pounds", 0.0, 1e7)

USUAL = {
    # Lengths of time, days: limits, then where they usually lie.
    "follow_up.days": (LENGTH, 7, 7310),
    "follow_up.waiting_days": (LENGTH, 1, 1830),
    "follow_up.intake_days": (("days", 0.0, 1e6), 1, 7310),
    "sentencing.community_order_days": (LENGTH, 28, 1100),
    "sentencing.suspended_sentence_days": (LENGTH, 28, 1100),
    "sentencing.custody_days": (LENGTH, 28, 14_610),
    "sentencing.presumption.max_days": (LENGTH, 28, 1830),
    "sentencing.presumption.effect_days": (LENGTH, 28, 7310),
    "sentencing.breach.custody_days": (LENGTH, 3, 1830),
    "courts.out_of_court_delay_days": (LENGTH, 0.04, 730),
    "courts.magistrates_delay_days": (LENGTH, 0.04, 1100),
    "courts.crown_delay_days": (LENGTH, 7, 1830),
    "custody.pre_release_days": (LENGTH, 5, 730),
    "custody.supervision_days": (LENGTH, 28, 1830),
    "custody.supervision_below_days": (LENGTH, 28, 3660),
    "custody.curfew.min_sentence_days": (LENGTH, 7, 1830),
    "custody.curfew.max_sentence_days": (LENGTH, 84, 36_525),
    "custody.curfew.max_days": (LENGTH, 7, 1830),
    "custody.recall.fixed_term_under_12m_days": (LENGTH, 5, 180),
    "custody.recall.fixed_term_12m_or_more_days": (LENGTH, 5, 180),
    "custody.recall.standard_days": (LENGTH, 10, 1830),
    "services.mentor.duration_days": (LENGTH, 0.04, 7310),
    "services.mentor.patience_days": (LENGTH, 0.04, 1830),
    "services.mentor.after_days": (LENGTH, 7, 7310),
    # Rates and their multipliers.
    "sentencing.breach.community_order_per_day": (DAY, None, 0.02),
    "custody.recall.le6m_per_day": (DAY, None, 0.05),
    "sentencing.breach.suspended_sentence_per_day": (DAY, None, 0.02),
    "custody.recall.six_to_12m_per_day": (DAY, None, 0.05),
    "custody.recall.one_to_4y_per_day": (DAY, None, 0.05),
    "custody.recall.over_4y_per_day": (DAY, None, 0.05),
    "accommodation.settled_to_temporary_per_day": (DAY, None, 0.02),
    "accommodation.settled_to_homeless_per_day": (DAY, None, 0.02),
    "accommodation.temporary_to_settled_per_day": (DAY, None, 0.1),
    "accommodation.temporary_to_homeless_per_day": (DAY, None, 0.1),
    "accommodation.homeless_to_settled_per_day": (DAY, None, 0.1),
    "accommodation.homeless_to_temporary_per_day": (DAY, None, 1.0),
    "accommodation.after_release.settled_to_homeless_per_day": (DAY, None, 0.02),
    "accommodation.after_release.homeless_to_settled_per_day": (DAY, None, 0.1),
    "hazard.adult_level": (("reoffences a day", 0.0, 1000.0), None, 0.05),
    "hazard.youth_level": (("reoffences a day", 0.0, 1000.0), None, 0.05),
    "hazard.youth_risk_percent": (("percent in a year", 0.0, 99.0), 5.0, 80.0),
    "hazard.decay_per_year": (("a year", 0.0, 10.0), None, 1.0),
    "costs.discount_rate_percent": (("percent a year", 0.0, 100.0), 0.1, 15.0),
    "hazard.frailty_sigma": (("of logarithms", 0.0, 5.0), None, 3.0),
    "hazard.combined_floor": (RATIO, None, 1.0),
    "hazard.licence_ratio": (RATIO, 0.1, 3.0),
    "sentencing.presumption.hazard_ratio": (RATIO, 0.1, 3.0),
    "services.mentor.hazard_ratio": (RATIO, 0.1, 3.0),
    "services.mentor.after_ratio": (RATIO, 0.1, 3.0),
    # Pounds.
    "services.mentor.cost_per_referral_gbp": (PRICE, 0.01, 50_000),
    "services.mentor.cost_per_start_gbp": (PRICE, 10, 200_000),
    "services.mentor.cost_per_day_gbp": (PRICE, 0.01, 2000),
    "services.mentor.cost_per_completion_gbp": (PRICE, 10, 200_000),
    "services.mentor.cost_per_place_year_gbp": (PRICE, 50, 500_000),
    "custody.elsewhere_night_gbp.hmpps": (PRICE, 10, 5000),
    "costs.custody_day_gbp.hmpps": (PRICE, 5, 2000),
    "costs.custody_average_day_gbp.hmpps": (PRICE, 5, 2000),
    "costs.community_order_day_gbp.hmpps": (PRICE, 0.1, 200),
    "costs.suspended_sentence_day_gbp.hmpps": (PRICE, 0.1, 200),
    "costs.licence_day_gbp.hmpps": (PRICE, 0.1, 200),
    "costs.supervision_day_gbp.hmpps": (PRICE, 0.1, 200),
    "costs.breach_gbp.courts_cps": (PRICE, 1, 50_000),
    "costs.homeless_day_gbp.society": (PRICE, 0.5, 500),
    "costs.reoffence_gbp.theft.police": (PRICE, 1, 50_000),
    "costs.reoffence_gbp.violence.police": (PRICE, 1, 5_000_000),
    "costs.reoffence_gbp.violence.society": (PRICE, 50, 5_000_000),
    "costs.caution_gbp.police": (PRICE, 1, 20_000),
    "costs.conviction_gbp.theft.courts_cps": (PRICE, 5, 500_000),
    "costs.disposal_gbp.custody.hmpps": (PRICE, 5, 20_000),
    "costs.curfew_day_gbp.hmpps": (PRICE, 0.1, 200),
    # Counts.
    "services.mentor.capacity": (("places", 0.0, 1e9), None, 200_000),
    "scale": (("times the places", 1e-6, 1e6), 0.001, 40.0),
    "offending.severity.theft": (("as a weight", 0.0, 1e6), 0.001, 10_000),
}
"""By key: its unit, lowest and highest; usual low (none where 0 is the lowest) and usual high."""

SHARES = (
    "sentencing.presumption.share",
    "sentencing.diversion.youth",
    "sentencing.breach.custody_share",
    "sentencing.activation_share",
    "courts.proof_share",
    "courts.magistrates_remand_share",
    "custody.refill_share",
    "services.mentor.referral",
    "services.mentor.take_up",
    "services.mentor.drop_out_share",
    "services.mentor.custody_ratio",
)


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Scenario:
    return load(write_scenarios(tmp_path_factory.mktemp("limits")) / "baseline.toml")


def told(scenario: Scenario, key: str, value: float) -> list[str]:
    """Return what is unusual about a changed scenario, of that key alone."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        scenario.change("x", {key: value})
    found = [str(each.message) for each in caught if each.category is UnusualWarning]
    return [each for each in found if each.startswith(key)]


@pytest.mark.parametrize("key", [*USUAL, *SHARES])
def test_a_limit_holds_at_its_edge_and_no_further(small, key):
    (_, lowest, highest), *_ = USUAL.get(key, (("a share", 0.0, 1.0),))
    whole = "capacity" in key
    for edge, outwards in ((lowest, -math.inf), (highest, math.inf)):
        told(small, key, edge)
        further = edge + math.copysign(1.0, outwards) if whole else math.nextafter(edge, outwards)
        with pytest.raises(InputError) as refusal:
            told(small, key, further)
        assert any(key in str(problem) for problem in refusal.value.problems)


@pytest.mark.parametrize("edge", [-1e6, 1e6])
def test_the_day_of_an_option_has_a_limit_that_holds_at_its_edge_and_no_further(small, edge):
    with pytest.warns(UnusualWarning, match="from_day"):
        assert small.change("x", {"scale": 2.0}, from_day=edge).from_day == edge
    further = math.nextafter(edge, math.copysign(math.inf, edge))
    with pytest.raises(InputError, match=r"from_day: is out of range; found .* allowed: "):
        small.change("x", {"scale": 2.0}, from_day=further)


@pytest.mark.parametrize("key", USUAL)
def test_a_value_is_unusual_beyond_the_edge_of_its_range_and_not_at_it(small, key):
    _, low, high = USUAL[key]
    step = 1.0 if "capacity" in key else 1e-9 * high
    assert told(small, key, high) == []
    (said,) = told(small, key, high + step)
    assert f"usually {low or 0:,.12g} to {high:,.12g}" in said
    if low is not None:
        assert told(small, key, low) == []
        (said,) = told(small, key, low * (1 - 1e-9))
        assert f"usually {low:,.12g} to {high:,.12g}" in said


@pytest.mark.parametrize("key", [key for key in USUAL if key != "scale"])
def test_zero_switches_off_and_is_never_unusual(small, key):
    assert told(small, key, 0.0) == []


def left_out(model: type[Strict], path: str = "") -> Iterator[tuple[str, float]]:
    """Give each key that may be left out, with the number that then stands for it."""
    for name, field in model.model_fields.items():
        value = field.get_default(call_default_factory=True)
        if isinstance(value, Quantity) and value.source == NOT_USED:
            yield f"{path}{name}", value.value
        elif isinstance(value, Strict):
            yield from left_out(type(value), f"{path}{name}.")


NOT_LEFT_OUT = {
    # What the law or the plain case says of a mechanism, where no share or price is none of it.
    "offending.same_group_share": 1.0,
    "courts.proof_share": 1.0,
    "custody.release_point.le6m": 1.0,
    "custody.release_point.six_to_12m": 1.0,
    "custody.release_point.one_to_4y": 1.0,
    "custody.release_point.over_4y": 1.0,
    "custody.recall.fixed_term_share": 1.0,
    "custody.curfew.min_sentence_days": 84.0,
    "custody.curfew.max_sentence_days": 4 * 365.0,
    "custody.supervision_below_days": 2 * 365.0,
    "scale": 1.0,
    "services.take_up": 1.0,
}


def test_what_is_left_out_changes_nothing():
    parts = {"": Scenario, "hazard.": Hazard, "services.": Service, "pools.": Pool}
    parts |= {"breach.": Breach, "presumption.": Presumption, "diversion.": Diversion}
    found = dict(pair for path, model in parts.items() for pair in left_out(model, path))
    assert len(found) > 40
    for key, value in found.items():
        neutral = 1.0 if key.endswith("_ratio") else 0.0
        assert value == NOT_LEFT_OUT.get(key, neutral), key
    assert set(NOT_LEFT_OUT) <= set(found)


def test_a_share_that_is_left_out_of_a_mix_is_none(small):
    mix = small.sentencing.disposals
    assert {name: getattr(mix, name) for name in DISPOSALS} == {
        name: float(name == "fine") for name in DISPOSALS
    }
    homes = AccommodationMix()
    assert {name: getattr(homes, name) for name in ACCOMMODATIONS} == {
        name: float(name == "settled") for name in ACCOMMODATIONS
    }


MIXES = {
    "sentencing.disposals": DISPOSALS,
    "accommodation.at_disposal": ACCOMMODATIONS,
    "accommodation.on_release": ACCOMMODATIONS,
}


@pytest.mark.parametrize("key", MIXES)
@pytest.mark.parametrize(
    ("beyond", "said"),
    [(0.9e-9, ""), (-0.9e-9, ""), (1.4e-9, "1.000000001"), (-1.4e-9, "0.999999999"), (0.2, "1.2")],
)
def test_shares_that_miss_1_by_more_than_a_billionth_are_told_with_their_sum(
    small, key, beyond, said
):
    first, second, *rest = MIXES[key]
    mix = {first: 0.5, second: 0.5 + beyond, **dict.fromkeys(rest, 0.0), "source": "test"}
    if not said:
        assert small.change("x", {key: mix})
        return
    with pytest.raises(InputError) as refusal:
        small.change("x", {key: mix})
    assert str(refusal.value) == f"{key}: shares must sum to 1; found {said}"


def test_a_scenario_and_its_parts_cannot_be_changed_in_place(small):
    for part, key in (
        (small, "title"),
        (small.hazard, "score"),
        (small.services["mentor"], "pool"),
    ):
        with pytest.raises(InputError, match=f"{key}: cannot be set; found 'other'"):
            setattr(part, key, "other")


def test_equal_parts_are_one_in_a_set(small):
    levels = [small.hazard.adult_level, small.hazard.adult_level.model_copy()]
    assert levels[0] is not levels[1]
    assert len({*levels, small.hazard.frailty_sigma}) == 2
    with pytest.raises(Exception, match=r"frozen|cannot be"):
        del levels[1].value


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan])
def test_no_number_is_endless(small, number):
    for key in ("services.mentor.hazard_ratio", "follow_up.days", "hazard.adult_level"):
        with pytest.raises(InputError, match=rf"{key}: is not a finite number"):
            small.change("x", {key: number})
    with pytest.raises(InputError, match="value: is not a finite number"):
        Quantity(value=number, source="test")
