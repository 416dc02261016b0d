"""What the model must not do: find effects where there are none, or miss harm where there is.

On the Dorset baseline, whichever services it has: they are picked by what they are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from log_checks import NEVER, Life, Reader
from pathsim import theory
from pathsim.engine.contract import Counts, Event, Legal, Load, Log, Person
from pathsim.engine.lowering import Lowered, lower
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario
from textbook import FOREVER, YEAR, Story, case, service

DORSET = Path(__file__).parents[1] / "scenarios" / "dorset"
SEED = 11
ROUNDING = 1e-6
"""Days: a hazard that is multiplied by 1 is timed anew, which rounds."""
PENNY = 0.005
MONTE_CARLO = 4.0
"""Standard errors of a share of independent people, or of a paired mean; the seed is fixed."""
HARMFUL = 1.68
"""Odds ratio of reoffending under a programme that did harm."""
SELECTION_ALONE = 0.25
"""Least fall in offences a day that is looked for: a quarter, with no effect whatever."""
MONTHS = 182.0
"""Days before and after entering a cohort that are compared."""
OF_SERVICES = (
    Event.REFERRAL,
    Event.REFUSED,
    Event.WAIT,
    Event.SERVICE_START,
    Event.RENEGE,
    Event.WITHDRAW,
    Event.SERVICE_COMPLETE,
    Event.SERVICE_DROP_OUT,
    Event.SERVICE_STOP,
    Event.AFTER_END,
)
Raw = dict[str, Any]


@cache
def baseline() -> Scenario:
    return load(DORSET / "baseline.toml")


@cache
def cohort() -> Cohort:
    return Cohort.from_scenario(baseline())


def changed(change: Callable[[Raw], object]) -> Lowered:
    """Return Dorset as `change` leaves its plain data."""
    raw = baseline().model_dump()
    change(raw)
    return lower(Scenario.model_validate(raw), cohort())


def number(value: float) -> Raw:
    return {"value": value, "source": "made for a test", "grade": "definition"}


def replication(lowered: Lowered, k: int) -> tuple[Counts, Log]:
    counts, log = simulate(lowered, seed=SEED, replication=k, keep_log=True)
    assert log is not None
    return counts, log


def people_sums(lowered: Lowered, replications: int) -> np.ndarray:
    """Return everybody's outcome columns, [replications, columns]."""
    runs = (simulate(lowered, seed=SEED, replication=k)[0] for k in range(replications))
    return np.array([counts.person[0] for counts in runs])


def paired(option: np.ndarray, reference: np.ndarray) -> tuple[float, float]:
    """Return the mean difference and its standard error, over replications."""
    difference = option - reference
    return float(difference.mean()), float(difference.std(ddof=1) / math.sqrt(len(difference)))


def assert_same_lives(log: Log, other: Log, *, but: np.ndarray, other_but: np.ndarray) -> None:
    """Assert that two logs tell the same, except for the rows that are left out."""
    ours = [column[~but] for column in log]
    theirs = [column[~other_but] for column in other]
    # By person, since rounding may put two people's rows of one instant the other way round.
    order = [np.argsort(columns[1], kind="stable") for columns in (ours, theirs)]
    time, person, event, detail = (column[order[0]] for column in ours)
    assert np.array_equal(person, theirs[1][order[1]])
    assert np.array_equal(event, theirs[2][order[1]])
    assert np.array_equal(detail, theirs[3][order[1]])
    assert np.abs(time - theirs[0][order[1]]).max() <= ROUNDING


def of_services(log: Log) -> np.ndarray:
    return np.isin(log.event, OF_SERVICES)


# Placebo


def make_placebos(raw: Raw) -> None:
    for terms in raw["services"].values():
        terms |= {key: number(1.0) for key in ("hazard_ratio", "after_ratio", "custody_ratio")}
        terms |= {"houses": False, "exit_settled_share": number(0.0)}


def refer_nobody(raw: Raw) -> None:
    for terms in raw["services"].values():
        terms["referral"] = number(0.0)


def test_services_that_are_all_placebos_change_nothing_beyond_cost_and_load():
    counts, log = replication(changed(make_placebos), 0)
    nothing, without = replication(changed(refer_nobody), 0)
    assert_same_lives(log, without, but=of_services(log), other_but=of_services(without))
    difference = np.abs(counts.person - nothing.person)
    assert difference[:, : Person.COST].max() <= ROUNDING * len(cohort())
    assert np.array_equal(counts.in_custody, nothing.in_custody)
    assert counts.load[0, :, Load.STARTS].sum() > 1000
    assert nothing.load.sum() == 0
    assert counts.person[0, Person.COST :].sum() > nothing.person[0, Person.COST :].sum() + 1e5


def test_services_with_their_effects_do_change_lives():
    """The comparison can fail: with the effects it does."""
    (_, log), (_, without) = (replication(changed(f), 0) for f in (lambda _: None, refer_nobody))
    with pytest.raises(AssertionError):
        assert_same_lives(log, without, but=of_services(log), other_but=of_services(without))


# Harm

PEOPLE = 40_000


@pytest.mark.parametrize("control", [0.15, 0.25, 0.5])
def test_a_harmful_programme_raises_reoffending_by_what_its_odds_imply(control):
    hazard = -math.log1p(-control) / YEAR
    ratio = theory.hazard_ratio_from_odds(HARMFUL, control=control)
    story = Story(
        case(
            {"people": PEOPLE},
            hazard={"adult_level": hazard, "youth_level": hazard},
            services={"programme": service(days=FOREVER, hazard_ratio=ratio)},
        )
    )
    odds = HARMFUL * control / (1 - control)
    expected = odds / (1 + odds)
    error = math.sqrt(expected * (1 - expected) / PEOPLE)
    found = story.everybody[Person.REOFFENDERS] / PEOPLE
    assert abs(found - expected) <= MONTE_CARLO * error
    assert expected - control > 2 * MONTE_CARLO * error, "no harm would be told apart"


def busiest(holds: Callable[[Any], bool]) -> str:
    """Return the service with the most starts among those of which something holds."""
    lowered = changed(lambda _: None)
    counts, _ = simulate(lowered, seed=SEED, replication=0)
    starts = dict(zip(lowered.services, counts.load[0, :, Load.STARTS], strict=True))
    chosen = [name for name, terms in baseline().services.items() if holds(terms)]
    return max(chosen, key=lambda name: starts[name])


def test_a_harmful_programme_raises_reoffending_in_dorset():
    name = busiest(lambda terms: terms.hazard_ratio.value < 1)
    before = people_sums(changed(lambda _: None), 20)
    rate = before[:, Person.REOFFENDERS].sum() / before[:, Person.PEOPLE].sum()
    ratio = theory.hazard_ratio_from_odds(HARMFUL, control=float(rate))

    def harm(raw: Raw) -> None:
        raw["services"][name]["hazard_ratio"] = number(ratio)

    after = people_sums(changed(harm), 20)
    for column in (Person.REOFFENDERS, Person.REOFFENCES):
        more, error = paired(after[:, column], before[:, column])
        assert more > MONTE_CARLO * error, column


# Selection


def make_everything_null(raw: Raw) -> None:
    """Leave each person's hazard at liberty constant: no service or circumstance changes it."""
    make_placebos(raw)
    for key in ("presumption", "breach"):
        raw["sentencing"].pop(key)
    raw["hazard"] |= {
        key: number(1.0) for key in raw["hazard"] if key.endswith("_ratio") and key != "floor"
    }
    raw["hazard"].pop("shape")


def lives_in(lowered: Lowered, log: Log, *, services: list[int]) -> list[Life]:
    """Return the lives of those who start one of the services."""
    rows = (log.event == Event.SERVICE_START) & np.isin(log.detail, services)
    readers = {person: Reader(lowered, person) for person in np.unique(log.person[rows]).tolist()}
    theirs = np.isin(log.person, list(readers))
    columns = (column[theirs].tolist() for column in log)
    for time, person, event, detail in zip(*columns, strict=True):
        readers[person].read(time, event, detail)
    return [reader.life for reader in readers.values()]


def offences_and_days(life: Life, since: float, until: float) -> np.ndarray:
    """Return the offences, and the days at liberty, between two days."""
    offences = sum(since <= time < until for time, _ in life.offences)
    days = sum(
        max(0.0, min(stay.until, until) - max(stay.since, since))
        for stay in life.legal
        if stay.state != Legal.CUSTODY
    )
    return np.array([offences, days])


def windows(lowered: Lowered, log: Log, services: list[int]) -> Iterator[np.ndarray]:
    """Yield offences and days at liberty, [before and after entry, 2], of each who enters."""
    for life in lives_in(lowered, log, services=services):
        entered = min(e.started for e in life.episodes if e.service in services)
        if entered < NEVER and life.start <= entered - MONTHS and entered + MONTHS <= life.end:
            yield np.array(
                [
                    offences_and_days(life, entered - MONTHS, entered),
                    offences_and_days(life, entered, entered + MONTHS),
                ]
            )


def test_iom_without_effect_still_shows_the_fall_that_selection_alone_makes():
    """People enter after an offence; nothing that changes with time or service moves their rate."""
    null = changed(make_everything_null)
    pools = baseline().pools
    reviewed = {name for name, pool in pools.items() if pool.review_days.value > 0}
    iom = [k for k, name in enumerate(null.services) if baseline().services[name].pool in reviewed]
    assert iom, "Dorset has a cohort that is selected periodically"
    each = [w for k in range(6) for w in windows(null, replication(null, k)[1], iom)]
    (before, days_before), (after, days_after) = np.sum(each, axis=0)
    assert before > 100
    fall = 1 - (after / days_after) / (before / days_before)
    # The counts are overdispersed, but far less than twofold.
    error = (1 - fall) * math.sqrt(2 / before + 2 / after)
    print(len(each), before, after, fall, error)
    assert fall > SELECTION_ALONE
    assert fall > 2 * error


# More of a good thing


def is_tag(terms: Any) -> bool:
    return bool(terms.requires_any) and terms.hazard_ratio.value < 1


def lasts(terms: Any) -> bool:
    return terms.after_ratio.value < 1


@pytest.mark.parametrize(("key", "holds"), [("hazard_ratio", is_tag), ("after_ratio", lasts)])
def test_doubling_an_effect_never_helps_less(key, holds):
    name = busiest(holds)

    def with_ratio(power: float) -> np.ndarray:
        ratio = getattr(baseline().services[name], key).value ** power

        def change(raw: Raw) -> None:
            raw["services"][name][key] = number(ratio)

        return people_sums(changed(change), 40)

    none, once, twice = (with_ratio(power)[:, Person.REOFFENCES] for power in (0, 1, 2))
    print(name, paired(once, none), paired(twice, once))
    assert once.mean() <= none.mean()
    assert twice.mean() <= once.mean()


# Nothing of it


def unreferenced(raw: Raw) -> list[str]:
    """Return the services with places of their own on which no other service depends."""
    services = raw["services"].values()
    needed = {name for terms in services for name in terms["requires_any"]}
    needed |= {name for terms in services for name in terms["trigger"]["services"]}
    return [
        name
        for name, terms in raw["services"].items()
        if terms["capacity"] != "unlimited" and name not in needed
    ]


def test_capacity_0_equals_absence():
    names = unreferenced(baseline().model_dump())
    assert len(names) > 5

    def close(raw: Raw) -> None:
        for name in names:
            raw["services"][name]["capacity"] = number(0)

    def remove(raw: Raw) -> None:
        for name in names:
            del raw["services"][name]

    closed, absent = changed(close), changed(remove)
    (counts, log), (others, other) = replication(closed, 0), replication(absent, 0)
    mine = np.array([name in names for name in closed.services])
    rows = of_services(log)
    rows[rows] = mine[log.detail[rows]]
    assert set(log.event[rows]) <= {Event.REFERRAL, Event.WAIT, Event.RENEGE, Event.WITHDRAW}
    assert rows.any()
    numbers = np.cumsum(~mine) - 1  # of the services in the scenario without them
    kept = of_services(log) & ~rows
    detail = log.detail.copy()
    detail[kept] = numbers[detail[kept]]
    nothing = np.zeros(len(other.time), np.bool_)
    assert_same_lives(log._replace(detail=detail), other, but=rows, other_but=nothing)
    assert np.array_equal(counts.load[:, ~mine], others.load)
    assert counts.load[:, mine, Load.STARTS].sum() == 0
    difference = np.abs(counts.person - others.person)
    assert difference[:, : Person.COST].max() <= ROUNDING * len(cohort())
    assert np.array_equal(counts.in_custody, others.in_custody)


# Suspended sentences


def at_liberty(lowered: Lowered, concerned: np.ndarray, replications: int) -> np.ndarray:
    """Return offences and days at liberty in the year from the sentence, [replications, 2]."""
    sums = []
    for k in range(replications):
        _, log = replication(lowered, k)
        start = np.full(len(concerned), np.nan)
        rows = log.event == Event.START
        start[log.person[rows]] = log.time[rows]
        sums.append(_year(log, start, concerned))
    return np.array(sums)


def _year(log: Log, start: np.ndarray, concerned: np.ndarray) -> tuple[float, float]:
    since = np.clip(log.time - start[log.person], 0.0, YEAR)
    mine = concerned[log.person]
    offences = (mine & (log.event == Event.REOFFENCE) & (since < YEAR)).sum()
    # Days at liberty: a year, less the custody between going in and coming out.
    entries = since[mine & (log.event == Event.CUSTODY)]
    exits = since[mine & np.isin(log.event, (Event.RELEASE, Event.END)) & _leaves(log)]
    days = YEAR * concerned.sum() - (exits.sum() - entries.sum())
    return float(offences), float(days)


def _leaves(log: Log) -> np.ndarray:
    """Return which rows end a stay in custody: releases, and ends in custody."""
    inside = np.zeros(int(log.person.max()) + 1, np.bool_)
    leaves = np.zeros(len(log.time), np.bool_)
    moves = np.flatnonzero(np.isin(log.event, (Event.CUSTODY, Event.RELEASE, Event.END)))
    for row in moves.tolist():
        person = log.person[row]
        leaves[row] = inside[person] and log.event[row] != Event.CUSTODY
        inside[person] = log.event[row] == Event.CUSTODY
    return leaves


def test_suspending_sentences_adds_the_offences_of_those_who_are_no_longer_in_custody():
    """The rate at liberty falls, as the presumption's ratio says, and the offences rise."""
    option = load(DORSET / "suspended-sentences.toml")
    reference, suspended = changed(lambda _: None), lower(option, cohort())
    before, after = people_sums(reference, 30), people_sums(suspended, 30)
    more, error = paired(
        after[:, Person.REOFFENCES_FROM_SENTENCE], before[:, Person.REOFFENCES_FROM_SENTENCE]
    )
    print(more, error)
    assert more > MONTE_CARLO * error
    less_custody, error = paired(after[:, Person.CUSTODY_DAYS], before[:, Person.CUSTODY_DAYS])
    assert less_custody < -MONTE_CARLO * error
    sentenced = (reference.people.disposal == 5) & (reference.people.counted == 1)
    inside, outside = (at_liberty(lowered, sentenced, 8) for lowered in (reference, suspended))
    rates = [sums[:, 0] / sums[:, 1] for sums in (inside, outside)]
    print(inside.sum(0), outside.sum(0), rates[0].mean(), rates[1].mean(), paired(rates[1], rates[0]))
    lower_rate, error = paired(rates[1], rates[0])
    assert lower_rate < -MONTE_CARLO * error
