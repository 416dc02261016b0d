"""Where one way of writing a number ends and another begins; the picture; progress."""

from __future__ import annotations

import io
import math

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from rich.console import Console

from pathsim.errors import InputError
from pathsim.present import plots
from pathsim.present.columns import columns_page, columns_table
from pathsim.present.output import log_outbox, write_log
from pathsim.present.progress import shown_progress
from pathsim.present.rows import cost_means, group_differences, headline_means, overview
from pathsim.present.table import run_tables
from pathsim.present.words import (
    Style,
    chance,
    interval_words,
    load_words,
    money,
    seconds,
    style,
)
from small_scenario import made_up_comparison

DASH = "\N{EN DASH}"


@pytest.mark.parametrize(
    ("number", "written"),
    [
        *((59.9, "59.9 s"), (60, "1 min 0 s"), (61, "1 min 1 s"), (3599, "59 min 59 s")),
        *((0, "0.0 s"), (59.97, "1 min 0 s"), (119.7, "2 min 0 s")),
    ],
)
def test_times_at_their_edges(number, written):
    assert seconds(number) == written


@pytest.mark.parametrize(
    ("level", "spread", "written"),
    [
        (999_999, 10_000, "£999,999"),
        (1_000_000, 10_000, "£1,000k"),
        (1_000_000, 9_999, "£1,000,000"),
        (-1_000_000, 10_000, "-£1,000k"),
        (1_000_000, 0, "£1,000k"),  # no difference is none that could be too small to see
        (1_000_000, math.nan, "£1,000k"),
    ],
)
def test_pounds_become_thousands(level, spread, written):
    assert style("gbp", level, spread, -spread).value(level) == written


@pytest.mark.parametrize(
    ("unit", "level", "spread", "written"),
    [
        ("number", 0.012345, 0.1, ("0.01", "+0.10")),
        ("number", 12.345, 0.0123, ("12.35", "+0.012")),
        ("number", 1.0, 1.0, ("1.0", "+1.0")),
        ("number", 9.994, 0.0, ("9.99", "0.00")),
        ("number", 0.00000123, 0.0, ("0.00000", "0.00000")),
        ("share", 1.0, 0.1, ("100%", "+10 pp")),
        ("share", 0.1, 0.01, ("10.0%", "+1.0 pp")),
        ("share", 0.099, 0.0099, ("9.90%", "+0.99 pp")),
        ("days", 0.0, 0.0, ("0", "0")),
    ],
)
def test_digits_follow_the_largest_difference_or_the_level(unit, level, spread, written):
    how = style(unit, level, spread, -spread / 2)
    assert (how.value(level), how.difference(spread)) == written


def test_a_sign_is_of_what_is_shown():
    how = Style(1.0, 0, 1, "", "", " pp")
    assert [how.difference(x) for x in (0.04, -0.04, 0.05001, -0.06)] == [
        "0.0 pp",
        "0.0 pp",
        "+0.1 pp",
        "-0.1 pp",
    ]
    assert [how.value(x) for x in (-1.0, 0.0, 1.0)] == ["-1", "0", "1"]


def test_an_interval_says_the_unit_only_where_it_is_part_of_the_number():
    assert Style(1.0, 0, 1, "", "", " pp").interval(-1, 2) == "-1.0 to +2.0"
    assert Style(1e-3, 0, 0, "£", "k", "k").interval(-1000, 2000) == "-£1k to +£2k"
    for low, high in ((math.nan, 1), (1, math.nan), (-math.inf, 1), (1, math.inf)):
        assert Style(1.0, 0, 1, "", "", "").interval(low, high) == DASH


def test_amounts_of_a_table_are_in_one_unit():
    assert money([999_999.0], [20_000.0]).value(999_999) == "£999,999"
    assert money([1e6, 5.0], [20_000.0, 0.0]).value(1e6) == "£1,000.0k"  # £5 is still to be seen
    assert money([1e6, 10_000.0], [10_000.0]).value(1e6) == "£1,000k"
    assert money([1e6], [9_999.0, -3.0]).value(1e6) == "£1,000,000"
    assert money([-1e6], [10_000.0]).value(-1e6) == "-£1,000k"
    both = money([2e6, 0.0, math.nan, 20_000.0], [20_000.0, 0.0, math.nan, -500.0])
    assert (both.value(2e6), both.difference(-500.0)) == ("£2,000k", "-£0.5k")
    assert money([], []).value(3.0) == "£3"
    assert money([2e6]).difference(30_000.0) == "+£30k"
    assert money([math.nan], [math.nan]).value(1.0) == "£1"


def test_loads_are_written_with_the_same_decimals():
    assert [load_words(x, "number") for x in (0.0, 0.04, 1234.56, math.nan)] == [
        "0",
        "0.0",
        "1,234.6",
        DASH,
    ]
    assert [load_words(x, "share") for x in (0.0, 0.804, 1.0)] == ["0%", "80%", "100%"]
    assert (chance(0.0), chance(1.0), chance(0.004)) == ("0%", "100%", "0%")


def test_no_difference_says_in_how_many_replications():
    numbers = {"same_in": 1234.0, "differs_at_most": 0.0245, "low": 0.0, "high": 0.0}
    numbers["difference"] = 0.0
    assert interval_words(numbers, style("days", 1.0)) == "none in 1,234 (<2.5%)"
    alike = numbers | {"difference": -3.0}
    assert interval_words(alike, style("days", 1.0)) == "same in 1,234 (<2.5%)"
    other = numbers | {"same_in": math.nan}
    assert interval_words(other, style("days", 1.0)) == "0.00 to 0.00"


@pytest.fixture
def result(tmp_path):
    return made_up_comparison(tmp_path)


def test_the_means_of_a_run_in_words(result):
    costs = {row.outcome: row[1:] for row in cost_means(result.baseline)}
    assert list(costs) == ["Cost: police", "Cost: public purse", "Cost, total of both"]
    assert costs["Cost, total of both"][0] == "£20,000k"
    rows = {row.outcome: row[1:] for row in headline_means(result.baseline)}
    assert rows["Proven reoffending rate"] == ("42.5%", "40.5% to 44.5%")


def test_the_differences_by_group_have_the_sizes_of_the_groups(result):
    found = group_differences(result.options[0], "proven_reoffending_rate")
    sizes = [(group, size) for group, size, _ in found]
    assert sizes == [("all", "100"), ("sex=male", "60"), ("sex=female", "40")]
    assert found[0][2].difference == "-2.0 pp"


def test_an_overview_has_each_option_in_order_and_money_in_one_unit(result):
    rows = overview(result, ("proven_reoffending_rate", "cost_total"))
    assert [[words.outcome for words in row] for row in rows] == [
        ["Proven reoffending rate", "Cost, total of both"]
    ] * 2
    assert [row[1].difference for row in rows] == ["+£1,500", "£0"]
    assert [row[1].baseline for row in rows] == ["£20,000,000"] * 2


def drawn(result, outcome, **more):
    return plots.draw_difference(result, outcome=outcome, ax=Figure().add_subplot(), **more)


def test_the_picture_has_a_row_for_each_option_the_first_on_top(result):
    axes = drawn(result, "proven_reoffending_rate")
    assert axes.get_ylim() == (1.5, -0.5)
    assert list(axes.get_yticks()) == [0, 1]
    assert axes.get_title(loc="left") == "Proven reoffending rate"
    assert axes.get_title() == ""
    assert axes.get_xlabel() == "option minus baseline, percentage points (lower is better)"
    assert [axes.spines[side].get_visible() for side in ("top", "right", "left", "bottom")] == [
        False,
        False,
        False,
        True,
    ]
    assert [text.xy for text in axes.texts] == [(1.01, 0), (1.01, 1)]


@pytest.mark.parametrize(
    ("replications", "colour", "face"),
    [(6, plots._UNCLEAR, "white"), (59, plots._BETTER, plots._BETTER)],
)
def test_the_marks_of_the_picture_are_at_the_figures_and_filled_where_clear(
    tmp_path, replications, colour, face
):
    """The same in 59 replications: in fewer than 5% may it yet be another."""
    result = made_up_comparison(tmp_path, replications=replications)
    axes = drawn(result, "proven_reoffending_rate")
    line, mark, nothing_line, nothing, zero = axes.get_lines()
    assert list(zero.get_xdata()) == [0.0, 0.0]
    assert np.isnan(line.get_xdata()).all()
    assert list(line.get_ydata()) == [0, 0]
    assert list(mark.get_xdata()) == pytest.approx([-2.0])
    assert (mark.get_color(), mark.get_markerfacecolor()) == (colour, face)
    assert list(nothing_line.get_ydata()) == [1, 1]
    assert (nothing.get_color(), nothing.get_markerfacecolor()) == (plots._UNCLEAR, "white")


def test_what_costs_more_is_worse_and_pounds_are_drawn_as_pounds(tmp_path):
    axes = drawn(made_up_comparison(tmp_path, replications=100), "cost_total")
    mark = axes.get_lines()[1]
    assert list(mark.get_xdata()) == pytest.approx([1500.0])
    assert mark.get_color() == plots._WORSE
    assert axes.get_xlabel() == "option minus baseline, £ (lower is better)"
    assert axes.xaxis.get_major_formatter()(20_000) == "£20k"


def test_the_picture_says_where_higher_is_better(result):
    axes = drawn(result, "days_to_first_reoffence")
    assert axes.get_xlabel() == "option minus baseline, days (higher is better)"


def test_an_outcome_without_a_better_side_has_no_colour(result):
    axes = drawn(result, "service.mentor.starts")
    assert axes.get_lines()[1].get_color() == plots._UNCLEAR
    assert axes.get_xlabel() == "option minus baseline (no direction is better)"


def test_a_group_is_named_in_the_title(result):
    axes = drawn(result, "proven_reoffending_rate", group="sex=male")
    assert axes.get_title(loc="left") == "Proven reoffending rate, sex=male"


def test_a_result_draws_the_group_that_is_asked_for_where_it_is_asked(result):
    axes = Figure().add_subplot()
    assert result.plot.difference("cost_total", group="sex=female", ax=axes) is axes
    assert axes.get_title(loc="left") == "Cost, total of both, sex=female"


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (9_999, "£9,999"),
        (10_000, "£10k"),
        (-9_999, "-£9,999"),
        (-10_000, "-£10k"),
        (0, "£0"),
        (1_234_567, "£1,235k"),
    ],
)
def test_the_axis_of_pounds(amount, written):
    assert plots._pounds(amount) == written


def test_a_long_title_is_folded_and_a_dollar_starts_no_formula():
    assert plots._fold("a" * 34 + " b") == "a" * 34 + "\nb"
    assert plots._fold("a" * 32 + " b") == "a" * 32 + " b"
    assert plots._fold("$5") == r"\$5"


def test_the_picture_as_svg_is_the_same_for_the_same_result_and_has_no_date(result):
    one, other = (plots.difference_svg(result, outcome="cost_total") for _ in range(2))
    assert one == other
    assert "<dc:date>" not in one
    assert 'width="648pt" height="151.2pt"' in one


def test_the_words_of_the_picture(result):
    words = plots.difference_words(result, outcome="service.mentor.starts")
    assert words == (
        "Mentor: starts, option minus baseline with 95% interval. "
        "More <mentors> & more: +2.0 (same in 6 (<39%)); The same again: 0.0 (none in 6 (<39%))."
    ).replace("Mentor: starts", plots.meaning("service.mentor.starts").title)


def lines_of(total, steps):
    said = io.StringIO()
    with shown_progress(Console(file=said, force_terminal=False)) as show:
        for done in steps:
            show(done, total)
    return said.getvalue().splitlines()


def test_elsewhere_than_on_a_terminal_progress_is_a_line_at_every_quarter():
    assert lines_of(8, range(9)) == [
        "8 replications; starting the engine",
        "2 of 8 replications",
        "4 of 8 replications",
        "6 of 8 replications",
        "8 of 8 replications",
    ]
    assert lines_of(2, range(3))[1:] == ["1 of 2 replications", "2 of 2 replications"]
    assert lines_of(100, [0, 24, 25, 26, 49, 90, 100])[1:] == [
        "25 of 100 replications",
        "90 of 100 replications",
        "100 of 100 replications",
    ]


def test_on_a_terminal_progress_is_a_bar_that_says_what_is_done():
    said = io.StringIO()
    with shown_progress(Console(file=said, force_terminal=True, width=100)) as show:
        show(0, 8)
        show(3, 8)
    shown = said.getvalue()
    assert "simulating" in shown
    assert "3/8" in shown
    assert "replications" not in shown


def test_the_first_column_of_the_shells_table_is_never_broken():
    table = columns_table()
    assert [column.no_wrap for column in table.columns] == [True] + [False] * (
        len(table.columns) - 1
    )
    assert not table.pad_edge
    assert table.row_count == sum(line.startswith("| `") for line in columns_page().splitlines())


def test_a_log_is_written_by_its_suffix_without_row_numbers(tmp_path):
    events = pd.DataFrame({"day": [1, 2], "event": ["=one", "two"]})
    write_log(events, tmp_path / "log.csv")
    assert (tmp_path / "log.csv").read_bytes().splitlines()[0] == b"day,event"
    write_log(events, tmp_path / "log.parquet")
    assert pd.read_parquet(tmp_path / "log.parquet").columns.tolist() == ["day", "event"]
    assert b"\r" not in (tmp_path / "log.csv").read_bytes()


def test_a_log_has_a_known_suffix_and_a_file_of_its_own(tmp_path):
    with pytest.raises(InputError, match=r"log\.txt: has no known suffix for a log.*\.csv or"):
        log_outbox(tmp_path / "log.txt")
    (tmp_path / "log.csv").mkdir()
    with pytest.raises(InputError, match="is a folder, not a file"):
        log_outbox(tmp_path / "log.csv")
    assert log_outbox(tmp_path / "other.csv") is not None


def test_a_run_says_where_nothing_differed_and_what_that_leaves_open(tmp_path):
    run = made_up_comparison(tmp_path).baseline
    said = {words.outcome: words for words in headline_means(run)}
    homeless = said["Days homeless per person"]
    assert (homeless.mean, homeless.interval) == ("0", "same in 6 (<39%)")
    assert " to " in said["Proven reoffending rate"].interval
    printed = [str(each) for each in run_tables(run)]
    assert any("same in 6 (<39%): the same value in all 6 replications" in each for each in printed)
