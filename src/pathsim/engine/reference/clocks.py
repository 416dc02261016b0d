"""Clocks by quarters of one person: what counts on each, by the groups they had at its start."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pathsim.engine.contract import (
    N_OUTCOME_COLUMNS,
    ClockGroup,
    Disposal,
    Ints,
    OutcomeColumn,
    band_of,
    previous_band,
)
from pathsim.vocabulary import AGE_BAND_LOWER

if TYPE_CHECKING:
    from .person import Person

_ADULT = 18
_DAYS_A_YEAR = 365.25


class Occasion(NamedTuple):
    """What a disposal is of: the group of the offence, and the record before it.

    disposal, sentence_band: as they would be without any diversion, presumption or activation,
    which change what follows and not who the person is.
    """

    offence_group: int
    previous: int
    disposal: int
    sentence_band: int


@dataclass
class Clock:
    """Twelve months from an index event, and the time in which what they count may be proven."""

    opened: float
    groups: Ints
    has_counted: bool = False
    """Whether a reoffence has been committed that will count."""
    row: list[float] = field(default_factory=lambda: [0.0] * N_OUTCOME_COLUMNS)


class Clocks:
    """The clocks that a person's index events have opened, at most one a quarter."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._quarter = -1
        self.open: list[Clock] = []

    @property
    def closes(self) -> float:
        """When the last of them does."""
        rules = self._person.regime.rules
        last = self.open[-1].opened if self.open else -math.inf
        return float(last + rules.follow_up + rules.waiting)

    def index_event(self, disposal: Disposal, days: float, occasion: Occasion) -> None:
        """Begin the hazard anew, and open a clock if this is the first of a quarter.

        days: the length of the custodial sentence that the person is released from.
        """
        person = self._person
        rules = person.regime.rules
        if not rules.clocks_a_year:
            return
        person.hazard.begin_anew(self._ratio(occasion))
        if not 0.0 <= person.now < rules.intake:
            return
        quarter = int(person.now * rules.clocks_a_year / rules.intake)
        if quarter > self._quarter:
            self._quarter = quarter
            clock = Clock(person.now, self._groups(disposal, days, occasion))
            clock.row[OutcomeColumn.INDEX_EVENTS] = 1.0
            self.open.append(clock)
            person.prolong(self.closes)

    def count_occasion(self, disposal: Disposal, days: float, occasion: Occasion) -> None:
        """Count a disposal of the counted year by the groups that the person has then."""
        person, rules = self._person, self._person.regime.rules
        if rules.clocks_a_year and 0.0 <= person.now < rules.intake:
            row = [0.0] * N_OUTCOME_COLUMNS
            row[OutcomeColumn.DISPOSALS] = 1.0
            person.world.add_person(self._groups(disposal, days, occasion), row)

    def _groups(self, disposal: Disposal, days: float, occasion: Occasion) -> Ints:
        person = self._person
        levels = self._levels(occasion) | {
            ClockGroup.DISPOSAL: int(disposal),
            ClockGroup.SENTENCE_BAND: band_of(days) if disposal == Disposal.CUSTODY else 0,
        }
        groups = person.groups.copy()
        for attribute, level in levels.items():
            column, first = person.world.clock_groups[attribute]
            groups[column] = first + level
        return groups

    def _levels(self, occasion: Occasion) -> dict[ClockGroup, int]:
        """Return the levels that a person has at an occasion, by the case alone."""
        person = self._person
        age = person.age + math.floor((person.now - person.account.start) / _DAYS_A_YEAR + 0.5)
        return {
            ClockGroup.AGE_GROUP: int(age < _ADULT),
            ClockGroup.AGE_BAND: max(0, bisect_right(AGE_BAND_LOWER, age) - 1),
            ClockGroup.OFFENCE_GROUP: occasion.offence_group,
            ClockGroup.DISPOSAL: occasion.disposal,
            ClockGroup.SENTENCE_BAND: occasion.sentence_band,
            ClockGroup.PREVIOUS: previous_band(occasion.previous),
        }

    def _ratio(self, occasion: Occasion) -> float:
        """Return the product of the multipliers of a case's levels."""
        table = self._person.world.index_ratio[self._person.age_group]
        ratio = 1.0
        for attribute, level in self._levels(occasion).items():
            ratio *= table[attribute][level]
        return ratio

    def prove(self, *, committed: float, proven: float, offences: int, severity: float) -> None:
        """Count the proven offences of an occasion on each clock whose window they fall in."""
        rules = self._person.regime.rules
        days, waiting = rules.follow_up, rules.waiting
        for clock in self.open:
            opened, row = clock.opened, clock.row
            if not opened <= committed < opened + days or proven > opened + days + waiting:
                continue
            first = row[OutcomeColumn.DAYS_TO_FIRST] if row[OutcomeColumn.REOFFENDERS] else math.inf
            row[OutcomeColumn.DAYS_TO_FIRST] = min(first, committed - opened)
            row[OutcomeColumn.REOFFENDERS] = 1.0
            row[OutcomeColumn.REOFFENCES] += offences
            row[OutcomeColumn.REOFFENDING_OCCASIONS] += 1.0
            row[OutcomeColumn.SEVERITY] += offences * severity

    def expect(self, clock: Clock, occasions: float, *, mean: float) -> None:
        """Add to what is to be expected on a clock; mean: offences to be expected of each."""
        clock.row[OutcomeColumn.EXPECTED_REOFFENCES] += occasions * mean
        if not clock.has_counted:
            clock.row[OutcomeColumn.EXPECTED_REOFFENDERS] += occasions

    def close(self) -> None:
        """Add what they have counted to the groups that the person had at each index event."""
        for clock in self.open:
            self._person.world.add_person(clock.groups, clock.row)
