"""Published ratios stand beside what this version finds; `make ratios` renews them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from docs import ratios

from pathsim.study.calibration.pages import around

SHOWN = ratios.programmes()
TRIED = "womens-centre"
"""Of all options: a service that is opened, with a price a start."""


@pytest.fixture(scope="module")
def lines():
    before, after = around(ratios.PAGE, ratios.MARKS)
    text = ratios.PAGE.read_text(encoding="utf-8")
    return text.removeprefix("".join(before)).removesuffix("".join(after)).splitlines()


def test_the_section_is_made_from_the_scenarios_and_figures_as_they_are(lines):
    assert any(ratios.inputs(SHOWN) in line for line in lines), "make ratios"


def test_every_published_ratio_is_on_the_page_with_what_it_counts(lines):
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines if "|" in line][2:]
    assert [(cells[0], cells[1], cells[4], cells[5], cells[6]) for cells in rows] == [
        (
            each.name,
            f"{each.published} ({each.source})",
            ratios.IN_WORDS[each.books, each.crimes],
            f"{each.counts}.",
            f"{each.why}.",
        )
        for each in SHOWN
    ]


def test_at_least_five_programmes_are_held_beside_options_of_dorset():
    assert len({each.option for each in SHOWN}) >= 5
    assert all((ratios.DORSET / f"{each.option}.toml").exists() for each in SHOWN)


def test_a_row_is_what_this_version_finds(lines):
    (tried,) = (each for each in SHOWN if each.option == TRIED)
    found = ratios.find([tried])[tried.option, tried.crimes]
    assert ratios.line(tried, found) in lines, "make ratios"


def test_what_is_spent_and_saved_by_hand():
    """300 pounds more with its price and 100 less without: 400 are spent."""
    found = ratios.between(300.0, -100.0, {"both": (-1000.0, -1200.0, -800.0)})
    assert found.spent == 400.0
    assert found.saved["both"] == (1000.0, 800.0, 1200.0)
    assert found.ratio("both") == (2.5, 2.0, 3.0)
    row = ratios.line(replace(SHOWN[0], books="both"), found)
    assert "| 2.50 (2.00 to 3.00) | 0.4 |" in row


def test_the_priced_and_the_free_scenario_differ_in_prices_alone():
    baseline = ratios.ps.load(ratios.BASELINE)
    prices = ratios._no_price(baseline)
    services = {name for each in SHOWN for name in each.services}
    assert {key.split(".")[1] for key in prices} == services
    (free,) = ratios._changed([baseline], "free", prices)
    for name in services:
        assert all(getattr(free.services[name], price).value == 0.0 for price in ratios.PRICES)
