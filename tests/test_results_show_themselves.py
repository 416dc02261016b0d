"""Scenarios, people and results show themselves: a line in a shell, tables in a notebook."""

from __future__ import annotations

import pandas as pd
import pytest

import pathsim as ps
from priced_town import priced_town

NASTY = "<script>alert(1)</script> & more"
HOW = {"draws": 32, "replications": 2, "seed": 3}
MOST_OF_A_LINE = 500


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    town = priced_town(tmp_path_factory.mktemp("town"))
    key = "services.mentor.capacity"
    more = town.change(NASTY, {key: 24})
    dearer = town.change("Dearer", {"services.mentor.cost_per_completion_gbp": 900.0})
    compared = ps.compare(town, [more, dearer], **HOW)
    decision, valued = ps.decide(compared), ps.value(compared)
    return {
        "scenario": more,
        "people": ps.Cohort.from_scenario(town),
        "run": ps.run(more, draws=0, replications=2),
        "comparison": compared,
        "option": compared[NASTY],
        "decision": decision,
        "decision of an option": decision.options[0],
        "value": valued,
        "value of an option": valued.options[0],
        "sensitivity": ps.sensitivity(compared),
        "sweep": town.sweep(key, [4, 12], **HOW),
        "shares": ps.shapley(town, [more, dearer], draws=2, replications=2),
        "explanation": ps.explain(town, more, replications=2),
        "portfolio": ps.portfolio(town, {}, options=[more], budget=90_000, **HOW),
        "posterior": ps.Posterior(pd.DataFrame({NASTY: [1.0, 2.0]})),
    }


def test_each_is_a_line_in_a_shell(shown):
    for what, each in shown.items():
        line = repr(each)
        assert len(line) < MOST_OF_A_LINE + len(NASTY), what
        assert "\n" not in line, what
        assert line[0] in "<C", what
    assert NASTY in repr(shown["decision of an option"])
    assert repr(shown["posterior"]) == "<Posterior: 2 draws of 1 parameter>"


def test_each_is_a_table_in_a_notebook_and_no_markup_of_a_title(shown):
    named = 0
    for what, each in shown.items():
        if what.endswith("of an option"):
            continue
        page = each._repr_html_()
        assert "<t" in page, what
        assert "<script" not in page, what
        named += "&lt;script&gt;" in page
    assert named >= 8
