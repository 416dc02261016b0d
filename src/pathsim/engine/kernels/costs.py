"""Books: the log, the costs, and the days spent in a state."""

from __future__ import annotations

from typing import Any

import numpy as np

from .codes import (
    COUNTER_LOG,
    COUNTER_STATUS,
    EVENT_ACCOMMODATION,
    HOME_HOMELESS,
    LEGAL_CUSTODY,
    LEGAL_LICENCE,
    OUTCOME_COLUMN_COST,
    OUTCOME_COLUMN_CUSTODY_DAYS,
    OUTCOME_COLUMN_HOMELESS_DAYS,
    STATUS_LOG_FULL,
)
from .jit import helper, inline_helper
from .model import Model
from .vectors import add_scaled
from .within import counted_until, note_status
from .workspace import Workspace
from .years import (
    days_in_account,
    days_in_status,
    record_later_cost,
    record_later_costs,
    record_later_days,
    record_later_state,
    record_later_status,
)


@inline_helper
def log(w: Workspace, i: int, t: float, event: int, detail: int) -> None:
    """Write a row of the log, if one is kept; a full log ends the run with a status."""
    room = w.log.shape[0]
    if room == 0:
        return
    row = w.counters[COUNTER_LOG]
    if row == room:
        w.counters[COUNTER_STATUS] = STATUS_LOG_FULL
        return
    entry = w.log[row]
    entry.time = t
    entry.person = w.state[i].number
    entry.event = event
    entry.detail = detail
    w.counters[COUNTER_LOG] = row + 1


@inline_helper
def record_cost(m: Model, w: Workspace, i: int, t: float, payer: int, pounds: float) -> None:
    """Book the cost of an event, if it is counted and lies inside the person's account."""
    if pounds != 0.0 and w.state[i].within and t <= w.state[i].account_end:
        if t < w.state[i].plain_until:
            w.state[i].own[OUTCOME_COLUMN_COST + payer] += pounds
        else:
            record_later_cost(m, w, i, t, payer, pounds)


@inline_helper
def record_costs(m: Model, w: Workspace, i: int, t: float, pounds: Any, times: float = 1.0) -> None:
    """Book the cost of an event, so many times, to every payer, if likewise."""
    if w.state[i].within and t <= w.state[i].account_end:
        if t < w.state[i].plain_until:
            add_scaled(w.state[i].own, OUTCOME_COLUMN_COST, times, pounds)
        else:
            record_later_costs(m, w, i, t, pounds, times)


@inline_helper
def record_days(
    m: Model, w: Workspace, i: int, since: float, until: float, payer: int, a_day: float
) -> None:
    """Book pounds a day to one payer, as far as the days lie inside the person's account."""
    person = w.state[i]
    days = days_in_account(person, since, until)
    if days > 0.0 and a_day != 0.0:
        if until < person.plain_until:
            person.own[OUTCOME_COLUMN_COST + payer] += days * a_day
        else:
            record_later_days(m, w, i, since, days, payer, a_day)


@inline_helper
def days_in_window(since: float, until: float, window: float) -> float:
    """Return the days between two times that lie in [0, window)."""
    return max(min(until, window), 0.0) - max(min(since, window), 0.0)


@inline_helper
def count_midnights(w: Workspace, since: float, until: float) -> None:
    """Count a stay in custody in the midnights d at which `since <= d < until`."""
    last = w.custody.shape[0] - 1
    first = min(max(np.ceil(since), 0.0), float(last))
    end = min(max(np.ceil(until), 0.0), float(last))
    w.custody[int(first)] += 1
    w.custody[int(end)] -= 1


@helper
def _record_curfew(m: Model, w: Workspace, i: int, t: float) -> None:
    """Book the days on curfew of a licence that ends."""
    person = w.state[i]
    days = days_in_status(person, min(t, person.curfew_ends))
    if days <= 0.0:
        return
    prices = m.rules[person.legal_regime].curfew_day
    if t < person.plain_until:
        add_scaled(person.own, OUTCOME_COLUMN_COST, days, prices)
    else:
        record_later_state(m, w, i, person.legal_since, days, prices)


@inline_helper
def book_legal(m: Model, w: Workspace, i: int, t: float) -> None:
    """Book the days of the legal status up to now."""
    person = w.state[i]
    if person.legal == LEGAL_CUSTODY:
        count_midnights(w, person.legal_since, t)
    days = days_in_status(person, t)
    if days > 0.0:
        if person.legal == LEGAL_CUSTODY:
            person.own[OUTCOME_COLUMN_CUSTODY_DAYS] += days
        prices = m.rules[person.legal_regime].status_day[person.legal]
        if t < person.plain_until:
            add_scaled(person.own, OUTCOME_COLUMN_COST, days, prices)
        else:
            record_later_status(m, w, i, days, prices)
    if person.legal == LEGAL_LICENCE and person.curfew_ends > person.legal_since:
        _record_curfew(m, w, i, t)


@inline_helper
def set_legal(m: Model, w: Workspace, i: int, t: float, status: int, r: int) -> None:
    """Change the legal status, and book the days of the one that ends."""
    book_legal(m, w, i, t)
    person = w.state[i]
    person.legal = status
    person.legal_since = t
    person.legal_regime = r
    person.legal_ratio = m.rules[r].legal_ratio[status]
    note_status(m, w, i, t)


@inline_helper
def set_home(m: Model, w: Workspace, i: int, t: float, home: int, r: int) -> None:
    """Change the accommodation, and book the days of homelessness that end."""
    person = w.state[i]
    if person.home == HOME_HOMELESS:
        last = counted_until(m, w, i)  # nobody's offence causes a home to be lost
        days = days_in_account(person, min(person.home_since, last), min(t, last))
        w.state[i].own[OUTCOME_COLUMN_HOMELESS_DAYS] += days
        prices = m.rules[person.home_regime].homeless_day
        if t < person.plain_until:
            add_scaled(person.own, OUTCOME_COLUMN_COST, days, prices)
        else:
            record_later_state(m, w, i, person.home_since, days, prices)
    person.home = home
    person.home_since = t
    person.home_regime = r
    if home <= HOME_HOMELESS:
        person.home_ratio = m.rules[r].home_ratio[home]
        log(w, i, t, EVENT_ACCOMMODATION, home)
