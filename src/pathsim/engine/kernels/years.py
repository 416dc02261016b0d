"""Years after the first, and present values: what few bookings need, apart from those that do not.

A person's columns of this kind are cleared when the first of them is written to.
"""

from __future__ import annotations

from typing import Any

from pathsim.engine.contract import DAYS_IN_YEAR, N_PAYERS, N_RARE_COLUMNS, SOCIETY, YEARS

from .codes import (
    LEGAL_CUSTODY,
    LEGAL_LIBERTY,
    OUTCOME_COLUMN_COST,
    OUTCOME_COLUMN_COST_PUBLIC_OFF,
    OUTCOME_COLUMN_COST_PUBLIC_YEAR_2,
    OUTCOME_COLUMN_COST_SOCIETY_OFF,
    OUTCOME_COLUMN_COST_SOCIETY_YEAR_2,
    OUTCOME_COLUMN_CUSTODY_DAYS_OFF,
    OUTCOME_COLUMN_CUSTODY_DAYS_YEAR_2,
    OUTCOME_COLUMN_REOFFENCES_YEAR_2,
)
from .elementary import exp
from .jit import helper, inline_helper
from .model import Model
from .vectors import add_scaled
from .workspace import Workspace

_YEAR = DAYS_IN_YEAR
_PAYERS = N_PAYERS
_SOCIETY = SOCIETY
_LAST = len(YEARS) - 1
"""The year of all later ones, from 0 for the first."""
_RARE = N_RARE_COLUMNS
_LITTLE = 0.01
"""A share lost below which a series says it better than a difference of two numbers near 1."""


@inline_helper
def _open_columns(person: Any) -> None:
    """Clear the columns, if nothing has been written to them."""
    if person.has_rare == 0:
        person.has_rare = 1
        for k in range(_RARE):
            person.own[k] = 0.0


@inline_helper
def _year_of(days: float) -> int:
    """Return the year since the start, from 0, in which a day lies."""
    return int(days >= _YEAR) + int(days >= 2.0 * _YEAR) + int(days >= 3.0 * _YEAR)


@inline_helper
def _present_days(rate: float, first: float, days: float) -> float:
    """Return for how many days a price would be paid at the start, to be worth as much.

    It is paid for `days` from so many days after the start on.
    """
    lost = rate * days
    if lost < _LITTLE:
        share = 1.0 - lost * (1.0 / 5.0) * (1.0 - lost * (1.0 / 6.0))
        for term in (1.0 / 4.0, 1.0 / 3.0, 1.0 / 2.0):
            share = 1.0 - lost * term * share
    else:
        share = (1.0 - exp(-lost)) / lost
    return days * exp(-rate * first) * share


@inline_helper
def days_in_account(person: Any, since: float, until: float) -> float:
    """Return the days between two times that lie before the end of the person's account."""
    return min(until, person.account_end) - min(since, person.account_end)


@inline_helper
def days_in_status(person: Any, until: float) -> float:
    """Return the days of the legal status up to a time, as far as they count."""
    return min(until, person.legal_until) - min(person.legal_since, person.legal_until)


@inline_helper
def _days_in(year: int, first: float, last: float) -> float:
    """Return how many of the days between two, since the start, lie in a year after the first."""
    until = last if year == _LAST else min(last, (year + 1) * _YEAR)
    return max(until - max(first, year * _YEAR), 0.0)


@inline_helper
def _public(amounts: Any) -> float:
    """Return what the public purse pays of amounts by payer."""
    public = 0.0
    for k in range(_PAYERS):
        public += 0.0 if k == _SOCIETY else amounts[k]
    return public


@inline_helper
def _note_cost(m: Model, w: Workspace, i: int, t: float, public: float, society: float) -> float:
    """Note the pounds of both books for an event at `t`; return what one pound is worth."""
    person = w.state[i]
    _open_columns(person)
    days = t - person.start
    year = _year_of(days)
    if year > 0:
        person.own[OUTCOME_COLUMN_COST_PUBLIC_YEAR_2 + year - 1] += public
        person.own[OUTCOME_COLUMN_COST_SOCIETY_YEAR_2 + year - 1] += society
    rate = m.rules[0].discount
    if rate == 0.0:
        return 1.0
    worth = exp(-rate * days)
    person.own[OUTCOME_COLUMN_COST_PUBLIC_OFF] += public * (1.0 - worth)
    person.own[OUTCOME_COLUMN_COST_SOCIETY_OFF] += society * (1.0 - worth)
    return worth


@inline_helper
def _note_days(
    m: Model, w: Workspace, i: int, since: float, days: float, public: float, society: float
) -> float:
    """Note pounds a day of both books for days from a date on; return how many they are worth."""
    person = w.state[i]
    if public + society == 0.0 or days <= 0.0:
        return 0.0
    _open_columns(person)
    first = since - person.start
    last = first + days
    for year in range(max(_year_of(first), 1), _year_of(last) + 1):
        part = _days_in(year, first, last)
        person.own[OUTCOME_COLUMN_COST_PUBLIC_YEAR_2 + year - 1] += part * public
        person.own[OUTCOME_COLUMN_COST_SOCIETY_YEAR_2 + year - 1] += part * society
    rate = m.rules[0].discount
    if rate == 0.0:
        return days
    worth = _present_days(rate, first, days)
    person.own[OUTCOME_COLUMN_COST_PUBLIC_OFF] += public * (days - worth)
    person.own[OUTCOME_COLUMN_COST_SOCIETY_OFF] += society * (days - worth)
    return worth


@inline_helper
def _note_custody(m: Model, w: Workspace, i: int, since: float, days: float) -> None:
    """Note days in custody from a date on."""
    person = w.state[i]
    _open_columns(person)
    first = since - person.start
    last = first + days
    for year in range(max(_year_of(first), 1), _year_of(last) + 1):
        person.own[OUTCOME_COLUMN_CUSTODY_DAYS_YEAR_2 + year - 1] += _days_in(year, first, last)
    rate = m.rules[0].discount
    if rate != 0.0:
        person.own[OUTCOME_COLUMN_CUSTODY_DAYS_OFF] += days - _present_days(rate, first, days)


@helper
def record_later_cost(m: Model, w: Workspace, i: int, t: float, payer: int, pounds: float) -> None:
    """Book the cost of an event to one payer."""
    society = pounds if payer == _SOCIETY else 0.0
    worth = _note_cost(m, w, i, t, pounds - society, society)
    w.state[i].own[OUTCOME_COLUMN_COST + payer] += pounds * worth


@helper
def record_later_costs(m: Model, w: Workspace, i: int, t: float, pounds: Any, times: float) -> None:
    """Book the cost of an event, so many times, to every payer."""
    worth = _note_cost(m, w, i, t, _public(pounds) * times, pounds[_SOCIETY] * times)
    add_scaled(w.state[i].own, OUTCOME_COLUMN_COST, worth * times, pounds)


@helper
def record_later_days(
    m: Model, w: Workspace, i: int, since: float, days: float, payer: int, a_day: float
) -> None:
    """Book pounds a day to one payer, for days from a date on."""
    society = a_day if payer == _SOCIETY else 0.0
    worth = _note_days(m, w, i, since, days, a_day - society, society)
    w.state[i].own[OUTCOME_COLUMN_COST + payer] += worth * a_day


@helper
def record_later_state(
    m: Model, w: Workspace, i: int, since: float, days: float, prices: Any
) -> None:
    """Book pounds a day to every payer, for days from a date on."""
    worth = _note_days(m, w, i, since, days, _public(prices), prices[_SOCIETY])
    add_scaled(w.state[i].own, OUTCOME_COLUMN_COST, worth, prices)


@helper
def record_later_status(m: Model, w: Workspace, i: int, days: float, prices: Any) -> None:
    """Book the days of the legal status that ends."""
    person = w.state[i]
    if person.legal == LEGAL_LIBERTY:  # it has no price
        return
    if person.legal == LEGAL_CUSTODY:
        _note_custody(m, w, i, person.legal_since, days)
    record_later_state(m, w, i, person.legal_since, days, prices)


@helper
def note_reoffences(w: Workspace, i: int, offence: float, offences: int) -> None:
    """Note the proven offences of an occasion of a year after the first."""
    person = w.state[i]
    _open_columns(person)
    year = _year_of(offence - person.start)
    person.own[OUTCOME_COLUMN_REOFFENCES_YEAR_2 + year - 1] += offences
