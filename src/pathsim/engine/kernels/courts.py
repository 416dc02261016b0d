"""Courts: from a reoffence to its disposal."""

from __future__ import annotations

import numpy as np

from pathsim.engine.contract import (
    MAX_CASES,
    N_PAYERS,
    Disposal,
    Event,
    Floats,
    Person,
    Purpose,
    Rank,
    Route,
    Spell,
    Why,
)

from .booking import book_all, log
from .jit import inlined
from .model import Model
from .nodes import give_node_back, take_node
from .quantities import sample
from .random import draw, happens
from .runaways import stop_run
from .timers import set_timer
from .vectors import field_of
from .workspace import Counter, Status, Workspace

_OFFENCE = np.uint64(Purpose.OFFENCE)
_OFFENCE_OTHER = np.uint64(Purpose.OFFENCE_OTHER)
_PROOF = np.uint64(Purpose.PROOF)
_ROUTE = np.uint64(Purpose.ROUTE)
_CROWN_DRAW = np.uint64(Purpose.CROWN)
_DELAY = np.uint64(Purpose.DELAY)
_DISPOSAL = np.uint64(Purpose.DISPOSAL)
_DIVERSION = np.uint64(Purpose.DIVERSION)
_REMAND = np.uint64(Purpose.REMAND)
_OUT_OF_COURT = int(Route.OUT_OF_COURT)
_MAGISTRATES = int(Route.MAGISTRATES)
_CROWN = int(Route.CROWN)
_CAUTION = int(Disposal.CAUTION)
_CUSTODY = int(Disposal.CUSTODY)
_COMMUNITY_ORDER = int(Disposal.COMMUNITY_ORDER)
_ACTIVE = int(Spell.ACTIVE)
_LOG_REOFFENCE = int(Event.REOFFENCE)
_PROVEN = int(Rank.PROVEN)
_N_PAYERS = N_PAYERS
_END = int(Rank.END)
_REOFFENDERS = int(Person.REOFFENDERS)
_REOFFENCES = int(Person.REOFFENCES)
_DAYS_TO_FIRST = int(Person.DAYS_TO_FIRST)
_SEVERITY = int(Person.SEVERITY)
_FROM_SENTENCE = int(Person.REOFFENCES_FROM_SENTENCE)
_FREE = int(Counter.FREE_CASE)
_USED = int(Counter.USED_CASES)
_FULL = int(Status.CASES_FULL)
_TOO_MANY = int(Why.CASES)
_MAX_CASES = MAX_CASES


@inlined
def first_above(shares: Floats, u: float) -> int:
    """Return the first position whose cumulative share exceeds `u`."""
    k = 0
    while k < shares.shape[0] - 1 and u >= shares[k]:
        k += 1
    return k


@inlined
def draw_group(m: Model, w: Workspace, i: int, number: np.uint64, r: int) -> int:
    """Draw the offence group of a person's reoffence `number`."""
    person = w.state[i]
    given = m.people[person.number]
    if happens(person.draws, _OFFENCE, number, m.rules[r].same_group):
        return int(given.offence_group)
    u = draw(person.draws, _OFFENCE_OTHER, number)
    return first_above(m.rules[r].offence_cumulative[given.age_group], u)


@inlined
def draw_route(m: Model, w: Workspace, i: int, number: np.uint64, group: int, r: int) -> int:
    """Draw the route of a person's reoffence `number`, should it be proven."""
    person = w.state[i]
    given = m.people[person.number]
    cautioned = m.rules[r].caution_share[given.age_group, group, given.previous_band]
    if happens(person.draws, _ROUTE, number, cautioned):
        return _OUT_OF_COURT
    if happens(person.draws, _CROWN_DRAW, number, m.rules[r].crown_share[group]):
        return _CROWN
    return _MAGISTRATES


@inlined
def draw_delay(m: Model, w: Workspace, i: int, number: np.uint64, route: int, r: int) -> float:
    """Draw the days from a person's reoffence `number` to its proof."""
    return sample(m, m.rules[r].delay[route], w.state[i].draws, _DELAY, number)


@inlined
def look_ahead(m: Model, w: Workspace, i: int) -> None:
    """Set until when the next reoffence, if proven, would count, in each regime that there is.

    Its route and delay belong to its number, whenever it comes; drawn here, they are kept.
    """
    person = w.state[i]
    for r in range(2 if m.rules[0].from_day < np.inf else 1):
        rules = m.rules[r]
        person.counts_for[r] = rules.follow_up
        person.next_group[r] = -1
        if not rules.proof_in_time and m.people[person.number].counted:
            number = np.uint64(person.reoffences + 1)
            group = draw_group(m, w, i, number, r)
            route = draw_route(m, w, i, number, group, r)
            delay = draw_delay(m, w, i, number, route, r)
            person.next_group[r] = group
            person.next_route[r] = route
            person.next_delay[r] = delay
            person.counts_for[r] = rules.follow_up + min(rules.waiting - delay, 0.0)


@inlined
def commit(m: Model, w: Workspace, i: int, t: float, r: int) -> int:
    """Record a reoffence: its group, its costs; return the group."""
    person = w.state[i]
    person.reoffences += 1
    group = int(person.next_group[r])
    if group < 0:
        group = draw_group(m, w, i, np.uint64(person.reoffences), r)
    log(w, i, t, _LOG_REOFFENCE, group)
    book_all(w, i, t, field_of(m.rules[r], "reoffence_cost", group * _N_PAYERS))
    return group


@inlined
def prosecute(m: Model, w: Workspace, i: int, t: float, group: int, r: int) -> bool:
    """Draw whether, by which route and when a reoffence will be proven; add its case.

    Return whether the person is remanded for it.
    """
    person = w.state[i]
    number = np.uint64(person.reoffences)
    if not happens(person.draws, _PROOF, number, m.rules[r].proof):
        return False
    route = int(person.next_route[r])
    delay = person.next_delay[r]
    if person.next_group[r] < 0:
        route = draw_route(m, w, i, number, group, r)
        delay = draw_delay(m, w, i, number, route, r)
    due = t + delay
    if t - person.index < person.counts_for[r]:
        person.not_yet = 0.0
    if due < person.timers[_END]:
        add_case(w, i, t, due, group, route)
    return happens(person.draws, _REMAND, number, m.rules[r].remand_share[route])


@inlined
def add_case(w: Workspace, i: int, t: float, due: float, group: int, route: int) -> None:
    """Add a case to the person's, in order of time and then of the offence."""
    node = take_node(w, w.cases, _FREE, _USED, _FULL)
    if node < 0:
        return
    case = w.cases[node]
    person = w.state[i]
    case.due = due
    case.offence = t
    case.number = person.reoffences
    case.group = group
    case.route = route
    before = np.int32(-1)
    following = person.first_case
    passed = 0
    while following >= 0 and w.cases[following].due <= due:
        before = following
        following = w.cases[following].next
        passed += 1
    if passed >= _MAX_CASES:
        stop_run(w, i, _TOO_MANY, _PROVEN, -1)
    case.next = following
    if before < 0:
        person.first_case = node
        set_timer(w, i, _PROVEN, due)
    else:
        w.cases[before].next = node


@inlined
def close_case(w: Workspace, i: int) -> None:
    """Take the person's first case off the list and set the timer of the next."""
    person = w.state[i]
    node = person.first_case
    following = w.cases[node].next
    person.first_case = following
    give_node_back(w, w.cases, node, _FREE)
    set_timer(w, i, _PROVEN, w.cases[following].due if following >= 0 else np.inf)


@inlined
def count_proven(
    m: Model, w: Workspace, i: int, t: float, offence: float, group: int, r: int
) -> None:
    """Count a proven offence by the official clock and by that from the sentence."""
    person = w.state[i]
    days = m.rules[r].follow_up
    waiting = m.rules[r].waiting
    in_follow_up = person.index <= offence < person.index + days
    if in_follow_up and t <= person.index + days + waiting:
        person.own[_REOFFENCES] += 1.0
        person.own[_SEVERITY] += m.rules[r].severity[group]
        earlier = person.own[_DAYS_TO_FIRST] if person.own[_REOFFENDERS] > 0.0 else np.inf
        person.own[_DAYS_TO_FIRST] = min(offence - person.index, earlier)
        person.own[_REOFFENDERS] = 1.0
    if offence < person.start + days and t <= person.start + days + waiting:
        w.state[i].own[_FROM_SENTENCE] += 1.0


@inlined
def custody_ratio(m: Model, w: Workspace, i: int) -> float:
    """Return the product of the custody ratios of active services and after-effects."""
    product = 1.0
    node = w.state[i].first_spell
    while node >= 0:
        spell = w.spells[node]
        if spell.state >= _ACTIVE:
            product *= m.services[spell.regime, spell.service].custody_ratio
        node = spell.next
    return product


@inlined
def dispose(
    m: Model, w: Workspace, i: int, t: float, number: int, group: int, route: int, r: int
) -> int:
    """Book the case and draw its disposal, before any presumption."""
    if route == _OUT_OF_COURT:
        book_all(w, i, t, field_of(m.rules[r], "caution_cost", 0))
        return _CAUTION
    book_all(w, i, t, field_of(m.rules[r], "conviction_cost", group * _N_PAYERS))
    shares = m.rules[r].disposal_cumulative[
        m.people[w.state[i].number].age_group, group, m.people[w.state[i].number].previous_band
    ]
    person = w.state[i]
    disposal = first_above(shares, draw(person.draws, _DISPOSAL, np.uint64(number)))
    if disposal == _CUSTODY and not happens(
        person.draws, _DIVERSION, np.uint64(number), custody_ratio(m, w, i)
    ):
        return _COMMUNITY_ORDER
    return disposal
