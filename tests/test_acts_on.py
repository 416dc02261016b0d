"""Services that act on some offence groups: rate, mix, batch and expectation, by closed forms.

Everybody has the hazard `HAZARD` a day but for the service. With `q` the mix of the next offence
and `m` what services make of each group's hazard, offences of group g come at HAZARD q_g m_g.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pathsim.engine.contract import Address, Event, Floats, OutcomeColumn, Purpose
from pathsim.engine.lowering import Lowered, lower
from pathsim.engine.reference.draws import Draws
from pathsim.engine.reference.mix import Mix, Ratios
from pathsim.engine.run import simulate
from pathsim.people import counts
from pathsim.people.cohort import Cohort
from pathsim.scenario.model import Scenario
from pathsim.vocabulary import OFFENCE_GROUPS
from textbook import YEAR, case, service

ENGINES = ("kernel", "reference")
EXACT = 1e-6
"""Relative: sums are in units of 2^-30 of an offence a person."""
MONTE_CARLO = 4.0
"""Standard errors of a mean over replications, or of a Poisson count, with fixed seeds."""
HAZARD = 0.01
SAME = 0.4
"""Share of reoffences of the group of the index offence, beside those of the mix."""
PEOPLE = 400
REPLICATIONS = {"kernel": 50, "reference": 1}
VIOLENCE, THEFT, FRAUD = (OFFENCE_GROUPS.index(name) for name in ("violence", "theft", "fraud"))


def mix(own: str, *, age: int = 0) -> Floats:
    """Return the shares of the groups of the next offence, without any service."""
    shares = (1.0 - SAME) * np.array(counts.offence_mix()[age])
    shares[OFFENCE_GROUPS.index(own)] += SAME
    return shares


def ratios(**by_group: float) -> Floats:
    """Return what services make of the hazard of each group."""
    return np.array([by_group.get(name, 1.0) for name in OFFENCE_GROUPS])


def acted(
    services: dict[str, Any], *, own: str = "violence", age: int = 30, **more: Any
) -> Scenario:
    """Return people with services, whose reoffences are proven at once and fined."""
    row = {"people": PEOPLE, "offence_group": own, "age": age}
    sections: dict[str, Any] = {
        "hazard": {"adult_level": HAZARD, "youth_level": HAZARD},
        "offending": {"same_group_share": SAME},
        "services": services,
    }
    for name, values in more.items():
        sections[name] = sections.get(name, {}) | values
    return case(row, **sections)


def forever(**terms: Any) -> dict[str, Any]:
    """Return a service that everybody starts at once and stays in."""
    return service(days=2 * YEAR, ends_on=[], **terms)


def lowered_of(scenario: Scenario) -> Lowered:
    return lower(scenario, Cohort.from_scenario(scenario))


class Runs:
    """Replications of a scenario: everybody's sums, and how many occasions of each group."""

    def __init__(self, scenario: Scenario, *, engine: Any = "kernel") -> None:
        lowered, number = lowered_of(scenario), REPLICATIONS[engine]
        self.person_years = number * PEOPLE
        rows, groups = [], []
        for k in range(number):
            sums, log = simulate(lowered, seed=3, replication=k, engine=engine, keep_log=True)
            assert log is not None
            rows.append(sums.person[0])
            committed = log.detail[log.event == Event.REOFFENCE]
            groups.append(np.bincount(committed, minlength=len(OFFENCE_GROUPS)))
        self.sums, self.groups = np.array(rows), np.array(groups)

    def total(self, column: OutcomeColumn) -> float:
        return float(self.sums[:, column].sum())


def assert_counts(found: Any, expected: Any) -> None:
    """Each count of a Poisson process lies within `MONTE_CARLO` standard errors of its mean."""
    found, expected = np.atleast_1d(found), np.atleast_1d(expected)
    assert (np.abs(found - expected) <= MONTE_CARLO * np.sqrt(expected)).all()


def assert_no_difference(differences: Floats) -> None:
    error = differences.std(ddof=1) / np.sqrt(len(differences))
    assert abs(differences.mean()) <= MONTE_CARLO * error


ON = {
    "one": (
        {"a": forever(hazard_ratio=0.3, acts_on=["violence"])},
        ratios(violence=0.3),
    ),
    "raised": (
        {"a": forever(hazard_ratio=2.5, acts_on=["theft", "fraud"])},
        ratios(theft=2.5, fraud=2.5),
    ),
    "none left": (
        {"a": forever(hazard_ratio=0.0, acts_on=["violence", "public_order"])},
        ratios(violence=0.0, public_order=0.0),
    ),
    "all but the own": (
        {"a": forever(hazard_ratio=0.0, acts_on=[g for g in OFFENCE_GROUPS if g != "violence"])},
        ratios(**{g: 0.0 for g in OFFENCE_GROUPS if g != "violence"}),
    ),
    "several": (
        {
            "a": forever(hazard_ratio=0.5, acts_on=["violence"]),
            "b": forever(hazard_ratio=0.4, acts_on=["theft", "violence"]),
            "c": forever(hazard_ratio=0.8),
        },
        0.8 * ratios(violence=0.2, theft=0.4),
    ),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("own", ["violence", "drugs"])
@pytest.mark.parametrize("name", ON)
def test_rate_and_mix_follow(name, own, engine):
    services, acting = ON[name]
    runs = Runs(acted(services, own=own), engine=engine)
    by_group = HAZARD * YEAR * mix(own) * acting * runs.person_years
    assert_counts(runs.groups.sum(axis=0), by_group)
    assert_counts(runs.groups.sum(), by_group.sum())
    # What is to be expected is no chance here: everybody meets the same hazard.
    assert runs.total(OutcomeColumn.EXPECTED_REOFFENCES) == pytest.approx(by_group.sum(), rel=EXACT)


@pytest.mark.parametrize("engine", ENGINES)
def test_children_have_the_mix_of_children(engine):
    services, acting = ON["one"]
    runs = Runs(acted(services, age=15), engine=engine)
    by_group = HAZARD * YEAR * mix("violence", age=1) * acting * runs.person_years
    assert_counts(runs.groups.sum(axis=0), by_group)
    assert runs.total(OutcomeColumn.EXPECTED_REOFFENCES) == pytest.approx(by_group.sum(), rel=EXACT)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_floor_is_under_each_group(engine):
    services = {
        "a": forever(hazard_ratio=0.1, acts_on=["violence"]),
        "b": forever(hazard_ratio=0.7),
    }
    runs = Runs(acted(services, hazard={"combined_floor": 0.4}), engine=engine)
    acting = 0.7 * np.ones(len(OFFENCE_GROUPS))
    acting[VIOLENCE] = 0.4
    by_group = HAZARD * YEAR * mix("violence") * acting * runs.person_years
    assert_counts(runs.groups.sum(axis=0), by_group)
    assert runs.total(OutcomeColumn.EXPECTED_REOFFENCES) == pytest.approx(by_group.sum(), rel=EXACT)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_effect_changes_and_ends(engine):
    """100 days of one ratio, 100 of another after completion, then none."""
    course = service(
        days=100,
        ends_on=[],
        hazard_ratio=0.2,
        after_ratio=0.6,
        after_days=100,
        acts_on=["violence"],
    )
    runs = Runs(acted({"a": course}), engine=engine)
    days = 100 * ratios(violence=0.2) + 100 * ratios(violence=0.6) + (YEAR - 200)
    by_group = HAZARD * mix("violence") * days * runs.person_years
    assert_counts(runs.groups.sum(axis=0), by_group)
    assert runs.total(OutcomeColumn.EXPECTED_REOFFENCES) == pytest.approx(by_group.sum(), rel=EXACT)


def turned_at_the_same_rate(others: list[str]) -> tuple[float, float]:
    """Return ratios on violence and on the others that leave the rate as it is, to the bit."""
    violence = float(mix("violence")[VIOLENCE])
    base = Mix(VIOLENCE, SAME, np.cumsum(counts.offence_mix()[0]).tolist())
    for less in np.linspace(0.2, 0.3, 41).tolist():
        more = (1.0 - less * violence) / (1.0 - violence)
        by_group = ratios(**dict.fromkeys(others, more), violence=less)
        if base.mean_ratio(Ratios(tuple(by_group), in_part=True)) == 1.0:
            return less, more
    raise AssertionError("no ratios leave the rate as it is")


@pytest.mark.parametrize("engine", ENGINES)
def test_the_mix_changes_though_the_rate_stays(engine):
    """Until half-way services turn the mix; they end together, and the rate is what it was."""
    others = [name for name in OFFENCE_GROUPS if name != "violence"]
    less, more = turned_at_the_same_rate(others)
    services = {
        "a": service(days=YEAR / 2, ends_on=[], hazard_ratio=less, acts_on=["violence"]),
        "b": forever(hazard_ratio=more, acts_on=others, requires_any=["a"]),
    }
    runs = Runs(acted(services), engine=engine)
    acting = ratios(**dict.fromkeys(others, more), violence=less)
    by_group = HAZARD * YEAR / 2 * mix("violence") * (1.0 + acting) * runs.person_years
    assert by_group.sum() == pytest.approx(HAZARD * YEAR * runs.person_years, rel=1e-12)
    assert_counts(runs.groups.sum(axis=0), by_group)
    assert runs.total(OutcomeColumn.EXPECTED_REOFFENCES) == pytest.approx(by_group.sum(), rel=EXACT)


def housed_at_the_same_rate() -> tuple[float, float]:
    """Return ratios of a home and on violence that together leave the rate as it is, to the bit."""
    base = Mix(VIOLENCE, SAME, np.cumsum(counts.offence_mix()[0]).tolist())
    for home in np.linspace(1.6, 1.8, 401).tolist():
        violence = float(mix("violence")[VIOLENCE])
        less = 1.0 - (1.0 - 1.0 / home) / violence
        mean = base.mean_ratio(Ratios(tuple(ratios(violence=less)), in_part=True))
        if HAZARD * home * mean == HAZARD:
            return home, less
    raise AssertionError("no ratios leave the rate as it is")


@pytest.mark.parametrize("engine", ENGINES)
def test_the_mix_turns_at_a_start_that_leaves_the_rate(engine):
    """The service houses everybody from their start: what the home adds, the service takes."""
    home, less = housed_at_the_same_rate()
    course = forever(hazard_ratio=less, acts_on=["violence"], houses=True)
    runs = Runs(acted({"a": course}, hazard={"temporary_ratio": home}), engine=engine)
    by_group = HAZARD * home * YEAR * mix("violence") * ratios(violence=less) * runs.person_years
    assert by_group.sum() == pytest.approx(HAZARD * YEAR * runs.person_years, rel=1e-12)
    assert_counts(runs.groups.sum(axis=0), by_group)


OFFENCES = {"violence": 3.0, "theft": 1.5}


@pytest.mark.parametrize("engine", ENGINES)
def test_occasions_severity_and_what_is_expected_follow_the_mix(engine):
    """Violence is of three offences an occasion and weighs 2 each, theft of 1.5 and weighs none."""
    course = service(days=120, ends_on=[], hazard_ratio=0.2, acts_on=["violence"])
    weighed = {"offences_per_occasion": OFFENCES, "severity": {"violence": 2.0}}
    runs = Runs(acted({"a": course}, offending=weighed), engine=engine)
    days = 120 * ratios(violence=0.2) + (YEAR - 120)
    occasions = HAZARD * mix("violence") * days * runs.person_years
    mean = np.array([OFFENCES.get(name, 1.0) for name in OFFENCE_GROUPS])
    # Of a compound Poisson sum of n = 1 + geometric: its variance is the mean of n^2 an occasion.
    square = mean * (2.0 * mean - 1.0)

    def off(column: OutcomeColumn, weight: Floats) -> float:
        error = np.sqrt((occasions * square * weight**2).sum())
        return (runs.total(column) - (occasions * mean * weight).sum()) / error

    only_violence = 2.0 * (ratios(violence=0.0) == 0.0)
    assert abs(off(OutcomeColumn.REOFFENCES, np.ones(len(mean)))) <= MONTE_CARLO
    assert abs(off(OutcomeColumn.SEVERITY, only_violence)) <= MONTE_CARLO
    assert abs(off(OutcomeColumn.EXPECTED_REOFFENCES, np.ones(len(mean)))) <= MONTE_CARLO
    assert_counts(runs.total(OutcomeColumn.REOFFENDING_OCCASIONS), occasions.sum())
    if engine == "kernel":
        counted, expected = OutcomeColumn.REOFFENCES, OutcomeColumn.EXPECTED_REOFFENCES
        assert_no_difference(runs.sums[:, counted] - runs.sums[:, expected])


LATE = {
    "courts": {
        "crown_share": {"violence": 1.0},
        "crown_delay_days": 50.0,
        "magistrates_delay_days": 0.0,
    },
    "follow_up": {"waiting_days": 0},
}


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_proven_in_time_is_expected_by_the_group_that_comes(engine):
    """Violence is proven 50 days late, and so counts only where committed 50 days before the end.

    The ratio of the service, which acts on violence for the first 200 days, changes nothing for
    the other groups.
    """
    course = service(days=200, ends_on=[], hazard_ratio=3.0, acts_on=["violence"])
    runs = Runs(acted({"a": course}, **LATE), engine=engine)
    days = np.full(len(OFFENCE_GROUPS), YEAR)
    days[VIOLENCE] = 200 * 3.0 + (YEAR - 50.0 - 200)
    counted = (HAZARD * mix("violence") * days).sum() * runs.person_years
    assert_counts(runs.total(OutcomeColumn.REOFFENCES), counted)
    assert_counts(runs.total(OutcomeColumn.EXPECTED_REOFFENCES), counted)
    if engine == "kernel":
        for pair in (
            (OutcomeColumn.REOFFENCES, OutcomeColumn.EXPECTED_REOFFENCES),
            (OutcomeColumn.REOFFENDERS, OutcomeColumn.EXPECTED_REOFFENDERS),
        ):
            assert_no_difference(runs.sums[:, pair[0]] - runs.sums[:, pair[1]])


@pytest.mark.parametrize("engine", ENGINES)
def test_the_group_is_chosen_by_the_numbers_of_its_occasion(engine):
    services, acting = ON["several"]
    lowered = lowered_of(acted(services))
    _, log = simulate(lowered, seed=5, replication=2, engine=engine, keep_log=True)
    assert log is not None
    others = np.array(counts.offence_mix()[0]) * acting
    same = SAME * acting[VIOLENCE]
    chance = same / (same + (1.0 - SAME) * others.sum())
    cumulative = np.cumsum(others) / others.sum()
    for person in range(PEOPLE):
        draws = Draws(lowered.tables, address=Address(5, 2), key=int(lowered.people.key[person]))
        found = log.detail[(log.person == person) & (log.event == Event.REOFFENCE)]
        for k, group in enumerate(found.tolist(), start=1):
            u = draws.uniform(Purpose.OFFENCE_OTHER, k)
            other = int(np.searchsorted(cumulative, u, side="right"))
            own = draws.uniform(Purpose.OFFENCE, k) < chance
            assert group == (VIOLENCE if own else other)


def people_of(scenario: Scenario) -> tuple[Any, ...]:
    """Return the log of each person, but for what happens to services, and everybody's sums."""
    sums, log = simulate(lowered_of(scenario), seed=9, replication=1, keep_log=True)
    assert log is not None
    return sums.person, log


def assert_same_bits(one: Scenario, other: Scenario) -> None:
    (sums, log), (twin_sums, twin_log) = people_of(one), people_of(other)
    assert np.array_equal(sums, twin_sums)
    for each, twin in zip(log, twin_log, strict=True):
        assert np.array_equal(each, twin)


def test_all_groups_named_are_all():
    services = {"a": forever(hazard_ratio=0.3, acts_on=list(OFFENCE_GROUPS[::-1]))}
    assert_same_bits(acted(services), acted({"a": forever(hazard_ratio=0.3)}))


def test_who_has_no_such_service_lives_as_without_it():
    """Women have a service that acts on violence alone; men's stories keep every bit."""
    course = {"hazard_ratio": 0.3, "eligible": {"sex": ["female"]}}
    rows = [{"people": 50, "sex": sex, "offence_group": "violence"} for sex in ("male", "female")]
    same: dict[str, Any] = {
        "hazard": {"adult_level": HAZARD, "youth_level": HAZARD},
        "offending": {"same_group_share": SAME},
    }
    for everything in (0.7, 0.83, 0.93):  # some would be another number if the mix weighed it
        found = []
        for acts_on in ("all", ["violence"]):
            services = {"a": forever(**course, acts_on=acts_on)}
            services["b"] = forever(hazard_ratio=everything)
            _, log = people_of(case(*rows, **same, services=services))
            men = log.person < 50
            found.append([each[men].tolist() for each in log])
            found.append([each[~men].tolist() for each in log])
        assert found[0] == found[2]
        assert found[1] != found[3]
