"""Events: what each kind does to a person, and the order of what follows from it."""

from __future__ import annotations

import numpy as np

from pathsim.engine.contract import Ends, Event, Home, Into, Legal, Occasion, Rank

from .booking import log, set_home, set_legal
from .courts import commit, look_ahead, prosecute
from .custody import (
    begin_sentence,
    end_licence,
    ends_of_custody,
    lock_up,
    recall_until,
    release,
)
from .disposals import pass_sentence
from .hazard import renew_budget, retime, spend
from .home import begin_stay, enter_home, next_home
from .jit import inlined
from .lifecycle import close, set_index
from .model import Model
from .orders import AT_BREACH, breach
from .sentences import served
from .services import leave, request, start, trigger
from .spells import remove_spell
from .timers import stop_timer
from .workspace import Counter, Status, Workspace

_AT_RELEASE = np.uint64(Occasion.RELEASE)
_AT_REOFFENCE = np.uint64(Occasion.REOFFENCE)
_AT_HOMELESS = np.uint64(Occasion.HOMELESS)
_AT_PRE_RELEASE = np.uint64(Occasion.PRE_RELEASE)
_ZERO = np.uint64(0)

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
_LOG_STOP = int(Event.SERVICE_STOP)
_LOG_AFTER_END = int(Event.AFTER_END)
_LOG_END = int(Event.END)

_LIBERTY = int(Legal.LIBERTY)
_IN_CUSTODY = int(Legal.CUSTODY)
_SUPERVISION = int(Legal.SUPERVISION)
_NO_HOME = int(Home.NONE)
_HOMELESS = int(Home.HOMELESS)
_RECALLED = int(Into.RECALL)
_REMANDED = int(Into.REMAND)
_BREACHED = int(Into.BREACH)
_ENDS_REOFFENCE = int(Ends.REOFFENCE)
_ENDS_ORDER = int(Ends.ORDER_END)
_ENDS_ALL = int(Ends.CUSTODY | Ends.FOLLOW_UP)

_STATUS = int(Counter.STATUS)
_EVENTS = int(Counter.EVENTS)
_TOO_MANY = int(Status.TOO_MANY_EVENTS)
MAX_EVENTS_A_PERSON = 1_000_000


@inlined
def handle(m: Model, w: Workspace, i: int, t: float, rank: int, node: int, r: int) -> None:
    """Handle one event of a person: what it is, which services it ends, what follows.

    What one step leaves to a later one stands in `w.effects`, so that each step has one
    place in the code, in the order of the model's page.
    """
    _nothing_yet(w)
    if rank == _PROVEN or rank == _START:  # noqa: PLR1714, SIM109 no tuple in a kernel
        pass_sentence(m, w, i, t, rank, r)
    else:
        _happen(m, w, i, t, rank, node, r)
    effects = w.effects[0]
    if effects.locked:
        effects.ends |= ends_of_custody(w, i)
        effects.status = _IN_CUSTODY
    if (effects.ends != 0 or effects.leaving >= 0) and w.state[i].first_spell >= 0:
        effects.homeless = leave(m, w, i, t, effects.leaving, effects.ended, effects.ends, r)
    _follow(m, w, i, t, rank, r)
    _refer(m, w, i, t, r)
    if rank == _END:
        log(w, i, t, _LOG_END, 0)
        close(m, w, i)
    else:
        retime(m, w, i, t, r)
    _count(w, i)


@inlined
def _nothing_yet(w: Workspace) -> None:
    """Clear the effects of the event before."""
    effects = w.effects[0]
    effects.mask = _ZERO
    effects.occasion = _ZERO
    effects.locked_until = -1.0
    effects.status = -1
    effects.enters = -1
    effects.leaving = -1
    effects.ended = _LOG_STOP
    effects.ends = 0
    effects.locked = 0
    effects.homeless = 0


@inlined
def _happen(m: Model, w: Workspace, i: int, t: float, rank: int, node: int, r: int) -> None:
    """Do what the event is: one branch a kind, in no particular order."""
    person = w.state[i]
    effects = w.effects[0]
    if rank == _REQUEST or rank == _PLACE:  # noqa: PLR1714, SIM109 no tuple in a kernel
        if rank == _PLACE or request(m, w, i, t, node, r):
            effects.mask = m.services[r, w.spells[node].service].on_start
            effects.occasion = start(m, w, i, t, node, r)
    elif rank == _SERVICE_END:
        effects.leaving = node
        effects.ended = _LOG_DROPPED if w.spells[node].drops_out else _LOG_COMPLETE
    elif rank == _RENEGE:
        effects.leaving = node
        effects.ended = _LOG_RENEGE
    elif rank == _AFTER_END:
        log(w, i, t, _LOG_AFTER_END, w.spells[node].service)
        remove_spell(w, i, node)
    elif rank == _REOFFENCE:
        _reoffend(m, w, i, t, r)
    elif rank == _RELEASE:
        effects.status = release(m, w, i, t, r)
        effects.enters = 1
        effects.mask = m.rules[r].on_release
        effects.occasion = _AT_RELEASE + np.uint64(person.releases)
    elif rank == _RECALL:
        effects.locked = 1
        effects.locked_until = recall_until(m, w, i, t, r)
        log(w, i, t, _LOG_CUSTODY, _RECALLED)
    elif rank == _MOVE:
        set_home(m, w, i, t, next_home(m, w, i), r)
        begin_stay(m, w, i, t, r)
        effects.homeless = person.home == _HOMELESS
    elif rank == _LICENCE_END:
        effects.status = end_licence(m, w, i, t, r)
    elif rank == _SUPERVISION_END:
        stop_timer(w, i, _SUPERVISION_END)
        if person.legal == _SUPERVISION:
            effects.status = _LIBERTY
        log(w, i, t, _LOG_SUPERVISION_END, person.legal if effects.status < 0 else effects.status)
    elif rank == _BREACH:
        _break_order(m, w, i, t, r)
    elif rank == _PRE_RELEASE:
        stop_timer(w, i, _PRE_RELEASE)
        person.pre_released = 1
        person.pre_releases += 1
        log(w, i, t, _LOG_PRE_RELEASE, 0)
        effects.mask = m.rules[r].on_pre_release
        effects.occasion = _AT_PRE_RELEASE + np.uint64(person.pre_releases)
    elif rank == _ORDER_END:
        stop_timer(w, i, _ORDER_END)
        log(w, i, t, _LOG_ORDER_END, person.order)
        if person.legal == person.order:
            effects.status = _LIBERTY
        person.order = 0
        effects.ends = _ENDS_ORDER
    elif rank == _PRESUMPTION_END:
        stop_timer(w, i, _PRESUMPTION_END)
        person.presumption_ratio = 1.0
        log(w, i, t, _LOG_PRESUMPTION_END, 0)
    else:
        if person.rate > 0.0:
            spend(m, w, i, t)
        effects.ends = _ENDS_ALL


@inlined
def _reoffend(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """Commit an offence; on remand for it, custody follows."""
    person = w.state[i]
    effects = w.effects[0]
    spend(m, w, i, t)
    group = commit(m, w, i, t, r)
    effects.ends = _ENDS_REOFFENCE
    if prosecute(m, w, i, t, group, r):
        person.remand_case = person.reoffences
        person.remand_since = t
        effects.locked = 1
        log(w, i, t, _LOG_CUSTODY, _REMANDED)
    look_ahead(m, w, i)
    renew_budget(w, i)
    effects.mask = m.rules[r].on_reoffence
    effects.occasion = _AT_REOFFENCE + np.uint64(person.reoffences)


@inlined
def _break_order(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """Breach an order; custody may follow."""
    person = w.state[i]
    effects = w.effects[0]
    days = breach(m, w, i, t, r)
    if days >= 0.0:
        begin_sentence(w, i, t + days, days)
        effects.locked = 1
        occasion = AT_BREACH + np.uint64(person.breaches)
        effects.locked_until = t + served(m, w, i, days, occasion, r)
        log(w, i, t, _LOG_CUSTODY, _BREACHED)


@inlined
def _follow(m: Model, w: Workspace, i: int, t: float, rank: int, r: int) -> None:
    """Change where the person is: in custody or not, legal status, index date, home."""
    person = w.state[i]
    effects = w.effects[0]
    if effects.locked:
        lock_up(m, w, i, t, effects.locked_until, r)
    if rank == _END:
        set_home(m, w, i, t, _NO_HOME, r)
        effects.status = _LIBERTY
    if effects.status >= 0:
        set_legal(m, w, i, t, effects.status, r)
    if person.index == np.inf and (effects.enters >= 0 or m.rules[0].index_at_release == 0):
        set_index(m, w, i, t)
    if effects.enters >= 0:
        enter_home(m, w, i, t, effects.enters, r)
        effects.homeless = person.home == _HOMELESS


@inlined
def _refer(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """Refer the person to the services that the event leads to, then to those of homelessness."""
    effects = w.effects[0]
    while True:
        if effects.mask != _ZERO:
            trigger(m, w, i, t, effects.mask, effects.occasion, r)
        if not effects.homeless:
            break
        effects.homeless = 0
        w.state[i].homeless += 1
        effects.mask = m.rules[r].on_homeless
        effects.occasion = _AT_HOMELESS + np.uint64(w.state[i].homeless)


@inlined
def _count(w: Workspace, i: int) -> None:
    """Count the event; so many of one person's that they cannot be meant end the run."""
    w.counters[_EVENTS] += 1
    w.state[i].events += 1
    if w.state[i].events > MAX_EVENTS_A_PERSON:
        w.counters[_STATUS] = _TOO_MANY
