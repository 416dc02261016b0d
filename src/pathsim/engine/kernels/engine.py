"""The engine: one replication, from everybody's start to the end of everybody's follow-up.

People run ahead alone until they need a limited place. From then on, and for as
long as they hold a place or wait for one, they stand in the calendar and are
handled in the order of time, kind of event and person; a place given on
re-times the one who gets it. Limited places are all that people share, so
nothing is ever rolled back.
"""

from __future__ import annotations

import numpy as np

from pathsim.engine.contract import (
    Disposal,
    Ends,
    Event,
    Home,
    Into,
    Legal,
    Occasion,
    Purpose,
    Rank,
    Route,
)

from .booking import log, set_home, set_legal
from .calendar import begin_day, put, take_out
from .courts import close_case, commit, count_proven, dispose, prosecute
from .custody import (
    begin_sentence,
    end_licence,
    end_order,
    ends_of_custody,
    extend,
    lock_up,
    recall_until,
    release,
    set_release,
)
from .hazard import begin_stretch, retime, set_due
from .home import begin_stay, enter_home, next_home
from .intake import admitted_today, line_up, next_in_line
from .jit import inlined, kernel
from .lifecycle import admit, clear, close, give_slot_back, set_index, take_slot
from .model import Model
from .orders import AT_BREACH, begin_order, begin_presumption, breach, is_activated
from .pools import gives_at_once, next_review
from .random import draw, replication_state
from .sampling import exponential
from .sentences import LONGEST_SUSPENDED, immediate_length, is_suspended, served, suspended_length
from .services import give_places, leave, request, start, trigger
from .spells import next_event, remove_spell
from .timers import set_timer, stop_timer
from .views import hold
from .workspace import Counter, Status, Workspace

_BUDGET = np.uint64(Purpose.BUDGET)
_AT_DISPOSAL = np.uint64(Occasion.DISPOSAL)
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

_LOG_START = int(Event.START)
_LOG_CUSTODY = int(Event.CUSTODY)
_LOG_ACTIVATION = int(Event.ACTIVATION)
_LOG_SUPERVISION_END = int(Event.SUPERVISION_END)
_LOG_PRE_RELEASE = int(Event.PRE_RELEASE)
_LOG_ORDER_END = int(Event.ORDER_END)
_LOG_PRESUMPTION_END = int(Event.PRESUMPTION_END)
_LOG_RENEGE = int(Event.RENEGE)
_LOG_COMPLETE = int(Event.SERVICE_COMPLETE)
_LOG_DROPPED = int(Event.SERVICE_DROP_OUT)
_LOG_STOP = int(Event.SERVICE_STOP)
_LOG_AFTER_END = int(Event.AFTER_END)
_LOG_PROVEN = int(Event.PROVEN)
_LOG_END = int(Event.END)

_LIBERTY = int(Legal.LIBERTY)
_IN_CUSTODY = int(Legal.CUSTODY)
_NO_HOME = int(Home.NONE)
_HOMELESS = int(Home.HOMELESS)
_CUSTODY = int(Disposal.CUSTODY)
_SUSPENDED = int(Disposal.SUSPENDED_SENTENCE)
_SENTENCE = int(Into.SENTENCE)
_RECALLED = int(Into.RECALL)
_REMANDED = int(Into.REMAND)
_BREACHED = int(Into.BREACH)
_OUT_OF_COURT = int(Route.OUT_OF_COURT)
_SUPERVISION = int(Legal.SUPERVISION)
_ENDS_REOFFENCE = int(Ends.REOFFENCE)
_ENDS_ORDER = int(Ends.ORDER_END)
_ENDS_ALL = int(Ends.CUSTODY | Ends.FOLLOW_UP)


_STATUS = int(Counter.STATUS)
_EVENTS = int(Counter.EVENTS)
_STANDING = int(Counter.STANDING)
_HEAP = int(Counter.HEAP)
_TOO_MANY = int(Status.TOO_MANY_EVENTS)
MAX_EVENTS_A_PERSON = 1_000_000


@inlined
def handle(m: Model, w: Workspace, i: int, t: float, rank: int, node: int, r: int) -> None:
    """Handle one event of a person: what it is, which services it ends, what follows.

    One long function on purpose: every step stands in it once, so that it is compiled
    once, and its order is the order of the model's page.
    """
    person = w.state[i]
    disposal = -1  # received now, if any
    number = 0  # of the offence behind it
    group = m.people[w.state[i].number].offence_group
    days = 0.0  # custodial sentence
    in_court = False
    suspended = False
    locked_until = -1.0  # custody begins now and lasts until then
    locked = False
    enters = -1  # the community: 0 by a disposal, 1 by release
    starts = False
    status = -1  # new legal status, if any
    homeless = False  # becomes so
    ended = _LOG_STOP
    ends = 0
    leaving = -1
    mask = _ZERO
    occasion = _ZERO

    # What it is.
    if rank == _REQUEST:
        starts = request(m, w, i, t, node, r)
    elif rank == _PLACE:
        starts = True
    elif rank == _SERVICE_END:
        leaving = node
        ended = _LOG_DROPPED if w.spells[node].drops_out else _LOG_COMPLETE
    elif rank == _RENEGE:
        leaving = node
        ended = _LOG_RENEGE
    elif rank == _AFTER_END:
        log(w, i, t, _LOG_AFTER_END, w.spells[node].service)
        remove_spell(w, i, node)
    elif rank == _REOFFENCE:
        group = commit(m, w, i, t, r)
        ends = _ENDS_REOFFENCE
        if prosecute(m, w, i, t, group, r):
            person.remand_case = person.reoffences
            person.remand_since = t
            locked = True
            log(w, i, t, _LOG_CUSTODY, _REMANDED)
    elif rank == _PROVEN:
        case = w.cases[person.first_case]
        number = case.number
        group = case.group
        in_court = case.route != _OUT_OF_COURT
        count_proven(m, w, i, t, case.offence, group, r)
        disposal = dispose(m, w, i, t, number, group, case.route, r)
        close_case(w, i)
    elif rank == _START:
        disposal = m.people[w.state[i].number].disposal
        days = m.people[w.state[i].number].sentence_days
    elif rank == _RELEASE:
        status = release(m, w, i, t, r)
        enters = 1
    elif rank == _RECALL:
        locked = True
        locked_until = recall_until(m, w, i, t, r)
        log(w, i, t, _LOG_CUSTODY, _RECALLED)
    elif rank == _MOVE:
        set_home(m, w, i, t, next_home(m, w, i), r)
        begin_stay(m, w, i, t, r)
        homeless = person.home == _HOMELESS
    elif rank == _LICENCE_END:
        status = end_licence(m, w, i, t, r)
    elif rank == _SUPERVISION_END:
        stop_timer(w, i, _SUPERVISION_END)
        if person.legal == _SUPERVISION:
            status = _LIBERTY
        log(w, i, t, _LOG_SUPERVISION_END, person.legal if status < 0 else status)
    elif rank == _BREACH:
        days = breach(m, w, i, t, r)
        if days >= 0.0:
            begin_sentence(w, i, t + days, days)
            locked = True
            locked_until = t + served(m, w, i, days, AT_BREACH + np.uint64(person.breaches), r)
            log(w, i, t, _LOG_CUSTODY, _BREACHED)
    elif rank == _PRE_RELEASE:
        stop_timer(w, i, _PRE_RELEASE)
        person.pre_released = 1
        person.pre_releases += 1
        log(w, i, t, _LOG_PRE_RELEASE, 0)
        mask = m.rules[r].on_pre_release
        occasion = _AT_PRE_RELEASE + np.uint64(person.pre_releases)
    elif rank == _ORDER_END:
        stop_timer(w, i, _ORDER_END)
        log(w, i, t, _LOG_ORDER_END, person.order)
        if person.legal == person.order:
            status = _LIBERTY
        person.order = 0
        ends = _ENDS_ORDER
    elif rank == _PRESUMPTION_END:
        stop_timer(w, i, _PRESUMPTION_END)
        person.presumption_ratio = 1.0
        log(w, i, t, _LOG_PRESUMPTION_END, 0)
    else:
        ends = _ENDS_ALL

    # The disposal.
    if disposal >= 0:
        at_liberty = person.legal != _IN_CUSTODY
        held = number != 0 and number == person.remand_case
        activated = in_court and at_liberty and is_activated(m, w, i, number, r)
        if disposal == _CUSTODY:
            if rank == _PROVEN or np.isnan(days):
                days = immediate_length(m, w, i, group, number, r)
            suspended = not activated and is_suspended(m, w, i, days, number, r)
            if suspended:
                disposal = _SUSPENDED
        if rank == _START:
            rules = m.rules[0]
            person.account_end = t + rules.follow_up + (days if rules.index_at_release else 0.0)
            person.legal_since = t
            person.home_since = t
        log(w, i, t, _LOG_START if rank == _START else _LOG_PROVEN, disposal)
        if held:
            person.remand_case = 0
        if disposal == _CUSTODY or activated:
            if activated:
                log(w, i, t, _LOG_ACTIVATION, person.order)
                days = person.suspended_days + (days if disposal == _CUSTODY else 0.0)
            inside = served(m, w, i, days, np.uint64(number), r)
            if at_liberty:
                begin_sentence(w, i, t + days, days)
                locked = True
                locked_until = t + inside
                log(w, i, t, _LOG_CUSTODY, _SENTENCE)
            else:
                extend(m, w, i, t, person.remand_since if held else t, days, inside, r)
                if person.order != 0:  # begun at this instant, with a release from remand
                    ends = _ENDS_ORDER
                    end_order(w, i)
        else:
            freed = held and person.sentence_release <= t
            if freed:
                set_timer(w, i, _RELEASE, t)
            elif held:
                set_release(m, w, i, t, person.sentence_release, r)
            if at_liberty or freed:
                if disposal == _SUSPENDED:
                    drawn = suspended_length(m, w, i, group, number, r)
                    person.suspended_days = min(days, LONGEST_SUSPENDED) if suspended else drawn
                order = begin_order(m, w, i, t, disposal, number, r)
                if at_liberty:
                    status = order
                if suspended:
                    begin_presumption(m, w, i, t, r)
                mask = m.rules[r].on_disposal[disposal]
                occasion = _AT_DISPOSAL + np.uint64(number)
                if rank == _START:
                    enters = 0
                    if status < 0:
                        status = _LIBERTY
    if locked:
        ends |= ends_of_custody(w, i)
        status = _IN_CUSTODY

    # What it ends.
    if ends != 0 or leaving >= 0:
        homeless = leave(m, w, i, t, leaving, ended, ends, r)

    # What follows.
    if locked:
        lock_up(m, w, i, t, locked_until, r)
    if rank == _END:
        set_home(m, w, i, t, _NO_HOME, r)
        status = _LIBERTY
    if status >= 0:
        set_legal(m, w, i, t, status, r)
    if (enters >= 0 or m.rules[0].index_at_release == 0) and person.index == np.inf:
        set_index(m, w, i, t)
    if enters >= 0:
        enter_home(m, w, i, t, enters, r)
        homeless = person.home == _HOMELESS
        if enters == 1:
            mask = m.rules[r].on_release
            occasion = _AT_RELEASE + np.uint64(person.releases)
    if rank == _REOFFENCE:
        begin_stretch(m, w, i, t)
        person.left = exponential(draw(person.draws, _BUDGET, np.uint64(person.reoffences + 1)))
        set_due(m, w, i)
        mask = m.rules[r].on_reoffence
        occasion = _AT_REOFFENCE + np.uint64(person.reoffences)
    if starts:
        mask = m.services[r, w.spells[node].service].on_start
        occasion = start(m, w, i, t, node, r)
    if homeless:
        person.homeless += 1

    # Which services it leads to.
    for kind in range(2):
        if kind == 1:
            mask = m.rules[r].on_homeless if homeless else _ZERO
            occasion = _AT_HOMELESS + np.uint64(person.homeless)
        if mask != _ZERO:
            trigger(m, w, i, t, mask, occasion, r)

    if rank == _END:
        log(w, i, t, _LOG_END, 0)
        close(m, w, i)
    else:
        retime(m, w, i, t, r)
    person.events += 1
    w.counters[_EVENTS] += 1
    if person.events > MAX_EVENTS_A_PERSON:
        w.counters[_STATUS] = _TOO_MANY


@inlined
def is_alone(m: Model, w: Workspace, i: int, rank: int, node: int, r: int) -> bool:
    """Return whether a person's next event concerns nobody else."""
    if w.state[i].bound > 0:
        return False
    return rank != _REQUEST or m.services[r, w.spells[node].service].pool < 0


@kernel
def replicate(model: Model, work: Workspace, seed: np.uint64, replication: np.uint64) -> int:
    """Run one replication; its sums are in `work`, its status is returned."""
    clear(model, work)
    m = hold(model)
    w = hold(work)
    state = replication_state(seed, replication)
    line_up(m, w, state)
    from_day = m.rules[0].from_day
    changed = from_day == np.inf
    review_day, review_pool = next_review(m, w)
    n = m.people.shape[0]
    admitted = 0
    due = 0  # people to admit by the end of today
    while w.counters[_STATUS] == 0:
        in_turn = admitted == due
        if not in_turn:
            i = take_slot(w)
            if w.counters[_STATUS] != 0:
                break
            admit(m, w, i, next_in_line(m, w, admitted), state)
            admitted += 1
        elif w.counters[_HEAP] == 0:
            if admitted == n and w.counters[_STANDING] == 0:
                break
            begin_day(w)
            due = admitted_today(m, w)
            continue
        else:
            entry = w.heap[0]
            if not changed and entry.time >= from_day and review_day >= from_day:
                changed = True
                for pool in range(w.pools.shape[0]):
                    if gives_at_once(m, pool, 1):
                        give_places(m, w, pool, from_day, 1)
                continue
            if entry.time >= review_day:
                give_places(m, w, review_pool, review_day, 1 if review_day >= from_day else 0)
                w.pools[review_pool].review += 1
                review_day, review_pool = next_review(m, w)
                continue
            i = entry.slot
            take_out(w, i)
        starting = not in_turn
        while w.counters[_STATUS] == 0:
            if starting:
                starting = False
                t, rank, node = w.state[i].start, _START, -1
            else:
                t, rank, node = next_event(w, i)
            if rank < 0:
                give_slot_back(w, i)
                break
            r = 1 if t >= from_day else 0
            if not in_turn and not is_alone(m, w, i, rank, node, r):
                put(w, i, t, rank)
                break
            in_turn = False
            handle(m, w, i, t, rank, node, r)
    return w.counters[_STATUS]
