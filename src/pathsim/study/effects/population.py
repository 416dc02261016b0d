"""Whom a study is about: people of the scenario's own cohort, as the calibrated model has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from pathsim.engine.lowering import base_hazards, levels_of
from pathsim.engine.time_profile import profile_of
from pathsim.errors import InputError, Problem
from pathsim.people import counts
from pathsim.theory import cumulative_hazard
from pathsim.vocabulary import OFFENCE_GROUPS

from .convert import Risks

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

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
        self._mix = _mix(scenario, self._groups)
        self._known: dict[tuple[tuple[str, ...], ...], Risks] = {}

    def people(self, groups: Sequence[str]) -> Floats:
        """Return the base hazards a day of those in `groups`, one a person of the cohort.

        groups: `attribute=level`; levels of one attribute add up, those of several are all
        needed. Raises InputError where nobody is in them.
        """
        return self._base[self._inside(groups)]

    def _inside(self, groups: Sequence[str]) -> NDArray[np.bool_]:
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
        return inside

    def risks(
        self,
        groups: Sequence[str],
        *,
        counted: Sequence[str] = OFFENCE_GROUPS,
        acts_on: Sequence[str] = OFFENCE_GROUPS,
    ) -> Risks:
        """Return how those in `groups` differ, at the calibrated level.

        counted: offence groups that count as reoffending. acts_on: those on which the treatment
        acts. Raises InputError where nobody is in `groups`, or none of the counted is acted on.
        """
        key = (tuple(groups), tuple(counted), tuple(acts_on))
        if key not in self._known:
            self._known[key] = self._risks(groups, counted, acts_on)
        return self._known[key]

    def _risks(
        self, groups: Sequence[str], counted: Sequence[str], acts_on: Sequence[str]
    ) -> Risks:
        inside, part = self._inside(groups), None
        base, sigma = self._base[inside], self._scenario.hazard.frailty_sigma.value
        if len(counted) < len(OFFENCE_GROUPS):
            base = base * self._share(inside, counted)
        if not base.any():
            message = "has nobody with a hazard"
            raise InputError(Problem(message, key="population", found=", ".join(groups)))
        acted = [group for group in counted if group in acts_on]
        if not acted:
            message = "counts no offence on which the effect acts"
            allowed = f"some of {', '.join(acts_on)}"
            found = ", ".join(counted)
            raise InputError(Problem(message, key="reoffending", found=found, allowed=allowed))
        if len(acted) < len(counted):
            part = self._share(inside, acted) / self._share(inside, counted)
        return _grouped(base, sigma, part)

    def _share(self, inside: NDArray[np.bool_], groups: Sequence[str]) -> Floats:
        """Return which share of the next offence of each of those inside is of `groups`."""
        numbers = [OFFENCE_GROUPS.index(group) for group in groups]
        share: Floats = self._mix[inside][:, numbers].sum(axis=1)
        return share

    def met(self, days: float) -> float:
        """Return the integral of the hazard's shape and fall over the first `days`."""
        hazard = self._scenario.hazard
        steps = profile_of(hazard, decay_per_year=hazard.decay_per_year.value)
        return cumulative_hazard(steps.days.tolist(), steps.ratios.tolist(), days=days)


def _mix(scenario: Scenario, groups: pd.DataFrame) -> Floats:
    """Return the shares of offence groups among each person's next offences, [people, O]."""
    same = scenario.offending.same_group_share.value
    mix = (1.0 - same) * counts.offence_mix()[groups["age_group"].cat.codes]
    mix[np.arange(len(mix)), groups["offence_group"].cat.codes] += same
    return mix


def _grouped(base: Floats, sigma: float, part: Floats | None = None) -> Risks:
    """Return people by base hazard, and the part acted on, together where they are nearly alike."""
    some = base > 0.0
    steps = np.round(np.log(base[some]) / _STEP)
    if part is None:
        places, where, number = np.unique(steps, return_inverse=True, return_counts=True)
    else:
        _, kinds = np.unique(part[some], return_inverse=True)
        both = np.stack([steps, kinds], axis=1)
        places, where, number = np.unique(both, axis=0, return_inverse=True, return_counts=True)

    def of_all(values: Floats) -> Floats:
        means = np.bincount(where, weights=values[some], minlength=len(places)) / number
        return np.concatenate([means, np.zeros(1)])

    weights = np.concatenate([number, [np.count_nonzero(~some)]]) / len(base)
    present = weights > 0.0
    parts = None if part is None else of_all(part)[present]
    return Risks(of_all(base)[present], weights[present], sigma, parts)
