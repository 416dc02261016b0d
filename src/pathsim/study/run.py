"""All scenarios times all replications, on threads, with the same random numbers.

The results are stored by scenario and replication, never by arrival, and every
draw is addressed by seed and replication: so the number of threads changes no bit.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from pathsim.engine.log import log_table
from pathsim.engine.run import simulate
from pathsim.errors import EngineError
from pathsim.scenario.place import told_of

from .chunks import Work, batches, put_into
from .doing import Doing
from .fetch import runs_of
from .finished import Finished, at_once
from .memory import check_memory
from .prepare import prepare
from .reach import enter_as_in
from .refill import splits_by_day
from .resolve import resolved
from .runs import ScenarioRuns
from .states import States
from .subject import Subject
from .threads import alone, do_all
from .where import where

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from pathsim.engine.stop import Stop
    from pathsim.people.cohort import Cohort
    from pathsim.scenario.lineage import InputFile
    from pathsim.scenario.model import Scenario

    from .derived import Derived
    from .doing import Progress
    from .finished import Take
    from .plan import Plan
    from .prepare import Prepared
    from .refill import Split
    from .where import Where


@dataclass(frozen=True, kw_only=True)
class StudyRuns:
    """All runs of a study, in the order in which its scenarios were given: a baseline first."""

    runs: tuple[ScenarioRuns, ...]
    """The first scenario's alone, where they were taken as they were done."""
    plan: Plan
    elapsed_seconds: float
    people_from: str = ""
    people_file: InputFile | None = None
    people_beside: tuple[InputFile, ...] = ()
    """The file, or `the table`, of the first scenario's people; empty for its own."""
    own_entries: bool = False
    """Whether the first scenario's people enter by its own entry shares."""
    states: States | None = None
    """The states of the world that all scenarios were simulated in, if any."""
    doubted: int = 0
    """How many quantities were drawn in each."""


def run_study(  # noqa: PLR0913 keyword-only choices of one study
    scenarios: Sequence[Scenario],
    *,
    plan: Plan,
    cohort: Cohort | None = None,
    progress: Progress | None = None,
    take: Take | None = None,
    states: States | None = None,
    outcomes: Mapping[str, Derived] = MappingProxyType({}),
) -> StudyRuns:
    """Simulate every replication of every scenario.

    cohort: the people followed in all scenarios; left out, each scenario's own. Warns of what
    these people cannot do there.
    progress: called in this thread with how many replications are done, and of how many.
    take: called in this thread with the runs of each scenario, in their order, as soon as they are
    done. Only the first scenario's runs are then kept: those of many options take much memory.
    states: as many as the plan has, whose levels are yet to be solved; None: as drawn by its seed.
    outcomes: functions of the event log by name, of which each replication keeps the figure. Logs
    are kept one at a time on each thread.
    An interrupt cancels what has not begun and is passed on. Raises InputError, as when the memory
    would not do.
    """
    begun = time.perf_counter()
    ready = prepare(scenarios, cohort)
    lowered = [each.lowered for each in ready]
    subjects = _subjects(ready, splits_by_day(scenarios, lowered))
    check_memory([each.central for each in subjects], plan, at_once=at_once(subjects, take))
    doing = Doing(plan, subjects, progress)
    states = _states(plan, ready[0], doing, states)
    doing.no_more_pilots()
    found = Finished(subjects, plan, take, outcomes)
    works = [Work(each, plan, states, outcomes) for each in subjects]
    _simulate_all(works, found, plan, doing, where())
    return StudyRuns(
        runs=found.kept,
        plan=plan,
        elapsed_seconds=time.perf_counter() - begun,
        people_from=ready[0].cohort.origin.name,
        people_file=ready[0].cohort.origin.file,
        people_beside=ready[0].cohort.origin.beside,
        own_entries=enter_as_in(ready[0].scenario, ready[0].cohort),
        states=states,
        doubted=states.counted(scenarios) if states else 0,
    )


def _subjects(ready: Sequence[Prepared], splits: Sequence[Split]) -> list[Subject]:
    """Return what is simulated: each scenario, and after it what counts its custody days."""
    return [
        subject
        for number, each in enumerate(ready)
        for subject in (
            Subject(*each, number=number),
            *(
                Subject(*each, number=number, counted=split.lowered, from_day=split.from_day)
                for split in splits
                if split.number == number
            ),
        )
    ]


def _states(plan: Plan, baseline: Prepared, doing: Doing, given: States | None) -> States | None:
    """Return the states of the world of a plan, in each of which the baseline tells its rates."""
    if not plan.draws:
        return None
    states = given or States(draws=plan.draws, seed=plan.seed, posterior=plan.posterior)
    return resolved(states, Subject(*baseline), workers=plan.workers, done=doing.pilot)


def event_log(
    scenario: Scenario, *, plan: Plan, cohort: Cohort | None = None, replication: int = 0
) -> pd.DataFrame:
    """Return the event log of one replication: replication, person, time, event, detail.

    Times are absolute days; rows are in order of time. Raises InputError.
    """
    (lowered,) = (each.lowered for each in prepare([scenario], cohort))
    with told_of(scenario):
        _, log = alone(
            lambda stop: simulate(
                lowered,
                seed=plan.seed,
                replication=replication,
                engine=plan.engine,
                keep_log=True,
                stop=stop,
            )
        )
    if log is None:
        raise EngineError(f"the {plan.engine} kept no log")
    return log_table(lowered, log, replication)


def _simulate_all(
    works: Sequence[Work], found: Finished, plan: Plan, doing: Doing, where: Where
) -> None:
    def some(number: int, replications: range, stop: Stop) -> tuple[int, range, ScenarioRuns]:
        return number, replications, runs_of(where, works[number], replications, stop)

    def done(_: int, what: tuple[int, range, ScenarioRuns]) -> None:
        number, replications, chunk = what
        put_into(found.room(number), chunk, replications)
        doing.more(len(replications))
        found.more(number, len(replications))

    # One scenario after another: its tables and the worker's memory stay in the cache, and its runs
    # can be told and dropped while the next are simulated.
    each_in = [
        list(batches(plan, people=work.subject.central.members, alike=not where.is_plain))
        for work in works
    ]
    jobs = (
        partial(some, number, replications)
        for number, some_of in enumerate(each_in)
        for replications in some_of
    )
    workers = where.at_once(plan.workers)
    do_all(
        jobs,
        workers=min(workers, doing.total),
        done=done,
        ahead=max(map(len, each_in)) + workers,
    )
