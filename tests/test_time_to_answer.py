"""The time to an answer: the arithmetic of its table, and controls that bias nothing."""

from __future__ import annotations

import importlib
import math
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
FORMULA = 1e-9
MONTE_CARLO = 4.0
"""Standard errors of a mean, with a fixed seed."""
TRIALS, FEW = 4_000, 24
"""Estimates from 24 replications each: a bias of a hundredth of one's spread is seen."""


@pytest.fixture
def from_benchmarks(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    return lambda name: importlib.import_module(f"benchmarks.{name}")


# Replications needed


def test_many_replications_are_needed_as_the_normal_formula_says(from_benchmarks):
    needed = from_benchmarks("time_to_answer").replications_needed
    normal = (2 * 1.959964 * 5.0 / 0.1) ** 2
    assert needed(5.0, -1.0) == pytest.approx(normal, rel=1e-4)


def test_few_replications_are_needed_as_students_t_says(from_benchmarks):
    needed = from_benchmarks("time_to_answer").replications_needed
    # The 97.5% points of t with 9 and 8 degrees of freedom, from a table.
    narrow_with_ten = 0.1 * math.sqrt(10) / (2 * 2.262157)
    assert needed(narrow_with_ten * 0.999, 1.0) == 10
    assert needed(narrow_with_ten * 1.001, 1.0) == 11


def test_at_least_two_replications_are_needed(from_benchmarks):
    assert from_benchmarks("time_to_answer").replications_needed(1e-12, 1.0) == 2


def test_no_number_of_replications_knows_a_difference_of_nothing(from_benchmarks):
    with pytest.raises(ValueError, match="difference of 0"):
        from_benchmarks("time_to_answer").replications_needed(1.0, 0.0)


# Controls


def skewed(rng, number):
    """Return values with mean 1 that depend on their control by its square, and the control."""
    control = rng.exponential(size=number) - 1.0
    return 1.0 + control**2 - 1.0 + control + 0.1 * rng.standard_normal(number), control[:, None]


def test_controls_bias_nothing_though_their_coefficients_are_estimated(from_benchmarks):
    controlled = from_benchmarks("controls").controlled
    rng = np.random.default_rng(5)
    means = np.array([controlled(*skewed(rng, FEW)).mean for _ in range(TRIALS)])
    se = means.std(ddof=1) / math.sqrt(TRIALS)
    assert abs(means.mean() - 1.0) <= MONTE_CARLO * se


def test_coefficients_from_the_same_replications_would_bias(from_benchmarks):
    """So the test above can fail."""
    rng = np.random.default_rng(5)

    def naive(values, control):
        slope = np.polyfit(control[:, 0], values, 1)[0]
        return values.mean() - slope * control.mean()

    means = np.array([naive(*skewed(rng, FEW)) for _ in range(TRIALS)])
    se = means.std(ddof=1) / math.sqrt(TRIALS)
    assert abs(means.mean() - 1.0) > 3 * MONTE_CARLO * se


def test_a_control_that_is_the_whole_noise_leaves_none(from_benchmarks):
    rng = np.random.default_rng(6)
    control = rng.standard_normal((40, 1))
    found = from_benchmarks("controls").controlled(3.0 + 2.0 * control[:, 0], control)
    assert found.mean == pytest.approx(3.0, rel=FORMULA)
    assert found.sd == pytest.approx(0.0, abs=FORMULA)


def test_too_few_replications_for_the_controls_are_refused(from_benchmarks):
    with pytest.raises(ValueError, match="too few"):
        from_benchmarks("controls").controlled(np.zeros(9), np.zeros((9, 4)))


# The table


@pytest.fixture(scope="module")
def result():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT))
        module = importlib.import_module("benchmarks.time_to_answer")
        return module.time_to_answer(rounds=1, replications=20, rival_replications=2)


def test_each_factor_is_the_seconds_of_the_row_before_over_its_own(result):
    last = None
    for row in result["rows"]:
        assert row["seconds"] == pytest.approx(row["replications"] * row["seconds_per_pair"])
        if row["factor"] is None:
            first = last = row
            assert row["factor_in_all"] == 1.0
            continue
        assert row["factor"] == pytest.approx(last["seconds"] / row["seconds"], rel=FORMULA)
        in_all = first["seconds"] / row["seconds"]
        assert row["factor_in_all"] == pytest.approx(in_all, rel=FORMULA)
        last = row


def test_the_rival_starts_the_tables_of_the_model_that_it_has(result):
    starts = {
        (row["case"], row["outcome"]): row["method"]
        for row in result["rows"]
        if row["factor"] is None
    }
    assert len(starts) == 4
    for (case, _), method in starts.items():
        assert method.startswith("SimPy" if case == "m2" else "pathsim")


def test_the_techniques_that_pay_pay_even_in_a_small_run(result):
    """Floors far below the factors of a full run, which a few replications cannot miss."""
    for row in result["rows"]:
        if "common" in row["method"]:
            assert row["factor"] > 100
        if "expectation" in row["method"] and row["case"] == "m2":
            assert row["factor"] > 1.5


def test_the_answer_is_there_when_the_table_says_so(result):
    """With a standard deviation known from 20 pairs to about a sixth."""
    assert 0.05 < result["answer"]["width_over_difference"] < 0.2
    assert result["answer"]["difference"] < 0


def test_both_programs_spread_alike(result):
    assert set(result["same_variance_p"]) == {"reoffences_per_person", "proven_reoffending_rate"}
    assert min(result["same_variance_p"].values()) > 1e-3
