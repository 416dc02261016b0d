"""Mixes simulated, and what each is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pathsim.decision.compared import appraised_of
from pathsim.elementary.arrays import Floats
from pathsim.errors import InputError, Problem, nearest
from pathsim.outcomes.names import meaning, outcome_names
from pathsim.outcomes.verbs import compare
from pathsim.scenario.units import LARGEST_SEED

from .levers import Lever, named, scenario_of

if TYPE_CHECKING:
    from pathsim.decision.terms import Terms
    from pathsim.outcomes.results import Comparison, OptionResult
    from pathsim.scenario.model import Scenario

    from .space import Mix

NPSV: Final = "npsv"
"""Net present social value, as what is to be made most of."""
_AT_ONCE: Final = 20
"""Scenarios that are simulated beside one baseline."""
_YEAR_1: Final = "cost_public_year_1"


@dataclass(eq=False)
class Bench:
    """Simulates mixes in the same states of the world and on the same random numbers."""

    baseline: Scenario
    levers: Sequence[Lever]
    terms: Terms
    worth: str
    """`npsv`, or an outcome whose improvement counts."""
    how: dict[str, Any]
    """What `compare` takes, but for draws."""
    public: dict[Mix, float] = field(default_factory=dict)
    """What the public purse pays more in the first year, all counted, not discounted."""
    origin: dict[str, Any] = field(default_factory=dict)
    """Of the first comparison, with the files that any of them read."""

    def __call__(self, mixes: Sequence[Mix], draws: int, fresh: bool) -> Floats:
        """Return what mixes are worth beyond the baseline, [D, r, N]; see `space.Evaluate`."""
        scenarios = [scenario_of(self.baseline, self.levers, mix) for mix in mixes]
        return self.worth_of(scenarios, draws, fresh=fresh, mixes=mixes)

    def name(self, mix: Mix) -> str:
        """Return a mix in words."""
        return named(self.levers, mix)

    def worth_of(
        self,
        scenarios: Sequence[Scenario],
        draws: int,
        *,
        fresh: bool,
        mixes: Sequence[Mix] = (),
    ) -> Floats:
        """Return what scenarios are worth beyond the baseline, [D, r, N]."""
        found = []
        for first in range(0, len(scenarios), _AT_ONCE):
            some = scenarios[first : first + _AT_ONCE]
            result = compare(self.baseline, some, draws=draws, **self._how(fresh=fresh))
            self._note(result.provenance)
            found += [self._worth(option, result) for option in result.options]
            if not fresh:
                for mix, option in zip(mixes[first:], result.options, strict=False):
                    self.public[mix] = float(option.everybody[_YEAR_1].mean())
        return np.stack(found, axis=2)

    def _note(self, origin: Mapping[str, Any]) -> None:
        """Keep the first comparison's origin, and the files of this one."""
        if not self.origin:
            self.origin = dict(origin)
        files = self.origin["inputs"]
        more = [file for file in origin["inputs"] if file not in files]
        self.origin["inputs"] = [*files, *more]

    def _how(self, *, fresh: bool) -> dict[str, Any]:
        seed = int(self.how["seed"])
        return self.how | ({"seed": seed + 1 if seed < LARGEST_SEED else 0} if fresh else {})

    def _worth(self, option: OptionResult, result: Comparison) -> Floats:
        draws = int(result.provenance["draws"])
        if self.worth == NPSV:
            return appraised_of(option, self.terms).npsv.reshape(draws, -1)
        better = meaning(self.worth).better
        found = better * option.everybody[self.worth].reshape(draws, -1)
        if not np.isfinite(found).all():
            message = "is not defined in every replication, so mixes cannot be ranked by it"
            raise InputError(Problem(message, key="worth", found=self.worth))
        return found


def check_worth(worth: object, scenarios: Sequence[Scenario]) -> str:
    """Return what is to be made most of. Raises InputError."""
    if worth is None:
        return NPSV
    known = outcome_names(
        services=sorted({name for each in scenarios for name in each.services}),
        pools=sorted({name for each in scenarios for name in each.pools}),
    )
    allowed = "an outcome of pathsim run of which less or more is better, such as reoffences_total"
    if worth not in known:
        hint = nearest(str(worth), known)
        message = "is no outcome of the scenario" + (f"; {hint}" if hint else "")
        raise InputError(Problem(message, key="worth", found=worth, allowed=allowed))
    if not meaning(str(worth)).better:
        message = "is neither better when it is more nor when it is less"
        raise InputError(Problem(message, key="worth", found=worth, allowed=allowed))
    return str(worth)
