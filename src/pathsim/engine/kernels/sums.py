"""Sums over people and over spells, in fixed point: the same in whatever order they are added."""

from __future__ import annotations

import numpy as np

from pathsim.elementary.fixed import ROUNDER, ROUNDER_WORD
from pathsim.engine.contract import N_OUTCOME_COLUMNS, N_SERVICE_COUNTS, UNITS_A_DAY, Ints

from .codes import (
    SERVICE_COUNT_COMPLETED,
    SERVICE_COUNT_PLACE_DAYS,
    SERVICE_COUNT_RENEGED,
    SERVICE_COUNT_STARTS,
    SERVICE_COUNT_TURNED_AWAY,
    SERVICE_COUNT_WAIT_DAYS,
)
from .generations import is_counted
from .jit import inline_helper
from .model import Model
from .vectors import add_common, add_rare
from .words import word_of
from .workspace import Workspace

_COLUMNS = N_OUTCOME_COLUMNS
_LOADS = N_SERVICE_COUNTS


@inline_helper
def clear_sums(w: Workspace) -> None:
    """Set all sums to 0."""
    w.person[:] = 0
    w.cell[:] = 0
    w.seen[:] = ROUNDER_WORD
    w.load[:] = 0
    w.cell_load[:] = 0
    for s in range(w.days.shape[0]):
        w.days[s].busy = 0
        w.days[s].queue = 0
        w.days[s].longest = 0.0
        w.days[s].asked = 0
        w.days[s].given = 0
    w.custody[:] = 0


@inline_helper
def _whole(number: float) -> int:
    """Return the nearest whole number, half to even, of one below `fixed.LARGEST` in size."""
    return np.int64(word_of(number + ROUNDER)) - ROUNDER_WORD  # type: ignore[return-value] # int to numba


@inline_helper
def whole_days(days: float) -> int:
    """Return days in units of `contract.UNITS_A_DAY`."""
    return _whole(days * UNITS_A_DAY)


@inline_helper
def add_person(m: Model, w: Workspace, i: int) -> None:
    """Add the outcomes of a person who has ended to those of their cell, or of their groups."""
    if not is_counted(m, w, i):
        return
    given = m.people[w.state[i].record]
    own = w.state[i].own
    rare = w.state[i].has_rare
    if w.cell.shape[0] > 0:
        add_common(w.cell, given.cell, w.seen, own)
        if rare:
            add_rare(w.cell, given.cell, w.seen, own)
        return
    for g in range(m.cells.shape[1]):
        add_common(w.person, m.cells[given.cell, g], w.seen, own)
        if rare:
            add_rare(w.person, m.cells[given.cell, g], w.seen, own)


@inline_helper
def count_reneged(m: Model, w: Workspace, i: int, s: int) -> None:
    """Count one who gave up waiting for a service."""
    _count_load(m, w, i, s, (0, 0, 1, 0, 0, 0))


@inline_helper
def count_turned_away(m: Model, w: Workspace, i: int, s: int) -> None:
    """Count one who found the queue for a service full."""
    _count_load(m, w, i, s, (0, 0, 0, 0, 1, 0))


@inline_helper
def count_given(
    m: Model, w: Workspace, i: int, s: int, waited: float, lasted: float, completed: bool
) -> None:
    """Count a service that has been given for so many days, after so many of waiting."""
    w.days[s].longest = max(w.days[s].longest, waited, lasted)
    done = 1 if completed else 0
    _count_load(m, w, i, s, (1, whole_days(waited), 0, done, 0, whole_days(lasted)))


@inline_helper
def _count_load(m: Model, w: Workspace, i: int, s: int, counts: tuple[int, ...]) -> None:
    """Add to a service's counts, by `ServiceCount`, of a person's cell, or of their groups."""
    if not is_counted(m, w, i):
        return
    given = m.people[w.state[i].record]
    if w.cell_load.shape[1] > 0:
        _add_counts(w.cell_load, s, given.cell, counts)
        return
    for g in range(m.cells.shape[1]):
        _add_counts(w.load, s, m.cells[given.cell, g], counts)


@inline_helper
def _add_counts(sums: Ints, s: int, row: int, counts: tuple[int, ...]) -> None:
    starts, wait_days, reneged, completed, turned_away, place_days = counts
    sums[s, row, SERVICE_COUNT_STARTS] += starts
    sums[s, row, SERVICE_COUNT_WAIT_DAYS] += wait_days
    sums[s, row, SERVICE_COUNT_RENEGED] += reneged
    sums[s, row, SERVICE_COUNT_COMPLETED] += completed
    sums[s, row, SERVICE_COUNT_TURNED_AWAY] += turned_away
    sums[s, row, SERVICE_COUNT_PLACE_DAYS] += place_days


@inline_helper
def add_cells_up(m: Model, w: Workspace) -> None:
    """Add what cells have to what their groups have."""
    for cell in range(w.cell.shape[0]):
        for g in range(m.cells.shape[1]):
            for k in range(_COLUMNS):
                w.person[m.cells[cell, g], k] += w.cell[cell, k]
    for s in range(w.cell_load.shape[0]):
        for cell in range(w.cell_load.shape[1]):
            for g in range(m.cells.shape[1]):
                for k in range(_LOADS):
                    w.load[s, m.cells[cell, g], k] += w.cell_load[s, cell, k]
