"""Members of other generations: who they are, and on which day the last of them end."""

from __future__ import annotations

import numpy as np

from .codes import DISPOSAL_CUSTODY
from .jit import helper, inline_helper
from .model import Model
from .regimes import regime_on
from .sentences import immediate_length, is_surely_suspended, served
from .workspace import Workspace

_ZERO = np.uint64(0)
_NOBODY_YET = 0
"""A slot, before anybody is admitted."""


@inline_helper
def record_of(m: Model, number: int) -> int:
    """Return the row that describes member `number`."""
    people = m.people.shape[0]
    if number < people:  # without a division, which is slow
        return number
    earlier = number - people * m.generations.shape[0]
    return number % people if earlier < 0 else int(m.stock[earlier % m.stock.shape[0]].record)


@inline_helper
def turn_of(m: Model, number: int, record: int) -> int:
    """Return the place of member `number` among those to whom something happens at one instant.

    People stand in order of their rows, and of one row the earlier generation first: no
    generation has an advantage over another.
    """
    people = m.people.shape[0]
    rules = m.rules[0]
    past = rules.generations_before + rules.stock_windows
    generation = 0
    if number >= people:
        earlier = number - people * m.generations.shape[0]
        if earlier < 0:
            generation = int(m.generations[number // people].windows)
        else:
            generation = int(m.stock_windows[earlier // m.stock.shape[0]].windows)
    return int(record * (past + 1 + rules.generations_after) + past + generation)


@inline_helper
def is_counted(m: Model, w: Workspace, i: int) -> bool:
    """Return whether outcomes are of this person."""
    return w.state[i].number < m.people.shape[0]


@inline_helper
def account_ends(m: Model, start: float, disposal: int, days: float) -> float:
    """Return when a person's account closes, by the disposal and the sentence passed."""
    rules = m.rules[0]
    if rules.memory < np.inf:
        return np.inf  # all that is booked was caused within the horizon
    counts = rules.index_at_release and disposal == DISPOSAL_CUSTODY
    return start + rules.follow_up + (days if counts else 0.0)


@inline_helper
def own_end(m: Model, index: float, account_end: float) -> float:
    """Return when a person's follow-up ends, in any generation."""
    rules = m.rules[0]
    return max(index + rules.follow_up + rules.waiting, account_end)


@inline_helper
def set_closing_day(m: Model, w: Workspace) -> None:
    """Set the day on which people of other generations end at the latest.

    Where places are limited, it is the last end of a counted person, which follows from what
    is drawn for their start.
    """
    clock = w.clock[0]
    clock.closing = np.inf
    if m.generations.shape[0] == 1 and m.stock_windows.shape[0] == 0:
        return
    rules = m.rules[0]
    clock.closing = rules.intake + 1.0
    if rules.clocks_a_year:
        clock.closing = rules.intake + max(1.0, rules.follow_up + rules.waiting)
    if w.pools.shape[0] == 0:
        return
    if rules.memory < np.inf:
        reach = max(1.0, rules.memory, rules.follow_up + rules.waiting)
        come = rules.intake * (1 + rules.generations_after)
        clock.closing = max(_last_start(m, w) + reach, come)
        return
    last = -np.inf
    for p in range(m.people.shape[0]):
        if w.starts[p] == np.inf:
            continue
        if m.people[p].disposal == DISPOSAL_CUSTODY:
            clock.closing = max(clock.closing, _end_from_custody(m, w, p, clock.closing))
        else:
            last = max(last, w.starts[p])
    account = account_ends(m, last, -1, 0.0)
    clock.closing = max(clock.closing, own_end(m, last, account))


@inline_helper
def _last_start(m: Model, w: Workspace) -> float:
    """Return the end of the intake window, or a start of the counted that is given after it."""
    last = m.rules[0].intake
    for p in range(m.people.shape[0]):
        if w.starts[p] < np.inf:
            last = max(last, w.starts[p])
    return last


@helper
def _end_from_custody(m: Model, w: Workspace, p: int, known: float) -> float:
    """Return when counted person `p`, who receives custody, will end, if after `known`."""
    i = _NOBODY_YET
    given = m.people[p]
    start = w.starts[p]
    r = regime_on(m, start)
    person = w.state[i]
    person.draws = w.draws[p]
    person.record = p
    days = given.sentence_days
    if np.isnan(days):
        days = immediate_length(m, w, i, int(given.offence_group), 0, r)
    account_end = account_ends(m, start, DISPOSAL_CUSTODY, days)
    if own_end(m, start + days, account_end) <= known:  # nobody serves more than the sentence
        return known
    index = start
    if m.rules[0].index_at_release and not is_surely_suspended(m, w, i, days, 0, r):
        index = start + served(m, w, i, days, _ZERO, r)
    return own_end(m, index, account_end)
