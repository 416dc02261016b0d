"""What happens to a person next: the earliest of their timers and of the ends of their spells."""

from __future__ import annotations

from .codes import EVENT_PRIORITY_REOFFENCE
from .hazard import retime
from .horizon import end_if_free
from .jit import inline_helper
from .model import Model
from .spells import look_through
from .timers import next_timer
from .workspace import Workspace


@inline_helper
def _next_but_reoffence(w: Workspace, i: int) -> tuple[float, int, int]:
    look_through(w, i)
    person = w.state[i]
    best, rank = next_timer(w, i)
    due = person.spell_due
    if due < best or (due == best and person.spell_rank < rank):
        return due, int(person.spell_rank), int(person.spell_node)
    return best, rank, -1


@inline_helper
def next_event(w: Workspace, i: int) -> tuple[float, int, int]:
    """Return (time, rank, node) of a person's next event; node is its spell, or -1.

    Simultaneous events: the lower rank first, then the lower service.
    """
    best, rank, node = _next_but_reoffence(w, i)
    due = w.state[i].timers[EVENT_PRIORITY_REOFFENCE]
    if due < best or (due == best and rank > EVENT_PRIORITY_REOFFENCE):
        return due, EVENT_PRIORITY_REOFFENCE, -1
    return best, rank, node


@inline_helper
def next_after(m: Model, w: Workspace, i: int, t: float, r: int) -> tuple[float, int, int]:
    """Return a person's next event, likewise, after one at `t`.

    The hazard is timed anew before time goes on; not while more happens at the same instant.
    """
    end_if_free(w, i, t)
    best, rank, node = _next_but_reoffence(w, i)
    if best > t:
        retime(m, w, i, t, r)
        due = w.state[i].timers[EVENT_PRIORITY_REOFFENCE]
        if due < best:
            return due, EVENT_PRIORITY_REOFFENCE, -1
    return best, rank, node
