"""Numbers as people read them."""

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from pathsim.present.rows import (
    cost_differences,
    headline_differences,
    load_differences,
    load_means,
)
from pathsim.present.words import (
    Style,
    better_words,
    chance,
    difference_words,
    mean_words,
    money,
    seconds,
    style,
)
from small_scenario import made_up_comparison

DASH = "\N{EN DASH}"
CHANCES = ("probability_better", "share_of_years_better")


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


def test_a_level_has_four_digits_however_small_the_difference():
    how = style("share", 0.4213, 0.00012)
    assert (how.value(0.4213), how.difference(0.00012)) == ("42.13%", "+0.012 pp")
    assert style("gbp", 1_000_000, 0.5).value(1_000_000) == "£1,000,000"
    assert money([2e6], [20_000.0, 0.0]).difference(20_000.0) == "+£20k"


def numbers(**found: float) -> dict[str, np.ndarray]:
    names = ("low", "difference", "high", "same_in", "differs_at_most", *CHANCES)
    known = dict.fromkeys(names, math.nan) | found
    return {name: np.array([value]) for name, value in known.items()}


def test_where_the_baseline_has_no_value_the_options_is_the_level():
    option: Any = SimpleNamespace(
        rows=[("days_to_first_reoffence", "all")],
        columns=lambda: numbers(baseline=math.nan, option=12.3456),
    )
    assert difference_words(option, 0)[1:4] == (DASH, "12.3", DASH)
    option.columns = lambda: numbers(baseline=1.2345, option=1234.5)
    assert difference_words(option, 0)[1:3] == ("1.23", "1,234.50")


def test_the_chance_over_states_and_the_years_stand_side_by_side():
    def words(**found: float) -> Any:
        rows = [("days_to_first_reoffence", "all")]
        option: Any = SimpleNamespace(
            rows=rows, columns=lambda: numbers(baseline=1.0, option=2.0, **found)
        )
        return difference_words(option, 0)

    both = words(probability_better=0.93, share_of_years_better=0.61)
    assert (both.chance_better, both.years_better) == ("93%", "61%")
    luck = words(share_of_years_better=0.61)
    assert (luck.chance_better, luck.years_better) == (DASH, "61%")
    assert words()[-2:] == (DASH, DASH)


@pytest.mark.parametrize(
    ("outcome", "low", "high", "written"),
    [
        ("cost_nhs", 1.8e6, 2.2e6, ("£2,000k", "£1,800k to £2,200k")),
        ("cost_nhs", 1.8e6, math.nan, ("£2,000k", DASH)),
        ("days_to_first_reoffence", 1.8e6, 2.2e6, ("2,000,000", "1,800,000 to 2,200,000")),
    ],
)
def test_a_mean_is_written_as_the_money_of_its_table_if_it_is_money(outcome, low, high, written):
    run: Any = SimpleNamespace(
        values=SimpleNamespace(rows=[(outcome, "all")]),
        columns=lambda: numbers(mean=2e6, low=low, high=high),
    )
    thousands = money([2e6], [2e6])
    assert mean_words(run, 0, amounts=thousands)[1:] == written
    in_pounds = Style(1.0, 0, 0, "£", "", "")
    if outcome == "cost_nhs":
        assert mean_words(run, 0, amounts=in_pounds).mean == "£2,000,000"
        assert mean_words(run, 0).mean == "£2,000k"


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
    assert chance(math.nan) == DASH


def test_chances_and_times():
    assert (chance(0.975), seconds(7.04), seconds(125)) == ("98%", "7.0 s", "2 min 5 s")


@pytest.mark.parametrize(
    ("probability", "years", "written"),
    [
        (0.926, 0.611, "93% better"),
        (math.nan, 0.611, "better in 61% of years"),
        (math.nan, math.nan, ""),
        (0.0, 0.5, "0% better"),
    ],
)
def test_beside_a_mark_stands_the_chance_or_else_the_years(probability, years, written):
    known = dict(zip(CHANCES, (probability, years), strict=True))
    assert better_words(known) == written


def test_the_interval_of_a_share_is_written_within_what_a_share_can_be(tmp_path):
    result = made_up_comparison(tmp_path).baseline
    row = result.rows.index(("proven_reoffending_rate", "all"))

    def written(mean, low, high):
        found = result.estimates
        changed = {"mean": found.mean, "low": found.low, "high": found.high}
        for name, number in (("mean", mean), ("low", low), ("high", high)):
            changed[name] = changed[name].copy()
            changed[name][row] = number
        levels = result.levels._replace(estimates=found._replace(**changed))
        return mean_words(replace(result, levels=levels), row).interval

    assert written(0.9, 0.7, 1.1) == "70.0% to 100.0%"
    assert written(0.05, -0.1, 0.2) == "0.00% to 20.00%"
    assert written(0.5, 0.4, 0.6) == "40.0% to 60.0%"


def test_an_option_that_never_differed_says_in_how_many_replications(tmp_path):
    result = made_up_comparison(tmp_path)
    rows = {words.outcome: words for words in headline_differences(result.options[1])}
    rate = rows["Proven reoffending rate"]
    most = 100 * (1 - 0.05 ** (1 / result.provenance["replications"]))
    assert rate.interval == f"none in {result.provenance['replications']} (<{most:.2g}%)"
    assert (rate.chance_better, rate.years_better) == (DASH, "the same")
    assert rate.difference.startswith("0")


def test_headline_rows_of_an_option_in_words(tmp_path):
    option = made_up_comparison(tmp_path).options[0]
    rows = {row.outcome: row for row in headline_differences(option)}
    assert rows["Proven reoffending rate"].difference == "-2.0 pp"
    assert rows["Proven reoffending rate"].years_better == "100%"
    assert rows["Proven reoffending rate"].chance_better == DASH, "there are no states"
    assert rows["Cost, total of both"].difference == "+£1,500"
    assert rows["Days in custody per person"].years_better == DASH
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
