"""One person: what is fixed at the index date, the parts of their life, and their timers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from pathsim.engine.contract import (
    MAX_EVENTS,
    OF_SERVICES,
    Disposal,
    Event,
    EventPriority,
    People,
    Purpose,
    RanAway,
    ServiceCount,
    Why,
)
from pathsim.engine.kernels.sampling import lognormal

from .account import Account
from .calendar import Timer
from .draws import Draws
from .hazard import Hazard
from .home import Home
from .legal import Legal
from .offending import Offending, Verdict
from .regime import Regime
from .services import Services

if TYPE_CHECKING:
    from .run import World


class Person:
    """A member of the cohort, or a warm-up twin."""

    account: Account
    legal: Legal
    home: Home
    hazard: Hazard

    def __init__(self, world: World, people: People, *, number: int, draws: Draws) -> None:
        self.world = world
        self.number = number
        self.draws = draws
        self.counted = bool(people.counted[number])
        self.risk = float(people.risk[number])
        self.age_group = int(people.age_group[number])
        self.offence_group = int(people.offence_group[number])
        self.previous_band = int(people.previous_band[number])
        self.groups = people.groups[number]
        self._people = people
        self._eligible = [int(mask) for mask in people.eligible[:, number]]
        self._ended = False
        self._triggers_to_come: list[tuple[bool, int, int]] = []
        self.services = Services(self)
        self.offending = Offending(self)
        self.ends = math.inf
        self._events = 0
        self.timer(self._start_day(), self._start, rank=EventPriority.START)

    @property
    def now(self) -> float:
        """The day."""
        return self.world.now

    @property
    def regime(self) -> Regime:
        """The tables in force on this day."""
        return self.world.regime

    @property
    def eligible(self) -> int:
        """Services whose rules of this day take the person, one bit each."""
        return self._eligible[self.world.regime_number]

    def log(self, event: Event, detail: int = 0) -> None:
        """Record an event of this person."""
        self.world.record(self.number, event, detail)

    def add_to_count(self, service: int, column: ServiceCount, amount: float) -> None:
        """Add to a service's counts in each of the person's groups, if the person counts."""
        if self.counted:
            self.world.add_load(self.groups, service, column, amount)

    # Timers

    def timer(
        self, time: float, action: Callable[[], None], *, rank: EventPriority, part: int = 0
    ) -> Timer:
        """Return a timer for an event of this person at day `time`."""
        return self.world.calendar.at(
            time, lambda: self._handle(action, rank, part), rank=rank, person=self.number, part=part
        )

    def never(self) -> Timer:
        """Return a timer that does not come, to start from."""
        return Timer(self.world.calendar, lambda: None)

    def trigger(self, mask: int, *, draw_index: int, last: bool = False) -> None:
        """Fire a trigger when all else that the present event brings about is done.

        mask: the services triggered, one bit each. last: after the other triggers of the event.
        """
        self._triggers_to_come.append((last, mask, draw_index))

    def stop(self, why: Why, *, rank: EventPriority, service: int = -1) -> NoReturn:
        """Stop the replication because of this person."""
        raise RanAway(why, person=self.number, rank=rank, service=service)

    def _stop_for_events(self, rank: EventPriority, part: int) -> NoReturn:
        """Stop, mostly because of a rate that a tenth of the events or more come of."""
        rates = (
            (self.offending.committed, EventPriority.REOFFENCE),
            (self.legal.orders.breaches, EventPriority.BREACH),
            (self.legal.recalls, EventPriority.RECALL),
            (self.home.stays, EventPriority.MOVE),  # last, as every release begins one
        )
        for events, kind in rates:
            if events > self._events // 10:
                self.stop(Why.EVENTS, rank=kind)
        self.stop(Why.EVENTS, rank=rank, service=part if rank in OF_SERVICES else -1)

    def _handle(self, action: Callable[[], None], rank: EventPriority, part: int) -> None:
        if self._ended:
            return
        self._events += 1
        if self._events > MAX_EVENTS:
            self._stop_for_events(rank, part)
        self.world.events += 1
        action()
        for _, mask, draw_index in sorted(self._triggers_to_come, key=lambda trigger: trigger[0]):
            self.services.consider(mask, draw_index=draw_index)
        self._triggers_to_come.clear()
        if not self._ended:
            self.hazard.refresh()

    # Start and end

    def _start_day(self) -> float:
        """Return the given or drawn start, one intake window earlier in the warm-up."""
        day = float(self._people.start_day[self.number])
        intake = self.regime.rules.intake
        if math.isnan(day):
            day = self.draws.uniform(Purpose.START, 0) * intake
        return day if self.counted else day - intake

    def _start(self) -> None:
        rules, start = self.regime.rules, self.now
        disposal = Disposal(int(self._people.disposal[self.number]))
        days = self._sentence_days(disposal)
        presumed = self.offending.is_presumed(disposal, days=days, draw_index=0)
        received = Disposal.SUSPENDED_SENTENCE if presumed else disposal
        in_custody = received == Disposal.CUSTODY
        at_release = bool(rules.index_at_release)
        self.legal = Legal(self)
        index = start
        if in_custody and at_release:
            index += self.legal.served(days, draw_index=0)
        closes = start + rules.follow_up + (days if at_release else 0.0)
        self.account = Account(rules, start=start, index=index, closes=closes)
        self.home = Home(self)
        self.hazard = Hazard(self, base=self._base_hazard(), index=index)
        self.log(Event.START, received)
        if in_custody:
            self.legal.imprison(days, draw_index=0)
        else:
            self.offending.receive(Verdict(received, days, presumed), draw_index=0)
        self.hazard.renew(1)
        self.ends = max(index + rules.follow_up + rules.waiting, closes)
        if not self.ends < math.inf:
            self.stop(Why.FOLLOW_UP, rank=EventPriority.START)
        self.timer(self.ends, self._end, rank=EventPriority.END)

    def _sentence_days(self, disposal: Disposal) -> float:
        if disposal != Disposal.CUSTODY:
            return 0.0
        days = float(self._people.sentence_days[self.number])
        if math.isnan(days):
            return self.offending.draw_sentence(self.offence_group, draw_index=0)
        return days

    def _base_hazard(self) -> float:
        u = self.draws.uniform(Purpose.FRAILTY, 0)
        frailty = float(lognormal(self.regime.rules.frailty_sigma, u))
        return float(self._people.base_hazard[self.number]) * frailty

    def _end(self) -> None:
        self._ended = True
        self.hazard.expect()
        self.services.leave_all()
        self.log(Event.END)
        self.home.give_up()
        self.legal.close()
        if self.counted:
            self.world.add_person(self.groups, self.account.columns())
