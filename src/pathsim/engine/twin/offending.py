"""From one person's offences to their disposals."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pathsim.engine.contract import Disposal, Ends, Event, Occasion, Purpose, Rank, Route

from .home import AT_DISPOSAL
from .law import chosen

if TYPE_CHECKING:
    from .person import Person


class Offence(NamedTuple):
    """A reoffence on its way through the courts."""

    number: int
    group: int
    committed: float
    route: Route


class Offending:
    """Reoffences in order, their proof, their disposals, and the presumption's effect."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._number = 0
        self._presumption_timer = person.never()
        self.presumption_ratio = 1.0

    def reoffend(self) -> None:
        """Commit the next offence: the budget has run out."""
        person, law = self._person, self._person.law
        self._number += 1
        k = self._number
        group = self._draw_group(k)
        person.log(Event.REOFFENCE, group)
        person.account.book(law.reoffence_cost[group], at=person.now)
        person.care.leave(Ends.REOFFENCE)
        if person.draws.uniform(Purpose.PROOF, k) < law.rules.proof:
            self._await_proof(Offence(k, group, person.now, self._draw_route(k, group)))
        person.hazard.renew(k + 1)
        person.trigger(law.on_reoffence, occasion=Occasion.REOFFENCE + k)

    def _draw_group(self, k: int) -> int:
        person, law = self._person, self._person.law
        if person.draws.uniform(Purpose.OFFENCE, k) < law.rules.same_group:
            return person.offence_group
        u = person.draws.uniform(Purpose.OFFENCE_OTHER, k)
        return chosen(law.offence_cumulative[person.age_group], u=u)

    def _draw_route(self, k: int, group: int) -> Route:
        person, law = self._person, self._person.law
        cautions = law.caution_share[person.age_group][group][person.previous_band]
        if person.draws.uniform(Purpose.ROUTE, k) < cautions:
            return Route.OUT_OF_COURT
        if person.draws.uniform(Purpose.CROWN, k) < law.crown_share[group]:
            return Route.CROWN
        return Route.MAGISTRATES

    def _await_proof(self, offence: Offence) -> None:
        person, k = self._person, offence.number
        delay = person.draws.quantity(person.law.delay[offence.route], Purpose.DELAY, k)
        person.timer(person.now + delay, lambda: self._prove(offence), rank=Rank.PROVEN, part=k)

    def _prove(self, offence: Offence) -> None:
        person, law, k = self._person, self._person.law, offence.number
        out_of_court = offence.route == Route.OUT_OF_COURT
        costs = law.caution_cost if out_of_court else law.conviction_cost[offence.group]
        person.account.book(costs, at=person.now)
        person.account.prove(committed=offence.committed, proven=person.now)
        disposal, days = Disposal.CAUTION, 0.0
        if not out_of_court:
            shares = law.disposal_cumulative[person.age_group][offence.group][person.previous_band]
            disposal = Disposal(chosen(shares, u=person.draws.uniform(Purpose.DISPOSAL, k)))
        if disposal == Disposal.CUSTODY:
            days = self.draw_sentence(offence.group, occasion=k)
        presumed = self.is_presumed(disposal, days=days, occasion=k)
        disposal = Disposal.SUSPENDED_SENTENCE if presumed else disposal
        person.log(Event.PROVEN, disposal)
        if disposal == Disposal.CUSTODY:
            person.legal.imprison(days)
        elif not person.legal.in_custody:
            self.receive(disposal, presumed=presumed, occasion=k)

    def draw_sentence(self, group: int, *, occasion: int) -> float:
        """Return the length of a custodial sentence for an offence group, days."""
        distribution = self._person.law.custody_days[self._person.age_group][group]
        return self._person.draws.quantity(distribution, Purpose.SENTENCE_DAYS, occasion)

    def is_presumed(self, disposal: Disposal, *, days: float, occasion: int) -> bool:
        """Return whether the presumption turns this disposal into a suspended sentence."""
        rules = self._person.law.rules
        if disposal != Disposal.CUSTODY or days > rules.presumption_max_days:
            return False
        u = self._person.draws.uniform(Purpose.PRESUMPTION, occasion)
        return u < rules.presumption_share

    def receive(self, disposal: Disposal, *, presumed: bool, occasion: int) -> None:
        """Start, at liberty, what a non-custodial disposal brings: order, effect, triggers."""
        person = self._person
        if presumed:
            self._begin_presumption()
        person.legal.start_order(disposal, occasion=occasion)
        if occasion == 0:
            person.home.enter_community(AT_DISPOSAL)
        person.trigger(person.law.on_disposal[disposal], occasion=Occasion.DISPOSAL + occasion)

    def _begin_presumption(self) -> None:
        person, rules = self._person, self._person.law.rules
        self._presumption_timer.cancel()
        self.presumption_ratio = rules.presumption_ratio
        self._presumption_timer = person.timer(
            person.now + rules.presumption_days,
            self._presumption_over,
            rank=Rank.PRESUMPTION_END,
        )

    def _presumption_over(self) -> None:
        self.presumption_ratio = 1.0
        self._person.log(Event.PRESUMPTION_END)
