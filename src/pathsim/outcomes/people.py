"""Comparing different people: refused, or done with the statistics of independent samples."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from pathsim.errors import InputError, Problem
from pathsim.scenario.place import placed
from pathsim.scenario.units import LARGEST_SEED
from pathsim.study.run import StudyRuns, run_study

from .changes import changes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from pathsim.people.cohort import Cohort
    from pathsim.scenario.model import Scenario
    from pathsim.study.plan import Plan

    from .provenance import Request

    Progress = Callable[[int, int], None]


def refuse_different(request: Sequence[Request], people: Sequence[Cohort]) -> None:
    """Raise InputError for each option that follows other people than the baseline."""
    problems = [
        placed(
            Problem(
                f"the option '{option.title}' follows other people than the baseline: "
                f"{_difference(people[0], each)}; options are compared on the same people: give "
                "one cohort for all (--cohort FILE, cohort=), or ask for statistics of "
                "independent samples (--unpaired, unpaired=True)",
                key=_key(request[0].scenario, option.scenario),
            ),
            option.scenario,
        )
        for option, each in zip(request[1:], people[1:], strict=True)
        if each is not people[0] and not _same(people[0], each)
    ]
    if problems:
        raise InputError(*problems)


def _key(baseline: Scenario, option: Scenario) -> str:
    """Return the key of what makes the people others: what all keys that differ have in common."""
    keys = [change.key.split(".") for change in changes(baseline, option)]
    of_people = [key for key in keys if key[0] == "cohort"]
    shared = takewhile(lambda parts: len(set(parts)) == 1, zip(*of_people, strict=False))
    return ".".join(parts[0] for parts in shared) or "cohort"


def _same(one: Cohort, other: Cohort) -> bool:
    """Return whether the people are the same, in whatever order they stand."""
    return len(one) == len(other) and _by_id(one).equals(_by_id(other))


def _by_id(cohort: Cohort) -> pd.DataFrame:
    return cohort.frame.assign(enters=cohort.enters()).set_index("id").sort_index()


def _difference(one: Cohort, other: Cohort) -> str:
    """Return who the people are on both sides, and in what they differ."""
    sides = f"{_who(one)} against {_who(other)}"
    ours, theirs = _by_id(one), _by_id(other)
    both = int(theirs.index.isin(ours.index).sum())
    if not len(ours) == len(theirs) == both:
        return f"{sides}, {both:,} ids on both sides"
    changed = [str(name) for name in ours if not ours[name].equals(theirs[name])]
    return f"{sides}, the same ids but other values of {', '.join(changed)}"


def _who(cohort: Cohort) -> str:
    return f"{len(cohort):,} people of {cohort.origin.name or 'its own cohort'}"


def run_apart(
    scenarios: Sequence[Scenario],
    people: Sequence[Cohort],
    *,
    plan: Plan,
    progress: Progress | None,
) -> tuple[StudyRuns, ...]:
    """Simulate each scenario with people and random numbers of its own.

    The first has the plan's seed, each further one the next: unrelated random numbers.
    """
    total = len(scenarios) * plan.replications
    studies = []
    for number, (scenario, cohort) in enumerate(zip(scenarios, people, strict=True)):
        studies.append(
            run_study(
                [scenario],
                plan=replace(plan, seed=(plan.seed + number) % (LARGEST_SEED + 1)),
                cohort=cohort,
                progress=progress and _part(progress, number * plan.replications, total),
            )
        )
    return tuple(studies)


def _part(progress: Progress, before: int, total: int) -> Progress:
    """Return the progress of one study as a part of all."""
    return lambda done, _: progress(before + done, total)
