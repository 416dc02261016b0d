"""What is foretold of each person: by their risk score, and by simulating them many times.

Both tell the chance of a proven reoffence within some days of the index date (release, or the
disposal itself), as the scenario's `follow_up` counts: committed within the days, and proven within
`waiting_days` more.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from pathsim.elementary import exp, ln
from pathsim.engine.contract import OutcomeColumn
from pathsim.engine.counted import DAYS_IN_YEAR
from pathsim.engine.run import simulate
from pathsim.engine.time_profile import Profile, profile_of
from pathsim.scenario.place import told_of

from .one_by_one import refuse_many, told_apart
from .prepare import prepare
from .threads import do_all

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from pathsim.elementary.arrays import Floats
    from pathsim.engine.stop import Stop
    from pathsim.people.cohort import Cohort
    from pathsim.scenario.justice import Hazard
    from pathsim.scenario.model import Scenario

    from .plan import Plan

_HALF: Final = 0.5
"""Of a replication with a reoffence and one of half a replication without: no share is 0 or 1."""


@dataclass(frozen=True, kw_only=True)
class Foretold:
    """Chances of a proven reoffence."""

    within: Floats
    """[people] by the last day; nan for who has no index date."""
    survival: Floats
    """[people, days] chance of none by each of the days; 0 to 1."""


def by_score(cohort: Cohort, hazard: Hazard, *, at: Floats) -> Foretold:
    """Return what the cohort's one-year and two-year risk scores foretell for the days `at`.

    Within a year from the index date, and between one and two, the hazard falls as the scenario's
    time profile does; after two years it goes on by the profile from that of the second.
    """
    risks = cohort.frame[["risk_one_year_percent", "risk_two_year_percent"]].to_numpy() / 100.0
    first, second = -ln(1.0 - risks).T
    profile = profile_of(hazard, decay_per_year=hazard.decay_per_year.value)
    year, two = _integral(profile, np.array([1.0, 2.0]) * DAYS_IN_YEAR).tolist()
    there = _integral(profile, at)
    early = np.minimum(there / year, 1.0)
    late = np.maximum((there - year) / (two - year), 0.0)
    survival = exp(-(first[:, None] * early + (second - first)[:, None] * late))
    return Foretold(within=1.0 - survival[:, -1], survival=survival)


def _integral(profile: Profile, days: Floats) -> Floats:
    """Return the integral of the steps of a profile up to each of the days."""
    step = np.searchsorted(profile.days, days, side="right") - 1
    return profile.integral[step] + profile.ratios[step] * (days - profile.days[step])


def counted_for(scenario: Scenario, days: float) -> Scenario:
    """Return a scenario in which everybody has a clock of their own, of so many days.

    Memory and horizon reach at least as far. Nothing else changes.
    """
    follow_up = scenario.follow_up
    changes: dict[str, object] = {}
    if follow_up.days.value != days:
        changes["follow_up.days"] = days
    if follow_up.clocks != "person":
        changes["follow_up.clocks"] = "person"
    for name in ("memory_days", "horizon_days"):
        held = getattr(follow_up, name)
        if held is not None and held.value < days:
            changes[f"follow_up.{name}"] = days
    return scenario.change(f"{scenario.title}, by person", changes) if changes else scenario


def by_model(
    cohort: Cohort,
    scenario: Scenario,
    *,
    plan: Plan,
    at: Floats,
    progress: Callable[[int, int], None] | None = None,
) -> Foretold:
    """Return what simulating the people foretells for the days `at`, at central values.

    Raises
    ------
    InputError
        For more than 30,000 people, or a scenario that cannot follow them.
    """
    (ready,) = prepare([counted_for(scenario, float(at[-1]))], cohort)
    people = len(ready.lowered.people.key)
    refuse_many(people)
    lowered = told_apart(ready.lowered)
    index = np.zeros(people, np.int64)
    reoffended = np.zeros((people, len(at)), np.int64)

    def one(number: int, stop: Stop) -> NDArray[np.float64]:
        with told_of(ready.scenario):
            counts, _ = simulate(
                lowered, seed=plan.seed, replication=number, engine=plan.engine, stop=stop
            )
        return counts.person[-people:]

    told = iter(range(1, plan.replications + 1))

    def add(_: int, person: NDArray[np.float64]) -> None:
        nonlocal index, reoffended
        yes = person[:, OutcomeColumn.REOFFENDERS] > 0.0
        days = np.where(yes, person[:, OutcomeColumn.DAYS_TO_FIRST], np.inf)
        index += person[:, OutcomeColumn.INDEX_EVENTS] > 0.0
        # The last day is that of the clock itself, to its last bit.
        reoffended[:, :-1] += days[:, None] <= at[:-1]
        reoffended[:, -1] += yes
        if progress:
            progress(next(told), plan.replications)

    jobs = (partial(one, number) for number in range(plan.replications))
    do_all(jobs, workers=plan.workers, done=add, ahead=2 * plan.workers)
    shares = np.where(index[:, None] > 0, (reoffended + _HALF) / (index[:, None] + 1.0), np.nan)
    return Foretold(within=shares[:, -1], survival=1.0 - shares)
