"""From what the engine counted to the value of each outcome, by replication and group."""

from __future__ import annotations

from dataclasses import replace
from math import fsum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pathsim.elementary.ordered import total
from pathsim.engine.contract import N_PAYERS, UNITS_A_POUND, Floats, Load, Person
from pathsim.scenario.vocabulary import PAYERS

from .names import (
    COST_OUTCOMES,
    CUSTODY_OUTCOMES,
    PEOPLE_OUTCOMES,
    POOL_PREFIX,
    PUBLIC_PURSE,
    SERVICE_OUTCOMES,
    SERVICE_PREFIX,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pathsim.study.run import ScenarioRuns

EVERYBODY = "all"
Row = tuple[str, str]
"""An outcome and a group."""


class Values(NamedTuple):
    """Outcome values; nan where an outcome is undefined, such as a wait of nobody."""

    rows: tuple[Row, ...]
    data: Floats
    """[R, rows]"""
    sizes: Mapping[str, int] = MappingProxyType({})
    """How many people each group has."""

    def aligned(self, rows: tuple[Row, ...]) -> Floats:
        """Return the data in the order of `rows`, with nan for a row that is not here."""
        if rows == self.rows:
            return self.data
        place = {row: number for number, row in enumerate(self.rows)}
        padded = np.column_stack([self.data, np.full(len(self.data), np.nan)])
        return padded[:, [place.get(row, len(self.rows)) for row in rows]]


def outcome_values(runs: ScenarioRuns, *, services: Iterable[str] = ()) -> Values:
    """Return every outcome of every group that has people.

    services: ids to report beside the scenario's own; a service that the scenario lacks
    has no starts, nobody waiting and no places.
    """
    names = tuple(sorted({*runs.services, *services}))
    columns: list[tuple[str, Floats]] = [  # outcome, [R, G] or (everybody only) [R, 1]
        *zip(PEOPLE_OUTCOMES, _people(runs.person), strict=True),
        *zip(CUSTODY_OUTCOMES, runs.held.T[:, :, None], strict=True),
        *zip(COST_OUTCOMES, _costs(runs), strict=True),
    ]
    places: dict[str, tuple[str, ...]] = {f"{SERVICE_PREFIX}{name}": (name,) for name in names}
    places |= {f"{POOL_PREFIX}{pool}": members for pool, members in runs.pools}
    for place, members in places.items():
        loads = zip(SERVICE_OUTCOMES, _loads(runs, members), strict=True)
        columns += [(f"{place}.{outcome}", values) for outcome, values in loads]
    groups = [_label(attribute, level) for attribute, level in runs.groups]
    people = runs.person[:, :, Person.PEOPLE].max(axis=0)
    peopled = np.flatnonzero(people > 0)
    rows: list[Row] = []
    parts: list[Floats] = []
    for outcome, values in columns:
        shown = peopled if values.shape[1] == len(groups) else np.array([0])
        rows += [(outcome, groups[group]) for group in shown]
        parts.append(values[:, shown])
    sizes = {groups[group]: int(people[group]) for group in peopled}
    return Values(tuple(rows), np.concatenate(parts, axis=1), sizes)


def refilled(option: ScenarioRuns, baseline: ScenarioRuns) -> ScenarioRuns:
    """Return an option's runs with the custody days it saves filled by others, at their price.

    Whether it saves any is asked of the mean over replications and of everybody. If it does,
    every replication and group pays for the option's `refill_share` of its own difference,
    whatever its sign: chance averages out, and groups add up to everybody.
    """
    days = baseline.person[..., Person.CUSTODY_DAYS] - option.person[..., Person.CUSTODY_DAYS]
    if option.refill_share == 0.0 or fsum(days[:, 0]) <= 0.0:
        return option
    person = option.person.copy()
    filled = option.refill_share * days[..., None] * option.custody_day
    person[..., Person.COST : Person.COST + N_PAYERS] += filled
    return replace(option, person=person)


def _label(attribute: str, level: str) -> str:
    return f"{attribute}={level}" if level else EVERYBODY


def _ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Divide, with nan where there is nobody to divide by."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio: Floats = np.where(denominator > 0, numerator / denominator, np.nan)
    return ratio


def _people(person: Floats) -> tuple[Floats, ...]:
    """Return [R, G] arrays in the order of PEOPLE_OUTCOMES."""
    people, reoffenders = person[..., Person.PEOPLE], person[..., Person.REOFFENDERS]
    return (
        _ratio(reoffenders, people),
        _ratio(person[..., Person.REOFFENCES], people),
        _ratio(person[..., Person.EXPECTED_REOFFENDERS], people),
        _ratio(person[..., Person.EXPECTED_REOFFENCES], people),
        _ratio(person[..., Person.REOFFENCES_FROM_SENTENCE], people),
        _ratio(person[..., Person.REOFFENCES], reoffenders),
        _ratio(person[..., Person.DAYS_TO_FIRST], reoffenders),
        _ratio(person[..., Person.CUSTODY_DAYS], people),
        _ratio(person[..., Person.HOMELESS_DAYS], people),
        _ratio(person[..., Person.SEVERITY], people),
    )


def _costs(runs: ScenarioRuns) -> tuple[Floats, ...]:
    """Return [R, G] arrays in the order of COST_OUTCOMES.

    Services' places and nights beyond custody's places are paid for by everybody.
    """
    by_payer = runs.person[..., Person.COST : Person.COST + N_PAYERS].copy()
    # Rounded as people's costs are, so that what is always paid makes no variance.
    shared = np.rint((runs.place_cost + runs.elsewhere_cost) * UNITS_A_POUND) / UNITS_A_POUND
    by_payer[:, 0] += shared
    public = by_payer[..., [PAYERS.index(name) for name in PUBLIC_PURSE]]
    return (total(by_payer), total(public), *np.moveaxis(by_payer, -1, 0))


def _loads(runs: ScenarioRuns, services: tuple[str, ...]) -> tuple[Floats, ...]:
    """Return arrays in the order of SERVICE_OUTCOMES: [R, G], the last two [R, 1].

    services: one, or those of one pool, whose loads are added up.
    """
    numbers = [runs.services.index(name) for name in services if name in runs.services]
    load = total(np.moveaxis(runs.load[:, :, numbers], 2, -1))
    starts = load[..., Load.STARTS]
    places = np.asarray(runs.capacity_days[numbers[0]] if numbers else 0.0)
    if places == 0.0 and not starts.any():
        # A service that is not offered has no queue, whoever is referred to it in vain.
        nothing, nobody = np.zeros(runs.person.shape[:2]), np.zeros((len(runs.person), 1))
        return nothing, nothing + np.nan, nothing, nothing, nobody + np.nan, nobody
    busy, queue = (total(each[:, numbers]) for each in (runs.busy_days, runs.queue_days))
    return (
        starts,
        _ratio(load[..., Load.WAIT_DAYS], starts),
        load[..., Load.RENEGED],
        load[..., Load.COMPLETED],
        _ratio(busy[:, None], places),
        _ratio(queue[:, None], np.asarray(runs.intake_days)),
    )
