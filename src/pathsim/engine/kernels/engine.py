"""The engine: one replication, from everybody's start to the end of everybody's follow-up.

People run ahead alone until they need a limited place. From then on, and for as
long as they hold a place or wait for one, they stand in the calendar and are
handled in the order of time, kind of event and person; a place given on
re-times the one who gets it. Limited places are all that people share, so
nothing is ever rolled back.

Kernels have the same letters for the same things, in this order:

| letter | what it is |
|---|---|
| `m` | the model, which is only read: `Model` in `model.py` |
| `w` | the workspace, which is all that is written: `Workspace` in `workspace.py` |
| `i` | the slot of the person whose event it is: `w.state[i]` is their record |
| `t` | the time of the event, days from the start of the intake window |
| `rank` | the kind of event, an `EventPriority` |
| `node` | of a spell's event the spell, `w.spells[node]`, else -1; in lists, any element |
| `r` | the regime at `t`, from 0; `m.rules[r]` |
| `s`, `k` | the numbers of a service and of a pool; `k` is also any other count |
| `person` | `w.state[i]`; `person.number` is the person's row in `m.people` |
| `number` | which event of its kind it is of this person: where its draws stand |

So `handle(m, w, i, t, rank, node, r)` reads: handle the event of kind `rank` of the person in
slot `i` at time `t`, by the rules of regime `r`.
"""

from __future__ import annotations

import numpy as np

from .calendar import begin_tick, begins_a_day, fetch_next, leap, put, rank_of, take_out
from .codes import (
    COUNTER_ENDED,
    COUNTER_HEAP,
    COUNTER_STANDING,
    COUNTER_STATUS,
    EVENT_PRIORITY_END,
    EVENT_PRIORITY_REQUEST,
    EVENT_PRIORITY_START,
)
from .events import handle
from .generations import set_closing_day
from .in_court import may_ask_in_court
from .initial_draws import make_initial_draws
from .intake import admitted_today, line_up, next_in_line
from .jit import helper, inline_helper, kernel
from .lifecycle import admit, clear, settle, take_slot
from .model import Model
from .pools import gives_at_once, next_review, pass_review
from .random import replication_state
from .regimes import change_day, regime_on
from .services import give_places
from .stock import make_stock
from .sums import add_cells_up
from .upcoming import next_after, next_event
from .views import constant_struct_pointer, struct_pointer
from .workspace import WHEEL_DAYS, Workspace

_NOBODY = -1


@inline_helper
def is_alone(m: Model, w: Workspace, i: int, rank: int, node: int, r: int) -> bool:
    """Return whether a person's next event concerns nobody else."""
    if w.state[i].bound > 0 or may_ask_in_court(m, w, i, rank, r):
        return False
    return rank != EVENT_PRIORITY_REQUEST or m.services[r, w.spells[node].service].pool < 0


@kernel
def replicate(model: Model, work: Workspace, seed: np.uint64, replication: np.uint64) -> int:
    """Run one replication; its sums are in `work`, its status is returned."""
    state = replication_state(seed, replication)
    clear(model, work)
    return _follow_all(constant_struct_pointer(model), struct_pointer(work), state)


@helper
def _follow_all(m: Model, w: Workspace, state: np.uint64) -> int:
    """Follow everybody to their end; return the status."""
    make_initial_draws(m, w, state)
    make_stock(m, w, state)
    set_closing_day(m, w)
    n = line_up(m, w)
    later = 1  # the next regime, if there is one
    change = first_change = change_day(m, later)
    review_day, review_pool = next_review(m, w)
    admitted = 0
    due = 0  # people to admit by the end of the day
    idle = 0  # ticks in which nobody comes
    while w.counters[COUNTER_STATUS] == 0:
        if admitted < due:
            i = take_slot(w)
            if i < 0:
                break
            admit(m, w, i, next_in_line(m, w, admitted))
            admitted += 1
            t, rank, node = w.state[i].start, EVENT_PRIORITY_START, -1
            if not is_alone(m, w, i, rank, node, regime_on(m, t)):
                put(w, i, t, rank)
                continue
        elif w.counters[COUNTER_HEAP] == 0:
            if admitted == n and w.counters[COUNTER_STANDING] == 0:
                break
            begin_tick(w)
            if begins_a_day(w):
                due = admitted_today(m, w)
            idle = idle + 1 if w.counters[COUNTER_HEAP] == 0 else 0
            if idle > WHEEL_DAYS and admitted == n:
                leap(w)
                idle = 0
            continue
        else:
            entry = w.heap[0]
            if change < np.inf and entry.time >= change and review_day >= change:
                for pool in range(w.pools.shape[0]):
                    if gives_at_once(m, pool, later):
                        give_places(m, w, pool, change, _NOBODY, later)
                later += 1
                change = change_day(m, later)
                continue
            if entry.time >= review_day:
                give_places(m, w, review_pool, review_day, _NOBODY, regime_on(m, review_day))
                pass_review(m, w, review_pool, min(w.heap[0].time, change))
                review_day, review_pool = next_review(m, w)
                continue
            i = entry.slot
            t, rank, node = entry.time, rank_of(entry.code), w.state[i].spell_node
            take_out(w, i)
            fetch_next(w)
            if w.state[i].spells_changed:  # by others: a place was given
                t, rank, node = next_event(w, i)
        while w.counters[COUNTER_STATUS] == 0:
            r = 0 if t < first_change else regime_on(m, t)
            handle(m, w, i, t, rank, node, r)
            if rank == EVENT_PRIORITY_END and w.counters[COUNTER_ENDED] == i:
                break
            t, rank, node = next_after(m, w, i, t, r)
            following = 0 if t < first_change else regime_on(m, t)
            if not is_alone(m, w, i, rank, node, following):
                put(w, i, t, rank)
                break
    settle(m, w)
    add_cells_up(m, w)
    return w.counters[COUNTER_STATUS]
