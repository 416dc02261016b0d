"""Spells: a person's requests, waits, services and after-effects, in order of service."""

from __future__ import annotations

import numpy as np

from pathsim.engine.contract import MAX_SPELLS, EventPriority, Spell

from .codes import (
    COUNTER_FREE_SPELL,
    COUNTER_USED_SPELLS,
    EVENT_PRIORITY_REQUEST,
    SPELL_ACTIVE,
    SPELL_REQUESTED,
    STATUS_SPELLS_FULL,
    WHY_SPELLS,
)
from .jit import inline_helper
from .model import Model
from .nodes import give_node_back, take_node
from .runaways import stop_run
from .words import bit
from .workspace import Workspace

_MAX_SPELLS = MAX_SPELLS
_RANKS = sum(
    int(rank) << (8 * state)
    for state, rank in (
        (Spell.REQUESTED, EventPriority.REQUEST),
        (Spell.WAITING, EventPriority.RENEGE),
        (Spell.PLACE_GIVEN, EventPriority.PLACE),
        (Spell.ACTIVE, EventPriority.SERVICE_END),
        (Spell.AFTER, EventPriority.AFTER_END),
    )
)
"""By state, the kind of event that comes at its end, eight bits each."""


@inline_helper
def add_spell(w: Workspace, i: int, service: int, t: float, draw_index: np.uint64) -> int:
    """Add a request to a person's spells; return its node, or -1 with a status when full."""
    node = take_node(w, w.spells, COUNTER_FREE_SPELL, COUNTER_USED_SPELLS, STATUS_SPELLS_FULL)
    if node < 0:
        return -1
    spell = w.spells[node]
    spell.person = i
    spell.service = service
    spell.state = SPELL_REQUESTED
    spell.since = t
    spell.until = t
    spell.draw_index = draw_index
    spell.ratio = 1.0
    person = w.state[i]
    spell.within = person.within
    person.open |= bit(service)
    person.spells_changed = 1
    before = np.int32(-1)
    following = person.first_spell
    passed = 0
    while following >= 0 and w.spells[following].service <= service:
        before = following
        passed += w.spells[following].service == service
        following = w.spells[following].next
    if passed >= _MAX_SPELLS:
        stop_run(w, i, WHY_SPELLS, EVENT_PRIORITY_REQUEST, service)
    spell.next = following
    if before < 0:
        person.first_spell = node
    else:
        w.spells[before].next = node
    return node


@inline_helper
def remove_spell(w: Workspace, i: int, node: int) -> None:
    """Take a spell out of a person's list and give its node back."""
    person = w.state[i]
    person.spells_changed = 1
    if person.first_spell == node:
        person.first_spell = w.spells[node].next
    else:
        before = person.first_spell
        while w.spells[before].next != node:
            before = w.spells[before].next
        w.spells[before].next = w.spells[node].next
    give_node_back(w, w.spells, node, COUNTER_FREE_SPELL)


@inline_helper
def next_orphan(w: Workspace, i: int) -> int:
    """Return the first spell, waiting or active, whose prerequisite is no longer met, or -1."""
    person = w.state[i]
    node = person.first_spell
    while node >= 0:
        spell = w.spells[node]
        if (
            SPELL_REQUESTED < spell.state <= SPELL_ACTIVE
            and spell.requires != 0
            and spell.requires & person.active == 0
        ):
            return node
        node = spell.next
    return -1


@inline_helper
def next_leaving(m: Model, w: Workspace, i: int, ends: int, r: int) -> int:
    """Return the next spell that `ends` (bits of EndingFlag) make the person leave, or -1.

    Those requested or waited for come first, then the active ones.
    """
    active = -1
    node = w.state[i].first_spell
    while node >= 0:
        spell = w.spells[node]
        if spell.state <= SPELL_ACTIVE and m.services[r, spell.service].ends_on & ends != 0:
            if spell.state < SPELL_ACTIVE:
                return node
            if active < 0:
                active = node
        node = spell.next
    return active


@inline_helper
def _rank_of(state: int) -> int:
    """Return the kind of event that comes at the end of a spell's state."""
    return (_RANKS >> (8 * state)) & 255


@inline_helper
def look_through(w: Workspace, i: int) -> None:
    """Note of a person's spells, if they have changed, which ends next and how all act together."""
    person = w.state[i]
    if not person.spells_changed:
        return
    person.spells_changed = 0
    best = np.inf
    rank = -1
    found = -1
    product = 1.0
    node = int(person.first_spell)
    while node >= 0:
        spell = w.spells[node]
        # Without branches: which of several ends first cannot be foretold.
        kind = _rank_of(spell.state)
        first = (spell.until < best) | ((spell.until == best) & (kind < rank))
        best = spell.until if first else best
        rank = kind if first else rank
        found = node if first else found
        product *= spell.ratio
        node = int(spell.next)
    person.spell_due = best
    person.spell_rank = rank
    person.spell_node = found
    person.services_ratio = product
