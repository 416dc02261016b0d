"""Whatever a scenario says, either engine ends or is stopped soon, and it is said why.

What files may not say is written into the engines' arrays, after reading.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pytest

from pathsim.engine.contract import DistributionKind, Event, Legal, Tables
from pathsim.engine.lowering import Lowered, lower
from pathsim.engine.run import simulate
from pathsim.errors import InputError
from pathsim.people.cohort import Cohort
from pathsim.scenario.model import Scenario
from test_engines_agree import assert_same_story

SAID = {"source": "made for a test", "grade": "definition"}
ENGINES = ("kernel", "reference")
SOON_SECONDS = {"kernel": 5.0, "reference": 60.0}
"""On a machine that does other things too; the kernel stops within a tenth of a second."""
Edit = Callable[[Tables], None]


def scenario(**sections: Any) -> Scenario:
    raw: dict[str, Any] = {
        **SAID,
        "title": "Runaway",
        **people({"people": 1, "disposal": "discharge", "start_day": 0.0}),
        "follow_up": {
            "days": 365.0,
            "waiting_days": 0.0,
            "intake_days": 365.0,
            "index": "disposal",
            "generations_before": 0,
        },
        **level(0.5),
        "sentencing": {"disposals": {"fine": 1.0}, "custody_days": 0.0},
    }
    return Scenario.model_validate({**raw, **sections})


def people(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"cohort": {"kind": "rows", "rows": rows}}


def level(value: float) -> dict[str, Any]:
    return {"hazard": {"score": "none", "adult_level": value, "youth_level": value}}


def service(**keys: Any) -> dict[str, Any]:
    trigger = {"disposals": ["discharge"], "reoffence": True}
    return {"title": "S", "trigger": trigger, "referral": 1.0, "duration_days": 0.0, **keys}


def lowered(asked: Scenario, edit: Edit | None = None, *, hazard: float = 1.0) -> Lowered:
    """Return a scenario in numbers, some of them edited; hazard: times everybody's."""
    read = lower(asked, Cohort.from_scenario(asked))
    tables = Tables(*(np.array(each) for each in read.tables))
    if edit is not None:
        edit(tables)
    base = read.people.base_hazard * hazard
    return replace(read, tables=tables, people=read.people._replace(base_hazard=base))


def put(name: str, *, at: Any = ..., value: float) -> Edit:
    """Return an edit that writes a value into one of the tables."""

    def edit(tables: Tables) -> None:
        getattr(tables, name)[at] = value

    return edit


def never_ending_sentences(tables: Tables) -> None:
    tables.distributions["kind"][tables.custody_days] = DistributionKind.NEVER


class Case(NamedTuple):
    sections: dict[str, Any]
    says: str
    edit: Edit | None = None
    hazard: float = 1.0


IN_CUSTODY = {"people": 1, "disposal": "custody", "sentence_days": 200.0}
UNDER_AN_ORDER = {"people": 1, "disposal": "community_order"}
RUNAWAYS = {
    "effects that multiply": Case(
        {"services": {"a": service(after_ratio=10.0, after_days=5.0)}},
        "services.a: the hazard of person",
    ),
    "effects that multiply slowly": Case(
        {"services": {"a": service(after_ratio=1.0001, after_days=300.0), "b": service()}}
        | level(20.0),
        "services.a.after_days: person",
    ),
    "effects without end": Case(
        {"services": {"a": service(after_ratio=0.999, after_days={"kind": "never"})}} | level(50.0),
        "services.a.after_days: person",
    ),
    "a hazard far too high": Case(level(1.0), "hazard: the hazard of person", hazard=1e300),
    "a hazard that is none": Case(level(1.0), "hazard: the hazard of person", hazard=np.nan),
    "a hazard without end in custody": Case(
        level(1.0) | people(IN_CUSTODY), "hazard: the hazard of person", hazard=np.inf
    ),
    "reoffences far too often": Case(level(1.0), "hazard: person", hazard=1e5),
    "a frailty beyond all numbers": Case(
        people({"people": 20, "disposal": "discharge"}),
        "hazard: the hazard of person",
        put("rules", at="frailty_sigma", value=1e6),
    ),
    "cases that wait too long": Case(
        {"courts": {"magistrates_delay_days": 200.0}}, "courts: person", hazard=200.0
    ),
    "breaches far too often": Case(
        people(UNDER_AN_ORDER)
        | level(0.0)
        | {
            "sentencing": {
                "disposals": {"fine": 1.0},
                "custody_days": 0.0,
                "community_order_days": 300.0,
            }
        },
        "sentencing.breach: person",
        put("breach_rate", at=(..., Legal.COMMUNITY_ORDER), value=1e9),
    ),
    "moves far too often": Case(level(0.0), "accommodation: person", put("home_rate", value=1e12)),
    "recalls for no time": Case(
        people(IN_CUSTODY) | level(0.0) | {"custody": {"release_point": {"six_to_12m": 0.1}}},
        "custody.recall: person",
        put("recall_rate", value=1e9),
    ),
    "a sentence without end": Case(
        people({"people": 1, "disposal": "custody"})
        | {
            "follow_up": {
                "days": 365.0,
                "waiting_days": 0.0,
                "intake_days": 365.0,
                "index": "release",
                "generations_before": 0,
            },
        },
        "sentencing.custody_days: the follow-up of person",
        never_ending_sentences,
    ),
    "services that start each other": Case(
        {
            "services": {
                "a": service(trigger={"disposals": ["discharge"]}),
                "b": service(trigger={"services": ["a"]}),
            }
        }
        | level(0.0),
        "services.",
        put("on_start", value=0b11),  # a circle, which files may not have
    ),
}


@pytest.fixture(autouse=True, scope="module")
def compiled() -> None:
    """Compile the kernel before any time is taken."""
    simulate(lowered(scenario(**level(0.0))), seed=1, replication=0)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", RUNAWAYS)
def test_a_runaway_is_stopped_soon_and_says_whose_it_is(name, engine):
    case = RUNAWAYS[name]
    model = lowered(scenario(**case.sections), case.edit, hazard=case.hazard)
    begun = time.perf_counter()
    with pytest.raises(InputError) as refused:
        simulate(model, seed=1, replication=0, engine=engine)
    assert time.perf_counter() - begun < SOON_SECONDS[engine]
    assert str(refused.value).startswith(case.says)
    assert "person '" in str(refused.value)


def test_a_runaway_of_the_warm_up_is_told_from_the_person_it_copies():
    follow_up = {"days": 30.0, "waiting_days": 0.0, "intake_days": 365.0, "index": "disposal"}
    model = lowered(scenario(follow_up=follow_up), hazard=1e300)
    with pytest.raises(InputError, match="person 'warm-up:0'"):
        simulate(model, seed=1, replication=0)


WAITING = people(
    {"people": 3, "disposal": "discharge", "start_day": 0.0},
    {"people": 3, "disposal": "discharge", "start_day": 40.0},
)


@pytest.mark.parametrize("pools", [1, 2])
@pytest.mark.parametrize("days", [1e-9, 1e-3, 0.1, 7.0])
def test_reviews_take_time_only_when_they_may_give_something(days, pools):
    names = [f"p{k}" for k in range(pools)]
    asked = scenario(
        **WAITING,
        pools={name: {"capacity": 1, "review_days": 7.0} for name in names},
        services={f"s{k}": service(pool=name, duration_days=30.0) for k, name in enumerate(names)},
        **level(0.01),
    )
    model = lowered(asked, put("pool_review", value=days))
    begun = time.perf_counter()
    assert assert_same_story(model, seed=1) > 12
    assert time.perf_counter() - begun < SOON_SECONDS["kernel"]


@pytest.mark.parametrize("days", [0.1, 7.0, 30.0])
def test_places_that_an_option_adds_are_given_at_the_next_review(days):
    before = scenario(
        **WAITING,
        pools={"p": {"capacity": 1, "review_days": 7.0}},
        services={"s": service(pool="p", duration_days={"kind": "never"})},
        **level(0.0),
    )
    option = before.change("more", {"pools.p.capacity": 3}, from_day=60.0)
    model = lowered(option, put("pool_review", value=days))
    assert_same_story(model, seed=1)
    _, log = simulate(model, seed=1, replication=0, keep_log=True)
    started = log.time[log.event == Event.SERVICE_START]
    dates = [k * days for k in range(1, 5000)]
    added = next(date for date in dates if date >= 60.0)
    assert started[:3].tolist() == [dates[0], added, added]


@pytest.mark.parametrize("far", [1e6, 1e12, 1e300])
def test_nobody_is_looked_for_day_by_day_where_nobody_is(far):
    """One person holds a place and another waits, a long time."""
    asked = scenario(
        **people({"people": 4, "disposal": "discharge", "start_day": 0.0}),
        services={"s": service(capacity=1, duration_days={"kind": "never"})},
        **level(0.0),
    )
    read = lowered(asked)
    model = replace(read, people=read.people._replace(start_day=np.array([0.0, 0.0, far, far])))
    begun = time.perf_counter()
    assert assert_same_story(model, seed=1) > 0
    assert time.perf_counter() - begun < SOON_SECONDS["kernel"]


def test_a_sentence_without_end_of_which_nothing_is_served_releases_at_once():
    asked = scenario(
        sentencing={"disposals": {"custody": 1.0}, "custody_days": 30.0},
        courts={"magistrates_delay_days": 5.0, "magistrates_remand_share": 0.5},
        custody={"release_point": {"over_4y": 0.0}},
        **level(0.05),
    )
    model = lowered(asked, never_ending_sentences)
    for seed in range(1, 4):
        assert_same_story(model, seed=seed)
    _, log = simulate(model, seed=1, replication=0, keep_log=True)
    assert (log.event == Event.RELEASE).sum() > 5
