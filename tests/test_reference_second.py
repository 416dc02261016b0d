"""The reference engine against logs worked by hand: activation, breach, review dates, counts."""

from __future__ import annotations

import numpy as np
import pytest

from pathsim.engine.contract import CustodyReason, Disposal, Event, Legal, Purpose
from pathsim.engine.contract import OutcomeColumn as Column
from test_reference_scene import FORMULA, Scene, assert_story, drawn, justice_of, reoffender

# Diversion and activation


@pytest.mark.parametrize(
    ("days", "after", "ratio", "expected"),
    [
        (200.0, 0.0, 0.0, Disposal.COMMUNITY_ORDER),
        (40.0, 20.0, 0.0, Disposal.COMMUNITY_ORDER),
        (40.0, 5.0, 0.0, Disposal.CUSTODY),
        (40.0, 20.0, 1.0, Disposal.CUSTODY),
    ],
)
def test_services_divert_from_custody_while_active_and_in_after_effect(
    days: float, after: float, ratio: float, expected: Disposal
) -> None:
    scene = Scene()
    scene.service(days, on="on_disposal", custody_ratio=ratio, after=scene.days(after))
    reoffender(scene, Disposal.CUSTODY)
    proven = [row[2] for row in justice_of(scene) if row[1] == Event.PROVEN]
    assert proven == [expected]


def test_the_ratios_of_services_multiply_and_divert_at_or_above_the_product() -> None:
    u = drawn(Purpose.DIVERSION, 1)
    for ratio, expected in ((u, Disposal.COMMUNITY_ORDER), (np.nextafter(u, 1), Disposal.CUSTODY)):
        scene = Scene()
        scene.service(200.0, on="on_disposal", custody_ratio=ratio)
        scene.service(200.0, on="on_disposal", custody_ratio=1.0)
        reoffender(scene, Disposal.CUSTODY)
        assert [row[2] for row in justice_of(scene) if row[1] == Event.PROVEN] == [expected]


@pytest.mark.parametrize(
    ("received", "length"), [(Disposal.CUSTODY, 200.0), (Disposal.COMMUNITY_ORDER, 100.0)]
)
def test_a_proven_reoffence_activates_a_suspended_sentence(
    received: Disposal, length: float
) -> None:
    scene = Scene(activation=1.0, presumption_max_days=500.0, presumption_share=1.0)
    reoffender(scene, received, disposal=Disposal.SUSPENDED_SENTENCE)
    tag = scene.service(20.0)
    scene.tables["on_disposal"][:, Disposal.COMMUNITY_ORDER] = 1 << tag
    assert_story(
        justice_of(scene),
        [
            (0.0, Event.ORDER_START, Legal.SUSPENDED_SENTENCE),
            (50.0, Event.REOFFENCE, 3),
            (50.0, Event.PROVEN, received),
            (50.0, Event.ACTIVATION, Legal.SUSPENDED_SENTENCE),
            (50.0, Event.CUSTODY, CustodyReason.SENTENCE),
            (50.0 + length, Event.RELEASE, Legal.LIBERTY),
        ],
    )


def test_a_sentence_that_the_presumption_suspended_is_activated_for_its_own_length() -> None:
    scene = Scene(activation=1.0, presumption_max_days=500.0, presumption_share=1.0)
    reoffender(scene, Disposal.FINE, disposal=Disposal.CUSTODY)
    scene.people[0]["sentence_days"] = 33.0
    assert (83.0, Event.RELEASE, Legal.LIBERTY) in [
        (pytest.approx(row[0], abs=FORMULA), *row[1:]) for row in justice_of(scene)
    ]


def test_a_caution_and_a_community_order_activate_nothing() -> None:
    cautioned = Scene(activation=1.0)
    cautioned.tables["caution_share"][:] = 1.0
    reoffender(cautioned, Disposal.FINE, disposal=Disposal.SUSPENDED_SENTENCE)
    ordered = Scene(activation=1.0)
    reoffender(ordered, Disposal.FINE, disposal=Disposal.COMMUNITY_ORDER)
    for scene in (cautioned, ordered):
        assert Event.ACTIVATION not in [row[1] for row in scene.story()]


# Breach


def test_breaches_follow_one_another_until_the_order_is_over() -> None:
    scene = Scene()
    scene.tables["breach_rate"][:, Legal.COMMUNITY_ORDER] = rate = 0.05
    scene.tables["breach_cost"][:, 3] = 700.0
    scene.person(0.0, Disposal.COMMUNITY_ORDER)
    expected, day, n = [], 0.0, 1
    while (day := day - float(np.log(drawn(Purpose.BREACH, n))) / rate) < 100.0:
        expected.append((day, Event.BREACH, Legal.COMMUNITY_ORDER))
        n += 1
    assert len(expected) > 1
    story = scene.story()
    assert_story(story[1:-1], [*expected, (100.0, Event.ORDER_END, Legal.COMMUNITY_ORDER)])
    _, counts = scene.run()
    assert counts.person[0, Column.COST + 3] == 700.0 * len(expected)


@pytest.mark.parametrize(
    ("disposal", "served"),
    [(Disposal.COMMUNITY_ORDER, 20.0), (Disposal.SUSPENDED_SENTENCE, 365.0)],
)
def test_a_breach_may_end_in_custody(disposal: Disposal, served: float) -> None:
    scene = Scene(breach_custody=1.0, follow_up=900.0)
    scene.tables["release_point"][:] = 0.5
    scene.tables["custody_days"][:] = scene.days(800.0)  # a suspended sentence is of 730 at most
    rate = -np.log(drawn(Purpose.BREACH, 1)) / 10.0
    scene.tables["breach_rate"][:, 1:3] = rate
    scene.person(0.0, disposal)
    order = {
        Disposal.COMMUNITY_ORDER: Legal.COMMUNITY_ORDER,
        Disposal.SUSPENDED_SENTENCE: Legal.SUSPENDED_SENTENCE,
    }[disposal]
    assert_story(
        scene.story()[1:-1],
        [
            (10.0, Event.BREACH, order),
            (10.0, Event.CUSTODY, CustodyReason.BREACH),
            (10.0 + served, Event.RELEASE, Legal.LICENCE),
            (10.0 + 2 * served, Event.LICENCE_END, Legal.LIBERTY),
        ],
    )


# Pools with review dates


def test_places_are_given_on_review_dates_only() -> None:
    scene = Scene()
    tag = scene.service(15.0, on="on_disposal", pool=scene.pool(1, review_days=10.0))
    for start in (-25.0, 3.0, 10.0, 60.0):
        scene.person(start)
    rows, _ = scene.run()
    assert [row for row in rows if row[2] in (Event.WAIT, Event.SERVICE_START)] == [
        (-25.0, 0, Event.WAIT, tag),
        (-20.0, 0, Event.SERVICE_START, tag),
        (3.0, 1, Event.WAIT, tag),
        (10.0, 1, Event.SERVICE_START, tag),
        (10.0, 2, Event.WAIT, tag),  # a review date comes before its requests
        (30.0, 2, Event.SERVICE_START, tag),  # the place was free from day 25
        (60.0, 3, Event.WAIT, tag),  # though a place is free
        (70.0, 3, Event.SERVICE_START, tag),
    ]


def test_new_places_wait_for_the_review_and_are_there_on_its_day() -> None:
    for day, started in ((20.0, 20.0), (21.0, 40.0)):
        scene = Scene(from_day=day)
        scene.service(15.0, on="on_disposal", pool=scene.pool(0, review_days=20.0))
        scene.change("pool_capacity", (0,), 1)
        scene.person(5.0)
        starts = [row[0] for row in scene.story() if row[1] == Event.SERVICE_START]
        assert starts == [started]


# What is counted


def test_the_severity_of_a_proven_reoffence_counts_on_the_official_clock() -> None:
    for delay, expected in ((0.0, 2.5), (316.0, 0.0)):
        scene = Scene(waiting=0.0)
        scene.tables["severity"][:, 3] = 2.5
        reoffender(scene, Disposal.FINE, delay=delay)
        _, counts = scene.run()
        assert counts.person[0, Column.SEVERITY] == expected


def test_people_in_custody_are_counted_at_midnight_the_generation_before_included() -> None:
    scene = Scene(intake=5.5, generations_before=1)
    scene.person(1.0, Disposal.CUSTODY, sentence_days=2.0)  # midnights 1 and 2; before: none
    scene.person(2.5, Disposal.CUSTODY, sentence_days=100.0)  # from 3; before: all, to the end
    scene.person(0.0, Disposal.CUSTODY, sentence_days=6.0)  # 0 to 5; before: from -5.5, so 0
    scene.person(3.0, Disposal.CUSTODY, sentence_days=0.0)  # for no time
    _, counts = scene.run()
    assert counts.in_custody.tolist() == [3.0, 3.0, 3.0, 3.0, 3.0, 3.0]
