"""Spells: a person's requests, waits, services and after-effects, in order of service."""

from __future__ import annotations

import numpy as np

from pathsim.engine.contract import Spell

from .jit import inlined
from .workspace import Counter, Status

_FREE = int(Counter.FREE_SPELL)
_STATUS = int(Counter.STATUS)
_FULL = int(Status.SPELLS_FULL)
_REQUESTED = int(Spell.REQUESTED)
_ACTIVE = int(Spell.ACTIVE)
_ONE = np.uint64(1)


@inlined
def bit(service: int) -> np.uint64:
    """Return the word in which only the service's bit is set."""
    return _ONE << np.uint64(service)


@inlined
def add_spell(work, i: int, service: int, t: float, occasion: np.uint64) -> int:  # type: ignore[no-untyped-def]
    """Add a request to a person's spells; return its node, or -1 with a status when full."""
    node = work.counters[_FREE]
    if node < 0:
        work.counters[_STATUS] = _FULL
        return -1
    spell = work.spells[node]
    work.counters[_FREE] = spell.next
    spell.person = i
    spell.service = service
    spell.state = _REQUESTED
    spell.since = t
    spell.until = t
    spell.occasion = occasion
    person = work.state[i]
    person.open |= bit(service)
    before = np.int32(-1)
    following = person.first_spell
    while following >= 0 and work.spells[following].service <= service:
        before = following
        following = work.spells[following].next
    spell.next = following
    if before < 0:
        person.first_spell = node
    else:
        work.spells[before].next = node
    return node


@inlined
def remove_spell(work, i: int, node: int) -> None:  # type: ignore[no-untyped-def]
    """Take a spell out of a person's list and give its node back."""
    person = work.state[i]
    if person.first_spell == node:
        person.first_spell = work.spells[node].next
    else:
        before = person.first_spell
        while work.spells[before].next != node:
            before = work.spells[before].next
        work.spells[before].next = work.spells[node].next
    work.spells[node].next = work.counters[_FREE]
    work.counters[_FREE] = node


@inlined
def next_orphan(tables, work, i: int, r: int) -> int:  # type: ignore[no-untyped-def]
    """Return the first spell, waiting or active, whose prerequisite is no longer met, or -1."""
    person = work.state[i]
    node = person.first_spell
    while node >= 0:
        spell = work.spells[node]
        requires = tables.services[r, spell.service].requires
        if (
            _REQUESTED < spell.state <= _ACTIVE
            and requires != 0
            and requires & person.active == 0
        ):
            return node
        node = spell.next
    return -1


@inlined
def next_leaving(tables, work, i: int, ends: int, r: int) -> int:  # type: ignore[no-untyped-def]
    """Return the next spell that `ends` (bits of Ends) make the person leave, or -1.

    Those requested or waited for come first, then the active ones.
    """
    active = -1
    node = work.state[i].first_spell
    while node >= 0:
        spell = work.spells[node]
        if spell.state <= _ACTIVE and tables.services[r, spell.service].ends_on & ends != 0:
            if spell.state < _ACTIVE:
                return node
            if active < 0:
                active = node
        node = spell.next
    return active
