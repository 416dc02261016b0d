"""Runaways: a replication that would not end is stopped, and it is noted why and by whom."""

from __future__ import annotations

from pathsim.engine.contract import Rank, Why

from .jit import helper
from .workspace import Counter, Status, Workspace

_STATUS = int(Counter.STATUS)
_WHY = int(Counter.WHY)
_WHO = int(Counter.WHO)
_RANK = int(Counter.RANK)
_SERVICE = int(Counter.SERVICE)
_RUNAWAY = int(Status.RUNAWAY)
_EVENTS = int(Why.EVENTS)
_HAZARD = int(Why.HAZARD)
_MOVE = int(Rank.MOVE)
_BREACH = int(Rank.BREACH)
_RECALL = int(Rank.RECALL)
_REOFFENCE = int(Rank.REOFFENCE)


@helper
def stop_run(w: Workspace, i: int, why: int, rank: int, service: int) -> None:
    """Stop the replication because of a person, at a kind of event, by a service or -1."""
    if w.counters[_STATUS] != 0:
        return
    w.counters[_STATUS] = _RUNAWAY
    w.counters[_WHY] = why
    w.counters[_WHO] = w.state[i].number
    w.counters[_RANK] = rank
    w.counters[_SERVICE] = service


@helper
def stop_for_events(w: Workspace, i: int, rank: int, service: int) -> None:
    """Stop the replication: a person has too many events.

    If a tenth of them or more come of a rate, that is why, whatever the last one was.
    """
    person = w.state[i]
    often = person.events // 10
    if person.reoffences > often:
        stop_run(w, i, _EVENTS, _REOFFENCE, -1)
    elif person.breaches > often:
        stop_run(w, i, _EVENTS, _BREACH, -1)
    elif person.recalls > often:
        stop_run(w, i, _EVENTS, _RECALL, -1)
    elif person.stays > often:  # last, as every release begins one
        stop_run(w, i, _EVENTS, _MOVE, -1)
    else:
        stop_run(w, i, _EVENTS, rank, service)


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
    stop_run(w, i, _HAZARD, _REOFFENCE, worst)
