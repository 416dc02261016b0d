"""From runs to the figures that targets are about.

What happens early in the follow-up is counted by following the same people, with the same
random numbers, for less time: the kernel's own count, with the same date until which an
offence may be proven. Housing is read from the event log.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from pathsim.engine.contract import Event, Floats, Home, Log, OutcomeColumn
from pathsim.engine.lowering import Lowered, lower
from pathsim.engine.run import simulate
from pathsim.errors import InputError, Problem

from .targets import OF_LOGS

if TYPE_CHECKING:
    from pathsim.engine.stop import Stop
    from pathsim.people.cohort import Cohort
    from pathsim.scenario.model import Scenario

    from .targets import Target

_EARLY = ("early_share", "early_reoffences_share")
_NOWHERE = int(Home.NONE)


def observe(  # noqa: PLR0913 keyword-only choices of one run
    scenario: Scenario,
    cohort: Cohort,
    targets: Sequence[Target],
    *,
    seed: int,
    replications: Iterable[int],
    stop: Stop | None = None,
) -> Floats:
    """Return what the model says of each target, [replications, targets].

    stop: what may ask it to end before it is done.
    A figure of nobody, such as reoffences per reoffender where nobody reoffends, is nan.
    """
    full = lower(scenario, cohort)
    days = {target.days for target in targets if target.measure in _EARLY}
    early = {each: lower(_followed_for(scenario, each), cohort) for each in days}
    logged = any(target.measure in OF_LOGS for target in targets)
    rows = []
    for replication in replications:
        counts, log = simulate(full, seed=seed, replication=replication, keep_log=logged, stop=stop)
        soon = {
            each: simulate(lowered, seed=seed, replication=replication, stop=stop)[0].person
            for each, lowered in early.items()
        }
        homes = _Homes(full, log) if log is not None else None
        rows.append([_figure(each, full, counts.person, soon, homes) for each in targets])
    return np.array(rows, np.float64).reshape(-1, len(targets))


def people(cohort: Cohort, target: Target) -> int:
    """Return how many of the cohort a target is about."""
    groups = cohort.groups()
    if target.measure in OF_LOGS:
        return int((groups["disposal"] == "custody").sum())
    if not target.groups:
        return len(cohort)
    places = [place.partition("=") for place in target.groups]
    return sum(int((groups[name] == level).sum()) for name, _, level in places)


def refuse_nobody(cohort: Cohort, targets: Sequence[Target]) -> None:
    """Raise InputError for each target that is about nobody of the cohort."""
    problems = [
        Problem(
            "is about nobody in the scenario's cohort; leave it out, or follow other people",
            key=f"targets.{target.id}",
            found=", ".join(target.groups) or None,
        )
        for target in targets
        if not people(cohort, target)
    ]
    if problems:
        raise InputError(*problems)


def _followed_for(scenario: Scenario, days: float) -> Scenario:
    follow_up = scenario.follow_up
    last = follow_up.days.value + follow_up.waiting_days.value
    overrides = {"follow_up.days": days, "follow_up.waiting_days": last - days}
    return scenario.change(scenario.title, overrides)


def _figure(
    target: Target,
    lowered: Lowered,
    person: Floats,
    soon: dict[float, Floats],
    homes: _Homes | None,
) -> float:
    if homes is not None and target.measure in OF_LOGS:
        return homes.housed() if target.measure == "housed" else homes.settled(target.days)
    total = _total(target, lowered, person)
    with np.errstate(divide="ignore", invalid="ignore"):
        if target.measure == "rate":
            return float(total[OutcomeColumn.REOFFENDERS] / total[OutcomeColumn.INDEX_EVENTS])
        if target.measure == "reoffences_per_reoffender":
            return float(total[OutcomeColumn.REOFFENCES] / total[OutcomeColumn.REOFFENDERS])
        column = (
            OutcomeColumn.REOFFENDERS
            if target.measure == "early_share"
            else OutcomeColumn.REOFFENCES
        )
        return float(_total(target, lowered, soon[target.days])[column] / total[column])


def _total(target: Target, lowered: Lowered, person: Floats) -> Floats:
    places = [place.split("=") for place in target.groups] or [["all", ""]]
    rows = [lowered.groups.index((name, level)) for name, level in places]
    total: Floats = person[rows].sum(axis=0)
    return total


class _Homes:
    """Where those released for the first time live, from a log in order of time."""

    def __init__(self, lowered: Lowered, log: Log) -> None:
        counted = len(lowered.ids)
        self._moves: dict[int, list[tuple[float, int]]] = {}
        self._released: dict[int, float] = {}
        for time, person, event, detail in zip(
            log.time.tolist(),
            log.person.tolist(),
            log.event.tolist(),
            log.detail.tolist(),
            strict=True,
        ):
            if person >= counted:
                continue
            if event == Event.RELEASE:
                self._released.setdefault(person, time)
            elif event == Event.ACCOMMODATION:
                self._moves.setdefault(person, []).append((time, detail))
            elif event == Event.CUSTODY:
                self._moves.setdefault(person, []).append((time, _NOWHERE))

    def housed(self) -> float:
        """Return the share that is not homeless on the day of the first release."""
        return self._share(0.0, homes=(Home.SETTLED, Home.TEMPORARY))

    def settled(self, days: float) -> float:
        """Return the share in settled accommodation `days` later, of those not in custody."""
        return self._share(days, homes=(Home.SETTLED,))

    def _share(self, days: float, *, homes: tuple[Home, ...]) -> float:
        places = [self._home(person, time + days) for person, time in self._released.items()]
        known = [place for place in places if place != _NOWHERE]
        return sum(place in homes for place in known) / len(known) if known else float("nan")

    def _home(self, person: int, time: float) -> int:
        place = _NOWHERE
        for moved, home in self._moves.get(person, ()):
            if moved > time:
                break
            place = home
        return place
