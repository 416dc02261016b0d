"""Whom a study is about: people of the scenario's own cohort, as the calibrated model has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from pathsim.engine.lowering import base_hazards, levels_of
from pathsim.engine.time_profile import profile_of
from pathsim.errors import InputError, Problem
from pathsim.theory import cumulative_hazard

from .convert import Risks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pathsim.elementary.arrays import Floats
    from pathsim.people.cohort import Cohort
    from pathsim.scenario.model import Scenario

_STEP: Final = 0.01
"""Base hazards that differ by less, in logs, are taken together: shares move by some 1e-6."""


class Population:
    """A scenario's cohort with everybody's base hazard, from which studies take their people."""

    def __init__(self, scenario: Scenario, cohort: Cohort) -> None:
        self._scenario = scenario
        self._groups = cohort.living_in(scenario.areas).groups()
        self._base = base_hazards(scenario, cohort)
        self._levels = levels_of(scenario)
        self._known: dict[tuple[str, ...], Risks] = {}

    def people(self, groups: Sequence[str]) -> Floats:
        """Return the base hazards a day of those in `groups`, one a person of the cohort.

        groups: `attribute=level`; levels of one attribute add up, those of several are all
        needed. Raises InputError where nobody is in them.
        """
        inside = np.ones(len(self._base), np.bool_)
        wanted: dict[str, list[str]] = {}
        for group in groups:
            attribute, _, level = group.partition("=")
            wanted.setdefault(attribute, []).append(level)
        for attribute, levels in wanted.items():
            inside &= self._groups[attribute].isin(levels).to_numpy(np.bool_)
        if not inside.any():
            message = "has nobody in the cohort"
            raise InputError(Problem(message, key="population", found=", ".join(groups)))
        return self._base[inside]

    def risks(self, groups: Sequence[str]) -> Risks:
        """Return how those in `groups` differ, at the calibrated level."""
        key = tuple(groups)
        if key not in self._known:
            base = self.people(groups)
            if not base.any():
                message = "has nobody with a hazard"
                raise InputError(Problem(message, key="population", found=", ".join(groups)))
            self._known[key] = _grouped(base, self._scenario.hazard.frailty_sigma.value)
        return self._known[key]

    def met(self, days: float) -> float:
        """Return the integral of the hazard's shape and fall over the first `days`."""
        hazard = self._scenario.hazard
        steps = profile_of(hazard, decay_per_year=hazard.decay_per_year.value)
        return cumulative_hazard(steps.days.tolist(), steps.ratios.tolist(), days=days)


def _grouped(base: Floats, sigma: float) -> Risks:
    """Return people by base hazard, taken together where they are nearly alike."""
    some = base > 0.0
    steps = np.round(np.log(base[some]) / _STEP)
    places, where, counts = np.unique(steps, return_inverse=True, return_counts=True)
    means = np.bincount(where, weights=base[some], minlength=len(places)) / counts
    hazards = np.concatenate([means, np.zeros(1)])
    weights = np.concatenate([counts, [np.count_nonzero(~some)]]) / len(base)
    present = weights > 0.0
    return Risks(hazards[present], weights[present], sigma)
