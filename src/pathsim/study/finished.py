"""The runs of scenarios, told in order as soon as they are done, and kept no longer than needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from .derived import room
from .refill import BASELINE, first_days, later_days
from .runs import ScenarioRuns, empty

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pathsim.engine.contract import Floats

    from .derived import Derived
    from .plan import Plan
    from .subject import Subject

Take = Callable[[ScenarioRuns], None]


_SCENARIOS_AT_ONCE: Final = 2
"""One that is told of and one that is simulated, beside the first, which is kept."""


class Finished:
    """The runs of each scenario, until they are taken."""

    def __init__(
        self,
        subjects: Sequence[Subject],
        plan: Plan,
        take: Take | None,
        outcomes: Mapping[str, Derived],
    ) -> None:
        """Make room; subjects: in the order of their scenarios. take: None keeps all runs.

        outcomes: functions of the event log, by name.
        """
        self._subjects = subjects
        self._room = {
            n: replace(
                empty(each.scenario, each.central, plan),
                derived=room(outcomes if each.counted is None else {}, plan.replications),
            )
            for n, each in enumerate(subjects)
        }
        self._left = {number: plan.replications * many for number, many in _counts(subjects)}
        self._next = BASELINE
        self._take = take
        self._kept: list[ScenarioRuns] = []
        self._days: dict[float, Floats] = {}
        """The baseline's custody days from each day on."""

    def room(self, subject: int) -> ScenarioRuns:
        """Return where the runs of a subject are to be stored."""
        return self._room[subject]

    def more(self, subject: int, replications: int) -> None:
        """Note replications of a subject that are done, and tell of scenarios that now are."""
        self._left[self._subjects[subject].number] -= replications
        while self._left.get(self._next) == 0:
            self._tell(self._next)
            self._next += 1

    @property
    def kept(self) -> tuple[ScenarioRuns, ...]:
        """The runs of all scenarios, or of the first where they are taken."""
        return tuple(self._kept)

    def _tell(self, number: int) -> None:
        own, *splits = (n for n, each in enumerate(self._subjects) if each.number == number)
        runs = self._room.pop(own)
        days = {self._subjects[n].from_day: later_days(self._room.pop(n).person) for n in splits}
        if number == BASELINE:
            self._days = days
        else:
            starts = first_days(self._subjects[own].lowered)
            saved = [(starts.index(day), self._days[day] - each) for day, each in days.items()]
            runs = replace(runs, saved_from=tuple(saved))
        if self._take is not None:
            self._take(runs)
        if self._take is None or number == BASELINE:
            self._kept.append(runs)


def at_once(subjects: Sequence[Subject], take: Take | None) -> int | None:
    """Return how many subjects' runs are kept at a time beside the first; None: of all."""
    if take is None:
        return None
    return _SCENARIOS_AT_ONCE * max(many for _, many in _counts(subjects))


def _counts(subjects: Sequence[Subject]) -> list[tuple[int, int]]:
    """Return the scenarios' numbers, and how many subjects each has."""
    return list(Counter(each.number for each in subjects).items())
