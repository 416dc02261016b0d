"""Common random numbers: what a change cannot reach stays as it was, to the last bit.

Logs are compared as tables of names, so that nothing depends on how people or
services are numbered.
"""

from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from closed import closed
from generated import generated
from pathsim.engine.contract import UNLIMITED
from pathsim.engine.log import log_table
from pathsim.engine.lowering import Lowered, lower
from pathsim.engine.run import simulate
from pathsim.errors import InputError
from pathsim.people.cohort import Cohort
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario
from pathsim.study.plan import Plan
from pathsim.study.run import run_study
from pathsim.vocabulary import DISPOSALS

SEEDS = range(40)
DATED = [seed for seed in range(140) if generated(seed).before is not None]
FOLDER = Path(__file__).parents[1] / "scenarios" / "dorset"
SAID = {"source": "a test", "grade": "choice"}
WORKED = 12
"""Replications that workers share out."""
COUNTS = ("person", "load", "busy_days", "queue_days")


def story(
    scenario: Scenario, *, cohort: Cohort | None = None, seed: int = 1, replication: int = 0
) -> pd.DataFrame:
    """Return the log of one replication with people and services by name."""
    lowered = lower(scenario, cohort or Cohort.from_scenario(scenario))
    return table_of(lowered, seed=seed, replication=replication)


def table_of(lowered: Lowered, *, seed: int = 1, replication: int = 0) -> pd.DataFrame:
    _, log = simulate(lowered, seed=seed, replication=replication, keep_log=True)
    return log_table(lowered, log, replication)


def by_person(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows in the order within each person, whose place in the cohort is left out."""
    return table.sort_values("person", kind="stable", ignore_index=True)


def assert_same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one, other, check_exact=True)
    assert np.array_equal(one["time"].to_numpy().view(np.int64), other["time"].to_numpy().view(int))


def edited(scenario: Scenario, edit) -> Scenario:
    """Return the scenario after `edit` has changed each of its regimes as plain data."""
    raw = copy.deepcopy(scenario.model_dump())
    regime = raw
    while regime is not None:
        edit(regime)
        regime = regime.get("before")
    return Scenario.model_validate(raw)


def without_limits(regime: dict[str, Any]) -> None:
    regime["pools"] = {}
    for service in regime["services"].values():
        service |= {"pool": "", "capacity": "unlimited", "max_queue": "unlimited"}


# --- what the scenario's file says beside -----------------------------------------------------


@pytest.mark.parametrize("name", ["a_first", "s2b", "zz_last"])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_service_for_which_nobody_is_eligible_changes_no_bit(seed, name):
    def offer(regime: dict[str, Any]) -> None:
        trigger = {"disposals": DISPOSALS, "release": True, "reoffence": True, "homeless": True}
        regime["services"][name] = SAID | {
            "title": name,
            "trigger": trigger,
            "eligible": {"ethnicity": ["asian"]},
            "referral": {"value": 1.0, **SAID},
            "capacity": {"value": 1, **SAID},
            "duration_days": {"kind": "constant", "value": 30.0, **SAID},
        }

    scenario = generated(seed)
    assert_same(story(scenario, seed=seed), story(edited(scenario, offer), seed=seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_services_and_pools_in_the_file_changes_no_bit(seed):
    def reverse(regime: dict[str, Any]) -> None:
        for key in ("services", "pools"):
            regime[key] = dict(reversed(regime[key].items()))

    scenario = generated(seed)
    other = edited(scenario, reverse)
    assert list(other.services) == list(reversed(scenario.services))
    assert_same(story(scenario, seed=seed), story(other, seed=seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_groups_by_which_outcomes_are_added_up_change_no_bit_of_the_log(seed):
    def with_own_clocks(regime: dict[str, Any]) -> None:
        regime["follow_up"]["clocks"] = "person"  # those of quarters have groups of their own

    scenario = edited(generated(seed), with_own_clocks)
    lowered = lower(scenario, Cohort.from_scenario(scenario))
    one_group = lowered.people._replace(groups=np.zeros_like(lowered.people.groups))
    shuffled = lowered.people._replace(groups=lowered.people.groups[:, ::-1].copy())
    everybody = replace(lowered, people=one_group, groups=lowered.groups[:1])
    other_order = replace(lowered, people=shuffled)
    for changed in (everybody, other_order):
        assert_same(table_of(lowered, seed=seed), table_of(changed, seed=seed))


# --- how it is run -------------------------------------------------------------------------


@pytest.mark.parametrize("which", [("baseline",), (3, 8, 21)], ids=["dorset", "generated"])
def test_one_two_or_three_workers_give_the_same_bits(which):
    """Dorset's replications are long enough to overlap, so that shared memory would show."""
    scenarios = [dorset(one)[0] if isinstance(one, str) else generated(one) for one in which]
    runs = []
    for workers in (1, 2, 3):
        plan = Plan(replications=WORKED, seed=5, workers=workers, engine="kernel")
        runs.append(run_study(scenarios, plan=plan).runs)
    for other in runs[1:]:
        for one, two in zip(runs[0], other, strict=True):
            assert all(np.array_equal(getattr(one, k), getattr(two, k)) for k in COUNTS)
    assert len(np.unique(runs[0][0].person[:, 0], axis=0)) == WORKED


def test_logs_do_not_depend_on_the_thread_or_on_what_it_ran_before():
    models = [lower(one, Cohort.from_scenario(one)) for one in map(generated, (3, 8, 21))]
    tasks = [(model, replication) for replication in range(8) for model in models]
    alone = [table_of(model, replication=replication) for model, replication in tasks]
    for workers in (1, 2, 3):
        with ThreadPoolExecutor(workers) as pool:
            jobs = [pool.submit(table_of, m, replication=r) for m, r in reversed(tasks)]
            logs = [job.result() for job in reversed(jobs)]
        for one, other in zip(alone, logs, strict=True):
            assert_same(one, other)


# --- who else is followed --------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_one_more_person_changes_nobody_else_where_places_are_not_limited(seed):
    def join(regime: dict[str, Any]) -> None:
        last = regime["cohort"]["rows"][-1]
        regime["cohort"]["rows"] = (*regime["cohort"]["rows"], last | {"people": 1})

    scenario = edited(generated(seed), without_limits)
    before, after = story(scenario), story(edited(scenario, join))
    old = after["person"].isin(before["person"].unique())
    assert not old.all()
    assert_same(before, after[old].reset_index(drop=True))


@pytest.mark.filterwarnings("ignore:.*is 0 written where nothing is known:pathsim.InputWarning")
@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_the_cohort_changes_nobody_where_places_are_not_limited(seed):
    """Many of the people drawn at random never reoffend, which a table of them is asked about."""
    scenario = edited(generated(seed), without_limits)
    cohort = Cohort.from_scenario(scenario)
    frame = cohort.frame.sample(frac=1.0, random_state=seed)
    reordered = Cohort.from_frame(frame.reset_index(drop=True))
    before, after = story(scenario, cohort=cohort), story(scenario, cohort=reordered)
    assert_same(by_person(before), by_person(after))


def test_the_order_of_the_cohort_changes_nobody_in_dorset_where_places_are_limited():
    """No two events of different people fall on one instant here, so number breaks no tie."""
    scenario, cohort, before = without_reviews()
    reordered = Cohort.from_frame(cohort.frame.iloc[::-1].reset_index(drop=True))
    after = story(scenario, cohort=reordered)
    assert_same(by_person(before), by_person(after))


@pytest.mark.parametrize("other", [{"seed": 2}, {"replication": 1}])
def test_another_seed_or_replication_draws_other_numbers(other):
    scenario, cohort, before = without_reviews()
    after = story(scenario, cohort=cohort, **other)
    assert not np.isin(before["time"], after["time"]).any()


def test_people_who_are_alike_draw_their_own_numbers():
    _, _, before = dorset("baseline")
    starts = before[before["event"] == "start"]["time"]
    assert starts.is_unique
    assert len(starts) > 9000


# --- when an option takes effect ------------------------------------------------------------


def until(table: pd.DataFrame, day: float) -> pd.DataFrame:
    return table[table["time"] < day].reset_index(drop=True)


@pytest.mark.parametrize("seed", DATED)
def test_an_option_with_a_date_is_identical_until_that_day(seed):
    option = generated(seed)
    before, after = story(option.before, seed=seed), story(option, seed=seed)
    assert_same(until(before, option.from_day), until(after, option.from_day))


def test_options_with_a_date_differ_after_it():
    differ = [not story(generated(s).before).equals(story(generated(s))) for s in DATED[:20]]
    assert sum(differ) > 10


CHANGES = {
    "capacity": {"services.gps_tag.capacity": 36},
    "pool": {"pools.iom.capacity": 10},
    "effect": {"services.iom_fixed.hazard_ratio": 0.1},
    "after-effect": {"services.rj_direct.after_ratio": 0.2},
    "referral": {"services.drr.referral": 1.0},
    "patience": {"services.gps_tag.patience_days": 1.0},
    "duration": {"services.mhtr.duration_days": 5.0},
    "trigger": {"services.drr.trigger.release": True},
    "floor": {"hazard.combined_floor": 0.99},
    "licence": {"hazard.licence_ratio": 0.3},
    "proof": {"courts.proof_share": 0.5},
    "delay": {"courts.magistrates_delay_days": 1.0},
    "disposals": {"sentencing.disposals": {"fine": 1.0}},
    "sentence": {"sentencing.custody_days": 10.0},
    "presumption": {"sentencing.presumption.max_days": 365, "sentencing.presumption.share": 1.0},
    "release": {"custody.release_point.le6m": 0.1},
    "recall": {"custody.recall.le6m_per_day": 0.05},
    "homes": {"accommodation.settled_to_homeless_per_day": 0.05},
    "price": {"services.drr.cost_per_day_gbp": 999.0},
}
NO_EVENT = ("price",)
"""Kinds of change that no event shows."""
OWN_HAZARD = {
    "level": {"hazard.adult_level": 0.2},
    "score": {"hazard.score": "none", "hazard.adult_level": 0.001},
    "shape": {"hazard.shape.ratios": (3.0,), "hazard.shape.from_days": (0.0,)},
    "frailty": {"hazard.frailty_sigma": 0.01},
}
"""What a person has from their start on."""
CHANGE_DAY = 200.25


@cache
def dorset(name: str) -> tuple[Scenario, Cohort, pd.DataFrame]:
    scenario = load(FOLDER / f"{name}.toml")
    cohort = Cohort.from_scenario(scenario)
    return scenario, cohort, story(scenario, cohort=cohort)


@cache
def without_reviews() -> tuple[Scenario, Cohort, pd.DataFrame]:
    """Return Dorset without the instants that people share: review dates, and the last day."""
    scenario = closed(dorset("baseline")[0], **{"pools.iom.review_days": 0})
    cohort = Cohort.from_scenario(scenario)
    return scenario, cohort, story(scenario, cohort=cohort)


def assert_begins_on_its_day(option: Scenario, *, shows: bool) -> None:
    _, cohort, before = dorset("baseline")
    after = story(option, cohort=cohort)
    assert_same(until(before, CHANGE_DAY), until(after, CHANGE_DAY))
    assert before.equals(after) != shows


@pytest.mark.parametrize("kind", CHANGES)
def test_every_kind_of_change_in_dorset_begins_on_its_day(kind):
    option = dorset("baseline")[0].change(kind, CHANGES[kind], from_day=CHANGE_DAY)
    assert_begins_on_its_day(option, shows=kind not in NO_EVENT)


@pytest.mark.parametrize("kind", OWN_HAZARD)
def test_what_people_have_from_their_start_on_cannot_change_on_a_day(kind):
    with pytest.raises(InputError, match="cannot be changed by an option with from_day"):
        dorset("baseline")[0].change(kind, OWN_HAZARD[kind], from_day=CHANGE_DAY)


# --- whom an option reaches ------------------------------------------------------------------


def reached(lowered: Lowered, services: int) -> np.ndarray:
    """Return who can be eligible for the services (bits), or shares places with such people."""
    words = np.bitwise_or.reduce(lowered.people.eligible)
    pools: dict[int, int] = {}
    for regime in lowered.tables.services["pool"]:
        for service, pool in enumerate(regime.tolist()):
            if pool != UNLIMITED:
                pools[pool] = pools.get(pool, 0) | 1 << service
    mine = np.zeros(len(words), np.bool_)
    while True:
        now = words & np.uint64(services) != 0
        if (now == mine).all():
            return mine
        mine = now
        theirs = np.bitwise_or.reduce(words[mine], initial=np.uint64(0))
        for together in pools.values():
            services |= together if int(theirs) & together else 0


def outside_and_inside(seed: int, *, limits: bool) -> tuple[int, int]:
    """Change one service in every way; return how many people it cannot reach, and can."""
    scenario = generated(seed) if limits else edited(generated(seed), without_limits)
    if not scenario.services:
        return 0, 0
    name = sorted(scenario.services)[seed % len(scenario.services)]

    def alter(regime: dict[str, Any]) -> None:
        if name in regime["services"]:
            service = regime["services"][name]
            service["hazard_ratio"] = {"value": 0.31, **SAID}
            service["referral"] = {"value": 0.85, **SAID}
            service["duration_days"] = {"kind": "constant", "value": 47.0, **SAID}

    lowered = lower(scenario, Cohort.from_scenario(scenario))
    option = edited(scenario, alter)
    other = lower(option, Cohort.from_scenario(option))
    mine = reached(lowered, 1 << lowered.services.index(name))
    names = lowered.names(np.arange(lowered.members))
    mine = mine[lowered.described(np.arange(lowered.members))[1]]
    tables = [table_of(model, seed=seed) for model in (lowered, other)]
    untouched = [t[t["person"].isin(names[~mine])].reset_index(drop=True) for t in tables]
    assert_same(*untouched)
    return int((~mine).sum()), int(mine.sum())


@pytest.mark.parametrize("limits", [False, True], ids=["unlimited", "limited"])
def test_people_whom_an_option_cannot_reach_live_the_same_life(limits):
    people = [outside_and_inside(seed, limits=limits) for seed in range(60)]
    outside, inside = np.sum(people, axis=0)
    assert outside > 100
    assert inside > 100


def with_other_terms(scenario: Scenario, option: Scenario) -> list[str]:
    """Return the services that the option changes by more than their places."""
    terms = [
        {name: row.model_dump(exclude={"capacity"}) for name, row in each.services.items()}
        for each in (scenario, option)
    ]
    return [name for name in terms[0] if terms[0][name] != terms[1][name]]


def within_reach(lowered: Lowered, services: list[str]) -> np.ndarray:
    """Return who of everybody followed can be eligible for any of the services."""
    bits = sum(1 << lowered.services.index(name) for name in services)
    eligible = (np.bitwise_or.reduce(lowered.people.eligible) & np.uint64(bits)) != 0
    return eligible[lowered.described(np.arange(lowered.members))[1]]


@pytest.mark.parametrize("name", ["more-tags", "more-treatment"])
def test_people_of_dorset_who_never_ask_for_a_limited_place_live_the_same_life(name):
    scenario, cohort, before = dorset("baseline")
    option = load(FOLDER / f"{name}.toml")
    after = story(option, cohort=cohort)
    assert not before.equals(after)
    limited = [
        service
        for service, row in scenario.services.items()
        if row.pool or row.capacity != "unlimited"
    ]
    asked = ["wait", "service_start", "refused"]
    rows = before["event"].isin(asked) & before["detail"].isin(limited)
    lowered = lower(scenario, cohort)
    names = lowered.names(np.arange(lowered.members))
    changed = within_reach(lowered, with_other_terms(scenario, option))
    never = ~before["person"].isin([*before[rows]["person"], *names[changed]])
    alike = after["person"].isin(before[never]["person"].unique())
    assert before[never]["person"].nunique() > 1000
    assert_same(before[never].reset_index(drop=True), after[alike].reset_index(drop=True))
