"""Charts of what is no such result, of what it lacks, and of titles that fill a page."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.figure import Figure

import pathsim as ps
from charted import outside
from pathsim.present.charts.plane import _title

FEW = {"draws": 32, "replications": 2}
LONG = "word " * 400
MADE_BY = {
    "acceptability": "decide",
    "cost_by_year": "decide",
    "difference": "compare",
    "evppi": "decide",
    "frontier": "portfolio",
    "life": "explain",
    "plane": "decide",
    "sweep": "sweep",
    "tornado": "sensitivity",
}


@pytest.fixture(scope="module")
def compared():
    town = ps.example()
    named = town.model_copy(update={"title": LONG})
    return ps.compare(named, named.change(LONG + "!", {"services.mentor.capacity": 24}), **FEW)


@pytest.fixture(scope="module")
def decision(compared):
    return ps.decide(compared)


def draw(name, result, *more, **how):
    return getattr(ps.plot, name)(result, *(["1"] if name == "life" else []), *more, **how)


@pytest.mark.parametrize("name", MADE_BY)
def test_a_chart_of_another_result_says_which_it_takes(compared, decision, name):
    for result in (None, 3, "decision", pd.DataFrame(), compared, decision):
        if type(result).__name__ == {"compare": "Comparison", "decide": "Decision"}.get(
            MADE_BY[name]
        ):
            continue
        found = type(result).__name__
        with pytest.raises(ps.InputError, match=f"found '{found}'.*pathsim.{MADE_BY[name]} ret"):
            draw(name, result)


def test_an_outcome_a_group_or_an_option_that_is_not_there_is_named(compared, decision):
    nearest = "outcome: is no outcome of the result; did you mean 'reoffences_total'"
    with pytest.raises(ps.InputError, match=nearest):
        ps.plot.difference(compared, "reofences_total")
    with pytest.raises(ps.InputError, match=r"group: is no group of the result.*'sex=female'"):
        ps.plot.difference(compared, group="sex=femal")
    for place in (1, -1, 0.5, "first"):
        for chart, result in (("evppi", decision), ("cost_by_year", decision)):
            with pytest.raises(ps.InputError, match=r"option: .*allowed: 0 to 0"):
                getattr(ps.plot, chart)(result, option=place)
    with pytest.raises(ps.InputError, match=r"option: is out of range; found 1; allowed: 0 to 0"):
        ps.plot.tornado(ps.sensitivity(compared), option=1)
    with pytest.raises(ps.InputError, match="ax: has the wrong type; found 'Figure'"):
        ps.plot.plane(decision, ax=Figure())


@pytest.mark.parametrize("name", ["acceptability", "cost_by_year", "evppi", "plane"])
def test_a_title_of_two_thousand_characters_pushes_nothing_out(decision, name):
    axes = getattr(ps.plot, name)(decision)
    axes.figure.canvas.draw()
    assert outside(axes.figure) == []


def test_nor_does_it_in_charts_of_comparisons(compared):
    for axes in (ps.plot.difference(compared), ps.plot.tornado(ps.sensitivity(compared))):
        axes.figure.canvas.draw()
        assert outside(axes.figure) == []


@pytest.mark.parametrize(
    ("avoided", "words"),
    [(0.3, "less than one offence"), (1.2, "1 offence"), (2.5, "3 offences")],
)
def test_offences_are_counted_in_words(avoided, words):
    effects, costs = pd.DataFrame([[avoided]]).to_numpy(), pd.DataFrame([[50.0]]).to_numpy()
    assert _title(["More"], effects, costs) == f"'More' avoids {words} and costs £50"
