"""The event log as a table, with names instead of codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pathsim.engine.contract import Event, Log
from pathsim.vocabulary import ACCOMMODATIONS, DISPOSALS, LEGAL_STATUSES, OFFENCE_GROUPS

if TYPE_CHECKING:
    from pathsim.engine.lowering import Lowered

COLUMNS = ("replication", "person", "time", "event", "detail")
_INTO = ("sentence", "recall", "remand", "breach")
_NOTHING = ("",)
_NUMBERS = (Event.FURTHER_OFFENCES,)
"""Events whose detail is a number."""


def log_table(lowered: Lowered, log: Log, replication: int) -> pd.DataFrame:
    """Return a log as a table: replication, person (id), time (absolute days), event, detail.

    Before the id of a member of another generation stands which: `warm-up:` for the one just
    before the counted, `generation -2:` and the like for others.
    """
    details = np.full(len(log.time), "", dtype=object)
    for event in Event:
        rows = np.flatnonzero(log.event == event)
        found = log.detail[rows]
        if event in _NUMBERS:
            details[rows] = [str(number) for number in found.tolist()]
        elif len(rows):
            details[rows] = np.array(_DETAILS.get(event, lowered.services), dtype=object)[found]
    events = np.array([event.name.lower() for event in Event], dtype=object)
    # Few people have many events each: a name is made once for each of them.
    people, of_row = np.unique(log.person, return_inverse=True)
    return pd.DataFrame(
        {
            "replication": np.full(len(log.time), replication),
            "person": lowered.names(people).astype(object)[of_row],
            "time": log.time,
            "event": events[log.event],
            "detail": details,
        },
        columns=list(COLUMNS),
    )


_DETAILS: dict[Event, tuple[str, ...]] = {
    Event.START: DISPOSALS,
    Event.PROVEN: DISPOSALS,
    Event.CUSTODY: _INTO,
    Event.CUSTODY_EXTENDED: _INTO,
    Event.RELEASE: LEGAL_STATUSES,
    Event.LICENCE_END: LEGAL_STATUSES,
    Event.ORDER_START: LEGAL_STATUSES,
    Event.ORDER_END: LEGAL_STATUSES,
    Event.ACCOMMODATION: ACCOMMODATIONS,
    Event.REOFFENCE: OFFENCE_GROUPS,
    Event.SUPERVISION_END: LEGAL_STATUSES,
    Event.BREACH: LEGAL_STATUSES,
    Event.ACTIVATION: LEGAL_STATUSES,
    Event.COUNTED: OFFENCE_GROUPS,
    Event.PRE_RELEASE: _NOTHING,
    Event.PRESUMPTION_END: _NOTHING,
    Event.END: _NOTHING,
}
"""What an event's detail names; for the others, a service."""


def words_of(event: Event, detail: int) -> str:
    """Return what an event's detail names, or its number; not of an event of a service."""
    return str(detail) if event in _NUMBERS else _DETAILS[event][detail]
