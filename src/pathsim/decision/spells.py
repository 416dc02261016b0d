"""One side of a synthetic life as spells and moments: in custody, in a service, a reoffence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pathsim.engine.contract import Event

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .stories import Story

_ENDS: Final = (Event.SERVICE_COMPLETE, Event.SERVICE_DROP_OUT, Event.SERVICE_STOP)
_GIVES_UP: Final = (Event.RENEGE, Event.WITHDRAW)
CUSTODY, WAITS, SERVED, REOFFENCE = "in custody", "waits", "in a service", "reoffends"
KINDS: Final = (CUSTODY, WAITS, SERVED, REOFFENCE)


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
    open_at: dict[tuple[str, str], float] = {}
    last = float(story.time[-1]) if len(story.time) else 0.0

    def close(kind: str, what: str, time: float) -> None:
        begin = open_at.pop((kind, what), None)
        if begin is not None:
            found.append(Spell(kind, begin, time, what))

    for time, code, detail in zip(*(each.tolist() for each in story), strict=True):
        event = Event(code)
        if event == Event.CUSTODY:
            open_at.setdefault((CUSTODY, ""), time)
        elif event == Event.RELEASE:
            close(CUSTODY, "", time)
        elif event == Event.REOFFENCE:
            found.append(Spell(REOFFENCE, time, time, ""))
        elif event == Event.WAIT:
            open_at.setdefault((WAITS, names[detail]), time)
        elif event in _GIVES_UP:
            close(WAITS, names[detail], time)
        elif event == Event.SERVICE_START:
            close(WAITS, names[detail], time)
            open_at.setdefault((SERVED, names[detail]), time)
        elif event in _ENDS:
            close(SERVED, names[detail], time)
    for kind, what in list(open_at):
        close(kind, what, last)
    return sorted(found, key=lambda each: (each.begin, KINDS.index(each.kind), each.what))
