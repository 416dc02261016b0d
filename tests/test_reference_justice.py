"""The reference engine against logs of justice and hazard worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from pathsim.engine.contract import CustodyReason, Disposal, EndingFlag, Event, Home, Legal, Purpose
from pathsim.engine.contract import OutcomeColumn as Column
from test_reference_scene import EXACT, FORMULA, Scene, budget, drawn


def _reoffend_once(scene: Scene, rate: float, disposal: Disposal, start: float = 0.0) -> float:
    """Put a person on the stage who reoffends once, and gets `disposal`; return when."""
    scene.tables["disposal_cumulative"][..., :] = np.arange(7) >= disposal
    scene.person(start, base_hazard=rate)
    return start + budget() / rate


def test_custody_ends_what_it_ends_and_keeps_the_rest() -> None:
    scene = Scene(follow_up=700.0)
    rate = budget() / 50.0  # the first reoffence on day 50
    ends = scene.service(500.0, on="on_disposal")
    waits = scene.service(500.0, on="on_disposal", places=0)
    stays = scene.service(500.0, on="on_disposal", ends_on=EndingFlag.FOLLOW_UP)
    scene.tables["on_disposal"][:, Disposal.CUSTODY] = 0
    scene.tables["release_point"][:] = 0.4
    scene.tables["legal_ratio"][:, Legal.LICENCE] = 0.0
    scene.tables["legal_ratio"][:, Legal.LIBERTY] = [1.0, 0.0]
    caught = _reoffend_once(scene, rate, Disposal.CUSTODY)
    released, over = caught + 100.0 * 0.4, caught + 100.0
    expected = [
        (caught, Event.REOFFENCE, 3),
        (caught, Event.PROVEN, Disposal.CUSTODY),
        (caught, Event.CUSTODY, CustodyReason.SENTENCE),
        (caught, Event.WITHDRAW, waits),
        (caught, Event.SERVICE_STOP, ends),
        (released, Event.RELEASE, Legal.LICENCE),
        (over, Event.LICENCE_END, Legal.LIBERTY),
    ]
    story = [row for row in scene.story() if row[0] > 0.0][: len(expected)]
    assert [row[1:] for row in story] == [row[1:] for row in expected]
    assert [row[0] for row in story] == pytest.approx([row[0] for row in expected], abs=FORMULA)
    assert (500.0, Event.SERVICE_COMPLETE, stays) in scene.story()


def test_fixed_term_recalls_follow_one_another_until_the_sentence_is_over() -> None:
    rate = 0.1
    scene = Scene(fixed_term_short=28.0, fixed_term_long=1e6)
    scene.tables["release_point"][:] = 0.5
    scene.tables["recall_rate"][:, 2] = rate  # of sentences of six to twelve months
    scene.person(10.0, Disposal.CUSTODY, sentence_days=200.0)
    expected: list[tuple[float, int, int]] = [(10.0, Event.CUSTODY, CustodyReason.SENTENCE)]
    released, n = 110.0, 1
    while released < 210.0:
        expected.append((released, Event.RELEASE, Legal.LICENCE))
        recalled = released - float(np.log(drawn(Purpose.RECALL, n))) / rate
        if recalled >= 210.0:
            expected.append((210.0, Event.LICENCE_END, Legal.LIBERTY))
            break
        expected.append((recalled, Event.CUSTODY, CustodyReason.RECALL))
        released, n = min(recalled + 28.0, 210.0), n + 1
    else:
        expected.append((210.0, Event.RELEASE, Legal.LIBERTY))
    story = scene.story()[:-1]
    assert len(story) > 4
    assert [row[1:] for row in story] == [row[1:] for row in expected]
    assert [row[0] for row in story] == pytest.approx([row[0] for row in expected], abs=FORMULA)


def test_the_index_date_of_custody_is_the_release_and_the_account_covers_the_sentence() -> None:
    scene = Scene(follow_up=100.0, waiting=0.0)
    scene.tables["release_point"][:] = 0.5
    scene.tables["status_day"][:, Legal.CUSTODY, 2] = 150.0
    scene.tables["status_day"][:, Legal.LICENCE, 2] = 10.0
    scene.person(0.0, Disposal.CUSTODY, sentence_days=80.0)
    rows, counts = scene.run()
    assert rows[-1] == (180.0, 0, Event.END, 0)  # the account outlasts the follow-up to day 140
    assert counts.person[0, Column.CUSTODY_DAYS] == pytest.approx(40.0, abs=EXACT)
    assert counts.person[0, Column.COST + 2] == 40.0 * 150.0 + 40.0 * 10.0


def test_the_presumption_suspends_a_short_sentence_and_its_effect_ends() -> None:
    scene = Scene(presumption_max_days=100.0, presumption_share=1.0, presumption_days=60.0)
    scene.person(0.0, Disposal.CUSTODY, sentence_days=100.0)
    scene.person(0.0, Disposal.CUSTODY, sentence_days=100.5)
    rows, _ = scene.run()
    assert [row[2:] for row in rows if row[:2] == (0.0, 0)] == [
        (Event.START, Disposal.SUSPENDED_SENTENCE),
        (Event.ORDER_START, Legal.SUSPENDED_SENTENCE),
        (Event.ACCOMMODATION, Home.SETTLED),
    ]
    assert [row[0::2] for row in rows if row[1] == 0 and row[0] > 0.0] == [
        (60.0, Event.PRESUMPTION_END),
        (200.0, Event.ORDER_END),
        (465.0, Event.END),  # follow-up 365 days, account 365 + the 100 of the sentence passed
    ]
    assert (0.0, 1, Event.START, Disposal.CUSTODY) in rows


def test_an_order_that_ends_takes_with_it_what_ends_with_orders() -> None:
    scene = Scene()
    tag = scene.service(
        500.0, on="on_disposal", ends_on=EndingFlag.ORDER_END | EndingFlag.FOLLOW_UP
    )
    scene.person(0.0, Disposal.COMMUNITY_ORDER)
    assert [row for row in scene.story() if row[0] == 100.0] == [
        (100.0, Event.ORDER_END, Legal.COMMUNITY_ORDER),
        (100.0, Event.SERVICE_STOP, tag),
    ]


def test_halving_the_rate_halfway_adds_half_the_wait() -> None:
    halfway = 40.0
    scene = Scene()
    scene.service(halfway, on="on_disposal", places=1, ratio=0.5)
    scene.services[0]["after"], scene.services[0]["after_ratio"] = scene.never, 0.5
    # The first person holds the only place until day 40, when the second gets it.
    scene.person(0.0)
    scene.person(0.0, base_hazard=budget(person=1) / (2 * halfway))
    rows, _ = scene.run()
    first = next(time for time, _, event, _ in rows if event == Event.REOFFENCE)
    assert first == pytest.approx(2 * halfway + halfway, abs=FORMULA)


def test_the_after_effect_multiplies_until_it_is_over() -> None:
    scene = Scene()
    tag = scene.service(10.0, on="on_disposal", after=scene.days(20.0), after_ratio=0.0)
    when = _reoffend_once(scene, budget() / 15.0, Disposal.FINE)
    story = scene.story()
    assert (10.0, Event.SERVICE_COMPLETE, tag) in story
    assert (30.0, Event.AFTER_END, tag) in story
    first = next(time for time, event, _ in story if event == Event.REOFFENCE)
    assert first == pytest.approx(when + 20.0, abs=FORMULA)


def test_the_floor_bounds_the_product_of_services() -> None:
    scene = Scene(floor=0.5)
    for _ in range(2):
        scene.service(1000.0, on="on_disposal", ratio=0.1)
    when = _reoffend_once(scene, budget() / 15.0, Disposal.FINE)
    first = next(time for time, event, _ in scene.story() if event == Event.REOFFENCE)
    assert first == pytest.approx(2 * when, abs=FORMULA)


@pytest.mark.parametrize(("spent", "day"), [(15.0, 7.5), (25.0, 30.0)])
def test_the_shape_spends_the_budget_by_its_integral(spent: float, day: float) -> None:
    scene = Scene()
    # 20 by day 10, none to day 20, a half a day from then on.
    scene.tables |= {
        "profile_days": np.array([0.0, 10.0, 20.0]),
        "profile_ratio": np.array([2.0, 0.0, 0.5]),
        "profile_integral": np.array([0.0, 20.0, 20.0]),
    }
    _reoffend_once(scene, budget() / spent, Disposal.FINE)
    first = next(time for time, event, _ in scene.story() if event == Event.REOFFENCE)
    assert first == pytest.approx(day, abs=FORMULA)


def test_a_state_keeps_the_price_of_the_day_it_was_entered() -> None:
    scene = Scene(from_day=50.0, follow_up=200.0)
    scene.tables["status_day"][:, Legal.COMMUNITY_ORDER, 2] = 3.0
    scene.change("status_day", (Legal.COMMUNITY_ORDER, 2), 1000.0)
    scene.person(0.0, Disposal.COMMUNITY_ORDER)
    _, counts = scene.run()
    assert counts.person[0, Column.COST + 2] == 300.0


def test_a_reoffence_is_counted_on_the_clocks_and_priced_by_the_penny() -> None:
    scene = Scene(waiting=100.0)
    scene.tables["reoffence_cost"][:, 3, 0] = 11.0
    scene.tables["conviction_cost"][:, 3, 3] = 13.0
    scene.tables["delay"][:] = scene.days(30.0)
    when = _reoffend_once(scene, budget() / 350.0, Disposal.FINE, start=7.0)
    rows, counts = scene.run()
    times = {event: [row[0] for row in rows if row[2] == event] for event in Event}
    assert times[Event.REOFFENCE][0] == pytest.approx(when, abs=FORMULA)
    proven = [a + 30.0 for a in times[Event.REOFFENCE] if a + 30.0 < 472.0]
    assert times[Event.PROVEN] == proven
    counted = sum(time < 372.0 for time in times[Event.REOFFENCE])
    row = counts.person[0]
    assert row[Column.REOFFENCES] == row[Column.REOFFENCES_FROM_SENTENCE] == counted
    assert row[Column.DAYS_TO_FIRST] == pytest.approx(when - 7.0, abs=FORMULA)
    assert row[Column.COST] == 11.0 * sum(time <= 372.0 for time in times[Event.REOFFENCE])
    assert row[Column.COST + 3] == 13.0 * sum(time <= 372.0 for time in times[Event.PROVEN])


def test_a_sentence_passed_in_custody_puts_the_release_off_to_the_later_of_the_two() -> None:
    scene = Scene(follow_up=1000.0)
    rate = budget(2) / 20.0  # twenty days between the first two offences
    scene.tables["release_point"][:] = 0.5
    scene.tables["delay"][:] = scene.days(30.0)
    first = _reoffend_once(scene, rate, Disposal.CUSTODY) + 30.0
    rows, _ = scene.run()
    released = next(time for time, _, event, _ in rows if event == Event.RELEASE)
    inside = [row for row in rows if first < row[0] < released]
    proven = [row[0] for row in inside if row[2] == Event.PROVEN]
    extended = [row[0] for row in inside if row[2] == Event.CUSTODY_EXTENDED]
    assert proven[0] == pytest.approx(first + 20.0, abs=FORMULA)
    assert extended == proven
    assert released == proven[-1] + 50.0


def test_a_second_order_replaces_the_first_without_ending_it() -> None:
    scene = Scene(follow_up=400.0)
    when = _reoffend_once(scene, budget() / 40.0, Disposal.SUSPENDED_SENTENCE)
    scene.people[0]["disposal"] = Disposal.COMMUNITY_ORDER
    scene.tables["legal_ratio"][:, Legal.SUSPENDED_SENTENCE] = 0.0
    story = [row for row in scene.story() if row[1] in (Event.ORDER_START, Event.ORDER_END)]
    assert [row[1:] for row in story[:3]] == [
        (Event.ORDER_START, Legal.COMMUNITY_ORDER),
        (Event.ORDER_START, Legal.SUSPENDED_SENTENCE),
        (Event.ORDER_END, Legal.SUSPENDED_SENTENCE),
    ]
    assert [row[0] for row in story[:3]] == pytest.approx([0.0, when, when + 200.0], abs=FORMULA)


def test_who_is_released_into_a_service_that_houses_lives_there_without_a_draw() -> None:
    scene = Scene(follow_up=300.0, index_at_release=0)
    house = scene.service(200.0, on="on_reoffence", houses=1, ends_on=EndingFlag.FOLLOW_UP)
    scene.tables["delay"][:] = scene.days(10.0)
    scene.tables["home_ratio"][:, Home.TEMPORARY :] = 0.0
    when = _reoffend_once(scene, budget() / 40.0, Disposal.CUSTODY)
    rows, _ = scene.run()
    homes = [(row[0], row[3]) for row in rows if row[2] == Event.ACCOMMODATION]
    assert [home for _, home in homes] == [
        Home.SETTLED,
        Home.TEMPORARY,
        Home.TEMPORARY,
        Home.HOMELESS,
    ]
    expected = [0.0, when, when + 110.0, when + 200.0]
    assert [time for time, _ in homes] == pytest.approx(expected, abs=FORMULA)
    assert any(row[2:] == (Event.SERVICE_COMPLETE, house) for row in rows)


def test_the_presumption_multiplies_the_hazard_only_while_its_effect_lasts() -> None:
    scene = Scene(
        presumption_max_days=100.0,
        presumption_share=1.0,
        presumption_days=60.0,
        presumption_ratio=0.0,
    )
    scene.person(0.0, Disposal.CUSTODY, sentence_days=50.0, base_hazard=budget() / 10.0)
    first = next(time for time, event, _ in scene.story() if event == Event.REOFFENCE)
    assert first == pytest.approx(70.0, abs=FORMULA)
