"""One person's services, from trigger to after-effect."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

from pathsim.engine.contract import (
    MAX_SPELLS,
    UNLIMITED,
    Event,
    EventPriority,
    Purpose,
    ServiceCount,
    Why,
)
from pathsim.engine.contract import Spell as State

from .account import of_one_payer
from .draws import draw_index_after
from .mix import Acting
from .regime import members
from .spell import Effect, Spell

if TYPE_CHECKING:
    from .person import Person
    from .pools import Pool


class Services:
    """Services requested, waited for, given and active (one spell each), and after-effects."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self._open: dict[int, Spell] = {}
        self._after: list[Effect] = []
        self._effects: Counter[int] = Counter()

    # What the rest of the person wants to know

    def acting(self) -> list[Acting]:
        """Return the ratios of active services and after-effects, and on what they act."""
        terms = [(s, self._open[s].terms) for s in self._in_state(State.ACTIVE)]
        active = [(s, each.ratio, each.acts_on) for s, each in terms]
        after = [(effect.service, effect.ratio, effect.acts_on) for effect in self._after]
        return [Acting(ratio, acts_on) for _, ratio, acts_on in sorted([*active, *after])]

    def worst(self) -> int:
        """Return the service whose ratios, all together, raise the hazard most, or -1."""
        product: dict[int, float] = defaultdict(lambda: 1.0)
        for s in self._in_state(State.ACTIVE):
            product[s] *= self._open[s].terms.ratio
        for effect in self._after:
            product[effect.service] *= effect.ratio
        worst = max(sorted(product), key=product.__getitem__, default=-1)
        return worst if worst >= 0 and product[worst] > 1.0 else -1

    def custody_ratio(self) -> float:
        """Return the product of the custody ratios of active services and after-effects."""
        active = [(s, self._open[s].terms.custody_ratio) for s in self._in_state(State.ACTIVE)]
        after = [(effect.service, effect.custody_ratio) for effect in self._after]
        return math.prod(ratio for _, ratio in sorted([*active, *after]))

    def houses(self) -> bool:
        """Return whether an active service houses the person."""
        return any(self._open[s].terms.houses for s in self._in_state(State.ACTIVE))

    @property
    def are_pending(self) -> bool:
        """Whether a request, a wait or an active service goes on that will have an end."""
        return any(
            spell.state == State.REQUESTED or spell.until < math.inf
            for spell in self._open.values()
        )

    def _in_state(self, *states: State) -> list[int]:
        return sorted(s for s, spell in self._open.items() if spell.state in states)

    def _has_prerequisite(self, required: int) -> bool:
        return not required or any(s in self._in_state(State.ACTIVE) for s in members(required))

    # Trigger, referral, take-up, request

    def consider(self, mask: int, *, draw_index: int, offence: int) -> None:
        """Consider the person for each triggered service, in order of id.

        offence: group of the offence at hand.
        """
        for service in members(mask & self._open_to(offence)):
            if service not in self._open:
                self._refer(service, draw_index)

    def _open_to(self, offence: int) -> int:
        """Return the services that take the person for an offence of a group, one bit each."""
        return self.person.eligible & self.person.regime.for_offence[offence]

    def _refer(self, service: int, draw_index: int) -> None:
        person = self.person
        if not self._is_referred(service, draw_index):
            return
        self._note_referral(service)
        if not self._takes_up(service, draw_index):
            return
        spell = self._open_spell(service, draw_index)
        spell.timer = person.timer(
            person.now, lambda: self._request(spell), rank=EventPriority.REQUEST, part=service
        )

    def _is_referred(self, service: int, draw_index: int) -> bool:
        person, terms = self.person, self.person.regime.services[service]
        return person.draws.uniform(terms.key ^ Purpose.REFERRAL, draw_index) < terms.referral

    def _takes_up(self, service: int, draw_index: int) -> bool:
        person, terms = self.person, self.person.regime.services[service]
        return person.draws.uniform(terms.key ^ Purpose.TAKE_UP, draw_index) < terms.take_up

    def _note_referral(self, service: int) -> None:
        person, terms = self.person, self.person.regime.services[service]
        person.log(Event.REFERRAL, service)
        person.pay(of_one_payer(terms.per_referral, terms.payer))

    def _open_spell(self, service: int, draw_index: int) -> Spell:
        person = self.person
        if self._effects[service] >= MAX_SPELLS:
            person.stop(Why.SPELLS, rank=EventPriority.REQUEST, service=service)
        terms = person.regime.services[service]
        spell = Spell(self, service, draw_index, terms, within=person.within)
        self._open[service] = spell
        return spell

    def _count(self, spell: Spell, column: ServiceCount, amount: float) -> None:
        """Add to a service's counts, if the spell was caused within the horizon."""
        if spell.within:
            self.person.add_to_count(spell.service, column, amount)

    # In court

    def takes_in_court(self, draw_index: int, *, offence: int) -> bool:
        """Return whether the presumption's service takes the person at once, by all its rules.

        offence: group of the one that is sentenced.
        """
        person = self.person
        service = person.regime.rules.presumption_service
        terms, pool = person.regime.services[service], self._pool_of(service)
        return (
            person.now >= person.world.begins
            and self._open_to(offence) >> service & 1 == 1
            and service not in self._open
            and self._has_prerequisite(terms.requires)
            and (pool is None or (pool.gives_at_once and pool.has_place))
            and self._is_referred(service, draw_index)
            and self._takes_up(service, draw_index)
        )

    def start_in_court(self, draw_index: int) -> None:
        """Start the presumption's service, in the place that was free."""
        service = self.person.regime.rules.presumption_service
        self._note_referral(service)
        spell = self._open_spell(service, draw_index)
        spell.since, spell.pool = self.person.now, self._pool_of(service)
        spell.requires = spell.terms.requires
        if spell.pool is not None:
            spell.pool.take()
        self._start(spell)

    def _pool_of(self, service: int) -> Pool | None:
        """Return the places that a service has on this day; none: it is without a limit."""
        pool = self.person.regime.services[service].pool
        return None if pool == UNLIMITED else self.person.world.pools[pool]

    def _request(self, spell: Spell) -> None:
        person, terms = self.person, self.person.regime.services[spell.service]
        if not self._has_prerequisite(terms.requires):
            del self._open[spell.service]
            person.log(Event.REFUSED, spell.service)
            return
        spell.since, spell.requires = person.now, terms.requires
        spell.pool = self._pool_of(spell.service)
        if spell.pool is None:
            self._start(spell)
            return
        late = person.world.late_requests
        late.note_request(spell.service)
        u = person.draws.uniform(terms.key ^ Purpose.PASSED_OVER, spell.draw_index)
        spell.passed_over = late.passes_over(spell.service, u)
        if not spell.passed_over and spell.pool.gives_at_once and spell.pool.has_place:
            spell.pool.take()
            late.note_place(spell.service)
            self._start(spell)
        elif spell.pool.is_full:
            del self._open[spell.service]
            self.person.log(Event.TURNED_AWAY, spell.service)
            self._count(spell, ServiceCount.TURNED_AWAY, 1.0)
        else:
            self._wait(spell, spell.pool)

    # Waiting

    def _wait(self, spell: Spell, pool: Pool) -> None:
        person, terms = self.person, self.person.regime.services[spell.service]
        spell.state, spell.since = State.WAITING, person.now
        person.log(Event.WAIT, spell.service)
        pool.join(spell)
        patience = person.draws.quantity(
            terms.patience, terms.key ^ Purpose.PATIENCE, spell.draw_index
        )
        spell.until = person.now + patience
        spell.timer = person.timer(
            spell.until,
            lambda: self._stop_waiting(spell, Event.RENEGE),
            rank=EventPriority.RENEGE,
            part=spell.service,
        )

    def _stop_waiting(self, spell: Spell, why: Event) -> None:
        """Renege or withdraw."""
        assert spell.pool is not None
        spell.cancel()
        del self._open[spell.service]
        self.person.world.count_queue(spell.service, since=spell.since)
        self.person.log(why, spell.service)
        if why == Event.RENEGE:
            self._count(spell, ServiceCount.RENEGED, 1.0)
        if spell.state == State.PLACE_GIVEN:
            spell.pool.give_back()
        else:
            spell.pool.leave(spell)

    def be_given_place(self, spell: Spell) -> None:
        """Hold a place from now on; the service starts as the person's next event."""
        spell.cancel()
        spell.state, spell.until = State.PLACE_GIVEN, self.person.now
        spell.timer = self.person.timer(
            spell.until,
            lambda: self._start(spell),
            rank=EventPriority.PLACE,
            part=spell.service,
            within=spell.within,
        )

    # Active

    def _start(self, spell: Spell) -> None:
        """Start the service in a place already held."""
        person, service = self.person, spell.service
        if spell.state == State.PLACE_GIVEN:
            person.world.count_queue(service, since=spell.since)
        self._count(spell, ServiceCount.STARTS, 1.0)
        self._count(spell, ServiceCount.WAIT_DAYS, person.now - spell.since)
        terms = spell.terms = person.regime.services[service]
        spell.state, spell.since = State.ACTIVE, person.now
        person.log(Event.SERVICE_START, service)
        person.pay(of_one_payer(terms.per_start, terms.payer))
        self._plan_end(spell)
        if terms.houses:
            person.home.move_into_service()
        person.trigger(
            person.regime.on_start[service],
            draw_index=draw_index_after(terms.key, spell.draw_index),
        )

    def _plan_end(self, spell: Spell) -> None:
        draws, terms, n = self.person.draws, spell.terms, spell.draw_index
        days, event = draws.quantity(terms.duration, terms.key ^ Purpose.DURATION, n), None
        if draws.uniform(terms.key ^ Purpose.DROP_OUT, n) < terms.drop_out:
            days *= draws.uniform(terms.key ^ Purpose.DROP_OUT_TIME, n)
            event = Event.SERVICE_DROP_OUT
        spell.until = self.person.now + days
        spell.timer = self.person.timer(
            spell.until,
            lambda: self._end(spell, event or Event.SERVICE_COMPLETE),
            rank=EventPriority.SERVICE_END,
            part=spell.service,
        )

    # End

    def leave(self, reasons: int, *, move_out: bool = True) -> None:
        """Leave the services whose `ends_on` has one of `reasons`: requests and waits, then active.

        reasons: bits of `contract.EndingFlag`. move_out: whether leaving a service that
        houses leads to another home.
        """
        self._leave(
            lambda s: self.person.regime.services[s].ends_on & reasons != 0, move_out=move_out
        )

    def leave_all(self) -> None:
        """Give everything back: the end of follow-up."""
        self._leave(lambda _: True, move_out=False)
        self._after.clear()

    def _leave(self, concerns: Callable[[int], bool], *, move_out: bool) -> None:
        for service in self._in_state(State.REQUESTED, State.WAITING, State.PLACE_GIVEN):
            spell = self._open[service]
            if not concerns(service):
                continue
            if spell.state != State.REQUESTED:
                self._stop_waiting(spell, Event.WITHDRAW)
                continue
            spell.cancel()
            del self._open[service]
        for service in self._in_state(State.ACTIVE):
            # An earlier one may have taken this one with it.
            if service in self._open and concerns(service):
                self._end(self._open[service], Event.SERVICE_STOP, move_out=move_out)

    def _end(self, spell: Spell, event: Event, *, move_out: bool = True) -> None:
        """Complete, drop out or stop, with all that follows from it."""
        self._close(spell, event)
        ended = [spell, *self._stop_dependents(spell.service)]
        if move_out:
            self._move_out(ended)

    def _close(self, spell: Spell, event: Event) -> None:
        person, terms = self.person, spell.terms
        spell.cancel()
        del self._open[spell.service]
        if spell.within:
            prices = of_one_payer(terms.per_day, terms.payer)
            person.account.record_days(prices, since=spell.since, until=person.now)
        person.world.count_busy(spell.service, since=spell.since)
        self._count(spell, ServiceCount.PLACE_DAYS, person.now - spell.since)
        person.log(event, spell.service)
        if event == Event.SERVICE_COMPLETE:
            self._complete(spell)
        if spell.pool is not None:
            spell.pool.give_back()

    def _stop_dependents(self, service: int) -> list[Spell]:
        """Stop or withdraw what required this service, or what went with it, and has no other.

        Returns the spells stopped, in order.
        """
        stopped: list[Spell] = []
        lost, changed = 1 << service, True
        while changed:
            changed = False
            for dependent in self._in_state(State.WAITING, State.PLACE_GIVEN, State.ACTIVE):
                spell = self._open.get(dependent)
                if spell is None or not spell.requires & lost:
                    continue
                if self._has_prerequisite(spell.requires):
                    continue
                changed = True
                if spell.state != State.ACTIVE:
                    self._stop_waiting(spell, Event.WITHDRAW)
                    continue
                lost |= 1 << dependent
                stopped.append(spell)
                self._close(spell, Event.SERVICE_STOP)
        return stopped

    def _move_out(self, ended: list[Spell]) -> None:
        """Find another home if the last service that housed the person is among these."""
        housing = [spell for spell in ended if spell.terms.houses]
        if not housing or self.houses():
            return
        spell = housing[-1]
        u = self.person.draws.uniform(spell.terms.key ^ Purpose.EXIT, spell.draw_index)
        share = self.person.regime.services[spell.service].exit_settled
        self.person.home.move_out_of_service(settled=u < share)

    # After

    def _complete(self, spell: Spell) -> None:
        person, terms = self.person, self.person.regime.services[spell.service]
        self._count(spell, ServiceCount.COMPLETED, 1.0)
        person.pay(of_one_payer(terms.per_completion, terms.payer))
        person.trigger(
            0 if person.lingers else person.regime.on_completion[spell.service],
            draw_index=draw_index_after(terms.key ^ Purpose.COMPLETION, spell.draw_index),
        )
        days = person.draws.quantity(terms.after, terms.key ^ Purpose.AFTER, spell.draw_index)
        # An effect of no length is no effect, and ends without a row.
        if days <= 0.0:
            return
        of_start = spell.terms
        effect = Effect(
            spell.service,
            terms.after_ratio,
            acts_on=of_start.acts_on,
            custody_ratio=of_start.custody_ratio,
        )
        self._after.append(effect)
        self._effects[spell.service] += 1
        person.timer(
            person.now + days,
            lambda: self._after_over(effect),
            rank=EventPriority.AFTER_END,
            part=spell.service,
        )

    def _after_over(self, effect: Effect) -> None:
        self._after.remove(effect)
        self._effects[effect.service] -= 1
        self.person.log(Event.AFTER_END, effect.service)
