"""Distributions at the edge of what they may be: of no width, of one point, of one step."""

from __future__ import annotations

import math
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

import pathsim.scenario.distributions as known
from pathsim.scenario.annotations import pick
from pathsim.scenario.distributions import Constant, Distribution, Length

SAID = {"source": "test"}
EXACT = 1e-15


def made(kind: str, of: Any = Distribution, **values: Any) -> Any:
    return TypeAdapter(of).validate_python({"kind": kind, **SAID, **values})


@pytest.mark.parametrize(
    ("kind", "values", "mean"),
    [
        ("constant", {"value": 0}, 0.0),
        ("uniform", {"low": 5, "high": 5}, 5.0),
        ("uniform", {"low": 0, "high": 0}, 0.0),
        ("uniform", {"low": 2, "high": 5}, 3.5),
        ("triangular", {"low": 1, "mode": 1, "high": 4}, 2.0),
        ("triangular", {"low": 1, "mode": 4, "high": 4}, 3.0),
        ("lognormal", {"median": 7, "sigma": 0}, 7.0),
        ("lognormal", {"median": 7, "sigma": 2}, 7 * math.exp(2)),
        ("weibull", {"scale": 3, "shape": 1}, 3.0),
        ("weibull", {"scale": 3, "shape": 0.5}, 6.0),
        ("empirical", {"probabilities": (0, 1), "quantiles": (4, 4)}, 4.0),
        ("empirical", {"probabilities": (0, 0.25, 1), "quantiles": (0, 0, 8)}, 3.0),
        ("empirical", {"probabilities": (0, 0.25, 1), "quantiles": (2, 6, 10)}, 7.0),
        ("exponential", {"mean": 1e-6}, 1e-6),
        ("never", {}, math.inf),
    ],
)
def test_what_has_no_width_or_one_step_has_its_mean(kind, values, mean):
    assert made(kind, **values).expected() == pytest.approx(mean, rel=EXACT)


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("uniform", {"low": 5.1, "high": 5}, "low is above high"),
        ("triangular", {"low": 4, "mode": 4, "high": 4}, "is equal to high"),
        ("triangular", {"low": 1, "mode": 0.5, "high": 4}, "is out of range"),
        ("triangular", {"low": 1, "mode": 4.5, "high": 4}, "is out of range"),
        ("empirical", {"probabilities": (0,), "quantiles": (1,)}, "two or more"),
        ("empirical", {"probabilities": (0, 0.5, 1), "quantiles": (1, 2)}, "as many quantiles"),
        ("empirical", {"probabilities": (0.1, 1), "quantiles": (1, 2)}, "rise from 0 to 1"),
        ("empirical", {"probabilities": (0, 0.9), "quantiles": (1, 2)}, "rise from 0 to 1"),
        ("empirical", {"probabilities": (0, 0.5, 0.5, 1), "quantiles": (1, 2, 3, 4)}, "rise"),
        ("empirical", {"probabilities": (0, 1), "quantiles": (2, 1.9)}, "must not fall"),
        ("exponential", {"mean": 0}, "greater than 0"),
        ("lognormal", {"median": 0, "sigma": 1}, "greater than 0"),
        ("lognormal", {"median": 1, "sigma": -0.1}, "greater than or equal to 0"),
        ("lognormal", {"median": 1, "sigma": 5.1}, "less than or equal to 5"),
        ("weibull", {"scale": 0, "shape": 1}, "greater than 0"),
        ("weibull", {"scale": 1, "shape": 0.09}, "greater than or equal to 0.1"),
        ("weibull", {"scale": 1, "shape": 101}, "less than or equal to 100"),
        ("constant", {"value": -1}, "greater than or equal to 0"),
    ],
)
def test_what_is_no_distribution_is_refused(kind, values, said):
    with pytest.raises(ValidationError, match=said):
        made(kind, **values)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("lognormal", {"median": 1, "sigma": 5}),
        ("weibull", {"scale": 1, "shape": 0.1}),
        ("weibull", {"scale": 1, "shape": 100}),
    ],
)
def test_the_bounds_themselves_are_allowed(kind, values):
    assert made(kind, **values).kind == kind


def test_a_length_may_be_anything_but_never():
    assert set(known.KINDS) - {"never"} == {
        kind.__metadata__[0].tag for kind in Length.__args__[0].__args__
    }
    with pytest.raises(ValidationError, match="never"):
        made("never", Length)


def test_a_number_without_a_kind_is_constant():
    assert TypeAdapter(Distribution).validate_python({"value": 3, **SAID}).kind == "constant"
    found = TypeAdapter(Distribution).validate_python(known.constant(3, source="x"))
    assert (found.kind, found.expected(), found.grade) == ("constant", 3, "definition")
    assert known.never().grade == "definition"


@pytest.mark.parametrize("lengths", [Distribution, Length])
def test_a_bare_number_is_read_as_a_constant_among_all_kinds(lengths):
    assert pick(lengths, 3) is pick(lengths, 2.5) is Constant
