"""What the model must not do: find effects where there are none, or miss harm where there is.

On the Dorset baseline, whichever services it has: they are picked by what they are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from closed import closed
from dorset_changed import (
    DORSET,
    SEED,
    Raw,
    baseline,
    changed,
    cohort,
    number,
    paired,
    people_sums,
    replication,
)
from log_checks import Life, Reader
from pathsim import theory
from pathsim.engine.contract import (
    PERSON_UNITS,
    SOCIETY,
    UNITS_A_POUND,
    Disposal,
    Event,
    Legal,
    Log,
    OutcomeColumn,
    ServiceCount,
)
from pathsim.engine.lowering import Lowered, lower
from pathsim.engine.run import simulate
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario
from textbook import FOREVER, YEAR, Story, case, service

ROUNDING = 1e-6
"""Days: a hazard that is multiplied by 1 is timed anew, which rounds."""
PENNY = 0.005
"""Pounds, in a sum over everybody."""
MONEY = PERSON_UNITS == UNITS_A_POUND
"""Which columns are pounds: of payers, and of either book by year."""
OF_SOCIETY = [
    *(column for column in OutcomeColumn if column.name.startswith("COST_SOCIETY")),
    OutcomeColumn.COST + SOCIETY,
]
"""Columns of what crime costs society, which no service has a part in by itself."""
MONTE_CARLO = 4.0
"""Standard errors of a share of independent people, or of a paired mean; the seed is fixed."""
HARMFUL = 1.68
"""Odds ratio of reoffending under a programme that did harm."""
OF_SERVICES = (
    Event.REFERRAL,
    Event.REFUSED,
    Event.WAIT,
    Event.TURNED_AWAY,
    Event.SERVICE_START,
    Event.RENEGE,
    Event.WITHDRAW,
    Event.SERVICE_COMPLETE,
    Event.SERVICE_DROP_OUT,
    Event.SERVICE_STOP,
    Event.AFTER_END,
)


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
    assert difference[:, ~MONEY].max() <= ROUNDING * len(cohort())
    assert difference[:, OF_SOCIETY].max() <= PENNY
    assert np.array_equal(counts.in_custody, nothing.in_custody)
    assert counts.load[0, :, ServiceCount.STARTS].sum() > 1000
    assert nothing.load.sum() == 0
    assert (
        counts.person[0, OutcomeColumn.COST :].sum()
        > nothing.person[0, OutcomeColumn.COST :].sum() + 1e5
    )


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
    found = story.everybody[OutcomeColumn.REOFFENDERS] / PEOPLE
    assert abs(found - expected) <= MONTE_CARLO * error
    assert expected - control > 2 * MONTE_CARLO * error, "no harm would be told apart"


def busiest(holds: Callable[[Any], bool]) -> str:
    """Return the service with the most starts among those of which something holds."""
    lowered = changed(lambda _: None)
    counts, _ = simulate(lowered, seed=SEED, replication=0)
    starts = dict(zip(lowered.services, counts.load[0, :, ServiceCount.STARTS], strict=True))
    chosen = [name for name, terms in baseline().services.items() if holds(terms)]
    return max(chosen, key=lambda name: starts[name])


def test_a_harmful_programme_raises_reoffending_in_dorset():
    name = busiest(lambda terms: terms.hazard_ratio.value < 1)
    before = people_sums(changed(lambda _: None), 20)
    rate = before[:, OutcomeColumn.REOFFENDERS].sum() / before[:, OutcomeColumn.PEOPLE].sum()
    ratio = theory.hazard_ratio_from_odds(HARMFUL, control=float(rate))

    def harm(raw: Raw) -> None:
        raw["services"][name]["hazard_ratio"] = number(ratio)

    after = people_sums(changed(harm), 20)
    for column in (OutcomeColumn.REOFFENDERS, OutcomeColumn.REOFFENCES):
        more, error = paired(after[:, column], before[:, column])
        assert more > MONTE_CARLO * error, column


# Selection


def make_everything_null(raw: Raw) -> None:
    """Leave each person's hazard at liberty constant: no service or circumstance changes it."""
    make_placebos(raw)
    for key in ("presumption", "breach"):
        raw["sentencing"].pop(key)
    raw["hazard"] |= {key: number(1.0) for key in raw["hazard"] if key.endswith("_ratio")}
    raw["hazard"].pop("shape")


def read(lowered: Lowered, log: Log, people: np.ndarray) -> list[Life]:
    """Return the lives of some people, in order of their numbers."""
    readers = {person: Reader(lowered, person) for person in np.unique(people).tolist()}
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


def windows(lowered: Lowered, log: Log, services: list[int], *, days: float) -> Iterator[Any]:
    """Yield offences and days at liberty, [before and after, 2], of each who enters a service."""
    rows = (log.event == Event.SERVICE_START) & np.isin(log.detail, services)
    for life in read(lowered, log, log.person[rows]):
        entered = min(e.started for e in life.episodes if e.service in services)
        if life.start <= entered - days and entered + days <= life.end:
            before = offences_and_days(life, entered - days, entered)
            yield np.array([before, offences_and_days(life, entered, entered + days)])


def is_iom(terms: Raw) -> bool:
    """Return whether a service's people are selected periodically."""
    pool = baseline().pools.get(terms["pool"])
    return pool is not None and pool.review_days.value > 0


def select_on_arrest(raw: Raw) -> None:
    make_everything_null(raw)
    for terms in filter(is_iom, raw["services"].values()):
        terms["trigger"] |= {"disposals": [], "release": False, "reoffence": True}


@pytest.mark.parametrize(
    ("select", "days", "least"),
    [(make_everything_null, 182.0, 0.15), (select_on_arrest, 120.0, 0.25)],
)
def test_iom_without_effect_still_shows_the_fall_that_selection_alone_makes(select, days, least):
    """Nobody's rate at liberty changes, yet after entry there are fewer offences a day of it."""
    null = changed(select)
    services = baseline().model_dump()["services"]
    iom = [k for k, name in enumerate(null.services) if is_iom(services[name])]
    runs = (replication(null, k)[1] for k in range(16))
    each = [window for log in runs for window in windows(null, log, iom, days=days)]
    (before, days_before), (after, days_after) = np.sum(each, axis=0)
    fall = 1 - (after / days_after) / (before / days_before)
    # People differ, so the counts vary about twice as much as Poisson counts.
    error = (1 - fall) * math.sqrt(2 / before + 2 / after)
    assert fall > least
    assert fall > MONTE_CARLO * error


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

        return people_sums(changed(change), 30)

    none, once, twice = (with_ratio(power)[:, OutcomeColumn.REOFFENCES] for power in (0, 1, 2))
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
    assert counts.load[:, mine, ServiceCount.STARTS].sum() == 0
    difference = np.abs(counts.person - others.person)
    assert difference[:, ~MONEY].max() <= ROUNDING * len(cohort())
    assert difference[:, MONEY].max() <= PENNY
    assert np.array_equal(counts.in_custody, others.in_custody)


# Suspended sentences


def suspending(**presumption: float) -> Scenario:
    """Return the option, with other values of its presumption."""
    option = closed(load(DORSET / "suspended-sentences.toml"))
    raw = option.model_dump()
    raw["sentencing"]["presumption"] |= {key: number(v) for key, v in presumption.items()}
    return Scenario.model_validate(raw)


def test_people_no_longer_in_custody_offend_and_the_clock_from_the_sentence_says_so():
    """With no effect at liberty, all that is left of the option is the custody it takes away."""
    before = people_sums(changed(lambda _: None), 20)
    after = people_sums(lower(suspending(hazard_ratio=1.0), cohort()), 20)
    column = OutcomeColumn.REOFFENCES_FROM_SENTENCE
    more, error = paired(after[:, column], before[:, column])
    assert more > MONTE_CARLO * error
    column = OutcomeColumn.CUSTODY_DAYS
    saved, error = paired(before[:, column], after[:, column])
    assert saved > MONTE_CARLO * error


def sentenced(log: Log, disposal: Disposal) -> np.ndarray:
    """Return who begins with a disposal, after any presumption."""
    return log.person[(log.event == Event.START) & (log.detail == disposal)]


def first_year(life: Life) -> np.ndarray:
    return offences_and_days(life, life.start, life.start + YEAR)


def test_suspended_sentences_are_shown_with_both_their_sides():
    """Offences on days that were days in custody, and fewer of them a day at liberty."""
    custody, suspended = changed(lambda _: None), lower(suspending(), cohort())
    instead, served, outside = 0, np.zeros(2), np.zeros(2)
    for k in range(6):
        logs = [replication(lowered, k)[1] for lowered in (custody, suspended)]
        spared = np.intersect1d(
            sentenced(logs[0], Disposal.CUSTODY), sentenced(logs[1], Disposal.SUSPENDED_SENTENCE)
        )
        pairs = zip(
            *(
                read(lowered, log, spared)
                for lowered, log in zip((custody, suspended), logs, strict=True)
            ),
            strict=True,
        )
        for one, other in pairs:
            assert one.start == other.start
            assert offences_and_days(one, one.start, one.released).tolist() == [0, 0]
            until = min(one.released, one.start + YEAR)
            instead += offences_and_days(other, other.start, until)[0]
            served, outside = served + first_year(one), outside + first_year(other)
    assert instead > 100
    rate, lower_rate = (offences / days for offences, days in (served, outside))
    error = rate * math.sqrt(2 / served[0] + 2 / outside[0])
    assert lower_rate < rate - 2 * error
