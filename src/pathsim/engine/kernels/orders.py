"""Community orders and suspended sentences: their time, their breach, their activation."""

from __future__ import annotations

import numpy as np

from pathsim.engine.contract import Disposal, Event, Legal, Occasion, Purpose, Rank

from .booking import book_all, log
from .jit import inlined
from .model import Model
from .quantities import sample
from .random import draw, happens
from .sampling import exponential
from .timers import set_timer, stop_timer
from .vectors import field_of
from .workspace import Workspace

_ORDER_DAYS = np.uint64(Purpose.ORDER_DAYS)
_BREACH_DRAW = np.uint64(Purpose.BREACH)
_BREACH_KIND = np.uint64(Purpose.BREACH_KIND)
_BREACH_DAYS = np.uint64(Purpose.BREACH_DAYS)
_ACTIVATION = np.uint64(Purpose.ACTIVATION)
AT_BREACH = np.uint64(Occasion.BREACH)
_ORDER_END = int(Rank.ORDER_END)
_PRESUMPTION_END = int(Rank.PRESUMPTION_END)
_BREACH = int(Rank.BREACH)
_LICENCE = int(Legal.LICENCE)
_COMMUNITY_ORDER = int(Legal.COMMUNITY_ORDER)
_SUSPENDED = int(Legal.SUSPENDED_SENTENCE)
_TO_COMMUNITY_ORDER = int(Disposal.COMMUNITY_ORDER)
_TO_SUSPENDED = int(Disposal.SUSPENDED_SENTENCE)
_LOG_ORDER = int(Event.ORDER_START)
_LOG_BREACH = int(Event.BREACH)


@inlined
def begin_presumption(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """Let the ratio of a suspended sentence in place of custody act for its time."""
    w.state[i].presumption_ratio = m.rules[r].presumption_ratio
    set_timer(w, i, _PRESUMPTION_END, t + m.rules[r].presumption_days)


@inlined
def begin_order(
    m: Model, w: Workspace, i: int, t: float, disposal: int, number: int, r: int
) -> int:
    """Begin a community order or a suspended sentence; return the new status, or -1 if none."""
    if disposal == _TO_COMMUNITY_ORDER:
        status = _COMMUNITY_ORDER
        which = m.rules[r].community_order_days
    elif disposal == _TO_SUSPENDED:
        status = _SUSPENDED
        which = m.rules[r].suspended_sentence_days
    else:
        return -1
    person = w.state[i]
    days = sample(m, which, person.draws, _ORDER_DAYS, np.uint64(number))
    person.order = status
    set_timer(w, i, _ORDER_END, t + days)
    log(w, i, t, _LOG_ORDER, status)
    set_breach(m, w, i, t, r)
    return -1 if person.legal == _LICENCE else status


@inlined
def set_breach(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """Draw when the running order is next breached, if it is."""
    person = w.state[i]
    stop_timer(w, i, _BREACH)
    rate = m.rules[r].breach_rate[person.order]
    if rate > 0.0:
        person.breach_draws += 1
        u = draw(person.draws, _BREACH_DRAW, np.uint64(person.breach_draws))
        due = t + exponential(u) / rate
        if due < person.timers[_ORDER_END]:
            set_timer(w, i, _BREACH, due)


@inlined
def breach(m: Model, w: Workspace, i: int, t: float, r: int) -> float:
    """Bring a breach to court; return the days of custody it ends in, or -1 if none."""
    person = w.state[i]
    person.breaches += 1
    number = np.uint64(person.breaches)
    log(w, i, t, _LOG_BREACH, person.order)
    book_all(w, i, t, field_of(m.rules[r], "breach_cost", 0))
    if not happens(person.draws, _BREACH_KIND, number, m.rules[r].breach_custody):
        set_breach(m, w, i, t, r)
        return -1.0
    if person.order == _SUSPENDED:
        return person.suspended_days
    return sample(m, m.rules[r].breach_days, person.draws, _BREACH_DAYS, number)


@inlined
def is_activated(m: Model, w: Workspace, i: int, number: int, r: int) -> bool:
    """Return whether a disposal in court activates the running suspended sentence."""
    person = w.state[i]
    if person.order != _SUSPENDED:
        return False
    return happens(person.draws, _ACTIVATION, np.uint64(number), m.rules[r].activation)
