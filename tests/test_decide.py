"""A decision: what options are worth, how sure, and what would change it."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from rich.console import Console

import pathsim as ps
from pathsim.cli.app import run_command_line
from pathsim.decision.compared import grade_of
from pathsim.decision.doubted import Input, as_table, inputs_of, screened
from pathsim.decision.plain import as_data
from pathsim.decision.sentence import hundred, of_the_set, paragraph, pounds
from pathsim.decision.told import Told, told
from pathsim.decision.turning import switches
from pathsim.present.decision import decision_parts
from pathsim.study.states import States
from small_dorset import small_dorset
from small_town import TOWN

GUESS = {"source": "made for a test", "grade": "assumed"}
DRAWS = 64
EXACT = 1e-9
FIT = 0.15
"""Of the interval of a price, within which the switching value is found by a straight line."""


@pytest.fixture(scope="module")
def small():
    """Some people, one of whose options has a price in doubt and nothing else."""
    return small_dorset()


@pytest.fixture(scope="module")
def decided(small):
    price = {"value": 90.0, "low": 30.0, "high": 270.0, "price_year": "2021/22", **GUESS}
    dearer = small.change("Dearer", {"services.unpaid_work.cost_per_start_gbp": price})
    harsher = small.change("Harsher", {"costs.reoffence_gbp.violence.police": 99_999.0})
    result = ps.compare(small, [dearer, harsher], draws=DRAWS, replications=2, seed=2)
    return ps.decide(result)


def test_an_option_that_only_costs_is_not_worth_it(decided):
    dearer = decided.options[0]
    assert dearer.npsv.mean < 0.0
    assert dearer.npsv.probability == pytest.approx(0.0, abs=0.02)
    assert dearer.avoided == Told(0.0, 0.0, 0.0, 0.5)
    assert dearer.public.mean == pytest.approx(dearer.npsv.mean, rel=EXACT)


def test_its_price_is_what_its_worth_goes_with(decided):
    switch = decided.options[0].switching[0]
    assert switch.input.key == "services.unpaid_work.cost_per_start_gbp"
    assert switch.fails_above
    # It costs nothing where the price is that of the baseline, which is none.
    assert switch.value == pytest.approx(0.0, abs=FIT * 240.0)
    assert not switch.inside


def test_the_appraisal_is_the_cohorts_money_over_the_years(decided):
    dearer = decided.options[0]
    yearly = dearer.option.everybody["cost_public"].mean()
    appraised = dearer.appraisal
    bias = 1.0 + appraised.terms.cost_bias
    expected = yearly * bias * appraised.annuity
    assert float(appraised.expected.net_public_cost) == pytest.approx(expected, rel=1e-6)


def test_the_baseline_is_best_where_options_only_cost(decided):
    assert decided.best.sum() == pytest.approx(1.0)
    assert decided.best[0] > 0.9
    assert decided.evpi.evpi == pytest.approx(0.0, abs=1.0)
    assert (decided.frontier.best == 0).all()


def test_the_set_and_each_option_have_their_paragraph(decided):
    assert "none is to be expected to be worth it" in of_the_set(decided)
    words = paragraph(decided.options[0])
    assert "changes no reoffence in any state of the world" in words
    assert "In more than 99 the public purse pays more" in words
    assert "not worth it in" in words
    assert "It would be worth it" not in words


def test_plain_data_have_the_names_that_others_rely_on(decided):
    data = json.loads(json.dumps(as_data(decided), allow_nan=False))
    assert data["schema"] == "pathsim.decision/1"
    assert {"options", "evpi", "frontier", "run"} <= data.keys()
    names = {"paragraph", "npsv", "bcr", "public", "switching", "evppi"}
    assert names <= data["options"][0].keys()
    assert sum(data["options"][0]["by_payer"].values()) == pytest.approx(
        data["options"][0]["npsv"]["mean"], rel=1e-6
    )


def test_the_order_of_options_changes_no_verdict(small):
    one = small.change("One", {"costs.reoffence_gbp.violence.police": 1.0})
    other = small.change("Other", {"costs.reoffence_gbp.theft.police": 1.0})
    how = {"draws": 32, "replications": 2}
    first = ps.decide(ps.compare(small, [one, other], **how))
    second = ps.decide(ps.compare(small, [other, one], **how))
    assert first.options[0].npsv == second.options[1].npsv
    assert first.best[1] == second.best[2]
    assert first.evpi.evpi == pytest.approx(second.evpi.evpi, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("draws", [0, 8])
def test_too_few_states_are_refused(small, draws):
    other = small.change("Other", {"costs.reoffence_gbp.theft.police": 1.0})
    result = ps.compare(small, other, draws=draws, replications=2)
    with pytest.raises(ps.InputError, match="too few states of the world"):
        ps.decide(result)


@pytest.mark.parametrize(
    ("option", "value", "said"), [("years", "0", "years"), ("draws", "29", "too few states")]
)
def test_what_no_decision_can_rest_on_is_refused_before_anything_runs(capsys, option, value, said):
    scenarios = ["dorset/baseline", "dorset/more-tags"]
    code = run_command_line(["decide", *scenarios, f"--{option}", value])
    assert code == 2
    told = capsys.readouterr().err
    assert said in told
    assert "starting the engine" not in told


def test_the_table_of_a_narrow_shell_names_every_option_and_breaks_its_lines(small):
    other = small.change("Other\nway", {"costs.reoffence_gbp.theft.police": 1.0})
    decided = ps.decide(ps.compare(small, other, draws=32, replications=2))
    console = Console(width=80, file=io.StringIO())
    console.print(next(iter(decision_parts(decided))))
    head, _, first = console.file.getvalue().strip().splitlines()[:3]
    assert head.split() == ["option", "worth", "chance", "public", "chance", "fewer"]
    assert first.strip().startswith("Other\\nway ")
    assert "\\n(" not in first


def test_a_figure_is_told_with_its_doubt():
    rng = np.random.default_rng(1)
    truth = rng.normal(2.0, 1.0, 4000)
    found = told(truth[:, None] + rng.normal(0.0, 0.1, (4000, 4)))
    assert found.mean == pytest.approx(2.0, abs=0.05)
    assert (found.low, found.high) == pytest.approx((0.04, 3.96), abs=0.1)
    assert found.probability == pytest.approx(0.977, abs=0.01)


def an_input(name, column):
    return Input(name, column, name, 0, -2.0, 2.0, float)


def test_of_many_inputs_only_what_is_read_is_found():
    rng = np.random.default_rng(3)
    columns = rng.normal(size=(200, 128))
    inputs = [an_input(f"x{k}", column) for k, column in enumerate(columns)]
    outcome = 3.0 * columns[7] - 2.0 * columns[40] + rng.normal(size=128)
    found = screened(outcome, inputs, most=5, seed=1)
    assert [each.name for each in found[:2]] == ["x7", "x40"]
    nothing = [len(screened(rng.normal(size=128), inputs, most=5, seed=k)) for k in range(40)]
    assert np.mean(np.array(nothing) > 0) < 0.2


def test_an_input_that_never_moves_is_not_found():
    still = an_input("still", np.ones(64))
    assert screened(np.arange(64.0), [still], most=5, seed=1) == []


def test_what_shares_a_draw_is_one_input(small):
    states = States(draws=4, seed=1)
    inputs = inputs_of(states, [small])
    table = as_table(inputs)
    assert table.shape == (4, len(inputs))
    shared = next(each for each in inputs if each.name == "evidence: order_breach_per_day")
    assert shared.label == "sentencing.breach.community_order_per_day and 1 more"
    assert shared.value(0.0) == pytest.approx(0.00042)


def test_the_weakest_grade_counts():
    def rests_on(*grades):
        return SimpleNamespace(effects=lambda: [SimpleNamespace(grade=each) for each in grades])

    assert grade_of(rests_on("rct", "matched", "definition")) == "matched"
    assert grade_of(rests_on("official")) == "official"
    assert grade_of(rests_on()) == "official"


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "0"), (0.004, "less than 1"), (0.5, "50"), (0.997, "more than 99"), (1.0, "100")],
)
def test_shares_are_told_of_a_hundred(share, words):
    assert hundred(share) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [(-1_234_000, "£1.23 million"), (41_234, "£41,000"), (640.4, "£640"), (0, "£0")],
)
def test_pounds_are_told_without_their_sign(amount, words):
    assert pounds(amount) == words


def test_a_decision_is_told_in_short(decided):
    assert repr(decided).startswith("<Decision over 10 years of <Comparison of ")
    assert len(repr(decided)) < 300


@pytest.mark.parametrize("wrong", ["a path", None, 5])
def test_what_is_no_comparison_cannot_be_decided(wrong):
    with pytest.raises(ps.InputError, match="comparison: has the wrong type"):
        ps.decide(wrong)


@pytest.mark.parametrize("seed", [-1, 1.5, "1", True, None, float("nan"), 2**64])
def test_a_seed_is_a_whole_number(decided, seed):
    with pytest.raises(ps.InputError, match="seed: "):
        ps.decide(decided.comparison, seed=seed)


@pytest.mark.filterwarnings("ignore:the option .* changes nothing")
def test_where_nothing_is_in_doubt_nothing_is_worth_finding_out(tmp_path):
    file = tmp_path / "town.toml"
    file.write_text(TOWN.replace("low = 0.1, high = 0.4, ", ""), encoding="utf-8")
    town = ps.load(file)
    more = town.change("More", {"services.mentor.referral": 0.6})
    decision = ps.decide(ps.compare(town, [more, town], draws=32, replications=2))
    for option in decision.options:
        assert option.switching == ()
        assert option.evppi == ()
    assert "Society included it is not worth it in 100" in paragraph(decision.options[0])
    assert "Nobody gains or loses by it." in paragraph(decision.options[1])
    assert "worth it" not in paragraph(decision.options[1])
    json.dumps(as_data(decision), allow_nan=False)


def test_a_quantity_that_never_moves_turns_no_verdict():
    still = Input("a", np.arange(4.0), "a", 0, 0.0, 1.0, lambda _: 1.0)
    moves = still._replace(value=lambda number: number)
    assert switches(np.arange(4.0), [still]) == []
    assert switches(np.ones(4), [moves]) == []
    assert len(switches(np.arange(4.0), [moves])) == 1


def test_too_few_states_are_refused_before_anything_runs(monkeypatch, capsys):
    monkeypatch.setattr("pathsim.outcomes.verbs.compare", None)
    assert run_command_line(["decide", "dorset/baseline", "dorset/more-tags", "--draws", "8"]) != 0
    assert "too few states of the world" in capsys.readouterr().err


def test_one_option_is_no_set(decided):
    single = replace(decided, options=decided.options[:1])
    assert of_the_set(single).startswith("On this evidence, 'Dearer' is not to be expected")
