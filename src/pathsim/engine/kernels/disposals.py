"""Disposals: of the index offence at the start, and of each proven reoffence."""

from __future__ import annotations

import numpy as np

from pathsim.engine.contract import Disposal, Ends, Event, Into, Legal, Occasion, Rank, Route

from .booking import log
from .courts import close_case, count_proven, dispose
from .custody import begin_sentence, end_order, extend, set_release
from .jit import inlined
from .model import Model
from .orders import begin_order, begin_presumption, is_activated
from .sentences import LONGEST_SUSPENDED, immediate_length, is_suspended, served, suspended_length
from .timers import set_timer
from .workspace import Workspace

_AT_DISPOSAL = np.uint64(Occasion.DISPOSAL)
_PROVEN = int(Rank.PROVEN)
_RELEASE = int(Rank.RELEASE)
_START = int(Rank.START)
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
def pass_sentence(m: Model, w: Workspace, i: int, t: float, rank: int, r: int) -> None:
    """Begin the disposal that a person receives at their start or for a proven offence."""
    person = w.state[i]
    given = m.people[person.number]
    number = 0  # of the offence behind it
    in_court = False
    days = np.nan  # custodial sentence; nan: to be drawn
    if rank == _PROVEN:
        case = w.cases[person.first_case]
        number = case.number
        group = case.group
        in_court = case.route != _OUT_OF_COURT
        count_proven(m, w, i, t, case.offence, group, r)
        disposal = dispose(m, w, i, t, number, group, case.route, r)
        close_case(w, i)
    else:
        group = given.offence_group
        disposal = given.disposal
        days = given.sentence_days
    at_liberty = person.legal != _IN_CUSTODY
    held = number != 0 and number == person.remand_case
    activated = in_court and at_liberty and is_activated(m, w, i, number, r)
    suspended = False
    if disposal == _CUSTODY:
        if np.isnan(days):
            days = immediate_length(m, w, i, group, number, r)
        suspended = not activated and is_suspended(m, w, i, days, number, r)
        if suspended:
            disposal = _SUSPENDED
    if rank == _START:
        _open_account(m, w, i, t, days)
    log(w, i, t, _LOG_START if rank == _START else _LOG_PROVEN, disposal)
    if held:
        person.remand_case = 0
    if disposal == _CUSTODY or activated:
        if activated:
            log(w, i, t, _LOG_ACTIVATION, person.order)
            days = person.suspended_days + (days if disposal == _CUSTODY else 0.0)
        _imprison(m, w, i, t, days, number, at_liberty, held, r)
        return
    freed = held and person.sentence_release <= t
    if freed:
        set_timer(w, i, _RELEASE, t)
    elif held:
        set_release(m, w, i, t, person.sentence_release, r)
    if at_liberty or freed:
        if disposal == _SUSPENDED:
            drawn = suspended_length(m, w, i, group, number, r)
            person.suspended_days = min(days, LONGEST_SUSPENDED) if suspended else drawn
        _leave_in_community(m, w, i, t, disposal, number, at_liberty, rank, r)
        if suspended:
            begin_presumption(m, w, i, t, r)


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
def _imprison(
    m: Model,
    w: Workspace,
    i: int,
    t: float,
    days: float,
    number: int,
    at_liberty: bool,
    held: bool,
    r: int,
) -> None:
    """Begin custody of a sentence of `days`, or let it run beside what is being served."""
    person = w.state[i]
    effects = w.effects[0]
    inside = served(m, w, i, days, np.uint64(number), r)
    if at_liberty:
        begin_sentence(w, i, t + days, days)
        effects.locked = 1
        effects.locked_until = t + inside
        log(w, i, t, _LOG_CUSTODY, _SENTENCE)
    else:
        extend(m, w, i, t, person.remand_since if held else t, days, inside, r)
        if person.order != 0:  # begun at this instant, with a release from remand
            effects.ends = _ENDS_ORDER
            end_order(w, i)


@inlined
def _leave_in_community(
    m: Model,
    w: Workspace,
    i: int,
    t: float,
    disposal: int,
    number: int,
    at_liberty: bool,
    rank: int,
    r: int,
) -> None:
    """Begin an order, if the disposal is one, and what the disposal leads to."""
    effects = w.effects[0]
    order = begin_order(m, w, i, t, disposal, number, r)
    if at_liberty:
        effects.status = order
    effects.mask = m.rules[r].on_disposal[disposal]
    effects.occasion = _AT_DISPOSAL + np.uint64(number)
    if rank == _START:
        effects.enters = 0
        if effects.status < 0:
            effects.status = _LIBERTY
