"""The intake: the people in order of the day of their start.

Admitted day by day, people stand in the calendar only from shortly before they need a
place until they are done with it, so few slots are in use at a time. Their records lie
in the order of the cohort; they are asked for some people ahead.
"""

from __future__ import annotations

import numpy as np

from .calendar import set_clock
from .generations import record_of
from .jit import inline_helper
from .model import Model
from .prefetch import prefetch
from .workspace import Workspace

_AHEAD = 8
"""People whose records are on their way from memory."""


@inline_helper
def first_day(m: Model) -> int:
    """Return the first day on which people are admitted: that of the first generation."""
    return int(np.floor(-m.rules[0].generations_before * m.rules[0].intake))


@inline_helper
def _queue_of(days: float, last: int) -> int:
    """Return which daily queue takes who starts so many days after the first; the last the rest."""
    if days < 0.0:
        return 0
    return int(days) if days < last else last


@inline_helper
def _comes(m: Model, w: Workspace, p: int) -> bool:
    """Return whether a member enters at all, and before the last of other generations end."""
    return w.starts[p] < (np.inf if p < m.people.shape[0] else w.clock[0].closing)


@inline_helper
def line_up(m: Model, w: Workspace) -> int:
    """Sort the people by the day of their start, and return how many; the first comes next.

    Of other generations, who would start when the last of them end is left out.
    """
    begin = float(first_day(m))
    last = w.admitted_by.shape[0] - 1
    for p in range(w.starts.shape[0]):
        if _comes(m, w, p):
            w.admitted_by[_queue_of(w.starts[p] - begin, last)] += 1
    first = 0
    for day in range(w.admitted_by.shape[0]):
        people = w.admitted_by[day]
        w.admitted_by[day] = first
        first += people
    for p in range(w.starts.shape[0]):
        if _comes(m, w, p):
            day = _queue_of(w.starts[p] - begin, last)
            w.order[w.admitted_by[day]] = p
            w.admitted_by[day] += 1
    set_clock(w, first_day(m))
    return first


@inline_helper
def admitted_today(m: Model, w: Workspace) -> int:
    """Return how many people have been admitted when today's are."""
    day = (w.clock[0].tick >> w.clock[0].bits) - first_day(m)
    return w.admitted_by[min(day, w.admitted_by.shape[0] - 1)]


@inline_helper
def next_in_line(m: Model, w: Workspace, admitted: int) -> int:
    """Return the number of the next person to admit."""
    ahead = int(w.order[min(admitted + _AHEAD, w.order.shape[0] - 1)])
    prefetch(m.people, record_of(m, ahead))
    prefetch(w.draws, ahead)
    prefetch(w.starts, ahead)
    prefetch(w.frailty, ahead)
    prefetch(w.budgets, ahead)
    return int(w.order[admitted])
