"""The event log as a table, with names instead of codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pathsim.engine.contract import Event, Log
from pathsim.scenario.vocabulary import ACCOMMODATIONS, DISPOSALS, LEGAL_STATUSES, OFFENCE_GROUPS

if TYPE_CHECKING:
    from pathsim.engine.lowering import Lowered

COLUMNS = ("replication", "person", "time", "event", "detail")
_INTO = ("sentence", "recall")
_NOTHING = ("",)


def log_table(lowered: Lowered, log: Log, replication: int) -> pd.DataFrame:
    """Return a log as a table: replication, person (id), time (absolute days), event, detail.

    People of the warm-up have `warm-up:` before their id.
    """
    ids = [str(identifier) for identifier in lowered.ids]
    names = np.array(ids + [f"warm-up:{name}" for name in ids][: lowered.warm_up_people])
    details = [""] * len(log.time)
    for event in Event:
        words = _details(event, lowered.services)
        for row in np.flatnonzero(log.event == event):
            details[row] = words[log.detail[row]]
    events = np.array([event.name.lower() for event in Event])
    return pd.DataFrame(
        {
            "replication": np.full(len(log.time), replication),
            "person": names[log.person],
            "time": log.time,
            "event": events[log.event],
            "detail": details,
        },
        columns=list(COLUMNS),
    )


def _details(event: Event, services: tuple[str, ...]) -> tuple[str, ...]:
    if event in (Event.START, Event.PROVEN):
        return DISPOSALS
    if event in (Event.CUSTODY, Event.CUSTODY_EXTENDED):
        return _INTO
    if event in (Event.RELEASE, Event.LICENCE_END, Event.ORDER_START, Event.ORDER_END):
        return LEGAL_STATUSES
    if event == Event.ACCOMMODATION:
        return ACCOMMODATIONS
    if event == Event.REOFFENCE:
        return OFFENCE_GROUPS
    if event in (Event.PRESUMPTION_END, Event.END):
        return _NOTHING
    return services
