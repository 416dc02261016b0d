"""Courts: from a reoffence to its disposal."""

from __future__ import annotations

import numpy as np

from pathsim.engine.contract import (
    DAYS_IN_YEAR,
    MAX_CASES,
    Floats,
)

from .clocks import clocks_of, commit_on_clocks, prove_on_clocks
from .codes import (
    COUNTER_FREE_CASE,
    COUNTER_USED_CASES,
    DISPOSAL_CAUTION,
    EVENT_FURTHER_OFFENCES,
    EVENT_PRIORITY_END,
    EVENT_PRIORITY_PROVEN,
    EVENT_REOFFENCE,
    OUTCOME_COLUMN_DAYS_TO_FIRST,
    OUTCOME_COLUMN_OCCASIONS_TOTAL,
    OUTCOME_COLUMN_REOFFENCES,
    OUTCOME_COLUMN_REOFFENCES_FROM_SENTENCE,
    OUTCOME_COLUMN_REOFFENCES_TOTAL,
    OUTCOME_COLUMN_REOFFENDERS,
    OUTCOME_COLUMN_REOFFENDING_OCCASIONS,
    OUTCOME_COLUMN_SEVERITY,
    PURPOSE_CROWN,
    PURPOSE_DELAY,
    PURPOSE_DISPOSAL,
    PURPOSE_DIVERSION,
    PURPOSE_OFFENCE,
    PURPOSE_OFFENCE_OTHER,
    PURPOSE_OFFENCES,
    PURPOSE_PROOF,
    PURPOSE_REMAND,
    PURPOSE_ROUTE,
    ROUTE_CROWN,
    ROUTE_MAGISTRATES,
    ROUTE_OUT_OF_COURT,
    SPELL_ACTIVE,
    STATUS_CASES_FULL,
    WHY_CASES,
)
from .costs import log, record_costs
from .generations import is_counted
from .horizon import member_until
from .jit import helper, inline_helper
from .mix import draw_group_in_part
from .model import Model
from .nodes import give_node_back, take_node
from .quantities import sample
from .random import draw, happens
from .runaways import stop_run
from .sampling import exponential
from .timers import set_timer
from .within import counted_until
from .workspace import Workspace
from .years import note_reoffences

_MAX_CASES = MAX_CASES
_YEAR = DAYS_IN_YEAR


@inline_helper
def first_above(shares: Floats, u: float) -> int:
    """Return the first position whose cumulative share exceeds `u`."""
    k = 0
    while k < shares.shape[0] - 1 and u >= shares[k]:
        k += 1
    return k


@inline_helper
def draw_group(m: Model, w: Workspace, i: int, number: np.uint64, r: int) -> int:
    """Draw the offence group of a person's reoffence `number`."""
    person = w.state[i]
    if person.in_part:
        return draw_group_in_part(m, w, i, number, r)
    given = m.people[person.record]
    if happens(person.draws, PURPOSE_OFFENCE, number, m.rules[r].same_group):
        return int(given.offence_group)
    u = draw(person.draws, PURPOSE_OFFENCE_OTHER, number)
    return first_above(m.rules[r].offence_cumulative[given.age_group], u)


@inline_helper
def draw_offences(m: Model, w: Workspace, i: int, number: np.uint64, group: int, r: int) -> int:
    """Draw of how many offences a person's occasion `number` is."""
    scale = m.rules[r].offences_scale[group]
    if scale == 0.0:
        return 1
    drawn = exponential(draw(w.state[i].draws, PURPOSE_OFFENCES, number))
    return 1 + int(drawn * scale)


@inline_helper
def draw_route(m: Model, w: Workspace, i: int, number: np.uint64, group: int, r: int) -> int:
    """Draw the route of a person's reoffence `number`, should it be proven."""
    person = w.state[i]
    given = m.people[person.record]
    cautioned = m.rules[r].caution_share[given.age_group, group, person.previous_band]
    if happens(person.draws, PURPOSE_ROUTE, number, cautioned):
        return ROUTE_OUT_OF_COURT
    if happens(person.draws, PURPOSE_CROWN, number, m.rules[r].crown_share[group]):
        return ROUTE_CROWN
    return ROUTE_MAGISTRATES


@inline_helper
def draw_delay(m: Model, w: Workspace, i: int, number: np.uint64, route: int, r: int) -> float:
    """Draw the days from a person's reoffence `number` to its proof."""
    return sample(m, m.rules[r].delay[route], w.state[i].draws, PURPOSE_DELAY, number)


@inline_helper
def look_ahead(m: Model, w: Workspace, i: int, r: int) -> None:
    """Set until when the next reoffence, if proven, would count under regime `r`.

    Its route and delay belong to its number, whenever it comes; drawn here, they are kept.
    """
    person = w.state[i]
    rules = m.rules[r]
    person.ahead = r
    person.counts_for = rules.follow_up
    person.next_group = -1
    person.next_mean = 1.0
    counts = clocks_of(w, i) > 0 if m.rules[0].clocks_a_year else is_counted(m, w, i)
    if counts and not (rules.proof_in_time and rules.one_offence):
        number = np.uint64(person.reoffences + 1)
        group = draw_group(m, w, i, number, r)
        route = draw_route(m, w, i, number, group, r)
        delay = draw_delay(m, w, i, number, route, r)
        person.next_group = group
        person.next_route = route
        person.next_delay = delay
        person.next_mean = rules.offences_mean[group]
        person.counts_for = rules.follow_up + min(rules.waiting - delay, 0.0)


@helper
def look_again(m: Model, w: Workspace, i: int, r: int) -> None:
    """Look ahead, from where that is rare."""
    look_ahead(m, w, i, r)


@inline_helper
def commit(m: Model, w: Workspace, i: int, t: float, r: int) -> int:
    """Record an occasion of reoffending: its group, offences and costs; return the group."""
    person = w.state[i]
    if person.ahead != r:
        look_again(m, w, i, r)
    person.reoffences += 1
    group = int(person.next_group)
    if group < 0:
        group = draw_group(m, w, i, np.uint64(person.reoffences), r)
    log(w, i, t, EVENT_REOFFENCE, group)
    if t < counted_until(m, w, i):
        record_costs(m, w, i, t, m.rules[r].reoffence_cost[group])
    return group


@inline_helper
def multiply(m: Model, w: Workspace, i: int, t: float, group: int, r: int) -> int:
    """Draw of how many offences an occasion is, and book the further ones; return how many."""
    if m.rules[r].one_offence:
        return 1
    return _multiply(m, w, i, t, group, r)


@helper
def _multiply(m: Model, w: Workspace, i: int, t: float, group: int, r: int) -> int:
    offences = draw_offences(m, w, i, np.uint64(w.state[i].reoffences), group, r)
    if offences > 1:
        log(w, i, t, EVENT_FURTHER_OFFENCES, offences - 1)
        if t < counted_until(m, w, i):
            record_costs(m, w, i, t, m.rules[r].further_cost[group], offences - 1.0)
    return offences


@inline_helper
def prosecute(m: Model, w: Workspace, i: int, t: float, group: int, offences: int, r: int) -> bool:
    """Draw whether, by which route and when an occasion will be proven; add its case.

    Return whether the person is remanded for it.
    """
    person = w.state[i]
    number = np.uint64(person.reoffences)
    if not happens(person.draws, PURPOSE_PROOF, number, m.rules[r].proof):
        return False
    route = int(person.next_route)
    delay = person.next_delay
    if person.next_group < 0:
        route = draw_route(m, w, i, number, group, r)
        delay = draw_delay(m, w, i, number, route, r)
    due = t + delay
    if m.rules[0].clocks_a_year:
        commit_on_clocks(w, i, t)
    elif t - person.index < person.counts_for:
        person.not_yet = 0.0
    real = t < member_until(m, w, i)
    if due < (person.stays_until if real else person.timers[EVENT_PRIORITY_END]):
        add_case(w, i, t, due, group, offences, route)
    return real and happens(person.draws, PURPOSE_REMAND, number, m.rules[r].remand_share[route])


@inline_helper
def add_case(
    w: Workspace, i: int, t: float, due: float, group: int, offences: int, route: int
) -> None:
    """Add a case to the person's, in order of time and then of the offence."""
    node = take_node(w, w.cases, COUNTER_FREE_CASE, COUNTER_USED_CASES, STATUS_CASES_FULL)
    if node < 0:
        return
    case = w.cases[node]
    person = w.state[i]
    case.due = due
    case.offence = t
    case.number = person.reoffences
    case.group = group
    case.offences = offences
    case.route = route
    before = np.int32(-1)
    following = person.first_case
    passed = 0
    while following >= 0 and w.cases[following].due <= due:
        before = following
        following = w.cases[following].next
        passed += 1
    if passed >= _MAX_CASES:
        stop_run(w, i, WHY_CASES, EVENT_PRIORITY_PROVEN, -1)
    case.next = following
    if before < 0:
        person.first_case = node
        set_timer(w, i, EVENT_PRIORITY_PROVEN, due)
    else:
        w.cases[before].next = node


@inline_helper
def close_case(w: Workspace, i: int) -> None:
    """Take the person's first case off the list and set the timer of the next."""
    person = w.state[i]
    node = person.first_case
    following = w.cases[node].next
    person.first_case = following
    give_node_back(w, w.cases, node, COUNTER_FREE_CASE)
    set_timer(w, i, EVENT_PRIORITY_PROVEN, w.cases[following].due if following >= 0 else np.inf)


@inline_helper
def count_proven(
    m: Model, w: Workspace, i: int, t: float, offence: float, group: int, offences: int, r: int
) -> None:
    """Count the proven offences of an occasion by the official clock and from the sentence."""
    person = w.state[i]
    days = m.rules[r].follow_up
    waiting = m.rules[r].waiting
    in_follow_up = person.index <= offence < person.index + days
    if m.rules[0].clocks_a_year:
        prove_on_clocks(m, w, i, t, offence, group, offences, r)
    elif in_follow_up and t <= person.index + days + waiting:
        person.own[OUTCOME_COLUMN_REOFFENCES] += offences
        person.own[OUTCOME_COLUMN_REOFFENDING_OCCASIONS] += 1.0
        person.own[OUTCOME_COLUMN_SEVERITY] += offences * m.rules[r].severity[group]
        earlier = (
            person.own[OUTCOME_COLUMN_DAYS_TO_FIRST]
            if person.own[OUTCOME_COLUMN_REOFFENDERS] > 0.0
            else np.inf
        )
        person.own[OUTCOME_COLUMN_DAYS_TO_FIRST] = min(offence - person.index, earlier)
        person.own[OUTCOME_COLUMN_REOFFENDERS] = 1.0
    if offence < person.start + days and t <= person.start + days + waiting:
        w.state[i].own[OUTCOME_COLUMN_REOFFENCES_FROM_SENTENCE] += offences


@inline_helper
def count_by_year(w: Workspace, i: int, offence: float, offences: int) -> None:
    """Count an occasion's proven offences, if counted and inside the account, in their year."""
    person = w.state[i]
    if person.within and offence <= person.account_end:
        person.own[OUTCOME_COLUMN_REOFFENCES_TOTAL] += offences
        person.own[OUTCOME_COLUMN_OCCASIONS_TOTAL] += 1.0
        if offence - person.start >= _YEAR:
            note_reoffences(w, i, offence, offences)


@inline_helper
def custody_ratio(m: Model, w: Workspace, i: int) -> float:
    """Return the product of the custody ratios of active services and after-effects."""
    product = 1.0
    node = w.state[i].first_spell
    while node >= 0:
        spell = w.spells[node]
        if spell.state >= SPELL_ACTIVE:
            product *= m.services[spell.regime, spell.service].custody_ratio
        node = spell.next
    return product


@inline_helper
def dispose(
    m: Model, w: Workspace, i: int, t: float, number: int, group: int, route: int, r: int
) -> int:
    """Book the case and draw its disposal, before any diversion from custody or presumption."""
    if route == ROUTE_OUT_OF_COURT:
        record_costs(m, w, i, t, m.rules[r].caution_cost)
        return DISPOSAL_CAUTION
    record_costs(m, w, i, t, m.rules[r].conviction_cost[group])
    person = w.state[i]
    shares = m.rules[r].disposal_cumulative[
        m.people[person.record].age_group, group, person.previous_band
    ]
    return first_above(shares, draw(person.draws, PURPOSE_DISPOSAL, np.uint64(number)))


@inline_helper
def is_diverted(m: Model, w: Workspace, i: int, number: int) -> bool:
    """Return whether a person's services spare them the custody of a case."""
    ratio = custody_ratio(m, w, i)
    return not happens(w.state[i].draws, PURPOSE_DIVERSION, np.uint64(number), ratio)


@inline_helper
def without_diversion(m: Model, w: Workspace, i: int, number: int, group: int, r: int) -> int:
    """Return what a case out of court would have come to without `sentencing.diversion`."""
    rules = m.rules[r]
    if rules.diverted_adult == 0.0 and rules.diverted_youth == 0.0:
        return DISPOSAL_CAUTION
    return _without_diversion(m, w, i, number, group, r)


@helper
def _without_diversion(m: Model, w: Workspace, i: int, number: int, group: int, r: int) -> int:
    person = w.state[i]
    age = m.people[person.record].age_group
    cautioned = m.rules[r].caution_alone[age, group, person.previous_band]
    if happens(person.draws, PURPOSE_ROUTE, np.uint64(number), cautioned):
        return DISPOSAL_CAUTION
    shares = m.rules[r].diverted_cumulative[age, group, person.previous_band]
    return first_above(shares, draw(person.draws, PURPOSE_DISPOSAL, np.uint64(number)))
