"""Which quantities are in doubt, and what they are drawn from."""

from __future__ import annotations

import numpy as np
import pytest

import pathsim as ps
from pathsim.scenario.doubt import doubt, with_values

EXACT = 1e-12
END = 1.959963984540054
ENDS = np.array([-END, 0.0, END])
EVIDENCE = {"source": "made for a test", "grade": "expert"}


@pytest.fixture(scope="module")
def dorset():
    return ps.load("dorset/baseline")


def of(scenario, key):
    return next(each for each in doubt(scenario).drawn if each.key == key)


def changed(dorset, key, **said):
    return of(dorset.change("Changed", {key: {**said, **EVIDENCE}}), key)


def test_the_value_is_the_median_and_the_interval_ends_are_its_ends(dorset):
    drawn = doubt(dorset).drawn
    assert len(drawn) > 300
    for each in drawn:
        found = each.at(ENDS)
        ends = np.array([each.low, each.quantity.value, each.high])
        if not each.bounds.whole:
            assert found == pytest.approx(ends, rel=EXACT, abs=EXACT), each.key


def test_a_ratio_is_lognormal_on_each_side_of_its_median(dorset):
    ratio = changed(dorset, "services.gps_tag.hazard_ratio", value=0.8, low=0.4, high=1.0)
    halves = ratio.at(ENDS / 2)
    assert halves[0] == pytest.approx(0.8 * (0.4 / 0.8) ** 0.5, rel=EXACT)
    assert halves[2] == pytest.approx(0.8 * (1.0 / 0.8) ** 0.5, rel=EXACT)
    assert ratio.distribution == "split lognormal"


def test_a_share_is_logit_normal_and_stays_a_share(dorset):
    share = changed(dorset, "services.mhtr.take_up", value=0.5, low=0.2, high=0.8)
    assert share.at(ENDS / 2)[2] == pytest.approx(2 / 3, rel=EXACT)  # odds of 4, halved as logs
    assert share.at(np.array([-9.0, 9.0])).tolist() == pytest.approx([0.0017, 0.9983], abs=1e-3)


def test_a_side_that_ends_on_a_bound_is_even_and_cut_off_there(dorset):
    price = changed(dorset, "services.mhtr.cost_per_start_gbp", value=10.0, low=0.0, high=40.0)
    assert price.at(np.array([-END / 2, -9.0, END / 2])).tolist() == pytest.approx([5.0, 0.0, 20.0])
    assert price.distribution == "split lognormal, normal to its bound"
    sure = changed(dorset, "services.mhtr.take_up", value=1.0, low=0.8, high=1.0)
    assert sure.at(np.array([-END / 2, 0.0, 3.0])).tolist() == pytest.approx([0.9, 1.0, 1.0])


def test_places_are_whole_and_never_none(dorset):
    places = changed(dorset, "services.mhtr.capacity", value=2, low=1, high=9)
    found = places.at(np.linspace(-4.0, 4.0, 41))
    assert found.tolist() == np.floor(found).tolist()
    assert found.min() == 1.0
    assert places.distribution == "split lognormal, whole"


def test_what_is_not_drawn_has_a_reason(dorset):
    held = {each.key: each.reason for each in doubt(dorset).held}
    assert held["services.gps_tag.capacity"] == "has no interval"
    assert "who the people are" in held["cohort.need_prevalence.health"]
    assert held["follow_up.days"] == "says what is counted"
    option = dorset.change("More", {"services.mhtr.capacity": 30})
    held = {each.key: each.reason for each in doubt(option).held}
    assert held["services.mhtr.capacity"] == "is a choice"


def test_quantities_of_one_study_or_one_row_of_evidence_share_a_draw(dorset):
    during = of(dorset, "services.deferred_prosecution.hazard_ratio")
    after = of(dorset, "services.deferred_prosecution.after_ratio")
    assert during.id == after.id
    breach = "sentencing.breach.{}_per_day"
    orders = [of(dorset, breach.format(each)) for each in ("community_order", "suspended_sentence")]
    assert orders[0].id == orders[1].id == "evidence: order_breach_per_day"
    assert of(dorset, "services.mhtr.take_up").id == "services.mhtr.take_up"


def test_values_are_laid_over_a_scenario_as_a_change_would(dorset):
    values = {
        ("services", "gps_tag", "hazard_ratio"): 0.5,
        ("hazard", "multipliers", "sex=female"): 0.9,
        ("costs", "reoffence_gbp", "theft", "society"): 77.0,
    }
    laid = with_values(dorset, values)
    plain = dorset.change("The same", {".".join(path): value for path, value in values.items()})
    for path in values:
        ours, theirs = laid, plain
        for key in path:
            ours = ours[key] if isinstance(ours, dict) else getattr(ours, key)
            theirs = theirs[key] if isinstance(theirs, dict) else getattr(theirs, key)
        assert ours.value == theirs.value
    assert dorset.services["gps_tag"].hazard_ratio.value != 0.5
    assert laid.services["mhtr"] is dorset.services["mhtr"]
