"""Custody past the horizon: remand and recall, as far as what came before it brings them."""

from __future__ import annotations

import numpy as np
import pytest

from pathsim.engine.contract import CustodyReason, Event, Log, OutcomeColumn
from test_horizon import DAYS, ENGINES, PENNY, run, scenario
from test_memory_days import TRIES, is_one_between, offences, second_keeps_inside


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("beyond", "paid"), [(-1.0, 0.0), (1.0, 100 + 1000 + 200 * 10)])
def test_a_remand_counts_by_the_day_of_its_offence(tmp_path, engine, beyond, paid):
    """The only offence is a day before the horizon or after it; remand outlasts its sentence."""
    made = scenario(
        tmp_path,
        follow_up={"memory_days": 800},
        hazard={"adult_level": 0.002},
        courts={"magistrates_remand_share": 1.0},
    )
    seed = next(s for s in TRIES if is_one_between(offences(run(made, seed=s)[1]), 100, 800))
    (day,) = offences(run(made, seed=seed)[1])
    shorter = made.change("Shorter", {"follow_up.horizon_days": day + beyond})
    counts, log = run(shorter, engine=engine, seed=seed)
    assert log.detail[log.event == Event.CUSTODY].tolist() == [CustodyReason.REMAND]
    assert counts.person[0, OutcomeColumn.COST :].sum() == pytest.approx(paid, abs=PENNY)


@pytest.mark.parametrize("engine", ENGINES)
def test_in_a_remand_that_does_not_count_a_sentence_counts_from_its_day(tmp_path, engine):
    """The first offence is proven during a remand for the second, which is past the horizon.

    Inside from the second on, counted for 50 days from day + 200; out 200 days after the second,
    on a licence that is counted until day + 300.
    """
    made = scenario(
        tmp_path,
        follow_up={"memory_days": 2000},
        courts={"magistrates_remand_share": 0.5},
    )
    seed = next(s for s in TRIES if second_is_remanded(run(made, seed=s)[1]))
    day, second = offences(run(made, seed=seed)[1])[:2]
    shorter = made.change("Shorter", {"follow_up.horizon_days": day + 1e-3})
    counts, log = run(shorter, engine=engine, seed=seed)
    assert log.time[log.event == Event.CUSTODY][0] == pytest.approx(second, abs=DAYS)
    person = counts.person[0]
    assert person[OutcomeColumn.CUSTODY_DAYS] == pytest.approx(50.0, abs=DAYS)
    paid = 100 + 1000 + 50 * 10 + 3 * (day + 300 - (second + 200))
    assert person[OutcomeColumn.COST :].sum() == pytest.approx(paid, abs=PENNY)


def second_is_remanded(log: Log) -> bool:
    """Whether the second offence soon brings a remand, the first none, and no third comes soon."""
    day, second, third = [*offences(log), np.inf, np.inf, np.inf][:3]
    taken = log.time[log.event == Event.CUSTODY].tolist()
    return day + 1 < second < day + 95 and taken[:1] == [second] and third > day + 320


@pytest.mark.parametrize("engine", ENGINES)
def test_a_recall_counts_no_longer_than_the_licence_that_does(tmp_path, engine):
    """A second offence, past the horizon, prolongs the licence beyond the days that count.

    Inside from day + 200, counted for 50 days; out 250 days after the second, on a licence that is
    counted until day + 300; back inside before that, and beyond it.
    """
    recall = {"le6m_per_day": 0.05, "fixed_term_share": 1.0, "fixed_term_under_12m_days": 60}
    custody = {"release_point": {"le6m": 0.5}, "recall": recall}
    made = scenario(tmp_path, follow_up={"memory_days": 2000}, custody=custody)
    seed = next(s for s in TRIES if is_recalled(run(made, seed=s)[1]))
    log = run(made, seed=seed)[1]
    (day, second), back = offences(log)[:2], recalls(log)[0]
    shorter = made.change("Shorter", {"follow_up.horizon_days": day + 1e-3})
    counts, log = run(shorter, engine=engine, seed=seed)
    assert recalls(log)[0] == pytest.approx(back, abs=DAYS)
    person, inside = counts.person[0], 50 + (day + 300 - back)
    assert person[OutcomeColumn.CUSTODY_DAYS] == pytest.approx(inside, abs=DAYS)
    paid = 100 + 1000 + 10 * inside + 3 * (back - (second + 250))
    assert person[OutcomeColumn.COST :].sum() == pytest.approx(paid, abs=PENNY)


def recalls(log: Log) -> list[float]:
    recalled = (log.event == Event.CUSTODY) & (log.detail == CustodyReason.RECALL)
    return log.time[recalled].tolist()


def is_recalled(log: Log) -> bool:
    """Whether a recall comes while the licence still counts, and further offences late."""
    days = offences(log)
    return second_keeps_inside(days) and [*recalls(log), np.inf][0] < days[0] + 300
