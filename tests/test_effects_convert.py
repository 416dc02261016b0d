"""A study's result becomes the ratio that gives it back in people who differ."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from pathsim.scenario.effect import Study
from pathsim.study.effects.convert import Risks, UnreachableError, convert
from pathsim.theory import frail_event_share, hazard_ratio_from_rates

QUADRATURE = 1e-9
FORMULA = 1e-9
SPREAD = 1.16
"""Of Dorset's frailty as calibrated in 2026; the design's figures are of 0.9 to 1.27."""


def study(**said: Any) -> Study:
    return Study(name="a trial", source="made for a test", design="rct", **said)


def alike(sigma: float) -> Risks:
    return Risks(np.ones(1), np.ones(1), sigma)


DIFFERENT = Risks(np.array([0.2, 1.0, 6.0]), np.array([0.5, 0.3, 0.2]), SPREAD)
TAGS = study(measure="rates", treated=0.262, untreated=0.332)
SUSPENDED = study(measure="rates", treated=0.54, untreated=0.63)


@pytest.mark.parametrize("sigma", [0.0, 0.9, SPREAD, 1.5])
@pytest.mark.parametrize("met", [0.01, 0.3, 3.0, 100.0])
def test_the_share_is_that_of_adaptive_quadrature(sigma: float, met: float) -> None:
    people = Risks(np.array([0.5, 2.0]), np.array([0.25, 0.75]), sigma)
    due = 0.25 * frail_event_share(0.5 * met, sigma=sigma)
    due += 0.75 * frail_event_share(2.0 * met, sigma=sigma)
    assert people.share(met) == pytest.approx(due, abs=QUADRATURE)


def test_among_people_alike_the_ratio_is_the_naive_one() -> None:
    found = convert(TAGS, alike(0.0), own_share=0.5)
    assert found.naive == hazard_ratio_from_rates(treated=0.262, control=0.332)
    assert found.ratio == pytest.approx(found.naive, rel=FORMULA)


@pytest.mark.parametrize(
    ("reported", "at_09", "at_116", "at_127"),
    [
        (TAGS, 0.719, 0.698, 0.687),
        (SUSPENDED, 0.720, 0.689, 0.676),
        (study(measure="points", points=-10.3, untreated=0.42), 0.652, 0.623, 0.610),
    ],
)
def test_spread_alone_gives_the_ratios_of_the_design(
    reported: Study, at_09: float, at_116: float, at_127: float
) -> None:
    """About 0.69 for tags, 0.68 for suspended sentences, 0.62 for Checkpoint."""
    for sigma, due in ((0.9, at_09), (SPREAD, at_116), (1.27, at_127)):
        found = convert(reported, alike(sigma), own_share=0.5)
        assert found.ratio == pytest.approx(due, abs=0.0006), sigma


@pytest.mark.parametrize(
    ("reported", "sigma", "part"),
    [(TAGS, 0.9, 0.87), (TAGS, 1.27, 0.77), (SUSPENDED, 0.9, 0.75), (SUSPENDED, 1.27, 0.63)],
)
def test_the_naive_ratio_gives_back_a_part_of_the_points(
    reported: Study, sigma: float, part: float
) -> None:
    found = convert(reported, alike(sigma), own_share=0.5)
    met = alike(sigma).level(found.untreated) * found.naive
    got = found.untreated - frail_event_share(met, sigma=sigma)
    assert got / (found.untreated - found.treated) == pytest.approx(part, abs=0.005)
    assert found.naive_part == pytest.approx(got / (found.untreated - found.treated), abs=FORMULA)


@pytest.mark.parametrize(
    "reported",
    [
        TAGS,
        study(measure="points", points=-7, untreated=0.332),
        study(measure="odds", ratio=(0.262 / 0.738) / (0.332 / 0.668), untreated=0.332),
        study(measure="risk_ratio", ratio=0.262 / 0.332, untreated=0.332),
        study(measure="risk_ratio", ratio=0.262 / 0.332),
    ],
    ids=lambda each: each.measure,
)
def test_every_measure_of_shares_is_reproduced(reported: Study) -> None:
    found = convert(reported, DIFFERENT, own_share=0.332)
    assert found.treated == pytest.approx(0.262, abs=1e-12)
    level = DIFFERENT.level(0.332)
    assert DIFFERENT.share(found.ratio * level) == pytest.approx(0.262, abs=FORMULA)
    assert found.ratio < convert(reported, alike(SPREAD), own_share=0.332).ratio < found.naive


def test_the_interval_is_converted_as_the_result_is() -> None:
    reported = study(measure="points", points=-7, low=-10, high=2, untreated=0.332)
    found = convert(reported, DIFFERENT, own_share=0.5)
    level = DIFFERENT.level(0.332)
    assert DIFFERENT.share(level * found.low) == pytest.approx(0.232, abs=FORMULA)
    assert DIFFERENT.share(level * found.high) == pytest.approx(0.352, abs=FORMULA)


def test_numbers_alone_give_an_interval() -> None:
    def of(n: int | None) -> tuple[float | None, float | None]:
        reported = study(measure="rates", treated=0.25, untreated=0.5, n=n)
        found = convert(reported, alike(0.0), own_share=0.5)
        return found.low, found.high

    assert of(None) == (None, None)
    # Woolf: the log of odds 1/3 over 1, standard error sqrt(1/25 + 1/25 + 1/12.5 + 1/37.5 a 50).
    error = math.sqrt(2 / 25 + 1 / 12.5 + 1 / 37.5)
    low, high = of(100)
    for end, side in ((low, -1), (high, 1)):
        odds = math.exp(side * 1.96 * error) / 3
        due = hazard_ratio_from_rates(treated=odds / (1 + odds), control=0.5)
        assert end == pytest.approx(due, rel=FORMULA)


def test_a_ratio_of_reoffences_is_one_of_hazards() -> None:
    reported = study(measure="frequency_ratio", ratio=0.86, low=0.7, high=1.1)
    found = convert(reported, DIFFERENT, own_share=0.5)
    assert (found.naive, found.ratio, found.low, found.high) == (0.86, 0.86, 0.7, 1.1)
    half = convert(reported, DIFFERENT, own_share=0.5, acting=0.5)
    assert half.ratio == pytest.approx(0.72)


def test_a_ratio_of_hazards_is_weakened_by_frailty_alone() -> None:
    reported = study(measure="hazard_ratio", ratio=0.74, untreated=0.4)
    found = convert(reported, DIFFERENT, own_share=0.5)
    people = alike(SPREAD)
    treated = people.share(people.level(0.4) * found.ratio)
    assert math.log1p(-treated) / math.log1p(-0.4) == pytest.approx(0.74, abs=FORMULA)
    assert found.naive == pytest.approx(0.74)


def test_a_treatment_of_part_of_the_time_needs_a_stronger_ratio() -> None:
    whole = convert(TAGS, alike(SPREAD), own_share=0.5)
    part = convert(TAGS, alike(SPREAD), own_share=0.5, acting=0.5)
    assert 0.5 * part.ratio + 0.5 == pytest.approx(whole.ratio, rel=FORMULA)
    with pytest.raises(UnreachableError, match=r"acts on 0\.25 of it: at least 0\.75 is left"):
        convert(TAGS, alike(SPREAD), own_share=0.5, acting=0.25)


def test_shares_that_cannot_be_are_refused() -> None:
    too_far = study(measure="points", points=-40, untreated=0.3)
    with pytest.raises(ValueError, match=r"'a trial' gives a treated share of -0\.1"):
        convert(too_far, alike(1.0), own_share=0.5)
    with pytest.raises(ValueError, match="must lie between 0 and 1, it is 1"):
        alike(1.0).level(1.0)
    half_immune = Risks(np.array([0.0, 1.0]), np.array([0.5, 0.5]), 1.0)
    with pytest.raises(UnreachableError, match=r"0\.6 is not reached: 0\.5 have no hazard"):
        half_immune.level(0.6)
