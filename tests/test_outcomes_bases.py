"""Of what each outcome is, in every table: index events in a window, people over a horizon."""

from __future__ import annotations

import io
import re
from html import unescape

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

import pathsim as ps
from closed import closed
from pathsim.cli import main
from pathsim.engine.contract import OutcomeColumn
from pathsim.outcomes.bases import base_lines, base_of
from pathsim.outcomes.names import COST_OUTCOMES, HEADLINES, TOTAL_OUTCOMES
from pathsim.outcomes.values import outcome_values
from pathsim.present.html import result_tables
from pathsim.present.report import report_html
from pathsim.present.table import comparison_tables, run_tables
from pathsim.study.plan import make_plan
from pathsim.study.run import run_study
from small_scenario import write_scenarios

EVENTS = "everybody's index events in the intake window of 365 days"
CAUSED = "people who enter, what they cause in 1,096 days"
VALUE = ", at present value (3.5% a year)"


@pytest.fixture(scope="module")
def dorset() -> ps.Scenario:
    return ps.load("dorset/baseline")


@pytest.mark.parametrize(
    ("outcome", "base"),
    [
        ("proven_reoffending_rate", EVENTS),
        ("expected_reoffences_per_person", EVENTS),
        ("index_events", EVENTS),
        ("reoffences_per_reoffender", f"reoffenders among {EVENTS}"),
        ("days_to_first_reoffence", f"reoffenders among {EVENTS}"),
        ("reoffences_from_sentence_per_person", "people who enter, 365 days from the sentence"),
        ("days_in_custody_per_person", CAUSED),
        ("reoffences_total", CAUSED),
        ("cost_public", CAUSED + VALUE),
        ("cost_total", CAUSED + VALUE),
        ("cost_public_marginal_refill_0", CAUSED + VALUE),
        ("cost_public_year_1", CAUSED),
        ("disposals_in_year", "everybody in the intake window of 365 days"),
        ("custody_places_first", "everybody in the intake window of 365 days"),
        ("service.gps_tag.utilisation", "everybody in the intake window of 365 days"),
        ("service.gps_tag.starts", "people who enter"),
        ("pool.iom.supply_years", "people who enter"),
    ],
)
def test_each_outcome_says_of_what_it_is(dorset, outcome, base):
    assert base_of(outcome, dorset) == base


def test_in_a_closed_system_without_a_rate_it_is_all_of_people(dorset):
    scenario = closed(dorset, **{"costs.discount_rate_percent": 0.0})
    assert base_of("proven_reoffending_rate", scenario) == "people, one official clock each"
    assert base_of("cost_total", scenario) == "people who enter, all their account"
    assert "present value" not in " ".join(base_lines(scenario))
    bare = scenario.model_copy(update={"services": {}})
    assert [each.partition(":")[0] for each in base_lines(scenario)][2:] == ["starts, waits"]
    assert len(base_lines(bare)) == 2


def test_the_bases_said_are_those_that_values_divide_by(dorset):
    """One more index event, or one more person, changes the outcomes that say so and no others."""
    plan = make_plan(replications=1, seed=1, workers=1, engine="kernel", least_replications=1)
    (runs,) = run_study([dorset], plan=plan).runs
    before = outcome_values(runs)
    data = dict(zip(before.rows, before.data[0], strict=True))
    for column, word in (
        (OutcomeColumn.INDEX_EVENTS, EVENTS),
        (OutcomeColumn.PEOPLE, "people who enter"),
    ):
        runs.person[:, 0, column] += 1.0
        after = outcome_values(runs)
        changed = {
            row[0]
            for row, value in zip(after.rows, after.data[0], strict=True)
            if row[1] == "all" and np.isfinite(value) and value != data[row]
        }
        runs.person[:, 0, column] -= 1.0
        assert changed
        assert all(base_of(each, dorset).startswith(word) for each in changed)
        said = {each for each in HEADLINES if base_of(each, dorset).startswith(word)}
        assert said - changed <= {*TOTAL_OUTCOMES, *COST_OUTCOMES}, "totals are of all of them"


def test_tables_reports_files_and_text_say_it(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(write_scenarios(tmp_path))
    result = ps.compare("baseline.toml", "more.toml", replications=2)
    lines = [f"{line}." for line in base_lines(result.baseline.request.scenario)]
    assert len(lines) == 3
    for parts in (comparison_tables(result), run_tables(result.baseline)):
        console = Console(width=300, record=True, file=io.StringIO())
        for part in parts:
            console.print(part)
        text = console.export_text()
        assert all(text.count(line) == 1 for line in lines)
    for page in (result, result.baseline):
        for html in (report_html(page), result_tables(page)):
            said = [unescape(each) for each in re.findall(r"<li>(.*?)</li>", html)]
            assert all(said.count(line.capitalize()) == 1 for line in lines)
    assert "changes reoffending: of people, one official clock each" in report_html(result)
    said = result.to_dict()["run"]["outcomes"]
    assert said["proven_reoffending_rate"]["of"] == "people, one official clock each"
    assert main(["run", "baseline.toml", "--replications", "2", "--out", "o"]) == 0
    capsys.readouterr()
    table = pd.read_csv("o/summary.csv").set_index(["outcome", "group"])
    assert table.loc[("service.mentor.starts", "all"), "of"] == "people who enter"


def test_the_text_of_a_result_says_it(dorset):
    run = ps.run(dorset, draws=0, replications=2)
    enter = int(ps.Cohort.from_scenario(dorset).enters().sum())
    assert repr(run) == (
        f"<Run of 'Dorset 2021/22': {enter} people over 1096 days, "
        "rates of everybody's index events, "
        "2 replications, seed 1>"
    )
