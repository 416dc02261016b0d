"""Events: what each kind does to a person, and the order of what follows from it."""

from __future__ import annotations

import numpy as np

from pathsim.engine.contract import (
    MAX_EVENTS,
    EndingFlag,
)

from .codes import (
    COUNTER_EVENTS,
    CUSTODY_REASON_BREACH,
    CUSTODY_REASON_RECALL,
    CUSTODY_REASON_REMAND,
    DISPOSAL_CUSTODY,
    DRAW_INDEX_PRE_RELEASE,
    DRAW_INDEX_RELEASE,
    DRAW_INDEX_REOFFENCE,
    ENDING_FLAG_ORDER_END,
    ENDING_FLAG_REOFFENCE,
    EVENT_AFTER_END,
    EVENT_CUSTODY,
    EVENT_END,
    EVENT_ORDER_END,
    EVENT_PRE_RELEASE,
    EVENT_PRESUMPTION_END,
    EVENT_PRIORITY_AFTER_END,
    EVENT_PRIORITY_BREACH,
    EVENT_PRIORITY_END,
    EVENT_PRIORITY_LICENCE_END,
    EVENT_PRIORITY_MOVE,
    EVENT_PRIORITY_ORDER_END,
    EVENT_PRIORITY_PLACE,
    EVENT_PRIORITY_PRE_RELEASE,
    EVENT_PRIORITY_PRESUMPTION_END,
    EVENT_PRIORITY_PROVEN,
    EVENT_PRIORITY_RECALL,
    EVENT_PRIORITY_RELEASE,
    EVENT_PRIORITY_RENEGE,
    EVENT_PRIORITY_REOFFENCE,
    EVENT_PRIORITY_REQUEST,
    EVENT_PRIORITY_SERVICE_END,
    EVENT_PRIORITY_START,
    EVENT_PRIORITY_SUPERVISION_END,
    EVENT_RENEGE,
    EVENT_SERVICE_COMPLETE,
    EVENT_SERVICE_DROP_OUT,
    EVENT_SUPERVISION_END,
    HOME_HOMELESS,
    HOME_NONE,
    LEGAL_LIBERTY,
    LEGAL_SUPERVISION,
    PURPOSE_COMPLETION,
)
from .costs import log, set_home, set_legal
from .courts import commit, look_ahead, multiply, prosecute
from .custody import begin_sentence, end_licence, recall_until, release
from .disposals import begin, pass_sentence
from .hazard import renew_budget, spend
from .home import begin_stay, next_home
from .horizon import lingers, member_until
from .index_events import index_event
from .jit import inline_helper
from .lifecycle import close
from .model import Model
from .orders import AT_BREACH, breach
from .random import nth
from .runaways import stop_for_events
from .sentences import served, served_in_full
from .services import leave, request, start
from .spells import remove_spell
from .timers import stop_timer
from .transitions import end_spells, enter_community, refer, refer_for, refer_homeless, take_in
from .within import begin_licence, note_cause
from .workspace import Workspace

_ENDS_ALL = int(EndingFlag.CUSTODY | EndingFlag.FOLLOW_UP)

_MAX_EVENTS = MAX_EVENTS
_ZERO = np.uint64(0)


@inline_helper
def handle(m: Model, w: Workspace, i: int, t: float, rank: int, node: int, r: int) -> None:
    """Handle one event of a person: one branch a kind, in no particular order.

    Within each: what the event is; which services it ends; custody, legal status and home;
    referrals. What is left to do is to time the hazard anew.
    """
    _count(w, i, rank, node)
    note_cause(m, w, i, t, rank, node)
    if rank == EVENT_PRIORITY_END:
        if not lingers(w, i, t):
            _end(m, w, i, t, r)
        return
    if rank == EVENT_PRIORITY_START:
        begin(m, w, i, t, r)
    elif rank == EVENT_PRIORITY_REOFFENCE:
        _reoffend(m, w, i, t, r)
    elif rank == EVENT_PRIORITY_PROVEN:
        pass_sentence(m, w, i, t, r)
    elif rank == EVENT_PRIORITY_REQUEST or rank == EVENT_PRIORITY_PLACE:  # noqa: PLR1714, SIM109 no tuple in a kernel
        if rank == EVENT_PRIORITY_PLACE or request(m, w, i, t, node, r):
            mask = m.services[r, w.spells[node].service].on_start
            refer(m, w, i, t, mask, start(m, w, i, t, node, r), r)
    elif rank == EVENT_PRIORITY_SERVICE_END or rank == EVENT_PRIORITY_RENEGE:  # noqa: PLR1714, SIM109 no tuple in a kernel
        _leave_service(m, w, i, t, rank, node, r)
    elif rank == EVENT_PRIORITY_AFTER_END:
        log(w, i, t, EVENT_AFTER_END, w.spells[node].service)
        remove_spell(w, i, node)
    elif rank == EVENT_PRIORITY_RELEASE:
        first = w.state[i].first_release == np.inf and w.state[i].sentence_end > -np.inf
        status = release(m, w, i, t, r)
        draw_index = DRAW_INDEX_RELEASE + np.uint64(w.state[i].releases)
        enter_community(m, w, i, t, status, 1, m.rules[r].on_release, draw_index, r)
        if w.state[i].home == HOME_HOMELESS:
            refer_homeless(m, w, i, t, r)
        if first:
            index_event(m, w, i, t, DISPOSAL_CUSTODY, w.state[i].sentence_days)
    elif rank == EVENT_PRIORITY_MOVE:
        set_home(m, w, i, t, next_home(m, w, i), r)
        begin_stay(m, w, i, t, r)
        if w.state[i].home == HOME_HOMELESS:
            refer_homeless(m, w, i, t, r)
    else:
        _change_status(m, w, i, t, rank, r)


@inline_helper
def _count(w: Workspace, i: int, rank: int, node: int) -> None:
    """Count the event; so many of one person's that they cannot be meant end the run."""
    person = w.state[i]
    person.events += 1
    if person.events > _MAX_EVENTS:
        stop_for_events(w, i, rank, w.spells[node].service if node >= 0 else -1)


@inline_helper
def _end(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """End a person and all that they are in."""
    person = w.state[i]
    if person.rate > 0.0:
        spend(m, w, i, t)
    end_spells(m, w, i, t, _ENDS_ALL, r)
    set_home(m, w, i, t, HOME_NONE, r)
    set_legal(m, w, i, t, LEGAL_LIBERTY, r)
    log(w, i, t, EVENT_END, 0)
    w.counters[COUNTER_EVENTS] += person.events
    close(m, w, i)


@inline_helper
def _reoffend(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """Commit an offence; on remand for it, custody follows."""
    person = w.state[i]
    spend(m, w, i, t)
    group = commit(m, w, i, t, r)
    offences = multiply(m, w, i, t, group, r)
    remanded = prosecute(m, w, i, t, group, offences, r)
    look_ahead(m, w, i, r)
    renew_budget(w, i)
    homeless = False
    if remanded:
        person.remand_case = person.reoffences
        person.remand_since = t
        log(w, i, t, EVENT_CUSTODY, CUSTODY_REASON_REMAND)
        take_in(m, w, i, t, np.inf, ENDING_FLAG_REOFFENCE, r)
    elif t < member_until(m, w, i):
        homeless = end_spells(m, w, i, t, ENDING_FLAG_REOFFENCE, r)
    if t >= member_until(m, w, i):
        return
    draw_index = DRAW_INDEX_REOFFENCE + np.uint64(person.reoffences)
    refer_for(m, w, i, t, m.rules[r].on_reoffence, group, draw_index, r)
    if homeless:
        refer_homeless(m, w, i, t, r)


@inline_helper
def _leave_service(m: Model, w: Workspace, i: int, t: float, rank: int, node: int, r: int) -> None:
    """Leave a service or its queue."""
    ended = EVENT_RENEGE
    if rank == EVENT_PRIORITY_SERVICE_END:
        ended = EVENT_SERVICE_DROP_OUT if w.spells[node].drops_out else EVENT_SERVICE_COMPLETE
    spell = w.spells[node]
    service = m.services[r, spell.service]
    draw_index = spell.draw_index
    homeless = leave(m, w, i, t, node, ended, 0, r)
    goes_on = w.state[i].lingers == 0 and service.on_completion != _ZERO
    if ended == EVENT_SERVICE_COMPLETE and goes_on:
        draw_index = nth(service.key ^ PURPOSE_COMPLETION, draw_index)
        refer(m, w, i, t, service.on_completion, draw_index, r)
    if homeless:
        refer_homeless(m, w, i, t, r)


@inline_helper
def _change_status(m: Model, w: Workspace, i: int, t: float, rank: int, r: int) -> None:
    """Do what happens at the turns of sentences and orders."""
    if rank == EVENT_PRIORITY_RECALL:
        until = recall_until(m, w, i, t, r)
        log(w, i, t, EVENT_CUSTODY, CUSTODY_REASON_RECALL)
        take_in(m, w, i, t, until, 0, r)
    elif rank == EVENT_PRIORITY_LICENCE_END:
        set_legal(m, w, i, t, end_licence(m, w, i, t, r), r)
    elif rank == EVENT_PRIORITY_SUPERVISION_END:
        _end_supervision(m, w, i, t, r)
    elif rank == EVENT_PRIORITY_BREACH:
        _break_order(m, w, i, t, r)
    elif rank == EVENT_PRIORITY_PRE_RELEASE:
        _prepare_release(m, w, i, t, r)
    elif rank == EVENT_PRIORITY_ORDER_END:
        _end_order(m, w, i, t, r)
    elif rank == EVENT_PRIORITY_PRESUMPTION_END:
        stop_timer(w, i, EVENT_PRIORITY_PRESUMPTION_END)
        w.state[i].presumption_ratio = 1.0
        log(w, i, t, EVENT_PRESUMPTION_END, 0)


@inline_helper
def _end_supervision(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """End the supervision after a sentence."""
    person = w.state[i]
    stop_timer(w, i, EVENT_PRIORITY_SUPERVISION_END)
    supervised = person.legal == LEGAL_SUPERVISION
    log(w, i, t, EVENT_SUPERVISION_END, LEGAL_LIBERTY if supervised else person.legal)
    if supervised:
        set_legal(m, w, i, t, LEGAL_LIBERTY, r)


@inline_helper
def _break_order(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """Breach an order; custody may follow."""
    days = breach(m, w, i, t, r)
    if days >= 0.0:
        begin_sentence(w, i, t + days, days)
        begin_licence(m, w, i, t + days)
        draw_index = AT_BREACH + np.uint64(w.state[i].breaches)
        until = t + served(m, w, i, days, draw_index, r)
        log(w, i, t, EVENT_CUSTODY, CUSTODY_REASON_BREACH)
        take_in(m, w, i, t, until, 0, r)
        w.state[i].curfew_ends = t + served_in_full(m, days, r)


@inline_helper
def _prepare_release(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """Refer a person to the services before release."""
    person = w.state[i]
    stop_timer(w, i, EVENT_PRIORITY_PRE_RELEASE)
    person.pre_released = 1
    person.pre_releases += 1
    log(w, i, t, EVENT_PRE_RELEASE, 0)
    draw_index = DRAW_INDEX_PRE_RELEASE + np.uint64(person.pre_releases)
    refer(m, w, i, t, m.rules[r].on_pre_release, draw_index, r)


@inline_helper
def _end_order(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """End a community order or a suspended sentence, and the services that end with it."""
    person = w.state[i]
    stop_timer(w, i, EVENT_PRIORITY_ORDER_END)
    log(w, i, t, EVENT_ORDER_END, person.order)
    order = person.order
    person.order = 0
    homeless = end_spells(m, w, i, t, ENDING_FLAG_ORDER_END, r)
    if person.legal == order:
        set_legal(m, w, i, t, LEGAL_LIBERTY, r)
    if homeless:
        refer_homeless(m, w, i, t, r)
