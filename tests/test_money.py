"""Costs and reoffences by year, present values, crimes behind a proven offence: by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

import pathsim as ps
from generated import generated
from pathsim.engine.contract import UNITS_A_POUND, CustodyReason, Event, OutcomeColumn
from pathsim.engine.counted import TOTALS, YEARS
from pathsim.engine.lowering import lower
from pathsim.engine.prices import discount_a_day
from pathsim.engine.run import simulate
from pathsim.people.cohort import Cohort
from pathsim.scenario.justice import Costs
from pathsim.vocabulary import PAYERS
from textbook import case

ENGINES = ("kernel", "reference")
PENNY = 0.005
RECALLED = CustodyReason.RECALL
ROUNDED = 40 / UNITS_A_POUND
"""Pounds: the columns of one person are rounded each."""

CHAIN = """\
title = "One reoffence"
source = "made for a test"
grade = "definition"

[cohort]
kind = "rows"
rows = [{ people = 1, disposal = "discharge", start_day = 0 }]

[follow_up]
days = 1201
waiting_days = 0
intake_days = 365
index = "disposal"
generations_before = 0

# Nothing can happen before day 800, and the first moments of that day bring it.
[hazard]
score = "none"
adult_level = 100
youth_level = 100
shape = { from_days = [0, 800, 801], ratios = [0, 1000, 1e-6] }

[courts]
magistrates_remand_share = 1
magistrates_delay_days = 30

[sentencing]
disposals = { custody = 1.0 }
custody_days = 400

[costs]
reoffence_gbp = { theft = { police = 800, society = 5000, nhs = 70 } }
conviction_gbp = { theft = { courts_cps = 1000 } }
custody_day_gbp = { hmpps = 100 }
"""
"""Offence and remand on day 800, conviction on day 830, custody until day 1,200."""
YEAR_3_ENDS = 1095.75
IN_YEAR_3, LATER = YEAR_3_ENDS - 800.0, 1200.0 - YEAR_3_ENDS


@pytest.fixture
def chain(tmp_path):
    """Return a function from changes and an engine to the outcomes of the one person."""
    file = tmp_path / "chain.toml"
    file.write_text(CHAIN, encoding="utf-8")
    scenario = ps.load(file)

    def run(engine="kernel", **changes):
        keys = {key.replace("__", "."): value for key, value in changes.items()}
        changed = scenario.change("Changed", keys) if keys else scenario
        table = ps.run(changed, replications=2, seed=1, engine=engine).table(group="all")
        return table.set_index("outcome")["mean"]

    return run


pytestmark = pytest.mark.filterwarnings("ignore:.*changes nothing:pathsim.InputWarning")


@pytest.mark.parametrize("engine", ENGINES)
def test_the_whole_chain_of_one_offence_is_paid_in_its_years_to_the_penny(chain, engine):
    found = chain(engine)
    assert found["days_in_custody_per_person"] == pytest.approx(400.0, abs=1e-3)
    expected = {
        "cost_public_year_1": 0.0,
        "cost_public_year_2": 0.0,
        # Police and health, court, 295.75 days in custody; then 104.25 days.
        "cost_public_year_3": 800 + 70 + 1000 + 29_575.00,
        "cost_public_year_later": 10_425.00,
        "cost_society_year_1": 0.0,
        "cost_society_year_2": 0.0,
        "cost_society_year_3": 5000.0,
        "cost_society_year_later": 0.0,
        "cost_public": 41_870.0,
        "cost_society": 5000.0,
        "reoffences_total": 1.0,
        "reoffences_year_1": 0.0,
        "reoffences_year_2": 0.0,
        "reoffences_year_3": 1.0,
        "reoffences_year_later": 0.0,
    }
    assert found[list(expected)].to_dict() == pytest.approx(expected, abs=PENNY)


REPORTS = {"community_order": 300.0, "suspended_sentence": 200.0, "custody": 261.0, "fine": 0.0}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("disposal", REPORTS)
def test_a_report_before_the_disposal_is_paid_with_the_case(chain, engine, disposal):
    disposals = {"custody": 0.0, disposal: 1.0, "source": "made for a test", "grade": "definition"}
    priced = {name: {"hmpps": price} for name, price in REPORTS.items() if price}
    without = chain(engine, sentencing__disposals=disposals)
    found = chain(engine, sentencing__disposals=disposals, costs__disposal_gbp=priced)
    for outcome in ("cost_hmpps", "cost_public_year_3"):
        paid = found[outcome] - without[outcome]
        assert paid == pytest.approx(REPORTS[disposal], abs=PENNY)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_case_that_ends_out_of_court_has_no_report(chain, engine):
    disposals = {"custody": 0.0, "caution": 1.0, "source": "made for a test", "grade": "definition"}
    priced = {name: {"hmpps": 261.0} for name in ("custody", "other", "fine", "discharge")}
    changes = {"sentencing__disposals": disposals, "costs__disposal_gbp": priced}
    found = chain(engine, hazard__adult_level=0.01, **changes)  # a caution holds nobody
    assert found["reoffences_total"] > 1.0
    assert found["cost_hmpps"] == 0.0


CURFEW = {
    "custody.release_point.one_to_4y": 0.5,
    "custody.curfew.share": 1.0,
    "custody.curfew.max_days": 60.0,
    "costs.curfew_day_gbp": {"hmpps": 10.0},
    "costs.licence_day_gbp": {"hmpps": 3.0},
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("offended", "in_year_3"),
    # Release 140 days after the offence, the tag for 60 days from then: all of it in the year,
    # the first 5.75 days, none.
    [(800, 600.0), (950, 57.5), (960, 0.0)],
)
def test_a_day_on_curfew_is_paid_until_the_release_point(chain, engine, offended, in_year_3):
    """Half of 400 days, less 60: the licence lasts for the other 260, the tag for 60 of them."""
    shape = {
        "from_days": [0, offended, offended + 1],
        "ratios": [0, 1000, 1e-6],
        "source": "made for a test",
        "grade": "definition",
    }
    longer = {"follow_up.days": 1600.0, "hazard.shape": shape}
    changes = {key.replace(".", "__"): value for key, value in (CURFEW | longer).items()}
    found = chain(engine, **changes)
    assert found["days_in_custody_per_person"] == pytest.approx(140.0, abs=2e-3)
    assert found["cost_hmpps"] == pytest.approx(140 * 100 + 260 * 3 + 60 * 10, abs=1.0)
    free = chain(engine, **changes | {"costs__curfew_day_gbp": {"hmpps": 0.0}})
    assert found["cost_hmpps"] - free["cost_hmpps"] == pytest.approx(600.0, abs=PENNY)
    paid = found["cost_public_year_3"] - free["cost_public_year_3"]
    assert paid == pytest.approx(in_year_3, abs=1.0)


@pytest.mark.parametrize("engine", ENGINES)
def test_without_a_curfew_no_tag_is_paid(chain, engine):
    changes = {key.replace(".", "__"): value for key, value in CURFEW.items()}
    found = chain(engine, **changes | {"custody__curfew__share": 0.0, "follow_up__days": 1600.0})
    assert found["cost_hmpps"] == pytest.approx(200 * 100 + 200 * 3, abs=1.0)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_tag_is_paid_until_the_recall_and_not_again(engine):
    """Each one's log says when: of 60 days from the first release, those before the recall."""
    prison = {
        "release_point": {"one_to_4y": 0.5},
        "curfew": {"share": 1.0, "max_days": 60},
        "recall": {"one_to_4y_per_day": 0.02, "fixed_term_12m_or_more_days": 5},
    }
    scenario = case(
        {"people": 50, "disposal": "custody", "sentence_days": 400.0},
        follow_up={"days": 1000, "index": "disposal"},
        custody=prison,
        costs={"curfew_day_gbp": {"hmpps": 10.0}},
    )
    model = lower(scenario, Cohort.from_scenario(scenario))
    counts, log = simulate(model, seed=1, replication=0, engine=engine, keep_log=True)
    tagged, recalled = 0.0, 0
    for person in range(50):
        mine = log.person == person
        out = log.time[mine & (log.event == Event.RELEASE)][0]
        recalls = log.time[mine & (log.event == Event.CUSTODY) & (log.detail == RECALLED)]
        back = recalls.min(initial=200.0)
        assert out == 140.0
        tagged += back - out
        recalled += back < 200.0
    assert 20 < recalled < 50
    assert counts.person[0, OutcomeColumn.COST :].sum() == pytest.approx(10 * tagged, abs=PENNY)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("day", "year"), [(365, 1), (366, 2), (730, 2), (731, 3), (1095, 3), (1096, "later")]
)
def test_a_year_has_365_days_and_a_quarter(chain, engine, day, year):
    shape = {
        "from_days": [0, day, day + 1],
        "ratios": [0, 1000, 1e-6],
        "source": "made for a test",
        "grade": "definition",
    }
    found = chain(engine, hazard__shape=shape)
    names = [f"reoffences_{name}" for name in YEARS]
    assert found[names].to_dict() == {name: float(name.endswith(f"_{year}")) for name in names}
    society = [f"cost_society_{name}" for name in YEARS]
    assert found[society].tolist() == [5000.0 * found[name] for name in names]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_cost_in_year_3_is_discounted_to_the_penny(chain, engine):
    """At 3.5% a pound of day 800 is worth 92.74 pence: 1.035 ^ -(800 / 365.25)."""
    found = chain(engine, costs__discount_rate_percent=3.5)
    expected = {
        "cost_police": 741.94,
        "cost_nhs": 64.92,
        "cost_courts_cps": 924.80,
        "cost_hmpps": 36_406.69,
        "cost_society": 4637.10,
    }
    assert found[list(expected)].to_dict() == pytest.approx(expected, abs=PENNY)
    # Days, and pounds as they are paid, are the same.
    paid = chain(engine)
    same = [name for name in found.index if "_year_" in name or "days" in name]
    assert found[same].to_dict() == pytest.approx(paid[same].to_dict(), abs=PENNY, nan_ok=True)


@pytest.mark.parametrize("rate", [1e-12, 0.001, 0.5, 3.5, 100.0])
@pytest.mark.parametrize("engine", ENGINES)
def test_a_price_a_day_is_discounted_in_closed_form(chain, engine, rate):
    found = chain(engine, costs__discount_rate_percent=rate)
    a_day = math.log1p(rate / 100) / 365.25
    worth = 100 * math.exp(-a_day * 800) * -math.expm1(-a_day * 400) / a_day
    assert found["cost_hmpps"] == pytest.approx(worth, abs=2 * PENNY)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_offence_is_paid_whole_by_its_cause_one_day_before_the_horizon_and_not_one_after(
    chain, engine
):
    """The clock of a year is long over; the case and the sentence run on past the horizon."""
    keys = {"follow_up__days": 365.0, "costs__discount_rate_percent": 3.5}
    inside = chain(engine, **keys, follow_up__horizon_days=801.0)
    beyond = chain(engine, **keys, follow_up__horizon_days=799.0)
    expected = {"cost_police": 741.94, "cost_courts_cps": 924.80, "cost_hmpps": 36_406.69}
    assert inside[list(expected)].to_dict() == pytest.approx(expected, abs=PENNY)
    paid = {"cost_public_year_3": 31_445.0, "cost_public_year_later": 10_425.0}
    assert inside[list(paid)].to_dict() == pytest.approx(paid, abs=PENNY)
    assert inside["reoffences_total"] == inside["reoffences_year_3"] == 1.0
    assert not beyond[[*expected, *paid, "cost_total", "reoffences_total"]].any()
    same = ["proven_reoffending_rate", "reoffences_per_person", "expected_reoffences_per_person"]
    assert inside[same].tolist() == beyond[same].tolist()


def test_no_rate_is_no_discount():
    assert discount_a_day(Costs()) == 0.0


@pytest.mark.parametrize("engine", ENGINES)
def test_victims_bear_all_crimes_behind_a_proven_one_and_the_police_answer_those_recorded(
    chain, engine
):
    found = chain(
        engine,
        costs__offences_per_proven={"theft": 20.0, "violence": 3.0},
        costs__recorded_per_proven={"theft": 4.0},
    )
    expected = {
        "cost_society": 20 * 5000.0,
        "cost_society_year_3": 20 * 5000.0,
        "cost_police": 4 * 800.0,
        "cost_nhs": 70.0,
        "cost_courts_cps": 1000.0,
        "cost_hmpps": 40_000.0,
    }
    assert found[list(expected)].to_dict() == pytest.approx(expected, abs=PENNY)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"costs.discount_rate_percent": -1.0}, "between 0 and 100"),
        ({"costs.discount_rate_percent": 101.0}, "between 0 and 100"),
        ({"costs.offences_per_proven": {"theft": 0.5}}, "between 1 and 10000"),
        ({"costs.recorded_per_proven": {"thefts": 2.0}}, "theft"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path, changes, message):
    file = tmp_path / "chain.toml"
    file.write_text(CHAIN, encoding="utf-8")
    with pytest.raises(ps.InputError, match=message):
        ps.load(file).change("Wrong", changes)


def test_an_option_with_a_day_cannot_change_the_rate(tmp_path):
    file = tmp_path / "chain.toml"
    file.write_text(CHAIN, encoding="utf-8")
    with pytest.raises(ps.InputError, match="cannot be changed by an option with from_day"):
        ps.load(file).change("Later", {"costs.discount_rate_percent": 2.0}, from_day=50.0)


@pytest.mark.parametrize("engine", ENGINES)
def test_custody_that_others_fill_costs_as_much_by_year_and_at_present(tmp_path, engine):
    """Filled wholly, 200 days saved of 400 save nothing, in no year and at no rate."""
    file = tmp_path / "chain.toml"
    file.write_text(CHAIN, encoding="utf-8")
    rate = {"costs.discount_rate_percent": 3.5}
    baseline = ps.load(file).change("Base", rate)
    half = {"custody.release_point.one_to_4y": 0.5}
    options = [
        baseline.change("Saved", half),
        baseline.change("Filled", half | {"custody.refill_share": 1.0}),
        baseline.change("Filled later", half).change(
            "From a day", {"custody.refill_share": 1.0}, from_day=500.0
        ),
    ]
    table = ps.compare(baseline, options, replications=2, engine=engine).table(group="all")
    difference = table.set_index(["option", "outcome"])["difference"]
    # Custody ends on day 1,000 of year 3, not on day 1,200.
    saved = {
        "cost_public_year_3": -100 * (YEAR_3_ENDS - 1000.0),
        "cost_public_year_later": -100 * LATER,
        "cost_public": -18_031.90,
    }
    names = [*saved, "cost_public_year_1", "cost_public_year_2"]
    assert difference["Saved"][list(saved)].to_dict() == pytest.approx(saved, abs=PENNY)
    for filled in ("Filled", "From a day"):
        assert difference[filled][names].to_numpy() == pytest.approx(0.0, abs=PENNY)


@pytest.mark.parametrize("seed", range(60))
def test_years_add_up_to_the_whole_whatever_the_discount(seed):
    """As they are paid, pounds by year are those of the same story without a discount."""
    key = "discount_rate_percent"
    raw = generated(seed).model_dump(exclude_none=True)
    part = raw
    while part is not None:
        if "costs" in part:
            part["costs"][key] = {**part["costs"][key], "value": 0.0}
        part = part.get("before")
    undiscounted = type(generated(seed)).model_validate(raw)
    model = lower(generated(seed), Cohort.from_scenario(generated(seed)))
    plain = lower(undiscounted, Cohort.from_scenario(undiscounted))
    rate = model.tables.rules["discount"][0]
    ours, twin = (simulate(each, seed=seed, replication=0)[0].person for each in (model, plain))
    payers = slice(OutcomeColumn.COST, OutcomeColumn.COST + len(PAYERS))
    people = ours[:, OutcomeColumn.PEOPLE, None]
    assert np.all(ours[:, payers] <= twin[:, payers] + ROUNDED * people)
    assert rate > 0.0 or np.array_equal(ours, twin)
    found = {
        each.name: ours[:, list(each.columns)].sum(axis=1) - ours[:, list(each.less)].sum(axis=1)
        for each in TOTALS
    }
    wholes = {
        "cost_public": twin[:, payers][:, :-1].sum(axis=1),
        "cost_society": twin[:, payers][:, -1],
        "reoffences": twin[:, OutcomeColumn.REOFFENCES_TOTAL],
    }
    for name, whole in wholes.items():
        years = [found[f"{name}_{year}"] for year in YEARS]
        assert np.abs(np.sum(years, axis=0) - whole).max() <= ROUNDED * people.max()
        assert np.min(years) >= -ROUNDED * people.max()
    assert np.array_equal(found["reoffences_total"], wholes["reoffences"])


def test_generated_scenarios_have_all_that_is_tested_here():
    """Something of each year, discounted, in a scenario or another."""
    seen = np.zeros(len(OutcomeColumn))
    for seed in range(60):
        model = lower(generated(seed), Cohort.from_scenario(generated(seed)))
        seen += simulate(model, seed=seed, replication=0)[0].person[0, : len(OutcomeColumn)]
    rare = [each.name for each in OutcomeColumn if each < OutcomeColumn.PEOPLE and not seen[each]]
    assert rare == []
