"""From one person's offences to their disposals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pathsim.engine.contract import (
    MAX_CASES,
    NO_SERVICE,
    Disposal,
    DrawIndex,
    EndingFlag,
    Event,
    EventPriority,
    Legal,
    Purpose,
    Route,
    Why,
    band_of,
)
from pathsim.engine.occasions import offences_scale

from .clocks import Clock, Occasion
from .home import AT_DISPOSAL
from .mix import Mix
from .regime import Regime, chosen
from .sentence import drawn_length, is_presumed

if TYPE_CHECKING:
    from .person import Person


class Offence(NamedTuple):
    """An occasion of reoffending on its way through the courts."""

    number: int
    group: int
    offences: int
    committed: float
    route: Route


class Verdict(NamedTuple):
    """What a case comes to: the disposal after any presumption, and the days of custody behind it.

    activated: whether it activates the suspended sentence, which `days` then includes.
    passed: the days of the custodial sentence passed for the case alone. alone, band: the
    disposal and the sentence band without any diversion, presumption or activation.
    """

    disposal: Disposal
    days: float = 0.0
    presumed: bool = False
    activated: bool = False
    passed: float = 0.0
    alone: Disposal = Disposal.CAUTION
    band: int = 0


class Offending:
    """Reoffences in order, their proof, their disposals, and the presumption's effect."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._groups = [person.offence_group]
        self._presumption_timer = person.never()
        self._pending = self._real = 0
        self.presumption_ratio = 1.0
        self.has_counted = False
        """Whether a reoffence has been committed that will count officially."""

    @property
    def committed(self) -> int:
        """How many reoffences there have been."""
        return len(self._groups) - 1

    def group_of(self, k: int) -> int:
        """Return the group of the index offence (0) or of the k-th reoffence."""
        return self._groups[k]

    def reoffend(self) -> None:
        """Commit the next offence: the budget has run out."""
        person, regime = self._person, self._person.regime
        k = len(self._groups)
        group = self._draw_group(k, regime)
        self._groups.append(group)
        person.log(Event.REOFFENCE, group)
        real, person.within = person.is_member, person.now < person.counted_until
        person.pay(regime.reoffence_cost[group])
        offences = self._draw_offences(k, group, regime)
        if offences > 1:
            person.log(Event.FURTHER_OFFENCES, offences - 1)
            person.pay(regime.further_cost[group], times=offences - 1.0)
        remanded = counts = False
        counting: list[Clock] = []
        if person.draws.uniform(Purpose.PROOF, k) < regime.rules.proof:
            route = self._draw_route(k, group, regime)
            u = person.draws.uniform(Purpose.REMAND, k)
            remanded = real and u < regime.remand_share[route]
            self._await_proof(Offence(k, group, offences, person.now, route))
            if regime.rules.clocks_a_year:
                reach = self.counts_for(k, regime=regime)
                counting = [c for c in person.clocks.open if person.now - c.opened < reach]
            else:
                counts = person.now < self.counts_until(k, regime=regime)
        if remanded:
            person.legal.remand(k)
        elif real:
            person.services.leave(EndingFlag.REOFFENCE)
        person.hazard.renew(k + 1)
        self.has_counted = self.has_counted or counts
        for clock in counting:
            clock.has_counted = True
        if real:
            person.trigger(regime.on_reoffence, draw_index=DrawIndex.REOFFENCE + k, offence=group)

    def counts_until(self, k: int, *, regime: Regime) -> float:
        """Return until which day the k-th reoffence, if proven, would count officially.

        Its route and delay belong to its number, whenever it comes.
        """
        route = self._draw_route(k, self._draw_group(k, regime), regime)
        last, waiting = self._person.account.follow_up_ends, regime.rules.waiting
        return min(last, last + waiting - self._draw_delay(k, route, regime))

    def counts_for(self, k: int, *, regime: Regime) -> float:
        """Return for how many days of a clock the k-th reoffence, if proven, would count."""
        route, rules = self._draw_route(k, self._draw_group(k, regime), regime), regime.rules
        late = min(rules.waiting - self._draw_delay(k, route, regime), 0.0)
        return float(rules.follow_up + late)

    def mean_of(self, k: int, *, regime: Regime) -> float:
        """Return how many offences are to be expected of the k-th occasion, by its group."""
        return regime.offences_mean[self._draw_group(k, regime)]

    def _draw_offences(self, k: int, group: int, regime: Regime) -> int:
        mean = regime.offences_mean[group]
        if mean == 1.0:
            return 1
        scale = float(offences_scale(np.array(mean)))
        return 1 + math.floor(self._person.draws.exponential(Purpose.OFFENCES, k) * scale)

    def _draw_group(self, k: int, regime: Regime) -> int:
        person = self._person
        mix = self.mix(regime).under(person.hazard.ratios)
        if person.draws.uniform(Purpose.OFFENCE, k) < mix.same:
            return person.offence_group
        return chosen(mix.others, u=person.draws.uniform(Purpose.OFFENCE_OTHER, k))

    def mix(self, regime: Regime) -> Mix:
        """Return the mix of offence groups of the next offence, before any service."""
        person = self._person
        others = regime.offence_cumulative[person.age_group]
        return Mix(person.offence_group, regime.rules.same_group, others)

    def _draw_route(self, k: int, group: int, regime: Regime) -> Route:
        person = self._person
        cautions = regime.caution_share[person.age_group][group][person.previous_band]
        if person.draws.uniform(Purpose.ROUTE, k) < cautions:
            return Route.OUT_OF_COURT
        if person.draws.uniform(Purpose.CROWN, k) < regime.crown_share[group]:
            return Route.CROWN
        return Route.MAGISTRATES

    def _draw_delay(self, k: int, route: Route, regime: Regime) -> float:
        return self._person.draws.quantity(regime.delay[route], Purpose.DELAY, k)

    def _await_proof(self, offence: Offence) -> None:
        person, k = self._person, offence.number
        due = person.now + self._draw_delay(k, offence.route, person.regime)
        if due >= (person.stays_until if person.is_member else person.ends):
            return
        self._pending += 1
        self._real += person.is_member
        if self._pending > MAX_CASES:
            person.stop(Why.CASES, rank=EventPriority.PROVEN)
        proven = self._prove if person.is_member else self._count
        person.timer(due, lambda: proven(offence), rank=EventPriority.PROVEN, part=k)

    @property
    def is_pending(self) -> bool:
        """Whether a case that will have a disposal is before the courts."""
        return self._real > 0

    def _count(self, offence: Offence) -> None:
        """Prove an offence that is only counted on clocks: nothing follows from it."""
        self._pending -= 1
        person, severity = self._person, self._person.regime.severity[offence.group]
        person.log(Event.COUNTED, offence.group)
        self._tell_clocks(offence, severity)

    def _tell_clocks(self, offence: Offence, severity: float) -> None:
        person = self._person
        for clocks in (person.account, person.clocks):
            clocks.prove(
                committed=offence.committed,
                proven=person.now,
                offences=offence.offences,
                severity=severity,
            )

    def _prove(self, offence: Offence) -> None:
        self._pending -= 1
        self._real -= 1
        person, regime = self._person, self._person.regime
        out_of_court = offence.route == Route.OUT_OF_COURT
        costs = regime.caution_cost if out_of_court else regime.conviction_cost[offence.group]
        person.pay(costs)
        self._tell_clocks(offence, regime.severity[offence.group])
        if person.within:
            person.account.count_by_year(committed=offence.committed, offences=offence.offences)
        verdict = self._end_out_of_court(offence) if out_of_court else self._judge(offence)
        person.pay(regime.disposal_cost[verdict.disposal])
        person.log(Event.PROVEN, verdict.disposal)
        occasion = Occasion(offence.group, person.previous, verdict.alone, verdict.band)
        person.clocks.count_occasion(verdict.disposal, verdict.passed, occasion)
        if regime.rules.record_grows:
            person.hazard.settle()  # what would count so far went by the record so far
            person.previous += 1
        self._carry_out(verdict, case=offence.number, occasion=occasion)

    def _judge(self, offence: Offence) -> Verdict:
        """Return what a case disposed of in court comes to."""
        person, regime, k = self._person, self._person.regime, offence.number
        shares = regime.disposal_cumulative[person.age_group][offence.group][person.previous_band]
        disposal = alone = Disposal(chosen(shares, u=person.draws.uniform(Purpose.DISPOSAL, k)))
        days, band = 0.0, 0
        if disposal == Disposal.CUSTODY:
            days = self.draw_sentence(offence.group, draw_index=k)
            band = band_of(days)
            if self._is_diverted(k):
                disposal, days = Disposal.COMMUNITY_ORDER, 0.0
        verdict = Verdict(disposal, days, passed=days, alone=alone, band=band)
        if self._activates(k):
            behind = days + person.legal.orders.suspended_days
            return verdict._replace(days=behind, activated=True)
        if self._is_suspended(disposal, days, offence):
            return verdict._replace(disposal=Disposal.SUSPENDED_SENTENCE, presumed=True, passed=0.0)
        return verdict

    def _is_suspended(self, disposal: Disposal, days: float, offence: Offence) -> bool:
        """Return whether the presumption suspends the sentence for a reoffence."""
        person, regime, k = self._person, self._person.regime, offence.number
        if not is_presumed(
            regime,
            person.draws,
            disposal,
            age_group=person.age_group,
            days=days,
            draw_index=k,
        ):
            return False
        if regime.rules.presumption_service == NO_SERVICE:
            return True
        return person.legal.is_freed_by(k) and person.services.takes_in_court(
            DrawIndex.DISPOSAL + k, offence=offence.group
        )

    def _end_out_of_court(self, offence: Offence) -> Verdict:
        """Return the caution that a case comes to, and what it would have come to otherwise."""
        person, regime, k = self._person, self._person.regime, offence.number
        if regime.rules.diverted_adult == 0.0 and regime.rules.diverted_youth == 0.0:
            return Verdict(Disposal.CAUTION)
        age, group, band = person.age_group, offence.group, person.previous_band
        if person.draws.uniform(Purpose.ROUTE, k) < regime.caution_alone[age][group][band]:
            return Verdict(Disposal.CAUTION)
        lesser = regime.diverted_cumulative[age][group][band]
        u = person.draws.uniform(Purpose.DISPOSAL, k)
        return Verdict(Disposal.CAUTION, alone=Disposal(chosen(lesser, u=u)))

    def _is_diverted(self, k: int) -> bool:
        u = self._person.draws.uniform(Purpose.DIVERSION, k)
        return u >= self._person.services.custody_ratio()

    def _activates(self, k: int) -> bool:
        """Return whether the k-th reoffence activates a suspended sentence that is running."""
        person, legal = self._person, self._person.legal
        if legal.in_custody or legal.orders.running != Legal.SUSPENDED_SENTENCE:
            return False
        return person.draws.uniform(Purpose.ACTIVATION, k) < person.regime.rules.activation

    def _carry_out(self, verdict: Verdict, *, case: int, occasion: Occasion) -> None:
        person, legal = self._person, self._person.legal
        imprisoned = verdict.activated or verdict.disposal == Disposal.CUSTODY
        if legal.is_remanded_for(case):
            if imprisoned:
                legal.imprison_from_remand(verdict.days, draw_index=case, occasion=occasion)
            elif legal.discharge_from_remand():
                self.receive(verdict, draw_index=case, occasion=occasion)
        elif imprisoned:
            if verdict.activated:
                person.log(Event.ACTIVATION, Legal.SUSPENDED_SENTENCE)
            legal.imprison(verdict.days, draw_index=case, occasion=occasion)
        elif not legal.in_custody:
            self.receive(verdict, draw_index=case, occasion=occasion)

    def draw_sentence(
        self, group: int, *, draw_index: int, purpose: int = Purpose.SENTENCE_DAYS
    ) -> float:
        """Return the length of a custodial sentence for an offence group, days."""
        person = self._person
        return drawn_length(
            person.regime,
            person.draws,
            age_group=person.age_group,
            offence_group=group,
            draw_index=draw_index,
            purpose=purpose,
        )

    def receive(self, verdict: Verdict, *, draw_index: int, occasion: Occasion) -> None:
        """Start, at liberty, what a non-custodial disposal brings: order, effect, triggers."""
        person, disposal = self._person, verdict.disposal
        person.legal.occasion = occasion
        person.clocks.index_event(disposal, 0.0, occasion)
        if verdict.presumed:
            self._begin_presumption()
        person.legal.orders.start(
            disposal,
            presumed_days=verdict.days if verdict.presumed else None,
            draw_index=draw_index,
        )
        occasion_of_triggers = DrawIndex.DISPOSAL + draw_index
        person.trigger(person.regime.on_disposal[disposal], draw_index=occasion_of_triggers)
        if verdict.presumed and person.regime.rules.presumption_service != NO_SERVICE:
            person.services.start_in_court(occasion_of_triggers)
        if draw_index == 0:
            person.home.enter_community(AT_DISPOSAL)

    def _begin_presumption(self) -> None:
        person, rules = self._person, self._person.regime.rules
        self._presumption_timer.cancel()
        self.presumption_ratio = rules.presumption_ratio
        self._presumption_timer = person.timer(
            person.now + rules.presumption_days,
            self._presumption_over,
            rank=EventPriority.PRESUMPTION_END,
        )

    def _presumption_over(self) -> None:
        self.presumption_ratio = 1.0
        self._person.log(Event.PRESUMPTION_END)
