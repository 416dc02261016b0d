"""Clocks by quarters: index events of everybody, and what counts on the clocks that they open.

A person has at most one clock a quarter of the intake window; a fifth record of theirs serves to
count an occasion by the groups that they have then.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pathsim.engine.contract import N_CLOCK_GROUPS
from pathsim.vocabulary import AGE_BAND_LOWER

from .codes import (
    CLOCK_GROUP_AGE_BAND,
    CLOCK_GROUP_AGE_GROUP,
    CLOCK_GROUP_DISPOSAL,
    CLOCK_GROUP_OFFENCE_GROUP,
    CLOCK_GROUP_PREVIOUS,
    CLOCK_GROUP_SENTENCE_BAND,
    DISPOSAL_CUSTODY,
    EVENT_PRIORITY_END,
    OUTCOME_COLUMN_DAYS_TO_FIRST,
    OUTCOME_COLUMN_DISPOSALS,
    OUTCOME_COLUMN_EXPECTED_REOFFENCES,
    OUTCOME_COLUMN_EXPECTED_REOFFENDERS,
    OUTCOME_COLUMN_INDEX_EVENTS,
    OUTCOME_COLUMN_REOFFENCES,
    OUTCOME_COLUMN_REOFFENDERS,
    OUTCOME_COLUMN_REOFFENDING_OCCASIONS,
    OUTCOME_COLUMN_SEVERITY,
)
from .generations import is_counted
from .jit import helper, inline_helper
from .model import Model
from .records import previous_band
from .sentences import band
from .vectors import add_common
from .workspace import CLOCKS, Workspace

_CLOCKS = CLOCKS
_SCRATCH = CLOCKS - 1
_ADULT = 18
_DAYS_A_YEAR = 365.25
_AGES_FROM = AGE_BAND_LOWER[1:]
_DYNAMIC = N_CLOCK_GROUPS


@inline_helper
def place_of(i: int, c: int) -> int:
    """Return where clock `c` of the person in slot `i` lies."""
    return i * _CLOCKS + c


@inline_helper
def clocks_of(w: Workspace, i: int) -> int:
    """Return how many clocks of a person are open, by quarters."""
    return int(w.clocks[place_of(i, _SCRATCH)].count)


@inline_helper
def begin_clocks(m: Model, w: Workspace, i: int) -> None:
    """Note that nothing has happened to a person by which clocks could open."""
    if m.rules[0].clocks_a_year:
        _begin_clocks(m, w, i)


@helper
def _begin_clocks(m: Model, w: Workspace, i: int) -> None:
    life = w.clocks[place_of(i, _SCRATCH)]
    person = w.state[i]
    given = m.people[person.record]
    life.count = 0
    life.quarter = -1
    life.ratio = 1.0
    of_sentence = m.cells[given.cell, m.clock_groups[CLOCK_GROUP_SENTENCE_BAND, 0]]
    of_sentence -= m.clock_groups[CLOCK_GROUP_SENTENCE_BAND, 1]
    set_case(w, i, int(given.offence_group), person.previous, int(given.disposal), of_sentence)


@helper
def set_case(
    w: Workspace, i: int, group: int, previous: int, disposal: int, sentence_band: int
) -> None:
    """Note what a person's latest disposal is of: the offence, and the record before it.

    disposal, sentence_band: as they would be without any diversion, presumption or activation.
    """
    life = w.clocks[place_of(i, _SCRATCH)]
    life.case_group = group
    life.case_previous = previous
    life.case_disposal = disposal
    life.case_band = sentence_band


@inline_helper
def in_window(m: Model, t: float) -> bool:
    """Return whether index events and occasions at `t` are of the counted year."""
    return m.rules[0].clocks_a_year > 0 and 0.0 <= t < m.rules[0].intake


@inline_helper
def _age_at(m: Model, w: Workspace, i: int, t: float) -> int:
    """Return a person's age at `t`; a birthday lies half-way between two starts' days."""
    person = w.state[i]
    years = np.floor((t - person.start) / _DAYS_A_YEAR + 0.5)
    return int(m.people[person.record].age) + int(years)


@inline_helper
def _age_band(age: int) -> int:
    of_age = 0
    for lower in _AGES_FROM:
        of_age += age >= lower
    return of_age


@inline_helper
def _set_groups(
    m: Model,
    w: Workspace,
    i: int,
    t: float,
    c: int,
    disposal: int,
    days: float,
    group: int,
    previous: int,
) -> None:
    """Set the groups that a person has at an occasion: by age and record then, and its disposal."""
    person = w.state[i]
    clock = w.clocks[place_of(i, c)]
    given = m.people[person.record]
    for g in range(m.cells.shape[1]):
        clock.groups[g] = m.cells[given.cell, g]
    age = _age_at(m, w, i, t)
    _regroup(m, clock, CLOCK_GROUP_AGE_GROUP, 1 if age < _ADULT else 0)
    _regroup(m, clock, CLOCK_GROUP_AGE_BAND, _age_band(age))
    _regroup(m, clock, CLOCK_GROUP_OFFENCE_GROUP, group)
    _regroup(m, clock, CLOCK_GROUP_DISPOSAL, disposal)
    custody = disposal == DISPOSAL_CUSTODY
    _regroup(m, clock, CLOCK_GROUP_SENTENCE_BAND, band(days) if custody else 0)
    _regroup(m, clock, CLOCK_GROUP_PREVIOUS, previous_band(previous))


@inline_helper
def _regroup(m: Model, clock: Any, attribute: int, level: int) -> None:
    clock.groups[m.clock_groups[attribute, 0]] = m.clock_groups[attribute, 1] + level


@helper
def count_occasion(
    m: Model, w: Workspace, i: int, t: float, disposal: int, days: float, group: int
) -> None:
    """Count a disposal of the counted year by the groups that the person has then."""
    _set_groups(m, w, i, t, _SCRATCH, disposal, days, group, w.state[i].previous)
    clock = w.clocks[place_of(i, _SCRATCH)]
    for g in range(m.cells.shape[1]):
        w.person[clock.groups[g], OUTCOME_COLUMN_DISPOSALS] += 1


@helper
def follow_case(m: Model, w: Workspace, i: int, t: float) -> None:
    """Let the hazard be that of the groups at an index event, by the case that it is of."""
    life = w.clocks[place_of(i, _SCRATCH)]
    own = m.people[w.state[i].record].age_group
    age = _age_at(m, w, i, t)
    ratio = m.index_ratio[own, CLOCK_GROUP_AGE_GROUP, 1 if age < _ADULT else 0]
    ratio *= m.index_ratio[own, CLOCK_GROUP_AGE_BAND, _age_band(age)]
    ratio *= m.index_ratio[own, CLOCK_GROUP_OFFENCE_GROUP, life.case_group]
    ratio *= m.index_ratio[own, CLOCK_GROUP_DISPOSAL, life.case_disposal]
    ratio *= m.index_ratio[own, CLOCK_GROUP_SENTENCE_BAND, life.case_band]
    ratio *= m.index_ratio[own, CLOCK_GROUP_PREVIOUS, previous_band(int(life.case_previous))]
    life.ratio = ratio
    if w.state[i].lingers == 0:
        set_base(m, w, i)


@inline_helper
def set_base(m: Model, w: Workspace, i: int) -> None:
    """Set the hazard that a person's frailty and their latest index event make of them."""
    person = w.state[i]
    base = m.people[person.record].base_hazard * w.frailty[person.number]
    person.base = base * w.clocks[place_of(i, _SCRATCH)].ratio


@helper
def open_clock(m: Model, w: Workspace, i: int, t: float, disposal: int, days: float) -> bool:
    """Open a clock if this is the first index event of a quarter; return whether it is."""
    life = w.clocks[place_of(i, _SCRATCH)]
    quarter = int(t * m.rules[0].clocks_a_year / m.rules[0].intake)
    if quarter <= life.quarter:
        return False
    life.quarter = quarter
    c = int(life.count)
    life.count = c + 1
    clock = w.clocks[place_of(i, c)]
    clock.opened = t
    clock.not_yet = 1.0
    for k in range(clock.own.shape[0]):
        clock.own[k] = 0.0
    clock.own[OUTCOME_COLUMN_INDEX_EVENTS] = 1.0
    group, previous = int(life.case_group), int(life.case_previous)
    _set_groups(m, w, i, t, c, disposal, days, group, previous)
    closes = t + m.rules[0].follow_up + m.rules[0].waiting
    _prolong(m, w, i, closes if is_counted(m, w, i) else min(closes, w.clock[0].closing))
    return True


@inline_helper
def _prolong(m: Model, w: Workspace, i: int, until: float) -> None:
    """Follow a person until a clock closes, whom else nothing may hold so long."""
    person = w.state[i]
    if person.lingers or until > person.timers[EVENT_PRIORITY_END]:
        person.timers[EVENT_PRIORITY_END] = until
        person.timers_changed = 1
        person.lingers = 0
        set_base(m, w, i)


@inline_helper
def expect_on(clock: Any, occasions: float, mean: float) -> None:
    """Expect so many occasions on a clock, of a mean of offences, and a reoffender if first."""
    clock.own[OUTCOME_COLUMN_EXPECTED_REOFFENCES] += occasions * mean
    clock.own[OUTCOME_COLUMN_EXPECTED_REOFFENDERS] += occasions * clock.not_yet


@helper
def commit_on_clocks(w: Workspace, i: int, t: float) -> None:
    """Note on which clocks a reoffence that will be proven counts."""
    person = w.state[i]
    for c in range(clocks_of(w, i)):
        clock = w.clocks[place_of(i, c)]
        if t - clock.opened < person.counts_for:
            clock.not_yet = 0.0


@helper
def prove_on_clocks(
    m: Model, w: Workspace, i: int, t: float, offence: float, group: int, offences: int, r: int
) -> None:
    """Count the proven offences of an occasion on each clock whose window they fall in."""
    days = m.rules[r].follow_up
    waiting = m.rules[r].waiting
    for c in range(clocks_of(w, i)):
        clock = w.clocks[place_of(i, c)]
        opened = clock.opened
        if not opened <= offence < opened + days or t > opened + days + waiting:
            continue
        own = clock.own
        own[OUTCOME_COLUMN_REOFFENCES] += offences
        own[OUTCOME_COLUMN_REOFFENDING_OCCASIONS] += 1.0
        own[OUTCOME_COLUMN_SEVERITY] += offences * m.rules[r].severity[group]
        earlier = (
            own[OUTCOME_COLUMN_DAYS_TO_FIRST] if own[OUTCOME_COLUMN_REOFFENDERS] > 0.0 else np.inf
        )
        own[OUTCOME_COLUMN_DAYS_TO_FIRST] = min(offence - opened, earlier)
        own[OUTCOME_COLUMN_REOFFENDERS] = 1.0


@inline_helper
def add_clocks(m: Model, w: Workspace, i: int) -> None:
    """Add what a person's clocks, if there are any, have counted."""
    if m.rules[0].clocks_a_year:
        _add_clocks(m, w, i)


@helper
def _add_clocks(m: Model, w: Workspace, i: int) -> None:
    """Add what each clock has counted to the groups that the person had at its index event."""
    for c in range(clocks_of(w, i)):
        clock = w.clocks[place_of(i, c)]
        for g in range(m.cells.shape[1]):
            add_common(w.person, clock.groups[g], w.seen, clock.own)
