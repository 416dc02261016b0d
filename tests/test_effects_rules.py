"""Each rule makes of studies what its page says."""

from __future__ import annotations

import math
from typing import get_args

import pytest

from pathsim.scenario.effect import Rule, Study
from pathsim.study.effects.convert import Converted
from pathsim.study.effects.rules import RULES

HALVED = [name for name in get_args(Rule) if name.startswith("halved")]


def found(ratio: float, low: float | None = None, high: float | None = None) -> Converted:
    return Converted(0.5, 0.4, 0.9, ratio, low, high)


def reported(*converted: Converted, published: float = 0.97) -> list[tuple[Study, Converted]]:
    said = Study(
        name="a",
        source="a test",
        design="rct",
        measure="risk_ratio",
        ratio=published,
        low=0.89,
        high=1.07,
    )
    return [(said, each) for each in converted]


def test_every_rule_has_its_function_with_words() -> None:
    assert tuple(RULES) == get_args(Rule)
    assert all(function.__doc__ for function in RULES.values())


def test_one_study_is_taken_as_it_is() -> None:
    assert RULES["study"](reported(found(0.7, 0.5, 1.0))) == (0.7, 0.5, 1.0)


def test_as_published_is_not_converted() -> None:
    one = reported(found(0.94, 0.8, 1.14))
    assert RULES["as published"](one) == (0.97, 0.89, 1.07)
    value, low, high = RULES["as published, carried over"](one)
    assert value == 0.97
    assert math.log(value / low) == pytest.approx(2 * math.log(0.97 / 0.89))
    assert math.log(high / value) == pytest.approx(2 * math.log(1.07 / 0.97))


def test_pooled_is_the_mean_of_logs_and_reaches_every_study() -> None:
    value, low, high = RULES["pooled"](reported(found(0.5), found(1.0)))
    assert value == pytest.approx(math.sqrt(0.5))
    error = math.log(2) / 2  # of the mean of two that differ by log 2
    assert low == pytest.approx(value * math.exp(-1.96 * error))
    assert high == pytest.approx(value * math.exp(1.96 * error))
    # Three near each other and one far: the interval reaches it.
    _, low, high = RULES["pooled"](reported(*[found(0.7)] * 8, found(1.0)))
    assert high == pytest.approx(1.0)
    assert 0.65 < low < 0.7
    _, low, high = RULES["pooled"](reported(*[found(1.0)] * 8, found(0.7)))
    assert low == pytest.approx(0.7)
    assert 1.0 < high < 1.1


def test_pooled_is_no_surer_than_the_studies_are() -> None:
    same = found(0.7, 0.35, 1.4)
    value, low, high = RULES["pooled"](reported(same, same))
    assert value == pytest.approx(0.7)
    assert math.log(high / value) == pytest.approx(math.log(2) / math.sqrt(2))
    assert math.log(value / low) == pytest.approx(math.log(2) / math.sqrt(2))


@pytest.mark.parametrize("name", HALVED)
def test_halved_is_half_the_log_with_the_same_width(name: Rule) -> None:
    value, low, high = RULES[name](reported(found(0.64, 0.4, 1.0)))
    assert value == pytest.approx(0.8)
    assert low == pytest.approx(0.5)
    assert high == pytest.approx(1.25)
    # An interval that is narrow reaches from the whole effect to none all the same.
    assert RULES[name](reported(found(0.64, 0.63, 0.65))) == pytest.approx((0.8, 0.64, 1.0))
    assert RULES[name](reported(found(0.64))) == pytest.approx((0.8, 0.64, 1.0))
