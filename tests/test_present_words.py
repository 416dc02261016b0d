"""Numbers as people read them."""

import math

import pytest

from pathsim.present.rows import (
    cost_differences,
    headline_differences,
    load_differences,
    load_means,
)
from pathsim.present.words import chance, seconds, style, times
from small_scenario import made_up_comparison

DASH = "\N{EN DASH}"


@pytest.mark.parametrize(
    ("unit", "level", "low", "high", "written"),
    [
        ("share", 0.2213, -0.0062, -0.0008, ("22.13%", "-0.62 pp", "-0.62 to -0.08")),
        ("number", 0.652, -0.0013, 0.0002, ("0.6520", "-0.0013", "-0.0013 to +0.0002")),
        ("days", 160.04, -4.7, -4.1, ("160.0", "-4.7", "-4.7 to -4.1")),
        ("number", 1386, -1306, -1151, ("1,386", "-1,306", "-1,306 to -1,151")),
        ("gbp", 78951234, -1999000, 5, ("£78,951k", "-£1,999k", "-£1,999k to £0k")),
        ("gbp", 78951234, -1999, 5, ("£78,951,234", "-£1,999", "-£1,999 to +£5")),
        ("gbp", 4100, -20, 5, ("£4,100", "-£20", "-£20 to +£5")),
    ],
)
def test_a_row_is_written_alike_throughout(unit, level, low, high, written):
    how = style(unit, level, low, high)
    assert (how.value(level), how.difference(low), how.interval(low, high)) == written


def test_a_level_alone_has_three_significant_digits():
    assert style("share", 0.22134).value(0.22134) == "22.1%"
    assert style("number", 0.65193).value(0.65193) == "0.652"
    assert style("number", 1386.4).value(1386.4) == "1,386"
    assert style("number", 0).value(0) == "0"


def test_what_rounds_to_nothing_has_no_sign():
    assert style("gbp", 100, 5).difference(-0.2) == "£0"


def test_the_undefined_is_a_dash():
    how = style("days", math.nan, math.nan)
    assert (how.value(math.nan), how.interval(math.nan, 1)) == (DASH, DASH)
    assert (chance(math.nan), times(math.nan)) == (DASH, DASH)


def test_chances_factors_and_times():
    assert (chance(0.975), times(3.14), seconds(7.04), seconds(125)) == (
        "98%",
        "3.1x",
        "7.0 s",
        "2 min 5 s",
    )


def test_a_large_factor_has_two_digits():
    assert (times(640.2), times(8_879_593.3)) == ("640x", "8,900,000x")


def test_an_option_that_never_differed_says_in_how_many_replications(tmp_path):
    result = made_up_comparison(tmp_path)
    rows = {words.outcome: words for words in headline_differences(result.options[1])}
    rate = rows["Proven reoffending rate"]
    most = 100 * (1 - 0.05 ** (1 / result.provenance["replications"]))
    assert rate.interval == f"none in {result.provenance['replications']} (<{most:.2g}%)"
    assert (rate.chance_better, rate.variance_ratio) == ("50%", DASH)
    assert rate.difference.startswith("0")


def test_headline_rows_of_an_option_in_words(tmp_path):
    option = made_up_comparison(tmp_path).options[0]
    rows = {row.outcome: row for row in headline_differences(option)}
    assert rows["Proven reoffending rate"].difference == "-2.0 pp"
    assert rows["Proven reoffending rate"].chance_better == "100%"
    assert rows["Cost, total of both"].difference == "+£1,500"
    assert rows["Days in custody per person"].chance_better == DASH
    loads = {row.outcome: row for row in load_differences(option)["Mentor [mentor]"]}
    assert loads["starts"][1:4] == ("30.0", "32.0", "+2.0")
    assert [row.outcome for row in cost_differences(option)] == [
        "Cost: police",
        "Cost: public purse",
        "Cost, total of both",
    ]


def test_the_load_on_services_in_words(tmp_path):
    assert load_means(made_up_comparison(tmp_path).baseline) == {
        "Mentor [mentor]": ["30.0", "10.0", "0", "80%"]
    }
