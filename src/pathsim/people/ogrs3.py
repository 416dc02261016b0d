"""OGRS3: the chance of a proven reoffence within one and two years, from static factors.

    z = intercept + 1.251 ln((1 + previous) / (10 + age now - age at first sanction))
        + sanction status + age and sex + offence,        p = 1 / (1 + exp(-z))

Howard, Francis, Soothill and Humphreys, "OGRS 3: the revised Offender Group
Reconviction Scale", Ministry of Justice Research Summary 7/09 (2009). The scale
was fitted to people sentenced in the mid-2000s: it ranks people, and the level
of the hazard is calibrated apart from it.

Our offence groups are wider than its twenty offences. Each takes the weighted
mean of the coefficients of what it holds:

| offence group | OGRS3 offences | reason |
|---|---|---|
| violence, robbery, criminal_damage, public_order, fraud | the same | |
| sexual | half against a child, half not | assumption: the counts do not tell |
| theft | 75% theft, 13% burglary, 12% vehicles and handling | shoplifting leads; assumption |
| drugs | 90% possession or supply, 10% production or import | assumption |
| weapons | violence | in 2009 possession counted as violence |
| miscellaneous | other | perverting justice, dangerous driving and the like |
| summary_non_motoring | half violence, 20% damage, 15% public order, 15% other | assault leads |
| summary_motoring | 50% drink driving, 40% other motoring, 10% taking | recorded offences only |
"""

from __future__ import annotations

from functools import cache
from math import fsum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pathsim.elementary import ln, log_odds, logistic
from pathsim.elementary.arrays import Floats
from pathsim.elementary.decimals import decimals
from pathsim.vocabulary import OFFENCE_GROUPS, SEXES

from .counts import read

AGE_LOWER: Final = (10, 12, 14, 16, 18, 21, 25, 30, 35, 40, 50)
"""Lower ages of the scale's age bands."""

OFFENCE_WEIGHTS: Final[dict[str, dict[str, float]]] = {
    "violence": {"violence": 1.0},
    "sexual": {"sexual_not_child": 0.5, "sexual_child": 0.5},
    "robbery": {"robbery": 1.0},
    "theft": {
        "theft_non_motor": 0.75,
        "burglary_domestic": 0.06,
        "burglary_other": 0.07,
        "taking_driving_vehicle": 0.04,
        "theft_from_vehicle": 0.04,
        "handling_stolen_goods": 0.04,
    },
    "criminal_damage": {"criminal_damage": 1.0},
    "drugs": {"drug_possession_supply": 0.9, "drug_import_export_production": 0.1},
    "weapons": {"violence": 1.0},
    "public_order": {"public_order": 1.0},
    "miscellaneous": {"other": 1.0},
    "fraud": {"fraud_forgery": 1.0},
    "summary_non_motoring": {
        "violence": 0.5,
        "criminal_damage": 0.2,
        "public_order": 0.15,
        "other": 0.15,
    },
    "summary_motoring": {
        "drink_driving": 0.5,
        "other_motoring": 0.4,
        "taking_driving_vehicle": 0.1,
    },
}
"""Offences of the scale that stand for each of our offence groups; weights sum to 1."""

YEARS_PER_ROOT_SANCTION: Final = 6.0
EARLIEST_ASSUMED_AGE: Final = 14
"""Age at first sanction where it is not known: age less 6 years times the root of the number of
previous sanctions, never below 14 (10 to 13 for those younger). Assumption: someone of 38 with 15
previous began at 15, someone of 33 with one at 27. In the sampled cohort seven in ten adults with
16 or more began under 18; of prolific adults, who also have a long adult record, 79% did (Ministry
of Justice, Prolific offenders: criminal pathway, prison events and needs, 2019)."""


@cache
def coefficients() -> dict[tuple[str, str], float]:
    """Return the published coefficients by (kind, level)."""
    table = read("ogrs3")
    keys = zip(table["kind"], table["level"], strict=True)
    return dict(zip(keys, decimals(table["coefficient"]).tolist(), strict=True))


@cache
def offence_coefficients() -> tuple[float, ...]:
    """Return the coefficient of each offence group, in the vocabulary's order."""
    published = coefficients()
    return tuple(
        fsum(
            weight * published["offence", offence]
            for offence, weight in OFFENCE_WEIGHTS[group].items()
        )
        for group in OFFENCE_GROUPS
    )


def score(
    *,
    age_at_conviction: ArrayLike,
    age_at_first_sanction: ArrayLike,
    previous_sanctions: ArrayLike,
    female: ArrayLike,
    offence_coefficient: ArrayLike,
) -> tuple[Floats, Floats]:
    """Return the one-year and two-year probabilities, by the published formula.

    Ages are in whole years; ages below 10 count as 10. The arguments broadcast.
    """
    published = coefficients()
    age = np.asarray(age_at_conviction)
    previous = np.asarray(previous_sanctions, np.float64)
    rate = ln((1.0 + previous) / (10.0 + age - np.asarray(age_at_first_sanction)))
    status = np.where(
        previous > 0,
        published["sanction_status", "repeat"],
        published["sanction_status", "first"],
    )
    band = np.clip(np.searchsorted(AGE_LOWER, age, side="right") - 1, 0, None)
    by_age = _age_coefficients()[np.asarray(female).astype(np.int64), band]
    z = published["copas", "rate"] * rate + status + by_age + np.asarray(offence_coefficient)
    return (
        logistic(published["intercept", "one_year"] + z),
        logistic(published["intercept", "two_year"] + z),
    )


def ogrs3(
    *,
    age_at_conviction: ArrayLike,
    age_at_first_sanction: ArrayLike,
    previous_sanctions: ArrayLike,
    sex: NDArray[np.int8],
    offence_group: NDArray[np.int8],
) -> tuple[Floats, Floats]:
    """Return the one-year and two-year probabilities of a proven reoffence.

    Parameters
    ----------
    age_at_conviction, age_at_first_sanction
        Whole years.
    previous_sanctions
        Previous convictions or cautions.
    sex, offence_group
        Positions in the vocabulary.
    """
    return score(
        age_at_conviction=age_at_conviction,
        age_at_first_sanction=age_at_first_sanction,
        previous_sanctions=previous_sanctions,
        female=np.asarray(sex) == SEXES.index("female"),
        offence_coefficient=np.array(offence_coefficients())[np.asarray(offence_group)],
    )


def assumed_first_age(*, age: ArrayLike, previous_sanctions: ArrayLike) -> NDArray[np.int64]:
    """Return the assumed age at first sanction of people for whom it is not known."""
    now = np.asarray(age, np.int64)
    career = YEARS_PER_ROOT_SANCTION * np.sqrt(np.asarray(previous_sanctions, np.float64))
    earliest = np.minimum(now, EARLIEST_ASSUMED_AGE)
    return np.maximum(now - np.round(career).astype(np.int64), earliest)


def one_year_from_two(two_year: ArrayLike) -> Floats:
    """Return the one-year probability that goes with a two-year one: the intercepts differ."""
    return logistic(log_odds(two_year) - _intercept_gap())


def two_year_from_one(one_year: ArrayLike) -> Floats:
    """Return the two-year probability that goes with a one-year one: the intercepts differ."""
    return logistic(log_odds(one_year) + _intercept_gap())


def _intercept_gap() -> float:
    published = coefficients()
    return published["intercept", "two_year"] - published["intercept", "one_year"]


@cache
def _age_coefficients() -> Floats:
    """Return the coefficients of age, [sex, age band]."""
    published = coefficients()
    rows = [
        [each for (kind, _), each in published.items() if kind == f"age_{sex}"] for sex in SEXES
    ]
    return np.array(rows, np.float64)
