"""Requests when nobody new comes any more: by hand, by either engine, and by theory."""

from __future__ import annotations

import pytest

from pathsim import theory
from pathsim.engine.contract import Address, DrawIndex, Event, Purpose
from pathsim.engine.generations import word_of
from pathsim.engine.lowering import Lowered, lower
from pathsim.engine.reference.draws import Draws
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort
from test_generations import ARRIVALS, EACH, PATIENCE, PLACES, SERVICE, assert_near, queue
from textbook import YEAR, case, service

ENGINES = ("kernel", "reference")
PEOPLE = 11
SERVED = 800.0
ASKED, GIVEN = 4, 2
"""In the window of the one generation after: at 0 a place; at 10 and 20 none; at 40 a place."""


def small() -> Lowered:
    """Return a case in which some ask at their start, and others on release after the last day."""
    early = ({"start_day": day} for day in (0.0, 10.0, 20.0, 40.0))
    late = (
        {"start_day": 31.0 * k, "disposal": "custody", "sentence_days": SERVED}
        for k in range(PEOPLE)
    )
    asks = {"days": 30, "capacity": 1, "patience_days": 5}
    both = {"disposals": ["discharge"], "release": True}
    scenario = case(
        *early,
        *late,
        services={
            "both": service(triggers=both, **asks),
            "new": service(triggers={"release": True}, **asks),
        },
        custody={"release_point": {"over_4y": 1.0, "one_to_4y": 1.0}},
        follow_up={"generations_after": 1, "index": "release"},
    )
    return lower(scenario, Cohort.from_scenario(scenario))


@pytest.mark.parametrize("engine", ENGINES)
def test_late_requests_are_passed_over_by_hand(engine):
    """Each by a draw of its own, in the share of those who asked before and found no place."""
    model = small()
    number = model.services.index("both")
    key = int(model.tables.services["key"][0, number]) ^ Purpose.PASSED_OVER
    outcomes = set()
    for replication in range(3):
        _, log = simulate(model, seed=1, replication=replication, engine=engine, keep_log=True)
        assert log is not None
        days = log.time[(log.detail == number) & (log.event == Event.SERVICE_START)]
        before = days[(days >= YEAR) & (days < 2 * YEAR)]
        assert before.tolist() == [YEAR, YEAR + 40.0]
        rows = len(model.ids)
        for person in (g * rows + row for g in (0, 1) for row in range(ASKED, rows)):
            generation, row = divmod(person, rows)
            address = Address(seed=1, replication=replication)
            word = int(model.people.key[row]) ^ word_of(generation)
            u = Draws(model.tables, address=address, key=word).uniform(key, DrawIndex.RELEASE + 1)
            over = u * ASKED >= GIVEN
            day = 31.0 * (row - ASKED) + SERVED + generation * YEAR
            own = (log.person == person) & (log.detail == number) & (log.time >= day)
            told = [Event.WAIT, Event.RENEGE] if over else [Event.SERVICE_START]
            closes = 31.0 * (PEOPLE - 1) + SERVED + YEAR
            if day + 5.0 < closes:
                kinds = (Event.WAIT, Event.RENEGE, Event.SERVICE_START)
                found = [e for e in log.event[own].tolist() if e in kinds]
                assert found == told, (person, u)
                outcomes.add(over)
    assert outcomes == {True, False}


@pytest.mark.parametrize("engine", ENGINES)
def test_where_nobody_has_asked_before_nobody_is_passed_over(engine):
    model = small()
    _, log = simulate(model, seed=1, replication=0, engine=engine, keep_log=True)
    assert log is not None
    new = log.detail == model.services.index("new")
    starts = (log.event == Event.SERVICE_START) & new & (log.person < len(model.ids))
    assert starts.sum() == PEOPLE
    assert not ((log.event == Event.WAIT) & new).any()


def test_with_none_after_nobody_is_passed_over(tmp_path):
    outcomes = queue(tmp_path, 0, before=4, after=0, served=3.5)
    lost = theory.erlang_b(arrivals=ARRIVALS, servers=PLACES, service=SERVICE)
    assert outcomes.loc["service.late.reneged", "mean"] / EACH < lost / 100


@pytest.mark.parametrize("patience", [0, {"kind": "exponential", "mean": PATIENCE}])
def test_late_requests_are_lost_as_erlang_has_it(tmp_path, patience):
    """One half ask three and a half windows late, when the last of two generations have come."""
    outcomes = queue(tmp_path, patience, before=4, after=2, served=3.5)
    terms = {"arrivals": ARRIVALS, "servers": PLACES, "service": SERVICE}
    lost = theory.erlang_b(**terms)
    if patience:
        lost = theory.erlang_a(**terms, patience=PATIENCE).reneged
    for name in ("early", "late"):
        assert_near(outcomes, f"service.{name}.reneged", lost, per=EACH)
