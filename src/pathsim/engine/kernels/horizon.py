"""Memory: until when offences are real, and what still goes on when it is past."""

from __future__ import annotations

import numpy as np

from .codes import EVENT_PRIORITY_END, LEGAL_LIBERTY, SPELL_AFTER, SPELL_REQUESTED
from .jit import helper, inline_helper
from .model import Model
from .workspace import Workspace


@inline_helper
def member_until(m: Model, w: Workspace, i: int) -> float:
    """Return until when what a person does is real; infinity without a memory."""
    return float(w.state[i].start + m.rules[0].memory)


@inline_helper
def is_held(w: Workspace, i: int) -> bool:
    """Return whether something that was caused before goes on, and will have an end."""
    person = w.state[i]
    if person.legal != LEGAL_LIBERTY or person.order != 0 or person.first_case >= 0:
        return True
    node = person.first_spell
    while node >= 0:
        spell = w.spells[node]
        if spell.state == SPELL_REQUESTED or (spell.state < SPELL_AFTER and spell.until < np.inf):
            return True
        node = spell.next
    return False


@inline_helper
def lingers(w: Workspace, i: int, t: float) -> bool:
    """Return whether a person whose follow-up is over at `t` is followed for what goes on.

    Nothing that they do counts any more, so they reoffend no more.
    """
    person = w.state[i]
    if t >= person.stays_until:
        return False
    return _lingers_on(w, i)


@helper
def _lingers_on(w: Workspace, i: int) -> bool:
    if not is_held(w, i):
        return False
    person = w.state[i]
    person.lingers = 1
    person.base = 0.0
    person.timers[EVENT_PRIORITY_END] = person.stays_until
    person.timers_changed = 1
    return True


@inline_helper
def end_if_free(w: Workspace, i: int, t: float) -> None:
    """Let a person who lingers end at this instant if nothing goes on any more."""
    person = w.state[i]
    if person.lingers != 0:
        _end_if_free(w, i, t)


@helper
def _end_if_free(w: Workspace, i: int, t: float) -> None:
    if not is_held(w, i):
        person = w.state[i]
        person.timers[EVENT_PRIORITY_END] = t
        person.timers_changed = 1
