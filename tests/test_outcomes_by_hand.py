"""Saved custody days of several terms, books of custody, shared costs and loads: by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pathsim.engine.contract import OutcomeColumn, ServiceCount
from pathsim.outcomes.custody_books import custody_books
from pathsim.outcomes.names import CUSTODY_BOOK_OUTCOMES
from pathsim.outcomes.values import (
    Block,
    Values,
    _load,
    by_outcome,
    cost,
    outcome_values,
    refilled,
)
from pathsim.study.runs import ScenarioRuns
from pathsim.vocabulary import PAYERS
from small_scenario import _counts

HMPPS, POLICE, SOCIETY = (PAYERS.index(name) for name in ("hmpps", "police", "society"))
DAYS = [
    OutcomeColumn.CUSTODY_DAYS,
    OutcomeColumn.CUSTODY_DAYS_YEAR_2,
    OutcomeColumn.CUSTODY_DAYS_YEAR_3,
    OutcomeColumn.CUSTODY_DAYS_YEAR_LATER,
    OutcomeColumn.CUSTODY_DAYS_OFF,
]
PUBLIC, OF_SOCIETY = (
    [OutcomeColumn[f"COST_{book}_{part}"] for part in ("YEAR_2", "YEAR_3", "YEAR_LATER", "OFF")]
    for book in ("PUBLIC", "SOCIETY")
)
TERMS = ("custody_day", "custody_average_day", "refill_share")


def in_custody(*days: list[float], **more: Any) -> ScenarioRuns:
    """Return runs, one a row: days of everybody, then of years 2, 3 and later, then taken off.

    more: other fields; `TERMS` are those of every replication.
    """
    made = _counts(len(days))
    more |= {name: np.array([more[name]] * len(days)) for name in TERMS if name in more}
    person = np.zeros_like(made.person)
    person[:, 0, DAYS] = np.array(days)
    return replace(made, person=person, **more)


def prices(*rows: dict[int, float]) -> np.ndarray:
    found = np.zeros((len(rows), len(PAYERS)))
    for row, amounts in zip(found, rows, strict=True):
        for payer, amount in amounts.items():
            row[payer] = amount
    return found


THREE = prices(
    {HMPPS: 100.0, SOCIETY: 10.0},
    {HMPPS: 200.0, POLICE: 8.0},
    {HMPPS: 400.0, SOCIETY: 40.0, POLICE: 16.0},
)
SHARES = np.array([0.5, 1.0, 0.25])


def phased() -> tuple[ScenarioRuns, ScenarioRuns]:
    """Return a baseline and an option that saves 26, 7 and 3 days on terms of three phases."""
    baseline = in_custody([100.0, 30.0, 20.0, 10.0, 5.0])
    after = np.zeros((2, 1, 3, 5))
    after[0, :, 0] = 10.0, 4.0, 2.0, 1.0, 1.0
    after[1, :, 0] = 3.0, 1.0, 1.0, 0.0, 0.0
    option = in_custody(
        [60.0, 18.0, 12.0, 4.0, 1.0],
        custody_day=THREE,
        refill_share=SHARES,
        saved_from=((1, after[0]), (2, after[1])),
    )
    return baseline, option


def test_days_saved_are_filled_at_the_share_and_price_of_their_phase():
    baseline, option = phased()
    found = refilled(option, baseline).person[0, 0]
    filled = (0.5 * 26.0, 1.0 * 7.0, 0.25 * 3.0)
    for payer in (HMPPS, POLICE, SOCIETY):
        paid = sum(days * price for days, price in zip(filled, THREE[:, payer], strict=True))
        assert found[OutcomeColumn.COST + payer] == pytest.approx(paid)
    assert found[OutcomeColumn.COST + PAYERS.index("nhs")] == 0.0
    by_year = np.array([[8.0, 3.0, 1.0], [6.0, 1.0, 1.0], [5.0, 1.0, 0.0], [3.0, 1.0, 0.0]])
    public, society = THREE[:, HMPPS] + THREE[:, POLICE], THREE[:, SOCIETY]
    assert found[PUBLIC] == pytest.approx(by_year @ (SHARES * public))
    assert found[OF_SOCIETY] == pytest.approx(by_year @ (SHARES * society))
    assert found[DAYS].tolist() == [60.0, 18.0, 12.0, 4.0, 1.0]


def test_of_several_phases_what_all_come_to_decides_whether_anything_is_filled():
    baseline, option = phased()
    lost = np.zeros((1, 3, 5))
    lost[:, 0, 0] = 3.0 + 0.25 * (13.0 * 110.0 + 7.0 * 208.0)  # far more than others save
    after = lost.copy()
    after[:, 0, 0] = -40.0  # 40 days more on the last terms cost more than 26 + 50 save
    option = replace(option, saved_from=((1, lost * 0.0 + after), (2, after)))
    worth = 0.5 * (36.0 + 40.0) * 110.0 - 0.25 * 40.0 * 456.0
    assert worth < 0.0
    assert refilled(option, baseline) is option
    dearer = replace(option, refill_share=np.array([[0.6, 1.0, 0.25]]))
    assert 0.6 * 76.0 * 110.0 - 0.25 * 40.0 * 456.0 > 0.0
    cost = OutcomeColumn.COST + SOCIETY
    assert refilled(dearer, baseline).person[0, 0, cost] == pytest.approx(
        0.6 * 76.0 * 10.0 - 0.25 * 40.0 * 40.0
    )


@pytest.mark.parametrize(("share", "paid"), [(0.0005, 2.0), (0.0001, 0.4), (0.0, 0.0)])
def test_days_of_any_worth_are_filled(share, paid):
    dear = prices({HMPPS: 100.0})
    option = in_custody([60.0, 0, 0, 0, 0], custody_day=dear, refill_share=np.array([share]))
    found = refilled(option, in_custody([100.0, 0, 0, 0, 0])).person
    assert found[0, 0, OutcomeColumn.COST + HMPPS] == pytest.approx(paid)


def test_luck_that_averages_out_fills_no_day_of_anybody():
    terms = {"custody_day": prices({HMPPS: 100.0}), "refill_share": np.ones(1)}
    option = in_custody([60.0, 0, 0, 0, 0], [140.0, 0, 0, 0, 0], **terms)
    assert refilled(option, in_custody(*[[100.0, 0, 0, 0, 0]] * 2)) is option


# Books of custody

MARGINAL_0, MARGINAL_1, AVERAGE_0, AVERAGE_1 = CUSTODY_BOOK_OUTCOMES
BOOKED = prices(*[{HMPPS: 40.0, POLICE: 2.0, SOCIETY: 9.0}] * 2)
AVERAGE = prices(*[{HMPPS: 130.0, SOCIETY: 99.0}] * 2)
NO_PRICE = np.full((2, len(PAYERS)), np.nan)


def booked(*days: float, **more: Any) -> ScenarioRuns:
    known = {"custody_day": BOOKED, "custody_average_day": AVERAGE} | more
    runs = in_custody(*([each, 0.0, 0.0, 0.0, 1.0] for each in days), **known)
    runs.person[:, 0, OutcomeColumn.COST + HMPPS] = 1000.0
    return runs


def books(baseline: ScenarioRuns, option: ScenarioRuns) -> dict[str, list[list[float]]]:
    """Return each book: the baseline's costs by replication, and the option's."""
    before, after = custody_books(baseline, option)
    assert [block.outcome for block in before] == [block.outcome for block in after]
    assert {block.groups for block in (*before, *after)} <= {("all",)}
    assert {block.compute().shape[1] for block in (*before, *after)} <= {1}
    return {
        one.outcome: [one.compute()[:, 0].tolist(), other.compute()[:, 0].tolist()]
        for one, other in zip(before, after, strict=True)
    }


def test_each_book_prices_days_and_fills_those_that_are_saved_on_the_mean():
    found = books(booked(11.0, 21.0), booked(9.0, 20.0))
    extra = 130.0 - 42.0  # of the public purse
    assert found == {
        MARGINAL_0: [[1000.0, 1000.0], [1000.0, 1000.0]],
        MARGINAL_1: [[1000.0, 1000.0], [1000.0 + 2 * 42.0, 1000.0 + 42.0]],
        AVERAGE_0: [
            [1000.0 + extra * 10, 1000.0 + extra * 20],
            [1000.0 + extra * 8, 1000.0 + extra * 19],
        ],
        AVERAGE_1: [
            [1000.0 + extra * 10, 1000.0 + extra * 20],
            [1000.0 + extra * 8 + 2 * 130.0, 1000.0 + extra * 19 + 130.0],
        ],
    }


@pytest.mark.parametrize(
    ("option", "filled"),
    [
        ((10.0, 22.0), [0.0, 0.0]),  # none saved on the mean
        ((10.0, 22.5), [0.0, 0.0]),
        ((10.0, 21.5), [42.0, -21.0]),
    ],
)
def test_if_none_are_saved_on_the_mean_none_are_filled(option, filled):
    found = books(booked(11.0, 21.0), booked(*option))
    assert found[MARGINAL_1][1] == [1000.0 + each for each in filled]


def test_a_book_needs_one_price_and_the_average_ones_an_average_on_both_sides():
    plain = booked(11.0)
    without = booked(11.0, custody_average_day=NO_PRICE)
    assert list(books(plain, without)) == list(books(without, plain)) == [MARGINAL_0, MARGINAL_1]
    free = booked(11.0, custody_day=prices({SOCIETY: 9.0}, {SOCIETY: 9.0}))
    assert books(free, free) == {}
    assert list(books(free, plain)) == list(books(plain, free)) == list(CUSTODY_BOOK_OUTCOMES)
    once = booked(11.0, custody_day=BOOKED[:1], custody_average_day=AVERAGE[:1])
    assert books(once, once) == books(plain, plain)
    for name in ("custody_day", "custody_average_day"):
        changes = booked(11.0, **{name: prices({HMPPS: 40.0}, {HMPPS: 41.0})})
        assert books(plain, changes) == books(changes, plain) == {}


# What everybody pays for, loads and rows


def test_what_all_pay_for_is_of_everybody_and_rounded_as_peoples_costs_are():
    runs = _counts(2)
    runs.person[:, :, OutcomeColumn.COST :] = 0.0
    runs.place_cost[:, HMPPS] = 0.5
    runs.place_cost[:, SOCIETY] = 7.0
    runs.elsewhere_cost[:, HMPPS] = 2.0**-20, 2.0 + 3 * 2.0**-20  # a quarter and three of a unit
    runs.person[:, :, OutcomeColumn.COST + POLICE] = 10.0
    assert cost(runs, "cost_hmpps").tolist() == [[0.5, 0.0, 0.0], [2.5 + 2.0**-18, 0.0, 0.0]]
    assert cost(runs, "cost_public")[0].tolist() == [10.5, 10.0, 10.0]
    assert cost(runs, "cost_total")[0].tolist() == [17.5, 10.0, 10.0]
    assert cost(runs, "cost_society")[0].tolist() == [7.0, 0.0, 0.0]
    values = outcome_values(runs)
    first, second = (("cost_public_year_1", "all"), ("cost_public_year_1", "sex=male"))
    assert values.aligned([first, second])[0].tolist() == [10.5, 10.0]
    assert values.aligned([("cost_public_year_2", "all")])[0].tolist() == [0.0]
    assert values.aligned([("cost_society_year_1", "all")])[0].tolist() == [7.0]


def test_the_first_year_has_what_the_whole_has_more_than_the_later_ones():
    runs = in_custody([0.0] * 5)
    runs.person[0, 0, OutcomeColumn.REOFFENCES_TOTAL] = 10.0
    runs.person[0, 0, OutcomeColumn.REOFFENCES_YEAR_2] = 3.0
    runs.person[0, 0, OutcomeColumn.REOFFENCES_YEAR_LATER] = 2.0
    runs.person[0, 0, OutcomeColumn.PEOPLE] = 1.0
    rows = [(f"reoffences_{year}", "all") for year in ("year_1", "year_2", "year_later")]
    assert outcome_values(runs).aligned(rows)[0].tolist() == [5.0, 3.0, 2.0]


def pooled(*, starts: float = 4.0, places: float = 730.0) -> ScenarioRuns:
    """Return runs of two services that share places, and one beside them, of men and women."""
    runs = _counts(1)
    load = np.zeros((1, 3, 3, 6))
    load[0, 0, :, ServiceCount.STARTS] = starts, 2 * starts, 99.0
    load[0, 0, :, ServiceCount.WAIT_DAYS] = 30.0, 60.0, 999.0
    load[0, 0, :, ServiceCount.TURNED_AWAY] = 1.0, 2.0, 99.0
    load[0, 0, :, ServiceCount.RENEGED] = 3.0, 4.0, 99.0
    load[0, 0, :, ServiceCount.PLACE_DAYS] = 200.0, 165.0, 9999.0
    return replace(
        runs,
        services=("b", "c", "d"),
        pools=(("room", ("b", "c")),),
        capacity_days=np.array([[places, places, 9.0]]),
        load=load,
        busy_days=np.array([[100.0, 265.0, 9999.0]]),
        queue_days=np.array([[73.0, 146.0, 9999.0]]),
        intake_days=730.0,
    )


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ("starts", 12.0),
        ("mean_wait_days", 7.5),
        ("turned_away", 3.0),
        ("reneged", 7.0),
        ("supply_years", 365.0 * 730.0 / (730.0 * 365.0)),
        ("utilisation", 0.5),
        ("mean_queue", 0.3),
    ],
)
def test_the_load_on_a_pool_is_that_of_its_services_together(outcome, expected):
    values = outcome_values(pooled())
    found = values.aligned([(f"pool.room.{outcome}", "all")])[0, 0]
    assert found == pytest.approx(expected)
    groups = {group for name, group in values.rows if name == f"pool.room.{outcome}"}
    assert len(groups) == (1 if outcome in ("utilisation", "mean_queue") else 3)


def test_without_places_a_service_that_is_started_nevertheless_has_its_load():
    runs = pooled(places=0.0)
    assert _load(runs, ("b", "c"), "mean_wait_days")[0, 0] == 7.5
    assert np.isnan(_load(runs, ("b", "c"), "utilisation")).all()
    closed = pooled(places=0.0, starts=0.0)
    assert _load(closed, ("b", "c"), "turned_away")[0, 0] == 3.0
    assert _load(closed, ("b", "c"), "reneged").tolist() == [[0.0] * 3]
    assert _load(closed, ("b", "c"), "mean_queue").tolist() == [[0.0]]
    assert np.isnan(_load(closed, ("b", "c"), "supply_years")).all()
    assert _load(closed, ("b", "c"), "supply_years").shape == (1, 3)
    assert _load(closed, ("b", "c"), "utilisation").shape == (1, 1)
    never = pooled(starts=0.0)
    assert _load(never, ("b", "c"), "reneged")[0, 0] == 7.0


def test_places_are_those_of_the_scenario_of_others_and_of_pools_in_order():
    values = outcome_values(pooled(), services=["d", "a"])
    places = dict.fromkeys(
        name.rpartition(".")[0] for name, _ in values.rows if name.startswith(("service", "pool"))
    )
    assert list(places) == ["service.a", "service.b", "service.c", "service.d", "pool.room"]


def test_a_group_is_told_of_that_has_people_or_events_in_any_replication():
    runs = _counts(2)
    runs.person[:, 1:, [OutcomeColumn.PEOPLE, OutcomeColumn.INDEX_EVENTS]] = 0.0
    runs.person[1, 1, OutcomeColumn.INDEX_EVENTS] = 3.0
    values = outcome_values(runs)
    assert values.sizes == {"all": 100, "sex=male": 0}
    runs.person[0, 2, OutcomeColumn.PEOPLE] = 0.5
    assert list(outcome_values(runs).sizes) == ["all", "sex=male", "sex=female"]


def test_disposals_are_told_of_where_there_are_any():
    runs = _counts(2)
    names = [name for name, _ in outcome_values(runs).rows]
    assert "disposals_in_year" not in names
    runs.person[1, 2, OutcomeColumn.DISPOSALS] = 5.0
    rows = [("disposals_in_year", "sex=female")]
    assert outcome_values(runs).aligned(rows)[:, 0].tolist() == [0.0, 5.0]


def test_rows_of_an_outcome_are_worked_out_together_and_each_group_found():
    made = []

    def figures() -> np.ndarray:
        made.append(1)
        return np.array([[1.0, 2.0], [3.0, 4.0]])

    values = Values([Block("a", ("x", "y"), figures)], replications=2)
    assert values.rows == (("a", "x"), ("a", "y"))
    assert values.sizes == {}
    assert values.data.tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert len(made) == 1
    found = values.aligned([("a", "y"), ("a", "z"), ("a", "x")])
    assert found[:, [0, 2]].tolist() == [[2.0, 1.0], [4.0, 3.0]]
    assert np.isnan(found[:, 1]).all()
    nowhere = values.aligned([("b", "x"), ("b", "y"), ("a", "y")])
    assert np.isnan(nowhere[:, :2]).all()
    assert nowhere[:, 2].tolist() == [2.0, 4.0]
    rows = [("a", "x"), ("a", "y"), ("b", "x"), ("a", "x")]
    assert [len(same) for same in by_outcome(rows)] == [2, 1, 1]
