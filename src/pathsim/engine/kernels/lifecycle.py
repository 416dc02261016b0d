"""A person's beginning and end, and the workspace's."""

from __future__ import annotations

import numpy as np

from pathsim.engine.contract import N_RARE_COLUMNS

from .clocks import add_clocks, begin_clocks
from .codes import (
    COUNTER_ENDED,
    COUNTER_FREE_CASE,
    COUNTER_FREE_SLOT,
    COUNTER_FREE_SPELL,
    COUNTER_USED_SLOTS,
    EVENT_PRIORITY_START,
    HOME_NONE,
    LEGAL_LIBERTY,
    OUTCOME_COLUMN_INDEX_EVENTS,
    OUTCOME_COLUMN_PEOPLE,
    STATUS_SLOTS_FULL,
    WHY_FOLLOW_UP,
)
from .courts import close_case, look_ahead
from .generations import is_counted, own_end, record_of, turn_of
from .horizon import member_until
from .intake import first_day
from .jit import inline_helper
from .model import Model
from .nodes import give_node_back, take_node
from .regimes import regime_on
from .runaways import stop_run
from .spells import remove_spell
from .sums import add_person, clear_sums
from .timers import set_end, set_reoffence
from .workspace import Workspace

_ZERO = np.uint64(0)
_RARE = N_RARE_COLUMNS


@inline_helper
def clear(m: Model, w: Workspace) -> None:
    """Empty the lists, the queues and the sums."""
    w.counters[:] = 0
    w.counters[COUNTER_FREE_SPELL] = -1
    w.counters[COUNTER_FREE_CASE] = -1
    w.counters[COUNTER_FREE_SLOT] = -1
    w.counters[COUNTER_ENDED] = -1
    w.wheel[:] = -1
    w.busy[:] = _ZERO
    w.last_of_band[:] = -1
    w.admitted_by[:] = 0
    for k in range(w.pools.shape[0]):
        w.pools[k].held = 0
        w.pools[k].waiting = 0
        w.pools[k].head = -1
        w.pools[k].tail = -1
        every = m.pools[0, k].review
        if every > 0.0:
            # The first date at or after the first day of the first generation, or of the stock,
            # who may wait for a place before they are released.
            begins = first_day(m) - m.rules[0].stock_windows * m.rules[0].intake
            w.pools[k].review = int(np.ceil(begins / every))
    clear_sums(w)


@inline_helper
def take_slot(w: Workspace) -> int:
    """Return a free slot, or -1 with a status when none is left."""
    return take_node(w, w.entries, COUNTER_FREE_SLOT, COUNTER_USED_SLOTS, STATUS_SLOTS_FULL)


@inline_helper
def give_slot_back(w: Workspace, i: int) -> None:
    """Free the slot of somebody who needs it no more."""
    give_node_back(w, w.entries, i, COUNTER_FREE_SLOT)


@inline_helper
def admit(m: Model, w: Workspace, i: int, number: int) -> None:
    """Set person `number` up in slot `i`: nothing has happened, and their start is due."""
    person = w.state[i]
    person.number = number
    person.record = record_of(m, number)
    person.turn = turn_of(m, number, person.record)
    given = m.people[person.record]
    person.draws = w.draws[number]
    person.active = _ZERO
    person.open = _ZERO
    person.index = np.inf
    person.account_end = np.inf
    person.within = 1
    person.lingers = 0
    person.base = given.base_hazard * w.frailty[number]
    person.left = w.budgets[number]
    person.rate = 0.0
    person.home_ratio = 1.0
    person.legal_ratio = 0.0
    person.presumption_ratio = 1.0
    person.sentence_end = -np.inf
    person.sentence_days = 0.0
    person.sentence_release = -np.inf
    person.first_release = np.inf
    person.curfew_ends = -np.inf
    person.suspended_days = 0.0
    person.remand_since = np.inf
    person.remand_case = 0
    person.pre_released = 0
    person.pre_releases = 0
    person.breach_draws = 0
    person.breaches = 0
    person.legal = LEGAL_LIBERTY
    person.legal_regime = 0
    person.home = HOME_NONE
    person.home_regime = 0
    person.way = 0
    person.order = 0
    person.housed = 0
    person.bound = 0
    person.reoffences = 0
    person.latest_group = given.offence_group
    person.previous = given.previous
    person.previous_band = given.previous_band
    begin_clocks(m, w, i)
    person.in_part = 0
    person.not_yet = 1.0
    person.releases = 0
    person.recalls = 0
    person.entries = 0
    person.stays = 0
    person.homeless = 0
    person.first_spell = -1
    person.spell_due = np.inf
    person.spell_rank = -1
    person.spell_node = -1
    person.spells_changed = 0
    person.services_ratio = 1.0
    person.first_case = -1
    person.events = 0
    look_ahead(m, w, i, regime_on(m, w.starts[number]))
    w.heap_at[i] = -1
    person.running = _ZERO
    set_end(w, i, np.inf)
    set_reoffence(w, i, np.inf)
    person.has_rare = 0
    for k in range(_RARE, person.own.shape[0]):
        person.own[k] = 0.0
    person.start = w.starts[number]


@inline_helper
def set_index(m: Model, w: Workspace, i: int, t: float) -> None:
    """Set the index date, and with it the end of the person's follow-up."""
    w.state[i].index = t
    if not w.state[i].lingers:  # else that end has come
        follow_until(m, w, i, t)


@inline_helper
def follow_until(m: Model, w: Workspace, i: int, index: float) -> None:
    """Set the end of a person's follow-up by their index date, which may be still to come."""
    rules = m.rules[0]
    person = w.state[i]
    latest = np.inf if is_counted(m, w, i) else w.clock[0].closing
    if rules.memory < np.inf:
        end = member_until(m, w, i)
        if not rules.clocks_a_year:
            end = max(end, index + rules.follow_up + rules.waiting)
        set_end(w, i, min(end, latest))
        person.stays_until = latest
    else:
        end = own_end(m, index, person.account_end)
        set_end(w, i, min(end, latest))
    if not end < np.inf:
        stop_run(w, i, WHY_FOLLOW_UP, EVENT_PRIORITY_START, -1)


@inline_helper
def close(m: Model, w: Workspace, i: int) -> None:
    """End a person: give back their list nodes, and settle who ended before."""
    person = w.state[i]
    while person.first_spell >= 0:
        remove_spell(w, i, person.first_spell)
    while person.first_case >= 0:
        close_case(w, i)
    person.own[OUTCOME_COLUMN_PEOPLE] = 1.0
    person.own[OUTCOME_COLUMN_INDEX_EVENTS] = 0.0 if m.rules[0].clocks_a_year else 1.0
    settle(m, w)
    w.counters[COUNTER_ENDED] = i


@inline_helper
def settle(m: Model, w: Workspace) -> None:
    """Add the outcomes of who ended last to their groups, and free their slot.

    Not at once: what has just been written by cells cannot yet be read by rows.
    """
    i = w.counters[COUNTER_ENDED]
    if i < 0:
        return
    w.counters[COUNTER_ENDED] = -1
    add_person(m, w, i)
    add_clocks(m, w, i)
    give_slot_back(w, i)
