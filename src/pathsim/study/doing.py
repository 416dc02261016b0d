"""How far a study is: the replications done, of its scenarios and of the pilots before them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .pilots import REPLICATIONS, STEPS

if TYPE_CHECKING:
    from collections.abc import Sized

    from .plan import Plan

Progress = Callable[[int, int], None]


class Doing:
    """What is done of a plan, told to whoever asked, a replication at a time."""

    def __init__(self, plan: Plan, subjects: Sized, progress: Progress | None) -> None:
        """Begin; progress: called with how many are done, and of how many."""
        self._pilots = (plan.draws + len(STEPS)) * REPLICATIONS if plan.draws else 0
        self.total = len(subjects) * plan.replications + self._pilots
        self._done = 0
        self._progress = progress
        if progress is not None:
            progress(0, self.total)

    def pilot(self) -> None:
        """Note a pilot that is done."""
        self._pilots -= REPLICATIONS
        self.more(REPLICATIONS)

    def no_more_pilots(self) -> None:
        """Take from the total the pilots that were not needed, as where no rate is to be met."""
        self.total -= self._pilots
        self._pilots = 0

    def more(self, replications: int) -> None:
        """Note replications that are done."""
        for _ in range(replications):
            self._done += 1
            if self._progress is not None:
                self._progress(self._done, self.total)
