"""Nobody is given a place at the instant at which their follow-up ends, by either engine."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pathsim.engine.contract import Event, OutcomeColumn, ServiceCount
from pathsim.engine.lowering import lower
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort
from pathsim.scenario.model import Scenario

SAID = {"source": "made for a test", "grade": "definition"}
DAYS = 100.0
PRICE = 500.0
ENGINES = ("kernel", "reference")


def system(*, places: int, **service: Any) -> dict[str, Any]:
    return {
        **SAID,
        "title": "One service without end",
        "follow_up": {
            "days": DAYS,
            "waiting_days": 0,
            "intake_days": DAYS,
            "generations_before": 0,
        },
        "hazard": {"score": "none", "adult_level": 0.0, "youth_level": 0.0},
        "sentencing": {"disposals": {"fine": 1.0}, "custody_days": 0.0},
        "services": {
            "a": {
                "title": "A",
                "trigger": {"disposals": ["discharge"]},
                "referral": 1.0,
                "duration_days": {"kind": "never"},
                "cost_per_start_gbp": PRICE,
                "capacity": places,
                **service,
            }
        },
    }


def people(*starts: tuple[int, float]) -> dict[str, Any]:
    rows = [{"people": n, "disposal": "discharge", "start_day": day} for n, day in starts]
    return {"cohort": {"kind": "rows", "rows": rows}}


def run(raw: dict[str, Any], engine: str, before: dict[str, Any] | None = None):
    """Return starts, days waited by who started, cost, and the log."""
    earlier = None if before is None else Scenario.model_validate(before).model_dump()
    scenario = Scenario.model_validate({**raw, "before": earlier} if before else raw)
    model = lower(scenario, Cohort.from_scenario(scenario))
    counts, log = simulate(model, seed=1, replication=0, engine=engine, keep_log=True)
    load = counts.load[0, 0]
    return (
        load[ServiceCount.STARTS],
        load[ServiceCount.WAIT_DAYS],
        counts.person[0, OutcomeColumn.COST :].sum(),
        log,
    )


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("places", [1, 7, 40])
def test_those_who_all_end_at_once_start_no_more_than_there_are_places(places, engine):
    raw = {**system(places=places), **people((40, 0.0))}
    starts, waited, cost, log = run(raw, engine)
    assert (starts, waited, cost) == (places, 0.0, places * PRICE)
    assert (log.event == Event.WITHDRAW).sum() == 40 - places


@pytest.mark.parametrize("engine", ENGINES)
def test_the_place_goes_to_the_first_in_the_queue_who_does_not_end(engine):
    raw = {**system(places=1), **people((20, 0.0), (3, 10.0))}
    starts, waited, _, log = run(raw, engine)
    assert starts == 2
    assert waited == DAYS - 10.0
    started = log.event == Event.SERVICE_START
    assert log.time[started].tolist() == [0.0, DAYS]
    assert log.person[started].tolist() == [0, 20]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_review_at_the_closing_instant_passes_over_who_ends(engine):
    """One place comes free on day 60, too late for anything but the review on day 100."""
    raw = {**system(places=1), **people((20, 0.0), (1, 10.0), (5, 20.0))}
    raw["pools"] = {"room": {"capacity": 1, "review_days": 50.0}}
    raw["services"]["a"] |= {"capacity": "unlimited", "pool": "room", "duration_days": 10.0}
    starts, _, _, log = run(raw, engine)
    started = log.event == Event.SERVICE_START
    # Day 0 is a review date too, but requests on it wait for the next one.
    assert log.time[started].tolist() == [50.0, 100.0]
    assert log.person[started].tolist() == [0, 20]
    assert starts == 2


@pytest.mark.parametrize("engine", ENGINES)
def test_places_added_at_the_closing_instant_pass_over_who_ends(engine):
    raw = {**system(places=1), **people((20, 0.0), (5, 10.0))}
    more = {**raw, **system(places=3), "from_day": DAYS}
    starts, _, _, log = run(more, engine, before=raw)
    started = log.event == Event.SERVICE_START
    assert log.time[started].tolist() == [0.0, DAYS, DAYS, DAYS]
    assert np.array_equal(log.person[started], [0, 20, 21, 22])
    assert starts == 4


@pytest.mark.parametrize("engine", ENGINES)
def test_a_pool_of_two_services_cascades_past_who_ends(engine):
    raw = {**system(places=2), **people((20, 0.0), (2, 50.0))}
    raw["pools"] = {"room": {"capacity": 2}}
    first = {**raw["services"]["a"], "capacity": "unlimited", "pool": "room"}
    raw["services"] = {"a": first, "b": {**first, "title": "B"}}
    starts, _, _, log = run(raw, engine)
    # Person 0 takes both places, one for each service; both fall to person 20 at the end.
    started = log.event == Event.SERVICE_START
    assert log.person[started].tolist() == [0, 0, 20, 20]
    assert log.time[started].tolist() == [0.0, 0.0, DAYS, DAYS]
    assert starts == 2


@pytest.mark.parametrize("engine", ENGINES)
def test_a_follow_up_of_no_days_ends_before_a_release_at_the_same_instant(engine):
    raw = system(places=1)
    raw["follow_up"] |= {"days": 0.0, "index": "release"}
    raw["cohort"] = {"kind": "rows", "rows": [{"people": 5, "disposal": "custody"}]}
    raw["sentencing"]["custody_days"] = 30.0
    _, _, _, log = run(raw, engine)
    assert (log.event == Event.END).sum() == 5
    assert (log.event == Event.RELEASE).sum() == 0
