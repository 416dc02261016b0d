"""From what the engine counted to the value of each outcome, by replication and group."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pathsim.elementary.ordered import total
from pathsim.engine.contract import N_PAYERS, Floats, Load, Person

from .names import (
    COST_OUTCOMES,
    CUSTODY_OUTCOMES,
    PEOPLE_OUTCOMES,
    SERVICE_OUTCOMES,
    service_outcome,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pathsim.study.run import ScenarioRuns

EVERYBODY = "all"
Row = tuple[str, str]
"""An outcome and a group."""


class Values(NamedTuple):
    """Outcome values; nan where an outcome is undefined, such as a wait of nobody."""

    rows: tuple[Row, ...]
    data: Floats
    """[R, rows]"""

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
    for name in names:
        loads = zip(SERVICE_OUTCOMES, _loads(runs, name), strict=True)
        columns += [(service_outcome(name, outcome), values) for outcome, values in loads]
    groups = [_label(attribute, level) for attribute, level in runs.groups]
    peopled = np.flatnonzero(runs.person[:, :, Person.PEOPLE].max(axis=0) > 0)
    rows: list[Row] = []
    parts: list[Floats] = []
    for outcome, values in columns:
        shown = peopled if values.shape[1] == len(groups) else np.array([0])
        rows += [(outcome, groups[group]) for group in shown]
        parts.append(values[:, shown])
    return Values(tuple(rows), np.concatenate(parts, axis=1))


def refilled(option: ScenarioRuns, baseline: ScenarioRuns) -> ScenarioRuns:
    """Return an option's runs with the custody days it saves filled by others, at their price.

    Only the option's `refill_share` of them is; each group pays for its own.
    """
    if option.refill_share == 0.0:
        return option
    days = baseline.person[..., Person.CUSTODY_DAYS] - option.person[..., Person.CUSTODY_DAYS]
    filled = option.refill_share * np.maximum(days, 0.0)
    person = option.person.copy()
    person[..., Person.COST : Person.COST + N_PAYERS] += filled[..., None] * option.custody_day
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
    by_payer[:, 0] += runs.place_cost + runs.elsewhere_cost
    return (total(by_payer), *np.moveaxis(by_payer, -1, 0))


def _loads(runs: ScenarioRuns, service: str) -> tuple[Floats, ...]:
    """Return arrays in the order of SERVICE_OUTCOMES: [R, G], the last two [R, 1]."""
    if service not in runs.services:
        nothing, nobody = np.zeros(runs.person.shape[:2]), np.zeros((len(runs.person), 1))
        return nothing, nothing + np.nan, nothing, nothing, nobody + np.nan, nobody
    place = runs.services.index(service)
    load = runs.load[:, :, place]
    starts = load[..., Load.STARTS]
    return (
        starts,
        _ratio(load[..., Load.WAIT_DAYS], starts),
        load[..., Load.RENEGED],
        load[..., Load.COMPLETED],
        _ratio(runs.busy_days[:, place, None], runs.capacity_days[place]),
        _ratio(runs.queue_days[:, place, None], np.asarray(runs.intake_days)),
    )
