"""Community orders and suspended sentences: their time, their breach, their activation."""

from __future__ import annotations

import numpy as np

from pathsim.engine.contract import DrawIndex

from .codes import (
    DISPOSAL_COMMUNITY_ORDER,
    DISPOSAL_SUSPENDED_SENTENCE,
    EVENT_BREACH,
    EVENT_ORDER_START,
    EVENT_PRIORITY_BREACH,
    EVENT_PRIORITY_ORDER_END,
    EVENT_PRIORITY_PRESUMPTION_END,
    LEGAL_COMMUNITY_ORDER,
    LEGAL_LICENCE,
    LEGAL_SUSPENDED_SENTENCE,
    PURPOSE_ACTIVATION,
    PURPOSE_BREACH,
    PURPOSE_BREACH_DAYS,
    PURPOSE_BREACH_KIND,
    PURPOSE_ORDER_DAYS,
)
from .costs import log, record_costs
from .jit import inline_helper
from .model import Model
from .quantities import sample
from .random import draw, happens
from .sampling import exponential
from .timers import set_timer, stop_timer
from .workspace import Workspace

AT_BREACH = np.uint64(DrawIndex.BREACH)


@inline_helper
def begin_presumption(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """Let the ratio of a suspended sentence in place of custody act for its time."""
    w.state[i].presumption_ratio = m.rules[r].presumption_ratio
    set_timer(w, i, EVENT_PRIORITY_PRESUMPTION_END, t + m.rules[r].presumption_days)


@inline_helper
def begin_order(
    m: Model, w: Workspace, i: int, t: float, disposal: int, number: int, r: int
) -> int:
    """Begin a community order or a suspended sentence; return the new status, or -1 if none."""
    if disposal == DISPOSAL_COMMUNITY_ORDER:
        status = LEGAL_COMMUNITY_ORDER
        which = m.rules[r].community_order_days
    elif disposal == DISPOSAL_SUSPENDED_SENTENCE:
        status = LEGAL_SUSPENDED_SENTENCE
        which = m.rules[r].suspended_sentence_days
    else:
        return -1
    person = w.state[i]
    days = sample(m, which, person.draws, PURPOSE_ORDER_DAYS, np.uint64(number))
    person.order = status
    person.order_within = person.within
    set_timer(w, i, EVENT_PRIORITY_ORDER_END, t + days)
    log(w, i, t, EVENT_ORDER_START, status)
    set_breach(m, w, i, t, r)
    return -1 if person.legal == LEGAL_LICENCE else status


@inline_helper
def set_breach(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """Draw when the running order is next breached, if it is."""
    person = w.state[i]
    stop_timer(w, i, EVENT_PRIORITY_BREACH)
    rate = m.rules[r].breach_rate[person.order]
    if rate > 0.0:
        person.breach_draws += 1
        u = draw(person.draws, PURPOSE_BREACH, np.uint64(person.breach_draws))
        due = t + exponential(u) / rate
        if due < person.timers[EVENT_PRIORITY_ORDER_END]:
            set_timer(w, i, EVENT_PRIORITY_BREACH, due)


@inline_helper
def breach(m: Model, w: Workspace, i: int, t: float, r: int) -> float:
    """Bring a breach to court; return the days of custody it ends in, or -1 if none."""
    person = w.state[i]
    person.breaches += 1
    number = np.uint64(person.breaches)
    log(w, i, t, EVENT_BREACH, person.order)
    record_costs(m, w, i, t, m.rules[r].breach_cost)
    if not happens(person.draws, PURPOSE_BREACH_KIND, number, m.rules[r].breach_custody):
        set_breach(m, w, i, t, r)
        return -1.0
    if person.order == LEGAL_SUSPENDED_SENTENCE:
        return person.suspended_days
    return sample(m, m.rules[r].breach_days, person.draws, PURPOSE_BREACH_DAYS, number)


@inline_helper
def is_activated(m: Model, w: Workspace, i: int, number: int, r: int) -> bool:
    """Return whether a disposal in court activates the running suspended sentence."""
    person = w.state[i]
    if person.order != LEGAL_SUSPENDED_SENTENCE:
        return False
    return happens(person.draws, PURPOSE_ACTIVATION, np.uint64(number), m.rules[r].activation)
