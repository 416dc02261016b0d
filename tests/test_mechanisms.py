"""Every mechanism of services has a known answer: places, prerequisites, effects, endings."""

from __future__ import annotations

import math

import numpy as np
import pytest

from pathsim import theory
from pathsim.engine.contract import Disposal, Event, OutcomeColumn, ServiceCount
from textbook import FOREVER, YEAR, Story, case, service

FORMULA = 1e-9
"""Days, pounds or a share, where nothing is left to chance."""
MONTE_CARLO = 4.0
"""Standard errors, computed from the known distribution; the seed is fixed."""
ERLANG_A = 3.0
"""Standard deviations of M1 (benchmarks/README.md), widened to this number of arrivals."""

HAZARD = 0.004
PEOPLE = 20_000


def near(found: float, expected: float, *, variance: float) -> bool:
    """Return whether a sum over people lies where its variance lets it."""
    return abs(found - expected) <= MONTE_CARLO * math.sqrt(variance)


def binomial(found: float, *, people: int, chance: float) -> bool:
    return near(found, people * chance, variance=people * chance * (1 - chance))


# Prerequisites and places


def iom_and_tag(**tag) -> dict:
    return {
        "iom": service(days=100, eligible={"offence_group": ["theft"]}),
        "tag": service(days=200, requires_any=["iom"], cost_per_day_gbp=1) | tag,
    }


def test_a_tag_is_worn_only_while_in_iom():
    people = [{"people": 3, "offence_group": "theft"}, {"people": 2, "offence_group": "drugs"}]
    story = Story(case(*people, services=iom_and_tag()))
    assert story.count(Event.REFUSED, "tag") == 2  # the two who are not in IOM
    assert story.times(Event.SERVICE_START, "tag").tolist() == [0.0] * 3
    assert story.times(Event.SERVICE_STOP, "tag").tolist() == [100.0] * 3  # when IOM ends
    assert story.cost == pytest.approx(300.0, abs=FORMULA)


def test_a_tag_that_is_shorter_than_iom_is_completed():
    story = Story(case({}, services=iom_and_tag(duration_days=40)))
    assert story.times(Event.SERVICE_COMPLETE, "tag").tolist() == [40.0]
    assert story.count(Event.SERVICE_STOP) == 0


def test_two_services_that_share_five_places_admit_five_at_a_time():
    services = {name: service(days=50, pool="shared") for name in ("fixed", "free")}
    services["fixed"]["eligible"] = {"sex": ["male"]}
    services["free"]["eligible"] = {"sex": ["female"]}
    people = [{"people": 4, "sex": "male"}, {"people": 8, "sex": "female"}]
    story = Story(case(*people, pools={"shared": {"capacity": 5}}, services=services))
    starts = np.sort(story.times(Event.SERVICE_START))
    assert starts.tolist() == [0.0] * 5 + [50.0] * 5 + [100.0] * 2
    assert story.count(Event.SERVICE_START, "fixed") == 4


def test_a_shared_pool_is_one_queue_with_the_arrivals_of_all_its_services():
    arrivals = 100_000
    terms = {"pool": "shared", "patience_days": {"kind": "exponential", "mean": 30}}
    both = {
        f"{sex}_service": service(eligible={"sex": [sex]}, **terms)
        | {"duration_days": {"kind": "exponential", "mean": 20}}
        for sex in ("male", "female")
    }
    people = [{"people": arrivals // 2, "sex": s, "start_day": None} for s in ("male", "female")]
    window = {"follow_up": {"intake_days": float(arrivals)}}
    story = Story(case(*people, pools={"shared": {"capacity": 18}}, services=both, **window))
    known = theory.erlang_a(arrivals=1.0, servers=18, service=20.0, patience=30.0)
    reneged = story.counts.load[0, :, ServiceCount.RENEGED].sum() / arrivals
    tolerance = ERLANG_A * 0.0013 * math.sqrt(1_000_000 / arrivals)
    assert reneged == pytest.approx(known.reneged, abs=tolerance)
    apart = theory.erlang_a(arrivals=0.5, servers=9, service=20.0, patience=30.0)
    assert apart.reneged > known.reneged + tolerance, "two pools of nine would be told apart"


REVIEWED = {"review_days": 30, "order": "highest_risk"}


def test_a_review_gives_places_on_its_dates_to_the_highest_risk():
    people = [
        {"start_day": day, "risk_percent": risk}
        for day, risk in ((1.0, 40), (2.0, 90), (3.0, 60), (30.0, 95))
    ]
    selected = service(days=10, pool="cohort")
    story = Story(
        case(*people, pools={"cohort": {"capacity": 1} | REVIEWED}, services={"iom": selected})
    )
    # A place stands free from day 40 to 60; the request of day 30 comes after that day's review.
    assert story.of_people(Event.SERVICE_START).tolist() == [120.0, 30.0, 90.0, 60.0]


def test_the_expected_wait_for_a_review_is_half_its_interval():
    """The time left to the next renewal has mean E[X^2] / 2 E[X]: half of a constant interval."""
    selected = service(days=1, pool="cohort")
    story = Story(
        case(
            {"people": PEOPLE, "start_day": None},
            follow_up={"intake_days": 300, "days": 400},
            pools={"cohort": {"capacity": PEOPLE} | REVIEWED},
            services={"iom": selected},
        )
    )
    starts = story.times(Event.SERVICE_START)
    assert (starts % 30 == 0).all()
    assert len(starts) == PEOPLE
    waited = story.counts.load[0, 0, ServiceCount.WAIT_DAYS]
    assert near(waited, 15.0 * PEOPLE, variance=PEOPLE * 30**2 / 12)


# Effects


def reoffending(**sections) -> Story:
    hazard = {"adult_level": HAZARD, "youth_level": HAZARD} | sections.pop("hazard", {})
    return Story(case({"people": PEOPLE}, hazard=hazard, **sections))


def test_an_after_effect_follows_completion_for_its_days_and_no_drop_out():
    course = service(days=50, hazard_ratio=0.5, after_ratio=0.6, after_days=100, drop_out_share=0.4)
    story = reoffending(services={"course": course})
    completed = 0.5 * 50 + 0.6 * 100 + (YEAR - 150)
    dropped_out = 0.5 * 25 + (YEAR - 25)  # on average half-way
    expected = HAZARD * (0.6 * completed + 0.4 * dropped_out) * PEOPLE
    # Given the day of dropping out the count is Poisson; that day adds less than one per cent.
    assert near(story.reoffences, expected, variance=1.01 * expected)
    assert story.times(Event.AFTER_END) == pytest.approx(150.0, abs=FORMULA)
    assert story.count(Event.AFTER_END) == story.count(Event.SERVICE_COMPLETE)


@pytest.mark.parametrize("group", ["sex=female", "age_band=35-39", "previous_offences=0"])
def test_a_multiplier_by_group_is_the_ratio_of_that_groups_reoffences(group):
    people = [{"people": PEOPLE, "age": 35}, {"people": PEOPLE, "age": 60, "previous_offences": 4}]
    people += [row | {"sex": "female"} for row in people]
    levels = {"adult_level": HAZARD, "youth_level": HAZARD, "multipliers": {group: 0.6}}
    story = Story(case(*people, hazard=levels))
    row = story.lowered.groups.index(tuple(group.split("=")))
    theirs = story.counts.person[row, OutcomeColumn.REOFFENCES]
    expected = HAZARD * YEAR * 2 * PEOPLE
    assert near(theirs, 0.6 * expected, variance=0.6 * expected)
    assert near(story.reoffences - theirs, expected, variance=expected)


def test_half_the_chance_of_custody_halves_the_custodial_disposals():
    panel = service(days=FOREVER, custody_ratio=0.5, ends_on=[])
    everything = {"disposals": {"custody": 1.0}, "custody_days": 1}
    story = reoffending(sentencing=everything, services={"panel": panel})
    proven = story.count(Event.PROVEN)
    assert proven > PEOPLE
    custody = story.count(Event.PROVEN, Disposal.CUSTODY)
    assert binomial(custody, people=proven, chance=0.5)
    assert custody + story.count(Event.PROVEN, Disposal.COMMUNITY_ORDER) == proven
    without = reoffending(sentencing=everything)
    assert without.count(Event.PROVEN, Disposal.CUSTODY) == without.count(Event.PROVEN)


def test_two_custody_ratios_multiply_and_one_in_after_effect_counts():
    gone = service(days=10, custody_ratio=0.5, after_ratio=1.0, after_days=FOREVER, ends_on=[])
    stays = service(days=FOREVER, custody_ratio=0.4, ends_on=[])
    shape = {"from_days": [0, 10, 50], "ratios": [0, 1, 0.5], "source": "textbook"}
    everything = {"disposals": {"custody": 1.0}, "custody_days": 1}
    story = reoffending(
        sentencing=everything, services={"gone": gone, "stays": stays}, hazard={"shape": shape}
    )
    proven = story.count(Event.PROVEN)
    assert binomial(story.count(Event.PROVEN, Disposal.CUSTODY), people=proven, chance=0.2)


# Endings


def ordered(**terms) -> Story:
    work = service(days=100, triggers={"disposals": ["community_order"]}, **terms)
    orders = {"community_order_days": 60}
    people = {"people": 3, "disposal": "community_order"}
    return Story(case(people, sentencing=orders, services={"work": work}))


def test_a_service_that_ends_with_the_order_stops_on_its_last_day():
    story = ordered(ends_on=["order_end"])
    assert story.times(Event.ORDER_END).tolist() == [60.0] * 3
    assert story.times(Event.SERVICE_STOP).tolist() == [60.0] * 3
    assert story.count(Event.SERVICE_COMPLETE) == 0


def test_a_service_that_does_not_end_with_the_order_is_completed_after_it():
    assert ordered(ends_on=[]).times(Event.SERVICE_COMPLETE).tolist() == [100.0] * 3


def until_custody(*endings: str) -> Story:
    custody = {"disposals": {"custody": 1.0}, "custody_days": FOREVER}
    return reoffending(
        sentencing=custody, services={"mentor": service(days=100, ends_on=list(endings))}
    )


def test_a_service_that_ends_on_custody_is_completed_by_those_who_stay_out():
    story = until_custody("custody")
    completed = story.count(Event.SERVICE_COMPLETE)
    stay_out = theory.survival([0.0], [HAZARD], days=100)
    assert binomial(completed, people=PEOPLE, chance=stay_out)
    stops = story.of_people(Event.SERVICE_STOP)
    stopped = ~np.isnan(stops)
    assert stopped.sum() == PEOPLE - completed
    assert (stops[stopped] == story.of_people(Event.CUSTODY)[stopped]).all()


def test_a_service_that_does_not_end_on_custody_goes_on_there():
    story = until_custody()
    assert story.times(Event.SERVICE_COMPLETE).tolist() == [100.0] * PEOPLE


def test_a_service_that_ends_on_reoffending_is_completed_by_those_who_do_not():
    story = reoffending(services={"mentor": service(days=100, ends_on=["reoffence"])})
    stay_clean = theory.survival([0.0], [HAZARD], days=100)
    assert binomial(story.count(Event.SERVICE_COMPLETE), people=PEOPLE, chance=stay_clean)
