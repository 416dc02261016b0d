"""From what the engine counted to the value of each outcome, by replication and group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import groupby
from math import fsum
from operator import itemgetter
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pathsim.elementary.ordered import total
from pathsim.engine.contract import (
    N_PAYERS,
    UNITS_A_POUND,
    YEARS,
    Floats,
    OutcomeColumn,
    ServiceCount,
    custody_to_fill,
)
from pathsim.engine.counted import OUTCOMES, TOTALS, Outcome, Total
from pathsim.engine.places import DAYS_A_YEAR
from pathsim.study.memory import VALUES_TOGETHER
from pathsim.study.runs import ScenarioRuns
from pathsim.vocabulary import PAYERS, PUBLIC_PURSE

from .names import (
    COST_OUTCOMES,
    CUSTODY_OUTCOMES,
    OWN_PREFIX,
    POOL_PREFIX,
    SERVICE_OUTCOMES,
    SERVICE_PREFIX,
    SHARED_OUTCOMES,
)

EVERYBODY = "all"
_BOOKS: Final = {
    OutcomeColumn.COST_PUBLIC_YEAR_2: [PAYERS.index(name) for name in PUBLIC_PURSE],
    OutcomeColumn.COST_SOCIETY_YEAR_2: [PAYERS.index("society")],
}
"""The second year of each book, and who pays into it."""
_RARE_OF_A_BOOK: Final = len(YEARS)
"""Columns of a book: of the years after the first, and what a discount takes off."""
_RATIOS: Final = ("mean_wait_days", "utilisation", "supply_years")
"""Outcomes of a service that are undefined where there is nothing to divide by."""
Row = tuple[str, str]
"""An outcome and a group."""


class Block(NamedTuple):
    """One outcome of the groups for which it is told."""

    outcome: str
    groups: tuple[str, ...]
    compute: Callable[[], Floats]
    """Returns [R, groups]; nan where the outcome is undefined, such as a wait of nobody."""


class Values:
    """Every replication's value of every outcome and group, worked out when it is asked for.

    All at once they take as much memory again as what the engine counted.
    """

    def __init__(
        self,
        blocks: Iterable[Block],
        *,
        replications: int,
        sizes: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self._blocks = {block.outcome: block for block in blocks}
        self.replications = replications
        self.sizes = sizes
        """How many people each group has."""
        self.rows: tuple[Row, ...] = tuple(
            (block.outcome, group) for block in self._blocks.values() for group in block.groups
        )

    @classmethod
    def stored(
        cls,
        blocks: Iterable[tuple[str, tuple[str, ...], Floats]],
        *,
        replications: int,
        sizes: Mapping[str, int],
    ) -> Values:
        """Return values that are known: outcome, groups and [R, groups] each."""
        made = [Block(name, groups, partial(np.copy, data)) for name, groups, data in blocks]
        return cls(made, replications=replications, sizes=sizes)

    def blocks(self) -> Iterator[tuple[str, tuple[str, ...], Floats]]:
        """Give each outcome with its groups and its values, [R, groups]."""
        for block in self._blocks.values():
            yield block.outcome, block.groups, block.compute()

    @property
    def data(self) -> Floats:
        """All values, [R, rows]."""
        return self.aligned(self.rows)

    def aligned(self, rows: Iterable[Row]) -> Floats:
        """Return the data in the order of `rows`, with nan for a row that is not here."""
        nothing = np.empty((self.replications, 0))
        return np.concatenate([nothing, *(self._of(same) for same in by_outcome(rows))], axis=1)

    def _of(self, rows: tuple[Row, ...]) -> Floats:
        """Return the values of rows of one outcome."""
        outcome, _ = next(iter(rows))
        block = self._blocks.get(outcome)
        undefined = np.full((self.replications, 1), np.nan)
        if block is None:
            return np.repeat(undefined, len(rows), axis=1)
        groups = tuple(group for _, group in rows)
        if groups == block.groups:
            return block.compute()
        place = {group: number for number, group in enumerate(block.groups)}
        padded = np.concatenate([block.compute(), undefined], axis=1)
        return padded[:, [place.get(group, len(block.groups)) for group in groups]]


def by_outcome(rows: Iterable[Row]) -> Iterator[tuple[Row, ...]]:
    """Give rows in order, those of one outcome together: enough to work out at once."""
    for _, same in groupby(rows, key=itemgetter(0)):
        yield tuple(same)


def some_at_a_time(rows: Iterable[Row], *, replications: int) -> Iterator[tuple[Row, ...]]:
    """Give rows in order, whole outcomes together: so many that their values take little memory."""
    some: list[Row] = []
    for same in by_outcome(rows):
        if some and (len(some) + len(same)) * replications > VALUES_TOGETHER:
            yield tuple(some)
            some = []
        some += same
    if some:
        yield tuple(some)


def outcome_values(
    runs: ScenarioRuns, *, services: Iterable[str] = (), more: Iterable[Block] = ()
) -> Values:
    """Return every outcome of every group that has people.

    services: ids to report beside the scenario's own; a service that the scenario lacks
    has no starts, nobody waiting and no places. more: outcomes of a comparison alone.
    """
    groups = [_label(attribute, level) for attribute, level in runs.groups]
    people = runs.person[:, :, OutcomeColumn.PEOPLE].max(axis=0)
    events = runs.person[:, :, OutcomeColumn.INDEX_EVENTS].max(axis=0)
    peopled = np.flatnonzero((people > 0) | (events > 0))
    names = tuple(groups[group] for group in peopled)

    def by_group(outcome: str, values: Callable[[], Floats]) -> Block:
        return Block(outcome, names, partial(_of_groups, values, peopled))

    def shared(outcome: str, values: Callable[[], Floats]) -> Block:
        return Block(outcome, (groups[0],), values)

    blocks = [
        by_group(each.name, partial(_person, runs, each))
        for each in OUTCOMES
        if each.column != OutcomeColumn.DISPOSALS or runs.person[..., each.column].any()
    ]
    blocks += [by_group(each.name, partial(_total, runs, each)) for each in TOTALS]
    for number, name in enumerate(CUSTODY_OUTCOMES):
        blocks.append(shared(name, partial(_column, runs.held, number)))
    blocks += [by_group(name, partial(cost, runs, name)) for name in COST_OUTCOMES]
    for name, values in runs.derived.items():
        blocks.append(shared(f"{OWN_PREFIX}{name}", partial(np.reshape, values, (-1, 1))))
    blocks += more
    for place, members in _places(runs, services).items():
        for name in SERVICE_OUTCOMES:
            told = shared if name in SHARED_OUTCOMES else by_group
            blocks.append(told(f"{place}.{name}", partial(_load, runs, members, name)))
    sizes = {groups[group]: int(people[group]) for group in peopled}
    return Values(blocks, replications=len(runs.person), sizes=sizes)


def _places(runs: ScenarioRuns, services: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return what has places, by the start of its outcomes' names, and the services in it."""
    names = sorted({*runs.services, *services})
    return {f"{SERVICE_PREFIX}{name}": (name,) for name in names} | {
        f"{POOL_PREFIX}{pool}": members for pool, members in runs.pools
    }


def refilled(option: ScenarioRuns, baseline: ScenarioRuns) -> ScenarioRuns:
    """Return an option's runs with the custody days it saves filled by others, at their price.

    Share and price are those of the day on which a stay in custody began. Whether they come to
    anything is asked of the mean over replications and of everybody. If they do, every
    replication and group pays for its own difference, whatever its sign: chance averages
    out, and groups add up to everybody.
    """
    days = custody_to_fill(baseline.person) - custody_to_fill(option.person)
    starts = [(0, days), *option.saved_from]
    later = [since for _, since in starts[1:]]
    parts = [days - after for (_, days), after in zip(starts, later, strict=False)]
    parts.append(starts[-1][1])
    saved = [
        (part, option.refill_share[:, regime], option.custody_day[:, regime])
        for (regime, _), part in zip(starts, parts, strict=True)
    ]
    worth = [fsum(share * total(price) * part[:, 0, 0]) for part, share, price in saved]
    if fsum(worth) <= 0.0:
        return option
    person = option.person.copy()
    person[..., OutcomeColumn.COST : OutcomeColumn.COST + N_PAYERS] += sum(
        share[:, None, None] * part[..., :1] * price[:, None] for part, share, price in saved
    )
    for second, payers in _BOOKS.items():
        person[..., second : second + _RARE_OF_A_BOOK] += sum(
            (share * total(price[:, payers]))[:, None, None] * part[..., 1:]
            for part, share, price in saved
        )
    return replace(option, person=person)


def _label(attribute: str, level: str) -> str:
    return f"{attribute}={level}" if level else EVERYBODY


def _ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Divide, with nan where there is nobody to divide by."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio: Floats = np.where(denominator > 0, numerator / denominator, np.nan)
    return ratio


def _person(runs: ScenarioRuns, outcome: Outcome) -> Floats:
    """Return [R, G] of an outcome of people."""
    found: Floats = runs.person[..., outcome.column]
    return found if outcome.per is None else _ratio(found, runs.person[..., outcome.per])


def _total(runs: ScenarioRuns, outcome: Total) -> Floats:
    """Return [R, G] of an outcome by year.

    What everybody pays for, services' places and nights beyond custody's, is paid in the first.
    """
    found = total(runs.person[..., list(outcome.columns)])
    if outcome.less:
        found = found - total(runs.person[..., list(outcome.less)])
    for number in range(N_PAYERS):
        if OutcomeColumn.COST + number in outcome.columns:
            found[:, 0] += _shared(runs, number)
    return found


def _shared(runs: ScenarioRuns, payer: int) -> Floats:
    """Return [R] of what a payer pays for everybody.

    Rounded as people's costs are, so that what is always paid makes no variance.
    """
    shared = runs.place_cost[:, payer] + runs.elsewhere_cost[:, payer]
    rounded: Floats = np.rint(shared * UNITS_A_POUND) / UNITS_A_POUND
    return rounded


def _column(values: Floats, number: int) -> Floats:
    return values[:, number, None]


def cost(runs: ScenarioRuns, outcome: str) -> Floats:
    """Return [R, G] of one of COST_OUTCOMES: the total, then by payer.

    Services' places and nights beyond custody's places are paid for by everybody.
    """
    payers = [outcome.removeprefix("cost_")]
    if outcome in ("cost_total", "cost_public"):
        payers = list(PAYERS if outcome == "cost_total" else PUBLIC_PURSE)
    found = np.zeros(runs.person.shape[:2])
    for number in map(PAYERS.index, payers):
        by_payer = runs.person[..., OutcomeColumn.COST + number].copy()
        by_payer[:, 0] += _shared(runs, number)
        found += by_payer
    return found


def _load(runs: ScenarioRuns, services: tuple[str, ...], outcome: str) -> Floats:
    """Return one of SERVICE_OUTCOMES: [R, G], or [R, 1] of SHARED_OUTCOMES.

    services: one, or those of one pool, whose loads are added up.
    """
    numbers = [runs.services.index(name) for name in services if name in runs.services]

    def added(load: ServiceCount) -> Floats:
        return total(runs.load[:, :, numbers, load])

    if outcome == "turned_away":
        return added(ServiceCount.TURNED_AWAY)
    starts = added(ServiceCount.STARTS)
    places = total(runs.capacity_days[:, numbers[:1]])[:, None]  # a pool's services share theirs
    if not places.any() and not starts.any():
        # A service that is not offered has no queue, whoever is referred to it in vain.
        shape = (len(starts), 1 if outcome in SHARED_OUTCOMES else starts.shape[1])
        return np.full(shape, np.nan if outcome in _RATIOS else 0.0)
    match outcome:
        case "mean_wait_days":
            parts = added(ServiceCount.WAIT_DAYS), starts
        case "supply_years":
            used = added(ServiceCount.PLACE_DAYS)
            parts = used * runs.intake_days, places * DAYS_A_YEAR
        case "utilisation":
            parts = total(runs.busy_days[:, numbers])[:, None], places
        case "mean_queue":
            days = total(runs.queue_days[:, numbers])[:, None]
            parts = days, np.asarray(runs.intake_days)
        case _:
            return added(ServiceCount[outcome.upper()])
    return _ratio(*parts)


def _of_groups(values: Callable[[], Floats], groups: NDArray[np.intp]) -> Floats:
    """Return the values of some groups. No function within another: those cannot be pickled."""
    return values()[:, groups]
