"""From a scenario and a cohort to arrays: the only place where names become codes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pathsim.elementary import ln
from pathsim.engine.contract import (
    Floats,
    Ints,
    People,
    Tables,
    Words,
)
from pathsim.engine.generations import generations, name_of, stock
from pathsim.engine.kernels.model import Model, pack
from pathsim.engine.own_groups import STAYS, combined
from pathsim.engine.places import DAYS_A_YEAR, by_payer, capacity_days, place_cost, places
from pathsim.engine.prices import average_custody_day
from pathsim.engine.tables import lower_tables
from pathsim.scenario.scale import scaled
from pathsim.vocabulary import AGE_GROUPS, GROUPS, NEEDS

if TYPE_CHECKING:
    import pandas as pd

    from pathsim.people.cohort import Cohort
    from pathsim.scenario.model import Scenario
    from pathsim.scenario.service import Eligible

EVERYBODY = ("all", "")
AT_AN_INDEX_EVENT = (
    *("age_group", "age_band", "offence_group"),
    *("disposal", "sentence_band", "previous_offences"),
)
"""Attributes in the order of `ClockGroup`: those that a person has as they are then."""
Codes = dict[str, NDArray[np.int8]]
"""Level of each person in each grouping attribute, by its place among the levels."""
Levels = dict[str, tuple[str, ...]]
"""Levels of each grouping attribute, in order."""


@dataclass(frozen=True)
class Lowered:
    """A scenario and its people in numbers, with the names to turn results back."""

    people: People
    tables: Tables
    groups: tuple[tuple[str, str], ...]
    """(attribute, level) of each group; the first is everybody."""
    services: tuple[str, ...]
    """Ids in the order of their numbers."""
    capacity_days: Floats
    """[S] place-days on offer in the intake window; nan: unlimited in part of it."""
    place_cost: Floats
    """[M] fixed cost of places in the intake window, pounds."""
    custody_places: Floats
    """[R] places in custody; inf: unlimited."""
    elsewhere_night: Floats
    """[R, M] price of a night in custody beyond those places, pounds."""
    refill_share: Floats
    """[R] share of saved custody days that others fill."""
    custody_average_day: Floats
    """[R, M] average price of a day in custody, pounds; nan: none is given."""
    ids: NDArray[Any]
    """[N] ids of the people."""
    combinations: Ints | None = None
    """[X, .] the groups that each combination adds to, numbered after all groups; None: there are
    no groups but those of the vocabulary (`own_groups.py`)."""

    @property
    def counted_groups(self) -> int:
        """How many groups and combinations the engines add up."""
        return len(self.groups) + (0 if self.combinations is None else len(self.combinations))

    @cached_property
    def model(self) -> Model:
        """The same arrays as the kernel reads them."""
        return pack(self.people, self.tables)

    @cached_property
    def generations(self) -> list[int]:
        """The generations that are followed, in order of their members' numbers."""
        rules = self.tables.rules[0]
        return generations(int(rules["generations_before"]), int(rules["generations_after"]))

    @cached_property
    def stock(self) -> list[int]:
        """The generations of the stock in custody, in order of their members' numbers."""
        rules = self.tables.rules[0]
        return stock(int(rules["generations_before"]), int(rules["stock_windows"]))

    @cached_property
    def members(self) -> int:
        """How many are followed at most: the people in every generation, and the stock."""
        everybody = len(self.generations) * len(self.people.key)
        return everybody + len(self.stock) * len(self.people.stock)

    def names(self, numbers: Ints) -> NDArray[Any]:
        """Return the ids of members by number; before that of another generation stands which."""
        chosen, record = self.described(numbers)
        found = sorted(set(chosen.tolist()))
        prefixes = np.array([name_of(each) for each in found], np.str_)
        return np.char.add(prefixes[np.searchsorted(found, chosen)], self.ids.astype(str)[record])

    def described(self, numbers: Ints) -> tuple[Ints, Ints]:
        """Return the generation of each member, and the row that describes them."""
        people, inside = self.people, self.people.stock
        everybody = len(self.generations) * len(people.key)
        generation, record = np.divmod(numbers, max(len(people.key), 1))
        window, place = np.divmod(numbers - everybody, max(len(inside), 1))
        of_stock = numbers >= everybody
        chosen = np.array([*self.generations, *self.stock])
        generation = np.where(of_stock, len(self.generations) + window, generation)
        if len(inside):
            record = np.where(of_stock, inside[np.where(of_stock, place, 0)], record)
        return chosen[generation], record


def lower(scenario: Scenario, cohort: Cohort) -> Lowered:
    """Return the arrays that both engines work on.

    Raises
    ------
    InputError
        When the cohort cannot be followed in this scenario.
    """
    scenario = scaled(scenario)
    cohort = cohort.living_in(scenario.areas)
    levels = levels_of(scenario)
    services = tuple(sorted(set().union(*(regime.services for regime in scenario.regimes))))
    lowered = Lowered(
        people=_lower_people(scenario.regimes, cohort, services, levels=levels),
        groups=_groups(levels),
        services=services,
        ids=cohort.frame["id"].to_numpy(),
        **_numbers(scenario, services, levels),
    )
    return _with_own_groups(lowered, cohort, levels) if cohort.own_groups() else lowered


def lower_again(lowered: Lowered, scenario: Scenario, cohort: Cohort) -> Lowered:
    """Return what was lowered, of the same scenario with other values of its quantities.

    The people stay who they are, and so does what a service asks of them.
    """
    scenario = scaled(scenario)
    cohort = cohort.living_in(scenario.areas)
    levels = levels_of(scenario)
    base = _base_hazard(scenario, cohort.frame, _codes(cohort), levels)
    return replace(
        lowered,
        people=lowered.people._replace(base_hazard=base),
        **_numbers(scenario, lowered.services, levels),
    )


def _numbers(scenario: Scenario, services: tuple[str, ...], levels: Levels) -> dict[str, Any]:
    """Return all of `Lowered` that does not depend on the people."""
    regimes = scenario.regimes
    tables = lower_tables(
        regimes,
        services,
        clock_groups=_clock_groups(levels),
        index_ratio=_index_ratio(regimes[-1], levels),
    )
    return {
        "tables": tables,
        "capacity_days": capacity_days(
            regimes, pool=tables.services["pool"], capacity=tables.pool_capacity
        ),
        "place_cost": place_cost(regimes),
        "custody_places": np.array([places(regime.custody.capacity) for regime in regimes]),
        "elsewhere_night": np.stack(
            [by_payer(regime.custody.elsewhere_night_gbp) for regime in regimes]
        ),
        "refill_share": np.array([regime.custody.refill_share.value for regime in regimes]),
        "custody_average_day": np.array([average_custody_day(regime.costs) for regime in regimes]),
    }


def base_hazards(scenario: Scenario, cohort: Cohort) -> Floats:
    """Return each person's hazard a day at liberty, but for frailty and all that changes."""
    cohort = cohort.living_in(scenario.areas)
    return _base_hazard(scenario, cohort.frame, _codes(cohort), levels_of(scenario), follow=False)


def _codes(cohort: Cohort) -> Codes:
    groups = cohort.groups()
    return {name: np.asarray(groups[name].cat.codes, np.int8) for name in GROUPS}


def levels_of(scenario: Scenario) -> Levels:
    """Return the attributes by which outcomes are broken down, with their levels."""
    return {**GROUPS, "area": tuple(scenario.areas)}


def _groups(levels: Levels) -> tuple[tuple[str, str], ...]:
    groups = [(attribute, level) for attribute, names in levels.items() for level in names]
    return (EVERYBODY, *groups)


def _group_numbers(codes: Codes, levels: Levels) -> NDArray[np.int16]:
    """Return the numbers of each person's groups, [people, 1 + attributes]."""
    columns = [np.zeros_like(codes["sex"], np.int16)]
    first = 1
    for attribute, names in levels.items():
        if names:
            columns.append(first + codes[attribute].astype(np.int16))
            first += len(names)
    return np.stack(columns, axis=1)


def _with_own_groups(lowered: Lowered, cohort: Cohort, levels: Levels) -> Lowered:
    """Return the same people in groups of the analyst's own as well."""
    first, own, names = len(lowered.groups), {}, list(lowered.groups)
    table = cohort.groups()
    for name, of_it in cohort.own_groups().items():
        own[name] = first + np.asarray(table[name].cat.codes, np.int64)
        first += len(of_it)
        names += [(name, level) for level in of_it]
    groups, parts = combined(
        lowered.people.groups,
        column=1 + [name for name, of_it in levels.items() if of_it].index(STAYS),
        own=own,
        first=first,
    )
    people = lowered.people._replace(groups=groups)
    return replace(lowered, people=people, groups=tuple(names), combinations=parts)


def _clock_groups(levels: Levels) -> Ints:
    """Return where the groups stand that a person has as they are at an index event."""
    found = dict.fromkeys(AT_AN_INDEX_EVENT, (0, 0))
    column, first = 1, 1
    for attribute, names in levels.items():
        if names:
            if attribute in found:
                found[attribute] = (column, first)
            column, first = column + 1, first + len(names)
    return np.array(list(found.values()), np.int64)


def _lower_people(
    regimes: tuple[Scenario, ...],
    cohort: Cohort,
    services: tuple[str, ...],
    *,
    levels: Levels,
) -> People:
    table, codes = cohort.frame, _codes(cohort)
    return People(
        key=cohort.keys(),
        start_day=table["start_day"].to_numpy(np.float64),
        disposal=codes["disposal"],
        sentence_days=table["sentence_days"].to_numpy(np.float64),
        base_hazard=_base_hazard(regimes[-1], table, codes, levels),
        risk=table["risk_two_year_percent"].to_numpy(np.float64),
        age_group=codes["age_group"],
        offence_group=codes["offence_group"],
        age=table["age"].to_numpy(np.int64),
        previous=table["previous_offences"].to_numpy(np.int64),
        eligible=_eligible_words(regimes, table, codes, levels=levels, services=services),
        enters=cohort.enters(),
        groups=_group_numbers(codes, levels),
    )


def _base_hazard(
    scenario: Scenario, table: pd.DataFrame, codes: Codes, levels: Levels, *, follow: bool = True
) -> Floats:
    """Return base hazards; with `follow`, without what follows index events."""
    hazard = scenario.hazard
    child = codes["age_group"] == AGE_GROUPS.index("youth")
    level = np.where(child, hazard.youth_level.value, hazard.adult_level.value)
    for group, of_group in enumerate(AGE_GROUPS):
        for place, ratio in hazard.multipliers_of(of_group).items():
            attribute, _, name = place.partition("=")
            if follow and follows_index_events(scenario, place):
                continue
            has_it = codes[attribute] == levels[attribute].index(name)
            has_it &= codes["age_group"] == group
            level = np.where(has_it, level * ratio.value, level)
    if hazard.score == "none":
        return level
    percent = table["risk_one_year_percent"].to_numpy(np.float64)
    if hazard.youth_risk_percent.value > 0.0:
        percent = np.where(child, hazard.youth_risk_percent.value, percent)
    return level * -ln(1.0 - percent / 100) / DAYS_A_YEAR


def follows_index_events(scenario: Scenario, place: str) -> bool:
    """Return whether a multiplier, `attribute=level`, is of the group at the latest index event.

    With one clock a person all are of the group at the start.
    """
    attribute = place.partition("=")[0]
    return scenario.follow_up.counts_index_events and attribute in AT_AN_INDEX_EVENT


def _index_ratio(scenario: Scenario, levels: Levels) -> Floats:
    """Return the multipliers that follow index events, [A, 6, levels]."""
    most = max(len(names) for names in levels.values())
    table = np.ones((len(AGE_GROUPS), len(AT_AN_INDEX_EVENT), most))
    for group, of_group in enumerate(AGE_GROUPS):
        for place, ratio in scenario.hazard.multipliers_of(of_group).items():
            if follows_index_events(scenario, place):
                attribute, _, name = place.partition("=")
                row = AT_AN_INDEX_EVENT.index(attribute)
                table[group, row, levels[attribute].index(name)] = ratio.value
    return table


def _eligible_words(
    regimes: tuple[Scenario, ...],
    table: pd.DataFrame,
    codes: Codes,
    *,
    levels: Levels,
    services: tuple[str, ...],
) -> Words:
    """Return the services that take each person, whatever the offence, [R, people], as bits."""
    words = np.zeros((len(regimes), len(table)), np.uint64)
    for r, regime in enumerate(regimes):
        for number, name in enumerate(services):
            if name in regime.services:
                takes = _takes(regime.services[name].eligible, table, codes, levels)
                words[r] |= takes.astype(np.uint64) << np.uint64(number)
    return words


def _takes(
    eligible: Eligible, table: pd.DataFrame, codes: Codes, levels: Levels
) -> NDArray[np.bool_]:
    """Return whom a service takes, one truth value a person; the offence is looked at later."""
    takes = table["risk_two_year_percent"].to_numpy(np.float64) >= eligible.min_risk_percent
    for attribute, names in levels.items():
        allowed = getattr(eligible, attribute)
        if allowed and attribute != "offence_group":
            takes &= np.isin(codes[attribute], [names.index(level) for level in allowed])
    if eligible.needs_any:
        needs = [f"need_{need}" for need in NEEDS if need in eligible.needs_any]
        takes &= table[needs].to_numpy(np.bool_).any(axis=1)
    if eligible.domestic_abuse is not None:
        takes &= table["domestic_abuse"].to_numpy(np.bool_) == eligible.domestic_abuse
    return takes
