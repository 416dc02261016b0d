"""Entries in balance: which share of the published occasions brings somebody new.

Published occasions hold those that people bring who are followed already. If every occasion
were an entry they would be counted twice. So each stratum's share is lowered until the
disposals of the intake window, entries' and others', are the published occasions; the levels
of the hazard, which decide how many the others bring, are solved with them.
"""

from __future__ import annotations

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
from pathsim.study.threads import alone
from pathsim.vocabulary import AGE_GROUPS, PREVIOUS_BANDS

if TYPE_CHECKING:
    from pathsim.engine.stop import Stop
    from pathsim.scenario.model import Scenario

FLOOR: Final = 0.02
"""Least share of a stratum's occasions that are entries."""
_DAMPING: Final = 0.6
"""Of each step, on the scale of logarithms: fewer entries reoffend less, which is not known
beforehand, so whole steps swing to and fro."""
_SOURCE: Final = {"source": "Solved: disposals in balance", "grade": "calibrated"}
Shares = dict[str, dict[str, float]]


class Balance(NamedTuple):
    """Shares and levels at which the disposals of a year are the published occasions."""

    shares: Shares
    """By age group, then by band of previous convictions or cautions."""
    adult_level: float
    youth_level: float
    margins: pd.DataFrame
    """margin, level, published, model, ratio: occasions by age group and by band."""
    rates: pd.DataFrame
    """age_group, published, model: proven reoffending by clocks."""


def balance_entries(  # noqa: PLR0913 keyword-only choices of one solution
    scenario: Scenario,
    *,
    adult_rate: float,
    youth_rate: float,
    replications: int = 8,
    rounds: int = 24,
    seed: int = 1,
) -> Balance:
    """Return the entry shares and levels at which a scenario is in balance.

    Adults have a share for each band. Children have one for all but the lowest, as there are few
    of them; nobody comes back without a record, so there they have the adults' share. The same
    random numbers serve every round, and who enters at one share enters at any higher one.

    adult_rate, youth_rate: proven reoffending rates by clocks, between 0 and 1. rounds: damped
    steps; what is left over stands in `margins` and `rates`.

    Raises
    ------
    InputError
        When the scenario has no clocks by quarters, or no sampled cohort.
    """
    _refuse_without_clocks(scenario)
    rates = (_rate("adult_rate", adult_rate), _rate("youth_rate", youth_rate))
    targets = dict(zip(AGE_GROUPS, rates, strict=True))
    replications = whole(replications, key="replications", least=1, most=MOST_REPLICATIONS)
    rounds = whole(rounds, key="rounds", least=1, most=MOST_REPLICATIONS)
    seed = whole(seed, key="seed", least=0, most=2**63 - 1)
    shares: Shares = {age: dict.fromkeys(PREVIOUS_BANDS, 1.0) for age in AGE_GROUPS}
    hazard = scenario.hazard
    levels = dict(
        zip(AGE_GROUPS, (hazard.adult_level.value, hazard.youth_level.value), strict=True)
    )

    def solve(stop: Stop) -> Balance:
        for _ in range(rounds):
            year = _a_year(
                scenario, shares, levels, seed=seed, replications=replications, stop=stop
            )
            _step(shares, levels, year, targets)
        year = _a_year(scenario, shares, levels, seed=seed, replications=replications, stop=stop)
        adult, youth = levels.values()
        return Balance(shares, adult, youth, year.margins(), year.rates(targets))

    return alone(solve)


class _Year(NamedTuple):
    """What a year of the system comes to, on the mean of the replications."""

    lowered: Lowered
    published: dict[tuple[str, str], int]
    person: Floats

    def disposals(self, margin: str, level: str) -> float:
        return float(self._row(margin, level)[OutcomeColumn.DISPOSALS])

    def rate(self, age: str) -> float:
        row = self._row("age_group", age)
        return float(row[OutcomeColumn.REOFFENDERS] / row[OutcomeColumn.INDEX_EVENTS])

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

    def rates(self, targets: dict[str, float]) -> pd.DataFrame:
        return pd.DataFrame(
            [(age, target, self.rate(age)) for age, target in targets.items()],
            columns=["age_group", "published", "model"],
        )


def _a_year(  # noqa: PLR0913 keyword-only choices of one solution
    scenario: Scenario,
    shares: Shares,
    levels: dict[str, float],
    *,
    seed: int,
    replications: int,
    stop: Stop,
) -> _Year:
    said = {
        "cohort.entry_shares": {
            age: {band: {"value": share, **_SOURCE} for band, share in by_band.items()}
            for age, by_band in shares.items()
        },
        **{f"hazard.{age}_level": {"value": level, **_SOURCE} for age, level in levels.items()},
    }
    changed = scenario.change("In balance", said)
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
    return _Year(lowered, published, np.mean(sums, axis=0))


def _step(shares: Shares, levels: dict[str, float], year: _Year, targets: dict[str, float]) -> None:
    """Move shares and levels towards the published occasions and rates."""
    adult, youth = AGE_GROUPS
    for band in PREVIOUS_BANDS:
        shares[adult][band] = _moved(shares[adult][band], year, "previous_offences", band)
    first, *others = PREVIOUS_BANDS
    of_children = _moved(shares[youth][others[0]], year, "age_group", youth)
    shares[youth] = {first: shares[adult][first], **dict.fromkeys(others, of_children)}
    for age, target in targets.items():
        rate = year.rate(age)
        if 0.0 < rate < 1.0:
            levels[age] *= float(np.log1p(-target) / np.log1p(-rate)) ** _DAMPING


def _moved(share: float, year: _Year, margin: str, level: str) -> float:
    published, found = year.published[margin, level], year.disposals(margin, level)
    if not (published and found):
        return share
    return float(np.clip(share * (published / found) ** _DAMPING, FLOOR, 1.0))


def _rate(key: str, value: object) -> float:
    """Return a rate as Python's own number. Raises InputError."""
    found = plain_number(value)
    if found is None or not 0.0 < found < 1.0:
        allowed = "a rate between 0 and 1, such as 0.25"
        raise InputError(Problem("is no rate", key=key, found=value, allowed=allowed))
    return found


def _refuse_without_clocks(scenario: Scenario) -> None:
    if scenario.follow_up.clocks != "quarters":
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
