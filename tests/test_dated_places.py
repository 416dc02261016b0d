"""Places and nights of a dated option are priced by the part of the time in which they hold."""

from __future__ import annotations

from typing import Any

import pytest

import pathsim as ps
from pathsim.scenario.model import Scenario

SAID = {"source": "made for a test", "grade": "definition"}
WINDOW = 200.0
AFTER_ALL = 10_000.0
BASELINE: dict[str, Any] = {
    **SAID,
    "title": "Places and nights",
    "cohort": {
        "kind": "rows",
        "rows": [
            {"people": 10, "disposal": "custody", "sentence_days": 150.0, "start_day": 0.0},
            {"people": 10, "disposal": "discharge"},
        ],
    },
    "follow_up": {
        "days": 365.0,
        "waiting_days": 0,
        "intake_days": WINDOW,
        "index": "disposal",
        "generations_before": 0,
    },
    "hazard": {"score": "none", "adult_level": 0.0, "youth_level": 0.0},
    "sentencing": {"disposals": {"fine": 1.0}, "custody_days": 0.0},
    "custody": {"capacity": 4, "elsewhere_night_gbp": {"hmpps": 100.0}},
    "services": {
        "a": {
            "title": "A",
            "trigger": {"disposals": ["discharge"]},
            "referral": 1.0,
            "duration_days": 5.0,
            "capacity": 2,
            "cost_per_place_year_gbp": 730.0,
            "payer": "pcc",
        },
    },
}
YEARS = WINDOW / 365.0
PRICE = "services.a.cost_per_place_year_gbp"
NIGHTS = 150  # midnights of 10 people, 6 of them elsewhere


def values(scenario: Scenario) -> dict[str, float]:
    table = ps.run(scenario, replications=1).table()
    all_people = table[table.group == "all"]
    return dict(zip(all_people.outcome, all_people["mean"], strict=True))


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return Scenario.model_validate(BASELINE)


@pytest.mark.filterwarnings("ignore:.*changes nothing:pathsim.errors.InputWarning")
@pytest.mark.parametrize(
    ("day", "share"),
    [(-10.0, 1.0), (0.0, 1.0), (50.0, 0.75), (100.0, 0.5), (200.0, 0.0), (AFTER_ALL, 0.0)],
)
def test_a_price_that_changes_within_the_window_costs_its_part_of_each(baseline, day, share):
    option = baseline.change("dearer", {PRICE: 1460.0}, from_day=day)
    expected = 2 * YEARS * (730.0 * (1 - share) + 1460.0 * share)
    assert values(option)["cost_pcc"] == pytest.approx(expected, rel=1e-12)


def test_a_payer_that_changes_within_the_window_pays_for_their_part(baseline):
    found = values(baseline.change("other payer", {"services.a.payer": "nhs"}, from_day=50.0))
    assert found["cost_pcc"] == pytest.approx(2 * YEARS * 730.0 * 0.25, rel=1e-12)
    assert found["cost_nhs"] == pytest.approx(2 * YEARS * 730.0 * 0.75, rel=1e-12)


def test_places_that_change_within_the_window_cost_and_count_for_their_part(baseline):
    before = values(baseline)
    option = values(baseline.change("more", {"services.a.capacity": 6}, from_day=100.0))
    assert option["cost_pcc"] == pytest.approx(4 * YEARS * 730.0, rel=1e-12)
    used = before["service.a.utilisation"]
    assert option["service.a.utilisation"] == pytest.approx(used / 2, rel=1e-12)


@pytest.mark.parametrize(
    ("change", "nights", "pounds"),
    [
        ({"custody.capacity": 7}, 100 * 6 + 50 * 3, 100.0 * (100 * 6 + 50 * 3)),
        ({"custody.capacity": "unlimited"}, 100 * 6, 100.0 * 100 * 6),
        ({"custody.elsewhere_night_gbp": {"hmpps": 300.0}}, 900, 100.0 * 600 + 300.0 * 300),
    ],
    ids=["more", "unlimited", "price"],
)
def test_a_night_elsewhere_is_counted_and_priced_by_its_midnight(baseline, change, nights, pounds):
    assert values(baseline)["custody_nights_elsewhere"] == 6 * NIGHTS
    found = values(baseline.change("from day 100", change, from_day=100.0))
    assert found["custody_nights_elsewhere"] == nights
    assert found["cost_hmpps"] == pounds


def test_a_limit_of_custody_from_a_day_on_counts_from_that_midnight(baseline):
    unlimited = baseline.change("no limit", {"custody.capacity": "unlimited"})
    assert values(unlimited)["custody_nights_elsewhere"] == 0
    found = values(unlimited.change("limit", {"custody.capacity": 4}, from_day=100.0))
    assert found["custody_nights_elsewhere"] == 50 * 6


@pytest.mark.parametrize("day", [0.1, 75.3, 199.9])
def test_a_dated_option_that_changes_nothing_costs_the_same_to_the_bit(baseline, day):
    dated = {**BASELINE, "title": "the same", "from_day": day, "before": baseline.model_dump()}
    same = Scenario.model_validate(dated)
    assert values(same) == pytest.approx(values(baseline), rel=0, abs=0, nan_ok=True)


def test_who_waits_for_a_place_of_its_own_is_not_admitted_once_the_service_is_in_a_pool(baseline):
    cohort = {
        "kind": "rows",
        "rows": [{"people": 6, "disposal": "discharge", "start_day": 0.0}],
    }
    alone = {**BASELINE["services"]["a"], "duration_days": 400.0, "cost_per_place_year_gbp": 0.0}
    before = {**BASELINE, "cohort": cohort, "services": {"a": alone}}
    after = {
        **before,
        "title": "into a pool",
        "from_day": 50.0,
        "before": Scenario.model_validate(before).model_dump(),
        "pools": {"room": {"capacity": 2}},
        "services": {"a": {**alone, "capacity": "unlimited", "pool": "room"}},
    }
    for engine in ("kernel", "reference"):
        table = ps.run(Scenario.model_validate(after), replications=1, engine=engine).table()
        starts = table[(table.outcome == "service.a.starts") & (table.group == "all")]
        assert starts["mean"].tolist() == [2.0]
