"""Entries in balance: which share of the published occasions brings somebody new.

Published occasions hold those that people bring who are followed already. If every occasion
were an entry they would be counted twice. So each stratum's share is lowered until the
disposals of the intake window, entries' and others', are the published occasions; the levels
of the hazard, which decide how many the others bring, are solved with them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pandas as pd

from pathsim.arguments import plain_number, whole
from pathsim.engine.contract import Floats, OutcomeColumn
from pathsim.engine.lowering import Lowered, lower
from pathsim.engine.run import simulate
from pathsim.errors import InputError, Problem
from pathsim.people.cohort import Cohort
from pathsim.study.plan import MOST_REPLICATIONS
from pathsim.study.threads import do_all
from pathsim.vocabulary import AGE_GROUPS, PREVIOUS_BANDS

if TYPE_CHECKING:
    from pathsim.engine.stop import Stop
    from pathsim.scenario.model import Scenario

FLOOR: Final = 0.02
"""Least share of a stratum's occasions that are entries."""
REPLICATIONS: Final = 48
"""Of the last rounds: a year's disposals of Dorset's 210 children are known to about 1% then."""
ROUNDS: Final = 16
_DAMPING: Final = 0.6
"""Of each step, on the scale of logarithms: fewer entries reoffend less, which is not known
beforehand, so whole steps swing to and fro."""
_LONGEST: Final = math.log(2.0)
"""Step of a share on the same scale, up or down."""
_FIRST: Final = 6
"""Times fewer replications in the first rounds, which only have to come near."""
_SOURCE: Final = {"source": "Solved: disposals in balance", "grade": "calibrated"}
Shares = dict[str, dict[str, float]]


class _Near(NamedTuple):
    """How near is near enough to take no further step."""

    margin: float
    """Relative."""
    rate: float


_ROUGHLY: Final = _Near(margin=0.03, rate=0.01)
_SETTLED: Final = _Near(margin=0.005, rate=0.001)


class Balance(NamedTuple):
    """Shares and levels at which the disposals of a year are the published occasions."""

    shares: Shares
    """By age group, then by band of previous convictions or cautions."""
    adult_level: float
    youth_level: float
    margins: pd.DataFrame
    """margin, level, published, model, ratio: occasions by age group and by band."""
    rates: pd.DataFrame
    """age_group, published, model: proven reoffending by clocks; nan where its level was held."""


def has_entries(scenario: Scenario) -> bool:
    """Return whether a scenario samples occasions and counts the disposals of a year."""
    return scenario.follow_up.counts_index_events and scenario.cohort.kind == "pnc_2021"


def balance_entries(  # noqa: PLR0913 keyword-only choices of one solution
    scenario: Scenario,
    *,
    adult_rate: float | None,
    youth_rate: float | None,
    replications: int = REPLICATIONS,
    rounds: int = ROUNDS,
    seed: int = 1,
) -> Balance:
    """Return the entry shares and levels at which a scenario is in balance.

    Adults have a share for each band. Children have one for all but the lowest, as there are few
    of them; nobody comes back without a record, so there they have the adults' share. The same
    random numbers serve every round, and who enters at one share enters at any higher one.

    adult_rate, youth_rate: proven reoffending rates by clocks, between 0 and 1; None holds the
    level as the scenario has it. replications: of each of the last rounds; the first, which only
    come near, have a sixth. rounds: damped steps at most, both of the first and of the last; the
    nearest of the last is returned, and what is left over stands in `margins` and `rates`.

    Raises
    ------
    InputError
        When the scenario has no clocks by quarters, or no sampled cohort.
    """
    rates = (_rate("adult_rate", adult_rate), _rate("youth_rate", youth_rate))
    targets = dict(zip(AGE_GROUPS, rates, strict=True))
    sizes = _sizes(replications, rounds, seed)
    return _all_solved([scenario], targets, sizes=sizes, start=None, workers=1)[0]


def balance_each(  # noqa: PLR0913 keyword-only choices of one solution
    scenarios: Sequence[Scenario],
    *,
    start: Shares,
    replications: int = REPLICATIONS,
    rounds: int = ROUNDS,
    seed: int = 1,
    workers: int = 1,
) -> list[Balance]:
    """Return the balance of each scenario at its own levels, with the same random numbers.

    start: shares to begin with, such as those of a scenario like them.
    """
    held = dict.fromkeys(AGE_GROUPS)
    sizes = _sizes(replications, rounds, seed)
    return _all_solved(scenarios, held, sizes=sizes, start=start, workers=workers)


class _Sizes(NamedTuple):
    replications: int
    rounds: int
    seed: int


def _sizes(replications: int, rounds: int, seed: int) -> _Sizes:
    """Return the same in Python's own numbers. Raises InputError."""
    return _Sizes(
        whole(replications, key="replications", least=1, most=MOST_REPLICATIONS),
        whole(rounds, key="rounds", least=1, most=MOST_REPLICATIONS),
        whole(seed, key="seed", least=0, most=2**63 - 1),
    )


def _all_solved(
    scenarios: Sequence[Scenario],
    targets: dict[str, float | None],
    *,
    sizes: _Sizes,
    start: Shares | None,
    workers: int,
) -> list[Balance]:
    for scenario in scenarios:
        _refuse_without_clocks(scenario)
    found: dict[int, Balance] = {}
    jobs = (partial(_solved, each, targets, sizes, start) for each in scenarios)
    do_all(jobs, workers=workers, done=found.__setitem__)
    return [found[k] for k in range(len(scenarios))]


def _solved(
    scenario: Scenario,
    targets: dict[str, float | None],
    sizes: _Sizes,
    start: Shares | None,
    stop: Stop,
) -> Balance:
    """Return the balance, by rounds that come near, unless begun near, and rounds that settle."""
    shares = start or {age: dict.fromkeys(PREVIOUS_BANDS, 1.0) for age in AGE_GROUPS}
    hazard = scenario.hazard
    levels = dict(
        zip(AGE_GROUPS, (hazard.adult_level.value, hazard.youth_level.value), strict=True)
    )
    state = _State(shares, levels)
    stages = ((-(-sizes.replications // _FIRST), _ROUGHLY), (sizes.replications, _SETTLED))
    for replications, near in stages[1:] if start else stages:
        tried: list[tuple[float, _State, _Year]] = []
        for _ in range(sizes.rounds + 1):
            year = _a_year(scenario, state, seed=sizes.seed, replications=replications, stop=stop)
            off = _off(state, year, targets, near)
            tried.append((off, state, year))
            if off <= 1.0:
                break
            state = _moved_on(state, year, targets)
        _, state, year = min(tried, key=lambda each: each[0])
    adult, youth = state.levels.values()
    return Balance(state.shares, adult, youth, year.margins(), year.rates(targets))


class _State(NamedTuple):
    """What is solved."""

    shares: Shares
    levels: dict[str, float]


class _Year(NamedTuple):
    """What a year of the system comes to, on the mean of the replications."""

    lowered: Lowered
    published: dict[tuple[str, str], int]
    person: Floats
    children_with_record: float
    """Share of the children who enter: those whose share is their own."""

    def disposals(self, margin: str, level: str) -> float:
        return float(self._row(margin, level)[OutcomeColumn.DISPOSALS])

    def rate(self, age: str) -> float:
        row = self._row("age_group", age)
        events = row[OutcomeColumn.INDEX_EVENTS]
        return float(row[OutcomeColumn.REOFFENDERS] / events) if events else math.nan

    def _row(self, margin: str, level: str) -> Floats:
        row: Floats = self.person[self.lowered.groups.index((margin, level))]
        return row

    def margins(self) -> pd.DataFrame:
        table = pd.DataFrame(
            [
                (margin, level, published, self.disposals(margin, level))
                for (margin, level), published in self.published.items()
            ],
            columns=["margin", "level", "published", "model"],
        )
        return table.assign(ratio=table["model"] / table["published"])

    def rates(self, targets: dict[str, float | None]) -> pd.DataFrame:
        return pd.DataFrame(
            [
                (age, math.nan if target is None else target, self.rate(age))
                for age, target in targets.items()
            ],
            columns=["age_group", "published", "model"],
        )


def with_shares(
    scenario: Scenario, shares: Shares, levels: dict[str, float] | None = None
) -> Scenario:
    """Return the scenario with these entry shares, and levels by age group where given."""
    said: dict[str, object] = {}
    if shares != shares_of(scenario):
        said["cohort.entry_shares"] = {
            age: {band: {"value": share, **_SOURCE} for band, share in by_band.items()}
            for age, by_band in shares.items()
        }
    for age, level in (levels or {}).items():
        if level != getattr(scenario.hazard, f"{age}_level").value:
            said[f"hazard.{age}_level"] = {"value": level, **_SOURCE}
    return scenario.change(scenario.title, said) if said else scenario


def shares_of(scenario: Scenario) -> Shares:
    """Return a scenario's entry shares; all enter where it has none."""
    said = getattr(scenario.cohort, "entry_shares", {})
    return {
        age: {
            band: said[age][band].value if band in said.get(age, {}) else 1.0
            for band in PREVIOUS_BANDS
        }
        for age in AGE_GROUPS
    }


def _a_year(
    scenario: Scenario, state: _State, *, seed: int, replications: int, stop: Stop
) -> _Year:
    changed = with_shares(scenario, state.shares, state.levels)
    cohort = Cohort.from_scenario(changed)
    lowered = lower(changed, cohort)
    sums = [
        simulate(lowered, seed=seed, replication=each, stop=stop)[0].person
        for each in range(replications)
    ]
    groups = cohort.groups()
    published = {
        (margin, level): int((groups[margin] == level).sum())
        for margin, levels in (("age_group", AGE_GROUPS), ("previous_offences", PREVIOUS_BANDS))
        for level in levels
    }
    first, youth = PREVIOUS_BANDS[0], AGE_GROUPS[1]
    recorded = groups.loc[cohort.enters() & (groups["age_group"] == youth), "previous_offences"]
    with_record = float((recorded != first).mean()) if len(recorded) else 0.0
    return _Year(lowered, published, np.mean(sums, axis=0), with_record)


def _moved_on(state: _State, year: _Year, targets: dict[str, float | None]) -> _State:
    """Return shares and levels moved towards the published occasions and rates."""
    (adult, youth), (first, *others) = AGE_GROUPS, PREVIOUS_BANDS
    adults = {
        band: _moved(state.shares[adult][band], _missing(year, "previous_offences", band))
        for band in PREVIOUS_BANDS
    }
    # Most children enter in the first band, with a share that is not theirs to move: what is
    # missing of all must come from, or be taken from, the others.
    missing = _missing(year, "age_group", youth)
    of_children = state.shares[youth][others[0]]
    if year.children_with_record:
        of_children = _moved(of_children, missing / year.children_with_record)
    children = {first: adults[first], **dict.fromkeys(others, of_children)}
    levels = dict(state.levels)
    for age, target in targets.items():
        rate = year.rate(age)
        if target is not None and 0.0 < rate < 1.0:
            levels[age] *= float(np.log1p(-target) / np.log1p(-rate)) ** _DAMPING
    return _State({adult: adults, youth: children}, levels)


def _missing(year: _Year, margin: str, level: str) -> float:
    """Return how far a year lacks published occasions, on the scale of logarithms."""
    published, found = year.published[margin, level], year.disposals(margin, level)
    return math.log(published / found) if published and found else 0.0


def _moved(share: float, missing: float) -> float:
    step = float(np.clip(_DAMPING * missing, -_LONGEST, _LONGEST))
    return float(np.clip(share * math.exp(step), FLOOR, 1.0))


def _off(state: _State, year: _Year, targets: dict[str, float | None], near: _Near) -> float:
    """Return by how many times of `near` the worst margin or rate is missed.

    What a share at its bound cannot mend does not count.
    """
    adult, youth = AGE_GROUPS
    held = [
        *(
            (state.shares[adult][band], _missing(year, "previous_offences", band))
            for band in PREVIOUS_BANDS
        ),
        (state.shares[youth][PREVIOUS_BANDS[1]], _missing(year, "age_group", youth)),
    ]
    margins = [abs(missing) for share, missing in held if _moved(share, missing) != share]
    rates = [abs(year.rate(age) - target) for age, target in targets.items() if target is not None]
    off = [*(each / near.margin for each in margins), *(each / near.rate for each in rates)]
    return max((each for each in off if not math.isnan(each)), default=0.0)


def _rate(key: str, value: object) -> float | None:
    """Return a rate as Python's own number, or None as it is. Raises InputError."""
    if value is None:
        return None
    found = plain_number(value)
    if found is None or not 0.0 < found < 1.0:
        allowed = "a rate between 0 and 1, such as 0.25; or None to hold the level"
        raise InputError(Problem("is no rate", key=key, found=value, allowed=allowed))
    return found


def _refuse_without_clocks(scenario: Scenario) -> None:
    if not scenario.follow_up.counts_index_events:
        raise InputError(
            Problem(
                "has no disposals of the year to balance",
                key="follow_up.clocks",
                found=scenario.follow_up.clocks,
                allowed="quarters",
            )
        )
    if scenario.cohort.kind != "pnc_2021":
        raise InputError(
            Problem(
                "has people of its own, all of whom enter",
                key="cohort.kind",
                found=scenario.cohort.kind,
                allowed="pnc_2021",
            )
        )
