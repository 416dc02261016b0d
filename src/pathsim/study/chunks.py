"""Chunks: some replications of one subject, done in one go, here or on another machine.

Every draw is addressed, so a chunk has the same bits wherever and whenever it is done.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from pathsim.engine.run import simulate
from pathsim.engine.stop import Stop
from pathsim.engine.with_parameters import with_parameters
from pathsim.scenario.place import told_of

from .derived import read_log, room
from .runs import ScenarioRuns, empty, store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from .derived import Derived
    from .plan import Plan
    from .states import States
    from .subject import Subject

_PEOPLE_AT_ONCE: Final = 100_000
"""In the replications that a thread does in one go, roughly: some hundredths of a second."""
_PEOPLE_IN_A_CHUNK: Final = 1_000_000
"""In those that are sent elsewhere or kept: about a second."""
ONE_A_REPLICATION: Final = (
    *("capacity_days", "place_cost", "person", "load", "busy_days", "queue_days", "held"),
    *("elsewhere_cost", "custody_day", "custody_average_day", "refill_share", "events"),
)
"""Fields of `ScenarioRuns` whose first axis is the replications."""


@dataclass(frozen=True, eq=False)
class Work:
    """What all chunks of a subject are made from. It can be sent to another process.

    It is known by its identity: its arrays have no hash.
    """

    subject: Subject
    plan: Plan
    states: States | None
    outcomes: Mapping[str, Derived]

    @cached_property
    def parameters(self) -> list[dict[str, float]]:
        """The calibrated parameters of each replication; empty where none are drawn so."""
        return self.plan.parameters()


def simulated(work: Work, replications: range, stop: Stop | None = None) -> ScenarioRuns:
    """Return the runs of some replications of a subject, in their order."""
    subject, plan, states = work.subject, work.plan, work.states
    runs = of_some(work, len(replications))
    state, low = -1, subject.central
    for place, replication in enumerate(replications):
        if states and replication // plan.per_draw != state:
            state = replication // plan.per_draw
            low = subject.in_state(states, state)
        elif work.parameters:
            low = with_parameters(subject.central, subject.scenario, work.parameters[replication])
        with told_of(subject.scenario):
            counts, log = simulate(
                low,
                seed=plan.seed,
                replication=replication,
                engine=plan.engine,
                keep_log=bool(runs.derived),
                stop=stop,
            )
        store(runs, place, counts, low)
        if runs.derived:
            for name, figure in read_log(work.outcomes, log, low, counts, replication).items():
                runs.derived[name][place] = figure
    return runs


def of_some(work: Work, replications: int) -> ScenarioRuns:
    """Return room for so many replications of a subject."""
    subject = work.subject
    runs = empty(subject.scenario, subject.central, replace(work.plan, replications=replications))
    # Custody days are counted beside the scenario's own runs, which have the analyst's outcomes.
    outcomes = work.outcomes if subject.counted is None else {}
    return replace(runs, derived=room(outcomes, replications))


def put_into(runs: ScenarioRuns, chunk: ScenarioRuns, replications: range) -> None:
    """Copy a chunk to where its replications stand among all runs of a subject."""
    into = slice(replications.start, replications.stop)
    for name in ONE_A_REPLICATION:
        getattr(runs, name)[into] = getattr(chunk, name)
    for name, values in chunk.derived.items():
        runs.derived[name][into] = values


def arrays(chunk: ScenarioRuns) -> dict[str, NDArray[Any]]:
    """Return the arrays of a chunk by the field's name, the replications first."""
    return {name: getattr(chunk, name) for name in ONE_A_REPLICATION}


def batches(plan: Plan, *, people: int, alike: bool) -> Iterator[range]:
    """Give the replications that are done in one go.

    people: followed in each. alike: the same chunks for any number of workers, as they are kept or
    done elsewhere. Else few enough that all workers have work to the end and an interrupt is soon
    heard. Those of a state of the world are done in one go, as a scenario is drawn anew for each.
    """
    size = (_PEOPLE_IN_A_CHUNK if alike else _PEOPLE_AT_ONCE) // (people + 1) + 1
    if not alike:
        size = min(size, -(-plan.replications // (4 * plan.workers)))
    each = plan.per_draw if plan.draws else 1
    some = max(size // each, 1)
    if alike:  # a power of two, so that a study of twice as many states has the same chunks
        some = 1 << (some.bit_length() - 1)
    size = some * each
    for first in range(0, plan.replications, size):
        yield range(first, min(first + size, plan.replications))
