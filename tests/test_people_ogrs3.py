"""The risk score meets worked examples of the published formula."""

import numpy as np
import pytest

from pathsim.people import ogrs3
from pathsim.vocabulary import OFFENCE_GROUPS, SEXES

PRINTED = 0.0005
"""Half of the last digit of the worked examples."""
FORMULA = 1e-9

# (age, age at first sanction, previous sanctions, sex, offence, one-year, two-year)
EXAMPLES = [
    (30, 15, 20, "male", "theft_non_motor", 0.728, 0.846),
    (30, 30, 0, "male", "violence", 0.064, 0.124),
    (22, 16, 4, "male", "violence", 0.345, 0.519),
    (35, 18, 10, "female", "theft_non_motor", 0.495, 0.668),
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_formula_meets_its_worked_examples(example):
    age, first, previous, sex, offence, one, two = example
    scores = ogrs3.score(
        age_at_conviction=age,
        age_at_first_sanction=first,
        previous_sanctions=previous,
        female=sex == "female",
        offence_coefficient=ogrs3.coefficients()["offence", offence],
    )
    assert scores == (pytest.approx(one, abs=PRINTED), pytest.approx(two, abs=PRINTED))


def test_an_offence_group_that_is_one_offence_of_the_scale_has_its_score():
    one, two = ogrs3.ogrs3(
        age_at_conviction=np.array([30, 22]),
        age_at_first_sanction=np.array([30, 16]),
        previous_sanctions=np.array([0, 4]),
        sex=np.array([SEXES.index("male")] * 2, np.int8),
        offence_group=np.array([OFFENCE_GROUPS.index("violence")] * 2, np.int8),
    )
    assert one == pytest.approx([0.064, 0.345], abs=PRINTED)
    assert two == pytest.approx([0.124, 0.519], abs=PRINTED)


def test_theft_is_a_weighted_mean_between_its_offences():
    published = ogrs3.coefficients()
    theft = ogrs3.offence_coefficients()[OFFENCE_GROUPS.index("theft")]
    assert published["offence", "burglary_domestic"] < theft
    assert theft < published["offence", "theft_non_motor"]
    by_hand = 0.75 * 0.661244321 - 0.06 * 0.12394352 + 0.07 * 0.240604429
    by_hand += 0.04 * (0.380059431 + 0.427225615 + 0.351866973)
    assert theft == pytest.approx(by_hand, abs=FORMULA)


def test_every_offence_group_has_weights_that_sum_to_one():
    assert tuple(ogrs3.OFFENCE_WEIGHTS) == OFFENCE_GROUPS
    for weights in ogrs3.OFFENCE_WEIGHTS.values():
        assert sum(weights.values()) == pytest.approx(1.0, abs=FORMULA)


def test_women_score_lower_than_men_of_the_same_record_at_thirty_and_girls_than_boys():
    for age in (15, 32):
        men, women = (
            ogrs3.score(
                age_at_conviction=age,
                age_at_first_sanction=14,
                previous_sanctions=3,
                female=female,
                offence_coefficient=0.0,
            )[1]
            for female in (False, True)
        )
        assert (women < men) == (age == 15)


def test_one_and_two_year_scores_give_each_other():
    scores = ogrs3.score(
        age_at_conviction=30,
        age_at_first_sanction=15,
        previous_sanctions=20,
        female=False,
        offence_coefficient=0.0,
    )
    assert ogrs3.one_year_from_two(scores[1]) == pytest.approx(scores[0], abs=FORMULA)
    assert ogrs3.two_year_from_one(scores[0]) == pytest.approx(scores[1], abs=FORMULA)
    assert ogrs3.one_year_from_two([0.0, 1.0]) == pytest.approx([0.0, 1.0], abs=FORMULA)


def test_the_assumed_age_at_first_sanction_lies_between_fourteen_and_now():
    ages = ogrs3.assumed_first_age(age=[30, 38, 38, 12, 17], previous_sanctions=[0, 15, 99, 3, 4])
    assert ages.tolist() == [30, 15, 14, 12, 14]


def test_one_previous_sanction_counts_as_repeat():
    one, _ = ogrs3.score(
        age_at_conviction=30,
        age_at_first_sanction=20,
        previous_sanctions=1,
        female=False,
        offence_coefficient=0.0,
    )
    z = 1.402562384 + 1.251124464 * np.log(2 / 20) + 0.463062792 - 1.325976554
    assert one == pytest.approx(1 / (1 + np.exp(-z)), abs=FORMULA)
