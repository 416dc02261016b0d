"""What a study simulates: a scenario with its people, as it is in each state of the world."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pathsim.engine.lowering import lower_again

from .refill import BASELINE, days_from

if TYPE_CHECKING:
    from pathsim.engine.lowering import Lowered
    from pathsim.people.cohort import Cohort
    from pathsim.scenario.model import Scenario

    from .states import States


class Subject(NamedTuple):
    """A scenario to simulate, or one to simulate again that counts custody days alone."""

    scenario: Scenario
    cohort: Cohort
    lowered: Lowered
    counted: Lowered | None = None
    """Where custody days alone are counted, what is simulated for it."""
    from_day: float = 0.0
    """The day from which they are."""
    number: int = BASELINE
    """Of the scenario in its study."""

    @property
    def central(self) -> Lowered:
        """What is simulated with every quantity at its central value."""
        return self.counted or self.lowered

    def in_state(self, states: States, draw: int) -> Lowered:
        """Return what is simulated in a state of the world."""
        again = lower_again(self.lowered, states.drawn(self.scenario, draw), self.cohort)
        return again if self.counted is None else days_from(again, self.from_day)
