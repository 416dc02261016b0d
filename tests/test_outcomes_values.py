"""From hand-made counts to outcome values."""

from dataclasses import replace

import numpy as np
import pytest

from pathsim.engine.contract import N_OUTCOME_COLUMNS, N_SERVICE_COUNTS, OutcomeColumn, ServiceCount
from pathsim.outcomes.names import COST_OUTCOMES, PEOPLE_OUTCOMES, SERVICE_OUTCOMES, meaning
from pathsim.outcomes.values import Block, Values, outcome_values
from pathsim.study.runs import ScenarioRuns
from pathsim.vocabulary import PAYERS

FORMULA = 1e-9
GROUPS = (("all", ""), ("sex", "male"), ("sex", "female"), ("area", "bcp"))


@pytest.fixture
def runs():
    """Return two replications of 10 people: 6 men, 4 women, nobody in the last group."""
    person = np.zeros((2, len(GROUPS), N_OUTCOME_COLUMNS))
    person[:, :, OutcomeColumn.PEOPLE] = 10, 6, 4, 0
    person[:, :, OutcomeColumn.INDEX_EVENTS] = 10, 6, 4, 0
    person[0, :3, OutcomeColumn.REOFFENDERS] = 4, 4, 0
    person[0, :3, OutcomeColumn.REOFFENCES] = 6, 6, 0
    person[0, :3, OutcomeColumn.REOFFENCES_FROM_SENTENCE] = 7, 7, 0
    person[0, :3, OutcomeColumn.DAYS_TO_FIRST] = 400, 400, 0
    person[0, :3, OutcomeColumn.CUSTODY_DAYS] = 90, 50, 40
    person[0, :3, OutcomeColumn.HOMELESS_DAYS] = 30, 0, 30
    person[0, :3, OutcomeColumn.COST + PAYERS.index("nhs")] = 1000, 600, 400
    person[0, :3, OutcomeColumn.COST + PAYERS.index("police")] = 200, 200, 0
    load = np.zeros((2, len(GROUPS), 2, N_SERVICE_COUNTS))
    load[0, :2, 0, ServiceCount.STARTS] = 4, 1
    load[0, :2, 0, ServiceCount.WAIT_DAYS] = 60, 20
    load[0, :2, 0, ServiceCount.RENEGED] = 3, 2
    load[0, :2, 0, ServiceCount.COMPLETED] = 2, 1
    load[0, :2, 0, ServiceCount.PLACE_DAYS] = 511, 146
    place_cost = np.zeros((2, len(PAYERS)))
    place_cost[:, PAYERS.index("nhs")] = 5000
    return ScenarioRuns(
        groups=GROUPS,
        services=("tag", "treatment"),
        capacity_days=np.array([[730.0, np.nan]] * 2),
        place_cost=place_cost,
        intake_days=365.0,
        person=person,
        load=load,
        busy_days=np.array([[365.0, 10.0], [0.0, 0.0]]),
        queue_days=np.array([[73.0, 0.0], [0.0, 0.0]]),
        held=np.array([[3.0, 5.0, 4.0, 1.0, 2.0], [0.0] * 5]),
        elsewhere_cost=np.zeros((2, len(PAYERS))),
        custody_day=np.zeros((2, 2, len(PAYERS))),
        custody_average_day=np.full((2, 2, len(PAYERS)), np.nan),
        refill_share=np.zeros((2, 2)),
        events=np.array([100, 0]),
    )


def value(values, outcome, group="all", replication=0):
    return values.data[replication, values.rows.index((outcome, group))]


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ("proven_reoffending_rate", 0.4),
        ("reoffences_per_person", 0.6),
        ("reoffences_from_sentence_per_person", 0.7),
        ("reoffences_per_reoffender", 1.5),
        ("days_to_first_reoffence", 100),
        ("days_in_custody_per_person", 9),
        ("days_homeless_per_person", 3),
        ("cost_total", 6200),
        ("cost_nhs", 6000),
        ("cost_police", 200),
        ("service.tag.starts", 4),
        ("service.tag.mean_wait_days", 15),
        ("service.tag.reneged", 3),
        ("service.tag.completed", 2),
        ("service.tag.utilisation", 0.5),
        ("service.tag.mean_queue", 0.2),
        ("service.tag.supply_years", 0.7),
    ],
)
def test_each_outcome_of_everybody_by_hand(runs, outcome, expected):
    assert value(outcome_values(runs), outcome) == pytest.approx(expected, rel=FORMULA)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ("proven_reoffending_rate", 4 / 6),
        ("cost_total", 800),
        ("cost_nhs", 600),
        ("service.tag.mean_wait_days", 20),
        ("service.tag.supply_years", 0.2),
    ],
)
def test_a_group_counts_its_own_people_and_no_places(runs, outcome, expected):
    assert value(outcome_values(runs), outcome, "sex=male") == pytest.approx(expected, rel=FORMULA)


def test_the_total_cost_is_the_sum_of_all_payers(runs):
    values = outcome_values(runs)
    parts = [value(values, f"cost_{payer}") for payer in PAYERS]
    assert sum(parts) == pytest.approx(value(values, "cost_total"), rel=FORMULA)


def test_nobody_to_divide_by_is_undefined_and_not_zero(runs):
    values = outcome_values(runs)
    assert np.isnan(value(values, "reoffences_per_reoffender", "sex=female"))
    assert np.isnan(value(values, "days_to_first_reoffence", replication=1))
    assert np.isnan(value(values, "service.treatment.mean_wait_days"))
    assert value(values, "proven_reoffending_rate", "sex=female") == 0


def test_unlimited_places_have_no_utilisation(runs):
    assert np.isnan(value(outcome_values(runs), "service.treatment.utilisation"))


def test_the_years_are_of_365_days_however_long_the_window_is(runs):
    longer = replace(runs, intake_days=730.0, capacity_days=2 * runs.capacity_days)
    used = value(outcome_values(longer), "service.tag.supply_years")
    assert used == pytest.approx(0.7, rel=FORMULA)  # as many place-days of a year's


def test_unlimited_and_absent_places_are_used_for_no_years(runs):
    values = outcome_values(runs, services=["mentor"])
    assert np.isnan(value(values, "service.treatment.supply_years"))
    assert np.isnan(value(values, "service.mentor.supply_years"))


def test_a_group_without_people_is_left_out(runs):
    groups = {group for _, group in outcome_values(runs).rows}
    assert groups == {"all", "sex=male", "sex=female"}


def test_utilisation_and_queue_are_of_everybody_only(runs):
    rows = outcome_values(runs).rows
    shared = {row for row in rows if row[0].endswith((".utilisation", ".mean_queue"))}
    assert {group for _, group in shared} == {"all"}


def test_a_service_that_the_scenario_lacks_has_no_starts_and_no_places(runs):
    values = outcome_values(runs, services=["mentor"])
    assert value(values, "service.mentor.starts") == 0
    assert value(values, "service.mentor.reneged", "sex=male") == 0
    assert value(values, "service.mentor.mean_queue") == 0
    assert np.isnan(value(values, "service.mentor.mean_wait_days"))
    assert np.isnan(value(values, "service.mentor.utilisation"))


def test_every_outcome_has_a_meaning_and_every_row_appears_once(runs):
    rows = outcome_values(runs).rows
    assert len(set(rows)) == len(rows)
    assert all(meaning(outcome).title for outcome, _ in rows)
    names = {outcome for outcome, _ in rows}
    services = {f"service.tag.{name}" for name in SERVICE_OUTCOMES}
    assert names >= {*PEOPLE_OUTCOMES, *COST_OUTCOMES, *services} - {"disposals_in_year"}


@pytest.mark.parametrize(
    ("outcome", "better"),
    [
        ("proven_reoffending_rate", -1),
        ("cost_hmpps", -1),
        ("days_homeless_per_person", -1),
        ("service.x.mean_wait_days", -1),
        ("service.x.reneged", -1),
        ("days_to_first_reoffence", 1),
        ("days_in_custody_per_person", 0),
        ("service.x.starts", 0),
        ("service.x.utilisation", 0),
    ],
)
def test_the_better_direction_is_written_in_one_place(outcome, better):
    assert meaning(outcome).better == better


def test_aligned_rows_are_found_by_name_and_missing_ones_are_undefined():
    blocks = [
        Block(name, ("all",), lambda x=x: np.array([[x]])) for name, x in (("a", 1.0), ("b", 2.0))
    ]
    values = Values(blocks, replications=1)
    found = values.aligned((("b", "all"), ("c", "all"), ("a", "all")))
    assert found[0, [0, 2]].tolist() == [2, 1]
    assert np.isnan(found[0, 1])
