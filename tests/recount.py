"""Everything a replication adds up to, once more: from the log, the tables and addressed draws."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from clock_log import opened
from log_checks import NEVER, Life, regime_on
from pathsim.engine.contract import (
    N_OUTCOME_COLUMNS,
    N_PAYERS,
    PUBLIC,
    SOCIETY,
    Address,
    Disposal,
    Event,
    Home,
    Legal,
    Log,
    OutcomeColumn,
    Purpose,
    Route,
    previous_band,
)
from pathsim.engine.generations import word_of
from pathsim.engine.lowering import Lowered
from pathsim.engine.reference.draws import Draws

YEAR = 365.25
LATER_YEARS = 3


class Account:
    """One person's dates and sums."""

    def __init__(self, lowered: Lowered, life: Life, address: Address) -> None:
        self.tables, self.people, self.life = lowered.tables, lowered.people, life
        self.rules = lowered.tables.rules
        generation, self.record = (int(each) for each in lowered.described(np.array(life.person)))
        key = int(self.people.key[self.record]) ^ word_of(generation)
        self.draws = Draws(lowered.tables, address=address, key=key)
        released = self.rules["index_at_release"][0] and life.custody_first
        self.index = life.released if released else life.start
        self.member_until = life.start + self.rules["memory"][0]
        self.until = life.start + self.rules["follow_up"][0] + self._sentence()
        self.stays_until = np.inf
        if self.member_until < np.inf:
            self.until = np.inf
            self.stays_until = closing_day(lowered) if life.person >= len(lowered.ids) else np.inf
        self.by_events = bool(self.rules["clocks_a_year"][0])
        self.clocks: list[float] = []
        """When clocks by quarters opened."""
        self.columns = np.zeros(N_OUTCOME_COLUMNS)
        self.cost = self.columns[OutcomeColumn.COST :]
        self.rate = float(self.rules["discount"][0])

    def regime(self, time: float) -> int:
        return regime_on(self.tables, time)

    def _sentence(self) -> float:
        """Return the length of the index custodial sentence that the account is extended by."""
        who, people = self.record, self.people
        if people.disposal[who] != Disposal.CUSTODY or not self.rules["index_at_release"][0]:
            return 0.0
        if not np.isnan(people.sentence_days[who]):
            return float(people.sentence_days[who])
        tables = self.tables.custody_days[self.regime(self.life.start)]
        which = tables[people.age_group[who], people.offence_group[who]]
        return self.draws.quantity(int(which), Purpose.SENTENCE_DAYS, 0)

    def end(self, known: float = np.inf) -> float:
        """Return when the page on the model says that the follow-up ends, if nothing goes on.

        known: until when clocks have opened that are known of.
        """
        follow_up, waiting = self.rules["follow_up"][0], self.rules["waiting"][0]
        # A follow-up of no days ends with the sentence, before a release at that instant.
        if self.by_events:
            opened = (each for each in self.clocks if each <= known)
            return max([self.member_until, *(each + follow_up + waiting for each in opened)])
        index = self.index if self.index < np.inf else self.life.start
        return max(index + follow_up + waiting, min(self.member_until, self.until))

    def inside(self, since: float, until: float) -> float:
        return min(until, self.until) - min(since, self.until)

    def cases(self) -> Iterator[tuple[float, int, int, float, int]]:
        """Yield (due, number, group, time of the offence, route) of what will be proven."""
        for case in self._charged():
            # A clock that opens later holds no offence of before it.
            ends = min(self.end(case[3]), self.life.end, self.stays_until)
            if self.member_until < np.inf and case[3] < self.member_until:
                ends = self.stays_until  # what is real is waited for
            if case[0] < ends:
                yield case

    def remanded(self) -> list[tuple[float, float]]:
        """Return (offence, end of the case, perhaps after the follow-up) of who is held for it."""
        return [
            (time, due)
            for due, number, _, time, route in self._charged()
            if time < self.member_until
            and self.draws.uniform(Purpose.REMAND, number)
            < self.tables.remand_share[self.regime(time)][route]
        ]

    def _charged(self) -> Iterator[tuple[float, int, int, float, int]]:
        who, people = self.record, self.people
        proofs: list[float] = []  # of earlier offences
        for number, (time, group) in enumerate(self.life.offences, start=1):
            r = self.regime(time)
            if self.draws.uniform(Purpose.PROOF, number) >= self.rules["proof"][r]:
                continue
            record = int(people.previous[who])
            if self.rules["record_grows"][0]:
                record += 1 + sum(proof <= time for proof in proofs)
            history = people.age_group[who], group, previous_band(record)
            route = Route.MAGISTRATES
            if self.draws.uniform(Purpose.ROUTE, number) < self.tables.caution_share[r][history]:
                route = Route.OUT_OF_COURT
            elif self.draws.uniform(Purpose.CROWN, number) < self.tables.crown_share[r][group]:
                route = Route.CROWN
            delay = int(self.tables.delay[r][route])
            due = time + self.draws.quantity(delay, Purpose.DELAY, number)
            if time < self.member_until:
                proofs.append(due)
            yield due, number, group, time, int(route)

    def offences(self, number: int, group: int, time: float) -> int:
        """Return of how many offences an occasion is."""
        mean = self.tables.offences_mean[self.regime(time)][group]
        if mean == 1.0:
            return 1
        left = -np.log(self.draws.uniform(Purpose.OFFENCES, number))
        return 1 + int(left / -np.log1p(-1.0 / mean))

    def settle(self) -> None:
        """Fill the columns."""
        self._states()
        self._services()
        self._offences()
        self._clocks()

    def _pay(self, amounts: np.ndarray, time: float) -> None:
        """Book pounds by payer on a day, if it lies inside the account."""
        if time <= self.until:
            passed = time - self.life.start
            self._book(amounts, np.exp(-self.rate * passed), [(_year(passed), 1.0)], 1.0)

    def _hold(self, prices: np.ndarray, since: float, until: float) -> float:
        """Book pounds a day by payer; return the days."""
        days = self.inside(since, until)
        if days > 0.0:
            first = since - self.life.start
            self._book(prices, self._worth(first, days), list(_by_year(first, days)), days)
        return days

    def _worth(self, first: float, days: float) -> float:
        if self.rate == 0.0:
            return days
        return np.exp(-self.rate * first) * -np.expm1(-self.rate * days) / self.rate

    def _book(self, amounts: np.ndarray, worth: float, years: list, whole: float) -> None:
        self.cost += worth * np.asarray(amounts)
        books = {
            OutcomeColumn.COST_PUBLIC_YEAR_2: np.sum([amounts[payer] for payer in PUBLIC]),
            OutcomeColumn.COST_SOCIETY_YEAR_2: amounts[SOCIETY],
        }
        for second, amount in books.items():
            self._add_years(second, amount, years)
            self.columns[second + LATER_YEARS] += amount * (whole - worth)

    def _add_years(self, second: int, amount: float, years: list) -> None:
        for year, part in years:
            if year > 0:
                self.columns[second + year - 1] += part * amount

    def _states(self) -> None:
        for stay in self.life.legal:
            prices = self.tables.status_day[self.regime(stay.since)][stay.state]
            days = self._hold(prices, stay.since, stay.until)
            if stay.state == Legal.CUSTODY and days > 0.0:
                first = stay.since - self.life.start
                self.columns[OutcomeColumn.CUSTODY_DAYS] += days
                self.columns[OutcomeColumn.CUSTODY_DAYS_OFF] += days - self._worth(first, days)
                years = list(_by_year(first, days))
                self._add_years(OutcomeColumn.CUSTODY_DAYS_YEAR_2, 1.0, years)
        for time in self.life.breaches:
            self._pay(self.tables.breach_cost[self.regime(time)], time)
        for stay in self.life.home:
            if stay.state == Home.HOMELESS:
                prices = self.tables.homeless_day[self.regime(stay.since)]
                until, since = (min(day, self.member_until) for day in (stay.until, stay.since))
                days = self._hold(prices, since, until)
                self.columns[OutcomeColumn.HOMELESS_DAYS] += days

    def _terms(self, time: float, service: int, price: str) -> np.ndarray:
        terms = self.tables.services[self.regime(time), service]
        return np.where(np.arange(N_PAYERS) == terms["payer"], terms[price], 0.0)

    def _services(self) -> None:
        for time, service in self.life.referrals:
            self._pay(self._terms(time, service, "per_referral"), time)
        for episode in self.life.episodes:
            if episode.started == NEVER:
                continue
            began, service = episode.started, episode.service
            self._pay(self._terms(began, service, "per_start"), began)
            if episode.how == Event.SERVICE_COMPLETE:
                self._pay(self._terms(episode.left, service, "per_completion"), episode.left)
            self._hold(self._terms(began, service, "per_day"), began, episode.left)

    def _offences(self) -> None:
        for time, disposal in self.life.proven:
            self._pay(self.tables.disposal_cost[self.regime(time)][disposal], time)
        for number, (time, group) in enumerate(self.life.offences, start=1):
            if time < self.member_until:
                r = self.regime(time)
                further = self.offences(number, group, time) - 1
                pounds = self.tables.reoffence_cost[r][group]
                self._pay(pounds + further * self.tables.further_cost[r][group], time)
        for due, number, group, time, route in self.cases():
            if time >= self.member_until:
                continue
            r = self.regime(due)
            caution = route == Route.OUT_OF_COURT
            tables = self.tables
            self._pay(tables.caution_cost[r] if caution else tables.conviction_cost[r][group], due)
            if time <= self.until:
                offences = self.offences(number, group, time)
                self.columns[OutcomeColumn.REOFFENCES_TOTAL] += offences
                self.columns[OutcomeColumn.OCCASIONS_TOTAL] += 1.0
                years = [(_year(time - self.life.start), 1.0)]
                self._add_years(OutcomeColumn.REOFFENCES_YEAR_2, offences, years)

    def _clocks(self) -> None:
        days, waiting = self.rules["follow_up"][0], self.rules["waiting"][0]
        proven = [
            (due, time, group, self.offences(number, group, time))
            for due, number, group, time, _ in self.cases()
        ]
        counted = [
            (due, time, group, offences)
            for due, time, group, offences in proven
            if self.index <= time < self.index + days and due <= self.index + days + waiting
        ]
        since, columns = self.life.start, self.columns
        if self.by_events:
            counted = []
        official = [time for _, time, _, _ in counted]
        columns[OutcomeColumn.PEOPLE] = 1.0
        columns[OutcomeColumn.INDEX_EVENTS] = not self.by_events
        columns[OutcomeColumn.REOFFENCES] = sum(offences for *_, offences in counted)
        columns[OutcomeColumn.REOFFENDING_OCCASIONS] = len(official)
        columns[OutcomeColumn.REOFFENDERS] = bool(official)
        columns[OutcomeColumn.DAYS_TO_FIRST] = min(official) - self.index if official else 0.0
        columns[OutcomeColumn.REOFFENCES_FROM_SENTENCE] = sum(
            offences
            for due, time, _, offences in proven
            if time < since + days and due <= since + days + waiting
        )
        columns[OutcomeColumn.SEVERITY] = sum(
            offences * self.tables.severity[self.regime(due)][group]
            for due, _, group, offences in counted
        )

    def on_clocks(self) -> Iterator[np.ndarray]:
        """Yield the columns of each clock by quarters."""
        days, waiting = self.rules["follow_up"][0], self.rules["waiting"][0]
        for began in self.clocks:
            counted = [
                (
                    time - began,
                    self.tables.severity[self.regime(due)][group],
                    self.offences(number, group, time),
                )
                for due, number, group, time, _ in self.cases()
                if began <= time < began + days and due <= began + days + waiting
            ]
            columns = np.zeros(N_OUTCOME_COLUMNS)
            columns[OutcomeColumn.INDEX_EVENTS] = 1.0
            columns[OutcomeColumn.REOFFENCES] = sum(offences for *_, offences in counted)
            columns[OutcomeColumn.REOFFENDING_OCCASIONS] = len(counted)
            columns[OutcomeColumn.REOFFENDERS] = bool(counted)
            columns[OutcomeColumn.DAYS_TO_FIRST] = min((d for d, *_ in counted), default=0.0)
            columns[OutcomeColumn.SEVERITY] = sum(
                weight * offences for _, weight, offences in counted
            )
            yield columns

    def disposals(self) -> int:
        """Return how many disposals of the counted year a person received."""
        times = [self.life.start, *(time for time, _ in self.life.proven)]
        return self.by_events * sum(0.0 <= time < self.rules["intake"][0] for time in times)

    def expected(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the least and the most that can be expected: (reoffenders, reoffences) each.

        A budget spent in time is what it expects of the offence that it ends in, and the last
        one, or one that runs past what counts, something between nothing and all of itself.
        """
        least, most = np.zeros(2), np.zeros(2)
        days, waiting = self.rules["follow_up"][0], self.rules["waiting"][0]
        proven = {number: (due, time) for due, number, _, time, _ in self._charged()}
        began, counted = self.life.start, False
        for number, time in enumerate([*(t for t, _ in self.life.offences), NEVER], start=1):
            if began >= self.index + days:
                break
            budget = -np.log(self.draws.uniform(Purpose.BUDGET, number))
            regimes = {self.regime(began), self.regime(min(time, self.index + days))}
            shares = [float(self.rules["proof"][r]) for r in regimes]
            due, _ = proven.get(number, (NEVER, time))
            in_time = time < self.index + days and due <= self.index + days + waiting
            columns = slice(int(counted), 2)
            means = [self.tables.offences_mean[r] for r in regimes]
            most[columns] += (max(shares) * budget * np.array([1.0, np.max(means)]))[columns]
            if in_time and len(regimes) == 1:
                mean = means[0][self.life.offences[number - 1][1]]
                least[columns] += (shares[0] * budget * np.array([1.0, mean]))[columns]
            counted = counted or in_time
            began = time
        return least, most


def closing_day(lowered: Lowered) -> float:
    """Return when the last of other generations end, where people have a memory."""
    rules = lowered.tables.rules
    clock = rules["follow_up"][0] + rules["waiting"][0]
    if lowered.tables.pool_capacity.shape[1] > 0:
        given = lowered.people.start_day[lowered.people.enters]
        last = max([rules["intake"][0], *given[~np.isnan(given)]])
        come = rules["intake"][0] * (1 + rules["generations_after"][0])
        return float(max(last + max(1.0, rules["memory"][0], clock), come))
    return float(rules["intake"][0] + max(1.0, clock if rules["clocks_a_year"][0] else 1.0))


def _year(passed: float) -> int:
    return min(int(passed // YEAR), LATER_YEARS)


def _by_year(first: float, days: float) -> Iterator[tuple[int, float]]:
    ends = [YEAR * (k + 1) for k in range(LATER_YEARS)]
    cuts = [first, *(end for end in ends if first < end < first + days), first + days]
    for since, until in pairwise(cuts):
        yield _year((since + until) / 2), until - since


def accounts(lowered: Lowered, lives: list[Life], address: Address, log: Log) -> list[Account]:
    """Return everybody's account, settled."""
    made = [Account(lowered, life, address) for life in lives]
    for account in made:
        if account.by_events:
            window = float(lowered.tables.rules["intake"][0])
            clocks = int(lowered.tables.rules["clocks_a_year"][0])
            account.clocks = opened(account.life, log, window=window, clocks=clocks)
    for account in made:
        account.settle()
    return made
