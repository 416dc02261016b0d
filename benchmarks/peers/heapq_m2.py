"""M2, the revolving door, in plain Python: one heap of events and nothing but the standard library.

An event is a tuple of its time, a number for ties, what to do and to whom. Nothing is taken out of
the heap: an event is void when its time is no longer the one that its owner remembers. None is put
there that falls after the owner's year, and the end of the year itself only for who asks for a
service. People come in from a sorted list, which keeps the heap small. Nothing here is shared with
pathsim.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any, Final

PEOPLE: Final = 12_000
YEAR: Final = 365.0
LOG_MEDIAN_HAZARD: Final = math.log(0.0012)
CUSTODY_AT_INDEX, CUSTODY_AT_REOFFENCE, CUSTODY_DAYS = 0.25, 0.30, 60.0
HOMELESS_SHARE, HOMELESS_DAYS, HOMELESS_RATIO = 0.15, 90.0, 1.5
CUSTODY_PRICE, REOFFENCE_PRICE = 130.0, 5_000.0
NEVER: Final = math.inf

Action = Callable[[float, Any], None]
Event = tuple[float, int, Action, Any]


@dataclass(slots=True)
class Service:
    """What a service is, who waits for it, and its counts."""

    share: float
    """Chance of being asked for on entry to the community."""
    free: float
    """Places that nobody holds."""
    patience: float
    days: Callable[[], float]
    ratio: float
    """Of the hazard, while active."""
    price: float
    """Pounds a day."""
    queue: deque[Spell] = field(default_factory=deque)
    starts: int = 0
    reneged: int = 0
    waited: float = 0.0


class Spell:
    """One person's time with one service, from the request on."""

    __slots__ = ("active", "person", "service", "since", "until")

    def __init__(self, service: Service, person: Person, now: float) -> None:
        self.service, self.person = service, person
        self.since = self.until = now
        self.active = False


class Person:
    """One person, in the year after the index date."""

    __slots__ = (
        "asked",
        "base",
        "due",
        "end",
        "left",
        "rate",
        "rehoused",
        "reoffences",
        "since",
        "spells",
    )

    def __init__(self, base: float) -> None:
        self.base = base
        self.rate = self.left = self.since = self.end = 0.0
        self.due = self.rehoused = NEVER
        self.reoffences = 0
        self.asked = False
        self.spells: list[Spell] = []


class World:
    """One replication."""

    def __init__(self, *, seed: int, unlimited: bool) -> None:
        rng = Random(seed)
        self.uniform = rng.random
        self.number = count().__next__
        self.cost = 0.0
        self.tag = Service(
            share=0.10,
            free=math.inf if unlimited else 18,
            patience=30.0,
            days=lambda: 90.0,
            ratio=0.4,
            price=10.0,
        )
        self.treatment = Service(
            share=0.20,
            free=math.inf if unlimited else 150,
            patience=60.0,
            days=lambda: self.exponential(120.0),
            ratio=0.7,
            price=12.0,
        )
        self.services = (self.tag, self.treatment)
        self.people = [Person(math.exp(rng.gauss(LOG_MEDIAN_HAZARD, 1.0))) for _ in range(PEOPLE)]
        self.index_dates = sorted(YEAR * rng.random() for _ in self.people)
        self.heap: list[Event] = []

    def run(self) -> None:
        """Handle every event in order of time."""
        for index_date, person in zip(self.index_dates, self.people, strict=True):
            self.run_until(index_date)
            self.begin(index_date, person)
        self.run_until(NEVER)

    def run_until(self, stop: float) -> None:
        """Handle the events before `stop`."""
        heap = self.heap
        while heap and heap[0][0] < stop:
            now, _, action, owner = heappop(heap)
            action(now, owner)

    def exponential(self, mean: float) -> float:
        """Draw an exponential time; the uniform number is in [0, 1)."""
        return -mean * math.log(1.0 - self.uniform())

    def begin(self, now: float, person: Person) -> None:
        """Reach the index date."""
        person.end = now + YEAR
        if self.uniform() < CUSTODY_AT_INDEX:
            self.lock_up(now, person)
        else:
            self.enter(now, person)

    def enter(self, now: float, person: Person) -> None:
        """Enter the community, with fresh draws of everything."""
        person.rate = person.base
        if self.uniform() < HOMELESS_SHARE:
            person.rate *= HOMELESS_RATIO
            person.rehoused = now + self.exponential(HOMELESS_DAYS)
            if person.rehoused < person.end:
                heappush(self.heap, (person.rehoused, self.number(), self.rehouse, person))
        self.time_reoffence(now, person, self.exponential(1.0))
        for service in self.services:
            if self.uniform() < service.share:
                self.ask(now, person, service)

    def ask(self, now: float, person: Person, service: Service) -> None:
        """Take a place, or queue for one, with patience."""
        if not person.asked:
            person.asked = True
            heappush(self.heap, (person.end, self.number(), self.drop_everything, person))
        spell = Spell(service, person, now)
        person.spells.append(spell)
        if service.free > 0:
            service.free -= 1
            self.start(now, spell)
            return
        service.queue.append(spell)
        spell.until = now + service.patience
        if spell.until < person.end:
            heappush(self.heap, (spell.until, self.number(), self.renege, spell))

    def start(self, now: float, spell: Spell) -> None:
        """Begin the service."""
        service, person = spell.service, spell.person
        service.starts += 1
        service.waited += now - spell.since
        spell.active = True
        spell.since = now
        spell.until = now + service.days()
        if spell.until < person.end:
            heappush(self.heap, (spell.until, self.number(), self.complete, spell))
        self.multiply(now, person, service.ratio)

    def renege(self, now: float, spell: Spell) -> None:
        """Run out of patience, unless the waiting has ended before."""
        if spell.until == now and not spell.active:
            spell.service.reneged += 1
            spell.until = NEVER
            spell.person.spells.remove(spell)

    def complete(self, now: float, spell: Spell) -> None:
        """Reach the planned end, unless the service has been left before."""
        if spell.until == now:
            spell.person.spells.remove(spell)
            self.leave(now, spell)
            self.multiply(now, spell.person, 1.0 / spell.service.ratio)

    def leave(self, now: float, spell: Spell) -> None:
        """Give back the place to the first who still waits, or stop waiting for it."""
        spell.until = NEVER
        if not spell.active:
            return
        service = spell.service
        self.cost += service.price * (now - spell.since)
        while service.queue:
            first = service.queue.popleft()
            if first.until != NEVER:
                self.start(now, first)
                return
        service.free += 1

    def time_reoffence(self, now: float, person: Person, left: float) -> None:
        """Set when the hazard will have used up what is left."""
        person.left, person.since = left, now
        person.due = now + left / person.rate
        if person.due < person.end:
            heappush(self.heap, (person.due, self.number(), self.reoffend, person))

    def multiply(self, now: float, person: Person, ratio: float) -> None:
        """Change the hazard by `ratio` from now on, keeping what has been spent."""
        left = person.left - person.rate * (now - person.since)
        person.rate *= ratio
        self.time_reoffence(now, person, left if left > 0.0 else 0.0)

    def rehouse(self, now: float, person: Person) -> None:
        """Leave homelessness, unless custody ended it before."""
        if person.rehoused == now:
            person.rehoused = NEVER
            self.multiply(now, person, 1.0 / HOMELESS_RATIO)

    def reoffend(self, now: float, person: Person) -> None:
        """Reoffend, unless it was re-timed: go to custody, or on with life."""
        if person.due != now:
            return
        person.reoffences += 1
        self.cost += REOFFENCE_PRICE
        if self.uniform() < CUSTODY_AT_REOFFENCE:
            self.drop_everything(now, person)
            self.lock_up(now, person)
        else:
            self.time_reoffence(now, person, self.exponential(1.0))

    def lock_up(self, now: float, person: Person) -> None:
        """Go to custody, which is paid up to the end of the year at most."""
        release = now + self.exponential(CUSTODY_DAYS)
        self.cost += CUSTODY_PRICE * (min(release, person.end) - now)
        if release < person.end:
            heappush(self.heap, (release, self.number(), self.enter, person))

    def drop_everything(self, now: float, person: Person) -> None:
        """Leave services, queues and homelessness, and stop the reoffending clock."""
        person.due = person.rehoused = NEVER
        spells, person.spells = person.spells, []
        for spell in spells:
            self.leave(now, spell)


def replicate(*, seed: int, unlimited: bool = False) -> dict[str, float]:
    """Return the outcomes of one replication, under pathsim's names.

    unlimited: a place for everybody (M2U).
    """
    world = World(seed=seed, unlimited=unlimited)
    world.run()
    outcomes = {
        "proven_reoffending_rate": sum(each.reoffences > 0 for each in world.people) / PEOPLE,
        "reoffences_per_person": sum(each.reoffences for each in world.people) / PEOPLE,
        "cost_total": world.cost,
    }
    for name, service in (("tag", world.tag), ("treatment", world.treatment)):
        outcomes[f"service.{name}.starts"] = service.starts
        outcomes[f"service.{name}.mean_wait_days"] = service.waited / service.starts
        outcomes[f"service.{name}.reneged"] = service.reneged
    return outcomes
