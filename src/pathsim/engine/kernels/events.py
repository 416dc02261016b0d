"""Events: what each kind does to a person, and the order of what follows from it."""

from __future__ import annotations

import numpy as np

from pathsim.engine.contract import MAX_EVENTS, Ends, Event, Home, Into, Legal, Occasion, Rank

from .booking import log, set_home, set_legal
from .courts import commit, look_ahead, prosecute
from .custody import begin_sentence, end_licence, recall_until, release
from .disposals import begin, pass_sentence
from .hazard import renew_budget, spend
from .home import begin_stay, next_home
from .jit import inlined
from .lifecycle import close
from .model import Model
from .orders import AT_BREACH, breach
from .runaways import stop_for_events
from .sentences import served
from .services import leave, request, start
from .spells import remove_spell
from .steps import end_spells, enter_community, refer, refer_homeless, take_in
from .timers import stop_timer
from .workspace import Counter, Workspace

_AT_RELEASE = np.uint64(Occasion.RELEASE)
_AT_REOFFENCE = np.uint64(Occasion.REOFFENCE)
_AT_PRE_RELEASE = np.uint64(Occasion.PRE_RELEASE)

_END = int(Rank.END)
_PLACE = int(Rank.PLACE)
_SERVICE_END = int(Rank.SERVICE_END)
_AFTER_END = int(Rank.AFTER_END)
_RENEGE = int(Rank.RENEGE)
_LICENCE_END = int(Rank.LICENCE_END)
_ORDER_END = int(Rank.ORDER_END)
_SUPERVISION_END = int(Rank.SUPERVISION_END)
_BREACH = int(Rank.BREACH)
_PRE_RELEASE = int(Rank.PRE_RELEASE)
_PRESUMPTION_END = int(Rank.PRESUMPTION_END)
_MOVE = int(Rank.MOVE)
_RECALL = int(Rank.RECALL)
_PROVEN = int(Rank.PROVEN)
_RELEASE = int(Rank.RELEASE)
_REOFFENCE = int(Rank.REOFFENCE)
_START = int(Rank.START)
_REQUEST = int(Rank.REQUEST)

_LOG_CUSTODY = int(Event.CUSTODY)
_LOG_SUPERVISION_END = int(Event.SUPERVISION_END)
_LOG_PRE_RELEASE = int(Event.PRE_RELEASE)
_LOG_ORDER_END = int(Event.ORDER_END)
_LOG_PRESUMPTION_END = int(Event.PRESUMPTION_END)
_LOG_RENEGE = int(Event.RENEGE)
_LOG_COMPLETE = int(Event.SERVICE_COMPLETE)
_LOG_DROPPED = int(Event.SERVICE_DROP_OUT)
_LOG_AFTER_END = int(Event.AFTER_END)
_LOG_END = int(Event.END)

_LIBERTY = int(Legal.LIBERTY)
_SUPERVISION = int(Legal.SUPERVISION)
_NO_HOME = int(Home.NONE)
_HOMELESS = int(Home.HOMELESS)
_RECALLED = int(Into.RECALL)
_REMANDED = int(Into.REMAND)
_BREACHED = int(Into.BREACH)
_ENDS_REOFFENCE = int(Ends.REOFFENCE)
_ENDS_ORDER = int(Ends.ORDER_END)
_ENDS_ALL = int(Ends.CUSTODY | Ends.FOLLOW_UP)

_EVENTS = int(Counter.EVENTS)
_MAX_EVENTS = MAX_EVENTS


@inlined
def handle(m: Model, w: Workspace, i: int, t: float, rank: int, node: int, r: int) -> None:
    """Handle one event of a person: one branch a kind, in no particular order.

    Within each: what the event is; which services it ends; custody, legal status and home;
    referrals. What is left to do is to time the hazard anew.
    """
    _count(w, i, rank, node)
    if rank == _END:
        _end(m, w, i, t, r)
        return
    if rank == _START:
        begin(m, w, i, t, r)
    elif rank == _REOFFENCE:
        _reoffend(m, w, i, t, r)
    elif rank == _PROVEN:
        pass_sentence(m, w, i, t, r)
    elif rank == _REQUEST or rank == _PLACE:  # noqa: PLR1714, SIM109 no tuple in a kernel
        if rank == _PLACE or request(m, w, i, t, node, r):
            mask = m.services[r, w.spells[node].service].on_start
            refer(m, w, i, t, mask, start(m, w, i, t, node, r), r)
    elif rank == _SERVICE_END or rank == _RENEGE:  # noqa: PLR1714, SIM109 no tuple in a kernel
        _leave_service(m, w, i, t, rank, node, r)
    elif rank == _AFTER_END:
        log(w, i, t, _LOG_AFTER_END, w.spells[node].service)
        remove_spell(w, i, node)
    elif rank == _RELEASE:
        status = release(m, w, i, t, r)
        occasion = _AT_RELEASE + np.uint64(w.state[i].releases)
        enter_community(m, w, i, t, status, 1, m.rules[r].on_release, occasion, r)
    elif rank == _MOVE:
        set_home(m, w, i, t, next_home(m, w, i), r)
        begin_stay(m, w, i, t, r)
        if w.state[i].home == _HOMELESS:
            refer_homeless(m, w, i, t, r)
    else:
        _change_status(m, w, i, t, rank, r)


@inlined
def _count(w: Workspace, i: int, rank: int, node: int) -> None:
    """Count the event; so many of one person's that they cannot be meant end the run."""
    person = w.state[i]
    person.events += 1
    if person.events > _MAX_EVENTS:
        stop_for_events(w, i, rank, w.spells[node].service if node >= 0 else -1)


@inlined
def _end(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """End a person and all that they are in."""
    person = w.state[i]
    if person.rate > 0.0:
        spend(m, w, i, t)
    end_spells(m, w, i, t, _ENDS_ALL, r)
    set_home(m, w, i, t, _NO_HOME, r)
    set_legal(m, w, i, t, _LIBERTY, r)
    log(w, i, t, _LOG_END, 0)
    w.counters[_EVENTS] += person.events
    close(m, w, i)


@inlined
def _reoffend(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """Commit an offence; on remand for it, custody follows."""
    person = w.state[i]
    spend(m, w, i, t)
    group = commit(m, w, i, t, r)
    remanded = prosecute(m, w, i, t, group, r)
    look_ahead(m, w, i)
    renew_budget(w, i)
    homeless = False
    if remanded:
        person.remand_case = person.reoffences
        person.remand_since = t
        log(w, i, t, _LOG_CUSTODY, _REMANDED)
        take_in(m, w, i, t, np.inf, _ENDS_REOFFENCE, r)
    else:
        homeless = end_spells(m, w, i, t, _ENDS_REOFFENCE, r)
    occasion = _AT_REOFFENCE + np.uint64(person.reoffences)
    refer(m, w, i, t, m.rules[r].on_reoffence, occasion, r)
    if homeless:
        refer_homeless(m, w, i, t, r)


@inlined
def _leave_service(m: Model, w: Workspace, i: int, t: float, rank: int, node: int, r: int) -> None:
    """Leave a service or its queue."""
    ended = _LOG_RENEGE
    if rank == _SERVICE_END:
        ended = _LOG_DROPPED if w.spells[node].drops_out else _LOG_COMPLETE
    if leave(m, w, i, t, node, ended, 0, r):
        refer_homeless(m, w, i, t, r)


@inlined
def _change_status(m: Model, w: Workspace, i: int, t: float, rank: int, r: int) -> None:
    """Do what happens at the turns of sentences and orders."""
    if rank == _RECALL:
        until = recall_until(m, w, i, t, r)
        log(w, i, t, _LOG_CUSTODY, _RECALLED)
        take_in(m, w, i, t, until, 0, r)
    elif rank == _LICENCE_END:
        set_legal(m, w, i, t, end_licence(m, w, i, t, r), r)
    elif rank == _SUPERVISION_END:
        _end_supervision(m, w, i, t, r)
    elif rank == _BREACH:
        _break_order(m, w, i, t, r)
    elif rank == _PRE_RELEASE:
        _prepare_release(m, w, i, t, r)
    elif rank == _ORDER_END:
        _end_order(m, w, i, t, r)
    elif rank == _PRESUMPTION_END:
        stop_timer(w, i, _PRESUMPTION_END)
        w.state[i].presumption_ratio = 1.0
        log(w, i, t, _LOG_PRESUMPTION_END, 0)


@inlined
def _end_supervision(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """End the supervision after a sentence."""
    person = w.state[i]
    stop_timer(w, i, _SUPERVISION_END)
    supervised = person.legal == _SUPERVISION
    log(w, i, t, _LOG_SUPERVISION_END, _LIBERTY if supervised else person.legal)
    if supervised:
        set_legal(m, w, i, t, _LIBERTY, r)


@inlined
def _break_order(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """Breach an order; custody may follow."""
    days = breach(m, w, i, t, r)
    if days >= 0.0:
        begin_sentence(w, i, t + days, days)
        occasion = AT_BREACH + np.uint64(w.state[i].breaches)
        until = t + served(m, w, i, days, occasion, r)
        log(w, i, t, _LOG_CUSTODY, _BREACHED)
        take_in(m, w, i, t, until, 0, r)


@inlined
def _prepare_release(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """Refer a person to the services before release."""
    person = w.state[i]
    stop_timer(w, i, _PRE_RELEASE)
    person.pre_released = 1
    person.pre_releases += 1
    log(w, i, t, _LOG_PRE_RELEASE, 0)
    occasion = _AT_PRE_RELEASE + np.uint64(person.pre_releases)
    refer(m, w, i, t, m.rules[r].on_pre_release, occasion, r)


@inlined
def _end_order(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """End a community order or a suspended sentence, and the services that end with it."""
    person = w.state[i]
    stop_timer(w, i, _ORDER_END)
    log(w, i, t, _LOG_ORDER_END, person.order)
    order = person.order
    person.order = 0
    homeless = end_spells(m, w, i, t, _ENDS_ORDER, r)
    if person.legal == order:
        set_legal(m, w, i, t, _LIBERTY, r)
    if homeless:
        refer_homeless(m, w, i, t, r)
