"""The mix of offence groups of a person's next offence, and what services make of it and the rate.

A service acts on all offence groups or on some. Where all that acts on a person acts on every
group, one ratio says it all, and the mix stays as it is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from pathsim.engine.contract import ALL_OFFENCES, N_OFFENCES


class Acting(NamedTuple):
    """A ratio of the hazard, and the offence groups on which it acts, one bit each."""

    ratio: float
    acts_on: int


class Ratios(NamedTuple):
    """What services make of the hazard of each offence group, with the floor under each."""

    by_group: tuple[float, ...]
    in_part: bool
    """Whether something acts on some groups alone; else all are the same."""


NO_EFFECT = Ratios((1.0,) * N_OFFENCES, in_part=False)


def ratios_of(acting: Sequence[Acting], *, floor: float) -> Ratios:
    """Return what all that acts on a person makes of the hazard of each group."""
    if all(each.acts_on == ALL_OFFENCES for each in acting):
        ratio = max(floor, math.prod(each.ratio for each in acting))
        return Ratios((ratio,) * N_OFFENCES, in_part=False)
    by_group = (
        math.prod(each.ratio for each in acting if each.acts_on >> group & 1)
        for group in range(N_OFFENCES)
    )
    return Ratios(tuple(max(floor, ratio) for ratio in by_group), in_part=True)


class Mix(NamedTuple):
    """How the group of a person's next offence is chosen.

    own: group of the index offence. same: chance of that group. others: cumulative shares of the
    groups, the own one among them, where it is not by that chance.
    """

    own: int
    same: float
    others: Sequence[float]

    def mean_ratio(self, ratios: Ratios) -> float:
        """Return the mean over the mix of what services make of each group's hazard."""
        if not ratios.in_part:
            return ratios.by_group[0]
        same, others = self._weighed(ratios)
        return same + math.fsum(others)

    def under(self, ratios: Ratios) -> Mix:
        """Return the mix when each group's hazard is multiplied by its ratio."""
        if not ratios.in_part:
            return self
        same, others = self._weighed(ratios)
        rest = math.fsum(others)
        if same + rest == 0.0:
            return self  # what comes fell due by the mix of an earlier day
        cumulative = [part / rest for part in accumulate(others)] if rest > 0.0 else self.others
        return Mix(self.own, same / (same + rest), cumulative)

    def _weighed(self, ratios: Ratios) -> tuple[float, list[float]]:
        """Return the parts of the hazard of the own group by `same`, and of each by the rest."""
        shares = [above - below for below, above in pairwise((0.0, *self.others))]
        rest = 1.0 - self.same
        return self.same * ratios.by_group[self.own], [
            rest * share * ratio for share, ratio in zip(shares, ratios.by_group, strict=True)
        ]
