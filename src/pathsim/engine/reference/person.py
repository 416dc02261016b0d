"""One person: what is fixed at the index date, the parts of their life, and their timers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from pathsim.engine.contract import (
    MAX_EVENTS,
    OF_SERVICES,
    ClockGroup,
    Disposal,
    DrawIndex,
    Event,
    EventPriority,
    People,
    Purpose,
    RanAway,
    ServiceCount,
    Why,
    previous_band,
)
from pathsim.engine.kernels.sampling import lognormal

from .account import Account
from .calendar import Timer
from .clocks import Clocks, Occasion
from .course import Course, spared
from .draws import Draws
from .hazard import Hazard
from .home import Home
from .legal import Legal
from .offending import Offending, Verdict
from .regime import Regime
from .services import Services

if TYPE_CHECKING:
    from .run import World


class _Trigger(NamedTuple):
    """A trigger that an event fires when all else is done."""

    last: bool
    within: bool
    mask: int
    draw_index: int
    offence: int | None


class Person:
    """A member of the cohort, or one of them in another generation.

    record: the row that describes them. course: what their start brings. latest: when they
    end, if not before.
    """

    account: Account
    legal: Legal
    home: Home
    hazard: Hazard

    def __init__(  # noqa: PLR0913 keyword-only parts of a person
        self,
        world: World,
        people: People,
        *,
        number: int,
        turn: int,
        record: int,
        draws: Draws,
        course: Course,
        latest: float = math.inf,
    ) -> None:
        self.world = world
        self.number = number
        self._turn = turn
        self.draws = draws
        self.counted = number < len(people.key)
        self.risk = float(people.risk[record])
        self.age_group = int(people.age_group[record])
        self.offence_group = int(people.offence_group[record])
        self.age = int(people.age[record])
        self.previous = int(people.previous[record])
        self.groups = people.groups[record]
        self._base = float(people.base_hazard[record])
        self.first_occasion = Occasion(
            self.offence_group,
            self.previous,
            disposal=int(people.disposal[record]),
            sentence_band=self._level_of(ClockGroup.SENTENCE_BAND),
        )
        self._course = course
        self._latest = latest
        self._eligible = [int(mask) for mask in people.eligible[:, record]]
        self._ended = False
        self.within = True
        """Whether what the event at hand brings was caused within the horizon."""
        self._triggers_to_come: list[_Trigger] = []
        self.services = Services(self)
        self.offending = Offending(self)
        self.clocks = Clocks(self)
        self.ends = self.stays_until = math.inf
        self.lingers = False
        """Whether the follow-up is over but for what was caused before."""
        self._end_timer = self.never()
        self._events = 0
        self.timer(course.start, self._start, rank=EventPriority.START)

    @property
    def now(self) -> float:
        """The day."""
        return self.world.now

    @property
    def regime(self) -> Regime:
        """The tables in force on this day."""
        return self.world.regime

    @property
    def previous_band(self) -> int:
        """The band of the person's previous convictions or cautions on this day."""
        return previous_band(self.previous)

    @property
    def eligible(self) -> int:
        """Services whose rules of this day take the person for some offence, one bit each."""
        return self._eligible[self.world.regime_number]

    def _level_of(self, attribute: ClockGroup) -> int:
        """Return the person's level of an attribute at the start."""
        column, first = self.world.clock_groups[attribute]
        return int(self.groups[column]) - int(first)

    def log(self, event: Event, detail: int = 0) -> None:
        """Record an event of this person."""
        self.world.record(self.number, event, detail)

    def pay(self, amounts: Sequence[float], *, times: float = 1.0) -> None:
        """Pay what the event at hand costs each payer, so many times."""
        if self.within:
            self.account.record_cost(amounts, at=self.now, times=times)

    def add_to_count(self, service: int, column: ServiceCount, amount: float) -> None:
        """Add to a service's counts in each of the person's groups, if the person counts."""
        if self.counted:
            self.world.add_load(self.groups, service, column, amount)

    # Timers

    def timer(
        self,
        time: float,
        action: Callable[[], None],
        *,
        rank: EventPriority,
        part: int = 0,
        within: bool | None = None,
    ) -> Timer:
        """Return a timer for an event of this person at day `time`.

        within: whether it is caused within the horizon; left out, as the event at hand is.
        """
        cause = self.within if within is None else within
        return self.world.calendar.at(
            time,
            lambda: self._handle(action, rank, part, within=cause),
            rank=rank,
            turn=self._turn,
            part=part,
        )

    def never(self) -> Timer:
        """Return a timer that does not come, to start from."""
        return Timer(self.world.calendar, lambda: None)

    def trigger(
        self,
        mask: int,
        *,
        draw_index: int,
        last: bool = False,
        offence: int | None = None,
        within: bool | None = None,
    ) -> None:
        """Fire a trigger when all else that the present event brings about is done.

        mask: the services triggered, one bit each. last: after the other triggers of the event.
        offence: group of the offence at hand; left out, that of the latest disposal. within:
        whether it is caused within the horizon; left out, as the event at hand is.
        """
        cause = self.within if within is None else within
        self._triggers_to_come.append(_Trigger(last, cause, mask, draw_index, offence))

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

    def _handle(
        self, action: Callable[[], None], rank: EventPriority, part: int, *, within: bool
    ) -> None:
        if self._ended:
            return
        self._events += 1
        if self._events > MAX_EVENTS:
            self._stop_for_events(rank, part)
        self.world.events += 1
        self.within = within
        action()
        for trigger in sorted(self._triggers_to_come, key=lambda trigger: trigger.last):
            latest = self.legal.occasion.offence_group
            self.within = trigger.within
            self.services.consider(
                trigger.mask,
                draw_index=trigger.draw_index,
                offence=latest if trigger.offence is None else trigger.offence,
            )
        self._triggers_to_come.clear()
        if self._ended:
            return
        if self.lingers and not self._is_held:
            self._end_on(self.now)
        self.hazard.refresh()

    # Start and end

    def _start(self) -> None:
        course, rules = self._course, self.regime.rules
        if course.may_be_spared and self.services.takes_in_court(
            DrawIndex.DISPOSAL, offence=self.offence_group
        ):
            course = spared(course, rules=rules)
        self.legal = Legal(self)
        self.account = Account(rules, start=course.start, index=course.index, closes=course.closes)
        self.home = Home(self)
        self.hazard = Hazard(self, base=self._base_hazard(), index=course.index)
        self.log(Event.START, course.received)
        occasion = self.first_occasion
        self.clocks.count_occasion(course.received, course.days, occasion)
        if course.received == Disposal.CUSTODY:
            self.legal.imprison(course.days, draw_index=0, occasion=occasion)
        else:
            verdict = Verdict(course.received, course.days, course.presumed)
            self.offending.receive(verdict, draw_index=0, occasion=occasion)
        if rules.record_grows:
            self.previous += 1
        self.hazard.renew(1)
        if not course.ends < math.inf:
            self.stop(Why.FOLLOW_UP, rank=EventPriority.START)
        self.ends = min(max(course.ends, self.clocks.closes), self._latest)
        self.stays_until = self._latest if course.member_until < math.inf else self.ends
        self._end_on(self.ends)

    def prolong(self, until: float) -> None:
        """Follow the person until a clock closes, if nothing else holds them so long."""
        if self.lingers or self.ends < until:
            self.lingers = False
            self.ends = min(until, self._latest)
            self._end_on(self.ends)

    def _end_on(self, day: float) -> None:
        self._end_timer.cancel()
        self._end_timer = self.timer(day, self._end, rank=EventPriority.END)

    def _base_hazard(self) -> float:
        u = self.draws.uniform(Purpose.FRAILTY, 0)
        frailty = float(lognormal(self.regime.rules.frailty_sigma, u))
        return self._base * frailty

    @property
    def member_until(self) -> float:
        """Until when what the person does is real, and not only counted on clocks."""
        return self._course.member_until

    @property
    def is_member(self) -> bool:
        """Whether that day is still to come."""
        return self.now < self.member_until

    @property
    def counted_until(self) -> float:
        """Until when what the person does is counted, and paid for."""
        return self._course.counted_until

    @property
    def _is_held(self) -> bool:
        """Whether something that was caused before still goes on."""
        return self.legal.is_held or self.offending.is_pending or self.services.are_pending

    def _end(self) -> None:
        if self.now < self.stays_until and self._is_held:
            self.lingers = True
            self._end_on(self.stays_until)
            return
        self._ended = True
        self.hazard.expect()
        self.services.leave_all()
        self.log(Event.END)
        self.home.give_up()
        self.legal.close()
        if self.counted:
            self.world.add_person(self.groups, self.account.columns())
        self.clocks.close()
