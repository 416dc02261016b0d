"""What is counted and paid for one person."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pathsim.elementary import exp
from pathsim.engine.contract import (
    DAYS_IN_YEAR,
    N_OUTCOME_COLUMNS,
    N_PAYERS,
    PUBLIC,
    SOCIETY,
    YEARS,
    OutcomeColumn,
)

from .regime import Rules


class _ByYear(NamedTuple):
    """The columns of something by year; the first year is what the later ones leave of it all."""

    second: int
    off: int
    """What a discount takes off."""

    def add(self, row: list[float], year: int, amount: float) -> None:
        """Add to a year since the start, from 0."""
        if year > 0:
            row[self.second + year - 1] += amount


_PUBLIC = _ByYear(OutcomeColumn.COST_PUBLIC_YEAR_2, OutcomeColumn.COST_PUBLIC_OFF)
_SOCIETY = _ByYear(OutcomeColumn.COST_SOCIETY_YEAR_2, OutcomeColumn.COST_SOCIETY_OFF)
_CUSTODY = _ByYear(OutcomeColumn.CUSTODY_DAYS_YEAR_2, OutcomeColumn.CUSTODY_DAYS_OFF)

_LITTLE = 0.01
"""A share lost below which a series says it better than a difference of two numbers near 1."""


class Account:
    """The three clocks of one person: official, from the sentence, and the account."""

    def __init__(self, rules: Rules, *, start: float, index: float, closes: float) -> None:
        self.start = start
        self.index = index
        self.closes = closes
        self._rules = rules
        self._row = [0.0] * N_OUTCOME_COLUMNS
        self._row[OutcomeColumn.PEOPLE] = 1.0
        self._row[OutcomeColumn.INDEX_EVENTS] = 0.0 if rules.clocks_a_year else 1.0
        self._first = math.inf

    def add(self, column: int, amount: float) -> None:
        """Add to one of the person's outcomes."""
        self._row[column] += amount

    def record_cost(self, amounts: Sequence[float], *, at: float, times: float = 1.0) -> None:
        """Book pounds by payer for an event at day `at`, so many times."""
        if at > self.closes:
            return
        worth, year = self._worth(at), self._year_of(at)
        for payer, amount in enumerate(amounts):
            self._row[OutcomeColumn.COST + payer] += (worth * times) * amount
        for book, amount in _books(amounts):
            book.add(self._row, year, amount * times)
            self._row[book.off] += amount * times * (1.0 - worth)

    def record_days(self, prices: Sequence[float], *, since: float, until: float) -> float:
        """Book pounds a day by payer for a state that has ended; return its days in the account."""
        days = max(0.0, min(until, self.closes) - since)
        worth = self._present_days(since, days)
        for payer, price in enumerate(prices):
            self._row[OutcomeColumn.COST + payer] += worth * price
        for book, price in _books(prices):
            for year, part in self._days_by_year(since, days):
                book.add(self._row, year, part * price)
            self._row[book.off] += price * (days - worth)
        return days

    def record_custody(self, *, since: float, until: float) -> None:
        """Count days in custody."""
        days = max(0.0, min(until, self.closes) - since)
        self.add(OutcomeColumn.CUSTODY_DAYS, days)
        self.add(_CUSTODY.off, days - self._present_days(since, days))
        for year, part in self._days_by_year(since, days):
            _CUSTODY.add(self._row, year, part)

    # Years since the start, and what is worth how much then

    def _year_of(self, day: float) -> int:
        """Return the year since the start, from 0, in which a day lies."""
        passed = day - self.start
        return sum(passed >= year * DAYS_IN_YEAR for year in range(1, len(YEARS)))

    def _days_by_year(self, since: float, days: float) -> Iterator[tuple[int, float]]:
        """Yield each year since the start with those of its days that follow a date."""
        first = since - self.start
        last = first + days
        for year in range(len(YEARS)):
            ends = (year + 1) * DAYS_IN_YEAR if year < len(YEARS) - 1 else math.inf
            part = min(last, ends) - max(first, year * DAYS_IN_YEAR)
            if part > 0.0:
                yield year, part

    def _worth(self, day: float) -> float:
        """Return what a pound is worth that is paid on a day."""
        rate = self._rules.discount
        return 1.0 if rate == 0.0 else float(exp(-rate * (day - self.start)))

    def _present_days(self, since: float, days: float) -> float:
        """Return for how many days a price would be paid at the start, to be worth as much."""
        rate = self._rules.discount
        if rate == 0.0:
            return days
        lost = rate * days
        if lost < _LITTLE:  # the series of (1 - exp(-lost)) / lost
            share = 1.0
            for term in (6, 5, 4, 3, 2):
                share = 1.0 - lost * (1.0 / term) * share
        else:
            share = (1.0 - float(exp(-lost))) / lost
        return days * self._worth(since) * share

    def prove(self, *, committed: float, proven: float, offences: int, severity: float) -> None:
        """Count the proven offences of an occasion on the clocks whose window they fall in.

        severity: of each of them.
        """
        days, waiting = self._rules.follow_up, self._rules.waiting
        if self._rules.clocks_a_year:
            pass  # the clocks of the quarters count
        elif self.index <= committed < self.index + days and proven <= self.index + days + waiting:
            self._first = min(self._first, committed)
            self._row[OutcomeColumn.REOFFENDERS] = 1.0
            self._row[OutcomeColumn.DAYS_TO_FIRST] = self._first - self.index
            self.add(OutcomeColumn.REOFFENCES, offences)
            self.add(OutcomeColumn.REOFFENDING_OCCASIONS, 1.0)
            self.add(OutcomeColumn.SEVERITY, offences * severity)
        if self.start <= committed < self.start + days and proven <= self.start + days + waiting:
            self.add(OutcomeColumn.REOFFENCES_FROM_SENTENCE, offences)

    def count_by_year(self, *, committed: float, offences: int) -> None:
        """Count an occasion's proven offences, if committed in the account, in their year."""
        if committed <= self.closes:
            self.add(OutcomeColumn.REOFFENCES_TOTAL, offences)
            self.add(OutcomeColumn.OCCASIONS_TOTAL, 1.0)
            year = self._year_of(committed)
            if year > 0:
                self.add(OutcomeColumn.REOFFENCES_YEAR_2 + year - 1, offences)

    @property
    def follow_up_ends(self) -> float:
        """Until when an offence counts officially, if it is proven in time."""
        return self.index + self._rules.follow_up

    def expect(self, occasions: float, *, mean: float, first: bool) -> None:
        """Add to what is to be expected on the official clock.

        mean: offences to be expected of an occasion. first: whether no reoffence that counts has
        been committed so far.
        """
        self.add(OutcomeColumn.EXPECTED_REOFFENCES, occasions * mean)
        self.add(OutcomeColumn.EXPECTED_REOFFENDERS, occasions if first else 0.0)

    def columns(self) -> list[float]:
        """Return the person's row of outcomes, columns as in `contract.OutcomeColumn`."""
        return self._row


def _books(amounts: Sequence[float]) -> tuple[tuple[_ByYear, float], ...]:
    """Return each book, and what it bears of amounts by payer."""
    return (_PUBLIC, sum(amounts[payer] for payer in PUBLIC)), (_SOCIETY, amounts[SOCIETY])


def of_one_payer(amount: float, payer: int) -> list[float]:
    """Return pounds of one payer as amounts by payer."""
    return [amount if number == payer else 0.0 for number in range(N_PAYERS)]
