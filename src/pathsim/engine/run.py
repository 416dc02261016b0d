"""One replication by either engine, and the kernel's room for its lists."""

from __future__ import annotations

import threading
from contextlib import nullcontext
from typing import TYPE_CHECKING, Final

import numpy as np

from pathsim.collector import paused
from pathsim.elementary.fixed import ROUNDER_WORD
from pathsim.engine import reference
from pathsim.engine.contract import PERSON_UNITS, Address, Counts, Engine, Log, RanAway, Why
from pathsim.engine.fixed import check_days, check_people, counts_of
from pathsim.engine.kernels.cache import tell_when_compiled
from pathsim.engine.kernels.engine import replicate
from pathsim.engine.kernels.model import acts_in_part
from pathsim.engine.kernels.workspace import Counter, Sizes, Status, Workspace, allocate
from pathsim.engine.own_groups import told
from pathsim.engine.runaway import problem
from pathsim.engine.stop import Stop, Stopped
from pathsim.errors import InputError

if TYPE_CHECKING:
    from pathsim.engine.lowering import Lowered

_FIRST_LOG = 1 << 16
_GROWTH = 2
_PEOPLE_A_CELL = 8
GENERATIONS_AT_ONCE: Final = 2
"""Of people who are in the calendar at the same time, about."""
_mine = threading.local()
tell_when_compiled(replicate)


def simulate(  # noqa: PLR0913 keyword-only choices of one replication
    lowered: Lowered,
    *,
    seed: int,
    replication: int,
    engine: Engine = "kernel",
    keep_log: bool = False,
    stop: Stop | None = None,
) -> tuple[Counts, Log | None]:
    """Run one replication; the same address gives the same bits, wherever it runs.

    stop: what may ask it to end before it is done, from another thread.

    Raises
    ------
    InputError
        When a person has so many events that the input cannot be meant.
    Stopped
        When it was asked to end.
    """
    try:
        counts, log = _simulate(
            lowered, seed, replication, engine=engine, keep_log=keep_log, stop=stop or Stop()
        )
    except RanAway as runaway:
        raise InputError(problem(runaway, lowered)) from runaway
    if lowered.combinations is not None:
        counts = told(counts, lowered.combinations)
    return counts, log


def _simulate(  # noqa: PLR0913 as above
    lowered: Lowered, seed: int, replication: int, *, engine: Engine, keep_log: bool, stop: Stop
) -> tuple[Counts, Log | None]:
    if engine == "reference":
        return reference.simulate(
            lowered.people,
            lowered.tables,
            Address(seed, replication),
            groups=lowered.counted_groups,
            keep_log=keep_log,
            stop=stop,
        )
    work = _run_until_it_fits(
        lowered, seed=seed, replication=replication, keep_log=keep_log, stop=stop
    )
    _check_range(lowered, work)
    counts = counts_of(
        person=work.person,
        load=np.ascontiguousarray(work.load.transpose(1, 0, 2)),
        busy=work.days["busy"],
        queue=work.days["queue"],
        in_custody=np.cumsum(work.custody[:-1]),
        events=int(work.counters[Counter.EVENTS]),
    )
    return counts, _sorted_log(work) if keep_log else None


def _check_range(lowered: Lowered, work: Workspace) -> None:
    """Refuse what may not have fitted into the sums."""
    # Of all bits together: at most twice the largest amount.
    check_people((work.seen - ROUNDER_WORD) / PERSON_UNITS, people=len(lowered.people.key))
    check_days(
        longest=float(work.days["longest"].max(initial=0.0)),
        load=work.load[:, 0],
        people=lowered.members,
        window=float(lowered.tables.rules["intake"].max()),
    )


def _run_until_it_fits(
    lowered: Lowered, *, seed: int, replication: int, keep_log: bool, stop: Stop
) -> Workspace:
    """Run with room for the lists, and again with more if it was not enough.

    Draws are addressed, so the run that fits is the run that would have been.
    """
    sizes = _room(lowered, keep_log=keep_log)
    while True:
        work = _workspace(lowered, sizes)
        status = _replicate(lowered, work, seed=seed, replication=replication, stop=stop)
        if status == Status.DONE:
            return work
        if status == Status.STOPPED:
            raise Stopped
        if status == Status.RUNAWAY:
            why, person, rank, service = work.counters[Counter.WHY : Counter.SERVICE + 1].tolist()
            raise RanAway(Why(why), person=person, rank=rank, service=service)
        had = Sizes(len(work.state), len(work.spells), len(work.cases), len(work.log))
        sizes = _grown(had, status)


def _replicate(
    lowered: Lowered, work: Workspace, *, seed: int, replication: int, stop: Stop
) -> int:
    def end() -> None:
        # The kernel reads its status before every event.
        work.counters[Counter.STATUS] = Status.STOPPED

    stop.add(end)
    try:
        stop.check()
        # The first call in a process compiles the kernel, or loads it. The dispatcher is typed
        # as its function, which has no overloads.
        with nullcontext() if replicate.overloads else paused():  # type: ignore[attr-defined] # numba's
            return replicate(lowered.model, work, np.uint64(seed), np.uint64(replication))
    finally:
        stop.discard(end)


def _room(lowered: Lowered, *, keep_log: bool) -> Sizes:
    """Return room that is nearly always enough: few are followed at the same time."""
    people = len(lowered.people.key) * min(len(lowered.generations), GENERATIONS_AT_ONCE)
    return Sizes(
        slots=people // 6 + 256,
        spells=people // 2 + 1024,
        cases=people // 8 + 256,
        log=_FIRST_LOG if keep_log else 0,
    )


def _grown(sizes: Sizes, status: int) -> Sizes:
    full = {
        Status.SLOTS_FULL: "slots",
        Status.SPELLS_FULL: "spells",
        Status.CASES_FULL: "cases",
        Status.LOG_FULL: "log",
    }[Status(status)]
    return sizes._replace(**{full: _GROWTH * getattr(sizes, full)})


def _workspace(lowered: Lowered, sizes: Sizes) -> Workspace:
    """Return this thread's workspace if it is large enough, else a new one."""
    kept: Workspace | None = getattr(_mine, "work", None)
    shape = (
        lowered.members,
        len(lowered.generations),
        lowered.counted_groups,
        _cells_to_sum(lowered),
        len(lowered.services),
        lowered.tables.pool_capacity.shape[1],
        int(lowered.tables.rules["intake"][0]) + 1,
        bool(lowered.tables.rules["clocks_a_year"][0]),
        acts_in_part(lowered.tables),
    )
    fits = (
        kept is not None
        and _mine.shape == shape
        and len(kept.state) >= sizes.slots
        and len(kept.spells) >= sizes.spells
        and len(kept.cases) >= sizes.cases
        and (len(kept.log) >= sizes.log if sizes.log else len(kept.log) == 0)
    )
    if kept is None or not fits:
        members, generations, groups, cells, services, pools, midnights, *kinds = shape
        by_events, by_offence = kinds
        kept = allocate(
            members,
            generations=generations,
            groups=groups,
            cells=cells,
            services=services,
            pools=pools,
            midnights=midnights,
            by_events=by_events,
            by_offence=by_offence,
            sizes=sizes,
        )
        _mine.work, _mine.shape = kept, shape
    return kept


def _cells_to_sum(lowered: Lowered) -> int:
    """Return for how many combinations of groups sums are kept.

    Sums by combination save those by group while many people share one, as in a cohort given
    as rows; where most have one to themselves there are none.
    """
    cells = len(lowered.model.cells)
    return cells if cells * _PEOPLE_A_CELL <= lowered.members else 0


def _sorted_log(work: Workspace) -> Log:
    rows = work.log[: work.counters[Counter.LOG]]
    # Rows of a person stand in the order in which they happened; lexsort keeps it.
    rows = rows[np.lexsort((rows["person"], rows["time"]))]
    return Log(rows["time"], rows["person"], rows["event"], rows["detail"])
