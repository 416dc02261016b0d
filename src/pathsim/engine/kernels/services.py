"""Services: referral, request, start and end, the same steps for every programme."""

from __future__ import annotations

import numpy as np

from .bits import lowest, size
from .calendar import put
from .codes import (
    ENDING_FLAG_CUSTODY,
    EVENT_PRIORITY_MOVE,
    EVENT_PRIORITY_PLACE,
    EVENT_REFERRAL,
    EVENT_REFUSED,
    EVENT_RENEGE,
    EVENT_SERVICE_COMPLETE,
    EVENT_SERVICE_START,
    EVENT_SERVICE_STOP,
    EVENT_TURNED_AWAY,
    EVENT_WAIT,
    EVENT_WITHDRAW,
    HOME_HOMELESS,
    HOME_NONE,
    HOME_SETTLED,
    HOME_TEMPORARY,
    PURPOSE_AFTER,
    PURPOSE_DROP_OUT,
    PURPOSE_DROP_OUT_TIME,
    PURPOSE_DURATION,
    PURPOSE_EXIT,
    PURPOSE_PATIENCE,
    PURPOSE_TAKE_UP,
    SPELL_ACTIVE,
    SPELL_AFTER,
    SPELL_PLACE_GIVEN,
    SPELL_WAITING,
)
from .costs import days_in_window, log, record_cost, record_days, set_home
from .home import begin_stay
from .jit import helper, inline_helper
from .late_requests import is_passed_over, note_place, note_request
from .model import Model
from .pools import enqueue, gives_at_once, has_place, is_full, unqueue
from .quantities import sample
from .random import cell_of, draw, happens, nth, word_at
from .regimes import eligible
from .spells import add_spell, next_leaving, next_orphan, remove_spell
from .sums import count_given, count_reneged, count_turned_away, whole_days
from .timers import stop_timer
from .words import bit, without_lowest
from .workspace import Workspace

_ZERO = np.uint64(0)
_FEW = 16
"""Services for which it is quicker to draw for each on its own."""


@inline_helper
def _referred(
    m: Model, draws: np.uint64, mask: np.uint64, draw_index: np.uint64, r: int
) -> np.uint64:
    """Return to which of the services in `mask` a person is referred.

    Many are drawn in a plain loop over all: LLVM makes it one step for several services.
    """
    referred = _ZERO
    rest = mask
    if size(mask) <= _FEW:
        while rest != _ZERO:
            s = lowest(rest)
            rest = without_lowest(rest)
            cell = cell_of(word_at(draws, m.referral_keys[s], draw_index))
            referred |= np.uint64(cell < m.referral_limits[r, s]) << np.uint64(s)
        return referred
    for s in range(m.services.shape[1]):
        cell = cell_of(word_at(draws, m.referral_keys[s], draw_index))
        referred |= np.uint64(cell < m.referral_limits[r, s]) << np.uint64(s)
    return referred & mask


def _trigger(
    m: Model, w: Workspace, i: int, t: float, mask: np.uint64, draw_index: np.uint64, r: int
) -> None:
    """Refer a person to the services in `mask` that take them; add what they request.

    mask: of those for the offence at hand.
    """
    person = w.state[i]
    mask = mask & eligible(m, person.record, r) & ~person.open
    referred = _referred(m, person.draws, mask, draw_index, r)
    while referred != _ZERO:
        s = lowest(referred)
        referred = without_lowest(referred)
        service = m.services[r, s]
        log(w, i, t, EVENT_REFERRAL, s)
        record_cost(m, w, i, t, service.payer, service.per_referral)
        if happens(person.draws, service.key ^ PURPOSE_TAKE_UP, draw_index, service.take_up):
            add_spell(w, i, s, t, draw_index)


trigger = helper(_trigger)
trigger_here = inline_helper(_trigger)
"""The same, put into the caller: for where most referrals begin."""


@helper
def _refuse(w: Workspace, i: int, t: float, node: int, event: int) -> None:
    """End a request that comes to nothing."""
    s = w.spells[node].service
    log(w, i, t, event, s)
    w.state[i].open &= ~bit(s)
    remove_spell(w, i, node)


@inline_helper
def request(m: Model, w: Workspace, i: int, t: float, node: int, r: int) -> bool:
    """Handle a request; return whether the service starts at once."""
    person = w.state[i]
    spell = w.spells[node]
    s = spell.service
    service = m.services[r, s]
    if service.requires != _ZERO and service.requires & person.active == _ZERO:
        _refuse(w, i, t, node, EVENT_REFUSED)
        return False
    pool = service.pool
    spell.pool = pool
    spell.requires = service.requires
    if pool < 0:
        return True
    person.bound += 1
    note_request(m, w, s, t)
    passed_over = is_passed_over(m, w, i, node, t, service.key)
    if not passed_over and gives_at_once(m, pool, r) and has_place(m, w, pool, r):
        w.pools[pool].held += 1
        note_place(m, w, s, t)
        return True
    if is_full(m, w, pool, r):
        person.bound -= 1
        if spell.within:
            count_turned_away(m, w, i, s)
        _refuse(w, i, t, node, EVENT_TURNED_AWAY)
        return False
    spell.state = SPELL_WAITING
    spell.passed_over = 1 if passed_over else 0
    person.spells_changed = 1
    spell.until = t + sample(
        m, service.patience, person.draws, service.key ^ PURPOSE_PATIENCE, spell.draw_index
    )
    enqueue(m, w, pool, node, r)
    log(w, i, t, EVENT_WAIT, s)
    return False


@inline_helper
def start(m: Model, w: Workspace, i: int, t: float, node: int, r: int) -> np.uint64:
    """Start a service: draw how long it lasts, let it act; return the occasion of what follows."""
    person = w.state[i]
    spell = w.spells[node]
    s = spell.service
    service = m.services[r, s]
    days = sample(
        m, service.duration, person.draws, service.key ^ PURPOSE_DURATION, spell.draw_index
    )
    spell.drops_out = 0
    if happens(person.draws, service.key ^ PURPOSE_DROP_OUT, spell.draw_index, service.drop_out):
        spell.drops_out = 1
        days *= draw(person.draws, service.key ^ PURPOSE_DROP_OUT_TIME, spell.draw_index)
    spell.waited = t - spell.since
    spell.state = SPELL_ACTIVE
    person.spells_changed = 1
    spell.since = t
    spell.until = t + days
    spell.ratio = service.ratio
    spell.regime = r
    person.active |= bit(s)
    log(w, i, t, EVENT_SERVICE_START, s)
    record_cost(m, w, i, t, service.payer, service.per_start)
    if service.houses:
        person.housed += 1
        stop_timer(w, i, EVENT_PRIORITY_MOVE)
        if person.home != HOME_NONE and person.home != HOME_TEMPORARY:  # noqa: PLR1714 two comparisons, no tuple
            set_home(m, w, i, t, HOME_TEMPORARY, r)
    return nth(service.key, spell.draw_index)


@inline_helper
def drop(m: Model, w: Workspace, i: int, t: float, node: int, event: int, r: int) -> None:
    """End a request, a wait or a place not yet taken, without a start."""
    spell = w.spells[node]
    s = spell.service
    person = w.state[i]
    if spell.state >= SPELL_WAITING:
        log(w, i, t, event, s)
        if event == EVENT_RENEGE and spell.within:
            count_reneged(m, w, i, s)
    if spell.state == SPELL_WAITING:
        unqueue(m, w, spell.pool, node)
        person.bound -= 1
        w.days[s].queue += whole_days(days_in_window(spell.since, t, m.rules[r].intake))
    person.open &= ~bit(s)
    remove_spell(w, i, node)


@inline_helper
def finish(m: Model, w: Workspace, i: int, t: float, node: int, event: int, r: int) -> None:
    """End an active service; after completion only, begin its after-effect."""
    person = w.state[i]
    spell = w.spells[node]
    s = spell.service
    service = m.services[r, s]
    log(w, i, t, event, s)
    terms = m.services[spell.regime, s]
    w.days[s].busy += whole_days(days_in_window(spell.since, t, m.rules[r].intake))
    if spell.within:
        record_days(m, w, i, spell.since, t, terms.payer, terms.per_day)
        completed = event == EVENT_SERVICE_COMPLETE
        count_given(m, w, i, s, spell.waited, t - spell.since, completed)
    person.active &= ~bit(s)
    person.open &= ~bit(s)
    if m.services[spell.regime, s].houses:
        person.housed -= 1
    lasts = 0.0
    if event == EVENT_SERVICE_COMPLETE:
        record_cost(m, w, i, t, service.payer, service.per_completion)
        lasts = sample(
            m, service.after, person.draws, service.key ^ PURPOSE_AFTER, spell.draw_index
        )
    if lasts > 0.0:
        spell.state = SPELL_AFTER
        person.spells_changed = 1
        spell.ratio = service.after_ratio
        spell.until = t + lasts
    else:
        remove_spell(w, i, node)


@inline_helper
def give_places(m: Model, w: Workspace, pool: int, t: float, i: int, r: int) -> None:
    """Give free places to the head of the queue; each start is its new holder's next event.

    i: whose event it is, or -1. They are not in the calendar, and may lose the place yet.
    Who ends at this instant gets none, and is about to leave the queue; who is passed over stays.
    """
    following = int(w.pools[pool].head)
    while following >= 0 and has_place(m, w, pool, r):
        node = following
        following = int(w.spells[node].behind)
        if w.spells[node].passed_over or w.state[w.spells[node].person].stays_until <= t:
            continue
        unqueue(m, w, pool, node)
        w.pools[pool].held += 1
        spell = w.spells[node]
        note_place(m, w, spell.service, t)
        spell.state = SPELL_PLACE_GIVEN
        w.state[spell.person].spells_changed = 1
        spell.until = t
        w.days[spell.service].queue += whole_days(days_in_window(spell.since, t, m.rules[r].intake))
        if spell.person != i:
            put(w, spell.person, t, EVENT_PRIORITY_PLACE)


@inline_helper
def move_out(
    m: Model, w: Workspace, i: int, t: float, s: int, draw_index: np.uint64, r: int
) -> None:
    """Let a person leave the accommodation that service `s` gave."""
    person = w.state[i]
    service = m.services[r, s]
    settled = happens(person.draws, service.key ^ PURPOSE_EXIT, draw_index, service.exit_settled)
    set_home(m, w, i, t, HOME_SETTLED if settled else HOME_HOMELESS, r)
    begin_stay(m, w, i, t, r)


@helper
def leave(
    m: Model, w: Workspace, i: int, t: float, node: int, event: int, ends: int, r: int
) -> bool:
    """End spell `node` with `event`, or all that `ends` (bits of EndingFlag) end; then the rest.

    Each place is given on at once; what required an ended service goes before the
    next one. Return whether the person became homeless by it.
    """
    person = w.state[i]
    homeless = False
    moves_out = -1
    exit_draw_index = _ZERO
    lost = _ZERO  # services that others require
    while True:
        if node < 0:
            node = next_orphan(w, i) if lost != _ZERO else -1
            event = EVENT_SERVICE_STOP
        if node < 0:
            if moves_out >= 0 and person.housed == 0 and person.home != HOME_NONE:
                # Custody and the end of follow-up take the home itself.
                if ends & ENDING_FLAG_CUSTODY == 0:
                    move_out(m, w, i, t, moves_out, exit_draw_index, r)
                    homeless = person.home == HOME_HOMELESS
                moves_out = -1
            node = next_leaving(m, w, i, ends, r) if ends != 0 else -1
        if node < 0:
            return homeless
        spell = w.spells[node]
        s = spell.service
        draw_index = spell.draw_index
        regime = spell.regime
        pool = spell.pool
        held = spell.state >= SPELL_PLACE_GIVEN
        if spell.state < SPELL_ACTIVE:
            drop(m, w, i, t, node, EVENT_WITHDRAW if event == EVENT_SERVICE_STOP else event, r)
        else:
            finish(m, w, i, t, node, event, r)
            lost |= bit(s) & m.rules[0].required
            if m.services[regime, s].houses:
                moves_out = s
                exit_draw_index = draw_index
        if held and pool >= 0:
            w.pools[pool].held -= 1
            person.bound -= 1
            if gives_at_once(m, pool, r):
                give_places(m, w, pool, t, i, r)
        node = -1
