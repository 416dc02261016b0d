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
    Person,
    Purpose,
    Rank,
)

from .booking import log, set_home, set_legal
from .calendar import person_of, put, take_out
from .courts import close_case, commit, count_proven, dispose, prosecute
from .custody import (
    begin_order,
    begin_presumption,
    ends_of_custody,
    extend,
    is_suspended,
    lock_up,
    recall_until,
    release,
    sentence_length,
    served,
)
from .hazard import retime, set_due
from .home import begin_stay, enter_home, next_home
from .jit import inlined, kernel
from .pools import has_place
from .random import draw, person_state, replication_state
from .sampling import exponential, normal_quantile
from .services import (
    become_homeless,
    give_places,
    join_queue,
    leave,
    next_event,
    remove_spell,
    start_compiled,
    trigger,
)
from .spells import bit
from .workspace import Counter, Status

_START_DRAW = np.uint64(Purpose.START)
_FRAILTY = np.uint64(Purpose.FRAILTY)
_BUDGET = np.uint64(Purpose.BUDGET)
_AT_DISPOSAL = np.uint64(Occasion.DISPOSAL)
_AT_RELEASE = np.uint64(Occasion.RELEASE)
_AT_REOFFENCE = np.uint64(Occasion.REOFFENCE)
_ZERO = np.uint64(0)
_ONE = np.uint64(1)

_END = int(Rank.END)
_SERVICE_END = int(Rank.SERVICE_END)
_AFTER_END = int(Rank.AFTER_END)
_RENEGE = int(Rank.RENEGE)
_LICENCE_END = int(Rank.LICENCE_END)
_ORDER_END = int(Rank.ORDER_END)
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
_LOG_LICENCE_END = int(Event.LICENCE_END)
_LOG_ORDER_END = int(Event.ORDER_END)
_LOG_PRESUMPTION_END = int(Event.PRESUMPTION_END)
_LOG_REFUSED = int(Event.REFUSED)
_LOG_RENEGE = int(Event.RENEGE)
_LOG_COMPLETE = int(Event.SERVICE_COMPLETE)
_LOG_DROPPED = int(Event.SERVICE_DROP_OUT)
_LOG_STOP = int(Event.SERVICE_STOP)
_LOG_AFTER_END = int(Event.AFTER_END)
_LOG_PROVEN = int(Event.PROVEN)
_LOG_END = int(Event.END)

_LIBERTY = int(Legal.LIBERTY)
_LICENCE = int(Legal.LICENCE)
_IN_CUSTODY = int(Legal.CUSTODY)
_NO_HOME = int(Home.NONE)
_HOMELESS = int(Home.HOMELESS)
_CUSTODY = int(Disposal.CUSTODY)
_SUSPENDED = int(Disposal.SUSPENDED_SENTENCE)
_SENTENCE = int(Into.SENTENCE)
_RECALLED = int(Into.RECALL)
_ENDS_REOFFENCE = int(Ends.REOFFENCE)
_ENDS_ORDER = int(Ends.ORDER_END)
_ENDS_ALL = int(Ends.CUSTODY | Ends.FOLLOW_UP)

_PEOPLE = int(Person.PEOPLE)
_REOFFENDERS = int(Person.REOFFENDERS)
_REOFFENCES = int(Person.REOFFENCES)
_FROM_SENTENCE = int(Person.REOFFENCES_FROM_SENTENCE)
_DAYS_TO_FIRST = int(Person.DAYS_TO_FIRST)

_STATUS = int(Counter.STATUS)
_EVENTS = int(Counter.EVENTS)
_CALENDAR = int(Counter.CALENDAR)
_FREE_SPELL = int(Counter.FREE_SPELL)
_FREE_CASE = int(Counter.FREE_CASE)
_TOO_MANY = int(Status.TOO_MANY_EVENTS)
MAX_EVENTS_A_PERSON = 1_000_000


@inlined
def clear(work):  # type: ignore[no-untyped-def]
    """Empty the lists, the queues and the sums."""
    work.counters[:] = 0
    for k in range(work.spells.shape[0]):
        work.spells[k].next = k + 1
    work.spells[work.spells.shape[0] - 1].next = -1
    for k in range(work.cases.shape[0]):
        work.cases[k].next = k + 1
    work.cases[work.cases.shape[0] - 1].next = -1
    for k in range(work.pools.shape[0]):
        work.pools[k].held = 0
        work.pools[k].head = -1
        work.pools[k].tail = -1
    work.person[:] = 0.0
    work.load[:] = 0.0
    work.busy_days[:] = 0.0
    work.queue_days[:] = 0.0


@inlined
def admit(tables, people, work, i, state):  # type: ignore[no-untyped-def]
    """Set a person up: nothing has happened, and their start is due."""
    person = work.state[i]
    rules = tables.rules[0]
    person.draws = person_state(state, people.key[i])
    person.active = _ZERO
    person.open = _ZERO
    person.index = np.inf
    person.account_end = np.inf
    frailty = np.exp(rules.frailty_sigma * normal_quantile(draw(person.draws, _FRAILTY, _ZERO)))
    person.base = people.base_hazard[i] * frailty
    person.left = exponential(draw(person.draws, _BUDGET, _ONE))
    person.rate = 0.0
    person.home_ratio = 1.0
    person.legal_ratio = 0.0
    person.presumption_ratio = 1.0
    person.sentence_end = -np.inf
    person.sentence_days = 0.0
    person.first_proven = np.inf
    person.legal = _LIBERTY
    person.legal_regime = 0
    person.home = _NO_HOME
    person.order = 0
    person.housed = 0
    person.bound = 0
    person.reoffences = 0
    person.releases = 0
    person.recalls = 0
    person.entries = 0
    person.stays = 0
    person.homeless = 0
    person.first_spell = -1
    person.first_case = -1
    person.events = 0
    work.calendar_at[i] = -1
    work.timers[i, :] = np.inf
    work.own[i, :] = 0.0
    due = people.start_day[i]
    if np.isnan(due):
        due = draw(person.draws, _START_DRAW, _ZERO) * rules.intake
    if not people.counted[i]:
        due -= rules.intake
    person.start = due
    work.timers[i, _START] = due


@inlined
def set_index(tables, work, i, t):  # type: ignore[no-untyped-def]
    """Set the index date, and with it the end of the person's follow-up."""
    person = work.state[i]
    rules = tables.rules[0]
    person.index = t
    work.timers[i, _END] = max(t + rules.follow_up + rules.waiting, person.account_end)


@inlined
def close(people, work, i):  # type: ignore[no-untyped-def]
    """End a person: give back their list nodes and add their outcomes to their groups."""
    person = work.state[i]
    while person.first_spell >= 0:
        remove_spell(work, i, person.first_spell)
    while person.first_case >= 0:
        close_case(work, i)
    work.timers[i, :] = np.inf
    if not people.counted[i]:
        return
    own = work.own[i]
    own[_PEOPLE] = 1.0
    if own[_REOFFENCES] > 0.0:
        own[_REOFFENDERS] = 1.0
        own[_DAYS_TO_FIRST] = person.first_proven - person.index
    for k in range(people.groups.shape[1]):
        group = people.groups[i, k]
        for column in range(own.shape[0]):
            work.person[group, column] += own[column]


@kernel
def handle(tables, people, work, i, t, rank, node, r):  # type: ignore[no-untyped-def]  # noqa: C901, PLR0912, PLR0915
    """Handle one event of a person. One place for each step, so that each is compiled once.

    Before: what the event is. Leaving: the services that it ends. After: what follows,
    and which triggers it fires.
    """
    person = work.state[i]
    disposal = -1  # received now, if any
    number = 0  # of the offence behind it
    group = int(people.offence_group[i])
    days = 0.0  # custodial sentence
    suspended = False
    locked_until = -1.0  # custody begins now and lasts until then
    enters = -1  # the community: 0 by a disposal, 1 by release
    ended = _LOG_STOP
    ends = 0
    leaving = -1
    mask = _ZERO
    occasion = _ZERO

    if rank == _REQUEST:
        spell = work.spells[node]
        service = tables.services[r, spell.service]
        pool = service.pool
        if service.requires != _ZERO and service.requires & person.active == _ZERO:
            log(work, i, t, _LOG_REFUSED, spell.service)
            person.open &= ~bit(spell.service)
            remove_spell(work, i, node)
        elif pool >= 0 and (work.pools[pool].head >= 0 or not has_place(tables, work, pool, r)):
            person.bound += 1
            join_queue(tables, people, work, i, t, node, r)
        else:
            if pool >= 0:
                person.bound += 1
                work.pools[pool].held += 1
            start_compiled(tables, people, work, i, t, node, r)
    elif rank == _SERVICE_END:
        leaving = node
        ended = _LOG_DROPPED if work.spells[node].drops_out else _LOG_COMPLETE
    elif rank == _RENEGE:
        leaving = node
        ended = _LOG_RENEGE
    elif rank == _AFTER_END:
        log(work, i, t, _LOG_AFTER_END, work.spells[node].service)
        remove_spell(work, i, node)
    elif rank == _REOFFENCE:
        group = commit(tables, people, work, i, t, r)
        ends = _ENDS_REOFFENCE
    elif rank == _PROVEN:
        case = work.cases[person.first_case]
        number = case.number
        group = case.group
        count_proven(tables, work, i, t, case.offence, r)
        disposal = dispose(tables, people, work, i, t, number, group, case.route, r)
        close_case(work, i)
        if disposal == _CUSTODY:
            days = sentence_length(tables, people, work, i, group, number, r)
    elif rank == _START:
        work.timers[i, _START] = np.inf
        disposal = int(people.disposal[i])
        if disposal == _CUSTODY:
            days = people.sentence_days[i]
            if np.isnan(days):
                days = sentence_length(tables, people, work, i, group, number, r)
        rules = tables.rules[0]
        person.account_end = t + rules.follow_up + (days if rules.index_at_release else 0.0)
        person.spent_at = t
        person.legal_since = t
        person.home_since = t
    elif rank == _RELEASE:
        release(tables, work, i, t, r)
        enters = 1
    elif rank == _RECALL:
        locked_until = recall_until(tables, work, i, t, r)
        log(work, i, t, _LOG_CUSTODY, _RECALLED)
    elif rank == _MOVE:
        home = next_home(tables, work, i, r)
        set_home(tables, work, i, t, home, r)
        begin_stay(tables, work, i, t, r)
        if home == _HOMELESS:
            become_homeless(tables, people, work, i, t, r)
    elif rank == _LICENCE_END:
        work.timers[i, _LICENCE_END] = np.inf
        work.timers[i, _RECALL] = np.inf
        log(work, i, t, _LOG_LICENCE_END, person.order)
        set_legal(tables, work, i, t, person.order, r)
    elif rank == _ORDER_END:
        work.timers[i, _ORDER_END] = np.inf
        log(work, i, t, _LOG_ORDER_END, person.order)
        if person.legal == person.order:
            set_legal(tables, work, i, t, _LIBERTY, r)
        person.order = 0
        ends = _ENDS_ORDER
    elif rank == _PRESUMPTION_END:
        work.timers[i, _PRESUMPTION_END] = np.inf
        person.presumption_ratio = 1.0
        log(work, i, t, _LOG_PRESUMPTION_END, 0)
    else:
        ends = _ENDS_ALL

    if disposal >= 0:
        if disposal == _CUSTODY and is_suspended(tables, work, i, days, number, r):
            disposal = _SUSPENDED
            suspended = True
        log(work, i, t, _LOG_START if rank == _START else _LOG_PROVEN, disposal)
        if disposal == _CUSTODY and person.legal == _IN_CUSTODY:
            extend(tables, work, i, t, days, r)
        elif disposal == _CUSTODY:
            person.sentence_end = t + days
            person.sentence_days = days
            locked_until = t + served(tables, days, r)
            log(work, i, t, _LOG_CUSTODY, _SENTENCE)
        elif person.legal != _IN_CUSTODY:
            begin_order(tables, work, i, t, disposal, number, r)
            if suspended:
                begin_presumption(tables, work, i, t, r)
            mask = tables.on_disposal[r, disposal]
            occasion = _AT_DISPOSAL + np.uint64(number)
            if rank == _START:
                enters = 0
                person.legal_ratio = tables.legal_ratio[r, person.legal]
    if locked_until >= t:
        ends = ends_of_custody(work, i)

    if ends != 0 or leaving >= 0:
        leave(tables, people, work, i, t, leaving, ended, ends, r)

    if locked_until >= t:
        lock_up(tables, work, i, t, locked_until, r)
    if (enters >= 0 or tables.rules[0].index_at_release == 0) and person.index == np.inf:
        set_index(tables, work, i, t)
    if enters >= 0:
        enter_home(tables, work, i, t, enters, r)
        if enters == 1:
            mask = tables.on_release[r]
            occasion = _AT_RELEASE + np.uint64(person.releases)
    if rank == _REOFFENCE:
        prosecute(tables, people, work, i, t, group, r)
        person.spent_at = t
        person.left = exponential(draw(person.draws, _BUDGET, np.uint64(person.reoffences + 1)))
        set_due(tables, work, i)
        mask = tables.on_reoffence[r]
        occasion = _AT_REOFFENCE + np.uint64(person.reoffences)
    if mask != _ZERO:
        trigger(tables, people, work, i, t, mask, occasion, r)
    if enters >= 0 and person.home == _HOMELESS:
        become_homeless(tables, people, work, i, t, r)
    if rank == _END:
        set_home(tables, work, i, t, _NO_HOME, r)
        set_legal(tables, work, i, t, _LIBERTY, r)
        log(work, i, t, _LOG_END, 0)
        close(people, work, i)
    else:
        retime(tables, work, i, t, r)
    person.events += 1
    work.counters[_EVENTS] += 1
    if person.events > MAX_EVENTS_A_PERSON:
        work.counters[_STATUS] = _TOO_MANY


@kernel
def run_ahead(tables, people, work, i):  # type: ignore[no-untyped-def]
    """Handle a person's events until they need the calendar, and enter them there."""
    from_day = tables.rules[0].from_day
    while work.counters[_STATUS] == 0:
        t, rank, node = next_event(work, i)
        if rank < 0:
            take_out(work, i)
            return
        limited = False
        if rank == _REQUEST:
            limited = tables.services[0, work.spells[node].service].pool >= 0
        if limited or work.state[i].bound > 0:
            put(work, i, t, rank)
            return
        handle(tables, people, work, i, t, rank, node, 1 if t >= from_day else 0)


@kernel
def change(tables, people, work):  # type: ignore[no-untyped-def]
    """Let an option take effect: give its new places to those who wait."""
    for pool in range(work.pools.shape[0]):
        give_places(tables, people, work, pool, tables.rules[0].from_day, -1, 1)


@kernel
def replicate(tables, people, work, seed, replication):  # type: ignore[no-untyped-def]
    """Run one replication; its sums are in `work`, its status is returned."""
    clear(work)
    state = replication_state(seed, replication)
    for i in range(people.key.shape[0]):
        admit(tables, people, work, i, state)
    for i in range(people.key.shape[0]):
        run_ahead(tables, people, work, i)
    from_day = tables.rules[0].from_day
    changed = from_day == np.inf
    while work.counters[_CALENDAR] > 0 and work.counters[_STATUS] == 0:
        t = work.calendar_time[0]
        if not changed and t >= from_day:
            changed = True
            change(tables, people, work)
            continue
        i = person_of(work.calendar_code[0])
        now, rank, node = next_event(work, i)
        handle(tables, people, work, i, now, rank, node, 1 if now >= from_day else 0)
        run_ahead(tables, people, work, i)
    return work.counters[_STATUS]
