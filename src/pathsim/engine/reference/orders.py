"""The order that one person is under, its breaches, and the sentence that hangs over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pathsim.engine.contract import (
    CustodyReason,
    Disposal,
    DrawIndex,
    EndingFlag,
    Event,
    EventPriority,
    Purpose,
)
from pathsim.engine.contract import Legal as Code

if TYPE_CHECKING:
    from .person import Person

_LONGEST_SUSPENDED_DAYS = 730.0


class Orders:
    """At most one order at a time: a later one replaces an earlier one."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self.running: Code | None = None
        self.suspended_days = 0.0
        self.within = True
        """Whether the running order was caused within the horizon."""
        self._ends = person.now
        self.breaches = 0
        self._breach_draws = 0
        self._timer = person.never()
        self._breach_timer = person.never()

    def start(self, disposal: Disposal, *, presumed_days: float | None, draw_index: int) -> None:
        """Begin the order that a disposal brings, if it brings one, in place of any earlier one.

        presumed_days: length of the custodial sentence that the presumption suspended, if it did.
        """
        person, rules = self._person, self._person.regime.rules
        orders = {
            Disposal.COMMUNITY_ORDER: (Code.COMMUNITY_ORDER, rules.community_order_days),
            Disposal.SUSPENDED_SENTENCE: (Code.SUSPENDED_SENTENCE, rules.suspended_sentence_days),
        }
        if disposal not in orders:
            return
        self._cancel()
        self.running, distribution = orders[disposal]
        self.within = person.within
        if self.running == Code.SUSPENDED_SENTENCE:
            self._suspend(presumed_days, draw_index)
        person.log(Event.ORDER_START, self.running)
        person.legal.begin_order(self.running)
        days = person.draws.quantity(distribution, Purpose.ORDER_DAYS, draw_index)
        self._ends = person.now + days
        self._timer = person.timer(self._ends, self._over, rank=EventPriority.ORDER_END)
        self._plan_breach()

    def _suspend(self, presumed_days: float | None, draw_index: int) -> None:
        days = presumed_days
        if days is None:
            group = self._person.offending.group_of(draw_index)
            days = self._person.offending.draw_sentence(
                group, purpose=Purpose.SUSPENDED_DAYS, draw_index=draw_index
            )
        self.suspended_days = min(days, _LONGEST_SUSPENDED_DAYS)

    def give_way(self) -> int:
        """End the order, if one is running, in favour of custody; return the reason for services.

        The reason is a bit of `contract.EndingFlag`, or 0 if no order was running.
        """
        if self.running is None:
            return 0
        self._cancel()
        self.running = None
        return EndingFlag.ORDER_END

    def _cancel(self) -> None:
        self._timer.cancel()
        self._breach_timer.cancel()

    def _over(self) -> None:
        assert self.running is not None
        order, self.running = self.running, None
        self._breach_timer.cancel()
        self._person.log(Event.ORDER_END, order)
        self._person.legal.end_order()
        self._person.services.leave(EndingFlag.ORDER_END)

    # Breach

    def _plan_breach(self) -> None:
        assert self.running is not None
        person = self._person
        rate = person.regime.breach_rate[self.running]
        if rate <= 0.0:
            return
        self._breach_draws += 1
        wait = person.draws.exponential(Purpose.BREACH, self._breach_draws) / rate
        if person.now + wait < self._ends:
            self._breach_timer = person.timer(
                person.now + wait, self._breach, rank=EventPriority.BREACH
            )

    def _breach(self) -> None:
        assert self.running is not None
        person, regime, order = self._person, self._person.regime, self.running
        self.breaches += 1
        n = self.breaches
        person.log(Event.BREACH, order)
        person.pay(regime.breach_cost)
        if person.draws.uniform(Purpose.BREACH_KIND, n) >= regime.rules.breach_custody:
            self._plan_breach()
            return
        days = self.suspended_days
        if order == Code.COMMUNITY_ORDER:
            days = person.draws.quantity(regime.rules.breach_days, Purpose.BREACH_DAYS, n)
        person.legal.imprison(days, draw_index=DrawIndex.BREACH + n, into=CustodyReason.BREACH)
