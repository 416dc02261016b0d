"""Charts for pages and notebooks: the SVG, and the differences with doubt and luck told apart."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

import pathsim as ps
from browser import faults_of, page
from charted import axes_for, marked, outside, overlaps, points, read_svg, texts_of
from pathsim import plot
from pathsim.present.charts.chart import Sketch, chart_of, headline
from pathsim.present.charts.difference import difference_chart, draw_difference
from pathsim.present.charts.look import (
    BETTER,
    DARK_CSS,
    DASHES,
    MARKS,
    PAPER,
    QUIET,
    RULES,
    SERIES,
    VARIABLES,
    WORSE,
    look,
)
from pathsim.present.charts.texts import axis_pounds, folded, pounds, quoted
from small_scenario import made_up_comparison

RATE = "proven_reoffending_rate"
LONG = "A very long title of an option with $5 and <b>marks</b> & more, " * 4
CLEAR = 3.0
"""Contrast that WCAG 2.2 asks of what is drawn, against white."""


@pytest.fixture
def result(tmp_path):
    return made_up_comparison(tmp_path, replications=60)


def spread(result, *, low=-3.0, high=-1.0, chance=0.5, title="Some option", outcome=RATE):
    """Return the comparison with one option whose numbers are given, in percentage points."""
    option = result.options[0]
    row = option.rows.index((outcome, "all"))

    def at(column, value):
        column = np.array(column, float)
        column[row] = value / 100.0
        return column

    paired = option.paired
    difference = paired.difference._replace(
        mean=at(paired.difference.mean, (low + high) / 2),
        low=at(paired.difference.low, low),
        high=at(paired.difference.high, high),
    )
    same = np.array(paired.same_in, float)
    same[row] = math.nan
    paired = paired._replace(
        difference=difference,
        sd_chance=at(paired.sd_chance, chance),
        same_in=same,
    )
    return replace(option, paired=paired, request=option.request._replace(title=title))


def of(result, *options):
    return replace(result, options=tuple(options))


def test_doubt_is_the_thick_line_and_a_single_year_the_thin_one(result):
    axes = axes_for(draw_difference, of(result, spread(result)))
    assert points(axes, "mark")[0] == pytest.approx([-2.0])
    assert points(axes, "doubt")[0] == pytest.approx([-3.0, -1.0])
    half = math.hypot(1.0, 1.959964 * 0.5)
    assert points(axes, "year")[0] == pytest.approx([-2.0 - half, -2.0 + half])
    assert points(axes, "zero")[0] == [0.0, 0.0]
    (doubt,), (year,), (mark,) = (marked(axes, gid) for gid in ("doubt", "year", "mark"))
    assert doubt.get_linewidth() > 2 * year.get_linewidth()
    assert (mark.get_color(), mark.get_markerfacecolor()) == (BETTER, BETTER)
    assert points(axes, "mark")[1] * 2 == points(axes, "doubt")[1] == points(axes, "year")[1]


@pytest.mark.parametrize(
    ("ends", "colour", "face", "form"),
    [
        ((-3.0, -1.0), BETTER, BETTER, "o"),
        ((1.0, 3.0), WORSE, WORSE, "s"),
        ((-1.0, 3.0), QUIET, PAPER, "o"),
        ((0.0, 3.0), QUIET, PAPER, "o"),
    ],
)
def test_form_says_what_colour_says(result, ends, colour, face, form):
    compared = of(result, spread(result, low=ends[0], high=ends[1]))
    axes = axes_for(draw_difference, compared)
    (mark,) = marked(axes, "mark")
    assert (mark.get_color(), mark.get_markerfacecolor()) == (colour, face)
    assert mark.get_marker() == form


def test_the_table_has_what_is_drawn(result):
    chart = difference_chart(of(result, spread(result)))
    assert chart.heads[:3] == ("option", "difference", "95% interval")
    assert chart.rows[0][:3] == ("Some option", "-2.0 pp", "-3.0 to -1.0")
    half = math.hypot(1.0, 1.959964 * 0.5)
    assert chart.rows[0][3] == f"{-2 - half:+.1f} to {-2 + half:+.1f}"
    assert "Some option: -2.0 pp (-3.0 to -1.0)" in chart.words
    of_whom = "Small town; of people, one official clock each"
    assert chart.subtitle.endswith(f"in percentage points; {of_whom}")
    assert chart.source == "pathsim 0.1.0, 60 replications, seed 1"


@pytest.mark.parametrize(
    ("ends", "title"),
    [
        ([(-3, -1)], "'Option 0' lowers the proven reoffending rate"),
        ([(-3, -1), (-1, 1)], "'Option 0' alone lowers the proven reoffending rate"),
        ([(-3, -1), (-5, -4)], "'Option 1' lowers the proven reoffending rate most"),
        ([(1, 3), (2, 5)], "'Option 1' raises the proven reoffending rate most"),
        ([(-1, 3)], "No option clearly changes the proven reoffending rate"),
        ([(0, 0)], "No option clearly changes the proven reoffending rate"),
        ([(math.nan, math.nan)], "No option clearly changes the proven reoffending rate"),
        ([(-3, -1), (1, 2)], "1 option lowers the proven reoffending rate, 1 raises it"),
    ],
)
def test_the_title_says_the_finding(result, ends, title):
    options = [
        spread(result, low=low, high=high, title=f"Option {k}")
        for k, (low, high) in enumerate(ends)
    ]
    assert difference_chart(of(result, *options)).title == title


@pytest.mark.parametrize("many", [1, 2, 21])
@pytest.mark.parametrize("title", ["Short", LONG, "$x$ <b>&amp; \x1b[31m", "w" * 300, ""])
def test_titles_of_any_length_lie_on_nothing(result, many, title):
    options = [
        spread(result, low=-3.0 + 0.4 * k, high=-1.0 + 0.4 * k, title=f"{title}{k or ''}")
        for k in range(many)
    ]
    compared = of(result, *options)
    chart = difference_chart(compared)
    high = float(read_svg(chart).get("viewBox").split()[3]) / 72
    axes = axes_for(draw_difference, compared, size=(7.0, high + 1.0))
    assert overlaps(axes.figure) == []
    assert outside(axes.figure) == []
    assert len(chart.title.split()) <= 10
    assert len(chart.rows) == many
    assert all(len(text) <= 50 for text in texts_of(chart) if "95%" not in text)
    assert "\x1b" not in chart.svg + "".join(chart.rows[0])


@pytest.mark.parametrize("outcome", [RATE, "cost_public", "cost_total", "service.mentor.starts"])
@pytest.mark.parametrize("end", [0.0, math.nan])
def test_nothing_and_the_undefined_are_drawn(result, outcome, end):
    compared = of(result, spread(result, low=end, high=end, chance=end, outcome=outcome))
    axes = axes_for(draw_difference, compared, outcome)
    assert axes.get_xlim() == (-1.0, 1.0)
    assert len(marked(axes, "mark")) == (0 if math.isnan(end) else 1)
    assert not overlaps(axes.figure)
    words = difference_chart(compared, outcome).rows[0][1]
    assert words == "\N{EN DASH}" if math.isnan(end) else words.strip("£%k p") in ("0", "0.0")


def test_pounds_are_drawn_as_pounds_of_everybody_or_of_a_group(result):
    axes = axes_for(draw_difference, result, "cost_total", group="sex=female")
    assert points(axes, "mark")[0] == pytest.approx([1500.0, 0.0])
    assert axes.xaxis.get_major_formatter()(1500.0) == "£1.5k"
    chart = difference_chart(result, "cost_total", group="sex=female")
    assert chart.name == "difference-cost_total-sex-female"
    assert "Cost, total of both, sex=female, option less baseline" in chart.subtitle


def test_the_svg_can_stand_in_a_page(result):
    chart = difference_chart(result)
    root = read_svg(chart)
    assert chart.svg.startswith("<svg")
    assert (root.get("role"), root.get("aria-label")) == ("img", chart.title)
    assert root.get("width") is None
    assert root.get("viewBox").split()[2] == "504"
    description = next(each for each in root.iter() if each.get("id") == f"{chart.name}-words")
    assert description.text == chart.words
    for refused in ("style=", "<style", "xlink", "metadata", "<?xml", "DOCTYPE", "Date", "#000000"):
        assert refused not in chart.svg
    assert "More <mentors> & more" in texts_of(chart)
    assert chart.svg == difference_chart(result).svg
    assert len(chart.svg) < 16_000


def test_names_in_an_svg_are_its_own_and_lead_somewhere(result):
    one, other = (difference_chart(result, outcome) for outcome in (RATE, "cost_total"))
    ids = [set(re.findall(r' id="([^"]+)"', each.svg)) for each in (one, other)]
    assert ids[0]
    assert not ids[0] & ids[1]
    for chart, own in zip((one, other), ids, strict=True):
        used = re.findall(r'(?:href="#|url\(#)([^")]+)', chart.svg)
        assert set(used) <= own
        assert all(name.startswith(chart.name) for name in own)


def test_colours_follow_the_page_and_no_other_colour_is_left(result):
    chart = difference_chart(of(result, spread(result), spread(result, low=1.0, high=2.0)))
    colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', chart.svg))
    assert f"var(--chart-better, {BETTER})" in colours
    known = {"none", "currentColor"} | {
        f"var({name}, {light})" for light, name in VARIABLES.items() if name.startswith("--")
    }
    assert {each for each in colours if not each.startswith("url")} <= known
    assert all(f"{name}:" in DARK_CSS for name in VARIABLES.values() if name.startswith("--"))


def luminance(colour):
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_marks_are_seen_on_white_and_on_black():
    white = [1.05 / (luminance(each) + 0.05) for each in (BETTER, WORSE, QUIET)]
    assert min(white) >= CLEAR
    dark = dict(re.findall(r"(--chart-[\w-]+):(#\w{6})", DARK_CSS))
    paper = luminance(dark["--chart-paper"]) + 0.05
    for name, colour in dark.items():
        if name not in ("--chart-paper", "--chart-grid"):
            assert (luminance(colour) + 0.05) / paper >= CLEAR, name


def test_no_two_series_are_alike_in_grey():
    seen = [look(k) for k in range(30)]
    assert len({(each.colour, each.mark, str(each.dash)) for each in seen}) == 30
    for k in range(len(SERIES) - 1):
        assert seen[k].mark != seen[k + 1].mark
        assert seen[k].dash != seen[k + 1].dash
        assert seen[k].hatch != seen[k + 1].hatch
    assert len(set(MARKS)) == len(set(map(str, DASHES))) == 6


def test_a_headline_is_the_first_with_ten_words_at_most():
    assert headline("one " * 11, "one " * 10, "one") == "one " * 10
    assert headline("one " * 12).split() == ["one"] * 10


@pytest.mark.parametrize(
    ("amount", "words", "axis"),
    [
        (0, "£0", "£0"),
        (0.5, "£0.50", "£0.50"),
        (-12.4, "-£12", "-£12"),
        (999, "£999", "£999"),
        (1_500, "£1,500", "£1.5k"),
        (9_999, "£9,999", "£10k"),
        (12_345, "£12.3k", "£12.3k"),
        (999_600, "£1m", "£1m"),
        (-1_234_567, "-£1.23m", "-£1.23m"),
        (1_234_567_890, "£1,230m", "£1,230m"),
        (math.nan, "\N{EN DASH}", "\N{EN DASH}"),
    ],
)
def test_pounds_in_words_and_on_axes(amount, words, axis):
    assert (pounds(amount), axis_pounds(amount)) == (words, axis)


def test_a_title_is_quoted_where_it_is_short():
    assert quoted("Twice the tags", "One") == "'Twice the tags'"
    assert quoted("Twice the tags for everybody", "One") == "One"
    assert quoted("w" * 41, "One") == quoted("", "One") == "One"
    assert folded("", 10) == [""]
    assert "".join(folded("w" * 300, 48)) == "w" * 119 + "…"
    assert folded("\x1b" + "a" * 12, 10) == [r"\x1baaaaaa", "aaaaaa"]


def test_a_chart_is_drawn_where_it_is_asked_or_in_a_new_figure(result):
    axes = Figure().add_subplot()
    assert ps.plot.difference(result, ax=axes) is axes
    title = next(text for text in axes.get_children() if text.get_gid() == "title")
    assert title.get_text().startswith("'More <mentors> & more' alone lowers")
    drawn = ps.plot.difference(result, "cost_total")
    assert drawn.figure is plt.gcf()
    plt.close(drawn.figure)
    said = {each.get_gid(): each.get_text() for each in drawn.texts}
    assert said["source"] == "Source: pathsim 0.1.0, 60 replications, seed 1"
    assert said["subtitle"].startswith("Cost, total of both, option less baseline")


def test_the_plots_are_listed_and_have_examples():
    assert dir(plot) == sorted(plot.__all__)
    for name in plot.__all__:
        text = getattr(plot, name).__doc__
        assert "Parameters\n" in text, name
        assert f"ps.plot.{name}(" in text, name
    with pytest.raises(AttributeError, match="has no attribute 'pie'"):
        plot.pie  # noqa: B018 the look-up is the test


def test_a_page_shows_a_chart_by_its_finding_in_both_colour_schemes(result):
    chart = difference_chart(result)
    html = (
        "<!doctype html><html lang='en'><head><title>t</title><style>body{color:#222;"
        "background:#fff}@media (prefers-color-scheme:dark){body{color:#eee;background:#121212}}"
        f"{DARK_CSS}</style></head><body><main><h1>t</h1>{chart.svg}</main></body></html>"
    )
    fills = []
    for dark in (False, True):
        with page(dark=dark) as opened:
            opened.set_content(html)
            assert f'img "{chart.title}"' in opened.locator("main").aria_snapshot()
            assert faults_of(opened) == []
            mark = "document.querySelector('[fill*=\"--chart-better\"]')"
            fills.append(opened.evaluate(f"getComputedStyle({mark}).fill"))
    assert fills == ["rgb(32, 96, 149)", "rgb(122, 184, 238)"]


def test_a_chart_needs_nothing_but_its_sketch():
    sketch = Sketch("n", "t", "s", "o", "w", ("a",), (("1",),), 5.0, lambda axes: None)
    chart = chart_of(sketch)
    assert (chart.title, chart.rows) == ("t", (("1",),))
    assert RULES["text.parse_math"] is False
