"""Scenarios that are simulated state by state, for as long as somebody looks, and no state twice.

State k and its replications are those that `run_study` has of any number of states under the same
seed: so what the first n states come to here is what `compare` in n states gives, to the last bit.
"""

from __future__ import annotations

from dataclasses import fields, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pathsim.engine.lowering import lower_again
from pathsim.engine.run import simulate
from pathsim.errors import InputError, Problem
from pathsim.scenario.doubt import with_values
from pathsim.scenario.place import told_of
from pathsim.vocabulary import AGE_GROUPS

from .memory import check_memory
from .pilots import STEPS
from .plan import make_plan
from .prepare import prepare
from .reach import enter_as_in
from .refill import splits_by_day
from .resolve import factors_of, is_solved, pilots, without_a_fit
from .run import StudyRuns
from .runs import ScenarioRuns, empty, store
from .states import LEVELS, States, sample_beside
from .subject import Subject
from .threads import do_all

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pathsim.engine.contract import Floats
    from pathsim.engine.stop import Stop
    from pathsim.people.cohort import Cohort
    from pathsim.scenario.doubt import Doubted
    from pathsim.scenario.lines import KeyPath
    from pathsim.scenario.model import Scenario

    from .plan import Plan

_LEAST_ROOM: Final = 8
"""States for which there is room at first."""


class Line:
    """One scenario with what its states came to so far."""

    def __init__(self, subject: Subject, runs: ScenarioRuns) -> None:
        """Begin with room for no state that is done."""
        self.subject = subject
        self.runs = runs
        self.done: set[int] = set()
        """States that are simulated."""
        self.values: list[dict[KeyPath, Floats]] = []
        """What is drawn of each of its regimes, by path: [states] each."""

    @property
    def scenario(self) -> Scenario:
        """What is simulated."""
        return self.subject.scenario

    @property
    def nbytes(self) -> int:
        """Bytes that its runs take."""
        return sum(each.nbytes for each in _arrays(self.runs).values())


class Growing:
    """A baseline and options of it, on the same people, states and random numbers."""

    def __init__(  # noqa: PLR0913 keyword-only choices of one study
        self,
        baseline: Scenario,
        *,
        seed: int = 1,
        per_draw: int = 2,
        most: int = 256,
        workers: int | None = None,
        cohort: Cohort | None = None,
    ) -> None:
        """Make the people; simulate nothing yet.

        per_draw: replications of each state. most: states. cohort: the people to follow; left out,
        the baseline's own. Raises InputError; warns of what the people cannot do.
        """
        self.plan: Plan = make_plan(
            replications=per_draw,
            seed=seed,
            workers=workers,
            engine="kernel",
            least_replications=2,
            posterior=sample_beside(baseline),
            draws=most,
        )
        (ready,) = prepare([baseline], cohort)
        self.cohort = ready.cohort
        self.states = States(draws=most, seed=seed, posterior=self.plan.posterior)
        self._piloted = without_a_fit(self.states)
        self._values: dict[tuple[object, ...], Floats] = {}
        self._rates: dict[int, Floats] = {}
        """Of the pilots by their number: [age groups] each."""
        self._factors = np.full((most, len(AGE_GROUPS)), np.nan)
        self._own_entries = enter_as_in(ready.scenario, ready.cohort)
        self.baseline = self._line(Subject(*ready))

    def line(self, scenario: Scenario) -> Line:
        """Return an option, ready to be simulated. Raises InputError; warns as `prepare` does."""
        (ready,) = prepare([scenario], self.cohort)
        first = self.baseline.subject
        if splits_by_day([first.scenario, scenario], [first.lowered, ready.lowered]):
            message = "changes on a day how custody days that are saved are filled again"
            raise InputError(
                Problem(message, key="from_day", allowed="`pathsim compare` in the shell")
            )
        return self._line(Subject(*ready, number=1))

    def grow(self, line: Line, draws: int, *, check: Callable[[], None]) -> None:
        """Simulate what is not yet of the first states of a scenario.

        check: called in this thread after each state; what it raises ends the rest, and what is
        done is kept. Raises InputError where the memory would not do.
        """
        states = [each for each in range(draws) if each not in line.done]
        if not states:
            return
        self._solve(states, check)
        self._make_room(line, draws)

        def one(state: int, stop: Stop) -> int:
            subject, per_draw = line.subject, self.plan.per_draw
            lowered = lower_again(subject.lowered, self._drawn(line, state), subject.cohort)
            for number in range(state * per_draw, (state + 1) * per_draw):
                with told_of(subject.scenario):
                    counts, _ = simulate(
                        lowered, seed=self.plan.seed, replication=number, stop=stop
                    )
                store(line.runs, number, counts, lowered)
            return state

        def tell(_: int, state: int) -> None:
            line.done.add(state)
            check()

        do_all((partial(one, each) for each in states), workers=self.plan.workers, done=tell)

    def study(self, draws: int, options: Sequence[Line], *, seconds: float) -> StudyRuns:
        """Return what the baseline came to in the first states, as a study of so many has it."""
        scenarios = [line.scenario for line in (self.baseline, *options)]
        factors = self._factors[:draws] if is_solved(self.baseline.scenario) else None
        states = States(
            draws=draws, seed=self.plan.seed, posterior=self.plan.posterior, factors=factors
        )
        origin = self.cohort.origin
        return StudyRuns(
            runs=(self.runs(self.baseline, draws),),
            plan=replace(self.plan, draws=draws, replications=draws * self.plan.per_draw),
            elapsed_seconds=seconds,
            people_from=origin.name,
            people_file=origin.file,
            people_beside=origin.beside,
            own_entries=self._own_entries,
            states=states,
            doubted=states.counted(scenarios),
        )

    def runs(self, line: Line, draws: int) -> ScenarioRuns:
        """Return what a scenario came to in the first states, which are done."""
        assert line.done.issuperset(range(draws))
        first = slice(draws * self.plan.per_draw)
        return replace(line.runs, **{k: each[first] for k, each in _arrays(line.runs).items()})

    def _line(self, subject: Subject) -> Line:
        line = Line(subject, self._room(subject, 0))
        for regime in subject.scenario.regimes:
            drawn = self.states.of(regime)
            values = {each.path: self._at(each) for each in drawn.alone}
            values |= {each.path: self.states.sampled(each.key) for each in drawn.together}
            line.values.append(values)
        return line

    def _at(self, each: Doubted) -> Floats:
        """Return what a quantity is in each state; those of options are mostly the baseline's."""
        key = (each.id, each.quantity.value, each.low, each.high, each.bounds)
        if key not in self._values:
            self._values[key] = each.at(self.states.normal(each.id))
        return self._values[key]

    def _drawn(self, line: Line, state: int) -> Scenario:
        """Return a scenario as it is in a state, in each of its regimes."""
        found: Scenario | None = None
        for regime, values in zip(line.scenario.regimes, line.values, strict=True):
            laid = {path: float(each[state]) for path, each in values.items()}
            for number, path in enumerate(LEVELS if is_solved(self.baseline.scenario) else ()):
                level = getattr(regime.hazard, path[1])
                if level.grade == "calibrated":
                    laid[path] = laid.get(path, level.value) * float(self._factors[state, number])
            now = with_values(regime, laid)
            found = now if found is None else now.model_copy(update={"before": found})
        assert found is not None
        return found

    def _solve(self, states: Sequence[int], check: Callable[[], None]) -> None:
        """Solve the levels of states in which that is not done yet."""
        if not is_solved(self.baseline.scenario):
            return
        steps = list(range(len(STEPS)))
        wanted = [*steps, *(len(STEPS) + each for each in states)]
        missing = [each for each in wanted if each not in self._rates]
        at_once = self.plan.workers
        for first in range(0, len(missing), at_once):
            some = missing[first : first + at_once]
            found = pilots(self._piloted, self.baseline.subject, some, workers=at_once)
            self._rates |= dict(zip(some, found, strict=True))
            check()
        rates = np.stack([self._rates[each] for each in wanted])
        self._factors[list(states)] = factors_of(rates)

    def _make_room(self, line: Line, draws: int) -> None:
        have = len(line.runs.events)
        if have >= draws * self.plan.per_draw:
            return
        roomier = self._room(line.subject, max(draws, _LEAST_ROOM))
        for name, each in _arrays(line.runs).items():
            getattr(roomier, name)[:have] = each
        line.runs = roomier

    def _room(self, subject: Subject, draws: int) -> ScenarioRuns:
        plan = replace(self.plan, draws=draws, replications=draws * self.plan.per_draw)
        if draws:
            check_memory([subject.lowered], plan)
        return empty(subject.scenario, subject.lowered, plan)


def _arrays(runs: ScenarioRuns) -> dict[str, Any]:
    """Return the arrays of runs by name, each with an axis of replications first."""
    named = {each.name: getattr(runs, each.name) for each in fields(runs)}
    return {name: each for name, each in named.items() if isinstance(each, np.ndarray)}
