"""Value of information against closed forms, published figures and what must always hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from threadpoolctl import threadpool_limits

import chemotherapy
from made_decisions import (
    DRAWS,
    ERRORS,
    MODELS,
    QUICK,
    ROUNDING,
    against_nothing,
    made,
    normals,
)
from pathsim.decision.information.exact import (
    best_of,
    beta_gain,
    beta_study,
    normal_gain,
    normal_study,
)
from pathsim.decision.information.partial import (
    NOT_RESOLVED,
    NOT_SEEN,
    Partial,
    evppi,
    partial_value,
)
from pathsim.decision.information.perfect import evpi
from pathsim.decision.regression.points import points_of
from pathsim.decision.regression.smooth import by_splines
from pathsim.errors import InputError

FORMULA = 1e-6
"""Absolute: the figures have six digits behind the point."""


def by_group(table):
    return table.set_index("group")


# Closed forms


def test_the_closed_forms_for_a_normal_difference_are_the_published_figures():
    known = {(1, 5**0.5): 0.479811, (1, 1): 0.083315, (1, 2): 0.395593}
    known |= {(0, 5**0.5): 0.892062, (0, 1): 0.398942, (0, 2): 0.797885}
    known |= {(0.1, 0.34**0.5): 0.186034, (0.1, 0.5): 0.153447, (0.1, 0.3): 0.076271}
    for (mean, sd), value in known.items():
        assert normal_gain(mean, sd) == pytest.approx(value, abs=FORMULA)
        assert normal_gain(-mean, sd) == normal_gain(mean, sd)
    assert normal_gain(1.0, 0.0) == 0.0


def test_the_closed_forms_for_a_study_are_the_published_figures():
    sizes = {1: 0.025127, 10: 0.072325, 100: 0.082118, 1000: 0.083195}
    for size, value in sizes.items():
        assert normal_study(1, 1, size=size, prior_size=1) == pytest.approx(value, abs=FORMULA)
    people = {1: 21.818182, 5: 33.566434, 20: 48.935532, 100: 57.382238, 1000: 59.898533}
    for size, value in people.items():
        found = beta_study(4, 6, slope=1000, height=-400, size=size)
        assert found == pytest.approx(value, abs=FORMULA)
    assert beta_gain(4, 6, slope=1000, height=-400) == pytest.approx(60.197437, abs=FORMULA)
    assert beta_gain(6, 4, slope=-1000, height=600) == pytest.approx(60.197437, abs=FORMULA)
    assert beta_gain(4, 6, slope=1000, height=-1001) == 0.0


def test_the_best_of_options_with_nothing_between_them_seems_better_than_they_are():
    known = {2: 0.564190, 3: 0.846284, 5: 1.162964, 10: 1.538753, 6: 1.2672064, 16: 1.7659914}
    for options, value in known.items():
        assert best_of(options) == pytest.approx(value, abs=FORMULA)


# EVPI


@pytest.mark.parametrize("options", [2, 3, 5, 10])
def test_evpi_of_equal_options_in_doubt_is_the_closed_form(options):
    found = evpi(normals(options))
    assert abs(found.evpi - best_of(options)) < ERRORS * found.se
    assert found.se < 0.05


def test_the_error_of_evpi_is_its_spread_over_other_draws():
    rng = np.random.default_rng(5)
    found = [evpi(rng.normal(size=(200, 3))) for _ in range(100)]
    spread = np.std([each.evpi for each in found])
    assert np.mean([each.se for each in found]) == pytest.approx(spread, rel=0.25)


def without_noise(replications):
    """Return differences of two options, [D], with the noise of [D, R, 2] out of their spread."""
    difference = replications[:, :, 1] - replications[:, :, 0]
    means = difference.mean(axis=1)
    noise = difference.var(axis=1, ddof=1).mean() / difference.shape[1]
    left = max(1 - noise / means.var(ddof=1), 0.0) ** 0.5
    return means.mean() + left * (means - means.mean())


def test_evpi_of_two_equal_options_is_nothing_once_their_noise_is_taken_out():
    rng = np.random.default_rng(2)
    replications = rng.normal(size=(256, 4, 2))
    naive = evpi(replications.mean(axis=1))
    assert naive.evpi == pytest.approx(best_of(2) / 2, abs=ERRORS * naive.se)
    found = evpi(against_nothing(without_noise(replications)))
    # What was taken out is an estimate too, so its error is found with it, draw by draw.
    again = [replications[rng.integers(256, size=256)] for _ in range(200)]
    error = np.std([evpi(against_nothing(without_noise(each)), resamples=2).evpi for each in again])
    assert found.evpi < ERRORS * error < naive.evpi / 2


# EVPPI

TWO = ((1.0, -1.0, 1.0), (1.0, 2.0), {"p1": 0.083315, "p2": 0.395593, "both": 0.479811})
SUM = ((1.0, 1.0, 0.0), (1.0, 2.0), {"p1": 0.398942, "p2": 0.797885, "both": 0.892062})
MIX = ((0.5, -0.3, 0.1), (1.0, 1.0), {"p1": 0.153447, "p2": 0.076271, "both": 0.186034})


@pytest.mark.parametrize("model", [TWO, SUM, MIX], ids=["two", "sum", "mix"])
def test_evppi_of_a_linear_model_is_the_closed_form(model):
    (slope1, slope2, mean), spreads, known = model
    z = normals(3)
    inputs = pd.DataFrame({"p1": z[:, 0] * spreads[0], "p2": z[:, 1] * spreads[1], "no": z[:, 2]})
    net_benefit = against_nothing(mean + slope1 * inputs.p1 + slope2 * inputs.p2)
    groups = {"p1": ["p1"], "p2": ["p2"], "both": ["p1", "p2"], "all": list(inputs), "no": "no"}
    found = by_group(evppi(net_benefit, inputs, groups=groups, **QUICK))
    for group, value in {**known, "all": known["both"]}.items():
        row = found.loc[group]
        for column in ("evppi", "by_splines", "by_process"):
            assert abs(row[column] - value) < ERRORS * row["se"]
        assert row["resolved"]
        assert row["said"] == ""
    assert found.loc["no", "evppi"] == 0.0
    assert found.loc["no", "said"] == NOT_SEEN
    assert found.loc["all", "evppi"] == pytest.approx(evpi(net_benefit).evpi, rel=0.01)


def test_evppi_of_a_published_model_is_its_truth():
    inputs = chemotherapy.inputs(DRAWS, seed=1)
    net_benefit = chemotherapy.net_benefit(inputs)
    known = evpi(net_benefit)
    assert abs(known.evpi - chemotherapy.TRUE_EVPI) < ERRORS * known.se
    assert known.se < 20.0
    found = by_group(evppi(net_benefit, inputs, groups=chemotherapy.GROUPS, **QUICK))
    for group, value in chemotherapy.TRUTH.items():
        assert abs(found.loc[group, "evppi"] - value) < ERRORS * found.loc[group, "se"] + ROUNDING
        assert found.loc[group, "se"] < 20.0
    assert found.loc["c_hospital", "evppi"] == 0.0
    # Two inputs are judged by splines, more by the process.
    for group, judge in {"side effects": "by_splines", "transitions": "by_process"}.items():
        assert found.loc[group, "evppi"] == found.loc[group, judge]
        assert found.loc[group, "by_splines"] != found.loc[group, "by_process"]


def test_where_inputs_matter_together_alone_they_are_worth_nothing():
    z = normals(2, draws=256)
    inputs = pd.DataFrame(z, columns=["a", "b"])
    groups = {"a": ["a"], "b": ["b"], "both": ["a", "b"]}
    found = by_group(evppi(against_nothing(z[:, 0] * z[:, 1]), inputs, groups=groups, **QUICK))
    # E[max(ab, 0)] = E|a| E|b| / 2 = 1 / pi.
    assert abs(found.loc["both", "evppi"] - 1 / np.pi) < ERRORS * found.loc["both", "se"]
    assert found.loc["a", "evppi"] < 0.05
    assert found.loc["b", "evppi"] < 0.05


def test_noise_within_draws_is_no_knowledge_and_draws_are_not_to_be_shrunken_for_it():
    z = normals(1, draws=DRAWS)[:, 0]
    noise = 1.28 * np.random.default_rng(3).normal(size=DRAWS)
    noisy = 0.0 + z + noise
    inputs = pd.DataFrame({"a": z})
    found = evppi(against_nothing(noisy), inputs, **QUICK).iloc[0]
    truth = normal_gain(0.0, 1.0)
    assert abs(found.evppi - truth) < ERRORS * found.se
    assert evpi(against_nothing(noisy)).evpi > 1.5 * truth
    shrunken = noisy / (1 + 1.28**2) ** 0.5
    assert evppi(against_nothing(shrunken), inputs, **QUICK).iloc[0].evppi < 0.7 * truth


def test_an_input_that_nothing_reads_is_worth_nothing_in_nineteen_of_twenty():
    rng = np.random.default_rng(11)
    seen = 0
    for _ in range(300):
        splines = by_splines(points_of(rng.normal(size=(64, 1))), rng.normal(size=(64, 2)))
        found = partial_value(Partial(splines, splines, splines), shuffles=19, seed=1)
        seen += found.seen
    assert 5 <= seen <= 27  # of 300, 15 are expected


def test_a_constant_is_worth_nothing_and_an_input_said_twice_changes_nothing():
    z = normals(2, draws=128)
    inputs = pd.DataFrame({"a": z[:, 0], "b": z[:, 1], "same": 3 - 2 * z[:, 0], "constant": 7.0})
    net_benefit = against_nothing(z[:, 0] ** 2 - 1 + z[:, 1])
    groups = {"a": ["a"], "twice": ["a", "same", "constant"], "constant": ["constant"]}
    found = by_group(evppi(net_benefit, inputs, groups=groups, **QUICK))
    assert found.loc["constant", "evppi"] == 0.0
    assert found.loc["a", "evppi"] > 0.2
    for column in ("evppi", "se", "by_splines", "by_process", "floor"):
        assert found.loc["twice", column] == pytest.approx(found.loc["a", column], abs=ROUNDING)


def test_where_the_two_regressions_part_the_value_is_not_resolved():
    z = normals(1, draws=512)
    # A jump and fast waves: too quick for splines with ten knots.
    wavy = np.sign(np.sin(9 * z[:, 0]))
    found = evppi(against_nothing(wavy), pd.DataFrame({"a": z[:, 0]}), **QUICK).iloc[0]
    assert abs(found.by_splines - found.by_process) > found.se
    assert not found.resolved
    assert found.said == NOT_RESOLVED or found.evppi == 0.0


@settings(max_examples=12, deadline=None)
@given(MODELS)
def test_knowing_more_is_never_worth_less_and_never_more_than_knowing_all(model):
    net_benefit, inputs = made(model)
    groups = {"b": ["b"], "abc": ["a", "b", "c"], "ab": ["a", "b"], "all": list("abcx"), "a": "a"}
    found = by_group(evppi(net_benefit, inputs, groups=groups, shuffles=19, resamples=20)).evppi
    most = evpi(net_benefit, resamples=20).evpi
    for less, more in [("a", "ab"), ("b", "ab"), ("ab", "abc"), ("abc", "all")]:
        assert 0.0 <= found[less] <= found[more] <= most * (1 + ROUNDING)


@settings(max_examples=8, deadline=None)
@given(MODELS)
def test_values_do_not_hang_on_units_or_on_the_order_of_options(model):
    net_benefit, inputs = made(model)
    found = evppi(net_benefit, inputs[["a"]], shuffles=19, resamples=20).iloc[0]
    turned = np.column_stack([net_benefit[:, :1], net_benefit[:, :0:-1]])
    again = evppi(1000 * turned + 5, 32 + 1.8 * inputs[["a"]], shuffles=19, resamples=20).iloc[0]
    for column in ("evppi", "se", "by_splines", "floor"):
        assert again[column] == pytest.approx(1000 * found[column], rel=1e-6, abs=1e-6)
    near = 1e-3 * 1000 * net_benefit.std()
    assert again.by_process == pytest.approx(1000 * found.by_process, abs=near)


# Same figures, and what is refused


def test_figures_do_not_hang_on_how_many_threads_the_machine_lends():
    net_benefit, inputs = made({"seed": 1, "options": 2, "noise": 0.5, "curved": True, "unit": 1})
    with threadpool_limits(2, "blas"):
        first = evppi(net_benefit, inputs, groups={"ab": ["a", "b"]}, **QUICK)
    with threadpool_limits(1, "blas"):
        second = evppi(net_benefit, inputs, groups={"ab": ["a", "b"]}, **QUICK)
    pd.testing.assert_frame_equal(first, second, check_exact=True)
    other = evppi(net_benefit, inputs, groups={"ab": ["a", "b"]}, **QUICK, seed=2)
    assert other.se[0] != first.se[0]


GOOD = {"net_benefit": np.zeros((32, 2)), "inputs": pd.DataFrame({"a": np.arange(32.0)})}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"net_benefit": np.zeros((31, 2))}, r"net_benefit: has too few; found \[31, 2\]"),
        ({"net_benefit": np.zeros((32, 1))}, "2 options or more"),
        ({"net_benefit": np.zeros(32)}, "has the wrong shape"),
        ({"net_benefit": "much"}, "has the wrong type"),
        ({"net_benefit": np.full((32, 2), np.nan)}, "has values that are no numbers"),
        ({"inputs": np.zeros((32, 1))}, "inputs: has the wrong type"),
        ({"inputs": pd.DataFrame({"a": [1.0]})}, "has another number of draws; found 1"),
        ({"inputs": pd.DataFrame(np.zeros((32, 2)), columns=["a", "a"])}, "two columns"),
        ({"groups": {"g": ["aa"]}}, r"groups.g: is no input; found 'aa'; allowed: did you mean"),
        ({"shuffles": 3}, "shuffles: is out of range"),
        ({"resamples": 1}, "resamples: is out of range"),
    ],
)
def test_what_is_of_no_use_is_refused(changed, message):
    with pytest.raises(InputError, match=message):
        evppi(**(GOOD | changed))
