"""The legal status of one person: custody and remand, licence and recall, supervision."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from pathsim.engine.contract import (
    CustodyReason,
    Disposal,
    DrawIndex,
    EndingFlag,
    Event,
    EventPriority,
    Purpose,
    band_of,
)
from pathsim.engine.contract import Legal as Code

from .clocks import Occasion
from .home import ON_RELEASE
from .orders import Orders
from .regime import Row
from .sentence import served, served_in_full

if TYPE_CHECKING:
    from .person import Person

_SHORT_SENTENCE_BELOW_DAYS = 365.0


class Remand(NamedTuple):
    """Being held for a case that is not yet proven."""

    case: int
    since: float
    within: bool
    """Whether the offence of it was committed within the horizon."""


class Legal:
    """Status, and the custodial sentence behind it; the order that may run is in `orders`."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._status = Code.LIBERTY
        self._since = person.now
        self._price: Row = person.regime.status_day[Code.LIBERTY]
        self._curfew_price: Row = person.regime.curfew_day
        self._curfew_ends = -math.inf
        self._counts_until = math.inf
        """Until when the days of the status were caused within the horizon."""
        self._release_within = self._licence_within = -math.inf
        """When custody and licence would end by what was caused within it."""
        self.orders = Orders(person)
        self._sentence_days = 0.0
        self._sentence_end = person.now
        self._first_release: float | None = None
        self._sentenced = False
        self.occasion = person.first_occasion
        """What the latest disposal is of."""
        self._remand: Remand | None = None
        self._release_at: float | None = None
        self._pre_released = False
        self._releases = 0
        self._pre_releases = 0
        self.recalls = 0
        self._licence_timer = person.never()
        self._supervision_timer = person.never()
        self._recall_timer = person.never()
        self._release_timer = person.never()
        self._pre_release_timer = person.never()
        self.ratio = person.regime.legal_ratio[Code.LIBERTY]

    @property
    def in_custody(self) -> bool:
        """Whether the person is in custody."""
        return self._status == Code.CUSTODY

    @property
    def is_held(self) -> bool:
        """Whether a sentence, an order or supervision still runs."""
        return self._status != Code.LIBERTY or bool(self.orders.running)

    def close(self) -> None:
        """Book the status that the person has had up to now."""
        person, counted = self._person, min(self._person.now, self._counts_until)
        person.account.record_days(self._price, since=self._since, until=counted)
        if self._status == Code.LICENCE:
            until = min(counted, self._curfew_ends)
            person.account.record_days(self._curfew_price, since=self._since, until=until)
        if self.in_custody:
            person.account.record_custody(since=self._since, until=counted)
            person.world.count_custody(since=self._since)

    def _enter(self, status: Code) -> None:
        self.close()
        regime = self._person.regime
        self._status = status
        self._since = self._person.now
        self._price, self._curfew_price = regime.status_day[status], regime.curfew_day
        self.ratio = regime.legal_ratio[status]
        self._counts_until = max(self._since, self._caused_until())

    def _caused_until(self) -> float:
        """Return until when what was caused within the horizon brings the status."""
        if self.in_custody:
            remanded = self._remand is not None and self._remand.within
            return math.inf if remanded else self._release_within
        if self._status == Code.LICENCE:
            return self._licence_within
        ordered = self._status == self.orders.running
        within = self.orders.within if ordered else self._person.within
        return math.inf if within else -math.inf

    def _held_until(self, release: float, *, licence: float) -> None:
        """Note a release, and the end of a licence, that were caused within the horizon, or not.

        Custody that has ceased to count may begin again.
        """
        if self._person.within:
            self._licence_within = max(self._licence_within, licence)
            self._release_within = max(self._release_within, release)
        until = max(self._since, self._caused_until())
        if self._counts_until < min(self._person.now, until):
            self.close()
            self._since = self._person.now
        self._counts_until = until

    # Orders

    def begin_order(self, order: Code) -> None:
        """Take an order as the status, unless custody or a licence stands before it."""
        if self._status not in (Code.LICENCE, Code.CUSTODY):
            self._enter(order)

    def end_order(self) -> None:
        """Be at liberty after an order, unless custody or a licence stood before it."""
        if self._status not in (Code.LICENCE, Code.CUSTODY):
            self._enter(Code.LIBERTY)

    # Sentence

    def _served(self, days: float, *, draw_index: int) -> float:
        """Return the time served of a sentence of `days` that begins to count today."""
        return served(self._person.regime, self._person.draws, days, draw_index=draw_index)

    def imprison(
        self,
        days: float,
        *,
        draw_index: int,
        into: CustodyReason = CustodyReason.SENTENCE,
        occasion: Occasion | None = None,
    ) -> None:
        """Serve a custodial sentence of `days` from today; in custody it runs concurrently.

        occasion: what it is for; left out, for the breach of what the latest one brought.
        """
        self.occasion = occasion or self.occasion
        self._sentenced = True
        now = self._person.now
        release_at = now + self._served(days, draw_index=draw_index)
        released_in_full = now + served_in_full(self._person.regime, days)
        if self.in_custody:
            self._extend(days, end=now + days, release_at=release_at)
            self._curfew_ends = max(self._curfew_ends, released_in_full)
            return
        self._sentence_days = days
        self._sentence_end = now + days
        self._first_release = None
        self._enter_custody(into)
        self._curfew_ends = released_in_full
        self._licence_within = -math.inf
        self._held_until(release_at, licence=self._sentence_end)
        self._release_on(release_at)

    def _extend(self, days: float, *, end: float, release_at: float) -> None:
        """Serve a sentence beside those that hold the person, or that their licence is of."""
        person = self._person
        person.log(Event.CUSTODY_EXTENDED)
        # An order may have begun at this instant, at the proof of the case remanded for.
        reasons = self.orders.give_way()
        if reasons:
            person.services.leave(reasons, move_out=False)
        concurrent = self._release_at is not None or self._sentence_end > person.now
        self._sentence_days = max(self._sentence_days, days) if concurrent else days
        self._sentence_end = max(self._sentence_end, end)
        self._first_release = None
        self._held_until(release_at, licence=end)
        self._release_on(
            release_at if self._release_at is None else max(self._release_at, release_at)
        )

    # Custody

    def _enter_custody(self, into: CustodyReason, *, reasons: int = EndingFlag.CUSTODY) -> None:
        """Enter custody, until a release date is set."""
        person = self._person
        person.log(Event.CUSTODY, into)
        for timer in (self._licence_timer, self._recall_timer, self._supervision_timer):
            timer.cancel()
        person.services.leave(reasons | self.orders.give_way(), move_out=False)
        person.home.give_up()
        self._release_within = -math.inf
        self._enter(Code.CUSTODY)
        self._curfew_ends = -math.inf
        self._release_at = None
        self._pre_released = False

    def _release_on(self, time: float) -> None:
        """Set or move the release date of a sentence or a recall; remand may outlast it."""
        person, before = self._person, self._person.regime.rules.pre_release_days
        self._release_at = time
        self._plan_release()
        self._pre_release_timer.cancel()
        if before > 0.0 and not self._pre_released:
            self._pre_release_timer = person.timer(
                max(person.now, time - before), self._pre_release, rank=EventPriority.PRE_RELEASE
            )

    def _plan_release(self) -> None:
        self._release_timer.cancel()
        if self._remand is None and self._release_at is not None:
            self._release_timer = self._person.timer(
                self._release_at, self._release, rank=EventPriority.RELEASE
            )

    def _pre_release(self) -> None:
        person = self._person
        assert self._release_at is not None
        person.within = self._release_at <= self._release_within
        self._pre_released = True
        self._pre_releases += 1
        person.log(Event.PRE_RELEASE)
        draw_index = DrawIndex.PRE_RELEASE + self._pre_releases
        person.trigger(person.regime.on_pre_release, draw_index=draw_index)

    def _release(self) -> None:
        person = self._person
        person.within = person.now <= self._release_within
        self._pre_release_timer.cancel()
        self._releases += 1
        first = self._sentenced and self._first_release is None
        if self._first_release is None:
            self._first_release = person.now
        licence = person.now < self._sentence_end
        self._enter(Code.LICENCE if licence else self.orders.running or Code.LIBERTY)
        person.log(Event.RELEASE, self._status)
        if licence:
            self._licence_timer = person.timer(
                self._sentence_end, self._licence_over, rank=EventPriority.LICENCE_END
            )
            self._plan_recall()
        person.home.enter_community(ON_RELEASE)
        person.trigger(person.regime.on_release, draw_index=DrawIndex.RELEASE + self._releases)
        if first:
            person.clocks.index_event(Disposal.CUSTODY, self._sentence_days, self.occasion)

    # Remand

    def remand(self, case: int) -> None:
        """Enter custody until case number `case` is proven; what a reoffence ends, ends too."""
        self._remand = Remand(case, self._person.now, self._person.within)
        self._enter_custody(CustodyReason.REMAND, reasons=EndingFlag.CUSTODY | EndingFlag.REOFFENCE)

    def is_remanded_for(self, case: int) -> bool:
        """Return whether the person is held for case number `case`."""
        return self._remand is not None and self._remand.case == case

    def is_freed_by(self, case: int) -> bool:
        """Return whether the person is at liberty, or is if this case ends without custody."""
        until = self._person.now if self._release_at is None else self._release_at
        return not self.in_custody or (self.is_remanded_for(case) and until <= self._person.now)

    def imprison_from_remand(self, days: float, *, draw_index: int, occasion: Occasion) -> None:
        """Serve a sentence for the case remanded for, counted from the day of remand."""
        self.occasion = occasion
        self._sentenced = True
        assert self._remand is not None
        now, since = self._person.now, self._remand.since
        release_at = max(now, since + self._served(days, draw_index=draw_index))
        self._remand = None
        self._extend(days, end=max(now, since + days), release_at=release_at)
        released_in_full = since + served_in_full(self._person.regime, days)
        self._curfew_ends = max(self._curfew_ends, released_in_full)

    def discharge_from_remand(self) -> bool:
        """End the remand; return whether the person is released now, held by nothing else."""
        now = self._person.now
        self._remand = None
        self._release_at = now if self._release_at is None else max(now, self._release_at)
        self._held_until(now, licence=-math.inf)
        self._plan_release()
        return self._release_at <= now

    # Licence and supervision

    def _licence_over(self) -> None:
        person = self._person
        person.within = person.now <= self._licence_within
        self._recall_timer.cancel()
        until = self._supervised_until()
        after = self.orders.running or (Code.LIBERTY if until is None else Code.SUPERVISION)
        person.log(Event.LICENCE_END, after)
        self._enter(after)
        if until is not None and after == Code.SUPERVISION:
            self._supervision_timer = person.timer(
                until, self._supervision_over, rank=EventPriority.SUPERVISION_END
            )

    def _supervised_until(self) -> float | None:
        """Return when the supervision that follows a licence ends, if any is to follow."""
        rules = self._person.regime.rules
        assert self._first_release is not None
        until = self._first_release + rules.supervision_days
        if self._sentence_days < rules.supervision_below and until > self._person.now:
            return until
        return None

    def _supervision_over(self) -> None:
        # An order that has begun meanwhile is the status, or was until it ended.
        after = Code.LIBERTY if self._status == Code.SUPERVISION else self._status
        self._person.log(Event.SUPERVISION_END, after)
        if after != self._status:
            self._enter(after)

    # Recall

    def _plan_recall(self) -> None:
        person = self._person
        rate = person.regime.recall_rate[band_of(self._sentence_days)]
        if rate <= 0.0:
            return
        time = person.now + person.draws.exponential(Purpose.RECALL, self._releases) / rate
        if time < self._sentence_end:
            self._recall_timer = person.timer(time, self._recall, rank=EventPriority.RECALL)

    def _recall(self) -> None:
        self._person.within = self._person.now <= self._licence_within
        self.recalls += 1
        draws, rules, n = self._person.draws, self._person.regime.rules, self.recalls
        if draws.uniform(Purpose.RECALL_KIND, n) >= rules.fixed_term_share:
            days = draws.quantity(rules.standard_recall, Purpose.RECALL_DAYS, n)
        elif self._sentence_days < _SHORT_SENTENCE_BELOW_DAYS:
            days = rules.fixed_term_short
        else:
            days = rules.fixed_term_long
        self._enter_custody(CustodyReason.RECALL)
        release_at = min(self._person.now + days, self._sentence_end)
        self._held_until(min(release_at, self._licence_within), licence=-math.inf)
        self._release_on(release_at)
