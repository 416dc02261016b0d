"""M2, the revolving door, in SimPy: callbacks on timeouts, and SimPy's own resources.

A process for each person, interrupted when a ratio changes, is the textbook way; written so, M2
took about three times as long. The comparison is with SimPy at its best: draws come from NumPy in
blocks, no timer is set that cannot go off within the year, and the end of the year is an event only
for who asks for a service (which takes nearly half of the time away). Nothing here is shared with
pathsim.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import simpy
from simpy.resources.resource import Request

PEOPLE = 12_000
YEAR = 365.0
MEDIAN_HAZARD, SIGMA = 0.0012, 1.0
CUSTODY_AT_INDEX, CUSTODY_AT_REOFFENCE, CUSTODY_DAYS = 0.25, 0.30, 60.0
HOMELESS_SHARE, HOMELESS_DAYS, HOMELESS_RATIO = 0.15, 90.0, 1.5
CUSTODY_PRICE, REOFFENCE_PRICE = 130.0, 5_000.0
_BLOCK = 8_192

Action = Callable[[simpy.Event], None]


def _stream(draw: Callable[[int], np.ndarray[tuple[int], np.dtype[np.float64]]]) -> Iterator[float]:
    while True:
        yield from draw(_BLOCK).tolist()


class Terms(NamedTuple):
    """What a service is."""

    share: float
    """Chance of being asked for on entry to the community."""
    places: float
    patience: float
    days: Callable[[], float]
    ratio: float
    """Of the hazard, while active."""
    price: float
    """Pounds a day."""


class Service:
    """A programme: its places and its counts."""

    def __init__(self, world: World, terms: Terms) -> None:
        self.world, self.terms = world, terms
        # SimPy declares the capacity as int, and documents infinity as its default.
        self.places = simpy.Resource(world.env, terms.places)  # type: ignore[arg-type] # a whole number
        self.starts = self.reneged = 0
        self.waited = 0.0

    def ask(self, person: Person) -> None:
        """Queue for a place, with patience."""
        person.must_give_back()
        spell = Spell(self, person)
        person.spells.append(spell)
        spell.request = self.places.request()
        assert spell.request.callbacks is not None
        spell.request.callbacks.append(spell.start)
        # A request that was granted at once has been triggered: no patience is needed.
        if not spell.request.triggered:
            spell.timer = self.world.later(self.terms.patience, spell.renege)


class Spell:
    """One person's time with one service, from the request on."""

    __slots__ = ("active", "person", "request", "service", "since", "timer")

    request: Request

    def __init__(self, service: Service, person: Person) -> None:
        self.service, self.person = service, person
        self.since = person.world.env.now
        self.timer: simpy.Event | None = None
        self.active = False

    def start(self, _event: simpy.Event) -> None:
        """Take the place."""
        service, world = self.service, self.person.world
        stop(self.timer)
        service.starts += 1
        service.waited += world.env.now - self.since
        self.since = world.env.now
        self.active = True
        self.person.multiply(service.terms.ratio)
        self.timer = world.later(service.terms.days(), self.complete)

    def renege(self, _event: simpy.Event) -> None:
        """Run out of patience, unless a place came at this very instant."""
        if self.request.triggered:
            return
        self.service.reneged += 1
        self.request.cancel()
        self.person.spells.remove(self)

    def complete(self, _event: simpy.Event) -> None:
        """Reach the planned end."""
        self.person.spells.remove(self)
        self.leave()
        self.person.multiply(1 / self.service.terms.ratio)

    def leave(self) -> None:
        """Give back the place, or stop waiting for it."""
        stop(self.timer)
        if self.active:
            self.person.world.cost += self.service.terms.price * (
                self.person.world.env.now - self.since
            )
        if self.request.triggered:
            stop(self.request)  # granted at this instant, and not yet taken
            self.service.places.release(self.request)
        else:
            self.request.cancel()


class Person:
    """One person, from the index date to the end of the year after it."""

    __slots__ = (
        "base",
        "due",
        "end",
        "gives_back",
        "homeless",
        "left",
        "rate",
        "reoffended",
        "since",
        "spells",
        "world",
    )

    def __init__(self, world: World, *, base: float) -> None:
        self.world, self.base = world, base
        self.rate = self.left = self.since = 0.0
        self.end = math.inf
        self.reoffended = self.gives_back = False
        self.spells: list[Spell] = []
        self.due: simpy.Event | None = None
        self.homeless: simpy.Event | None = None

    def begin(self, _event: simpy.Event) -> None:
        """Reach the index date."""
        world = self.world
        self.end = world.env.now + YEAR
        if world.ends_for_all:
            self.must_give_back()
        if world.uniform() < CUSTODY_AT_INDEX:
            self.lock_up()
        else:
            self.enter(None)

    def enter(self, _event: simpy.Event | None) -> None:
        """Enter the community, with fresh draws of everything."""
        world = self.world
        self.rate, self.since, self.left = self.base, world.env.now, world.exponential()
        if world.uniform() < HOMELESS_SHARE:
            self.rate *= HOMELESS_RATIO
            days = world.exponential() * HOMELESS_DAYS
            if world.env.now + days < self.end:
                self.homeless = world.later(days, self.rehouse)
        self.time_reoffence()
        for service in world.services:
            if world.uniform() < service.terms.share:
                service.ask(self)

    def must_give_back(self) -> None:
        """See to it that what is held at the end of the year is given back then."""
        if not self.gives_back:
            self.gives_back = True
            self.world.later(self.end - self.world.env.now, self.drop_everything)

    def multiply(self, ratio: float) -> None:
        """Change the hazard by `ratio` from now on, keeping what has been spent."""
        now = self.world.env.now
        self.left -= self.rate * (now - self.since)
        self.since = now
        self.rate *= ratio
        stop(self.due)
        self.time_reoffence()

    def time_reoffence(self) -> None:
        """Set the timer of the next reoffence, if it falls due within the year."""
        days = max(self.left, 0.0) / self.rate
        self.due = None
        if self.world.env.now + days < self.end:
            self.due = self.world.later(days, self.reoffend)

    def rehouse(self, _event: simpy.Event) -> None:
        """Leave homelessness."""
        self.homeless = None
        self.multiply(1 / HOMELESS_RATIO)

    def reoffend(self, _event: simpy.Event) -> None:
        """Reoffend: go to custody, or on with life."""
        world = self.world
        world.reoffences += 1
        world.reoffenders += not self.reoffended
        self.reoffended = True
        world.cost += REOFFENCE_PRICE
        if world.uniform() < CUSTODY_AT_REOFFENCE:
            self.drop_everything(None)
            self.lock_up()
        else:
            self.left, self.since = world.exponential(), world.env.now
            self.time_reoffence()

    def lock_up(self) -> None:
        """Go to custody, which is paid up to the end of the year at most."""
        world = self.world
        days = world.exponential() * CUSTODY_DAYS
        left = self.end - world.env.now
        world.cost += CUSTODY_PRICE * min(days, left)
        if days < left:
            world.later(days, self.enter)

    def drop_everything(self, _event: simpy.Event | None) -> None:
        """Leave services, queues and homelessness, and stop the reoffending clock."""
        stop(self.due)
        stop(self.homeless)
        self.due = self.homeless = None
        spells, self.spells = self.spells, []
        for spell in spells:
            spell.leave()


def stop(event: simpy.Event | None) -> None:
    """Make an event that has not happened yet do nothing when it does."""
    if event is not None and event.callbacks:
        event.callbacks.clear()


class World:
    """One replication."""

    def __init__(self, *, seed: int, unlimited: bool, tags: int, ends_for_all: bool) -> None:
        rng = np.random.Generator(np.random.Philox(seed))
        self.env = simpy.Environment()
        self.ends_for_all = ends_for_all
        self.uniform = _stream(rng.random).__next__
        self.exponential = _stream(rng.standard_exponential).__next__
        self.cost = 0.0
        self.reoffences = self.reoffenders = 0
        tag = Terms(
            share=0.10,
            places=math.inf if unlimited else tags,
            patience=30.0,
            days=lambda: 90.0,
            ratio=0.4,
            price=10.0,
        )
        treatment = Terms(
            share=0.20,
            places=math.inf if unlimited else 150,
            patience=60.0,
            days=lambda: 120.0 * self.exponential(),
            ratio=0.7,
            price=12.0,
        )
        self.tag, self.treatment = Service(self, tag), Service(self, treatment)
        self.services = (self.tag, self.treatment)
        hazards = MEDIAN_HAZARD * np.exp(SIGMA * rng.standard_normal(PEOPLE))
        starts = rng.uniform(0.0, YEAR, PEOPLE)
        for base, start in zip(hazards.tolist(), starts.tolist(), strict=True):
            self.later(start, Person(self, base=base).begin)

    def later(self, days: float, action: Action) -> simpy.Event:
        """Set a timer."""
        timeout = self.env.timeout(days)
        timeout.callbacks.append(action)
        return timeout


def replicate(
    *, seed: int, unlimited: bool = False, tags: int = 18, ends_for_all: bool = False
) -> dict[str, float]:
    """Return the outcomes of one replication, under pathsim's names.

    unlimited: a place for everybody (M2U), whatever `tags` says. ends_for_all: the end of the
    year is an event for everybody, as one would write it first.
    """
    world = World(seed=seed, unlimited=unlimited, tags=tags, ends_for_all=ends_for_all)
    world.env.run()
    outcomes = {
        "proven_reoffending_rate": world.reoffenders / PEOPLE,
        "reoffences_per_person": world.reoffences / PEOPLE,
        "cost_total": world.cost,
    }
    for name, service in (("tag", world.tag), ("treatment", world.treatment)):
        outcomes[f"service.{name}.starts"] = service.starts
        outcomes[f"service.{name}.mean_wait_days"] = service.waited / service.starts
        outcomes[f"service.{name}.reneged"] = service.reneged
    return outcomes
