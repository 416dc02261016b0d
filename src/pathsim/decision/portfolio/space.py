"""Mixes of levels of several levers, what each spends in a year, and which a budget allows."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pathsim.elementary.arrays import Floats

Mix = tuple[int, ...]
"""The place of a level for each lever; 0 leaves the baseline as it is."""
Evaluate = Callable[[Sequence[Mix], int, bool], Floats]
"""(mixes, draws, fresh) -> [D, r, N]: what each mix is worth beyond the baseline.

All mixes are simulated in the same states of the world and on the same random numbers. Draw k is
the same whatever the number of draws. fresh: in other states, and on other numbers, than those by
which mixes were chosen.
"""

ROUNDING: Final = 1e-6
"""Pounds by which sums of prices may miss a budget."""


@dataclass(frozen=True)
class Space:
    """All mixes, and a budget for a year."""

    spends: tuple[tuple[float, ...], ...]
    """Pounds a year beyond the baseline's by lever and level; the first level's are 0."""
    budget: float

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many levels each lever has."""
        return tuple(len(each) for each in self.spends)

    @property
    def count(self) -> int:
        """How many mixes there are, whatever they spend."""
        return math.prod(self.sizes)

    @property
    def baseline(self) -> Mix:
        """The mix that changes nothing."""
        return (0,) * len(self.spends)

    def spend(self, mix: Mix) -> float:
        """Return what a mix spends in a year beyond the baseline."""
        return math.fsum(prices[k] for prices, k in zip(self.spends, mix, strict=True))

    def allows(self, mix: Mix) -> bool:
        """Return whether the budget covers a mix."""
        return self.spend(mix) <= self.budget + ROUNDING

    def within(self, budget: float) -> Space:
        """Return the same mixes under another budget."""
        return Space(self.spends, budget)

    def allowed(self, *, most: int) -> list[Mix] | None:
        """Return the mixes that the budget covers, in order; None: there are more than `most`."""
        found: list[Mix] = []
        for mix in self._covered():
            if len(found) == most:
                return None
            found.append(mix)
        return found

    def _covered(self) -> Iterator[Mix]:
        """Give the mixes that the budget covers; what the levers to come save at most is known."""
        saved = [0.0]
        for prices in reversed(self.spends):
            saved.append(saved[-1] + min(prices))
        saved.reverse()

        def below(mix: Mix, spent: float) -> Iterator[Mix]:
            place = len(mix)
            if spent + saved[place] > self.budget + ROUNDING:
                return
            if place == len(self.spends):
                yield mix
                return
            for k, price in enumerate(self.spends[place]):
                yield from below((*mix, k), spent + price)

        yield from below((), 0.0)
