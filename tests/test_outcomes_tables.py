"""Tables of results: their columns, their rows in order, groups and attributes; what is refused."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

import small_scenario
from pathsim.errors import InputError
from pathsim.outcomes import results, tabled
from pathsim.outcomes.results import Plots, check_row
from small_scenario import made_up_comparison

MORE, SAME = "More <mentors> & more", "The same again"
ROWS = (("cost_total", "all"), ("cost_total", "sex=male"), ("cost_total", "sex=female"))
ROWS += (("service.a.utilisation", "all"),)


@pytest.fixture
def result(tmp_path):
    return made_up_comparison(tmp_path)


@pytest.fixture
def limited(tmp_path, monkeypatch):
    """Return the comparison of a scenario whose service turns people away."""
    text = small_scenario.BASELINE.replace("capacity = 6", "capacity = 6\nmax_queue = 3")
    monkeypatch.setattr(small_scenario, "BASELINE", text)
    return made_up_comparison(tmp_path)


def test_the_options_stand_below_each_other_with_the_title_first(result):
    for table in (result.table(), result.table(group="all"), result.summary()):
        assert list(table.index) == list(range(len(table)))
        assert list(dict.fromkeys(table["option"])) == [MORE, SAME]
        assert table.columns[0] == "option"
    assert "group" not in result.summary()


def test_a_table_of_a_group_or_an_attribute_has_its_rows_numbered_anew(result):
    run = result.baseline
    men = run.table(group="sex=male")
    assert (set(men["group"]), men.index[0], men.index[-1]) == ({"sex=male"}, 0, len(men) - 1)
    sexes = run.table(group="sex")
    assert set(sexes["group"]) == {"sex=male", "sex=female"}
    assert list(sexes.index) == list(range(len(sexes)))
    everybody = run.table(group="all")
    assert set(everybody["group"]) == {"all"}
    assert len(run.table()) == len(everybody) + len(sexes)
    with pytest.raises(InputError, match=r"^group: is not in this result; did you mean 'sex'\?"):
        run.table(group="sexx")
    anything: Any = 3
    with pytest.raises(
        InputError, match=r"group: has the wrong type.*text, such as 'all' or 'sex'"
    ):
        run.table(group=anything)


def test_a_summary_shows_who_is_turned_away_where_a_queue_has_a_limit(result, limited):
    name = "service.mentor.turned_away"
    assert name in set(limited.baseline.summary()["outcome"])
    assert name not in set(result.baseline.summary()["outcome"])
    shown = limited.summary()
    assert set(shown[shown["outcome"] == name]["option"]) == {MORE}
    assert name not in set(result.summary()["outcome"])


def test_groups_are_told_with_their_sizes(result):
    for each in (result, result.baseline):
        table = each.groups()
        assert list(table.columns) == ["group", "people"]
        assert table.to_numpy().tolist() == [["all", 100], ["sex=male", 60], ["sex=female", 40]]
        assert each.sizes == {"all": 100, "sex=male": 60, "sex=female": 40}
        assert each.described()["service.mentor.starts"]["title"] == "Mentor: starts"


def test_the_evidence_has_a_row_for_each_effect_of_each_option(result):
    table = result.evidence()
    assert list(table.columns) == ["option", "effect", "value", "low", "high", "grade", "acts_on"]
    (row,) = table.to_numpy().tolist()
    assert row == [MORE, "services.mentor.hazard_ratio", 0.15, None, None, "assumed", "all"]


def test_results_in_words_name_their_options_and_their_effort(result):
    effort = "100 people, 6 replications, seed 1"
    assert repr(result) == f"<Comparison of '{MORE}', '{SAME}' with 'Small town': {effort}>"
    assert repr(result.baseline) == f"<Run of 'Small town': {effort}>"


def test_what_is_drawn_is_asked_of_the_presenter(result, monkeypatch):
    asked: list[Any] = []

    class Presenter:
        def draw_difference(self, comparison: Any, **more: Any) -> str:
            asked.append((comparison is result, more))
            return "axes"

        def write_report(self, what: Any, path: Any) -> None:
            asked.append((what, path.name))

        def notebook_html(self, what: Any) -> str:
            return f"html of {what!r}"

    monkeypatch.setattr(results, "presenter", Presenter)
    assert isinstance(result.plot, Plots)
    found: Any = result.plot.difference()
    assert found == "axes"
    plain = {"outcome": "proven_reoffending_rate", "group": "all", "ax": None}
    assert asked.pop() == (True, plain)
    axes = Figure().add_subplot()
    result.plot.difference("cost_total", group="sex=male", ax=axes)
    assert asked.pop() == (True, {"outcome": "cost_total", "group": "sex=male", "ax": axes})
    anything: Any = "axes"
    with pytest.raises(
        InputError, match=r"ax: has the wrong type.*the axes of a Matplotlib figure"
    ):
        result.plot.difference(ax=anything)
    for each in (result, result.baseline):
        each.report("x/report.html")
        assert asked.pop() == (each, "report.html")
        assert each._repr_html_() == f"html of {each!r}"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"outcome": "cost_total", "group": "sex=male"}, ""),
        ({"group": "sex=male"}, ""),
        (
            {"outcome": "cost_totl", "group": "all"},
            r"^outcome: is not in this result; did you mean 'cost_total'\?; found 'cost_totl'; "
            r"allowed: cost_total, service\.a\.utilisation$",
        ),
        ({"group": "age"}, r"^group: is not in this .*; allowed: all, sex, or a level of one$"),
        (
            {"group": "sexx"},
            r"^group: is not in this result; .*found 'sexx'; allowed: all, sex, or",
        ),
        (
            {"outcome": "service.a.utilisation", "group": "sex=male"},
            r"^service\.a\.utilisation: is known for the group all only; found 'sex=male'$",
        ),
        (
            {"outcome": 7, "group": "all"},
            r"^outcome: .*'int'; allowed: text, such as 'cost_total'$",
        ),
        ({"group": 7}, r"^group: has the wrong type; found 'int'; allowed: text, such as 'all'$"),
    ],
)
def test_a_row_that_is_not_there_is_refused_with_what_is(row, said):
    if not said:
        check_row(ROWS, **row)
        return
    with pytest.raises(InputError, match=said):
        check_row(ROWS, **row)


def test_an_attribute_is_a_group_only_where_all_its_levels_are_asked_for():
    with pytest.raises(InputError, match=r"did you mean 'sex'\?; found 'sxe'"):
        check_row(ROWS, group="sxe", levels_only=False)
    with pytest.raises(InputError) as refused:
        check_row(ROWS, group="sex")
    assert "did you mean 'sex'" not in str(refused.value)
    with pytest.raises(InputError) as refused:
        check_row(ROWS, outcome="cost", group="all", levels_only=False)
    assert "did you mean 'cost'" not in str(refused.value)


def test_plain_numbers_are_pythons_own_and_what_is_undefined_is_none():
    found = tabled.records(
        (("a", "all"), ("b", "all")), {"x": np.array([1.5, np.nan]), "y": np.array([np.inf, 2.0])}
    )
    assert found == [
        {"outcome": "a", "group": "all", "x": 1.5, "y": None},
        {"outcome": "b", "group": "all", "x": None, "y": 2.0},
    ]
    assert type(found[0]["x"]) is float


def test_one_replication_is_one():
    follow_up = SimpleNamespace(horizon=None, counts_index_events=False)
    request = SimpleNamespace(scenario=SimpleNamespace(follow_up=follow_up))
    provenance = {"people": 3, "draws": 0, "replications": 1, "seed": 0}
    run: Any = SimpleNamespace(provenance=provenance, request=request)
    assert results._effort(run) == "3 people, 1 replication, seed 0"
    provenance |= {"draws": 2, "replications": 2, "replications_per_draw": 1}
    each = "2 states of the world with 1 replication each"
    assert results._effort(run) == f"3 people, {each}, seed 0"
