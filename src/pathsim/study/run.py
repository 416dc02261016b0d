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
from pathsim.engine.with_parameters import with_parameters
from pathsim.errors import EngineError
from pathsim.scenario.place import told_of

from .derived import read_log
from .doing import Doing
from .finished import Finished, at_once
from .memory import check_memory
from .prepare import prepare
from .reach import enter_as_in
from .refill import splits_by_day
from .resolve import resolved
from .runs import ScenarioRuns, store
from .states import States
from .subject import Subject
from .threads import alone, do_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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


_PEOPLE_AT_ONCE = 100_000
"""In the replications of a batch, roughly."""


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
    _simulate_all(subjects, found, plan, states, doing, outcomes)
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


def _simulate_all(  # noqa: PLR0913, PLR0917 the parts of a study
    subjects: Sequence[Subject],
    found: Finished,
    plan: Plan,
    states: States | None,
    doing: Doing,
    outcomes: Mapping[str, Derived],
) -> None:
    parameters = plan.parameters()

    def some(number: int, replications: range, stop: Stop) -> tuple[int, int]:
        subject, runs = subjects[number], found.room(number)
        state, low = -1, subject.central
        for replication in replications:
            if states and replication // plan.per_draw != state:
                state = replication // plan.per_draw
                low = subject.in_state(states, state)
            elif parameters:
                low = with_parameters(subject.central, subject.scenario, parameters[replication])
            with told_of(subject.scenario):
                counts, log = simulate(
                    low,
                    seed=plan.seed,
                    replication=replication,
                    engine=plan.engine,
                    keep_log=bool(runs.derived),
                    stop=stop,
                )
            store(runs, replication, counts, low)
            if runs.derived:
                for name, figure in read_log(outcomes, log, low, counts, replication).items():
                    runs.derived[name][replication] = figure
        return number, len(replications)

    def done(_: int, what: tuple[int, int]) -> None:
        number, replications = what
        doing.more(replications)
        found.more(number, replications)

    # One scenario after another: its tables and the worker's memory stay in the cache, and its runs
    # can be told and dropped while the next are simulated.
    batches = [list(_batches(plan, people=subject.central.members)) for subject in subjects]
    jobs = (
        partial(some, number, replications)
        for number, each in enumerate(batches)
        for replications in each
    )
    workers = min(plan.workers, doing.total)
    do_all(jobs, workers=workers, done=done, ahead=max(map(len, batches)) + workers)


def _batches(plan: Plan, *, people: int) -> Iterator[range]:
    """Give the replications that a worker does in one go: some hundredths of a second.

    Few enough that all workers have work to the end and an interrupt is soon heard. Those of a
    state of the world are done in one go, as a scenario is drawn anew for each.
    """
    most = _PEOPLE_AT_ONCE // (people + 1) + 1
    size = min(most, -(-plan.replications // (4 * plan.workers)))
    if plan.draws:
        size = max(size // plan.per_draw, 1) * plan.per_draw
    for first in range(0, plan.replications, size):
        yield range(first, min(first + size, plan.replications))
