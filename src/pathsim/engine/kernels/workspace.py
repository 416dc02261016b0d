"""The kernel's memory: one workspace a worker, allocated once and used again.

A person has a slot, a record with a timer for each `EventPriority` and their outcomes so far,
and two short linked lists: spells with services (in order of service) and cases
before the courts (in order of time). Spells that wait are also linked into
their pool's queue.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pathsim.engine.contract import (
    N_OFFENCES,
    N_OUTCOME_COLUMNS,
    N_SERVICE_COUNTS,
    EventPriority,
    Floats,
    Ints,
    Words,
)
from pathsim.vocabulary import GROUPS

from .lines import on_lines, whole_lines

Records = Any
"""An array of records; numba knows their fields as attributes, static types do not."""

N_TIMERS: Final = int(EventPriority.REQUEST)
"""One for each kind of event before it; a request waits in the spell."""

PERSON: Final = whole_lines(
    np.dtype(
        [
            # Outcomes so far. Rare ones are first: in lines that few read.
            ("own", np.float64, (N_OUTCOME_COLUMNS,)),
            ("draws", np.uint64),  # state of the person's random numbers
            ("active", np.uint64),  # services that are active, one bit each
            ("running", np.uint64),  # timers that are set, one bit each
            ("open", np.uint64),  # services requested, waited for or active
            ("start", np.float64),
            ("index", np.float64),
            ("account_end", np.float64),
            ("stays_until", np.float64),  # the end at the latest, whatever goes on
            ("plain_until", np.float64),  # before this, all is booked in the first year and at par
            ("base", np.float64),  # hazard a day with frailty, before any ratio
            ("left", np.float64),  # budget left
            ("rate", np.float64),  # hazard without the shape
            ("spent_at", np.float64),  # until when the budget has been spent
            ("spent_profile", np.float64),  # integral of the shape up to then
            ("timer_due", np.float64),  # of the timer due first, but for a reoffence
            ("spell_due", np.float64),  # of the spell that ends next
            ("services_ratio", np.float64),  # of all spells together
            ("home_ratio", np.float64),
            ("legal_ratio", np.float64),
            ("presumption_ratio", np.float64),
            ("sentence_end", np.float64),
            ("sentence_days", np.float64),
            ("sentence_release", np.float64),  # release due by sentences, -inf none
            ("first_release", np.float64),  # of the latest sentence
            ("curfew_ends", np.float64),  # release by sentences but for any curfew, -inf none
            ("suspended_days", np.float64),  # length of the latest suspended sentence
            ("remand_since", np.float64),
            ("legal_since", np.float64),
            ("home_since", np.float64),
            ("counts_for", np.float64),  # days since index in which a reoffence counts
            ("next_delay", np.float64),  # of the next reoffence
            ("next_mean", np.float64),  # offences to be expected of it
            (
                "not_yet",
                np.float64,
            ),  # 0 from the first reoffence on that counts officially, 1 before
            ("legal", np.int16),
            ("legal_regime", np.int16),
            ("home", np.int16),
            ("home_regime", np.int16),
            ("way", np.int16),  # the latest into the community: 0 a disposal, 1 a release
            ("order", np.int16),  # legal status of the running order, or 0
            ("housed", np.int16),  # active services that house the person
            ("bound", np.int16),  # places held or waited for
            ("next_group", np.int16),  # -1: not drawn ahead
            ("next_route", np.int16),
            ("ahead", np.int16),  # regime by which these four are
            ("within", np.int16),  # 1: what the event at hand brings was caused within the horizon
            ("reoffences", np.int32),
            ("previous", np.int32),  # convictions or cautions, and in which band that is
            ("previous_band", np.int16),
            ("latest_group", np.int16),  # of the offence of the latest disposal
            ("releases", np.int32),
            ("recalls", np.int32),
            ("entries", np.int32),
            ("stays", np.int32),
            ("lingers", np.int16),  # 1: the follow-up is over but for what was caused before
            ("order_within", np.int16),  # 1: the order was caused within the horizon
            ("homeless", np.int32),  # times of becoming homeless
            ("breach_draws", np.int32),
            ("breaches", np.int32),
            ("pre_releases", np.int32),
            ("pre_released", np.int16),  # 1: in this stay in custody
            ("remand_case", np.int32),  # number of the offence held for, 0 none
            ("first_spell", np.int32),
            ("timer_rank", np.int16),  # of the timer due first
            ("timers_changed", np.int16),  # 1: since these were noted
            ("spell_rank", np.int16),  # of the spell that ends next
            ("spell_node", np.int32),  # it, -1 none
            ("spells_changed", np.int16),  # 1: since these were noted
            ("first_case", np.int32),
            ("events", np.int32),
            ("in_part", np.int16),  # 1: services act on some offence groups alone, as in `ratios`
            ("has_rare", np.int16),  # 1: something was written to the rare columns
            ("turn", np.int64),  # among people to whom something happens at one instant
            ("number", np.int32),  # of the person: see generations.py
            ("record", np.int32),  # of the person, in Model.people
            ("timers", np.float64, (N_TIMERS,)),  # by EventPriority
            ("legal_until", np.float64),  # until when the days of the legal status count
            # By what was caused within the horizon, -inf none: release, and the end of the licence.
            ("release_within", np.float64),
            ("licence_within", np.float64),
        ],
        align=True,
    )
)

SPELL: Final = np.dtype(
    [
        ("since", np.float64),  # of the request, then of the start
        ("until", np.float64),
        ("ratio", np.float64),  # 1 before the start
        ("waited", np.float64),  # days from the request to the start
        ("risk", np.float64),  # of who waits
        ("draw_index", np.uint64),
        ("requires", np.uint64),  # services of which one must be active, from the request on
        ("person", np.int32),
        ("service", np.int32),
        ("state", np.int32),
        ("regime", np.int32),  # at the start
        ("pool", np.int32),  # of the place held or waited for, -1 none
        ("drops_out", np.int32),
        ("within", np.int32),  # 1: it was caused within the horizon
        ("passed_over", np.int32),  # 1: who waits is given no place
        ("next", np.int32),  # of the person's spells; of the free ones
        ("ahead", np.int32),  # in the queue
        ("behind", np.int32),
    ],
    align=True,
)

CLOCKS: Final = 5
"""Records a slot: a clock for each quarter, and one to count an occasion by its groups."""
INDEX_CLOCK: Final = np.dtype(
    [
        ("opened", np.float64),
        ("not_yet", np.float64),  # 0 from the first reoffence on that counts, 1 before
        ("own", np.float64, (N_OUTCOME_COLUMNS,)),  # outcomes so far
        ("ratio", np.float64),  # of the fifth record: of the hazard since the latest index event
        ("groups", np.int32, (len(GROUPS) + 1,)),  # at the index event
        # Of the fifth record of a slot alone:
        ("count", np.int32),  # clocks that are open
        ("quarter", np.int32),  # the last one that has opened a clock
        # What the latest disposal is of: the offence, the record then, and what the court would
        # have come to without any diversion, presumption or activation.
        ("case_group", np.int32),
        ("case_previous", np.int32),
        ("case_disposal", np.int32),
        ("case_band", np.int32),
    ],
    align=True,
)

CASE: Final = np.dtype(
    [
        ("due", np.float64),
        ("offence", np.float64),  # time of the offence
        ("number", np.int32),
        ("group", np.int32),
        ("offences", np.int32),
        ("route", np.int32),
        ("next", np.int32),
    ],
    align=True,
)

POOL: Final = np.dtype(
    [
        ("held", np.int64),
        ("waiting", np.int64),
        ("head", np.int64),
        ("tail", np.int64),
        ("review", np.int64),
    ]
)
ENTRY: Final = np.dtype(
    [("time", np.float64), ("code", np.int64), ("next", np.int32), ("before", np.int32)]
)
HEAPED: Final = np.dtype([("time", np.float64), ("code", np.int64), ("slot", np.int64)])
CLOCK: Final = np.dtype(
    [
        ("a_day", np.float64),  # ticks, 2^bits
        ("bits", np.int64),
        ("tick", np.int64),  # whose entries are in the heap
        ("closing", np.float64),  # day on which other generations end
    ]
)
RISK_BANDS: Final = 101
"""One for each percent of risk."""
WHEEL_DAYS: Final = 1024
"""Days in a turn of the wheel, a power of two: most follow-ups fit into one."""
_MOST_TICKS: Final = 64
"""A day: a bit each in a word."""
ROW: Final = np.dtype(
    [("time", np.float64), ("person", np.int64), ("event", np.int64), ("detail", np.int64)]
)
DAYS: Final = np.dtype(
    [
        ("busy", np.int64),  # in units of contract.UNITS_A_DAY, like `queue`
        ("queue", np.int64),
        ("longest", np.float64),  # wait for a start or time in a place, days
        ("asked", np.int64),  # requests for limited places, by which later ones go
        ("given", np.int64),  # places that were given meanwhile
    ]
)


class Counter(IntEnum):
    """Cells of `Workspace.counters`."""

    STATUS = 0
    EVENTS = 1
    # Nodes given back, as a list, and nodes used so far: the next one is either.
    FREE_SPELL = 2
    USED_SPELLS = 3
    FREE_CASE = 4
    USED_CASES = 5
    FREE_SLOT = 6
    USED_SLOTS = 7
    LOG = 8  # rows of the log
    STANDING = 9  # people in the calendar
    HEAP = 10  # those of them who are in the heap
    ENDED = 11  # slot of who ended last, -1 when their outcomes have been added
    # Of a replication that is stopped: `Why`, the person's number, the kind of event, the service.
    WHY = 12
    WHO = 13
    RANK = 14
    SERVICE = 15


class Status(IntEnum):
    """How a replication ended."""

    DONE = 0
    SPELLS_FULL = 1
    CASES_FULL = 2
    LOG_FULL = 3
    SLOTS_FULL = 4
    RUNAWAY = 5
    STOPPED = 6  # by another thread, which asked for it


class Workspace(NamedTuple):
    """Everything that changes during a replication. Members: people of all generations."""

    state: Records  # [C] PERSON, a slot each for who stands in the calendar, and one to run ahead
    spells: Records  # [.] SPELL
    cases: Records  # [.] CASE
    pools: Records  # [P] POOL
    draws: Words  # [members] state of the person's random numbers
    starts: Floats  # [members]
    frailty: Floats  # [members]
    budgets: Floats  # [members] of the first reoffence
    second_budgets: Floats  # [members]
    tails: Floats  # [members] frailties that are far from the middle
    order: NDArray[np.int32]  # [members] numbers of people by day of their start
    admitted_by: Ints  # [.] people admitted by the end of each day
    last_of_band: NDArray[np.int32]  # [P, RISK_BANDS] last spell of each band in a queue by risk
    ratios: Floats  # [C, O] of each group's hazard by services in force, or none
    clocks: Records  # [C * CLOCKS] INDEX_CLOCK, or none
    entries: Records  # [C] ENTRY, of each slot in the wheel; `next` also of the free slots
    wheel: NDArray[np.int32]  # [WHEEL_DAYS * ticks a day] first slot of each tick's list
    busy: Words  # [WHEEL_DAYS] a bit for each tick of the day whose list may have entries
    clock: Records  # [1] CLOCK
    heap: Records  # [C] HEAPED, of the tick that has come
    heap_at: NDArray[np.int32]  # [C] place of each slot in the heap; dense, for the cache
    counters: Ints
    person: Ints  # [G, N_PERSON_COLUMNS] in units of contract.PERSON_UNITS
    cell: Ints  # [cells, N_PERSON_COLUMNS], or none
    seen: Ints  # [N_PERSON_COLUMNS] all bits of people's amounts, over fixed.ROUNDER_WORD
    load: Ints  # [S, G, N_LOADS] in units of contract.LOAD_UNITS
    cell_load: Ints  # [S, cells, N_LOADS], or none
    days: Records  # [S] DAYS
    custody: Ints  # [.] people entering less people leaving custody, by midnight
    log: Records  # [.] ROW, or none


class Sizes(NamedTuple):
    """How much room the lists of fixed size have."""

    slots: int
    spells: int
    cases: int
    log: int


def ticks_a_day(people: int, days: int) -> int:
    """Return so many ticks a day, a power of two, that few events fall into one."""
    wanted = max(people // days, 1)
    return min(1 << (wanted.bit_length() - 1), _MOST_TICKS)


def allocate(
    members: int,
    *,
    generations: int,
    groups: int,
    cells: int,
    services: int,
    pools: int,
    midnights: int,
    by_events: bool = False,
    by_offence: bool = False,
    sizes: Sizes,
) -> Workspace:
    """Return an empty workspace; the kernel clears what it uses."""
    return Workspace(
        state=on_lines(sizes.slots, PERSON),
        spells=on_lines(sizes.spells, SPELL),
        cases=np.zeros(sizes.cases, CASE),
        pools=np.zeros(pools, POOL),
        draws=np.zeros(members, np.uint64),
        starts=np.zeros(members),
        frailty=np.zeros(members),
        budgets=np.zeros(members),
        second_budgets=np.zeros(members),
        tails=np.zeros(members),
        order=np.zeros(members, np.int32),
        admitted_by=np.zeros(generations * midnights + 1, np.int64),
        last_of_band=np.zeros((pools, RISK_BANDS), np.int32),
        ratios=np.zeros((sizes.slots if by_offence else 0, N_OFFENCES)),
        clocks=np.zeros(sizes.slots * CLOCKS if by_events else 0, INDEX_CLOCK),
        entries=np.zeros(sizes.slots, ENTRY),
        wheel=np.zeros(WHEEL_DAYS * ticks_a_day(members, midnights), np.int32),
        busy=np.zeros(WHEEL_DAYS, np.uint64),
        clock=np.zeros(1, CLOCK),
        heap=np.zeros(sizes.slots, HEAPED),
        heap_at=np.zeros(sizes.slots, np.int32),
        counters=np.zeros(len(Counter), np.int64),
        person=np.empty((groups, N_OUTCOME_COLUMNS), np.int64),
        cell=np.empty((cells, N_OUTCOME_COLUMNS), np.int64),
        seen=np.empty(N_OUTCOME_COLUMNS, np.int64),
        load=np.empty((services, groups, N_SERVICE_COUNTS), np.int64),
        cell_load=np.empty(
            (services, cells if cells * services <= members else 0, N_SERVICE_COUNTS), np.int64
        ),
        days=np.zeros(services, DAYS),
        custody=np.zeros(midnights + 1, np.int64),
        log=np.zeros(sizes.log, ROW),
    )
