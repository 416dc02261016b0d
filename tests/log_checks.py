"""Read an event log into one life a person, and refuse what cannot have happened.

Nothing here is taken from the engines: a life is what the rows say, in their order.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from pathsim.engine.contract import CustodyReason, Disposal, Event, Home, Legal, Log, Tables
from pathsim.engine.lowering import Lowered

ENDINGS = (Event.SERVICE_COMPLETE, Event.SERVICE_DROP_OUT, Event.SERVICE_STOP)
ORDERS = (Legal.COMMUNITY_ORDER, Legal.SUSPENDED_SENTENCE)
NEVER = float("inf")
ROUNDING = 1e-9
"""Days, in the difference of two dates."""


def regime_on(tables: Tables, time: float) -> int:
    """Return the number of the regime in force."""
    return int((tables.rules["since"][1:] <= time).sum())


class Stay(NamedTuple):
    """Time in a legal status or an accommodation, in days."""

    state: int
    since: float
    until: float


@dataclass
class Episode:
    """From the request of a service to its end."""

    service: int
    request: float
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
    further: dict[int, int] = field(default_factory=dict)
    """Offences beyond the first, by the number of the occasion."""
    proven: list[tuple[float, int]] = field(default_factory=list)
    counted: list[float] = field(default_factory=list)
    remands: list[float] = field(default_factory=list)
    extensions: list[float] = field(default_factory=list)
    breaches: list[float] = field(default_factory=list)
    referrals: list[tuple[float, int]] = field(default_factory=list)
    episodes: list[Episode] = field(default_factory=list)
    refused: int = 0
    turned_away: list[tuple[float, int]] = field(default_factory=list)


@dataclass
class Stretch:
    """What is known of one stay in custody while it lasts."""

    into: int
    since: float
    sentenced: float = NEVER  # when a release date was last set by a sentence or a recall
    pre_release: float = NEVER

    def expect_pre_release(self, released: float, *, days: float) -> None:
        """Check the date before this release, given the days that it is to come before."""
        if self.sentenced == NEVER or self.into == CustodyReason.REMAND:
            return  # remand may hold longer than the sentence that is served beside it
        if days == 0 or released == self.sentenced:
            return
        assert self.pre_release < NEVER, "a release of which a date is known has one before it"
        if self.pre_release >= self.sentenced:
            due = max(self.sentenced, released - days)
            assert abs(self.pre_release - due) <= ROUNDING, "pre-release comes when it is due"


class Reader:
    """Follows one person row by row; an assertion names what is impossible."""

    def __init__(self, lowered: Lowered, person: int) -> None:
        self.tables, self.people = lowered.tables, lowered.people
        self.life = Life(person)
        self.record = int(lowered.described(np.array(person))[1])
        self.now = -NEVER
        self.status, self.status_since = -1, -NEVER
        self.place, self.place_since = int(Home.NONE), -NEVER
        self.order = 0
        self.last, self.last_detail = -1, -1
        self.stretch: Stretch | None = None
        self.first_release = NEVER  # of the latest sentence
        self.supervised_until = NEVER
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
        assert time <= self.supervised_until, "supervision ends on its day"
        self.now = time
        self.follows(event)
        getattr(self, f"_{Event(event).name.lower()}")(time, detail)
        if event != Event.FURTHER_OFFENCES:  # of the row before
            self.last, self.last_detail = event, detail

    def follows(self, event: int) -> None:
        """Check that what must come at once after the last row does."""
        if self.last == Event.ACTIVATION:
            assert event == Event.CUSTODY, "an activated sentence is served at once"
        if self.last == Event.PROVEN and self.last_detail == Disposal.CUSTODY:
            assert event in (Event.CUSTODY, Event.CUSTODY_EXTENDED, Event.ACTIVATION)

    def at_rest(self) -> None:
        """Check what must hold when an instant is over."""
        assert not self.came_in, "an entry to the community has its accommodation"
        assert self.status != Legal.CUSTODY or not self.order, "no order runs in custody"
        housed = False
        for episode in self.open.values():
            services = self.tables.services[self.regime(episode.request)]
            required = int(services["requires"][episode.service])
            assert not required or required & self.active_bits(), "a prerequisite is active"
            here = self.tables.services[self.regime(episode.started)]
            housed |= episode.active and bool(here["houses"][episode.service])
        if housed and self.status not in (-1, Legal.CUSTODY):
            assert self.place == Home.TEMPORARY, "a service houses in temporary accommodation"

    def active_bits(self) -> int:
        return sum(1 << episode.service for episode in self.open.values() if episode.active)

    def regime(self, time: float) -> int:
        return regime_on(self.tables, time)

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

    def _custody(self, time: float, into: int) -> None:
        assert self.status != Legal.CUSTODY, "nobody in custody is taken into custody"
        causes = {
            CustodyReason.SENTENCE: (Event.START, Event.PROVEN, Event.ACTIVATION),
            CustodyReason.REMAND: (Event.REOFFENCE,),
            CustodyReason.BREACH: (Event.BREACH,),
        }
        if into == CustodyReason.RECALL:
            assert self.status == Legal.LICENCE, "a recall is from licence"
        else:
            assert self.last in causes[CustodyReason(into)], (
                "custody has its cause in the row before"
            )
        if into == CustodyReason.SENTENCE and self.last != Event.ACTIVATION:
            assert self.last_detail == Disposal.CUSTODY, "the disposal is custody"
        self.stretch = Stretch(
            into, time, sentenced=NEVER if into == CustodyReason.REMAND else time
        )
        if into == CustodyReason.REMAND:
            self.life.remands.append(time)
        elif into != CustodyReason.RECALL:
            self.first_release = NEVER
        self.order, self.supervised_until = 0, NEVER
        self._become(int(Legal.CUSTODY), time)
        self._move(int(Home.NONE), time)

    def _custody_extended(self, time: float, _: int) -> None:
        assert self.stretch, "custody is extended in custody"
        assert (self.last, self.last_detail) == (Event.PROVEN, Disposal.CUSTODY)
        self.life.extensions.append(time)
        self.stretch.sentenced, self.first_release, self.order = time, NEVER, 0

    def _pre_release(self, time: float, _: int) -> None:
        assert self.stretch, "pre-release is in custody"
        assert self.tables.rules["pre_release_days"].any(), "pre-release is in use"
        assert self.stretch.pre_release == NEVER, "pre-release happens once a stay"
        assert self.stretch.sentenced < NEVER, "remand alone has no release date"
        self.stretch.pre_release = time

    def _release(self, time: float, status: int) -> None:
        assert self.stretch, "release is from custody"
        assert status in (self.order, Legal.LICENCE), "the order, if one began just now"
        r = self.regime(min(self.stretch.sentenced, time))
        days = float(self.tables.rules["pre_release_days"][r])
        self.stretch.expect_pre_release(time, days=days)
        self.stretch = None
        self.life.released = min(self.life.released, time)
        self.first_release = min(self.first_release, time)
        self._become(status, time)
        self.came_in = True

    def _licence_end(self, time: float, status: int) -> None:
        assert self.status == Legal.LICENCE, "a licence ends on licence"
        if status == Legal.SUPERVISION:
            assert not self.order, "an order comes before supervision"
            days = self.tables.rules["supervision_days"][self.regime(time)]
            self.supervised_until = self.first_release + float(days)
            assert self.supervised_until > time, "supervision lasts some time"
        else:
            assert status == self.order, "after the licence comes the order that ran beside it"
        self._become(status, time)

    def _supervision_end(self, time: float, status: int) -> None:
        assert time == self.supervised_until, "supervision runs from the first release"
        self.supervised_until = NEVER
        after = Legal.LIBERTY if self.status == Legal.SUPERVISION else self.status
        assert status == after, "an order that began meanwhile stays the status"
        if status != self.status:
            self._become(status, time)

    def _order_start(self, time: float, order: int) -> None:
        assert order in ORDERS
        if self.status == Legal.CUSTODY:
            assert self.life.remands, "in custody an order begins only as remand ends"
            assert self.last == Event.PROVEN
        self.order = order
        if self.status not in (Legal.LICENCE, Legal.CUSTODY):
            self._become(order, time)

    def _order_end(self, time: float, order: int) -> None:
        assert self.order == order != 0, "the order that ends is the one that runs"
        self.order = 0
        if self.status == order:
            self._become(int(Legal.LIBERTY), time)

    def _breach(self, time: float, order: int) -> None:
        assert self.status != Legal.CUSTODY, "no order is breached in custody"
        assert order == self.order != 0, "the order that is breached is the one that runs"
        self.life.breaches.append(time)

    def _activation(self, _: float, order: int) -> None:
        assert order == self.order == Legal.SUSPENDED_SENTENCE, "what is activated was suspended"
        assert self.last == Event.PROVEN, "a proven reoffence activates"
        assert self.last_detail != Disposal.CAUTION, "a caution activates nothing"

    def _presumption_end(self, _: float, __: int) -> None:
        """Nothing to check: its effect is on the hazard alone."""

    def _accommodation(self, time: float, home: int) -> None:
        assert self.status != Legal.CUSTODY, "there is no accommodation in custody"
        self.came_in = False
        self._move(home, time)

    def _referral(self, time: float, service: int) -> None:
        r = self.regime(time)
        groups = [self.people.offence_group[self.record], *(g for _, g in self.life.offences)]
        word = int(self.people.eligible[r, self.record])
        word &= int(np.bitwise_or.reduce(self.tables.for_offence[r][groups]))
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

    def _turned_away(self, time: float, service: int) -> None:
        assert service not in self.open, "nobody asks for what they have"
        asked = self.life.referrals.count((time, service))
        assert self.life.turned_away.count((time, service)) < asked, "a request follows a referral"
        self.life.turned_away.append((time, service))

    def _wait(self, time: float, service: int) -> None:
        self._ask(time, service, waited=True)

    def _service_start(self, time: float, service: int) -> None:
        episode = self.open.get(service) or self._ask(time, service, waited=False)
        assert not episode.active, "a service that is active does not start"
        required = int(self.tables.services[self.regime(episode.request)]["requires"][service])
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

    def _further_offences(self, time: float, further: int) -> None:
        assert self.last == Event.REOFFENCE, "further offences are of an occasion"
        assert time == self.life.offences[-1][0]
        self.life.further[len(self.life.offences)] = further

    def _proven(self, time: float, disposal: int) -> None:
        self.life.proven.append((time, disposal))
        self._was_committed()

    def _counted(self, time: float, _: int) -> None:
        self.life.counted.append(time)
        self._was_committed()

    def _was_committed(self) -> None:
        proven = len(self.life.proven) + len(self.life.counted)
        assert proven <= len(self.life.offences), "what is proven was committed"

    def _end(self, time: float, _: int) -> None:
        assert not self.open, "everything held is given back by the end"
        self.life.end = time
        self._become(-1, time)
        self._move(int(Home.NONE), time)


def read_lives(lowered: Lowered, log: Log) -> list[Life]:
    """Return everybody's life, in order of their numbers; an assertion fails on the impossible.

    People of other generations who would start too late to matter have none.
    """
    readers = [Reader(lowered, person) for person in range(lowered.members)]
    columns = (log.person.tolist(), log.time.tolist(), log.event.tolist(), log.detail.tolist())
    for person, time, event, detail in zip(*columns, strict=True):
        readers[person].read(time, event, detail)
    counted = np.flatnonzero(lowered.people.enters)
    readers = [e for e in readers if e.life.start < NEVER or e.life.person in counted]
    for reader in readers:
        assert reader.life.end < NEVER, "every person ends"
        reader.at_rest()
    return [reader.life for reader in readers]


def assert_in_order(log: Log) -> None:
    """Assert that rows stand in order of time, then of person."""
    later, same = np.diff(log.time) > 0, np.diff(log.time) == 0
    assert (later | (same & (np.diff(log.person) >= 0))).all()
