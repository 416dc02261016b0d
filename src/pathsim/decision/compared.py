"""A comparison in states of the world, appraised: what every verb that decides begins with."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pathsim.arguments import whole
from pathsim.elementary.arrays import Floats
from pathsim.errors import InputError, Problem, wrong_type
from pathsim.outcomes.results import Comparison
from pathsim.scenario.units import LARGEST_SEED
from pathsim.vocabulary import PAYERS

from .appraise import CohortValue, appraise
from .deflate import covariance_of_chance, deflate
from .doubted import Input, inputs_of
from .terms import Terms

if TYPE_CHECKING:
    from pathsim.outcomes.results import OptionResult
    from pathsim.scenario.model import Scenario
    from pathsim.study.states import States

    from .appraisal import Appraisal

CLOSEST: Final = 5
"""Quantities, at most, that an option's worth is told by."""
_GRADES: Final = ("official", "rct", "matched", "before_after", "expert", "assumed")
"""From the strongest; what else a value may be graded says nothing of its evidence."""
FEWEST_DRAWS: Final = 30
"""States of the world, at least, to decide by."""


class Compared(NamedTuple):
    """Options against a baseline in states of the world, each appraised."""

    comparison: Comparison
    states: States
    seed: int
    """Of shuffles and resamples."""
    terms: Terms
    inputs: list[Input]
    """What was drawn."""
    appraisals: tuple[Appraisal, ...]
    worth: Floats
    """[D, r, options] net present social value."""

    @property
    def draws(self) -> int:
        """How many states of the world there are."""
        return self.states.draws

    @property
    def scenarios(self) -> list[Scenario]:
        """The baseline, then the options."""
        return _scenarios(self.comparison)


def refuse_few(states: int, *, least: int = FEWEST_DRAWS) -> None:
    """Raise InputError where there are too few states of the world to decide by."""
    if states < least:
        message = "are too few states of the world to decide by"
        allowed = f"{least} or more, such as draws=256"
        raise InputError(Problem(message, key="draws", found=states, allowed=allowed))


def prepare(comparison: Comparison, *, years: int, seed: int) -> Compared:
    """Return a comparison with its options appraised. Raises InputError."""
    need_libraries(sklearn="scikit-learn")
    if not isinstance(comparison, Comparison):
        raise wrong_type("comparison", comparison, "a Comparison, as pathsim.compare returns")
    seed = whole(seed, key="seed", least=0, most=LARGEST_SEED)
    states = comparison.states
    refuse_few(0 if states is None else states.draws)
    assert states is not None
    terms = Terms(years=years)
    appraised = tuple(appraised_of(option, terms) for option in comparison.options)
    worth = np.stack([each.npsv.reshape(states.draws, -1) for each in appraised], axis=2)
    inputs = inputs_of(states, _scenarios(comparison))
    return Compared(comparison, states, seed, terms, inputs, appraised, worth)


def _scenarios(comparison: Comparison) -> list[Scenario]:
    options = [option.request.scenario for option in comparison.options]
    return [comparison.baseline.request.scenario, *options]


def need_libraries(**packages: str) -> None:
    """Refuse to go on without what only deciding needs: packages by module. Raises InputError."""
    for module, package in packages.items():
        if find_spec(module) is None:
            message = f"needs {package}; install with: pip install 'offender-pathsim[decide]'"
            raise InputError(Problem(message, key="decide"))


def grade_of(option: OptionResult) -> str:
    """Return the weakest grade of the effects that an option rests on; none: official."""
    grades = [effect.grade for effect in option.effects() if effect.grade in _GRADES]
    return max(grades, key=_GRADES.index, default=_GRADES[0])


def appraised_of(option: OptionResult, terms: Terms) -> Appraisal:
    """Return the appraisal of an option in every replication, [R]."""
    by_year = [f"cost_public_year_{year}" for year in ("1", "2", "3", "later")]
    differences = option.everybody
    cohort = CohortValue(
        change={payer: differences[f"cost_{payer}"] for payer in PAYERS},
        reoffences_avoided=-differences["reoffences_total"],
        public_by_year=np.stack([differences[name] for name in by_year], axis=1),
    )
    return appraise(cohort, terms=terms.but(grade=grade_of(option)))


def deflated(worth: Floats) -> Floats:
    """Return the draws' means of options, [D, N], without the spread of chance; worth [D, r, N]."""
    return deflate(worth.mean(axis=1), covariance_of_chance(worth))


def with_baseline(worth: Floats) -> Floats:
    """Return options, [D, N], with a first column of zeros: the baseline."""
    return np.concatenate([np.zeros((len(worth), 1)), worth], axis=1)
