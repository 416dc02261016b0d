"""Where each unit's bounds and usual range begin and end: the ends belong to them."""

from __future__ import annotations

import math
from typing import Annotated, get_args

import pytest
from pydantic import TypeAdapter

from pathsim.scenario import distributions, effect, justice, units
from pathsim.scenario.cohort import Row, SampledCohort
from pathsim.scenario.parameter import Quantity

LONGEST = 100_000
BOUNDS = {
    "Days": (0, LONGEST),
    "ReviewDays": (0, LONGEST),
    "Intake": (0, 1_000_000),
    "PerDay": (0, 100),
    "Level": (0, 1000),
    "Sigma": (0, 5),
    "Decay": (0, 10),
    "Floor": (0, 1000),
    "Weight": (0, 1_000_000),
    "Pounds": (0, 10_000_000),
    "Places": (0, 1_000_000_000),
    "QueueLength": (0, 1_000_000_000),
    "People": (0, 1_500_000),
    "FromDay": (-1_000_000, 1_000_000),
    "StartDay": (0, 18_262),
    "OffencesAnOccasion": (1, 100),
    "CrimesAProvenOffence": (1, 10_000),
    "DiscountPercent": (0, 100),
    "ChildrensRisk": (0, 99),
    "Percent": (0, 100),
    "Risk": (0, 99.9),
    "Generations": (0, 20),
    "StockWindows": (0, 60),
}
USUAL = {
    "ReviewDays": [(1, 730)],
    "Intake": [(1, 7310)],
    "Level": [(0.01, 20), (0, 0.05)],
    "Sigma": [(0, 3)],
    "Decay": [(0, 1)],
    "Floor": [(0, 1)],
    "Weight": [(0.001, 10_000)],
    "Places": [(0, 200_000)],
    "QueueLength": [(0, 200_000)],
    "Factor": [(0.001, 40)],
    "FromDay": [(-1830, 1830)],
    "StartDay": [(0, 1830)],
    "OffencesAnOccasion": [(1, 5)],
    "CrimesAProvenOffence": [(1, 500)],
    "DiscountPercent": [(0.1, 15)],
    "ChildrensRisk": [(5, 80)],
    "Generations": [(0, 10)],
    "StockWindows": [(0, 40)],
}
ALONE = {"A_RISK": (1, 99.9), "AN_AGE": (10, 96), "A_COUNT": (0, 300)}
ALONE |= {"A_SPREAD": (0.01, 2.5), "A_SHAPE": (0.3, 10)}
WHOLE = {"Generations", "StockWindows", "Places", "QueueLength", "People"}


OF_DISTRIBUTIONS_AND_EFFECTS = {
    "above 0": (distributions.Positive, (0, 1e-9, 100_000, 100_000.1)),
    "from 0": (distributions.AtLeastZero, (-1e-9, 0, 100_000, 100_000.1)),
    "a spread": (distributions.Spread, (-1e-9, 0, 5, 5.001)),
    "a shape": (distributions.ShapeOfWeibull, (0.099, 0.1, 100, 100.1)),
    "a length of an effect": (effect.Days, (0, 1e-9, 100_000, 100_000.1)),
    "a share": (justice.Share, (-1e-9, 0, 1, 1.001)),
    "days from the index date": (justice.FromIndex, (-1e-9, 0, 100_000, 100_000.1)),
}


def accepts(annotation, number):
    quantity = get_args(annotation)[0] is Quantity
    try:
        TypeAdapter(annotation).validate_python(
            {"value": number, "source": "made for a test"} if quantity else number
        )
    except ValueError:
        return False
    return True


def test_every_unit_is_told_here():
    kinds = {name for name, each in vars(units).items() if get_args(each) and name[0].isupper()}
    of_parameters = {"Number", "Quantity", "Scale", "Whole", "Annotated", "Final", "Mapping"}
    assert kinds - of_parameters == {*BOUNDS, *USUAL}
    single = {name for name, each in vars(units).items() if isinstance(each, units.Usual)}
    assert single == set(ALONE)


@pytest.mark.parametrize("name", BOUNDS)
def test_the_ends_of_the_bounds_are_allowed_and_nothing_beyond(name):
    annotation, (least, most) = getattr(units, name), BOUNDS[name]
    step = 1 if name in WHOLE else 0.001
    tried = (least - step, least, most, most + step)
    assert [accepts(annotation, each) for each in tried] == [False, True, True, False]


@pytest.mark.parametrize("name", OF_DISTRIBUTIONS_AND_EFFECTS)
def test_the_ends_of_a_distributions_numbers_are_allowed_and_nothing_beyond(name):
    annotation, tried = OF_DISTRIBUTIONS_AND_EFFECTS[name]
    assert [accepts(annotation, each) for each in tried] == [False, True, True, False]


def test_a_review_takes_a_day_at_least_or_none():
    tried = (0, 0.5, 0.999, 1)
    assert [accepts(units.ReviewDays, each) for each in tried] == [True, False, False, True]


@pytest.mark.parametrize("name", [*USUAL, *ALONE])
def test_the_ends_of_a_usual_range_are_usual_and_nothing_beyond(name):
    there = getattr(units, name)
    parts = get_args(there)[1:] if name in USUAL else (there,)
    found = [each for each in parts if isinstance(each, units.Usual)]
    ranges = USUAL[name] if name in USUAL else [ALONE[name]]
    assert [(each.low, each.high) for each in found] == ranges
    for usual in found:
        low, high = usual.low, usual.high
        tried = (low, high, math.nextafter(low, -math.inf), math.nextafter(high, math.inf))
        odd = [usual.slip(each, written=False) is not None for each in tried]
        assert odd == [False, False, True, True]


@pytest.mark.parametrize(
    ("model", "key", "least", "most"),
    [
        (Row, "people", 1, 1_500_000),
        (Row, "age", 10, 110),
        (Row, "previous_offences", 0, 1000),
        (Row, "sentence_days", 0, 36_525),
        (Row, "start_day", 0, 18_262),
        (Row, "risk_percent", 0, 99.9),
        (SampledCohort, "seed", 0, 2**64 - 1),
    ],
)
def test_numbers_of_people_are_allowed_at_the_ends_of_their_bounds(model, key, least, most):
    field = model.model_fields[key]
    annotation = Annotated[field.annotation, key, *field.metadata]
    tried = (least - 1, least, most, most + 1)
    assert [accepts(annotation, each) for each in tried] == [False, True, True, False]
