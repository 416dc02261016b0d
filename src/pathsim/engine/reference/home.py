"""Where one person lives."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from pathsim.engine.contract import DrawIndex, Event, EventPriority, OutcomeColumn, Purpose
from pathsim.engine.contract import Home as Code

from .regime import Row, chosen

if TYPE_CHECKING:
    from .person import Person

AT_DISPOSAL = 0
ON_RELEASE = 1


class Home:
    """Accommodation: a Markov chain that stands still in custody and while a service houses."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._state = Code.NONE
        self._since = person.now
        self._price: Row = []
        self._housed = False
        self._timer = person.never()
        self._entries = 0
        self._way = AT_DISPOSAL
        self.stays = 0
        self._times_homeless = 0
        self.ratio = 1.0

    def enter_community(self, way: int) -> None:
        """Find a home at the start (`AT_DISPOSAL`) or `ON_RELEASE`."""
        self._entries += 1
        self._way = way
        if self._person.services.houses():
            self._housed = True
            self._become(Code.TEMPORARY)
            return
        u = self._person.draws.uniform(Purpose.HOME_ENTRY, self._entries)
        self._become(Code(chosen(self._person.regime.home_entry[way], u=u)))
        self._stay()

    def give_up(self) -> None:
        """Have no home: custody, or the end of follow-up."""
        self._timer.cancel()
        self._close()
        self._state = Code.NONE
        self._housed = False

    def move_into_service(self) -> None:
        """Live in a service's temporary accommodation; in custody this changes nothing."""
        if self._state == Code.NONE:
            return
        self._housed = True
        self._timer.cancel()
        if self._state != Code.TEMPORARY:
            self._become(Code.TEMPORARY)

    def move_out_of_service(self, *, settled: bool) -> None:
        """Leave the last service that houses, if the person lives in it."""
        if not self._housed:
            return
        self._housed = False
        self._become(Code.SETTLED if settled else Code.HOMELESS)
        self._stay()

    def _become(self, state: Code) -> None:
        person = self._person
        self._close()
        self._state = state
        self._since = person.now
        self.ratio = person.regime.home_ratio[state]
        self._price = person.regime.homeless_day
        person.log(Event.ACCOMMODATION, state)
        if state == Code.HOMELESS and person.is_member:
            self._times_homeless += 1
            person.trigger(
                person.regime.on_homeless,
                draw_index=DrawIndex.HOMELESS + self._times_homeless,
                last=True,
                within=person.now < person.counted_until,
            )

    def _close(self) -> None:
        if self._state == Code.HOMELESS:
            person, account = self._person, self._person.account
            until = min(person.now, person.counted_until)
            days = account.record_days(self._price, since=self._since, until=until)
            account.add(OutcomeColumn.HOMELESS_DAYS, days)

    def _stay(self) -> None:
        """Begin a stay of the chain: its rates are those of the day it begins."""
        self.stays += 1
        rates = list(accumulate(self._person.regime.home_rate[self._way][self._state]))
        if rates[-1] <= 0.0:
            return
        wait = self._person.draws.exponential(Purpose.HOME_STAY, self.stays) / rates[-1]
        self._timer = self._person.timer(
            self._person.now + wait, lambda: self._move(rates), rank=EventPriority.MOVE
        )

    def _move(self, rates: Row) -> None:
        u = self._person.draws.uniform(Purpose.HOME_MOVE, self.stays)
        self._become(Code(chosen([rate / rates[-1] for rate in rates], u=u)))
        self._stay()
