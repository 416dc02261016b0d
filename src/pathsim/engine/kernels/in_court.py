"""Custody spared in court to those whom a service takes at once, in a place that is free."""

from __future__ import annotations

import numpy as np

from .codes import (
    DISPOSAL_CUSTODY,
    DRAW_INDEX_DISPOSAL,
    EVENT_PRIORITY_PROVEN,
    EVENT_PRIORITY_START,
    EVENT_REFERRAL,
    PURPOSE_REFERRAL,
    PURPOSE_TAKE_UP,
)
from .costs import log, record_cost
from .jit import helper, inline_helper
from .model import Model
from .pools import gives_at_once, has_place
from .random import happens
from .regimes import eligible
from .sentences import is_presumed
from .services import start
from .spells import add_spell
from .stock import begins
from .words import bit
from .workspace import Workspace

_ZERO = np.uint64(0)


@inline_helper
def may_ask_in_court(m: Model, w: Workspace, i: int, rank: int, r: int) -> bool:
    """Return whether a person's event of a kind may look at the places given in court."""
    if m.rules[r].court_pool < 0:
        return False
    given = m.people[w.state[i].record]
    decides = rank == EVENT_PRIORITY_PROVEN or (
        rank == EVENT_PRIORITY_START and given.disposal == DISPOSAL_CUSTODY
    )
    return decides and eligible(m, w.state[i].record, r) & _court(m, r) != _ZERO


@inline_helper
def _court(m: Model, r: int) -> np.uint64:
    """Return the word of the service that spares custody."""
    return bit(m.rules[r].presumption_service)


@inline_helper
def is_suspended(
    m: Model,
    w: Workspace,
    i: int,
    t: float,
    days: float,
    number: int,
    group: int,
    freed: bool,
    r: int,
) -> bool:
    """Return whether the presumption suspends a custodial sentence of `days`.

    group: of the offence. freed: whether nothing else holds the person.
    """
    if not is_presumed(m, w, i, days, number, r):
        return False
    return m.rules[r].presumption_service < 0 or (freed and _takes(m, w, i, t, number, group, r))


@helper
def _takes(m: Model, w: Workspace, i: int, t: float, number: int, group: int, r: int) -> bool:
    """Return whether the presumption's service takes a person at once, by all its rules."""
    person = w.state[i]
    s = int(m.rules[r].presumption_service)
    service = m.services[r, s]
    open_to = eligible(m, person.record, r) & m.rules[r].for_offence[group] & ~person.open
    if t < begins(m) or open_to & _court(m, r) == _ZERO:
        return False
    if service.requires != _ZERO and service.requires & person.active == _ZERO:
        return False
    pool = service.pool
    if pool >= 0 and not (gives_at_once(m, pool, r) and has_place(m, w, pool, r)):
        return False
    draw_index = DRAW_INDEX_DISPOSAL + np.uint64(number)
    return happens(
        person.draws, service.key ^ PURPOSE_REFERRAL, draw_index, service.referral
    ) and happens(person.draws, service.key ^ PURPOSE_TAKE_UP, draw_index, service.take_up)


@inline_helper
def starts_in_court(m: Model, suspended: bool, r: int) -> bool:
    """Return whether a service starts with what the court has decided."""
    return suspended and m.rules[r].presumption_service >= 0


@helper
def start_in_court(m: Model, w: Workspace, i: int, t: float, number: int, r: int) -> np.uint64:
    """Start the presumption's service in the place that was free; return what follows' occasion."""
    person = w.state[i]
    s = int(m.rules[r].presumption_service)
    service = m.services[r, s]
    log(w, i, t, EVENT_REFERRAL, s)
    record_cost(m, w, i, t, service.payer, service.per_referral)
    node = add_spell(w, i, s, t, DRAW_INDEX_DISPOSAL + np.uint64(number))
    if node < 0:
        return _ZERO
    spell = w.spells[node]
    spell.pool = service.pool
    spell.requires = service.requires
    if service.pool >= 0:
        w.pools[service.pool].held += 1
        person.bound += 1
    return start(m, w, i, t, node, r)


@inline_helper
def led_to_in_court(m: Model, r: int) -> np.uint64:
    """Return the services that the start of the presumption's service brings."""
    return m.services[r, m.rules[r].presumption_service].on_start
