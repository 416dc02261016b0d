"""A scenario shows itself on one line, and as a short table in a notebook."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathsim.scenario import Scenario, load

DATA = Path(__file__).parent / "data" / "scenarios"


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return load(DATA / "baseline.toml")


def test_a_scenario_is_one_line_in_a_shell(baseline: Scenario) -> None:
    assert repr(baseline) == "<Scenario 'Small baseline': 120 people, 3 services, 1 pool>"
    assert str(baseline) == repr(baseline)


def test_the_line_says_from_which_day_an_option_holds(baseline: Scenario) -> None:
    later = baseline.change("Later", {"services.gps_tag.capacity": 36}, from_day=90)
    assert repr(later) == "<Scenario 'Later': 120 people, 3 services, 1 pool, from day 90>"
    assert "from day 90, until then Small baseline." in later._repr_html_()


def test_the_line_names_sampled_and_tabled_people(baseline: Scenario) -> None:
    sampled = {
        "kind": "pnc_2021",
        "source": "x",
        "adults": 4500,
        "youths": 210,
        "need_prevalence": dict.fromkeys(
            ("accommodation", "employment", "health", "drugs_alcohol", "finance", "family"), 0.2
        )
        | {"attitudes": 0.5},
        "need_correlation": 0.2,
        "need_risk_correlation": 0.2,
        "domestic_abuse_share": 0.3,
    }
    assert "4,500 adults and 210 youths" in repr(baseline.change("S", {"cohort": sampled}))
    tabled = baseline.change("T", {"cohort": {"kind": "table", "file": "/some/where/mine.csv"}})
    assert "people of mine.csv" in repr(tabled)


def test_the_summary_has_a_row_for_each_service(baseline: Scenario) -> None:
    page = baseline._repr_html_()
    assert page.count("<tr>") == 1 + len(baseline.services)
    assert (
        "<tr><td>GPS tag</td><td>18</td><td>90</td><td>0.75</td><td>£13.82 a day</td>"
        "<td>definition</td></tr>"
    ) in page
    assert (
        "<tr><td>IOM, fixed</td><td>74 shared (iom)</td>"
        "<td>triangular(low=90, mode=180, high=365)</td><td>1</td><td>none</td>"
    ) in page
    assert "<td>unlimited</td><td>exponential(mean=120)</td>" in page


def test_the_summary_escapes_what_the_file_says(baseline: Scenario) -> None:
    overrides = {"description": "<script>", "services.gps_tag.title": "<i>tag</i>"}
    page = baseline.change("<b>&", {**overrides, "hazard.adult_level": 0.1})._repr_html_()
    assert "<h3>&lt;b&gt;&amp;</h3>" in page
    assert "<p>&lt;script&gt;</p>" in page
    assert "<td>&lt;i&gt;tag&lt;/i&gt;</td>" in page
