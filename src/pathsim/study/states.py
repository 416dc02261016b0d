"""States of the world: every doubted quantity drawn, the same for all scenarios of a study.

What was fitted together comes from one row of the posterior sample; every other quantity has a
scrambled Sobol sequence of its own, addressed by the seed and by what the quantity rests on. So
state k is the same whatever the number of states, scenarios or workers, and an option that brings
another doubted quantity moves no other draw.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pathsim.elementary.normal import normal_quantile
from pathsim.elementary.sobol import sobol
from pathsim.scenario.doubt import Doubted, Held, doubt, with_values
from pathsim.vocabulary import AGE_GROUPS

from .calibration.posterior import Posterior, read_posterior, rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pathsim.engine.contract import Floats
    from pathsim.scenario.lines import KeyPath
    from pathsim.scenario.model import Scenario

LEVELS: Final = tuple(("hazard", f"{age}_level") for age in AGE_GROUPS)
"""What is solved anew in each state, in order of the age groups."""
_FITTED: Final = ("hazard", "offending")
"""Sections whose calibrated values were fitted together."""
_SAMPLE: Final = "posterior.csv"
NO_SAMPLE: Final = "was fitted together with others, and no sample of a fit has it at its centre"
_NEAR: Final = 1e-2
"""A value written from a fit is its centre, rounded to three figures."""


class Drawn(NamedTuple):
    """What is drawn of a scenario, and what is not."""

    alone: tuple[Doubted, ...]
    together: tuple[Doubted, ...]
    """From the posterior sample."""
    held: tuple[Held, ...]


@dataclass(frozen=True, kw_only=True)
class States:
    """A number of states of the world, under a seed."""

    draws: int
    seed: int
    posterior: Posterior | None = None
    factors: Floats | None = None
    """[draws, age groups] of the levels, by which a state tells the published rates."""
    _known: dict[int, tuple[Scenario, dict[KeyPath, Floats]]] = field(
        default_factory=dict, repr=False
    )
    """By place in memory; the scenario is held, so that no other takes its place."""

    def __getstate__(self) -> dict[str, object]:
        """Return what goes to another process: no values, which are known by place in memory."""
        return self.__dict__ | {"_known": {}}

    def of(self, scenario: Scenario) -> Drawn:
        """Return what is drawn of a scenario; of a dated option, of what holds from its day on."""
        known, centre = doubt(scenario), self._centre
        alone, together, held = [], [], list(known.held)
        for each in known.drawn:
            fitted = each.quantity.grade == "calibrated" and each.path[0] in _FITTED
            middle = centre.get(each.key, math.nan)
            if fitted and math.isclose(each.quantity.value, middle, rel_tol=_NEAR):
                together.append(each)
            elif fitted:
                held.append(Held(each.key, NO_SAMPLE))
            else:
                alone.append(each)
        return Drawn(tuple(alone), tuple(together), tuple(held))

    def counted(self, scenarios: Iterable[Scenario]) -> int:
        """Return how many quantities are drawn; what shares a draw is one."""
        ids: set[str] = set()
        for regime in (each for scenario in scenarios for each in scenario.regimes):
            drawn = self.of(regime)
            ids |= {each.id for each in drawn.alone} | {each.key for each in drawn.together}
        return len(ids)

    def drawn(self, scenario: Scenario, draw: int) -> Scenario:
        """Return a scenario as it is in a state, in each of its regimes."""
        laid = with_values(
            scenario,
            {path: float(values[draw]) for path, values in self.values(scenario).items()},
        )
        if scenario.before is None:
            return laid
        return laid.replaced({"before": self.drawn(scenario.before, draw)})

    def values(self, scenario: Scenario) -> dict[KeyPath, Floats]:
        """Return the values of what is drawn, or solved anew, by path: [draws] each."""
        known = self._known.get(id(scenario))
        if known is None:
            known = self._known[id(scenario)] = (scenario, self._values(scenario))
        return known[1]

    def _values(self, scenario: Scenario) -> dict[KeyPath, Floats]:
        drawn = self.of(scenario)
        found = {each.path: each.at(self.normal(each.id)) for each in drawn.alone}
        for each in drawn.together:
            found[each.path] = self._sample[each.key]
        for number, path in enumerate(LEVELS if self.factors is not None else ()):
            level = getattr(scenario.hazard, path[1])
            if level.grade == "calibrated":
                assert self.factors is not None
                found[path] = found.get(path, level.value) * self.factors[:, number]
        return found

    def normal(self, name: str) -> Floats:
        """Return the standard normal numbers of what is drawn under a name, [draws]."""
        return normal_quantile(sobol(self.seed, name, np.arange(self.draws)))

    def sampled(self, key: str) -> Floats:
        """Return what the posterior sample has for a key in each state, [draws]."""
        return self._sample[key]

    @cached_property
    def _sample(self) -> dict[str, NDArray[np.float64]]:
        assert self.posterior is not None
        drawn = list(rows(self.posterior, self.draws, seed=self.seed))
        return {key: np.array([row[key] for row in drawn]) for key in drawn[0]}

    @cached_property
    def _centre(self) -> dict[str, float]:
        if self.posterior is None:
            return {}
        centres = self.posterior.summary()["centre"]
        return {str(key): float(value) for key, value in centres.items()}


def sample_beside(scenario: Scenario) -> Posterior | None:
    """Return the posterior sample beside the file of a scenario, or of what it extends."""
    for file in scenario.lineage.files:
        beside = Path(file.path).with_name(_SAMPLE)
        if beside.is_file():
            return read_posterior(beside)
    return None
