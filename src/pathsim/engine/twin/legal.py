"""The legal status of one person: orders, custody, licence, recall."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pathsim.engine.contract import (
    Disposal,
    Ends,
    Event,
    Into,
    Occasion,
    Purpose,
    Rank,
    band_of,
)
from pathsim.engine.contract import Legal as Code

from .home import ON_RELEASE
from .law import Row

if TYPE_CHECKING:
    from .person import Person

_SHORT_SENTENCE_BELOW_DAYS = 365.0


class Legal:
    """Status, the order that may run beside it, and the custodial sentence behind it."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._status = Code.LIBERTY
        self._since = person.now
        self._price: Row = person.law.status_day[Code.LIBERTY]
        self._order: Code | None = None
        self._sentence_days = 0.0
        self._sentence_end = person.now
        self._releases = 0
        self._recalls = 0
        self._order_timer = person.never()
        self._licence_timer = person.never()
        self._recall_timer = person.never()
        self._release_timer = person.never()
        self.release_at = person.now
        self.ratio = person.law.legal_ratio[Code.LIBERTY]

    @property
    def in_custody(self) -> bool:
        """Whether the person is in custody."""
        return self._status == Code.CUSTODY

    def close(self) -> None:
        """Book the status that the person has had up to now."""
        account = self._person.account
        days = account.book_days(self._price, since=self._since, until=self._person.now)
        if self.in_custody:
            account.custody_days += days

    def _enter(self, status: Code) -> None:
        self.close()
        law = self._person.law
        self._status = status
        self._since = self._person.now
        self._price = law.status_day[status]
        self.ratio = law.legal_ratio[status]

    # Orders

    def start_order(self, disposal: Disposal, *, occasion: int) -> None:
        """Begin the order that a disposal brings, if it brings one, in place of any earlier one."""
        rules = self._person.law.rules
        orders = {
            Disposal.COMMUNITY_ORDER: (Code.COMMUNITY_ORDER, rules.community_order_days),
            Disposal.SUSPENDED_SENTENCE: (Code.SUSPENDED_SENTENCE, rules.suspended_sentence_days),
        }
        if disposal not in orders:
            return
        self._order_timer.cancel()
        self._order, distribution = orders[disposal]
        self._person.log(Event.ORDER_START, self._order)
        if self._status != Code.LICENCE:
            self._enter(self._order)
        days = self._person.draws.quantity(distribution, Purpose.ORDER_DAYS, occasion)
        self._order_timer = self._person.timer(
            self._person.now + days, self._order_over, rank=Rank.ORDER_END
        )

    def _order_over(self) -> None:
        assert self._order is not None
        self._person.log(Event.ORDER_END, self._order)
        self._order = None
        if self._status != Code.LICENCE:
            self._enter(Code.LIBERTY)
        self._person.care.leave(Ends.ORDER_END)

    # Custody

    def imprison(self, days: float) -> None:
        """Serve a custodial sentence of `days`; one passed in custody runs concurrently."""
        now = self._person.now
        release_at = now + days * self._person.law.release_point[band_of(days)]
        if not self.in_custody:
            self._sentence_days = days
            self._sentence_end = now + days
            self._enter_custody(Into.SENTENCE, release_at)
            return
        self._sentence_days = max(self._sentence_days, days)
        self._sentence_end = max(self._sentence_end, now + days)
        self._person.log(Event.CUSTODY_EXTENDED)
        self._release_on(max(self.release_at, release_at))

    def _enter_custody(self, into: Into, release_at: float) -> None:
        person = self._person
        person.log(Event.CUSTODY, into)
        for timer in (self._order_timer, self._licence_timer, self._recall_timer):
            timer.cancel()
        reasons = Ends.CUSTODY if self._order is None else Ends.CUSTODY | Ends.ORDER_END
        self._order = None
        person.care.leave(reasons, move_out=False)
        person.home.give_up()
        self._enter(Code.CUSTODY)
        self._release_on(release_at)

    def _release_on(self, time: float) -> None:
        self._release_timer.cancel()
        self.release_at = time
        self._release_timer = self._person.timer(time, self._release, rank=Rank.RELEASE)

    def _release(self) -> None:
        person = self._person
        self._releases += 1
        licence = person.now < self._sentence_end
        self._enter(Code.LICENCE if licence else Code.LIBERTY)
        person.log(Event.RELEASE, self._status)
        if licence:
            self._licence_timer = person.timer(
                self._sentence_end, self._licence_over, rank=Rank.LICENCE_END
            )
            self._plan_recall()
        person.home.enter_community(ON_RELEASE)
        person.trigger(person.law.on_release, occasion=Occasion.RELEASE + self._releases)

    # Licence

    def _licence_over(self) -> None:
        self._recall_timer.cancel()
        after = Code.LIBERTY if self._order is None else self._order
        self._person.log(Event.LICENCE_END, after)
        self._enter(after)

    def _plan_recall(self) -> None:
        person = self._person
        rate = person.law.recall_rate[band_of(self._sentence_days)]
        if rate <= 0.0:
            return
        time = person.now + person.draws.exponential(Purpose.RECALL, self._releases) / rate
        if time < self._sentence_end:
            self._recall_timer = person.timer(time, self._recall, rank=Rank.RECALL)

    def _recall(self) -> None:
        self._recalls += 1
        draws, rules, n = self._person.draws, self._person.law.rules, self._recalls
        if draws.uniform(Purpose.RECALL_KIND, n) >= rules.fixed_term_share:
            days = draws.quantity(rules.standard_recall, Purpose.RECALL_DAYS, n)
        elif self._sentence_days < _SHORT_SENTENCE_BELOW_DAYS:
            days = rules.fixed_term_short
        else:
            days = rules.fixed_term_long
        self._enter_custody(Into.RECALL, min(self._person.now + days, self._sentence_end))
