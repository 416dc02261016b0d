"""Disposals: of the index offence at the start, and of each proven reoffence."""

from __future__ import annotations

import numpy as np

from pathsim.engine.contract import Disposal, Ends, Event, Into, Legal, Occasion, Rank, Route

from .booking import log, set_legal
from .courts import close_case, count_proven, dispose
from .custody import begin_sentence, end_order, extend
from .jit import inlined
from .lifecycle import follow_until, set_index
from .model import Model
from .orders import begin_order, begin_presumption, is_activated
from .sentences import LONGEST_SUSPENDED, immediate_length, is_suspended, served, suspended_length
from .steps import end_spells, enter_community, refer, refer_homeless, take_in
from .timers import set_timer
from .workspace import Workspace

_AT_DISPOSAL = np.uint64(Occasion.DISPOSAL)
_RELEASE = int(Rank.RELEASE)
_LOG_START = int(Event.START)
_LOG_CUSTODY = int(Event.CUSTODY)
_LOG_ACTIVATION = int(Event.ACTIVATION)
_LOG_PROVEN = int(Event.PROVEN)
_LIBERTY = int(Legal.LIBERTY)
_IN_CUSTODY = int(Legal.CUSTODY)
_CUSTODY = int(Disposal.CUSTODY)
_SUSPENDED = int(Disposal.SUSPENDED_SENTENCE)
_SENTENCE = int(Into.SENTENCE)
_OUT_OF_COURT = int(Route.OUT_OF_COURT)
_ENDS_ORDER = int(Ends.ORDER_END)


@inlined
def begin(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """Begin the disposal that a person receives at their start."""
    person = w.state[i]
    given = m.people[person.number]
    group = int(given.offence_group)
    disposal = int(given.disposal)
    days = given.sentence_days  # nan: to be drawn
    suspended = False
    if disposal == _CUSTODY:
        if np.isnan(days):
            days = immediate_length(m, w, i, group, 0, r)
        suspended = is_suspended(m, w, i, days, 0, r)
        if suspended:
            disposal = _SUSPENDED
    _open_account(m, w, i, t, days)
    log(w, i, t, _LOG_START, disposal)
    if disposal == _CUSTODY:
        _imprison(m, w, i, t, days, 0, r)
        if m.rules[0].index_at_release == 0:
            set_index(m, w, i, t)
        else:
            follow_until(m, w, i, person.timers[_RELEASE])
        return
    if disposal == _SUSPENDED:
        drawn = suspended_length(m, w, i, group, 0, r)
        person.suspended_days = min(days, LONGEST_SUSPENDED) if suspended else drawn
    order = begin_order(m, w, i, t, disposal, 0, r)
    if suspended:
        begin_presumption(m, w, i, t, r)
    status = order if order >= 0 else _LIBERTY
    mask = m.rules[r].on_disposal[disposal]
    enter_community(m, w, i, t, status, 0, mask, _AT_DISPOSAL, r)


@inlined
def pass_sentence(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """Begin the disposal that a person receives for a proven offence."""
    person = w.state[i]
    case = w.cases[person.first_case]
    number = int(case.number)
    group = int(case.group)
    in_court = case.route != _OUT_OF_COURT
    count_proven(m, w, i, t, case.offence, group, r)
    disposal = dispose(m, w, i, t, number, group, case.route, r)
    close_case(w, i)
    at_liberty = person.legal != _IN_CUSTODY
    held = number == person.remand_case
    activated = in_court and at_liberty and is_activated(m, w, i, number, r)
    days = 0.0  # of a custodial sentence
    suspended = False
    if disposal == _CUSTODY:
        days = immediate_length(m, w, i, group, number, r)
        suspended = not activated and is_suspended(m, w, i, days, number, r)
        if suspended:
            disposal = _SUSPENDED
    log(w, i, t, _LOG_PROVEN, disposal)
    if held:
        person.remand_case = 0
    if disposal == _CUSTODY or activated:
        if activated:
            log(w, i, t, _LOG_ACTIVATION, person.order)
            days += person.suspended_days
        if at_liberty:
            _imprison(m, w, i, t, days, number, r)
        else:
            _serve_beside(m, w, i, t, days, number, held, r)
        return
    freed = held and person.sentence_release <= t
    if held:
        set_timer(w, i, _RELEASE, max(t, person.sentence_release))
    if at_liberty or freed:
        if disposal == _SUSPENDED:
            drawn = suspended_length(m, w, i, group, number, r)
            person.suspended_days = min(days, LONGEST_SUSPENDED) if suspended else drawn
        order = begin_order(m, w, i, t, disposal, number, r)
        if suspended:
            begin_presumption(m, w, i, t, r)
        if at_liberty and order >= 0:
            set_legal(m, w, i, t, order, r)
        mask = m.rules[r].on_disposal[disposal]
        refer(m, w, i, t, mask, _AT_DISPOSAL + np.uint64(number), r)


@inlined
def _open_account(m: Model, w: Workspace, i: int, t: float, days: float) -> None:
    """Begin the account of costs and days: its length does not depend on any option."""
    person = w.state[i]
    rules = m.rules[0]
    counts = rules.index_at_release and m.people[person.number].disposal == _CUSTODY
    person.account_end = t + rules.follow_up + (days if counts else 0.0)
    person.legal_since = t
    person.home_since = t


@inlined
def _imprison(m: Model, w: Workspace, i: int, t: float, days: float, number: int, r: int) -> None:
    """Begin custody of a sentence of `days`."""
    until = t + served(m, w, i, days, np.uint64(number), r)
    begin_sentence(w, i, t + days, days)
    log(w, i, t, _LOG_CUSTODY, _SENTENCE)
    take_in(m, w, i, t, until, 0, r)


@inlined
def _serve_beside(
    m: Model, w: Workspace, i: int, t: float, days: float, number: int, held: bool, r: int
) -> None:
    """Let a sentence of `days` run beside what is being served."""
    person = w.state[i]
    inside = served(m, w, i, days, np.uint64(number), r)
    extend(m, w, i, t, person.remand_since if held else t, days, inside, r)
    if person.order != 0:  # begun at this instant, with a release from remand
        end_order(w, i)
        if end_spells(m, w, i, t, _ENDS_ORDER, r):
            refer_homeless(m, w, i, t, r)
