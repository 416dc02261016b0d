"""The kernel's memory: one workspace a worker, allocated once and used again.

A person has a slot, a record with a timer for each `Rank` and their outcomes so far,
and two short linked lists: spells with services (in order of service) and cases
before the courts (in order of time). Spells that wait are also linked into
their pool's queue.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pathsim.engine.contract import N_LOADS, N_PERSON_COLUMNS, Floats, Ints

N_TIMERS: Final = 18

PERSON: Final = np.dtype(
    [
        ("draws", np.uint64),  # state of the person's random numbers
        ("active", np.uint64),  # services that are active, one bit each
        ("open", np.uint64),  # services requested, waited for or active
        ("start", np.float64),
        ("index", np.float64),
        ("account_end", np.float64),
        ("base", np.float64),  # hazard a day with frailty, before any ratio
        ("left", np.float64),  # budget left
        ("rate", np.float64),  # hazard without the shape
        ("spent_at", np.float64),  # until when the budget has been spent
        ("home_ratio", np.float64),
        ("legal_ratio", np.float64),
        ("presumption_ratio", np.float64),
        ("sentence_end", np.float64),
        ("sentence_days", np.float64),
        ("sentence_release", np.float64),  # release due by sentences, -inf none
        ("first_release", np.float64),  # of the latest sentence
        ("suspended_days", np.float64),  # length of the latest suspended sentence
        ("remand_since", np.float64),
        ("legal_since", np.float64),
        ("home_since", np.float64),
        ("first_proven", np.float64),  # earliest offence that counts officially
        ("legal", np.int32),
        ("legal_regime", np.int32),
        ("home", np.int32),
        ("home_regime", np.int32),
        ("order", np.int32),  # legal status of the running order, or 0
        ("housed", np.int32),  # active services that house the person
        ("bound", np.int32),  # places held or waited for
        ("reoffences", np.int32),
        ("releases", np.int32),
        ("recalls", np.int32),
        ("entries", np.int32),
        ("stays", np.int32),
        ("homeless", np.int32),  # times of becoming homeless
        ("breach_draws", np.int32),
        ("breaches", np.int32),
        ("pre_releases", np.int32),
        ("pre_released", np.int32),  # 1: in this stay in custody
        ("remand_case", np.int32),  # number of the offence held for, 0 none
        ("first_spell", np.int32),
        ("first_case", np.int32),
        ("events", np.int32),
        ("number", np.int32),  # of the person, in Model.people
        ("timers", np.float64, (N_TIMERS,)),  # by Rank
        ("own", np.float64, (N_PERSON_COLUMNS,)),  # outcomes so far
    ],
    align=True,
)

SPELL: Final = np.dtype(
    [
        ("since", np.float64),  # of the request, then of the start
        ("until", np.float64),
        ("ratio", np.float64),
        ("occasion", np.uint64),
        ("requires", np.uint64),  # services of which one must be active, from the request on
        ("person", np.int32),
        ("service", np.int32),
        ("state", np.int32),
        ("regime", np.int32),  # at the start
        ("pool", np.int32),  # of the place held or waited for, -1 none
        ("drops_out", np.int32),
        ("next", np.int32),  # of the person's spells; of the free ones
        ("ahead", np.int32),  # in the queue
        ("behind", np.int32),
    ],
    align=True,
)

CASE: Final = np.dtype(
    [
        ("due", np.float64),
        ("offence", np.float64),  # time of the offence
        ("number", np.int32),
        ("group", np.int32),
        ("route", np.int32),
        ("next", np.int32),
    ],
    align=True,
)

POOL: Final = np.dtype(
    [("held", np.int64), ("head", np.int64), ("tail", np.int64), ("review", np.int64)]
)
ENTRY: Final = np.dtype([("time", np.float64), ("code", np.int64), ("slot", np.int64)])
ROW: Final = np.dtype(
    [("time", np.float64), ("person", np.int64), ("event", np.int64), ("detail", np.int64)]
)
DAYS: Final = np.dtype([("busy", np.float64), ("queue", np.float64)])


Records = Any
"""An array of records; numba knows their fields as attributes, static types do not."""


class Counter(IntEnum):
    """Cells of `Workspace.counters`."""

    STATUS = 0
    EVENTS = 1
    FREE_SPELL = 2
    FREE_CASE = 3
    CALENDAR = 4  # people in the calendar
    LOG = 5  # rows of the log


class Status(IntEnum):
    """How a replication ended."""

    DONE = 0
    SPELLS_FULL = 1
    CASES_FULL = 2
    LOG_FULL = 3
    TOO_MANY_EVENTS = 4


class Workspace(NamedTuple):
    """Everything that changes during a replication."""

    state: Records  # [N] PERSON, one slot each for those who hold or await a place; others in turn
    spells: Records  # [.] SPELL
    cases: Records  # [.] CASE
    pools: Records  # [P] POOL
    calendar: Records  # [N] ENTRY, a heap
    calendar_at: NDArray[np.int32]  # [N] place of each slot in it, -1 none; dense, for the cache
    counters: Ints
    person: Floats  # [G, N_PERSON_COLUMNS]
    load: Floats  # [G, S, N_LOADS]
    days: Records  # [S] DAYS
    custody: Ints  # [.] people entering less people leaving custody, by midnight
    log: Records  # [.] ROW, or none


class Sizes(NamedTuple):
    """How much room the lists of fixed size have."""

    spells: int
    cases: int
    log: int


def allocate(
    people: int, *, groups: int, services: int, pools: int, midnights: int, sizes: Sizes
) -> Workspace:
    """Return an empty workspace; the kernel clears what it uses."""
    return Workspace(
        state=np.zeros(people, PERSON),
        spells=np.zeros(sizes.spells, SPELL),
        cases=np.zeros(sizes.cases, CASE),
        pools=np.zeros(pools, POOL),
        calendar=np.zeros(people, ENTRY),
        calendar_at=np.zeros(people, np.int32),
        counters=np.zeros(len(Counter), np.int64),
        person=np.empty((groups, N_PERSON_COLUMNS)),
        load=np.empty((groups, services, N_LOADS)),
        days=np.zeros(services, DAYS),
        custody=np.zeros(midnights + 1, np.int64),
        log=np.zeros(sizes.log, ROW),
    )
