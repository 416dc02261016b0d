"""What is counted and paid for one person."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pathsim.engine.contract import N_OUTCOME_COLUMNS, OutcomeColumn

from .regime import Rules


class Account:
    """The three clocks of one person: official, from the sentence, and the account."""

    def __init__(self, rules: Rules, *, start: float, index: float, closes: float) -> None:
        self.start = start
        self.index = index
        self.closes = closes
        self._rules = rules
        self._row = [0.0] * N_OUTCOME_COLUMNS
        self._row[OutcomeColumn.PEOPLE] = 1.0
        self._row[OutcomeColumn.INDEX_EVENTS] = 0.0 if rules.quarterly else 1.0
        self._first = math.inf

    def add(self, column: OutcomeColumn, amount: float) -> None:
        """Add to one of the person's outcomes."""
        self._row[column] += amount

    def record_cost(self, amounts: Sequence[float], *, at: float) -> None:
        """Book pounds by payer for an event at day `at`."""
        if at <= self.closes:
            for payer, amount in enumerate(amounts):
                self._row[OutcomeColumn.COST + payer] += amount

    def record_cost_of_one_payer(self, amount: float, *, payer: int, at: float) -> None:
        """Book pounds to one payer for an event at day `at`."""
        if at <= self.closes:
            self._row[OutcomeColumn.COST + payer] += amount

    def record_days(self, prices: Sequence[float], *, since: float, until: float) -> float:
        """Book pounds a day by payer for a state that has ended; return its days in the account."""
        days = self._days(since, until)
        for payer, price in enumerate(prices):
            self._row[OutcomeColumn.COST + payer] += days * price
        return days

    def record_days_of_one_payer(
        self, price: float, *, payer: int, since: float, until: float
    ) -> None:
        """Book pounds a day to one payer for a state that has ended."""
        self._row[OutcomeColumn.COST + payer] += self._days(since, until) * price

    def prove(self, *, committed: float, proven: float, severity: float) -> None:
        """Count a proven offence on the clocks whose window it falls in."""
        days, waiting = self._rules.follow_up, self._rules.waiting
        if self._rules.quarterly:
            pass  # the clocks of the quarters count
        elif self.index <= committed < self.index + days and proven <= self.index + days + waiting:
            self._first = min(self._first, committed)
            self._row[OutcomeColumn.REOFFENDERS] = 1.0
            self._row[OutcomeColumn.DAYS_TO_FIRST] = self._first - self.index
            self.add(OutcomeColumn.REOFFENCES, 1.0)
            self.add(OutcomeColumn.SEVERITY, severity)
        if self.start <= committed < self.start + days and proven <= self.start + days + waiting:
            self.add(OutcomeColumn.REOFFENCES_FROM_SENTENCE, 1.0)

    @property
    def follow_up_ends(self) -> float:
        """Until when an offence counts officially, if it is proven in time."""
        return self.index + self._rules.follow_up

    def expect(self, reoffences: float, *, first: bool) -> None:
        """Add to what is to be expected on the official clock.

        first: whether no reoffence that counts has been committed so far.
        """
        self.add(OutcomeColumn.EXPECTED_REOFFENCES, reoffences)
        self.add(OutcomeColumn.EXPECTED_REOFFENDERS, reoffences if first else 0.0)

    def columns(self) -> list[float]:
        """Return the person's row of outcomes, columns as in `contract.OutcomeColumn`."""
        return self._row

    def _days(self, since: float, until: float) -> float:
        return max(0.0, min(until, self.closes) - since)
