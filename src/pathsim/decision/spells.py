"""One side of a synthetic life as spells and moments: in custody, in a service, a reoffence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pathsim.engine.contract import Event

from .stories import OF_SERVICES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .stories import Story

CUSTODY, WAITS, SERVED, REOFFENCE = "in custody", "waits", "in a service", "reoffends"
KINDS: Final = (CUSTODY, WAITS, SERVED, REOFFENCE)
_BEGINS: Final = {Event.CUSTODY: CUSTODY, Event.WAIT: WAITS, Event.SERVICE_START: SERVED}
_ENDS: Final = {
    Event.RELEASE: CUSTODY,
    Event.RENEGE: WAITS,
    Event.WITHDRAW: WAITS,
    Event.SERVICE_START: WAITS,
    Event.SERVICE_COMPLETE: SERVED,
    Event.SERVICE_DROP_OUT: SERVED,
    Event.SERVICE_STOP: SERVED,
}


class Spell(NamedTuple):
    """A stretch of a life, in days; a reoffence begins and ends at once."""

    kind: str
    begin: float
    end: float
    what: str
    """Title of the service; empty for others."""


def spells(story: Story, names: Mapping[int, str]) -> list[Spell]:
    """Return the spells of a story by when they begin; names: titles of services by number.

    What has not ended by the last event ends there.
    """
    found: list[Spell] = []
    begun: dict[tuple[str, str], float] = {}
    events = list(zip(*(each.tolist() for each in story), strict=True))
    for time, code, detail in events:
        event = Event(code)
        if event == Event.REOFFENCE:
            found.append(Spell(REOFFENCE, time, time, ""))
        ended = _ENDS.get(event, ""), _what(event, detail, names)
        if ended in begun:
            found.append(Spell(ended[0], begun.pop(ended), time, ended[1]))
        if event in _BEGINS:
            begun.setdefault((_BEGINS[event], _what(event, detail, names)), time)
    last = events[-1][0] if events else 0.0
    found += [Spell(kind, begin, last, what) for (kind, what), begin in begun.items()]
    return sorted(found, key=lambda each: (each.begin, KINDS.index(each.kind), each.what))


def _what(event: Event, detail: int, names: Mapping[int, str]) -> str:
    return names[detail] if event in OF_SERVICES else ""
