"""What several kinds of events lead to: services that end or are offered, custody, the community.

Apart, so that each has one place in the machine code, however many events lead to it.
"""

from __future__ import annotations

import numpy as np

from .codes import (
    DRAW_INDEX_HOMELESS,
    ENDING_FLAG_CUSTODY,
    ENDING_FLAG_ORDER_END,
    EVENT_SERVICE_STOP,
    LEGAL_CUSTODY,
)
from .costs import set_legal
from .custody import lock_up
from .home import enter_home
from .horizon import member_until
from .jit import helper, inline_helper
from .lifecycle import set_index
from .model import Model
from .services import leave, trigger, trigger_here
from .within import note_homeless
from .workspace import Workspace

_ZERO = np.uint64(0)


@inline_helper
def refer(
    m: Model, w: Workspace, i: int, t: float, mask: np.uint64, draw_index: np.uint64, r: int
) -> None:
    """Refer a person to those of the services in `mask` that take them, by the latest disposal."""
    refer_for(m, w, i, t, mask, int(w.state[i].latest_group), draw_index, r)


@inline_helper
def refer_for(
    m: Model,
    w: Workspace,
    i: int,
    t: float,
    mask: np.uint64,
    group: int,
    draw_index: np.uint64,
    r: int,
) -> None:
    """Refer a person likewise, for an offence of `group`."""
    if mask != _ZERO:
        trigger(m, w, i, t, mask & m.rules[r].for_offence[group], draw_index, r)


@helper
def refer_homeless(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """Refer a person to the services for those who become homeless."""
    person = w.state[i]
    if t >= member_until(m, w, i):
        return
    note_homeless(m, w, i, t)
    person.homeless += 1
    refer(m, w, i, t, m.rules[r].on_homeless, DRAW_INDEX_HOMELESS + np.uint64(person.homeless), r)


@inline_helper
def end_spells(m: Model, w: Workspace, i: int, t: float, ends: int, r: int) -> bool:
    """End what `ends` (bits of EndingFlag) end; return whether the person became homeless by it."""
    return w.state[i].first_spell >= 0 and leave(m, w, i, t, -1, EVENT_SERVICE_STOP, ends, r)


@helper
def take_in(m: Model, w: Workspace, i: int, t: float, until: float, ends: int, r: int) -> None:
    """Let custody begin, until a known release (on remand any number), and end what it ends.

    ends: bits of EndingFlag, what the event ends besides.
    """
    person = w.state[i]
    ends |= ENDING_FLAG_CUSTODY | (ENDING_FLAG_ORDER_END if person.order != 0 else 0)
    end_spells(m, w, i, t, ends, r)
    lock_up(m, w, i, t, until, r)
    set_legal(m, w, i, t, LEGAL_CUSTODY, r)
    person.curfew_ends = -np.inf


@helper
def enter_community(
    m: Model,
    w: Workspace,
    i: int,
    t: float,
    status: int,
    released: int,
    mask: np.uint64,
    draw_index: np.uint64,
    r: int,
) -> None:
    """Let a person into the community: legal status, index date, home, and what it leads to.

    Who has no home is still to be referred for that. released: 1 by a release, 0 by a disposal.
    """
    person = w.state[i]
    set_legal(m, w, i, t, status, r)
    if person.index == np.inf:
        set_index(m, w, i, t)
    enter_home(m, w, i, t, released, r)
    mask = mask & m.rules[r].for_offence[person.latest_group]
    trigger_here(m, w, i, t, mask, draw_index, r)
