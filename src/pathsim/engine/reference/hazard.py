"""The reoffending hazard of one person, and the budget that it spends."""

from __future__ import annotations

import math
from bisect import bisect_right
from typing import TYPE_CHECKING

from pathsim.engine.contract import MAX_HAZARD, EventPriority, Purpose, Tables, Why

from .mix import NO_EFFECT, Ratios, ratios_of

if TYPE_CHECKING:
    from .person import Person
    from .regime import Regime


class TimeProfile:
    """How the hazard changes with time since the index date: a step function and its integral."""

    def __init__(self, tables: Tables) -> None:
        self._days: list[float] = tables.profile_days.tolist()
        self._ratio: list[float] = tables.profile_ratio.tolist()
        self._integral: list[float] = tables.profile_integral.tolist()
        self._inverse = [1.0 / ratio if ratio > 0.0 else math.inf for ratio in self._ratio]

    def integral(self, days: float) -> float:
        """Return the integral of the shape from the index date to `days` after it."""
        i = max(0, bisect_right(self._days, days) - 1)
        return self._integral[i] + self._ratio[i] * (days - self._days[i])

    def inverse(self, integral: float) -> float:
        """Return the days since the index date at which the integral reaches `integral`."""
        i = max(0, bisect_right(self._integral, integral) - 1)
        return self._days[i] + (integral - self._integral[i]) * self._inverse[i]


class Hazard:
    """What is left of the budget, the rate at which it is spent, and when it runs out.

    The hazard that the person has met, as far as an offence at that time would have
    counted, is the number of reoffences to be expected of them.
    """

    def __init__(self, person: Person, *, base: float, index: float) -> None:
        self._person = person
        self._base = self._at_index = base
        self._index = index
        self._rate = 0.0
        self.ratios = NO_EFFECT
        """What services make of each offence group's hazard, in force with the rate."""
        self._since = person.now
        self._left = 0.0
        self._number = 0
        self._timer = person.never()

    def renew(self, k: int) -> None:
        """Draw the budget of the k-th reoffence, from now on."""
        self.expect()
        self._number = k
        self._left = self._person.draws.exponential(Purpose.BUDGET, k)
        self._since = self._person.now
        self._retime()

    def refresh(self) -> None:
        """Take account of what has changed: what has been spent stays spent."""
        person = self._person
        ratios = ratios_of(person.services.acting(), floor=person.regime.rules.floor)
        rate = self._current(ratios)
        if rate == self._rate and not self._turns_mix(ratios):
            return
        if not rate <= MAX_HAZARD:
            person.stop(Why.HAZARD, rank=EventPriority.REOFFENCE, service=person.services.worst())
        self.settle()
        self._rate, self.ratios = rate, ratios
        self._retime()

    def _turns_mix(self, ratios: Ratios) -> bool:
        return (ratios.in_part or self.ratios.in_part) and ratios != self.ratios

    def settle(self) -> None:
        """Spend of the budget, and expect reoffences, up to now."""
        self.expect()
        spent = self._rate * (self._integral(self._person.now) - self._integral(self._since))
        self._left = max(0.0, self._left - spent)
        self._since = self._person.now

    def expect(self) -> None:
        """Expect reoffences by the hazard met since the last change, up to now."""
        person = self._person
        if self._rate <= 0.0:
            return
        for regime, since, until in person.world.regimes_between(self._since, person.now):
            if regime.rules.clocks_a_year:
                self._expect_on_clocks(regime, since, until)
                continue
            last = min(until, person.offending.counts_until(self._number, regime=regime))
            if last > since:
                met = self._rate * (self._integral(last) - self._integral(since))
                person.account.expect(
                    regime.rules.proof * met,
                    mean=person.offending.mean_of(self._number, regime=regime),
                    first=not person.offending.has_counted,
                )

    def _expect_on_clocks(self, regime: Regime, since: float, until: float) -> None:
        clocks, offending = self._person.clocks, self._person.offending
        for clock in clocks.open:
            days = offending.counts_for(self._number, regime=regime)
            mean = offending.mean_of(self._number, regime=regime)
            last = min(until, clock.opened + days)
            if last > since:
                met = self._integral(last) - self._integral(since)
                clocks.expect(clock, regime.rules.proof * (self._rate * met), mean=mean)

    def begin_anew(self, ratio: float) -> None:
        """Begin anew from an index event, with what has been spent spent.

        ratio: what the group that the person has at it makes of their hazard.
        """
        self.settle()
        self._index = self._person.now
        self._at_index = self._base * ratio
        self._retime()

    def _current(self, ratios: Ratios) -> float:
        """Return the hazard a day but for the shape: zero in custody."""
        person = self._person
        if (person.legal.in_custody or person.lingers) and self._base < math.inf:
            return 0.0
        rate = self._at_index * person.home.ratio * person.legal.ratio
        rate *= person.offending.presumption_ratio
        return rate * person.offending.mix(person.regime).mean_ratio(ratios)

    def _integral(self, time: float) -> float:
        return self._person.world.shape.integral(time - self._index)

    def _retime(self) -> None:
        person = self._person
        self._timer.cancel()
        if self._rate <= 0.0:
            return
        reached = self._integral(self._since) + self._left / self._rate
        due = self._index + person.world.shape.inverse(reached)
        # Rounding may put the date an instant into the past.
        due = max(due, person.now)
        self._timer = person.timer(due, person.offending.reoffend, rank=EventPriority.REOFFENCE)
