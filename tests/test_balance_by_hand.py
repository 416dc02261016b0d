"""The rounds that bring entries into balance: each step by hand, without a simulation."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import pathsim as ps
from pathsim.engine.contract import N_OUTCOME_COLUMNS, OutcomeColumn
from pathsim.people.cohort import Cohort
from pathsim.study import balance
from pathsim.study.balance import FLOOR, Balance, balance_each, balance_entries, has_entries
from pathsim.study.plan import MOST_REPLICATIONS
from pathsim.vocabulary import AGE_GROUPS, PREVIOUS_BANDS

ROWS = [("all", ""), *(("age_group", age) for age in AGE_GROUPS)]
ROWS += [("previous_offences", band) for band in PREVIOUS_BANDS]
FIRST, SECOND, *_, LAST = PREVIOUS_BANDS
EXACT = 1e-12
DAMPED = 0.6


def shares(value: float = 0.5, **bands: float) -> dict[str, dict[str, float]]:
    return {age: dict.fromkeys(PREVIOUS_BANDS, value) | bands for age in AGE_GROUPS}


def year(
    *, found: float = 100.0, children_with_record: float = 0.5, **rows: dict[str, float]
) -> balance._Year:
    """Return a year in which each margin has 100 published occasions, and so many are found."""
    person = np.zeros((len(ROWS), N_OUTCOME_COLUMNS))
    person[:, OutcomeColumn.DISPOSALS] = found
    for level, columns in rows.items():
        row = [level for _, level in ROWS].index(level)
        for column, value in columns.items():
            person[row, OutcomeColumn[column]] = value
    published = dict.fromkeys(ROWS[1:], 100)
    lowered: Any = SimpleNamespace(groups=ROWS)
    return balance._Year(lowered, published, person, children_with_record)


def rated(adult: float, youth: float) -> dict[str, dict[str, float]]:
    return {
        "adult": {"REOFFENDERS": 200 * adult, "INDEX_EVENTS": 200.0},
        "youth": {"REOFFENDERS": 50 * youth, "INDEX_EVENTS": 50.0},
    }


@pytest.mark.parametrize(
    ("clocks", "kind", "has"),
    [
        ("quarters", "pnc_2021", True),
        ("quarters", "rows", False),
        ("person", "pnc_2021", False),
        ("person", "rows", False),
    ],
)
def test_only_a_sampled_cohort_with_clocks_by_quarters_has_entries(clocks, kind, has):
    follow_up = SimpleNamespace(clocks=clocks, counts_index_events=clocks != "person")
    scenario: Any = SimpleNamespace(follow_up=follow_up, cohort=SimpleNamespace(kind=kind))
    assert has_entries(scenario) is has
    if has:
        balance._refuse_without_clocks(scenario)
        return
    with pytest.raises(ps.InputError) as refused:
        balance._refuse_without_clocks(scenario)
    (problem,) = refused.value.problems
    expected = ("follow_up.clocks", clocks, "quarters")
    if clocks == "quarters":
        expected = ("cohort.kind", kind, "pnc_2021")
    assert (problem.key, problem.found, problem.allowed) == expected


# What is asked


def asked_of(monkeypatch) -> list[Any]:
    asked: list[Any] = []

    def solved(scenarios: Any, targets: Any, **more: Any) -> Any:
        asked.append((list(scenarios), targets, more))
        return ["first", "second"]

    monkeypatch.setattr(balance, "_all_solved", solved)
    return asked


def test_one_scenario_is_solved_at_its_rates_in_48_replications_and_16_rounds(monkeypatch):
    asked = asked_of(monkeypatch)
    scenario: Any = "a scenario"
    found: Any = balance_entries(scenario, adult_rate=0.25, youth_rate=None)
    assert found == "first"
    sizes = balance._Sizes(replications=48, rounds=16, seed=1)
    more = {"sizes": sizes, "start": None, "workers": 1}
    assert asked == [([scenario], {"adult": 0.25, "youth": None}, more)]


def test_several_scenarios_are_solved_at_their_own_levels(monkeypatch):
    asked = asked_of(monkeypatch)
    scenarios: Any = ["one", "two"]
    assert balance_each(scenarios, start=shares()) == ["first", "second"]
    sizes = balance._Sizes(replications=48, rounds=16, seed=1)
    more = {"sizes": sizes, "start": shares(), "workers": 1}
    assert asked == [(scenarios, {"adult": None, "youth": None}, more)]
    balance_each(scenarios, start=shares(), replications=3, rounds=2, seed=7, workers=4)
    assert asked[1][2]["sizes"] == (3, 2, 7)
    assert asked[1][2]["workers"] == 4


@pytest.mark.parametrize(
    ("place", "least", "most"),
    [(0, 1, MOST_REPLICATIONS), (1, 1, MOST_REPLICATIONS), (2, 0, 2**63 - 1)],
)
def test_sizes_have_a_least_and_a_most(place, least, most):
    for value in (least, most):
        given = [5, 5, 5]
        given[place] = value
        assert balance._sizes(*given) == tuple(given)
    for value in (least - 1, most + 1):
        given = [5, 5, 5]
        given[place] = value
        key = ("replications", "rounds", "seed")[place]
        with pytest.raises(ps.InputError, match=rf"^{key}: is out of range"):
            balance._sizes(*given)


@pytest.mark.parametrize("rate", [0.0, 1.0, -0.5, 1.5])
def test_a_rate_lies_between_0_and_1(rate):
    said = rf"adult_rate: is no rate; found {rate}; allowed: a rate .* or None to hold the level"
    with pytest.raises(ps.InputError, match=said):
        balance._rate("adult_rate", rate)
    assert balance._rate("adult_rate", 1e-9) == 1e-9
    assert balance._rate("adult_rate", np.float64(0.999)) == 0.999
    assert balance._rate("adult_rate", None) is None


def test_all_are_solved_in_their_order_after_all_were_looked_at(monkeypatch):
    looked: list[Any] = []
    monkeypatch.setattr(balance, "_refuse_without_clocks", looked.append)
    monkeypatch.setattr(balance, "_solved", lambda *given: given)
    scenarios: Any = ["a", "b", "c"]
    found: Any = balance._all_solved(
        scenarios,
        {"adult": 0.2},
        sizes=balance._Sizes(1, 2, 3),
        start=None,
        workers=2,
    )
    assert [each[:4] for each in found] == [
        (name, {"adult": 0.2}, (1, 2, 3), None) for name in scenarios
    ]
    assert all(each[4] is not None for each in found)
    assert looked == scenarios


# The rounds


class Rounds:
    """Stands for a year and what it is off by: notes what is tried."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, offs: list[float]) -> None:
        self.offs = iter(offs)
        self.tried: list[tuple[int, balance._State, balance._Near]] = []
        monkeypatch.setattr(balance, "_a_year", self.year)
        monkeypatch.setattr(balance, "_off", self.off)
        monkeypatch.setattr(balance, "_moved_on", self.moved)

    def year(self, _scenario: Any, state: Any, *, seed: int, replications: int, stop: Any) -> Any:
        assert (seed, stop) == (9, "stop")
        self.replications = replications
        return year(found=float(len(self.tried)))

    def off(self, state: Any, _year: Any, _targets: Any, near: Any) -> float:
        self.tried.append((self.replications, state, near))
        return next(self.offs)

    def moved(self, state: Any, _year: Any, _targets: Any) -> Any:
        levels = {age: level + 1.0 for age, level in state.levels.items()}
        return balance._State(state.shares, levels)

    def solve(self, *, rounds: int = 2, replications: int = 31, start: Any = None) -> Balance:
        hazard = SimpleNamespace(
            adult_level=SimpleNamespace(value=10.0), youth_level=SimpleNamespace(value=20.0)
        )
        scenario: Any = SimpleNamespace(hazard=hazard)
        sizes = balance._Sizes(replications, rounds, 9)
        stop: Any = "stop"
        return balance._solved(scenario, {"adult": None, "youth": None}, sizes, start, stop)


def test_the_first_rounds_have_a_sixth_of_the_replications_and_need_only_come_near(monkeypatch):
    rounds = Rounds(monkeypatch, [1.0, 1.0])
    found = rounds.solve()
    assert [(n, near) for n, _, near in rounds.tried] == [(6, (0.03, 0.01)), (31, (0.005, 0.001))]
    assert rounds.tried[0][1].shares == shares(1.0)
    assert (found.adult_level, found.youth_level) == (10.0, 20.0)
    assert found.shares == shares(1.0)
    assert set(found.margins["model"]) == {1.0}  # the year of the last round


def test_one_more_is_tried_than_there_are_rounds_and_the_nearest_of_the_last_is_kept(monkeypatch):
    rounds = Rounds(monkeypatch, [1.5, 0.9, 5.0, 1.1, 3.0])
    found = rounds.solve()
    assert [n for n, *_ in rounds.tried] == [6, 6, 31, 31, 31]
    levels = [state.levels["adult"] for _, state, _ in rounds.tried]
    assert levels == [10.0, 11.0, 11.0, 12.0, 13.0]
    assert (found.adult_level, found.youth_level) == (12.0, 22.0)
    assert set(found.margins["model"]) == {3.0}


def test_of_several_as_near_the_first_is_kept(monkeypatch):
    assert Rounds(monkeypatch, [1.0, 2.0, 2.0, 2.0]).solve().adult_level == 10.0


def test_what_begins_near_has_only_the_last_rounds(monkeypatch):
    rounds = Rounds(monkeypatch, [1.0])
    assert rounds.solve(start=shares(0.25)).shares == shares(0.25)
    assert [n for n, *_ in rounds.tried] == [31]


# A year


def test_a_year_tells_its_margins_and_rates():
    found = year(**rated(0.25, 0.5), **{LAST: {"DISPOSALS": 125.0}})
    margins = found.margins().set_index(["margin", "level"])
    assert list(margins.index) == ROWS[1:]
    assert margins.loc[("previous_offences", LAST)].tolist() == [100.0, 125.0, 1.25]
    assert margins.loc[("age_group", "youth")].tolist() == [100.0, 100.0, 1.0]
    rates = found.rates({"adult": 0.2, "youth": None})
    assert list(rates.columns) == ["age_group", "published", "model"]
    assert rates.iloc[0].tolist() == ["adult", 0.2, 0.25]
    assert math.isnan(rates.iloc[1]["published"])
    assert rates.iloc[1]["model"] == 0.5
    assert math.isnan(year().rate("adult"))


def test_a_year_of_the_model_is_the_mean_of_its_replications(monkeypatch):
    said = {"source": "a test", "grade": "definition"}
    small = ps.load("england-and-wales/baseline").change(
        "Small",
        {
            "cohort.adults": 300,
            "cohort.youths": 40,
            "hazard.adult_level": {"value": 0.4, **said},
        },
    )
    asked: list[Any] = []

    def simulated(lowered: Any, *, seed: int, replication: int, stop: object) -> Any:
        asked.append((seed, replication, stop))
        size = (len(lowered.groups), N_OUTCOME_COLUMNS)
        return SimpleNamespace(person=replication + np.arange(np.prod(size)).reshape(size)), None

    monkeypatch.setattr(balance, "simulate", simulated)
    state = balance._State(shares(0.5), {"adult": 0.7, "youth": 0.9})
    stop: Any = "stop"
    found = balance._a_year(small, state, seed=4, replications=3, stop=stop)
    assert asked == [(4, replication, "stop") for replication in range(3)]
    assert found.person.ravel().tolist() == [1.0 + k for k in range(found.person.size)]
    assert found.published["age_group", "adult"] == 300
    assert found.published["age_group", "youth"] == 40
    assert sum(found.published["previous_offences", band] for band in PREVIOUS_BANDS) == 340
    changed = balance.with_shares(small, state.shares, state.levels)
    assert changed.hazard.adult_level.value == 0.7
    cohort = Cohort.from_scenario(changed)
    groups = cohort.groups()
    children = groups[cohort.enters() & (groups["age_group"] == "youth").to_numpy()]
    record = (children["previous_offences"] != FIRST).mean()
    assert 0.0 < record < 1.0
    assert found.children_with_record == record


def test_shares_and_levels_that_a_scenario_has_already_change_nothing():
    scenario = ps.load("england-and-wales/baseline")
    own = balance.shares_of(scenario)
    levels = {age: getattr(scenario.hazard, f"{age}_level").value for age in AGE_GROUPS}
    assert balance.with_shares(scenario, own) is scenario
    assert balance.with_shares(scenario, own, levels) is scenario
    other = balance.with_shares(scenario, own, levels | {"youth": 3.5})
    assert other.title == scenario.title
    assert (other.hazard.youth_level.value, other.hazard.youth_level.grade) == (3.5, "calibrated")
    assert other.hazard.adult_level == scenario.hazard.adult_level
    assert balance.shares_of(other) == own
    moved = balance.with_shares(scenario, shares(0.25))
    assert balance.shares_of(moved) == shares(0.25)
    assert moved.cohort.entry_shares["adult"][LAST].source == "Solved: disposals in balance"


def test_where_no_share_is_said_all_enter():
    share = SimpleNamespace(value=0.5)
    scenario: Any = SimpleNamespace(cohort=SimpleNamespace(entry_shares={"adult": {SECOND: share}}))
    found = balance.shares_of(scenario)
    assert found["adult"] == dict.fromkeys(PREVIOUS_BANDS, 1.0) | {SECOND: 0.5}
    assert found["youth"] == dict.fromkeys(PREVIOUS_BANDS, 1.0)
    scenario.cohort = SimpleNamespace()
    assert balance.shares_of(scenario)["adult"] == dict.fromkeys(PREVIOUS_BANDS, 1.0)


# A step


@pytest.mark.parametrize(
    ("share", "missing", "moved"),
    [
        (0.5, 0.0, 0.5),
        (0.25, 0.5, 0.25 * math.exp(0.3)),
        (0.25, -0.5, 0.25 * math.exp(-0.3)),
        (0.25, 5.0, 0.5),  # twice at most
        (0.25, -5.0, 0.125),
        (0.8, 1.0, 1.0),
        (0.03, -5.0, 0.02),
    ],
)
def test_a_share_moves_by_a_damped_step_within_its_bounds(share, missing, moved):
    assert FLOOR == 0.02
    assert balance._moved(share, missing) == pytest.approx(moved, rel=EXACT)


def test_what_is_missing_is_the_log_of_published_over_found():
    found = year(**{LAST: {"DISPOSALS": 50.0}, SECOND: {"DISPOSALS": 0.0}})
    assert balance._missing(found, "previous_offences", LAST) == math.log(2.0)
    assert balance._missing(found, "previous_offences", SECOND) == 0.0
    found.published["previous_offences", LAST] = 0
    assert balance._missing(found, "previous_offences", LAST) == 0.0


def test_a_step_moves_adults_by_band_and_children_of_a_record_together():
    bands = {LAST: {"DISPOSALS": 80.0}, "youth": {"DISPOSALS": 90.0}}
    state = balance._State(shares(0.4), {"adult": 1.0, "youth": 2.0})
    moved = balance._moved_on(state, year(**bands), {"adult": None, "youth": None})
    up = 0.4 * math.exp(DAMPED * math.log(100 / 80))
    assert moved.shares["adult"][LAST] == pytest.approx(up, rel=EXACT)
    assert moved.shares["adult"][FIRST] == moved.shares["adult"][SECOND] == 0.4
    children = 0.4 * math.exp(DAMPED * math.log(100 / 90) / 0.5)
    assert moved.shares["youth"][SECOND] == pytest.approx(children, rel=EXACT)
    assert moved.shares["youth"][LAST] == moved.shares["youth"][SECOND]
    assert moved.levels == {"adult": 1.0, "youth": 2.0}
    assert state.shares == shares(0.4)


def test_children_of_no_record_have_the_adults_share_and_where_all_are_the_others_stay():
    state = balance._State(shares(0.3), {"adult": 1.0, "youth": 2.0})
    state.shares["adult"][FIRST], state.shares["youth"][SECOND] = 0.4, 0.4
    found = year(
        children_with_record=0.0, **{FIRST: {"DISPOSALS": 80.0}, "youth": {"DISPOSALS": 50.0}}
    )
    moved = balance._moved_on(state, found, {})
    assert moved.shares["youth"][FIRST] == moved.shares["adult"][FIRST] > 0.4
    assert {moved.shares["youth"][band] for band in PREVIOUS_BANDS[1:]} == {0.4}


def test_a_level_moves_by_a_damped_step_towards_its_rate():
    state = balance._State(shares(0.4), {"adult": 1.5, "youth": 2.0})
    targets = {"adult": 0.25, "youth": None}
    moved = balance._moved_on(state, year(**rated(0.2, 0.4)), targets)
    step = (math.log(0.75) / math.log(0.8)) ** DAMPED
    assert moved.levels == {"adult": pytest.approx(1.5 * step, rel=EXACT), "youth": 2.0}
    for rate in (0.0, 1.0):
        held = balance._moved_on(state, year(**rated(rate, 0.4)), targets)
        assert held.levels["adult"] == 1.5


NEAR = balance._Near(margin=0.1, rate=0.01)
HELD = {"adult": None, "youth": None}


def off(found: balance._Year, state: Any = None, targets: Any = None) -> float:
    state = state or balance._State(shares(0.5), {"adult": 1.0, "youth": 1.0})
    return balance._off(state, found, targets or HELD, NEAR)


def test_how_far_it_is_off_is_the_worst_margin_or_rate_in_times_of_what_is_near():
    assert off(year()) == 0.0
    assert off(year(**{LAST: {"DISPOSALS": 80.0}})) == pytest.approx(math.log(1.25) / 0.1)
    assert off(year(**{LAST: {"DISPOSALS": 125.0}})) == pytest.approx(math.log(1.25) / 0.1)
    both = {SECOND: {"DISPOSALS": 80.0}, "youth": {"DISPOSALS": 50.0}}
    assert off(year(**both)) == pytest.approx(math.log(2.0) / 0.1)
    targets = {"adult": 0.25, "youth": 0.4}
    assert off(year(**rated(0.22, 0.39)), targets=targets) == pytest.approx(3.0)
    assert off(year(**rated(0.26, 0.45)), targets=targets) == pytest.approx(5.0)
    nobody = {"adult": {"REOFFENDERS": 22.0, "INDEX_EVENTS": 100.0}}
    assert off(year(**nobody), targets=targets) == pytest.approx(3.0), "no youth, no rate"


def test_what_a_share_at_its_bound_cannot_mend_does_not_count():
    full = balance._State(shares(1.0), {})
    few = year(**{LAST: {"DISPOSALS": 80.0}, "youth": {"DISPOSALS": 50.0}})
    assert off(few, full) == 0.0
    assert off(year(found=125.0), full) == pytest.approx(math.log(1.25) / 0.1)
    some = shares(1.0)
    some["youth"][SECOND] = 0.9
    assert off(few, balance._State(some, {})) == pytest.approx(math.log(2.0) / 0.1)
