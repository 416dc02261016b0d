"""All effects of a scenario that rest on studies, solved in its own population."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from pathsim.errors import InputError, Problem
from pathsim.people.cohort import Cohort
from pathsim.scenario.effect import Effect, Rule, Study
from pathsim.scenario.evidence.register import parameters
from pathsim.vocabulary import OFFENCE_GROUPS

from .convert import Converted, convert
from .population import Population
from .rules import RULES, Ruled

if TYPE_CHECKING:
    from pathsim.scenario.lines import KeyPath
    from pathsim.scenario.model import Scenario

TOLERANCE: Final = 0.02
"""How far a value or an end of its interval may be, in logs, from what the rule gives."""
_DIGITS: Final = 3


class Solved(NamedTuple):
    """An effect with its studies converted, and what its rule makes of them."""

    path: KeyPath
    effect: Effect
    studies: tuple[tuple[Study, Converted], ...]
    rule: Rule
    ruled: Ruled
    acts_on: tuple[str, ...] = OFFENCE_GROUPS
    """Offence groups on which the effect acts."""

    @property
    def key(self) -> str:
        """Return the dotted key."""
        return ".".join(map(str, self.path))


def solve(
    scenario: Scenario, cohort: Cohort | None = None, *, only: Collection[KeyPath] | None = None
) -> list[Solved]:
    """Return every effect of a scenario that names studies, solved.

    cohort: the people in whom the results are reproduced; left out, the scenario's own.
    only: paths of the effects to solve; left out, all. Raises InputError for a study that cannot
    be reproduced in them, with the effect's key.
    """
    found = effects(scenario)
    of_studies = [each for each in found if only is None or each[0] in only]
    if not of_studies:
        return []
    population = Population(scenario, cohort or Cohort.from_scenario(scenario))
    return [
        _solved(path, effect, population, acts_on(scenario, path)) for path, effect in of_studies
    ]


def acts_on(scenario: Scenario, path: KeyPath) -> tuple[str, ...]:
    """Return the offence groups on which the effect at a path acts."""
    section, name = path[0], str(path[1])
    return scenario.services[name].groups_acted_on if section == "services" else OFFENCE_GROUPS


def effects(scenario: Scenario) -> Iterator[tuple[KeyPath, Effect]]:
    """Give path and effect where an effect of the scenario names studies."""
    for each in parameters(scenario):
        if isinstance(each.part, Effect) and each.part.studies:
            yield each.path, each.part


def without_studies(scenario: Scenario) -> list[tuple[KeyPath, Effect]]:
    """Return the effects in use that rest on no study's size."""
    found = [(each.path, each.part) for each in parameters(scenario)]
    return [(path, part) for path, part in found if isinstance(part, Effect) and not part.studies]


def reproduce(
    study: Study, population: Population, *, acts_on: Sequence[str] = OFFENCE_GROUPS
) -> Converted:
    """Return a study's result as ratios of hazards in a population. Raises InputError.

    acts_on: offence groups on which the effect acts.
    """
    risks = population.risks(study.population, counted=study.groups_counted, acts_on=acts_on)
    whole = population.met(study.follow_up_days)
    days = study.follow_up_days if study.acting_days is None else study.acting_days
    try:
        return convert(
            study, risks, own_share=risks.share(whole), acting=population.met(days) / whole
        )
    except ValueError as error:
        raise InputError(Problem(f"cannot be reproduced: {error}", found=study.name)) from None


def _solved(
    path: KeyPath, effect: Effect, population: Population, acts_on: tuple[str, ...]
) -> Solved:
    studies, rule = effect.studies or (), effect.rule
    if rule is None:
        raise ValueError("an effect with studies has a rule")
    key = ".".join(map(str, path))
    try:
        found = tuple((each, reproduce(each, population, acts_on=acts_on)) for each in studies)
    except InputError as error:
        told = [replace(each, key=f"{key}.studies") for each in error.problems]
        raise InputError(*told) from None
    return Solved(path, effect, found, rule, RULES[rule](found), acts_on)


def differing(found: list[Solved]) -> list[Problem]:
    """Return a problem for each effect whose value or interval is not what its rule gives."""
    return [problem for each in found for problem in _differing(each)]


def _differing(solved: Solved) -> Iterator[Problem]:
    for name in Ruled._fields:
        said, due = getattr(solved.effect, name), getattr(solved.ruled, name)
        if not _near(said, due):
            given = "none" if due is None else f"{due:.{_DIGITS}g}"
            yield Problem(
                f"is not what its studies give by the rule '{solved.rule}'; "
                "`pathsim evidence FILE --effects --write` renews it",
                key=f"{solved.key}.{name}",
                found=said,
                allowed=f"{given}, or within {TOLERANCE:.0%} of it",
            )


def _near(said: float | None, due: float | None) -> bool:
    if said is None or due is None:
        return said is due
    if said <= 0.0 or due <= 0.0:
        return abs(said - due) <= TOLERANCE
    return abs(math.log(said / due)) <= TOLERANCE


def rounded(number: float) -> float:
    """Return a ratio to as many figures as it is written with."""
    return float(f"{number:.{_DIGITS}g}")
