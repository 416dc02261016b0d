"""Runaways: a replication that would not end is stopped, and it is noted why and by whom."""

from __future__ import annotations

from .codes import (
    COUNTER_RANK,
    COUNTER_SERVICE,
    COUNTER_STATUS,
    COUNTER_WHO,
    COUNTER_WHY,
    EVENT_PRIORITY_BREACH,
    EVENT_PRIORITY_MOVE,
    EVENT_PRIORITY_RECALL,
    EVENT_PRIORITY_REOFFENCE,
    STATUS_RUNAWAY,
    WHY_EVENTS,
    WHY_HAZARD,
)
from .jit import helper
from .workspace import Workspace


@helper
def stop_run(w: Workspace, i: int, why: int, rank: int, service: int) -> None:
    """Stop the replication because of a person, at a kind of event, by a service or -1."""
    if w.counters[COUNTER_STATUS] != 0:
        return
    w.counters[COUNTER_STATUS] = STATUS_RUNAWAY
    w.counters[COUNTER_WHY] = why
    w.counters[COUNTER_WHO] = w.state[i].number
    w.counters[COUNTER_RANK] = rank
    w.counters[COUNTER_SERVICE] = service


@helper
def stop_for_events(w: Workspace, i: int, rank: int, service: int) -> None:
    """Stop the replication: a person has too many events.

    If a tenth of them or more come of a rate, that is why, whatever the last one was.
    """
    person = w.state[i]
    often = person.events // 10
    if person.reoffences > often:
        stop_run(w, i, WHY_EVENTS, EVENT_PRIORITY_REOFFENCE, -1)
    elif person.breaches > often:
        stop_run(w, i, WHY_EVENTS, EVENT_PRIORITY_BREACH, -1)
    elif person.recalls > often:
        stop_run(w, i, WHY_EVENTS, EVENT_PRIORITY_RECALL, -1)
    elif person.stays > often:  # last, as every release begins one
        stop_run(w, i, WHY_EVENTS, EVENT_PRIORITY_MOVE, -1)
    else:
        stop_run(w, i, WHY_EVENTS, rank, service)


@helper
def stop_for_hazard(w: Workspace, i: int) -> None:
    """Stop the replication: a hazard is too high, mostly by the service that raises it most."""
    worst = -1
    most = 1.0
    service = -1
    product = 1.0
    node = int(w.state[i].first_spell)
    while node >= 0:
        spell = w.spells[node]
        if spell.service != service:
            service = int(spell.service)
            product = 1.0
        product *= spell.ratio
        if product > most:
            most = product
            worst = service
        node = int(spell.next)
    stop_run(w, i, WHY_HAZARD, EVENT_PRIORITY_REOFFENCE, worst)
