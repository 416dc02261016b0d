"""Read an event log into one life a person, and refuse what cannot have happened.

Nothing here is taken from the engines: a life is what the rows say, in their order.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from pathsim.engine.contract import Disposal, Event, Home, Legal, Log
from pathsim.engine.lowering import Lowered

ENDINGS = (Event.SERVICE_COMPLETE, Event.SERVICE_DROP_OUT, Event.SERVICE_STOP)
NEVER = float("inf")


class Stay(NamedTuple):
    """Time in a legal status or an accommodation, in days."""

    state: int
    since: float
    until: float


@dataclass
class Episode:
    """From the request of a service to its end."""

    service: int
    asked: float
    waited: bool
    started: float = NEVER
    left: float = NEVER  # the end of the service, or of the wait for it
    how: int = -1  # event that ended it

    @property
    def active(self) -> bool:
        return self.started < NEVER and self.how < 0


@dataclass
class Life:
    """One person's rows, sorted out."""

    person: int
    start: float = NEVER
    end: float = NEVER
    released: float = NEVER  # first release
    custody_first: bool = False
    legal: list[Stay] = field(default_factory=list)
    home: list[Stay] = field(default_factory=list)
    offences: list[tuple[float, int]] = field(default_factory=list)
    proven: list[tuple[float, int]] = field(default_factory=list)
    referrals: list[tuple[float, int]] = field(default_factory=list)
    episodes: list[Episode] = field(default_factory=list)
    refused: int = 0


class Reader:
    """Follows one person row by row; an assertion names what is impossible."""

    def __init__(self, lowered: Lowered, person: int) -> None:
        self.tables, self.people = lowered.tables, lowered.people
        self.life = Life(person)
        self.now = -NEVER
        self.status, self.status_since = -1, -NEVER
        self.place, self.place_since = int(Home.NONE), -NEVER
        self.order = 0
        self.open: dict[int, Episode] = {}
        self.completed: Counter[int] = Counter()
        self.came_in = False  # to the community, and no accommodation row yet

    def read(self, time: float, event: int, detail: int) -> None:
        life = self.life
        assert life.end == NEVER, "something happens after the end"
        assert (event == Event.START) == (life.start == NEVER), "the start is the first event, once"
        assert time >= self.now, "a person's rows are in order of time"
        if time > self.now:
            self.at_rest()
        self.now = time
        getattr(self, f"_{Event(event).name.lower()}")(time, detail)

    def at_rest(self) -> None:
        """Check what must hold when an instant is over."""
        assert not self.came_in, "an entry to the community has its accommodation"
        housed = False
        for episode in self.open.values():
            services = self.tables.services[self.regime(episode.asked)]
            required = int(services["requires"][episode.service])
            assert not required or required & self.active_bits(), "a prerequisite is active"
            here = self.tables.services[self.regime(episode.started)]
            housed |= episode.active and bool(here["houses"][episode.service])
        if housed and self.status not in (-1, Legal.CUSTODY):
            assert self.place == Home.TEMPORARY, "a service houses in temporary accommodation"

    def active_bits(self) -> int:
        return sum(1 << episode.service for episode in self.open.values() if episode.active)

    def regime(self, time: float) -> int:
        return int(time >= self.tables.rules["from_day"][0])

    def _become(self, status: int, time: float) -> None:
        if self.status >= 0:
            self.life.legal.append(Stay(self.status, self.status_since, time))
        self.status, self.status_since = status, time

    def _move(self, home: int, time: float) -> None:
        if self.place != Home.NONE:
            self.life.home.append(Stay(self.place, self.place_since, time))
        self.place, self.place_since = home, time

    def _start(self, time: float, disposal: int) -> None:
        self.life.start = time
        self.life.custody_first = disposal == Disposal.CUSTODY
        self._become(int(Legal.LIBERTY), time)
        self.came_in = disposal != Disposal.CUSTODY

    def _custody(self, time: float, _: int) -> None:
        assert self.status != Legal.CUSTODY, "nobody in custody is taken into custody"
        self.order = 0
        self._become(int(Legal.CUSTODY), time)
        self._move(int(Home.NONE), time)

    def _custody_extended(self, _: float, __: int) -> None:
        assert self.status == Legal.CUSTODY, "custody is extended in custody"

    def _release(self, time: float, status: int) -> None:
        assert self.status == Legal.CUSTODY, "release is from custody"
        assert status in (Legal.LIBERTY, Legal.LICENCE)
        self.life.released = min(self.life.released, time)
        self._become(status, time)
        self.came_in = True

    def _licence_end(self, time: float, status: int) -> None:
        assert self.status == Legal.LICENCE, "a licence ends on licence"
        assert status == self.order, "after the licence comes the order that ran beside it"
        self._become(status, time)

    def _order_start(self, time: float, order: int) -> None:
        assert self.status != Legal.CUSTODY, "no order begins in custody"
        self.order = order
        if self.status != Legal.LICENCE:
            self._become(order, time)

    def _order_end(self, time: float, order: int) -> None:
        assert self.order == order != 0, "the order that ends is the one that runs"
        self.order = 0
        if self.status == order:
            self._become(int(Legal.LIBERTY), time)

    def _presumption_end(self, _: float, __: int) -> None:
        """Nothing to check: its effect is on the hazard alone."""

    def _accommodation(self, time: float, home: int) -> None:
        assert self.status != Legal.CUSTODY, "there is no accommodation in custody"
        self.came_in = False
        self._move(home, time)

    def _referral(self, time: float, service: int) -> None:
        word = int(self.people.eligible[self.regime(time), self.life.person])
        assert word >> service & 1, "only the eligible are referred"
        assert service not in self.open, "nobody is referred to what they have"
        self.life.referrals.append((time, service))

    def _ask(self, time: float, service: int, *, waited: bool) -> Episode:
        assert service not in self.open, "one wait or service of a kind at a time"
        assert (time, service) in self.life.referrals, "a request follows a referral at once"
        self.open[service] = episode = Episode(service, time, waited)
        self.life.episodes.append(episode)
        return episode

    def _refused(self, _: float, service: int) -> None:
        assert service not in self.open, "nobody asks for what they have"
        self.life.refused += 1

    def _wait(self, time: float, service: int) -> None:
        self._ask(time, service, waited=True)

    def _service_start(self, time: float, service: int) -> None:
        episode = self.open.get(service) or self._ask(time, service, waited=False)
        assert not episode.active, "a service that is active does not start"
        required = int(self.tables.services[self.regime(episode.asked)]["requires"][service])
        assert not required or required & self.active_bits(), (
            "a prerequisite is active at the start"
        )
        episode.started = time

    def _close(self, time: float, service: int, how: Event) -> None:
        assert service in self.open, "what ends has begun"
        episode = self.open.pop(service)
        assert episode.active == (how in ENDINGS), "a wait is left by leaving, a service by ending"
        episode.left, episode.how = time, int(how)

    def _renege(self, time: float, service: int) -> None:
        self._close(time, service, Event.RENEGE)

    def _withdraw(self, time: float, service: int) -> None:
        self._close(time, service, Event.WITHDRAW)

    def _service_complete(self, time: float, service: int) -> None:
        self._close(time, service, Event.SERVICE_COMPLETE)
        self.completed[service] += 1

    def _service_drop_out(self, time: float, service: int) -> None:
        self._close(time, service, Event.SERVICE_DROP_OUT)

    def _service_stop(self, time: float, service: int) -> None:
        self._close(time, service, Event.SERVICE_STOP)

    def _after_end(self, _: float, service: int) -> None:
        self.completed[service] -= 1
        assert self.completed[service] >= 0, "an after-effect ends once for each completion"

    def _reoffence(self, time: float, group: int) -> None:
        assert self.status != Legal.CUSTODY, "nobody reoffends in custody"
        self.life.offences.append((time, group))

    def _proven(self, time: float, disposal: int) -> None:
        self.life.proven.append((time, disposal))
        assert len(self.life.proven) <= len(self.life.offences), "what is proven was committed"

    def _end(self, time: float, _: int) -> None:
        assert not self.open, "everything held is given back by the end"
        self.life.end = time
        self._become(-1, time)
        self._move(int(Home.NONE), time)


def read_lives(lowered: Lowered, log: Log) -> list[Life]:
    """Return everybody's life, in order of their numbers; an assertion fails on the impossible."""
    readers = [Reader(lowered, person) for person in range(len(lowered.people.key))]
    columns = (log.person.tolist(), log.time.tolist(), log.event.tolist(), log.detail.tolist())
    for person, time, event, detail in zip(*columns, strict=True):
        readers[person].read(time, event, detail)
    for reader in readers:
        assert reader.life.end < NEVER, "every person ends"
        reader.at_rest()
    return [reader.life for reader in readers]


def assert_in_order(log: Log) -> None:
    """Assert that rows stand in order of time, then of person."""
    later, same = np.diff(log.time) > 0, np.diff(log.time) == 0
    assert (later | (same & (np.diff(log.person) >= 0))).all()
