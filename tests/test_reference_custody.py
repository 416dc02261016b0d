"""The reference engine against logs worked by hand: curfew, pre-release, supervision, remand."""

from __future__ import annotations

import numpy as np
import pytest

from pathsim.engine.contract import (
    CustodyReason,
    Disposal,
    DrawIndex,
    EndingFlag,
    Event,
    Legal,
    Purpose,
    Route,
)
from pathsim.engine.contract import OutcomeColumn as Column
from test_reference_scene import (
    FIRST,
    FORMULA,
    Scene,
    assert_story,
    budget,
    drawn,
    justice_of,
    reoffender,
)

# Curfew


@pytest.mark.parametrize(
    ("sentence", "longest", "released"),
    [
        (200.0, 180.0, 50.0),  # of 100 days to serve, a quarter of the sentence is served
        (200.0, 20.0, 80.0),
        (80.0, 180.0, 28.0),  # of 40 days
        (50.0, 180.0, 25.0),  # nothing is left beyond 28 days
        (400.0, 180.0, 200.0),  # longer than the curfew is for
        (300.0, 180.0, 75.0),  # the bound belongs to it
    ],
)
def test_a_curfew_shortens_the_time_served_to_a_quarter_and_28_days(
    sentence: float, longest: float, released: float
) -> None:
    scene = Scene(curfew_share=1.0, curfew_days=longest, curfew_max=300.0, follow_up=10.0)
    scene.tables["release_point"][:] = 0.5
    scene.person(0.0, Disposal.CUSTODY, sentence_days=sentence)
    assert scene.story()[1] == (released, Event.RELEASE, Legal.LICENCE)


def test_the_curfew_is_drawn_for_the_sentence_and_moves_the_index_date() -> None:
    u = drawn(Purpose.CURFEW, 0)
    for share, released in ((u, 100.0), (np.nextafter(u, 1.0), 50.0)):
        scene = Scene(curfew_share=share, curfew_days=180.0, waiting=200.0)
        scene.tables["release_point"][:] = 0.5
        scene.person(0.0, Disposal.CUSTODY, sentence_days=200.0)
        rows, _ = scene.run()
        assert [row[0] for row in rows if row[2] == Event.RELEASE] == [released]
        assert rows[-1][0] == released + 565.0


# Pre-release


def test_the_pre_release_comes_once_a_stay_and_fires_its_triggers() -> None:
    scene = Scene(pre_release_days=14.0, fixed_term_short=28.0)
    scene.tables["release_point"][:] = 0.5
    scene.tables["recall_rate"][:, 2] = rate = -np.log(drawn(Purpose.RECALL, 1)) / 10.0
    tag = scene.service(1.0, on="on_pre_release", referral=0.0)
    scene.services[tag]["referral"] = 1.0
    scene.person(0.0, Disposal.CUSTODY, sentence_days=200.0)
    story = [row for row in scene.story() if row[0] <= 138.0]
    again = 138.0 - np.log(drawn(Purpose.RECALL, 2)) / rate
    assert again > 138.0
    assert_story(
        story,
        [
            (0.0, Event.CUSTODY, CustodyReason.SENTENCE),
            (86.0, Event.PRE_RELEASE, 0),
            (86.0, Event.REFERRAL, tag),
            (86.0, Event.SERVICE_START, tag),
            (87.0, Event.SERVICE_COMPLETE, tag),
            (100.0, Event.RELEASE, Legal.LICENCE),
            (110.0, Event.CUSTODY, CustodyReason.RECALL),
            (124.0, Event.PRE_RELEASE, 0),
            (124.0, Event.REFERRAL, tag),
            (124.0, Event.SERVICE_START, tag),
            (125.0, Event.SERVICE_COMPLETE, tag),
            (138.0, Event.RELEASE, Legal.LICENCE),
        ],
    )


def test_the_second_pre_release_has_its_own_occasion() -> None:
    scene = Scene(pre_release_days=14.0, fixed_term_short=28.0)
    scene.tables["release_point"][:] = 0.5
    scene.tables["recall_rate"][:, 2] = -np.log(drawn(Purpose.RECALL, 1)) / 10.0
    tag = scene.service(1.0, on="on_pre_release")
    key = scene.services[tag]["key"] ^ Purpose.REFERRAL
    first, second = (drawn(key, DrawIndex.PRE_RELEASE + n) for n in (1, 2))
    scene.services[tag]["referral"] = (first + second) / 2
    scene.person(0.0, Disposal.CUSTODY, sentence_days=200.0)
    referred = [row[0] for row in scene.story() if row[1] == Event.REFERRAL and row[0] < 138.0]
    assert referred == pytest.approx([86.0] if first < second else [124.0], abs=FORMULA)


def test_a_stay_shorter_than_the_time_before_release_starts_with_the_pre_release() -> None:
    scene = Scene(pre_release_days=30.0)
    scene.person(0.0, Disposal.CUSTODY, sentence_days=20.0)
    scene.person(0.0, Disposal.CUSTODY, sentence_days=0.0)
    assert [row[:2] for row in scene.story()][:3] == [
        (0.0, Event.CUSTODY),
        (0.0, Event.PRE_RELEASE),
        (20.0, Event.RELEASE),
    ]
    # A release at the same instant comes first and cancels it.
    assert [row[1] for row in scene.story(1)] == [Event.CUSTODY, Event.RELEASE, Event.END]


def test_a_sentence_passed_after_the_pre_release_brings_no_second_one() -> None:
    scene, since = _held_twice(30.0, 105.0)
    scene.tables["disposal_cumulative"][..., :] = np.arange(7) >= Disposal.CUSTODY
    scene.tables["custody_days"][:] = scene.days(130.0)
    scene.rules["pre_release_days"] = 50.0
    # The pre-release of the first sentence comes before the second case is proven.
    story = [row for row in scene.story() if row[0] > since + 11.0]
    assert_story(
        story[:4],
        [
            (since + 90.0, Event.PRE_RELEASE, 0),
            (since + 105.0, Event.PROVEN, Disposal.CUSTODY),
            (since + 105.0, Event.CUSTODY_EXTENDED, 0),
            (since + 140.0, Event.RELEASE, Legal.LIBERTY),
        ],
    )


# Post-sentence supervision


@pytest.mark.parametrize(
    ("below", "days", "expected"),
    [
        (730.0, 365.0, [(100.0, Legal.SUPERVISION), (415.0, Legal.LIBERTY)]),
        (100.0, 365.0, [(100.0, Legal.LIBERTY)]),  # the sentence is not shorter
        (730.0, 50.0, [(100.0, Legal.LIBERTY)]),  # would be over when the licence ends
    ],
)
def test_supervision_follows_the_licence_of_a_short_sentence(
    below: float, days: float, expected: list[tuple[float, int]]
) -> None:
    scene = Scene(supervision_days=days, supervision_below=below, follow_up=400.0)
    scene.tables["release_point"][:] = 0.5
    scene.tables["status_day"][:, Legal.SUPERVISION, 2] = 3.0
    scene.person(0.0, Disposal.CUSTODY, sentence_days=100.0)
    ends = [row for row in scene.story() if row[1] in (Event.LICENCE_END, Event.SUPERVISION_END)]
    assert [row[0::2] for row in ends] == expected
    _, counts = scene.run()
    assert counts.person[0, Column.COST + 2] == (3.0 * 315.0 if len(expected) == 2 else 0.0)


def test_an_order_takes_the_place_of_supervision_which_ends_beside_it() -> None:
    scene = Scene(supervision_days=365.0, follow_up=600.0)
    scene.tables["release_point"][:] = 0.2
    scene.tables["legal_ratio"][:] = 0.0
    scene.tables["legal_ratio"][:, Legal.SUPERVISION] = 1.0
    scene.tables["disposal_cumulative"][..., :] = np.arange(7) >= Disposal.COMMUNITY_ORDER
    scene.rules["community_order_days"] = scene.days(150.0)
    scene.person(0.0, Disposal.CUSTODY, sentence_days=100.0, base_hazard=budget() / 200.0)
    story = [row for row in scene.story() if row[0] >= 100.0 and row[1] != Event.END]
    assert_story(
        story,
        [
            (100.0, Event.LICENCE_END, Legal.SUPERVISION),
            (300.0, Event.REOFFENCE, 3),
            (300.0, Event.PROVEN, Disposal.COMMUNITY_ORDER),
            (300.0, Event.ORDER_START, Legal.COMMUNITY_ORDER),
            (385.0, Event.SUPERVISION_END, Legal.COMMUNITY_ORDER),
            (450.0, Event.ORDER_END, Legal.COMMUNITY_ORDER),
        ],
    )


# Remand


def test_a_sentence_after_remand_counts_from_the_day_of_remand() -> None:
    scene = Scene(follow_up=1000.0)
    scene.tables["remand_share"][:, Route.MAGISTRATES] = 1.0
    scene.tables["release_point"][:] = 0.5
    reoffender(scene, Disposal.CUSTODY, delay=30.0)
    assert_story(
        justice_of(scene),
        [
            (50.0, Event.REOFFENCE, 3),
            (50.0, Event.CUSTODY, CustodyReason.REMAND),
            (80.0, Event.PROVEN, Disposal.CUSTODY),
            (80.0, Event.CUSTODY_EXTENDED, 0),
            (100.0, Event.RELEASE, Legal.LICENCE),
            (150.0, Event.LICENCE_END, Legal.LIBERTY),
        ],
    )


def test_a_sentence_served_on_remand_ends_with_the_proof() -> None:
    scene = Scene(follow_up=1000.0, pre_release_days=10.0)
    scene.tables["remand_share"][:, Route.MAGISTRATES] = 1.0
    scene.tables["release_point"][:] = 0.5
    reoffender(scene, Disposal.CUSTODY, delay=110.0)
    assert_story(
        justice_of(scene)[2:],
        [
            (160.0, Event.PROVEN, Disposal.CUSTODY),
            (160.0, Event.CUSTODY_EXTENDED, 0),
            (160.0, Event.RELEASE, Legal.LIBERTY),
        ],
    )


def test_an_order_after_remand_begins_before_the_release_and_holds_after_it() -> None:
    scene = Scene(follow_up=1000.0)
    scene.tables["remand_share"][:, Route.MAGISTRATES] = 1.0
    scene.tables["status_day"][:, Legal.COMMUNITY_ORDER, 2] = 1.0
    tag = scene.service(20.0)
    scene.tables["on_disposal"][:, Disposal.COMMUNITY_ORDER] = 1 << tag
    reoffender(scene, Disposal.COMMUNITY_ORDER, delay=30.0)
    story = [row for row in scene.story() if row[0] > FIRST + 1 and row[1] != Event.END]
    assert_story(
        [row for row in story if row[1:] != (Event.SERVICE_STOP, 1)],
        [
            (80.0, Event.PROVEN, Disposal.COMMUNITY_ORDER),
            (80.0, Event.ORDER_START, Legal.COMMUNITY_ORDER),
            (80.0, Event.REFERRAL, tag),
            (80.0, Event.RELEASE, Legal.COMMUNITY_ORDER),
            (80.0, Event.SERVICE_START, tag),
            (100.0, Event.SERVICE_COMPLETE, tag),
            (180.0, Event.ORDER_END, Legal.COMMUNITY_ORDER),
        ],
    )
    _, counts = scene.run()
    assert counts.person[0, Column.CUSTODY_DAYS] == pytest.approx(30.0, abs=FORMULA)
    assert counts.person[0, Column.COST + 2] == pytest.approx(100.0, abs=FORMULA)


def test_an_order_of_no_length_after_remand_is_over_before_the_release() -> None:
    scene = Scene()
    scene.tables["remand_share"][:, Route.MAGISTRATES] = 1.0
    scene.rules["community_order_days"] = scene.at_once
    reoffender(scene, Disposal.COMMUNITY_ORDER, delay=30.0)
    assert_story(
        justice_of(scene)[3:],
        [
            (80.0, Event.ORDER_START, Legal.COMMUNITY_ORDER),
            (80.0, Event.ORDER_END, Legal.COMMUNITY_ORDER),
            (80.0, Event.RELEASE, Legal.LIBERTY),
        ],
    )
    _, counts = scene.run()
    assert counts.person[0, Column.CUSTODY_DAYS] == pytest.approx(30.0, abs=FORMULA)


def test_remand_ends_in_one_pass_what_a_reoffence_and_what_custody_ends() -> None:
    scene = Scene()
    scene.tables["remand_share"][:, Route.MAGISTRATES] = 1.0
    custody = scene.service(900.0, on="on_disposal")
    reoffence = scene.service(
        900.0, on="on_disposal", ends_on=EndingFlag.REOFFENCE | EndingFlag.FOLLOW_UP
    )
    waits = scene.service(900.0, on="on_disposal", places=0)
    order = scene.service(
        900.0, on="on_disposal", ends_on=EndingFlag.ORDER_END | EndingFlag.FOLLOW_UP
    )
    reoffender(scene, Disposal.FINE, disposal=Disposal.COMMUNITY_ORDER, delay=1.0)
    at_once = [row[1:] for row in scene.story() if 49.0 < row[0] < 51.0]
    assert at_once[:6] == [
        (Event.REOFFENCE, 3),
        (Event.CUSTODY, CustodyReason.REMAND),
        (Event.WITHDRAW, waits),
        (Event.SERVICE_STOP, custody),
        (Event.SERVICE_STOP, reoffence),
        (Event.SERVICE_STOP, order),
    ]


def test_remand_for_a_case_that_is_never_proven_lasts_to_the_end() -> None:
    scene = Scene()
    scene.tables["remand_share"][:, Route.MAGISTRATES] = 1.0
    reoffender(scene, Disposal.FINE, delay=315.0)
    rows, counts = scene.run()
    assert [row[2] for row in rows][-2:] == [Event.SERVICE_STOP, Event.END]
    assert Event.RELEASE not in [row[2] for row in rows]
    assert counts.person[0, Column.CUSTODY_DAYS] == pytest.approx(315.0, abs=FORMULA)


def _held_twice(case_1: float, case_2: float) -> tuple[Scene, float]:
    """Put a person on the stage who awaits proof of case 1 when remanded for case 2."""
    scene = Scene(follow_up=1000.0)
    gap = 20.0
    rate = budget(2) / gap
    first = budget(1) / rate
    route = [drawn(Purpose.CROWN, k) for k in (1, 2)]
    # The lower of the two numbers goes to the Crown Court.
    scene.tables["crown_share"][:] = sum(route) / 2
    one, two = (Route.CROWN, Route.MAGISTRATES)[:: 1 if route[0] < route[1] else -1]
    scene.tables["remand_share"][:, two] = 1.0
    scene.tables["delay"][:, one] = scene.days(case_1)
    scene.tables["delay"][:, two] = scene.days(case_2)
    scene.person(0.0, base_hazard=rate)
    return scene, first + gap


def test_a_sentence_passed_on_remand_holds_beyond_it() -> None:
    scene, since = _held_twice(50.0, 60.0)
    u = [drawn(Purpose.DISPOSAL, k) for k in (1, 2)]
    assert u[0] > u[1]  # so that the first case gets custody and the second an order
    scene.tables["disposal_cumulative"][..., :] = np.arange(7) >= Disposal.CUSTODY
    scene.tables["disposal_cumulative"][..., Disposal.COMMUNITY_ORDER : Disposal.CUSTODY] = u[0]
    proven = since + 30.0
    assert_story(
        [row for row in scene.story() if row[0] > since - 1.0][:6],
        [
            (since, Event.REOFFENCE, 3),
            (since, Event.CUSTODY, CustodyReason.REMAND),
            (proven, Event.PROVEN, Disposal.CUSTODY),
            (proven, Event.CUSTODY_EXTENDED, 0),
            (since + 60.0, Event.PROVEN, Disposal.COMMUNITY_ORDER),
            (proven + 100.0, Event.RELEASE, Legal.LIBERTY),
        ],
    )


def test_remand_outlasts_a_shorter_sentence_passed_meanwhile() -> None:
    scene, since = _held_twice(30.0, 300.0)
    scene.tables["disposal_cumulative"][..., :] = np.arange(7) >= Disposal.CUSTODY
    scene.rules["pre_release_days"] = 10.0
    proven = since + 10.0
    story = [row for row in scene.story() if row[0] > since - 1.0]
    assert_story(
        story[:8],
        [
            (since, Event.REOFFENCE, 3),
            (since, Event.CUSTODY, CustodyReason.REMAND),
            (proven, Event.PROVEN, Disposal.CUSTODY),
            (proven, Event.CUSTODY_EXTENDED, 0),
            (proven + 90.0, Event.PRE_RELEASE, 0),
            (since + 300.0, Event.PROVEN, Disposal.CUSTODY),
            (since + 300.0, Event.CUSTODY_EXTENDED, 0),
            (since + 300.0, Event.RELEASE, Legal.LIBERTY),
        ],
    )
