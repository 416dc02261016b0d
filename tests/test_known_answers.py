"""The engine, through the public API, meets formulas and agreed answers."""

import importlib
import math
from pathlib import Path

import pytest
import tomli_w

import pathsim as ps
from pathsim import theory

ROOT = Path(__file__).parents[1]
SCENARIOS = ROOT / "benchmarks" / "scenarios"

EXACT = 1e-9
"""Relative error of a sum over people of a number that is the same for all."""
AGREED = 3.0
"""Combined standard errors from an agreed answer; the seed is fixed."""
ERLANG_A = 3.0
"""Standard deviations of one run of M1, which are stated beside the answer."""
CLOSED_FORM = 4.0
"""Standard errors from a formula: a few dozen figures with one fixed seed."""

SEED = 7
PEOPLE, REPLICATIONS = 20_000, 20
"""400,000 person-years a scenario: an error of 0.2% of the hazard is seen."""
REVOLVING = 200
"""Replications of M2: our error is then about one and a half times that of the agreed answer."""
HAZARD = 0.002
YEAR = 365.0


def everybody(path, *, replications):
    run = ps.run(ps.load(path), replications=replications, seed=SEED, workers=1)
    table = run.table()
    return table[table["group"] == "all"].set_index("outcome")[["mean", "se"]]


@pytest.fixture
def run_model(tmp_path):
    """Return a function from sections that differ from the plainest model to its outcomes."""

    def run(*, row=None, **sections):
        plain = {
            "cohort": {"kind": "rows", "rows": [{"people": PEOPLE} | (row or {})]},
            "follow_up": {
                "days": YEAR,
                "waiting_days": 0,
                "intake_days": YEAR,
                "index": "disposal",
                "generations_before": 0,
            },
            "hazard": {"score": "none", "adult_level": HAZARD, "youth_level": HAZARD},
            "sentencing": {"disposals": {"fine": 1.0}, "custody_days": 0},
        }
        merged = {name: plain.get(name, {}) | sections.get(name, {}) for name in plain | sections}
        origin = {"title": "A textbook case", "source": "textbook", "grade": "definition"}
        path = tmp_path / "scenario.toml"
        path.write_text(tomli_w.dumps(origin | merged), encoding="utf-8")
        return everybody(path, replications=REPLICATIONS)

    return run


def check(outcomes, **expected):
    for name, value in expected.items():
        mean, se = outcomes.loc[name]
        assert se > 0, name
        assert abs(mean - value) <= CLOSED_FORM * se, (name, mean, value, se)


# Queues


@pytest.fixture(scope="module")
def m1():
    return everybody(SCENARIOS / "m1.toml", replications=1)["mean"]


def test_m1_meets_erlang_a(m1):
    known = theory.erlang_a(arrivals=1.0, servers=18, service=20.0, patience=30.0)
    reneged = m1["service.tag.reneged"] / 1_000_000
    assert reneged == pytest.approx(known.reneged, abs=ERLANG_A * 0.0013)
    queue = m1["service.tag.mean_queue"]
    assert queue == pytest.approx(known.mean_queue, abs=ERLANG_A * 0.047)
    utilisation = m1["service.tag.utilisation"]
    assert utilisation == pytest.approx(known.utilisation, abs=ERLANG_A * 0.0008)


def test_m1_waits_as_erlang_a_says_of_the_served(m1):
    known = theory.erlang_a(arrivals=1.0, servers=18, service=20.0, patience=30.0)
    # The mean wait and the mean queue vary together, as one arrival comes a day.
    wait = m1["service.tag.mean_wait_days"]
    assert wait == pytest.approx(known.mean_wait_served, abs=ERLANG_A * 0.047)


def test_m1_serves_or_loses_everybody(m1):
    assert m1["service.tag.starts"] + m1["service.tag.reneged"] == 1_000_000


# The revolving door


@pytest.fixture
def engines(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    return importlib.import_module("benchmarks.engines")


@pytest.mark.parametrize("model", ["m2", "m2u"])
def test_the_revolving_door_meets_its_agreed_answer(engines, model):
    figures = engines.pathsim(model, replications=REVOLVING, seed=SEED)
    assert engines.misses(model, figures, multiple=AGREED) == []


def test_the_agreed_answer_tells_a_forgotten_homeless_ratio(engines, monkeypatch, tmp_path):
    forgotten = {
        "extends": str(SCENARIOS / "m2.toml"),
        "title": "M2 without its homeless ratio",
        "hazard": {"source": "textbook", "homeless_ratio": 1.0},
    }
    (tmp_path / "m2.toml").write_text(tomli_w.dumps(forgotten), encoding="utf-8")
    monkeypatch.setattr(engines, "SCENARIOS", tmp_path)
    figures = engines.pathsim("m2", replications=REVOLVING, seed=SEED)
    missed = {line.split(":")[0] for line in engines.misses("m2", figures, multiple=AGREED)}
    assert {"proven_reoffending_rate", "reoffences_per_person"} <= missed


# A person's hazard


def test_a_constant_hazard_is_a_poisson_process(run_model):
    outcomes, total = run_model(), HAZARD * YEAR
    ever = -math.expm1(-total)
    check(
        outcomes,
        proven_reoffending_rate=ever,
        reoffences_per_person=total,
        reoffences_from_sentence_per_person=total,
        reoffences_per_reoffender=total / ever,
        days_to_first_reoffence=1 / HAZARD - YEAR * (1 - ever) / ever,
    )


def test_unobserved_differences_are_a_lognormal_mixture(run_model):
    outcomes = run_model(hazard={"frailty_sigma": 0.8})
    check(
        outcomes,
        proven_reoffending_rate=theory.frail_event_share(HAZARD * YEAR, sigma=0.8),
        reoffences_per_person=theory.frail_expected_events(HAZARD * YEAR, sigma=0.8),
    )


def check_pieces(outcomes, from_days, hazards):
    expected = theory.cumulative_hazard(from_days, hazards, days=YEAR)
    check(outcomes, proven_reoffending_rate=-math.expm1(-expected), reoffences_per_person=expected)


def test_a_hazard_that_changes_with_time_adds_up_its_steps(run_model):
    shape = {"from_days": [0, 60, 200], "ratios": [2.0, 1.0, 0.5]}
    outcomes = run_model(hazard={"shape": shape})
    check_pieces(outcomes, [0.0, 60.0, 200.0], [2 * HAZARD, HAZARD, 0.5 * HAZARD])


def test_a_service_multiplies_the_hazard_for_part_of_the_year(run_model):
    service = {
        "title": "A service with an effect that lasts",
        "trigger": {"disposals": ["community_order"]},
        "referral": 1,
        "duration_days": 100,
        "hazard_ratio": 0.4,
        "after_ratio": 0.7,
        "after_days": 60,
    }
    outcomes = run_model(services={"course": service})
    check_pieces(outcomes, [0.0, 100.0, 160.0], [0.4 * HAZARD, 0.7 * HAZARD, HAZARD])
    assert outcomes.loc["service.course.starts", "mean"] == PEOPLE


# Custody


def test_nobody_reoffends_in_custody(run_model):
    outcomes = run_model(row={"disposal": "custody", "sentence_days": 90})
    check_pieces(outcomes, [0.0, 90.0], [0.0, HAZARD])
    assert outcomes.loc["days_in_custody_per_person", "mean"] == pytest.approx(90.0, rel=EXACT)


def test_the_official_clock_starts_at_release_and_the_other_at_the_sentence(run_model):
    outcomes = run_model(
        row={"disposal": "custody", "sentence_days": 90}, follow_up={"index": "release"}
    )
    check_pieces(outcomes, [0.0], [HAZARD])
    check(outcomes, reoffences_from_sentence_per_person=HAZARD * (YEAR - 90))
    assert outcomes.loc["days_in_custody_per_person", "mean"] == pytest.approx(90.0, rel=EXACT)


def test_custody_in_between_stops_the_clock_for_its_fixed_time(run_model):
    outcomes = run_model(sentencing={"disposals": {"custody": 1.0}, "custody_days": 40})
    expected = theory.expected_events_with_gap(hazard=HAZARD, gap=40.0, days=YEAR)
    check(
        outcomes,
        proven_reoffending_rate=-math.expm1(-HAZARD * YEAR),
        reoffences_per_person=expected,
        # Reoffences come at the hazard's rate for each day at liberty.
        days_in_custody_per_person=YEAR - expected / HAZARD,
    )


def test_custody_and_liberty_alternate_as_a_two_state_renewal_process(run_model):
    mean = {"kind": "exponential", "mean": 50}
    outcomes = run_model(sentencing={"disposals": {"custody": 1.0}, "custody_days": mean})
    rates = {"to_on": HAZARD, "to_off": 1 / 50, "starts_on": False}
    check(
        outcomes,
        reoffences_per_person=theory.expected_on_periods(YEAR, **rates),
        days_in_custody_per_person=theory.expected_on_days(YEAR, **rates),
    )


# Accommodation

RATES = [[0.0, 0.002, 0.001], [0.010, 0.0, 0.004], [0.008, 0.015, 0.0]]
"""A day, between settled, temporary and homeless."""
CHAIN = {
    "settled_to_temporary_per_day": 0.002,
    "settled_to_homeless_per_day": 0.001,
    "temporary_to_settled_per_day": 0.010,
    "temporary_to_homeless_per_day": 0.004,
    "homeless_to_settled_per_day": 0.008,
    "homeless_to_temporary_per_day": 0.015,
}
SETTLED = {"settled": 1.0}
MIXED, MIXED_SHARES = {"settled": 0.6, "temporary": 0.1, "homeless": 0.3}, [0.6, 0.1, 0.3]


def test_accommodation_is_the_markov_chain_of_its_rates(run_model):
    outcomes = run_model(
        accommodation={"at_disposal": MIXED, "on_release": SETTLED} | CHAIN,
        hazard={"temporary_ratio": 1.3, "homeless_ratio": 2.0},
    )
    settled, temporary, homeless = theory.expected_days(RATES, start=MIXED_SHARES, days=YEAR)
    check(
        outcomes,
        days_homeless_per_person=homeless,
        reoffences_per_person=HAZARD * (settled + 1.3 * temporary + 2.0 * homeless),
    )


def test_accommodation_after_custody_starts_from_the_shares_at_release(run_model):
    outcomes = run_model(
        row={"disposal": "custody", "sentence_days": 60},
        accommodation={"at_disposal": SETTLED, "on_release": MIXED} | CHAIN,
        hazard={"adult_level": 0, "youth_level": 0},
    )
    left = theory.expected_days(RATES, start=MIXED_SHARES, days=YEAR - 60)
    check(outcomes, days_homeless_per_person=left[2])
