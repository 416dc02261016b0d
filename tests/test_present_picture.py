"""The marks of the picture by their figures; what a table and a report say at their edges."""

from __future__ import annotations

import io
import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from rich import box
from rich.console import Console

from pathsim.errors import InputError
from pathsim.outcomes.changes import Change, places
from pathsim.present import extras, plots, rows, table
from pathsim.present.output import log_outbox
from pathsim.present.progress import shown_progress
from pathsim.study.trial import _HIGH_FRAILTY, _highest_ratio
from small_scenario import made_up_comparison

FIGURES = {
    "baseline": 0.4,
    "same_in": math.nan,
    "differs_at_most": math.nan,
    "probability_better": math.nan,
    "share_of_years_better": 0.5,
}


def mark(outcome: str = "proven_reoffending_rate", **figures: float) -> plots._Mark:
    columns = {name: np.array([value]) for name, value in {**FIGURES, **figures}.items()}
    option: Any = SimpleNamespace(
        rows=[(outcome, "all")],
        columns=lambda: columns,
        request=SimpleNamespace(title="An option"),
    )
    return plots._mark(option, outcome, "all")


@pytest.mark.parametrize(
    ("low", "high", "filled"),
    [(0.1, 0.3, True), (0.0, 0.3, False), (-0.3, -0.1, True), (-0.3, 0.0, False)],
)
def test_a_mark_is_filled_where_its_interval_leaves_out_zero(low, high, filled):
    assert mark(low=low, difference=(low + high) / 2, high=high).filled is filled


@pytest.mark.parametrize(
    ("difference", "differs_at_most", "filled"),
    [(1.0, 0.05, True), (-1.0, 0.05, True), (0.0, 0.05, False), (1.0, 0.051, False)],
)
def test_a_mark_without_an_interval_is_filled_where_hardly_any_would_differ(
    difference, differs_at_most, filled
):
    found = mark(
        low=math.nan,
        difference=difference,
        high=math.nan,
        same_in=60.0,
        differs_at_most=differs_at_most,
    )
    assert found.filled is filled


def test_a_share_is_drawn_in_percentage_points_at_all_three_places():
    found = mark(low=0.1, difference=0.2, high=0.3)
    assert found.words.endswith("), better in 50% of years")
    assert (found.low, found.middle, found.high) == pytest.approx((10.0, 20.0, 30.0))


def test_the_words_stand_beside_the_picture_level_with_their_row(tmp_path):
    result = made_up_comparison(tmp_path)
    axes = plots.draw_difference(result, outcome="cost_total", ax=Figure().add_subplot())
    for text in axes.texts:
        assert text.xycoords == ("axes fraction", "data")
        assert (text.get_va(), text.get_fontsize()) == ("center", 9)
    assert {line.get_linewidth() for line in axes.get_xgridlines()} == {0.8}
    assert {line.get_color() for line in axes.get_xgridlines()} == {"#dddddd"}


@pytest.mark.parametrize(("more", "said"), [(0, ""), (1, "and 1 more value\n"), (2, "values\n")])
def test_a_table_names_so_many_changes_and_counts_the_others(monkeypatch, more, said):
    monkeypatch.setattr(table, "change_words", lambda change, _: change.key)
    changed = Change("k", 1, 2, "", "")
    always = SimpleNamespace(from_day=None, before=None)
    option: Any = SimpleNamespace(
        changes=[changed] * (table._CHANGES + more), request=SimpleNamespace(scenario=always)
    )
    text = table._changes(option)
    assert text.count("k: ") == table._CHANGES == 8
    assert text.endswith(said)
    assert ("more" in text) is (more > 0)


@pytest.mark.parametrize(
    ("starts", "in_use", "offered"),
    [(0.5, 0.5, True), (0.0, 0.5, False), (0.0, 0.0, True), (0.0, math.nan, False)],
)
def test_a_place_is_offered_with_any_start_or_when_nobody_takes_what_there_is(
    monkeypatch, starts, in_use, offered
):
    monkeypatch.setattr(rows, "_places", lambda *_: [0, 1])
    run: Any = SimpleNamespace(
        rows=None,
        estimates=SimpleNamespace(mean=np.array([starts, in_use])),
        request=SimpleNamespace(scenario=SimpleNamespace(services={})),
    )
    assert rows._is_offered(run, "service.mentor") is offered


def test_places_are_in_the_order_of_their_names_whoever_shares_them():
    pools = {"d": "z", "c": "", "b": "", "a": "b"}
    scenario: Any = SimpleNamespace(
        services={name: SimpleNamespace(pool=pool) for name, pool in pools.items()}
    )
    found = [place.rpartition(".")[2] for place in places("dcba", scenario)]
    assert found == ["b", "b", "c", "z"]


def test_only_what_raises_a_hazard_counts_towards_the_highest():
    tables = SimpleNamespace(
        rules={"frailty_sigma": np.array([0.0]), "presumption_ratio": np.array([0.5])},
        profile_ratio=np.array([0.5, 2.0]),
        legal_ratio=np.array([1.0]),
        home_ratio=np.array([1.0]),
        index_ratio=np.ones((2, 6, 3)),
        services={"ratio": np.array([[0.5, 3.0]]), "after_ratio": np.array([[0.2, 1.0]])},
    )
    assert _highest_ratio(tables) == 2.0 * 3.0
    tables.rules["presumption_ratio"][0] = 4.0
    tables.rules["frailty_sigma"][0] = math.log(2.0)
    assert _highest_ratio(tables) == pytest.approx(2.0 * 3.0 * 4.0 * 2.0**_HIGH_FRAILTY)


def test_the_books_of_custody_are_explained_where_any_option_has_them(tmp_path, monkeypatch):
    result = made_up_comparison(tmp_path)
    more, same = result.options
    words = rows.headline_differences(more)[0]._replace(outcome="marginal")

    def said(*with_books: object) -> list[str]:
        monkeypatch.setattr(
            table, "custody_book_differences", lambda option: [words] * (option in with_books)
        )
        made = list(table.comparison_tables(result))
        cells = [str(cell) for each in made[:-2:2] for cell in each.columns[0].cells]
        assert cells.count(rows.CUSTODY_BOOKS) == cells.count("  marginal") == len(with_books)
        return [str(each) for each in made]

    assert not any(rows.CUSTODY_BOOKS_MEAN in each for each in said())
    for with_books in ((more,), (same,), (more, same)):
        assert sum(rows.CUSTODY_BOOKS_MEAN in each for each in said(*with_books)) == 1


def test_tables_have_one_line_below_their_heads_and_words_in_grey(tmp_path):
    result = made_up_comparison(tmp_path)
    first, line, *_ = table.comparison_tables(result)
    assert first.box is box.SIMPLE_HEAD
    assert str(line).count("\n") == 3  # two changes, and what the option rests on
    *_, said, last = table.run_tables(result.baseline)
    assert {said.style, last.style, line.style} == {"dim"}


@pytest.mark.parametrize(
    ("capacity", "pool", "unlimited"),
    [("unlimited", "", True), ("unlimited", "p", False), (3, "", False)],
)
def test_a_place_is_unlimited_that_nobody_counts_or_shares(capacity, pool, unlimited):
    service = SimpleNamespace(capacity=capacity, pool=pool)
    scenario = SimpleNamespace(services={"a": service})
    run: Any = SimpleNamespace(request=SimpleNamespace(scenario=scenario))
    assert rows._is_unlimited(run, "service.a") is unlimited
    assert rows._is_unlimited(run, "pool.a") is False


def test_the_axis_has_five_steps_at_most(tmp_path):
    result = made_up_comparison(tmp_path)
    axes = plots.draw_difference(result, outcome="cost_nhs", ax=Figure().add_subplot())
    for most in (1.0, 3.7, 999.0):
        ticks = axes.xaxis.get_major_locator().tick_values(0.0, most)
        assert 3 <= len(ticks) - 1 <= 6  # with one beyond either end


def test_progress_is_told_on_standard_error(capsys):
    with shown_progress() as show:
        show(0, 4)
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "4 replications; starting the engine\n")


def test_a_line_of_progress_stays_one_line_however_narrow_the_console():
    said = io.StringIO()
    with shown_progress(Console(file=said, force_terminal=False, width=10)) as show:
        show(0, 4)
    assert said.getvalue() == "4 replications; starting the engine\n"


def test_a_log_in_parquet_needs_its_extra_and_one_in_csv_none(tmp_path, monkeypatch):
    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    log_outbox(tmp_path / "log.csv")
    with pytest.raises(InputError, match=r"a log in Parquet needs pyarrow; .*-pathsim\[parquet\]'"):
        log_outbox(tmp_path / "log.parquet")
    with pytest.raises(InputError, match=r"drawing needs matplotlib; .*-pathsim\[report\]'"):
        made_up_comparison(tmp_path).plot.difference("cost_nhs")
    with pytest.raises(InputError, match="the report needs matplotlib and jinja2"):
        made_up_comparison(tmp_path).report(tmp_path / "report.html")


def test_the_line_of_an_option_has_the_colour_of_its_mark_and_the_title_is_bold(tmp_path):
    result = made_up_comparison(tmp_path, replications=60)
    axes = plots.draw_difference(result, outcome="cost_total", ax=Figure().add_subplot())
    line, dot, *_ = axes.get_lines()
    assert line.get_color() == dot.get_color() == plots._WORSE
    assert (line.get_linewidth(), dot.get_markersize(), dot.get_marker()) == (2, 8, "o")
    assert (dot.get_markeredgewidth(), axes.get_lines()[-1].get_linewidth()) == (1.5, 1)
    (title,) = (each for each in axes.get_children() if getattr(each, "get_text", str)() == TOTAL)
    assert title.get_fontweight() == "bold"


TOTAL = "Cost, total of both"
