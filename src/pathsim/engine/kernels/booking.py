"""Books: the log, the costs, and the days spent in a state."""

from __future__ import annotations

from pathsim.engine.contract import N_PAYERS, Event, Home, Legal, Load, Person

from .jit import inlined
from .workspace import Counter, Status

_LOG = int(Counter.LOG)
_STATUS = int(Counter.STATUS)
_LOG_FULL = int(Status.LOG_FULL)
_COST = int(Person.COST)
_CUSTODY_DAYS = int(Person.CUSTODY_DAYS)
_HOMELESS_DAYS = int(Person.HOMELESS_DAYS)
_CUSTODY = int(Legal.CUSTODY)
_HOMELESS = int(Home.HOMELESS)
_ACCOMMODATION = int(Event.ACCOMMODATION)
_N_PAYERS = N_PAYERS
_STARTS = int(Load.STARTS)


@inlined
def log(work, i: int, t: float, event: int, detail: int) -> None:  # type: ignore[no-untyped-def]
    """Write a row of the log, if one is kept; a full log ends the run with a status."""
    room = work.log_time.shape[0]
    if room == 0:
        return
    row = work.counters[_LOG]
    if row == room:
        work.counters[_STATUS] = _LOG_FULL
        return
    work.log_time[row] = t
    work.log_person[row] = i
    work.log_event[row] = event
    work.log_detail[row] = detail
    work.counters[_LOG] = row + 1


@inlined
def book(work, i: int, t: float, payer: int, pounds: float) -> None:  # type: ignore[no-untyped-def]
    """Book the cost of an event, if it lies inside the person's account."""
    if pounds != 0.0 and t <= work.state[i].account_end:
        work.own[i, _COST + payer] += pounds


@inlined
def book_all(work, i: int, t: float, pounds) -> None:  # type: ignore[no-untyped-def]
    """Book the cost of an event to every payer, if it lies inside the person's account."""
    if t <= work.state[i].account_end:
        for payer in range(_N_PAYERS):
            work.own[i, _COST + payer] += pounds[payer]


@inlined
def days_in_account(person, since: float, until: float) -> float:  # type: ignore[no-untyped-def]
    """Return the days between two times that lie before the end of the person's account."""
    return min(until, person.account_end) - min(since, person.account_end)


@inlined
def days_in_window(since: float, until: float, window: float) -> float:
    """Return the days between two times that lie in [0, window)."""
    return max(min(until, window), 0.0) - max(min(since, window), 0.0)


@inlined
def count_load(people, work, i: int, s: int, column: int, amount: float) -> None:  # type: ignore[no-untyped-def]
    """Add to a service's counts in each of a counted person's groups."""
    if people.counted[i]:
        for k in range(people.groups.shape[1]):
            work.load[people.groups[i, k], s, column] += amount


@inlined
def set_legal(tables, work, i: int, t: float, status: int, r: int) -> None:  # type: ignore[no-untyped-def]
    """Change the legal status, and book the days of the one that ends."""
    person = work.state[i]
    days = days_in_account(person, person.legal_since, t)
    if days > 0.0:
        if person.legal == _CUSTODY:
            work.own[i, _CUSTODY_DAYS] += days
        for payer in range(_N_PAYERS):
            price = tables.status_day[person.legal_regime, person.legal, payer]
            work.own[i, _COST + payer] += days * price
    person.legal = status
    person.legal_since = t
    person.legal_regime = r
    person.legal_ratio = tables.legal_ratio[r, status]


@inlined
def set_home(tables, work, i: int, t: float, home: int, r: int) -> None:  # type: ignore[no-untyped-def]
    """Change the accommodation, and book the days of homelessness that end."""
    person = work.state[i]
    if person.home == _HOMELESS:
        days = days_in_account(person, person.home_since, t)
        work.own[i, _HOMELESS_DAYS] += days
        for payer in range(_N_PAYERS):
            price = tables.homeless_day[person.home_regime, payer]
            work.own[i, _COST + payer] += days * price
    person.home = home
    person.home_since = t
    person.home_regime = r
    if home <= _HOMELESS:
        person.home_ratio = tables.home_ratio[r, home]
        log(work, i, t, _ACCOMMODATION, home)
