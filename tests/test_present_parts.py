"""What tables, the report and pages say of a result, part by part."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import pathsim as ps
from pathsim.engine.contract import OutcomeColumn
from pathsim.errors import InputError
from pathsim.outcomes.against import run_of
from pathsim.present import extras, html, presenter, rows, table
from pathsim.present.words import DIFFERENCE_HEADS, DifferenceWords, alike_legend
from pathsim.study.plan import Plan
from pathsim.study.run import StudyRuns
from small_scenario import _counts, made_up_comparison, write_scenarios

NAN = math.nan


@pytest.fixture
def result(tmp_path):
    return made_up_comparison(tmp_path)


def origin(**more: Any) -> dict[str, Any]:
    known = {
        "version": "1.0",
        "source": {"sha256": "s" * 64, "commit": "c"},
        "inputs": [{"of": "scenario", "path": "a.toml", "sha256": "h"}],
        "inputs_sha256": "i" * 64,
        "scenario": {"title": "T", "file": "a.toml"},
        "people": 12345,
        "people_from": "",
        "scale": 0.5,
        "draws": 0,
        "doubted": 0,
        "replications_per_draw": 1000,
        "replications": 1000,
        "seed": 7,
        "engine": "kernel",
        "workers": 3,
        "finished": "today",
        "elapsed_seconds": 61.0,
        "python": "3",
        "numpy": "2",
        "numba": "0",
        "platform": "a machine",
    }
    return known | more


# Tables for the shell


def test_the_line_of_the_origin_leaves_out_what_is_as_usual():
    said = str(table._origin("baseline: T", origin()))
    assert said == (
        "baseline: T; 12,345 people; scale 0.5; 1,000 replications; seed 7; kernel engine; "
        f"1 min 1 s; pathsim 1.0, source {'s' * 12}, inputs {'i' * 12}"
    )
    drawn = str(table._origin("", origin(draws=500, replications_per_draw=2)))
    assert "; 500 states of the world with 2 replications each; " in drawn
    brought = str(table._origin("", origin(scale=1.0, people_from="p.csv")))
    assert brought.startswith("12,345 people of p.csv; 1,000 replications; ")


def cells(made: Any) -> list[list[str]]:
    return [[str(cell) for cell in column.cells] for column in made.columns]


def test_a_table_has_its_first_column_to_the_left_and_narrow_heads_in_two_lines():
    made = table._table("T\u202e", DIFFERENCE_HEADS, [["a"] * 7])
    assert str(made.title) == "T\\u202e"
    assert [column.justify for column in made.columns] == ["left", *["right"] * 6]
    narrow = {"chance\nbetter", "years\nbetter"}
    assert narrow < {column.header for column in made.columns}
    assert [column.no_wrap for column in made.columns] == [
        False,
        *[True] * 4,
        False,
        False,
    ]
    assert (made.title_justify, made.pad_edge, made.collapse_padding) == ("left", False, True)
    assert "bold" in str(made.title.style)


def test_rows_of_a_part_are_set_in_under_its_title():
    words = DifferenceWords("starts", *"abcdef")
    found = list(table._under({"Mentor": [words]}))
    assert found == [("Mentor", *[""] * 6), words._replace(outcome="  starts")]


def test_values_that_are_changed_are_written_short():
    values = [None, 1234567.5, 0.1 + 0.2, "x", 3]
    assert [table._value(each) for each in values] == ["nothing", "1,234,567.5", "0.3", "x", "3"]


@pytest.mark.parametrize(
    ("draws", "ends"), [(0, ["years\nbetter"]), (3, ["chance\nbetter", "years\nbetter"])]
)
def test_a_narrow_table_leaves_out_the_options_level_and_the_years_beside_a_chance(
    tmp_path, draws, ends
):
    result = made_up_comparison(tmp_path, draws=draws)
    for narrow, heads in ((False, 5 + len(ends)), (True, 5)):
        first, line, *_ = table.comparison_tables(result, narrow=narrow)
        assert len(first.columns) == heads
        assert str(first.title).startswith("More <mentors> & more  (")
        assert str(line).startswith("changes: Mentor: places")
    heads = [column.header for column in first.columns]
    assert heads == ["outcome", "baseline", "difference", "95% interval", ends[0]]
    first, *_ = table.comparison_tables(result)
    assert [column.header for column in first.columns[5:]] == ends


def legend(result: Any, **origin: Any) -> str:
    changed = dict(result.provenance) | origin
    baseline = replace(result.baseline, provenance=changed)
    *_, said, last = table.comparison_tables(replace(result, baseline=baseline))
    assert str(last).startswith("baseline: Small town; 100 people; 6 replications")
    assert (said.style, last.style) == ("dim", "dim")
    return str(said)


def test_the_legend_says_what_the_intervals_cover(result):
    chance, both = (legend(result, posterior_draws=n) for n in (0, 1))
    assert chance.endswith("effects, prices and people is not in them.")
    assert "The intervals show luck only: how well these replications fix the mean." in chance
    assert both.endswith("luck and the calibration, not doubt about the effects.")
    assert "\ndifference: option minus baseline" in chance
    apart = legend(result, unpaired=[1000, 50])
    assert "follow different people (1,000 against 50), each on" in apart
    assert "paired replications" not in apart
    assert "none in 6 (<39%): no difference seen in 6 replications" in chance


def test_the_legend_of_states_says_what_was_drawn(tmp_path):
    *_, said, _ = table.comparison_tables(made_up_comparison(tmp_path, draws=3))
    assert "the mean over 3 states of the world that fit the evidence" in str(said)
    assert "\nDrawn in each state: 5 quantities. Not drawn: choices" in str(said)
    assert "luck only" not in str(said)


def test_a_run_has_tables_of_its_outcomes_costs_and_services(result):
    headlines, costs, services, said, last = table.run_tables(result.baseline)
    assert [str(each.title) for each in (headlines, costs, services)] == [
        "Small town",
        "Costs by payer",
        "Services",
    ]
    assert cells(services)[0] == ["Mentor [mentor]"]
    assert str(last).startswith("100 people; ")
    assert "same in 6 (<39%): the same value in all 6" in str(said)


def bare(tmp_path) -> Any:
    """Return a run of people of whom nothing is counted."""
    counts = _counts(3)
    counts.person[:] = 0.0
    counts.person[:, :, [OutcomeColumn.PEOPLE, OutcomeColumn.INDEX_EVENTS]] = 100.0
    counts = replace(counts, load=counts.load * 0.0)
    scenario = ps.load(write_scenarios(tmp_path) / "baseline.toml")
    plan = Plan(replications=3, seed=1, workers=1, engine="kernel")
    study = StudyRuns(runs=(counts,), plan=plan, elapsed_seconds=0.0)
    request = SimpleNamespace(title=scenario.title, file=None, scenario=scenario)
    requests: Any = [request]
    return run_of(requests, [study])


def test_a_run_without_costs_or_starts_has_no_table_of_them_but_says_so(tmp_path):
    run = bare(tmp_path)
    assert rows.cost_means(run) == []
    assert rows.not_offered(run) == ["Mentor"]
    assert rows.load_means(run) == {}
    headlines, closed, _, _ = table.run_tables(run)
    assert str(headlines.title) == "Small town"
    assert str(closed) == "without places, and so without a queue: Mentor"
    page = html.run_tables(run)
    assert "<p>Without places, and so without a queue: Mentor.</p>" in page
    assert "<caption>Services" not in page


# Rows


def option_of(*found: tuple[str, str], **columns: list[float]) -> Any:
    names = "baseline", "option", "difference", "low", "high", "same_in", "differs_at_most"
    known = {name: [NAN] for name in names}
    made = {name: np.array(values) for name, values in (known | columns).items()}
    return SimpleNamespace(rows=found, columns=lambda: made)


@pytest.mark.parametrize(
    ("low", "high", "same_in", "difference", "differs"),
    [
        (1.0, 2.0, NAN, 1.5, True),
        (-2.0, -1.0, NAN, -1.5, True),
        (0.0, 2.0, NAN, 1.0, False),
        (-2.0, 0.0, NAN, -1.0, False),
        (NAN, NAN, 6.0, 1.0, True),
        (NAN, NAN, 6.0, -1.0, True),
        (NAN, NAN, 6.0, 0.0, False),
    ],
)
def test_an_outcome_differs_by_more_than_chance_where_its_interval_leaves_out_zero(
    low, high, same_in, difference, differs
):
    option = option_of(
        ("cost_nhs", "all"),
        low=[low],
        high=[high],
        same_in=[same_in],
        difference=[difference],
    )
    assert rows._differs(option, "cost_nhs") is differs


def test_the_amounts_of_an_option_are_of_its_costs_of_everybody():
    option = option_of(
        ("cost_nhs", "all"),
        ("cost_nhs", "sex=male"),
        ("proven_reoffending_rate", "all"),
        ("cost_total", "all"),
        baseline=[10.0, 99.0, 99.0, 20.0],
        low=[-7.0, 99.0, 99.0, NAN],
        difference=[-5.0, 99.0, 99.0, NAN],
        high=[3.0, 99.0, 99.0, NAN],
    )
    names = ["cost_total", "proven_reoffending_rate", "cost_nhs", "cost_hmpps"]
    levels, spreads = rows._amounts(option, names)
    assert levels == [20.0, 10.0]
    assert math.isnan(spreads[0])
    assert spreads[1] == 7.0


def test_a_cost_is_shown_that_either_side_pays(monkeypatch):
    monkeypatch.setattr(rows, "_differences", lambda _, names: list(names))
    paired = SimpleNamespace(
        baseline=np.array([0.0, 0.0, 5.0, 5.0]), option=np.array([0.0, 5.0, 0.0, 5.0])
    )
    names = ["cost_nhs", "cost_hmpps", "cost_police", "cost_total"]
    option: Any = SimpleNamespace(rows=[(name, "all") for name in names], paired=paired)
    assert set(rows.cost_differences(option)) == set(names[1:])


def test_a_group_that_the_option_lacks_has_nobody(result):
    option = replace(result.options[0], sizes={"all": 1234})
    found = rows.group_differences(option, "proven_reoffending_rate")
    assert [size for _, size, _ in found] == ["1,234", "0", "0"]


# What drawing needs


def test_missing_packages_are_named_with_what_they_are_for():
    assert extras.lacking("report", "json", purpose="x") == ""
    said = extras.lacking("report", "no_such", "json", "nor_this", purpose="drawing")
    assert said == (
        "drawing needs no_such and nor_this; install with: pip install 'offender-pathsim[report]'"
    )
    extras.need("report", "json", purpose="x")


@pytest.mark.parametrize("name", ["r.html", "r.HTM", "r.htm"])
def test_a_report_is_written_where_its_suffix_says_a_page(result, tmp_path, name):
    presenter.write_report(result.baseline, tmp_path / name)
    assert (tmp_path / name).read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    with pytest.raises(InputError, match=r"r\.txt: has no known suffix for a report; allowed: \.h"):
        presenter.write_report(result.baseline, tmp_path / "r.txt")


def test_intervals_that_are_none_are_explained_once_each_and_by_their_kind():
    text = "none in 6 (<39%) same in 1,000 (<0.3%) none in 6 (&lt;39%)"
    compared = alike_legend(text, compared=True)
    assert list(compared) == ["none in 6 (<39%)", "same in 1,000 (<0.3%)"]
    assert "fewer than 39% differ" in compared["none in 6 (<39%)"]
    assert "as large in all 1,000 replications" in compared["same in 1,000 (<0.3%)"]
    alone = alike_legend(text, compared=False)
    assert list(alone) == ["same in 1,000 (<0.3%)"]
    assert "fewer than 0.3% differ" in alone["same in 1,000 (<0.3%)"]
