"""One replication: the world that people share, and the run through it."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator

import numpy as np

from pathsim.engine.contract import (
    LOAD_UNITS,
    N_OUTCOME_COLUMNS,
    N_SERVICE_COUNTS,
    PERSON_UNITS,
    UNITS_A_DAY,
    Address,
    Counts,
    Event,
    EventPriority,
    Floats,
    Ints,
    Log,
    People,
    ServiceCount,
    Tables,
)
from pathsim.engine.fixed import check_days, check_people, counts_of
from pathsim.engine.generations import generations, stock, word_of
from pathsim.engine.stop import Stop

from .calendar import Calendar
from .course import Course, closing_day, course_of, is_inside, start_of
from .draws import Draws
from .hazard import TimeProfile
from .late_requests import LateRequests
from .person import Person
from .pools import Pool
from .regime import Regime, Rules, regime_of


def whole(amount: Floats | float, units: Floats | float) -> Ints:
    """Return an amount in units of fixed point, rounded to the nearest, half to even."""
    return np.asarray(np.rint(np.asarray(amount) * units), np.int64)


class World:
    """The calendar, the law, the pools of places, the log and the sums of one replication."""

    def __init__(self, tables: Tables, *, groups: int, stop: Stop) -> None:
        self.calendar = Calendar(stop)
        self._regimes = [regime_of(tables, regime=regime) for regime in range(len(tables.rules))]
        self._changes = [regime.rules.since for regime in self._regimes[1:]]
        self.shape = TimeProfile(tables)
        self.clock_groups = tables.clock_groups.tolist()
        self.index_ratio = tables.index_ratio.tolist()
        self.pools = [Pool(self, number) for number in range(tables.pool_capacity.shape[1])]
        services = tables.services.shape[1]
        self._person = np.zeros((groups, N_OUTCOME_COLUMNS), np.int64)
        self._load = np.zeros((groups, services, N_SERVICE_COUNTS), np.int64)
        self._longest = 0.0
        self.events = 0
        self._people = self._members = 0
        self.is_changing = False
        self.late_requests = LateRequests(self.regime.rules, lambda: self.now)
        rules = self._regimes[0].rules
        self.begins = -rules.generations_before * rules.intake
        """The day on which the first generation does."""
        midnights = math.floor(rules.intake) + 1
        self._in_custody = np.zeros(midnights)
        self._busy = np.zeros(services, np.int64)
        self._queue = np.zeros(services, np.int64)
        self._log: list[tuple[float, int, int, int]] = []
        for day in self._changes:
            self.calendar.at(day, self._change, rank=EventPriority.CHANGE, turn=0)

    @property
    def now(self) -> float:
        """The day."""
        return float(self.calendar.now)

    @property
    def regime_number(self) -> int:
        """How many changes there have been by now."""
        return bisect_right(self._changes, self.now)

    @property
    def regime(self) -> Regime:
        """The tables in force on this day."""
        return self._regimes[self.regime_number]

    def regime_on(self, day: float) -> Regime:
        """Return the tables in force on a day."""
        return self._regimes[bisect_right(self._changes, day)]

    def regimes_between(self, since: float, until: float) -> Iterator[tuple[Regime, float, float]]:
        """Yield the parts of a time with the law in force: (law, since, until)."""
        begins = since
        for regime, change in zip(self._regimes, (*self._changes, until), strict=True):
            ends = min(max(begins, change), until)
            yield regime, begins, ends
            begins = ends

    def _change(self) -> None:
        """Hand out the places that a new law adds; review dates of this day are still to come."""
        self.is_changing = True
        for pool in self.pools:
            pool.reconsider()
        self.is_changing = False

    def follow(self, people: int, *, members: int) -> None:
        """Run the calendar until everybody's end: so many people, in all generations `members`."""
        self._people, self._members = people, members
        self.calendar.run()

    def record(self, person: int, event: Event, detail: int) -> None:
        """Write a row of the log."""
        self._log.append((self.now, person, int(event), int(detail)))

    def add_person(self, groups: Ints, columns: list[float]) -> None:
        """Add outcomes of a person, or of a clock of theirs, to those of the groups."""
        amounts = np.array(columns)
        check_people(amounts, people=self._people)
        self._person[groups] += whole(amounts, PERSON_UNITS)

    def add_load(self, groups: Ints, service: int, column: ServiceCount, amount: float) -> None:
        """Add to a service's counts in each of a counted person's groups."""
        if column in (ServiceCount.WAIT_DAYS, ServiceCount.PLACE_DAYS):
            self._longest = max(self._longest, amount)
        self._load[groups, service, column] += whole(amount, LOAD_UNITS[column])

    def count_busy(self, service: int, *, since: float) -> None:
        """Count the days of a spell that ends now, inside the intake window."""
        self._busy[service] += whole(self._in_intake(since), UNITS_A_DAY)

    def count_queue(self, service: int, *, since: float) -> None:
        """Count the days of a wait that ends now, inside the intake window."""
        self._queue[service] += whole(self._in_intake(since), UNITS_A_DAY)

    def count_custody(self, *, since: float) -> None:
        """Count the midnights, inside the intake window, of a stay in custody that ends now."""
        first, after = math.ceil(max(since, 0.0)), math.ceil(max(self.now, 0.0))
        self._in_custody[first:after] += 1.0

    def _in_intake(self, since: float) -> float:
        return max(0.0, min(self.now, self.regime.rules.intake) - max(since, 0.0))

    def counts(self) -> Counts:
        """Return the sums."""
        check_days(
            longest=self._longest,
            load=self._load[0],
            people=self._members,
            window=self._regimes[0].rules.intake,
        )
        return counts_of(
            person=self._person,
            load=self._load,
            busy=self._busy,
            queue=self._queue,
            in_custody=self._in_custody,
            events=self.events,
        )

    def log(self) -> Log:
        """Return the log, in order of time, then person, then occurrence."""
        # Sorting is stable, so what is equal stays in the order in which it happened.
        rows = sorted(self._log, key=lambda row: row[:2])
        time, person, event, detail = zip(*rows, strict=True) if rows else ((), (), (), ())
        return Log(
            np.array(time, dtype=np.float64),
            np.array(person, dtype=np.int64),
            np.array(event, dtype=np.int64),
            np.array(detail, dtype=np.int64),
        )


def simulate(  # noqa: PLR0913 keyword-only choices of one replication
    people: People,
    tables: Tables,
    address: Address,
    *,
    groups: int,
    keep_log: bool = True,
    stop: Stop | None = None,
) -> tuple[Counts, Log | None]:
    """Follow everybody from start to end in one replication.

    Parameters
    ----------
    people : the cohort, the same in every generation.
    tables : the scenario, in each of its regimes.
    address : seed and replication.
    groups : number of outcome groups, above every number in `people.groups`.
    keep_log : whether to return what happened beside what it adds up to.
    stop : what may ask it to end before it is done.

    Raises
    ------
    RanAway
        When it would not end, or only after more than can be meant.
    """
    stop = stop or Stop()
    world = World(tables, groups=groups, stop=stop)
    rules = world.regime.rules
    latest = math.inf
    counted: list[Course] = []
    members = list(_members(people, rules))
    for number, (record, generation, of_stock) in enumerate(members):
        stop.check()
        if number == len(people.key):
            latest = closing_day(counted, rules=rules, limited=bool(world.pools))
        if not (of_stock or people.enters[record]):
            continue
        key = int(people.key[record]) ^ word_of(generation)
        draws = Draws(tables, address=address, key=key)
        start = start_of(people, record, draws, intake=rules.intake, windows=float(generation))
        regime = world.regime_on(start)
        course = course_of(people, record, draws, start=start, regime=regime)
        if number < len(people.key):
            counted.append(course)
        if start >= latest:
            continue
        if of_stock and not is_inside(course, draws, day=world.begins, regime=regime):
            continue
        Person(
            world,
            people,
            number=number,
            turn=turn_of(rules, record=record, generation=generation),
            record=record,
            draws=draws,
            course=course,
            latest=latest,
        )
    world.follow(len(people.key), members=len(members))
    return world.counts(), world.log() if keep_log else None


def turn_of(rules: Rules, *, record: int, generation: int) -> int:
    """Return the place of a member among those to whom something happens at one instant.

    People stand in order of their rows, and of one row the earlier generation first.
    """
    past = int(rules.generations_before) + int(rules.stock_windows)
    return record * (past + 1 + int(rules.generations_after)) + past + generation


def _members(people: People, rules: Rules) -> Iterator[tuple[int, int, bool]]:
    """Give the row, the generation and whether of the stock, of everybody in order of number."""
    before = rules.generations_before
    for generation in generations(before, rules.generations_after):
        yield from ((record, generation, False) for record in range(len(people.key)))
    for generation in stock(before, rules.stock_windows):
        yield from ((record, generation, True) for record in people.stock.tolist())
