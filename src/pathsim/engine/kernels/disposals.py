"""Disposals: of the index offence at the start, and of each proven reoffence."""

from __future__ import annotations

import numpy as np

from .clocks import count_occasion, in_window, set_case
from .codes import (
    CUSTODY_REASON_SENTENCE,
    DISPOSAL_COMMUNITY_ORDER,
    DISPOSAL_CUSTODY,
    DISPOSAL_SUSPENDED_SENTENCE,
    DRAW_INDEX_DISPOSAL,
    ENDING_FLAG_ORDER_END,
    EVENT_ACTIVATION,
    EVENT_COUNTED,
    EVENT_CUSTODY,
    EVENT_PRIORITY_RELEASE,
    EVENT_PROVEN,
    EVENT_START,
    HOME_HOMELESS,
    LEGAL_CUSTODY,
    LEGAL_LIBERTY,
    ROUTE_OUT_OF_COURT,
)
from .costs import log, record_costs, set_legal
from .courts import (
    close_case,
    count_by_year,
    count_proven,
    dispose,
    is_diverted,
    look_again,
    without_diversion,
)
from .custody import begin_sentence, end_order, extend, hold_until
from .generations import account_ends, is_counted
from .hazard import settle_budget
from .horizon import member_until
from .in_court import is_suspended, led_to_in_court, start_in_court, starts_in_court
from .index_events import index_event
from .jit import helper, inline_helper
from .lifecycle import follow_until, set_index
from .model import Model
from .orders import begin_order, begin_presumption, is_activated
from .records import previous_band
from .sentences import (
    LONGEST_SUSPENDED,
    band,
    diverted,
    immediate_length,
    served,
    served_in_full,
    suspended_length,
)
from .timers import set_timer
from .transitions import end_spells, enter_community, refer, refer_homeless, take_in
from .within import begin_licence
from .workspace import Workspace

_ZERO = np.uint64(0)


@inline_helper
def begin(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """Begin the disposal that a person receives at their start."""
    person = w.state[i]
    given = m.people[person.record]
    group = int(given.offence_group)
    disposal = diverted(m, w, i, int(given.disposal), r)
    days = given.sentence_days  # nan: to be drawn
    suspended = False
    if disposal == DISPOSAL_CUSTODY:
        if np.isnan(days):
            days = immediate_length(m, w, i, group, 0, r)
        suspended = is_suspended(m, w, i, t, days, 0, group, True, r)
        if suspended:
            disposal = DISPOSAL_SUSPENDED_SENTENCE
    _open_account(m, w, i, t, days)
    log(w, i, t, EVENT_START, disposal)
    if m.rules[0].clocks_a_year and in_window(m, t):
        count_occasion(m, w, i, t, disposal, days, group)
    if m.rules[r].record_grows:
        add_to_record(m, w, i, t, r)
    if disposal == DISPOSAL_CUSTODY:
        _imprison(m, w, i, t, days, 0, r)
        if m.rules[0].index_at_release == 0:
            set_index(m, w, i, t)
        else:
            follow_until(m, w, i, person.timers[EVENT_PRIORITY_RELEASE])
        return
    if disposal == DISPOSAL_SUSPENDED_SENTENCE:
        drawn = suspended_length(m, w, i, group, 0, r)
        person.suspended_days = min(days, LONGEST_SUSPENDED) if suspended else drawn
    order = begin_order(m, w, i, t, disposal, 0, r)
    if suspended:
        begin_presumption(m, w, i, t, r)
    status = order if order >= 0 else LEGAL_LIBERTY
    from_court = starts_in_court(m, suspended, r)
    followed = start_in_court(m, w, i, t, 0, r) if from_court else _ZERO
    mask = m.rules[r].on_disposal[disposal]
    enter_community(m, w, i, t, status, 0, mask, DRAW_INDEX_DISPOSAL, r)
    if from_court:
        refer(m, w, i, t, led_to_in_court(m, r), followed, r)
    if person.home == HOME_HOMELESS:
        refer_homeless(m, w, i, t, r)
    index_event(m, w, i, t, disposal, 0.0)


@inline_helper
def pass_sentence(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """Begin the disposal that a person receives for a proven offence."""
    person = w.state[i]
    case = w.cases[person.first_case]
    number = int(case.number)
    group = int(case.group)
    if case.offence >= member_until(m, w, i):
        _count_only(m, w, i, t, r)
        return
    in_court = case.route != ROUTE_OUT_OF_COURT
    count_proven(m, w, i, t, case.offence, group, case.offences, r)
    count_by_year(w, i, case.offence, case.offences)
    disposal = dispose(m, w, i, t, number, group, case.route, r)
    close_case(w, i)
    at_liberty = person.legal != LEGAL_CUSTODY
    held = number == person.remand_case
    activated = in_court and at_liberty and is_activated(m, w, i, number, r)
    freed = at_liberty or (held and person.sentence_release <= t)
    days = 0.0  # of a custodial sentence
    in_band = 0
    suspended = False
    alone = disposal if in_court else without_diversion(m, w, i, number, group, r)
    if disposal == DISPOSAL_CUSTODY:
        days = immediate_length(m, w, i, group, number, r)
        in_band = band(days)
        if is_diverted(m, w, i, number):
            disposal = DISPOSAL_COMMUNITY_ORDER
            days = 0.0
    if disposal == DISPOSAL_CUSTODY:
        suspended = not activated and is_suspended(m, w, i, t, days, number, group, freed, r)
        if suspended:
            disposal = DISPOSAL_SUSPENDED_SENTENCE
    if in_court and m.rules[r].disposals_priced:
        record_costs(m, w, i, t, m.rules[r].disposal_cost[disposal])
    log(w, i, t, EVENT_PROVEN, disposal)
    inside = disposal == DISPOSAL_CUSTODY or activated
    if m.rules[0].clocks_a_year and in_window(m, t):
        count_occasion(m, w, i, t, disposal, days, group)
    if m.rules[0].clocks_a_year and (inside or freed):
        set_case(w, i, group, person.previous, alone, in_band)
    if inside or freed:
        person.latest_group = group
    if m.rules[r].record_grows:
        add_to_record(m, w, i, t, r)
    if held:
        person.remand_case = 0
    if inside:
        if activated:
            log(w, i, t, EVENT_ACTIVATION, person.order)
            days += person.suspended_days
        if at_liberty:
            _imprison(m, w, i, t, days, number, r)
        else:
            _serve_beside(m, w, i, t, days, number, held, r)
        return
    if held:
        set_timer(w, i, EVENT_PRIORITY_RELEASE, max(t, person.sentence_release))
        hold_until(m, w, i, t, t, -np.inf)
    if freed:
        if disposal == DISPOSAL_SUSPENDED_SENTENCE:
            drawn = suspended_length(m, w, i, group, number, r)
            person.suspended_days = min(days, LONGEST_SUSPENDED) if suspended else drawn
        order = begin_order(m, w, i, t, disposal, number, r)
        if suspended:
            begin_presumption(m, w, i, t, r)
        if at_liberty and order >= 0:
            set_legal(m, w, i, t, order, r)
        from_court = starts_in_court(m, suspended, r)
        followed = start_in_court(m, w, i, t, number, r) if from_court else _ZERO
        mask = m.rules[r].on_disposal[disposal]
        refer(m, w, i, t, mask, DRAW_INDEX_DISPOSAL + np.uint64(number), r)
        if from_court:
            refer(m, w, i, t, led_to_in_court(m, r), followed, r)
        index_event(m, w, i, t, disposal, 0.0)


@helper
def _count_only(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """Prove an offence that is only counted on clocks: nothing follows from it."""
    case = w.cases[w.state[i].first_case]
    group = int(case.group)
    log(w, i, t, EVENT_COUNTED, group)
    count_proven(m, w, i, t, case.offence, group, case.offences, r)
    close_case(w, i)


@helper
def add_to_record(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """Add a disposal to the record; what would count so far went by the record so far."""
    person = w.state[i]
    person.previous += 1
    band = previous_band(person.previous)
    if band != person.previous_band:
        settle_budget(m, w, i, t)
        person.previous_band = band
        look_again(m, w, i, r)


@inline_helper
def _open_account(m: Model, w: Workspace, i: int, t: float, days: float) -> None:
    """Begin the account of costs and days: its length does not depend on any option."""
    person = w.state[i]
    person.account_end = account_ends(m, t, m.people[person.record].disposal, days)
    person.legal_until = person.account_end
    person.plain_until = np.inf
    if is_counted(m, w, i) and person.account_end >= t + m.rules[0].plain_days:
        person.plain_until = t + m.rules[0].plain_days
    person.legal_since = t
    person.home_since = t


@inline_helper
def _imprison(m: Model, w: Workspace, i: int, t: float, days: float, number: int, r: int) -> None:
    """Begin custody of a sentence of `days`."""
    until = t + served(m, w, i, days, np.uint64(number), r)
    begin_sentence(w, i, t + days, days)
    begin_licence(m, w, i, t + days)
    log(w, i, t, EVENT_CUSTODY, CUSTODY_REASON_SENTENCE)
    take_in(m, w, i, t, until, 0, r)
    w.state[i].curfew_ends = t + served_in_full(m, days, r)


@inline_helper
def _serve_beside(
    m: Model, w: Workspace, i: int, t: float, days: float, number: int, held: bool, r: int
) -> None:
    """Let a sentence of `days` run beside what is being served."""
    person = w.state[i]
    inside = served(m, w, i, days, np.uint64(number), r)
    since = person.remand_since if held else t
    extend(m, w, i, t, since, days, inside, r)
    person.curfew_ends = max(person.curfew_ends, since + served_in_full(m, days, r))
    if person.order != 0:  # begun at this instant, with a release from remand
        end_order(w, i)
        if end_spells(m, w, i, t, ENDING_FLAG_ORDER_END, r):
            refer_homeless(m, w, i, t, r)
