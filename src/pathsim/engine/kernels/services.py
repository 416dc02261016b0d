"""Services: referral, request, start and end, the same steps for every programme."""

from __future__ import annotations

import numpy as np

from pathsim.engine.contract import Ends, Event, Home, Load, Occasion, Purpose, Rank, Spell

from .booking import book, count_load, days_in_account, days_in_window, log, set_home
from .calendar import put, take_out
from .hazard import retime
from .home import begin_stay
from .jit import inlined, kernel
from .pools import enqueue, has_place, unqueue
from .random import draw, nth
from .sampling import quantity
from .spells import add_spell, bit, next_leaving, next_orphan, remove_spell

_REFERRAL = np.uint64(Purpose.REFERRAL)
_TAKE_UP = np.uint64(Purpose.TAKE_UP)
_PATIENCE = np.uint64(Purpose.PATIENCE)
_DURATION = np.uint64(Purpose.DURATION)
_DROP_OUT = np.uint64(Purpose.DROP_OUT)
_DROP_OUT_TIME = np.uint64(Purpose.DROP_OUT_TIME)
_AFTER = np.uint64(Purpose.AFTER)
_EXIT = np.uint64(Purpose.EXIT)
_ZERO = np.uint64(0)
_WAITING = int(Spell.WAITING)
_ACTIVE = int(Spell.ACTIVE)
_AFTER_STATE = int(Spell.AFTER)
_TEMPORARY = int(Home.TEMPORARY)
_SETTLED = int(Home.SETTLED)
_HOMELESS = int(Home.HOMELESS)
_NO_HOME = int(Home.NONE)
_MOVE = int(Rank.MOVE)
_STARTS = int(Load.STARTS)
_WAIT_DAYS = int(Load.WAIT_DAYS)
_RENEGED = int(Load.RENEGED)
_COMPLETED = int(Load.COMPLETED)
_COMPLETE = int(Event.SERVICE_COMPLETE)
_DROPPED = int(Event.SERVICE_DROP_OUT)
_STOP = int(Event.SERVICE_STOP)
_WITHDRAW = int(Event.WITHDRAW)
_RENEGE = int(Event.RENEGE)
_LOG_REFERRAL = int(Event.REFERRAL)
_LOG_WAIT = int(Event.WAIT)
_LOG_START = int(Event.SERVICE_START)
_CUSTODY_BIT = int(Ends.CUSTODY)
_HOMELESS_OCCASION = np.uint64(Occasion.HOMELESS)


@kernel
def trigger(tables, people, work, i, t, mask, occasion, r):  # type: ignore[no-untyped-def]
    """Refer a person to the services in `mask` that take them; add what they request."""
    person = work.state[i]
    mask = mask & people.eligible[r, i] & ~person.open
    s = 0
    while mask != _ZERO:
        if mask & bit(s) != _ZERO:
            mask ^= bit(s)
            service = tables.services[r, s]
            if draw(person.draws, service.key ^ _REFERRAL, occasion) < service.referral:
                log(work, i, t, _LOG_REFERRAL, s)
                book(work, i, t, service.payer, service.per_referral)
                if draw(person.draws, service.key ^ _TAKE_UP, occasion) < service.take_up:
                    add_spell(work, i, s, t, occasion)
        s += 1


@inlined
def become_homeless(tables, people, work, i, t, r):  # type: ignore[no-untyped-def]
    """Fire the triggers of becoming homeless."""
    person = work.state[i]
    person.homeless += 1
    mask = tables.on_homeless[r]
    if mask != _ZERO:
        trigger(tables, people, work, i, t, mask, _HOMELESS_OCCASION + np.uint64(person.homeless), r)


@inlined
def start(tables, people, work, i, t, node, r):  # type: ignore[no-untyped-def]
    """Start a service: draw how long it lasts, let it act, trigger what follows from it."""
    person = work.state[i]
    spell = work.spells[node]
    s = spell.service
    service = tables.services[r, s]
    waited = t - spell.since
    if spell.state == _WAITING:
        work.queue_days[s] += days_in_window(spell.since, t, tables.rules[r].intake)
    spell.state = _ACTIVE
    spell.since = t
    spell.ratio = service.ratio
    spell.regime = r
    days = quantity(
        tables.distributions, tables.knot_p, tables.knot_q, service.duration,
        draw(person.draws, service.key ^ _DURATION, spell.occasion),
    )  # fmt: skip
    spell.drops_out = 0
    if draw(person.draws, service.key ^ _DROP_OUT, spell.occasion) < service.drop_out:
        spell.drops_out = 1
        days *= draw(person.draws, service.key ^ _DROP_OUT_TIME, spell.occasion)
    spell.until = t + days
    person.active |= bit(s)
    log(work, i, t, _LOG_START, s)
    count_load(people, work, i, s, _STARTS, 1.0)
    count_load(people, work, i, s, _WAIT_DAYS, waited)
    book(work, i, t, service.payer, service.per_start)
    if service.houses:
        person.housed += 1
        work.timers[i, _MOVE] = np.inf
        if person.home == _SETTLED or person.home == _HOMELESS:
            set_home(tables, work, i, t, _TEMPORARY, r)
    following = tables.on_start[r, s]
    if following != _ZERO:
        trigger(tables, people, work, i, t, following, nth(service.key, spell.occasion), r)


@kernel
def start_compiled(tables, people, work, i, t, node, r):  # type: ignore[no-untyped-def]
    """Start a service: the one compiled copy."""
    start(tables, people, work, i, t, node, r)


@inlined
def join_queue(tables, people, work, i, t, node, r):  # type: ignore[no-untyped-def]
    """Let a request wait for a place, as long as its patience lasts."""
    spell = work.spells[node]
    service = tables.services[r, spell.service]
    spell.state = _WAITING
    spell.until = t + quantity(
        tables.distributions, tables.knot_p, tables.knot_q, service.patience,
        draw(work.state[i].draws, service.key ^ _PATIENCE, spell.occasion),
    )  # fmt: skip
    enqueue(people, work, service.pool, node, tables.pool_by_risk[r, service.pool])
    log(work, i, t, _LOG_WAIT, spell.service)


@inlined
def drop(tables, people, work, i, t, node, event, r):  # type: ignore[no-untyped-def]
    """End a request or a wait without a start."""
    spell = work.spells[node]
    s = spell.service
    person = work.state[i]
    if spell.state == _WAITING:
        log(work, i, t, event, s)
        unqueue(work, tables.services[r, s].pool, node)
        person.bound -= 1
        work.queue_days[s] += days_in_window(spell.since, t, tables.rules[r].intake)
        if event == _RENEGE:
            count_load(people, work, i, s, _RENEGED, 1.0)
    person.open &= ~bit(s)
    remove_spell(work, i, node)


@inlined
def finish(tables, people, work, i, t, node, event, r):  # type: ignore[no-untyped-def]
    """End an active service; after completion only, begin its after-effect."""
    person = work.state[i]
    spell = work.spells[node]
    s = spell.service
    service = tables.services[r, s]
    price = tables.services[spell.regime, s].per_day
    log(work, i, t, event, s)
    days = days_in_account(person, spell.since, t)
    if days > 0.0 and price != 0.0:
        book(work, i, spell.since, service.payer, days * price)
    work.busy_days[s] += days_in_window(spell.since, t, tables.rules[r].intake)
    person.active &= ~bit(s)
    person.open &= ~bit(s)
    if service.houses:
        person.housed -= 1
    lasts = 0.0
    if event == _COMPLETE:
        book(work, i, t, service.payer, service.per_completion)
        count_load(people, work, i, s, _COMPLETED, 1.0)
        lasts = quantity(
            tables.distributions, tables.knot_p, tables.knot_q, service.after,
            draw(person.draws, service.key ^ _AFTER, spell.occasion),
        )  # fmt: skip
    if lasts > 0.0:
        spell.state = _AFTER_STATE
        spell.ratio = service.after_ratio
        spell.until = t + lasts
    else:
        remove_spell(work, i, node)


@inlined
def give_places(tables, people, work, pool, t, busy, r):  # type: ignore[no-untyped-def]
    """Give free places to the head of the queue; `busy` is the person being handled, or -1."""
    while work.pools[pool].head >= 0 and has_place(tables, work, pool, r):
        node = work.pools[pool].head
        j = work.spells[node].person
        unqueue(work, pool, node)
        work.pools[pool].held += 1
        start_compiled(tables, people, work, j, t, node, r)
        if j != busy:
            retime(tables, work, j, t, r)
            reschedule(work, j)


@kernel
def next_event(work, i):  # type: ignore[no-untyped-def]
    """Return (time, rank, node) of a person's next event; node is its spell, or -1.

    Simultaneous events: the lower rank first, then the lower service.
    """
    best = np.inf
    rank = -1
    for k in range(1, 14):
        due = work.timers[i, k]
        if due < best:
            best = due
            rank = k
    found = -1
    node = work.state[i].first_spell
    while node >= 0:
        spell = work.spells[node]
        if spell.until <= best:
            kind = 14
            if spell.state == _ACTIVE:
                kind = 2
            elif spell.state == _AFTER_STATE:
                kind = 3
            elif spell.state == _WAITING:
                kind = 4
            if spell.until < best or kind < rank:
                best = spell.until
                rank = kind
                found = node
        node = spell.next
    return best, rank, found


@inlined
def reschedule(work, i):  # type: ignore[no-untyped-def]
    """Put a person's next event into the calendar, or take them out if there is none."""
    time, rank, _ = next_event(work, i)
    if rank < 0:
        take_out(work, i)
    else:
        put(work, i, time, rank)


@inlined
def move_out(tables, people, work, i, t, s, occasion, r):  # type: ignore[no-untyped-def]
    """Let a person leave the accommodation that service `s` gave, unless they are in custody."""
    person = work.state[i]
    if person.home == _NO_HOME:
        return
    service = tables.services[r, s]
    settled = draw(person.draws, service.key ^ _EXIT, occasion) < service.exit_settled
    set_home(tables, work, i, t, _SETTLED if settled else _HOMELESS, r)
    begin_stay(tables, work, i, t, r)
    if not settled:
        become_homeless(tables, people, work, i, t, r)


@kernel
def leave(tables, people, work, i, t, node, event, ends, r):  # type: ignore[no-untyped-def]
    """End spell `node` with `event`, or all that `ends` (bits of Ends) end; then what hung on them.

    Each place is given on at once; what required an ended service goes before the next one.
    """
    person = work.state[i]
    moves_out = -1
    exit_occasion = _ZERO
    while True:
        if node < 0:
            node = next_orphan(tables, work, i, r)
            event = _STOP
        if node < 0:
            if moves_out >= 0 and person.housed == 0 and ends & _CUSTODY_BIT == 0:
                move_out(tables, people, work, i, t, moves_out, exit_occasion, r)
            moves_out = -1
            node = next_leaving(tables, work, i, ends, r)
        if node < 0:
            return
        spell = work.spells[node]
        s = spell.service
        houses = tables.services[r, s].houses
        occasion = spell.occasion
        if spell.state < _ACTIVE:
            drop(tables, people, work, i, t, node, _WITHDRAW if event == _STOP else event, r)
        else:
            finish(tables, people, work, i, t, node, event, r)
            pool = tables.services[r, s].pool
            if pool >= 0:
                work.pools[pool].held -= 1
                person.bound -= 1
                give_places(tables, people, work, pool, t, i, r)
            if houses and person.housed == 0:
                moves_out = s
                exit_occasion = occasion
        node = -1
