"""A record for each person: what everyone's own replication comes to, and their story.

Outcomes are sums by group. Here everybody is a group of their own as well, so both engines tell
each person's outcomes as they tell any group's, and those of all people add up to everybody's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from pathsim.engine.contract import Counts, Log
from pathsim.engine.own_groups import STAYS
from pathsim.engine.run import simulate
from pathsim.errors import EngineError, InputError, Problem
from pathsim.scenario.place import told_of

from .prepare import prepare
from .refill import splits_by_day
from .runs import empty, store_people
from .threads import do_all

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pathsim.engine.lowering import Lowered
    from pathsim.engine.stop import Stop
    from pathsim.people.cohort import Cohort
    from pathsim.scenario.model import Scenario

    from .plan import Plan
    from .prepare import Prepared
    from .runs import ScenarioRuns

ATTRIBUTE: Final = "person"
"""Of the groups of one."""
MOST_PEOPLE: Final = 30_000
"""Groups have numbers of 16 bits."""


@dataclass(frozen=True, kw_only=True)
class Records:
    """One scenario's replications with each person told apart."""

    runs: ScenarioRuns
    """The last groups are of one person each, in the order of the cohort; no loads are kept."""
    stories: tuple[Log, ...]
    """The log of each replication, of the counted alone, in order of person and then time."""
    services: tuple[str, ...]
    ids: NDArray[np.str_]
    """[people]"""


def records(
    scenarios: Sequence[Scenario],
    *,
    plan: Plan,
    cohort: Cohort | None = None,
    first: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> list[Records]:
    """Return each scenario's replications, from number `first` on, with each person told apart.

    progress: called in this thread with how many replications are done, and of how many.

    Raises
    ------
    InputError
        When there are more than 30,000 people, or an option changes on a day what fills custody
        that it saves: those days are not told apart by person.
    """
    ready = prepare(scenarios, cohort)
    _refuse(scenarios, ready)
    total = len(ready) * plan.replications
    every = []
    for number, each in enumerate(ready):
        tell = progress and partial(_tell, progress, number * plan.replications, total)
        every.append(_records(each, plan, first=first, tell=tell))
    return every


def _tell(progress: Callable[[int, int], None], before: int, total: int, done: int) -> None:
    progress(before + done, total)


def _refuse(scenarios: Sequence[Scenario], ready: Sequence[Prepared]) -> None:
    refuse_many(max(len(each.lowered.people.key) for each in ready))
    if splits_by_day(scenarios, [each.lowered for each in ready]):
        message = "changes on a day, which is not told apart by person"
        raise InputError(Problem(message, key="custody.refill_share"))


def refuse_many(people: int) -> None:
    """Refuse more people than can be told apart. Raises InputError."""
    if people > MOST_PEOPLE:
        message = "are too many people to tell apart"
        allowed = f"up to {MOST_PEOPLE:,}"
        raise InputError(Problem(message, key="cohort", found=people, allowed=allowed))


def _records(
    ready: Prepared, plan: Plan, *, first: int, tell: Callable[[int], None] | None
) -> Records:
    lowered = told_apart(ready.lowered)
    runs = empty(ready.scenario, lowered, plan, loads=False)
    stories: list[Log | None] = [None] * plan.replications

    def one(number: int, stop: Stop) -> None:
        with told_of(ready.scenario):
            counts, log = _simulated(lowered, plan, first + number, stop)
        store_people(runs, number, counts, lowered)
        stories[number] = _of_the_counted(log, people=len(lowered.people.key))

    jobs = (partial(one, number) for number in range(plan.replications))
    done = iter(range(1, plan.replications + 1))
    do_all(jobs, workers=plan.workers, done=lambda *_: tell(next(done)) if tell else None)
    kept = tuple(story for story in stories if story is not None)
    return Records(
        runs=runs, stories=kept, services=lowered.services, ids=lowered.ids.astype(np.str_)
    )


def _simulated(lowered: Lowered, plan: Plan, number: int, stop: Stop) -> tuple[Counts, Log]:
    counts, log = simulate(
        lowered, seed=plan.seed, replication=number, engine=plan.engine, keep_log=True, stop=stop
    )
    if log is None:
        raise EngineError(f"the {plan.engine} kept no log")
    return counts, log


def told_apart(lowered: Lowered) -> Lowered:
    """Return a scenario in which everybody of the cohort is a group of their own as well.

    These groups stand in place of those by ethnicity, on which nothing depends but who is counted
    where, and of the analyst's own.
    """
    own = len(lowered.groups) + np.arange(len(lowered.people.key))
    groups = lowered.people.groups.copy()
    groups[:, _column_of(lowered, STAYS)] = own
    names = [(ATTRIBUTE, name) for name in lowered.ids.astype(str).tolist()]
    return replace(
        lowered,
        people=lowered.people._replace(groups=groups),
        groups=(*lowered.groups, *names),
        combinations=None,
    )


def _column_of(lowered: Lowered, attribute: str) -> int:
    """Return the column of `People.groups` that has the groups of an attribute."""
    of_each = np.ones(lowered.counted_groups, np.bool_)  # combinations stand there too
    of_each[: len(lowered.groups)] = [name == attribute for name, _ in lowered.groups]
    (column,) = np.flatnonzero(of_each[lowered.people.groups].all(axis=0))
    return int(column)


def _of_the_counted(log: Log, *, people: int) -> Log:
    """Return the log of the counted, whose numbers come first, person by person."""
    rows = np.flatnonzero(log.person < people)
    rows = rows[np.argsort(log.person[rows], kind="stable")]
    return Log(log.time[rows], log.person[rows], log.event[rows], log.detail[rows])
