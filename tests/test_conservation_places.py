"""Places: never more held than there are, none kept back, and queues in their order."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor

import numpy as np
import pytest

from log_checks import NEVER, Life, regime_on
from pathsim.engine.lowering import Lowered
from stories import SEEDS, Story, story_of


@pytest.fixture(params=[*SEEDS, "dorset"])
def story(request) -> Story:
    return story_of(request.param)


class Pool:
    """Who holds places and who waits, instant by instant, from the episodes alone."""

    def __init__(self, lowered: Lowered, pool: int) -> None:
        self.tables = lowered.tables
        self.changes = lowered.tables.rules["since"][1:].tolist()
        self.capacity = lowered.tables.pool_capacity[:, pool]
        self.by_risk = lowered.tables.pool_by_risk[:, pool]
        self.review = float(lowered.tables.pool_review[:, pool].max())
        rules = lowered.tables.rules[0]
        self.late = float(rules["intake"] * (1 + rules["generations_after"]))
        """From then on requests may be passed over, so that people wait though a place is free."""
        self.risk = lowered.people.risk[lowered.described(np.arange(lowered.members))[1]]
        self.joins: dict[float, list] = {}
        self.starts: dict[float, list] = {}
        self.ends: dict[float, list] = {}
        self.closing: dict[int, float] = {}

    def add(self, person: int, episode, *, closing: float) -> None:
        one = (person, episode)
        self.closing[person] = closing
        if episode.waited:
            self.joins.setdefault(episode.request, []).append(one)
        if episode.started < NEVER:
            self.starts.setdefault(episode.started, []).append(one)
        self.ends.setdefault(episode.left, []).append(one)

    def turn(self, one) -> tuple[float, float]:
        person, episode = one
        by_risk = self.by_risk[regime_on(self.tables, episode.request)]
        return (-self.risk[person] if by_risk else 0.0, episode.request)

    def check(self) -> None:
        if self.review:
            self._check_reviews()
        else:
            self._check_at_once()

    def _check_reviews(self) -> None:
        """Places are given on review dates alone, to the heads of the queue, until none is free."""
        waits = [one for joined in self.joins.values() for one in joined]
        starts = [one for admitted in self.starts.values() for one in admitted]
        assert all(episode.waited for _, episode in starts), "a review is waited for"
        dates = {
            self.review * k
            for _, e in waits
            for k in range(floor(e.request / self.review), ceil(e.left / self.review) + 1)
        }
        assert self.starts.keys() <= dates, "places are given on review dates"
        for day in sorted(dates):
            held = sum(e.started < day <= e.left for _, e in starts)
            waiting = {
                id(one[1]): one
                for one in waits
                if one[1].request < day <= min(one[1].started, one[1].left)
                and self.closing[one[0]] > day  # at their end they are passed over
            }
            admitted = self.starts.get(day, [])
            for one in admitted:
                assert waiting.pop(id(one[1]), None), "who is given a place was waiting for it"
            self._check_turns(admitted, waiting)
            places = self.capacity[regime_on(self.tables, day)]
            held += len(admitted)
            assert held <= places or not admitted, "nobody is admitted to a full pool"
            if day < self.late:
                assert held >= places or not waiting, "a review leaves nobody waiting for a place"

    def _check_at_once(self) -> None:
        waiting: dict[int, tuple] = {}
        held = 0
        instants = sorted({*self.joins, *self.starts, *self.ends, *self.changes} - {NEVER})
        for day in instants:
            places = self.capacity[regime_on(self.tables, day)]
            admitted = self.starts.get(day, [])
            held += len(admitted) - sum(e.started < NEVER for _, e in self.ends.get(day, []))
            for one in (*admitted, *self.ends.get(day, [])):
                waiting.pop(id(one[1]), None)
            self._check_turns(admitted, waiting)
            for one in self.joins.get(day, []):
                if min(one[1].started, one[1].left) > day:
                    waiting[id(one[1])] = one
            assert held <= places or not admitted, "nobody is admitted to a full pool"
            if day < self.late:
                assert held >= places or not waiting, "nobody waits while a place is free"
        assert held == 0
        assert not waiting

    def _check_turns(self, admitted: list, waiting: dict[int, tuple]) -> None:
        """Those who waited longer than this instant are not passed over."""
        if not waiting or not admitted:
            return
        asked = [one for one in waiting.values() if one[1].request < self.late]
        if not asked:
            return
        first = min(self.turn(one) for one in asked)
        for one in admitted:
            assert one[1].waited, "nobody walks past a queue"
            assert self.turn(one) <= first, "the head of the queue comes first"


def check_places(lowered: Lowered, lives: list[Life]) -> None:
    tables = lowered.tables
    pools = [Pool(lowered, pool) for pool in range(tables.pool_capacity.shape[1])]
    for life in lives:
        for episode in life.episodes:
            regime = regime_on(tables, episode.request)
            pool = tables.services["pool"][regime, episode.service]
            if pool >= 0:
                pools[pool].add(life.person, episode, closing=life.end)
            else:
                assert not episode.waited, "nobody waits for a service without a limit"
    for pool in pools:
        pool.check()


def test_holders_never_exceed_the_capacity_and_queues_keep_their_order(story):
    check_places(story.lowered, story.lives)


def test_queues_are_no_longer_than_their_limits_and_only_full_ones_turn_people_away(story):
    tables = story.lowered.tables
    waits: list[list] = [[] for _ in range(tables.pool_capacity.shape[1])]
    for life in story.lives:
        for episode in (one for one in life.episodes if one.waited):
            regime = regime_on(tables, episode.request)
            pool = tables.services["pool"][regime, episode.service]
            waits[pool].append((episode.request, min(episode.started, episode.left)))
    spans = [np.array(each).reshape(-1, 2) for each in waits]
    for time, service, joined in _asked(story):
        regime = regime_on(tables, time)
        pool = tables.services["pool"][regime, service]
        most = tables.pool_queue[regime, pool]
        since, until = spans[pool].T
        if joined:
            assert ((since < time) & (time < until)).sum() < most, "who joins finds room"
        else:
            assert ((since <= time) & (time <= until)).sum() >= most, "a full queue turns away"


def _asked(story):
    """Yield (time, service, whether the person joined the queue) of those who got no place."""
    for life in story.lives:
        yield from ((e.request, e.service, True) for e in life.episodes if e.waited)
        yield from ((*each, False) for each in life.turned_away)


def test_a_place_too_few_for_a_log_is_noticed():
    noticed = 0
    for seed in SEEDS:
        story = story_of(seed)
        tables = story.lowered.tables
        fewer = tables._replace(pool_capacity=np.maximum(tables.pool_capacity - 1, 0))
        try:
            check_places(replace(story.lowered, tables=fewer), story.lives)
        except AssertionError:
            noticed += 1
    assert noticed > len(SEEDS) / 4
