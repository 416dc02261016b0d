"""From runs to the figures that targets are about.

What happens early in the follow-up is counted by following the same people, with the same
random numbers, for less time: the kernel's own count, with the same date until which an
offence may be proven. What happens later, and what is of people counted once a year, likewise:
what people do does not depend on how they are counted. Housing is read from the event log.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from pathsim.engine.contract import Event, Floats, Home, Log, OutcomeColumn
from pathsim.engine.crossed import changing, group_of, inside, lower_crossed, staying
from pathsim.engine.lowering import EVERYBODY
from pathsim.engine.run import simulate
from pathsim.errors import InputError, Problem

from .targets import OF_LOGS

if TYPE_CHECKING:
    from pathsim.engine.lowering import Lowered
    from pathsim.engine.stop import Stop
    from pathsim.people.cohort import Cohort
    from pathsim.scenario.model import Scenario

    from .targets import Target

_EARLY: Final[dict[str, int]] = {
    "early_share": OutcomeColumn.REOFFENDERS,
    "early_reoffences_share": OutcomeColumn.REOFFENCES,
}
_PER_REOFFENDER: Final[dict[str, int]] = {
    "reoffences_per_reoffender": OutcomeColumn.REOFFENCES,
    "occasions_per_reoffender": OutcomeColumn.REOFFENDING_OCCASIONS,
}
_LATER = "later_ratio"
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
    cells = [target.groups for target in targets if target.is_crossed]
    full = lower_crossed(scenario, cohort, cells)
    others = {
        run: lower_crossed(_followed(scenario, run), cohort, cells)
        for run in {each for target in targets for each in _runs_of(target)}
        if run != _OWN
    }
    logged = any(target.measure in OF_LOGS for target in targets)
    rows = []
    for replication in replications:
        counts, log = simulate(full, seed=seed, replication=replication, keep_log=logged, stop=stop)
        sums = {
            run: simulate(lowered, seed=seed, replication=replication, stop=stop)[0].person
            for run, lowered in others.items()
        }
        sums[_OWN] = counts.person
        homes = _Homes(full, log) if log is not None else None
        rows.append([_figure(each, full, sums, homes) for each in targets])
    return np.array(rows, np.float64).reshape(-1, len(targets))


class _Run(NamedTuple):
    """How people are followed and counted, where not as the scenario says."""

    days: float | None = None
    """Days of the follow-up."""
    once_a_year: bool = False


_OWN = _Run()


def _runs_of(target: Target) -> tuple[_Run, ...]:
    """Return the run that a target is of, and before it the one that it is compared with."""
    whole = _Run(once_a_year=target.counted == "a year")
    if target.measure in (*_EARLY, _LATER):
        return whole._replace(days=target.days), whole
    return (_OWN if target.measure in OF_LOGS else whole,)


def people(cohort: Cohort, target: Target) -> int:
    """Return how many of the cohort a target is about."""
    groups = ("disposal=custody",) if target.measure in OF_LOGS else target.groups
    return int(inside(cohort, groups).sum())


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


def refuse_changing(scenario: Scenario, targets: Sequence[Target]) -> None:
    """Raise InputError for each target that crosses an attribute which people do not keep."""
    problems = []
    for target in targets:
        odd = changing(target.groups, scenario) if target.is_crossed else []
        if odd:
            verb = "changes" if len(odd) == 1 else "change"
            message = (
                f"cannot be crossed: {' and '.join(odd)} {verb} on the way, and rates are of what "
                "a person is at each index event"
            )
            allowed = (
                f"levels of {', '.join(staying(scenario))}, or of one attribute alone; of any "
                'attributes with follow_up.clocks = "person"'
            )
            key, found = f"targets.{target.id}", ", ".join(target.groups)
            problems.append(Problem(message, key=key, found=found, allowed=allowed))
    if problems:
        raise InputError(*problems)


def _followed(scenario: Scenario, run: _Run) -> Scenario:
    """Return the scenario with another follow-up, or with people counted once a year.

    What is early may be proven until the same date as the whole, what is later as long after.
    """
    follow_up = scenario.follow_up
    days, waiting = follow_up.days.value, follow_up.waiting_days.value
    changes: dict[str, Any] = {}
    if run.days is not None:
        changes["follow_up.days"] = run.days
        changes["follow_up.waiting_days"] = max(days + waiting - run.days, 0.0)
        if run.days > days:
            changes["follow_up.waiting_days"] = waiting
    if run.once_a_year and follow_up.counts_index_events:
        changes["follow_up.clocks"] = "year"
    return scenario.change(scenario.title, changes)


def _figure(
    target: Target, lowered: Lowered, sums: dict[_Run, Floats], homes: _Homes | None
) -> float:
    if homes is not None and target.measure in OF_LOGS:
        of_home = {"settled": homes.settled, "homeless": homes.homeless}
        return (
            homes.housed() if target.measure == "housed" else of_home[target.measure](target.days)
        )
    runs = _runs_of(target)
    first, whole = (_total(target, lowered, sums[run]) for run in (runs[0], runs[-1]))
    with np.errstate(divide="ignore", invalid="ignore"):
        if target.measure == _LATER:
            return float(_rate(first) / _rate(whole))
        if target.measure == "share":
            everybody = sums[runs[-1]][0, OutcomeColumn.INDEX_EVENTS]
            return float(whole[OutcomeColumn.INDEX_EVENTS] / everybody)
        if target.measure == "rate":
            return float(_rate(whole))
        if target.measure in _PER_REOFFENDER:
            return float(whole[_PER_REOFFENDER[target.measure]] / whole[OutcomeColumn.REOFFENDERS])
        column = _EARLY[target.measure]
        return float(first[column] / whole[column])


def _rate(total: Floats) -> Floats:
    return np.asarray(total[OutcomeColumn.REOFFENDERS] / total[OutcomeColumn.INDEX_EVENTS])


def _total(target: Target, lowered: Lowered, person: Floats) -> Floats:
    names = [tuple(place.split("=")) for place in target.groups] or [EVERYBODY]
    if target.is_crossed:
        names = [group_of(target.groups)]
    rows = [lowered.groups.index(name) for name in names]
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

    def homeless(self, days: float) -> float:
        """Return the share without a home `days` later, of those not in custody."""
        return self._share(days, homes=(Home.HOMELESS,))

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
