"""Nothing is lost, doubled or in two places: in every log, and in every sum made from it."""

from __future__ import annotations

from collections import Counter
from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray

import pathsim as ps
from added_up import recount
from generated import generated
from log_checks import ENDINGS, NEVER, assert_in_order, read_lives
from pathsim.engine.contract import (
    CustodyReason,
    Disposal,
    Event,
    Legal,
    Log,
    OutcomeColumn,
    Route,
)
from pathsim.scenario.load import load
from pathsim.vocabulary import GROUPS, PAYERS
from recount import Account, closing_day
from stories import DORSET, SEEDS, Story, story_of

PENNY = 0.005
"""Pounds, in a sum over everybody."""
EXACT = 1e-7
"""Days or people, in a sum over everybody: rounding alone."""
BY_CLOCKS = [
    OutcomeColumn.INDEX_EVENTS,
    OutcomeColumn.REOFFENDERS,
    OutcomeColumn.REOFFENCES,
    OutcomeColumn.REOFFENDING_OCCASIONS,
    OutcomeColumn.DAYS_TO_FIRST,
    OutcomeColumn.SEVERITY,
    OutcomeColumn.DISPOSALS,
]
EXPECTED = [OutcomeColumn.EXPECTED_REOFFENDERS, OutcomeColumn.EXPECTED_REOFFENCES]
"""Sums over time, not over what happens."""


@pytest.fixture(params=[*SEEDS, "dorset"])
def story(request) -> Story:
    return story_of(request.param)


def test_every_life_can_be_read_and_rows_are_in_order(story):
    """Reading refuses two states at once, ends without starts and anything outside a life."""
    assert_in_order(story.log)
    counted = np.flatnonzero(story.lowered.people.enters)
    assert [life.person for life in story.lives[: len(counted)]] == counted.tolist()


def test_every_start_of_a_service_has_one_end_and_every_wait_too(story):
    events = np.bincount(story.log.event, minlength=len(Event))
    episodes = [episode for life in story.lives for episode in life.episodes]
    started = [episode for episode in episodes if episode.started < NEVER]
    assert events[Event.SERVICE_START] == len(started) == events[list(ENDINGS)].sum()
    waits = sum(episode.waited for episode in episodes)
    given = sum(episode.waited for episode in started)
    assert events[Event.WAIT] == waits
    assert waits == given + events[Event.RENEGE] + events[Event.WITHDRAW]
    assert sum(life.refused for life in story.lives) == events[Event.REFUSED]
    assert sum(len(life.turned_away) for life in story.lives) == events[Event.TURNED_AWAY]


def test_follow_up_ends_on_the_day_that_dates_and_sentence_set(story):
    people, tables = len(story.lowered.people.key), story.lowered.tables
    closing = tables.rules["intake"][0] + 1.0
    if tables.pool_capacity.shape[1] and story.horizon == NEVER:
        closing = max(closing, *(account.end() for account in story.accounts[:people]))
    elif story.horizon < NEVER:
        closing = closing_day(story.lowered)
    for account in story.accounts:
        others, life = account.life.person >= people, account.life
        due = min(account.end(), closing) if others else account.end()
        assert life.start < closing or not others
        assert life.end == due or (story.horizon < NEVER and due < life.end)
        if life.end > due:
            assert life.end <= (closing if others else NEVER)
            assert life.end == closing or life.end in went_on(account), "until what went on ended"


def went_on(account: Account) -> set[float]:
    """Return the instants at which something ended that holds a person past their follow-up."""
    life = account.life
    stays = {stay.until for stay in life.legal}
    # An order that ends on licence, and a request that is refused, end at such an instant too.
    return stays | {each.left for each in life.episodes} | {case[0] for case in account.cases()}


def test_what_is_proven_are_the_reoffences_that_come_to_proof_one_to_one(story):
    for account in story.accounts:
        real = [case for case in account.cases() if case[3] < account.member_until]
        counted = [case for case in account.cases() if case[3] >= account.member_until]
        cases = sorted(real)
        assert [due for due, *_ in cases] == [time for time, _ in account.life.proven]
        assert sorted(due for due, *_ in counted) == account.life.counted
        for (*_, route), (_, disposal) in zip(cases, account.life.proven, strict=True):
            assert (disposal == Disposal.CAUTION) == (route == Route.OUT_OF_COURT)


def test_people_are_held_on_remand_for_the_cases_that_were_drawn_and_until_they_end(story):
    for account in story.accounts:
        life, held = account.life, account.remanded()
        assert [time for time, _ in held] == life.remands
        for (time, due), (state, since, until) in product(held, life.legal):
            if state != Legal.CUSTODY or since != time:
                continue
            until_end = min(due, life.end)
            assert until >= until_end, "nobody is released before the case they are held for ends"
            if not any(since <= passed <= until for passed in life.extensions):
                assert until == until_end, "without a sentence, the end of the case releases"


def test_every_sum_can_be_made_again_from_the_log_to_the_penny(story):
    again = recount(story.lowered, story.accounts, story.counts.events)
    for name in ("load", "busy_days", "queue_days", "in_custody"):
        difference = getattr(story.counts, name) - getattr(again, name)
        assert np.abs(difference).max(initial=0.0) <= EXACT, name
    difference = np.abs(story.counts.person - again.person)
    if story.lowered.tables.rules["clocks_a_year"][0]:
        difference[1:, BY_CLOCKS] = 0.0  # by the groups of that day: test_clocks adds them up
    counted = np.delete(difference[:, : OutcomeColumn.COST], EXPECTED, axis=1)
    assert counted.max() <= EXACT
    assert difference[:, OutcomeColumn.COST :].max() <= PENNY


def test_what_is_expected_is_the_budgets_spent_and_a_part_of_the_last(story):
    """No log tells what has been spent of a budget that ends in no offence.

    What is expected on clocks by quarters is held against the counts in `test_clocks`.
    """
    if story.lowered.tables.rules["clocks_a_year"][0]:
        return
    least, most = (np.zeros((len(story.counts.person), 2)) for _ in range(2))
    for account in story.accounts:
        who = account.life.person
        if who < len(story.lowered.ids):
            bounds = account.expected()
            least[story.lowered.people.groups[who]] += bounds[0]
            most[story.lowered.people.groups[who]] += bounds[1]
    expected = story.counts.person[:, EXPECTED]
    assert (least - EXACT <= expected).all()
    assert (expected <= most + EXACT).all()


def test_the_log_says_of_how_many_offences_an_occasion_is(story):
    for account in story.accounts:
        for number, (time, group) in enumerate(account.life.offences, start=1):
            further = account.life.further.get(number, 0)
            assert further == account.offences(number, group, time) - 1


def test_the_levels_of_each_attribute_sum_to_everybody(story):
    people, first = story.counts.person, 1
    load = story.counts.load
    levels = Counter(attribute for attribute, _ in story.lowered.groups[1:])
    assert set(levels) >= set(GROUPS) - {"area"}
    for many in levels.values():
        mine = slice(first, first + many)
        difference = np.abs(people[mine].sum(axis=0) - people[0])
        assert difference[: OutcomeColumn.COST].max() <= EXACT
        assert difference[OutcomeColumn.COST :].max() <= PENNY
        assert np.abs(load[mine].sum(axis=0) - load[0]).max(initial=0.0) <= EXACT
        first += many
    assert first == len(people)


@pytest.mark.parametrize("number", [3, 8, 21, "dorset"])
def test_the_cost_of_every_group_is_the_sum_of_its_payers(number):
    scenario = load(DORSET) if number == "dorset" else generated(int(number))
    table = ps.run(scenario, draws=0, replications=2, seed=1, workers=1).table()
    by_group = table.pivot_table(index="group", columns="outcome", values="mean")
    payers = by_group[[f"cost_{payer}" for payer in PAYERS]].sum(axis=1)
    assert len(by_group) > 1
    assert (by_group["cost_total"] - payers).abs().max() <= PENNY
    assert by_group.loc["all", "cost_total"] > 0


def test_the_generated_scenarios_reach_every_kind_of_event():
    seen = set().union(*(np.unique(story_of(seed).log.event) for seed in SEEDS))
    assert seen == set(map(int, Event))


def _is(story: Story, event: Event) -> NDArray[np.bool_]:
    """Return which rows are such an event that nothing else can stand in for.

    Custody by a sentence, as a breach can do without; an activation beside another disposal.
    """
    rows = story.log.event == event
    if event == Event.ACTIVATION:
        return rows & (np.roll(story.log.detail, 1) != Disposal.CUSTODY)
    return rows & (story.log.detail == CustodyReason.SENTENCE) if event == Event.CUSTODY else rows


def _without(story: Story, event: Event) -> Log:
    row = int(np.flatnonzero(_is(story, event))[0])
    return Log(*(np.delete(column, row) for column in story.log))


def _twice(story: Story, event: Event) -> Log:
    row = int(np.flatnonzero(story.log.event == event)[0])
    return Log(*(np.insert(column, row, column[row]) for column in story.log))


def _in_custody(story: Story, event: Event) -> Log:
    row = int(np.flatnonzero(story.log.event == Event.CUSTODY)[0]) + 1
    values = (story.log.time[row - 1], story.log.person[row - 1], event, 0)
    columns = zip(story.log, values, strict=True)
    return Log(*(np.insert(column, row, value) for column, value in columns))


@pytest.mark.parametrize(
    ("damage", "event"),
    [
        *((_without, event) for event in (Event.START, Event.END, Event.CUSTODY, Event.RELEASE)),
        *((_without, event) for event in (Event.SERVICE_START, Event.WAIT)),
        *((_without, event) for event in (*ENDINGS, Event.RENEGE, Event.ORDER_START)),
        (_twice, Event.TURNED_AWAY),
        *((_without, event) for event in (Event.SUPERVISION_END, Event.ACTIVATION)),
        (_without, Event.PRE_RELEASE),
        *((_twice, event) for event in (Event.START, Event.END, Event.CUSTODY, Event.RELEASE)),
        *((_twice, event) for event in (Event.SUPERVISION_END, Event.ACTIVATION)),
        (_twice, Event.PRE_RELEASE),
        *((_in_custody, event) for event in (Event.BREACH, Event.ACTIVATION)),
        *((_twice, event) for event in (Event.SERVICE_START, *ENDINGS, Event.WAIT, Event.RENEGE)),
        *((_in_custody, event) for event in (Event.REOFFENCE, Event.ACCOMMODATION)),
        *((_in_custody, event) for event in (Event.ORDER_START, Event.CUSTODY, Event.LICENCE_END)),
    ],
)
def test_a_log_with_one_row_wrong_is_refused(damage, event):
    """The checks can fail: each damage is done to the first log that has such an event."""
    wanted = Event.CUSTODY if damage is _in_custody else event
    stories = (story_of(seed) for seed in SEEDS)
    story = next(one for one in stories if _is(one, wanted).any())
    with pytest.raises(AssertionError):
        read_lives(story.lowered, damage(story, event))
