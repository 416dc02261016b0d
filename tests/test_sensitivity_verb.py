"""What an answer hangs on, through the verb and the estimators that it rests on."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import qmc

import pathsim as ps
from made_decisions import ERRORS, normals
from pathsim.cli.app import run_command_line
from pathsim.cli.printing import console, print_parts
from pathsim.decision.doubted import Input
from pathsim.decision.sensitive import Between
from pathsim.decision.sensitivity.designs import (
    STEP,
    at_quantiles,
    morris_effects,
    morris_points,
)
from pathsim.decision.sensitivity.emulator import GOOD_ENOUGH, fit_emulator, quality
from pathsim.decision.sensitivity.indices import CHANCE, REST
from pathsim.decision.sensitivity.told import MOST_INPUTS, chance_of, moved
from pathsim.decision.told import told
from pathsim.decision.turning import switches
from pathsim.present.sensitivity import sensitivity_parts
from pathsim.study.designed import Designed
from priced_town import EFFECT, priced_town, with_more, with_some

ISHIGAMI = {
    "s1": {"x1": 0.313905, "x2": 0.442411, "x3": 0.0, "unread": 0.0},
    "st": {"x1": 0.557589, "x2": 0.442411, "x3": 0.243684, "unread": 0.0},
}
"""For a = 7, b = 0.1 (Ishigami and Homma 1990)."""
EMULATED = 0.02
"""Of the variance, by which a stand-in's indices may be off besides the error of their sample."""
CONF = 1.96
LEVELS = np.linspace(0.025, 0.975, 4)
"""Of Morris's screening, as quantiles; a point is two of them from the next."""
SUMS = 1e-9


def inputs_of(table):
    return [
        Input(name, table[name].to_numpy(), name, 0, *table[name].quantile([0.025, 0.975]), float)
        for name in table
    ]


def waves(x):
    return np.sin(x.x1) * (1 + 0.1 * x.x3**4) + 7 * np.sin(x.x2) ** 2


@pytest.fixture(scope="module")
def ishigami():
    points = np.pi * (2 * qmc.Sobol(4, seed=1).random(512) - 1)
    table = pd.DataFrame(points, columns=["x1", "x2", "x3", "unread"])
    values = np.repeat(waves(table).to_numpy()[:, None], 2, axis=1)
    return table, moved(values, inputs_of(table), better=0, seed=1)


# The estimators


def test_the_indices_of_ishigamis_function_are_the_closed_form(ishigami):
    found = ishigami[1].sobol.set_index("input")
    for kind, truths in ISHIGAMI.items():
        for name, truth in truths.items():
            error = found[f"{kind}_conf"][name] / CONF
            assert abs(found[kind][name] - truth) < ERRORS * error + EMULATED, (kind, name)
            assert error < 0.05
    assert ishigami[1].quality.r2 > 0.95
    assert ishigami[1].sobol_said == ""
    assert ishigami[1].failure is None


def test_screening_tells_what_is_read_and_what_acts_with_others(ishigami):
    found = ishigami[1].morris.set_index("input")
    assert found.mu_star["unread"] < 0.1 * found.mu_star["x3"]
    assert found.sigma["x3"] > 10 * found.sigma["unread"]


def test_screening_of_a_line_is_its_slope_over_the_middle_of_the_input():
    table = pd.DataFrame(qmc.Sobol(2, seed=1).random(256), columns=["a", "b"])
    points = morris_points(table, seed=1)
    outcome = (3 * at_quantiles(table, points) @ [1.0, -2.0]) + 5
    found = morris_effects(table, points, outcome, seed=1).set_index("input")
    # Uniform from 0 to 1: its middle 95% is 0.95 long.
    assert found.mu_star["b"] == pytest.approx(0.95 * 6.0, rel=0.01)
    assert found.mu["b"] == pytest.approx(-0.95 * 6.0, rel=0.01)
    assert found.mu_star["a"] == pytest.approx(0.95 * 3.0, rel=0.01)


def test_how_good_a_stand_in_is_is_told_by_draws_that_it_has_not_seen():
    rng = np.random.default_rng(2)
    z = normals(3, draws=256)
    truth = z[:, 0] + 0.5 * z[:, 1] ** 2
    noise = truth.std() * rng.normal(size=256)
    alone = quality(z, noise, chance=0.0)
    assert alone.r2 < 0.1
    assert not alone.enough
    half = quality(z, truth + noise, chance=float(truth.var()))
    assert half.r2 == pytest.approx(0.5, abs=0.1)
    assert half.r2_doubt > GOOD_ENOUGH
    fresh = normals(3, draws=512, seed=9)
    expected = fit_emulator(z, truth)(fresh)
    missed = expected - fresh[:, 0] - 0.5 * fresh[:, 1] ** 2
    assert 1 - missed.var() / truth.var() > 0.98


def test_where_chance_hides_the_doubt_nothing_is_sold_as_resolved():
    z = normals(2, draws=128)
    noise = np.random.default_rng(1).normal(size=(128, 4))
    found = moved(
        z[:, :1] + 4 * noise, inputs_of(pd.DataFrame(z, columns=["a", "b"])), better=1, seed=1
    )
    assert found.sobol is None
    assert found.sobol_said.startswith("not resolved: chance is ")
    rough = moved(
        np.repeat(np.sign(np.sin(9 * z[:, :1])), 2, axis=1) + 0.01 * noise[:, :2],
        inputs_of(pd.DataFrame(z, columns=["a", "b"])),
        better=1,
        seed=1,
    )
    assert rough.sobol is None
    assert "the emulator foresees" in rough.sobol_said


def test_chance_is_a_row_of_its_own_of_a_single_replication():
    z = normals(2, draws=512)
    noise = np.random.default_rng(1).normal(size=(512, 4))
    table = pd.DataFrame(z, columns=["a", "b"])
    found = moved(2 * z[:, :1] + z[:, 1:] + 3 * noise, inputs_of(table), better=1, seed=1)
    shares = found.shares.set_index("input")
    assert shares.share[CHANCE] == pytest.approx(9 / 14, abs=0.03)
    assert shares.share["a"] == pytest.approx(4 / 14, abs=0.03)
    assert shares.share["b"] == pytest.approx(1 / 14, abs=0.03)
    assert shares.share.sum() == pytest.approx(1.0, abs=SUMS)
    assert list(found.shares["input"][-2:]) == [REST, CHANCE]
    assert chance_of(3 * noise) <= np.var(3 * noise.mean(axis=1))


def test_of_many_quantities_those_that_matter_are_looked_at():
    z = normals(64, draws=128)
    table = pd.DataFrame(z, columns=[f"x{k}" for k in range(64)])
    values = np.repeat((z[:, :1] - z[:, 5:6]), 2, axis=1)
    found = moved(values, inputs_of(table), better=1, seed=1)
    assert [each.name for each in found.inputs][:2] in (["x0", "x5"], ["x5", "x0"])
    assert len(found.inputs) <= MOST_INPUTS
    nothing = moved(np.ones((128, 2)), inputs_of(table), better=1, seed=1)
    assert nothing.inputs == ()
    assert "no quantity is seen to move it" in nothing.sobol_said
    assert nothing.failure.fails == 0.0


def test_what_would_have_to_be_true_put_in_leaves_no_difference():
    z = normals(1, draws=256)[:, 0]
    one = Input("price", z, "price", 0, 8.0, 12.0, lambda number: 10.0 + number)
    values = 3.0 * (10.0 + z) - 27.0
    (turn,) = switches(values, [one])
    assert 3.0 * turn.value - 27.0 == pytest.approx(0.0, abs=1e-9)
    both = told(np.repeat(values[:, None], 2, axis=1))
    said = Between("A", "B", both, (turn,)).sentence()
    assert said == (
        "'A' is to be expected to be better than 'B'; for it to be the other way round price would "
        "have to be below 9, within its 95% interval (8 to 12)."
    )
    outside = Between("A", "B", both, (turn._replace(inside=False, value=7.0),)).sentence()
    assert "below 7, but that is outside its 95% interval" in outside
    assert "no one quantity" in Between("A", "B", both, ()).sentence()
    same = Between("A", "B", told(np.zeros((32, 2))), ()).sentence()
    assert same == "Nothing is to be expected between 'A' and 'B'."


# The verb


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return priced_town(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def compared(town):
    how = {"draws": 64, "replications": 4, "seed": 3}
    return ps.compare(town, [with_more(town), with_some(town)], **how)


@pytest.fixture(scope="module")
def found(compared):
    return ps.sensitivity(compared)


def test_any_two_are_set_against_each_other(found):
    assert [{each.better, each.other} for each in found.between] == [
        {"Town", "More mentors"},
        {"Town", "Some mentors"},
        {"More mentors", "Some mentors"},
    ]
    assert all(each.difference.mean >= 0.0 for each in found.between)
    turns = found.between[0].turns
    assert EFFECT in {each.input.key for each in turns}


def test_an_option_hangs_on_what_it_is_made_of(found):
    more = found.options[0].moved
    assert set(more.tornado["input"]) == {EFFECT, "services.mentor.cost_per_start_gbp"}
    row = more.tornado.set_index("input").loc[EFFECT]
    assert 0.1 <= row.low < 0.13
    assert 0.33 < row.high <= 0.4
    assert row.at_low > row.at_high


def test_an_outcome_is_looked_at_by_its_own_direction(compared, found):
    rate = ps.sensitivity(compared, outcome="proven_reoffending_rate")
    better = {(each.better, each.other) for each in rate.between}
    assert ("More mentors", "Town") in better
    assert rate.options[0].difference.mean < 0.0
    starts = ps.sensitivity(compared, outcome="service.mentor.starts")
    assert starts.between == ()
    assert starts.options[0].moved.failure is None
    print_parts(console(), sensitivity_parts(starts))


def test_screening_may_simulate_the_model_itself(town, compared):
    alone = replace(compared, options=compared.options[:1])
    # What the commissioner of mentors pays is their price times how many start: hardly luck.
    own, other = (
        ps.sensitivity(alone, outcome="cost_pcc", morris=of).options[0].moved
        for of in ("model", "emulator")
    )
    assert (own.morris_of, other.morris_of) == ("model", "emulator")
    assert other.morris_chance == 0.0 < own.morris_chance
    price = "services.mentor.cost_per_start_gbp"
    (asked,) = (each for each in own.inputs if each.key == price)
    at = [asked.value(number) for number in np.quantile(asked.column, LEVELS)]
    starts = alone.options[0].everybody["service.mentor.starts"].mean()
    steps = sorted(starts * (at[k + 2] - at[k]) / STEP for k in (0, 1))
    for moved_by in (own, other):
        found = moved_by.morris.set_index("input").mu[price]
        assert 0.95 * steps[0] < found < 1.05 * steps[1]
        assert found > 5.0 * own.morris_chance
    assert own.morris.set_index("input").mu_star[EFFECT] < 3.0 * own.morris_chance


def test_in_a_design_quantities_are_where_it_asks_and_others_at_their_centres(town):
    end = 1.959963984540054
    states = Designed(draws=3, seed=1, at={EFFECT: np.array([-end, 0.0, end])})
    drawn = [states.drawn(town, draw) for draw in range(3)]
    ratios = [each.services["mentor"].hazard_ratio.value for each in drawn]
    assert ratios == pytest.approx([0.1, 0.2, 0.4])
    prices = [each.services["mentor"].cost_per_start_gbp.value for each in drawn]
    assert prices == pytest.approx([500.0] * 3)


def test_the_model_cannot_be_asked_of_people_who_were_brought(compared):
    brought = [{"of": "people", "path": "a.csv", "sha256": ""}]
    origin = {**compared.provenance, "inputs": brought}
    other = replace(compared, baseline=replace(compared.baseline, provenance=origin))
    with pytest.raises(ps.InputError, match="people who were brought"):
        ps.sensitivity(other, morris="model")


def test_the_same_answer_again(compared, found):
    again = ps.sensitivity(compared)
    pd.testing.assert_frame_equal(again.options[0].moved.morris, found.options[0].moved.morris)
    pd.testing.assert_frame_equal(again.options[0].moved.shares, found.options[0].moved.shares)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"outcome": "proven_reoffending_rat"}, "did you mean 'proven_reoffending_rate'"),
        ({"outcome": "service.mentor.start"}, "is no outcome"),
        ({"outcome": "service.tag.starts"}, "is no outcome"),
        ({"outcome": 3}, "outcome: has the wrong type"),
        ({"morris": "emulatr"}, "did you mean 'emulator'"),
        ({"years": 0}, "years: is out of range"),
        ({"seed": -1}, "seed: is out of range"),
    ],
)
def test_what_cannot_be_asked_is_refused(compared, said, words):
    with pytest.raises(ps.InputError, match=words):
        ps.sensitivity(compared, **said)


def test_the_shell_tells_it(tmp_path, town, capsys):
    (tmp_path / "base.toml").write_text(town.to_toml(), encoding="utf-8")
    (tmp_path / "some.toml").write_text(
        'extends = "base.toml"\ntitle = "Some"\nservices.mentor.capacity = 20\n', encoding="utf-8"
    )
    said = ["sensitivity", str(tmp_path / "base.toml"), str(tmp_path / "some.toml")]
    said += ["--draws", "32", "--replications", "2"]
    assert run_command_line(said) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "what its difference in net benefit over 10 years hangs on" in told
    assert "chance" in told
    assert "'Some' is to be expected to be better than 'Town'" in told
    assert run_command_line([*said, "--json", "--outcome", "reoffences_total"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["outcome"] == "reoffences_total"
    assert data["options"][0]["variance"][-1]["of"] == "chance"


@pytest.mark.parametrize(
    ("said", "words"), [(["--draws", "8"], "too few states"), (["--outcome", "x"], "is no outcome")]
)
def test_the_shell_refuses_before_anything_runs(monkeypatch, capsys, said, words):
    monkeypatch.setattr("pathsim.outcomes.verbs.compare", None)
    assert run_command_line(["sensitivity", "dorset/baseline", "dorset/more-tags", *said]) == 2
    assert words in capsys.readouterr().err
