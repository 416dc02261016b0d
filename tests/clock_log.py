"""Index events and the clocks that they open, from a person's rows of the log alone."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from log_checks import Life
from pathsim.engine.contract import Disposal, Event, Log


def opened(life: Life, log: Log, *, window: float, clocks: int = 4) -> list[float]:
    """Return when a person's clocks opened, so many in a window at most."""
    quarters: dict[int, float] = defaultdict(lambda: np.inf)
    for time in index_events(life, log):
        if 0.0 <= time < window:
            quarter = int(time * clocks / window)
            quarters[quarter] = min(quarters[quarter], time)
    return sorted(quarters.values())


def index_events(life: Life, log: Log) -> list[float]:
    """Return when a person had index events, by their rows alone."""
    mine = log.person == life.person
    found, waits = [], False
    rows = list(zip(log.time[mine], log.event[mine], log.detail[mine], strict=True))
    for place, (time, event, detail) in enumerate(rows):
        if event in (Event.START, Event.PROVEN) and detail != Disposal.CUSTODY:
            following = [e for t, e, _ in rows[place + 1 : place + 2] if t == time]
            if Event.ACTIVATION in following:
                continue
            inside = any(s.state == 4 and s.since < time <= s.until for s in life.legal)
            freed = (
                inside
                and any(s.state == 4 and s.until == time for s in life.legal)
                and Event.CUSTODY_EXTENDED not in following
                and (time in _held_until(life))
            )
            if not inside or freed:
                found.append(float(time))
        sentenced = event == Event.CUSTODY and detail in (0, 3)
        if sentenced or event == Event.CUSTODY_EXTENDED:
            waits = True
        if event == Event.RELEASE and waits:
            found.append(float(time))
            waits = False
    return found


def _held_until(life: Life) -> set[float]:
    return {s.until for s in life.legal if s.state == 4 and s.since in life.remands}
