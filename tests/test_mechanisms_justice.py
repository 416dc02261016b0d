"""Every mechanism of the justice system has a known answer: custody, orders, courts, places."""

from __future__ import annotations

import math

import numpy as np
import pytest

import pathsim as ps
from pathsim import theory
from pathsim.engine.contract import (
    UNITS_A_DAY,
    CustodyReason,
    Disposal,
    Event,
    Legal,
    OutcomeColumn,
    Tables,
)
from pathsim.engine.lowering import lower
from pathsim.people.cohort import Cohort
from pathsim.vocabulary import DIVERTED
from textbook import FOREVER, YEAR, Story, case, service

FORMULA = 1e-9
"""Days, pounds or a share, where nothing is left to chance."""
MONTE_CARLO = 4.0
"""Standard errors, computed from the known distribution; the seed is fixed."""
PEOPLE = 20_000
HALF = {"le6m": 0.5, "six_to_12m": 0.5, "one_to_4y": 0.5, "over_4y": 0.5}


def binomial(found: float, *, people: int, chance: float) -> bool:
    error = math.sqrt(people * chance * (1 - chance))
    return abs(found - people * chance) <= MONTE_CARLO * error


def prisoner(days: float, **more) -> dict:
    return {"disposal": "custody", "sentence_days": days} | more


# Release


@pytest.mark.parametrize(
    ("sentence", "served"),
    [
        (60, 30),  # below 84 days there is no curfew
        (83.9, 41.95),
        (84, 28),  # at least 28 days are served
        (120, 30),  # and at least a quarter
        (200, 50),
        (300, 90),  # 60 days before the release point
        (400, 140),
        (1460, 670),
        (1461, 730.5),  # above four years there is none
    ],
)
def test_a_curfew_brings_release_forward_within_its_limits(sentence, served):
    curfew = {"share": 1.0, "max_days": 60}
    story = Story(
        case(
            prisoner(sentence, start_day=3.0),
            follow_up={"days": 2000},
            custody={"release_point": HALF, "curfew": curfew},
        )
    )
    assert story.times(Event.RELEASE) == pytest.approx([3.0 + served], abs=FORMULA)
    in_units = round(served * UNITS_A_DAY) / UNITS_A_DAY
    assert story.everybody[OutcomeColumn.CUSTODY_DAYS] == pytest.approx(in_units, abs=FORMULA)


def test_the_share_with_a_curfew_is_that_of_the_scenario():
    curfew = {"share": 0.3, "max_days": 60}
    people = prisoner(400, people=PEOPLE)
    story = Story(case(people, custody={"release_point": HALF, "curfew": curfew}))
    early = story.times(Event.RELEASE) == 140.0
    assert binomial(early.sum(), people=PEOPLE, chance=0.3)
    assert (story.times(Event.RELEASE)[~early] == 200.0).all()


def test_a_service_before_release_starts_84_days_before_it_or_on_entry():
    through = service(days=120, triggers={"pre_release": True}, ends_on=["custody"])
    sentences = {400.0: 7 + 200 - 84, 168.0: 7.0, 100.0: 7.0, 169.0: 7.5, 1000.0: 7 + 500 - 84}
    story = Story(
        case(
            *(prisoner(days, start_day=7.0) for days in sentences),
            follow_up={"days": 900},
            custody={"release_point": HALF, "pre_release_days": 84},
            services={"through_the_gate": through},
        )
    )
    starts = story.of_people(Event.SERVICE_START)
    assert starts == pytest.approx(list(sentences.values()), abs=FORMULA)
    # It goes on through the gate.
    completed = story.of_people(Event.SERVICE_COMPLETE)
    assert completed == pytest.approx(starts + 120, abs=FORMULA)


def test_supervision_follows_the_licence_to_a_year_from_release():
    prices = {
        "licence_day_gbp": {"hmpps": 1.0},
        "supervision_day_gbp": {"hmpps": 100.0},
    }
    story = Story(
        case(
            *(prisoner(days) for days in (100.0, 400.0, 729.9, 730.0)),
            follow_up={"days": 1000},
            custody={
                "release_point": HALF,
                "supervision_days": YEAR,
                "supervision_below_days": 730,
            },
            costs=prices,
        )
    )
    ends = story.of_people(Event.SUPERVISION_END)
    assert ends[:3] == pytest.approx([50 + YEAR, 200 + YEAR, 364.95 + YEAR], abs=FORMULA)
    assert np.isnan(ends[3])  # two years or more: licence alone
    supervised = 315 + 165 + 0.05
    licensed = 50 + 200 + 364.95 + 365
    assert story.cost == pytest.approx(licensed + 100 * supervised, abs=1e3 * FORMULA)


# Remand

BRIEF = {"from_days": [0, 10, 9000], "ratios": [1, 0, 1], "source": "textbook"}
"""Reoffences in the first ten days only."""


def remanded(*, delay: float, disposals: dict, sentence: float = 100.0) -> Story:
    hazard = {"adult_level": 0.2, "youth_level": 0.2, "shape": BRIEF}
    return Story(
        case(
            {"people": 200},
            hazard=hazard,
            courts={"magistrates_delay_days": delay, "magistrates_remand_share": 1.0},
            sentencing={
                "disposals": disposals,
                "custody_days": sentence,
                "community_order_days": 30,
            },
            custody={"release_point": HALF},
        )
    )


@pytest.mark.parametrize(("delay", "held"), [(40.0, 50.0), (50.0, 50.0), (70.0, 70.0)])
def test_remand_counts_toward_the_sentence(delay, held):
    """50 of 100 days are to be served, from the day of remand, or until the case is over."""
    story = remanded(delay=delay, disposals={"custody": 1.0})
    offence = story.of_people(Event.REOFFENCE)
    someone = ~np.isnan(offence)
    assert 150 < someone.sum() < 200
    assert (story.of_people(Event.CUSTODY, CustodyReason.REMAND)[someone] == offence[someone]).all()
    release = story.of_people(Event.RELEASE)[someone]
    assert release == pytest.approx(offence[someone] + held, abs=FORMULA)
    licence_end = story.of_people(Event.LICENCE_END)[someone]
    assert licence_end == pytest.approx(offence[someone] + 100.0, abs=FORMULA)


def test_remand_longer_than_the_sentence_leaves_no_licence():
    story = remanded(delay=40.0, disposals={"custody": 1.0}, sentence=30.0)
    offence = story.of_people(Event.REOFFENCE)
    someone = ~np.isnan(offence)
    release = story.of_people(Event.RELEASE, Legal.LIBERTY)[someone]
    assert release == pytest.approx(offence[someone] + 40.0, abs=FORMULA)
    assert story.count(Event.LICENCE_END) == 0


def test_a_community_order_at_the_end_of_remand_releases_at_once():
    story = remanded(delay=40.0, disposals={"community_order": 1.0})
    offence = story.of_people(Event.REOFFENCE)
    someone = ~np.isnan(offence)
    release = story.of_people(Event.RELEASE, Legal.COMMUNITY_ORDER)[someone]
    assert release == pytest.approx(offence[someone] + 40.0, abs=FORMULA)
    over = story.of_people(Event.ORDER_END)[someone]
    assert over == pytest.approx(release + 30.0, abs=FORMULA)


# Orders


def ordered(disposal: str, *, hazard: float = 0.0, **sentencing) -> Story:
    return Story(
        case(
            {"people": PEOPLE, "disposal": disposal},
            hazard={"adult_level": hazard, "youth_level": hazard},
            sentencing=sentencing,
            costs={"breach_gbp": {"courts_cps": 250.0}},
        )
    )


@pytest.mark.parametrize("kind", ["community_order", "suspended_sentence"])
def test_breach_and_reoffending_compete_to_end_an_order(kind):
    rates = [0.004, 0.002]
    story = ordered(
        kind,
        hazard=rates[1],
        disposals={"custody": 1.0},
        custody_days=FOREVER,
        breach={f"{kind}_per_day": rates[0], "custody_share": 1.0, "custody_days": 30},
        **{f"{kind}_days": 200.0},
    )
    known = theory.competing_risks(rates, days=200)
    breached = story.count(Event.BREACH)
    assert binomial(breached, people=PEOPLE, chance=known[0])
    assert story.count(Event.CUSTODY, CustodyReason.BREACH) == breached
    assert story.cost == pytest.approx(250.0 * breached, abs=FORMULA)
    in_order = (story.rows(Event.CUSTODY, CustodyReason.SENTENCE)) & (story.log.time <= 200)
    first = ~np.isin(story.log.person, story.log.person[story.rows(Event.BREACH)])
    assert binomial((in_order & first).sum(), people=PEOPLE, chance=known[1])


def test_a_breach_of_a_community_order_is_served_for_its_days():
    breach = {"community_order_per_day": 0.01, "custody_share": 1.0, "custody_days": 30}
    story = ordered("community_order", community_order_days=200.0, breach=breach)
    breached = story.of_people(Event.BREACH)
    someone = ~np.isnan(breached)
    release = story.of_people(Event.RELEASE)[someone]
    assert release == pytest.approx(breached[someone] + 30, abs=FORMULA)
    assert story.count(Event.ORDER_END) == PEOPLE - someone.sum()


def test_breaches_that_the_order_survives_are_a_poisson_process():
    breach = {"community_order_per_day": 0.01, "custody_share": 0.0}
    story = ordered("community_order", community_order_days=150.0, breach=breach)
    expected = 0.01 * 150 * PEOPLE
    assert abs(story.count(Event.BREACH) - expected) <= MONTE_CARLO * math.sqrt(expected)
    assert story.count(Event.CUSTODY) == 0


def test_the_share_of_breaches_that_end_in_custody():
    breach = {"community_order_per_day": 0.01, "custody_share": 0.25, "custody_days": 30}
    story = ordered("community_order", community_order_days=150.0, breach=breach)
    # Breaches that end in custody come at a quarter of the rate, once.
    chance = float(theory.competing_risks([0.0025], days=150)[0])
    assert binomial(story.count(Event.CUSTODY, CustodyReason.BREACH), people=PEOPLE, chance=chance)


def test_a_reoffence_activates_a_suspended_sentence_with_its_share():
    story = ordered(
        "suspended_sentence",
        hazard=0.004,
        disposals={"fine": 1.0},
        custody_days=50,
        suspended_sentence_days=300.0,
        activation_share=0.3,
    )
    activated = story.of_people(Event.ACTIVATION)
    someone = ~np.isnan(activated)
    chance = float(theory.competing_risks([0.3 * 0.004], days=300)[0])
    assert binomial(someone.sum(), people=PEOPLE, chance=chance)
    assert story.count(Event.ACTIVATION) == someone.sum()  # once for an order
    release = story.of_people(Event.RELEASE)[someone]
    assert release == pytest.approx(activated[someone] + 50, abs=FORMULA)
    assert story.count(Event.PROVEN, Disposal.FINE) == story.count(Event.REOFFENCE)


# Outcomes


def everybody(scenario) -> dict[str, float]:
    run = ps.run(scenario, replications=2, seed=1, workers=1)
    return run.table(group="all").set_index("outcome")["mean"].to_dict()


def test_severity_is_each_groups_weight_times_its_reoffences():
    weights = {"theft": 0.5, "violence": 3.0}
    groups = [*weights, "drugs"]  # without a weight
    people = [{"people": 500, "offence_group": group} for group in groups]
    hazard = {"adult_level": 0.01, "youth_level": 0.01}
    story = Story(case(*people, hazard=hazard, offending={"severity": weights}))
    by_group = {
        group: story.counts.person[story.lowered.groups.index(("offence_group", group))]
        for group in groups
    }
    for group, row in by_group.items():
        assert row[OutcomeColumn.REOFFENCES] > 1000
        expected = weights.get(group, 0.0) * row[OutcomeColumn.REOFFENCES]
        assert row[OutcomeColumn.SEVERITY] == pytest.approx(expected, rel=FORMULA)


def held(**custody) -> dict[str, float]:
    people = prisoner(30.0, people=10, start_day=5.0)
    scenario = case(people, follow_up={"intake_days": 59}, custody=custody)
    return everybody(scenario)


def test_people_beyond_the_custody_places_are_held_elsewhere_at_a_price_a_night():
    """Ten people are in custody on the midnights of days 5 to 34; six have no place."""
    found = held(capacity=4, elsewhere_night_gbp={"hmpps": 100.0})
    assert found["custody_nights_elsewhere"] == 6 * 30
    assert found["cost_hmpps"] == found["cost_total"] == 100.0 * 6 * 30
    assert found["custody_places_peak"] == 10
    assert found["custody_places_mean"] == pytest.approx(10 * 30 / 60, rel=FORMULA)


def test_custody_without_a_limit_holds_nobody_elsewhere():
    found = held(elsewhere_night_gbp={"hmpps": 100.0})
    assert found["custody_nights_elsewhere"] == found["cost_total"] == 0


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_savings_of_custody_days_that_others_fill_are_not_realised(share):
    people = [prisoner(30.0, people=10), prisoner(500.0, people=10)]
    baseline = case(*people, costs={"custody_day_gbp": {"hmpps": 100.0}})
    shorter = {f"custody.release_point.{band}": 0.5 for band in ("le6m", "one_to_4y")}
    option = baseline.change("Half", shorter | {"custody.refill_share": share})
    table = ps.compare(baseline, [option], replications=2, seed=1, workers=1).table(group="all")
    row = table.set_index("outcome").loc
    days = row["days_in_custody_per_person"]["difference"] * 20
    assert days == pytest.approx(-10 * (15 + (365 - 250)), rel=FORMULA)
    saved = row["cost_hmpps"]["difference"]
    assert saved == pytest.approx((1 - share) * 100 * days, rel=FORMULA, abs=FORMULA)


# Who is spared


def disposals_of_the_start(story: Story) -> np.ndarray:
    """Return what everybody received at their start, by person."""
    return story.log.detail[story.rows(Event.START)]


@pytest.mark.parametrize("spared", ["adult", "youth"])
def test_the_presumption_suspends_the_sentences_of_its_age_groups_alone(spared):
    presumption = {"max_days": 100, "share": 1.0, "effect_days": 30, "age_groups": [spared]}
    ages = {"adult": 30, "youth": 16}
    story = Story(
        case(
            *(prisoner(90, age=age) for age in ages.values()),
            sentencing={"presumption": presumption},
        )
    )
    received = dict(zip(ages, disposals_of_the_start(story), strict=True))
    assert received == {
        age: Disposal.SUSPENDED_SENTENCE if age == spared else Disposal.CUSTODY for age in ages
    }


def test_diverted_cases_start_with_a_caution_and_the_rest_as_before():
    rows = [
        {"people": PEOPLE, "disposal": "fine", "age": 16},
        {"people": 5, "disposal": "custody", "sentence_days": 50, "age": 16},
        {"people": 5, "disposal": "fine", "age": 30},
    ]
    story = Story(case(*rows, sentencing={"diversion": {"youth": 0.3}}))
    received = disposals_of_the_start(story)
    assert (received[PEOPLE : PEOPLE + 5] == Disposal.CUSTODY).all()
    assert (received[PEOPLE + 5 :] == Disposal.FINE).all()
    cautions = (received[:PEOPLE] == Disposal.CAUTION).sum()
    assert (received[:PEOPLE] == Disposal.FINE).sum() == PEOPLE - cautions
    assert binomial(cautions, people=PEOPLE, chance=0.3)


def test_a_diversion_moves_its_share_of_the_lesser_disposals_to_cautions_and_no_other():
    share, adult, youth = 0.3, 0, 1
    lesser = [Disposal[name.upper()] for name in DIVERTED]
    tables = [
        lower(made, Cohort.from_scenario(made)).tables
        for made in (
            case({}, sentencing={"disposals": "pnc_2021"} | more)
            for more in ({}, {"diversion": {"youth": share}})
        )
    ]
    before, after = (chances(each) for each in tables)
    assert (after[adult] == before[adult]).all()
    kept = before[youth].copy()
    moved = share * kept[..., lesser].sum(axis=-1)
    kept[..., lesser] *= 1 - share
    kept[..., Disposal.CAUTION] += moved
    assert after[youth] == pytest.approx(kept, abs=FORMULA)
    assert moved.min() > 0


def chances(tables: Tables) -> np.ndarray:
    """Return the chance of each disposal of a proven offence, by age, offence and history."""
    (cumulative,), (caution,) = tables.disposal_cumulative, tables.caution_share  # one regime
    court = np.diff(cumulative, axis=-1, prepend=0.0)
    found = court * (1 - caution[..., None])
    found[..., Disposal.CAUTION] += caution
    return found
