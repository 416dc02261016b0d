"""What is settled at a person's start, and so known beforehand: their sentence and their end."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pathsim.engine.contract import NO_SERVICE, Disposal, People, Purpose

from .draws import Draws
from .regime import Regime, Rules
from .sentence import diverted, drawn_length, is_presumed, served


@dataclass(frozen=True)
class Course:
    """The disposal at the start, and the days that follow from it.

    received: after any presumption. days: the length of the custodial sentence, also when it
    is suspended. closes: when the account does. member_until: until when offences are real.
    counted_until: until when they are counted, and paid for. ends: when the follow-up does, unless
    something that was caused before still goes on.
    may_be_spared: whether custody is spared if the presumption's service takes the person,
    which only the day itself tells.
    """

    start: float
    received: Disposal
    days: float
    presumed: bool
    index: float
    closes: float
    member_until: float
    counted_until: float
    ends: float
    may_be_spared: bool = False


def start_of(people: People, record: int, draws: Draws, *, intake: float, windows: float) -> float:
    """Return the given or drawn start, so many intake windows later."""
    day = float(people.start_day[record])
    if math.isnan(day):
        day = draws.uniform(Purpose.START, 0) * intake
    return day + windows * intake


def course_of(people: People, record: int, draws: Draws, *, start: float, regime: Regime) -> Course:
    """Return what the start of a person brings, under the rules of that day."""
    rules, age = regime.rules, int(people.age_group[record])
    disposal = Disposal(int(people.disposal[record]))
    disposal = diverted(regime, draws, disposal, age_group=age)
    days = 0.0
    if disposal == Disposal.CUSTODY:
        days = float(people.sentence_days[record])
        if math.isnan(days):
            group = int(people.offence_group[record])
            days = drawn_length(regime, draws, age_group=age, offence_group=group, draw_index=0)
    presumed = is_presumed(regime, draws, disposal, age_group=age, days=days, draw_index=0)
    may_be_spared = presumed and rules.presumption_service != NO_SERVICE
    presumed = presumed and not may_be_spared
    index = start
    if disposal == Disposal.CUSTODY and not presumed and rules.index_at_release:
        index += served(regime, draws, days, draw_index=0)
    received = Disposal.SUSPENDED_SENTENCE if presumed else disposal
    course = _course(start, received, days, presumed=presumed, index=index, rules=rules)
    return replace(course, may_be_spared=may_be_spared)


def spared(course: Course, *, rules: Rules) -> Course:
    """Return the course of who is spared custody at the start, by a service that takes them."""
    suspended = Disposal.SUSPENDED_SENTENCE
    return _course(
        course.start, suspended, course.days, presumed=True, index=course.start, rules=rules
    )


def _course(  # noqa: PLR0913 what is settled, and what follows from it
    start: float, received: Disposal, days: float, *, presumed: bool, index: float, rules: Rules
) -> Course:
    closes = start + rules.follow_up + (days if rules.index_at_release else 0.0)
    member_until, counted_until = start + rules.memory, start + rules.horizon
    clock = index + rules.follow_up + rules.waiting
    if rules.clocks_a_year:
        clock = member_until  # clocks that open prolong it
    if member_until < math.inf:
        return Course(
            start,
            received,
            days,
            presumed,
            index,
            closes=math.inf,
            member_until=member_until,
            counted_until=counted_until,
            ends=max(clock, member_until),
        )
    ends = max(clock, closes)
    return Course(start, received, days, presumed, index, closes, member_until, counted_until, ends)


def is_inside(course: Course, draws: Draws, *, day: float, regime: Regime) -> bool:
    """Return whether the sentence of the start holds the person on a day."""
    if course.received != Disposal.CUSTODY:
        return False
    release = course.start + served(regime, draws, course.days, draw_index=0)
    return course.start < day < release


def closing_day(counted: Iterable[Course], *, rules: Rules, limited: bool) -> float:
    """Return the day on which people of other generations end at the latest.

    limited: whether any service is, so that people may keep one another from a place.
    """
    if not limited:
        reach = rules.follow_up + rules.waiting if rules.clocks_a_year else 1.0
        return float(rules.intake + max(1.0, reach))
    if rules.memory < math.inf:
        reach = max(1.0, rules.memory, rules.follow_up + rules.waiting)
        last = max([rules.intake, *(course.start for course in counted)])
        return max(last + reach, rules.intake * (1 + rules.generations_after))
    return max(rules.intake + 1.0, max((course.ends for course in counted), default=-math.inf))
