"""The children of a sampled cohort: their ages, their records, what there is of each."""

from __future__ import annotations

import numpy as np
import pytest

from pathsim.people import counts
from pathsim.people.ogrs3 import AGE_LOWER
from pathsim.people.synthesise import AGE_SPANS, _age_distribution, sample
from pathsim.scenario.cohort import SampledCohort
from pathsim.vocabulary import (
    AGE_GROUPS,
    DISPOSALS,
    NEEDS,
    OFFENCE_GROUPS,
    PREVIOUS_BAND_LOWER,
    SEXES,
)

YOUTHS = 5_000
FORMULA = 1e-12
OF_YOUNGER = {10: 0.015, 11: 0.015, 12: 0.12, 13: 0.30, 14: 0.55}
OF_OLDER = {15: 0.25, 16: 0.33, 17: 0.42}
"""Share of each age in the two bands of children's ages."""


@pytest.fixture(scope="module")
def youths():
    source = SampledCohort.model_validate(
        {
            "kind": "pnc_2021",
            "source": "test",
            "adults": 0,
            "youths": YOUTHS,
            "need_prevalence": dict.fromkeys(NEEDS, 0.3),
            "need_correlation": 0.3,
            "need_risk_correlation": 0.2,
            "domestic_abuse_share": 0.35,
        }
    )
    return sample(source)


def test_every_age_from_ten_to_seventeen_is_there_and_no_other(youths):
    assert sorted(youths["age"].unique()) == list(range(10, 18))


def test_children_of_each_offence_and_sex_have_the_ages_of_their_bands(youths):
    table = counts.sentenced_by_age()
    for sex, name in enumerate(SEXES):
        for offence, group in enumerate(OFFENCE_GROUPS):
            mine = youths[(youths["sex"] == name) & (youths["offence_group"] == group)]
            if mine.empty:
                continue
            both = table[sex, :, :2]
            younger, older = counts.smoothed(both[offence], counts.shares(both.sum(axis=0)))
            shares = {age: younger * part for age, part in OF_YOUNGER.items()}
            shares |= {age: older * part for age, part in OF_OLDER.items()}
            found = mine["age"].value_counts()
            for age, share in shares.items():
                assert abs(found.get(age, 0) - share * len(mine)) <= 2.0, (name, group, age)


def test_the_share_of_each_age_of_children_is_as_documented():
    years, reached = _age_distribution(AGE_GROUPS.index("youth"), 0, 0)
    assert years.tolist() == list(range(10, 18))
    share = np.diff(reached, prepend=0.0)
    assert share.sum() == pytest.approx(1.0, abs=FORMULA)
    younger, older = share[:5], share[5:]
    assert younger / younger.sum() == pytest.approx(list(OF_YOUNGER.values()), abs=FORMULA)
    assert older / older.sum() == pytest.approx(list(OF_OLDER.values()), abs=FORMULA)


def test_the_ages_of_adults_begin_where_those_of_children_end():
    years, reached = _age_distribution(AGE_GROUPS.index("adult"), 0, 0)
    assert years.tolist() == list(range(18, 85))
    share = dict(zip(years.tolist(), np.diff(reached, prepend=0.0), strict=True))
    assert share[18] == pytest.approx(share[20], abs=FORMULA)
    assert share[21] == pytest.approx(share[24], abs=FORMULA)
    of_fifties, of_sixties, of_old = (
        sum(share[age] for age in ages) for ages in (range(50, 60), range(60, 70), range(70, 85))
    )
    oldest = of_fifties + of_sixties + of_old
    assert [of_fifties / oldest, of_sixties / oldest, of_old / oldest] == pytest.approx(
        [0.72, 0.22, 0.06], abs=FORMULA
    )


def test_the_parts_of_every_age_band_fill_it_and_sum_to_one():
    lowest = [int(name.split("-")[0].removesuffix("+")) for name in counts.COURT_AGES]
    assert len(AGE_SPANS) == len(counts.COURT_AGES)
    for spans, lower in zip(AGE_SPANS, lowest, strict=True):
        assert spans[0][0] == lower
        assert sum(part for _, _, part in spans) == pytest.approx(1.0, abs=FORMULA)
        assert [last + 1 for _, last, _ in spans[:-1]] == [first for first, _, _ in spans[1:]]
    ends = [spans[-1][1] + 1 for spans in AGE_SPANS]
    assert ends[:-1] == lowest[1:]
    assert AGE_LOWER[0] == AGE_SPANS[0][0][0]


def test_children_have_the_disposals_offences_and_records_of_children(youths):
    occasions = counts.occasions()[AGE_GROUPS.index("youth")]
    for axis, column, levels in (
        (3, "disposal", DISPOSALS),
        (1, "offence_group", OFFENCE_GROUPS),
        (0, "sex", SEXES),
    ):
        margin = counts.shares(occasions.sum(axis=tuple({0, 1, 2, 3} - {axis})))
        found = youths[column].value_counts().reindex(levels).to_numpy() / YOUTHS
        assert found == pytest.approx(margin, abs=0.01), column
    margin = counts.shares(occasions.sum(axis=(0, 1, 3)))
    band = np.searchsorted(PREVIOUS_BAND_LOWER, youths["previous_offences"], side="right") - 1
    assert np.bincount(band, minlength=len(margin)) / YOUTHS == pytest.approx(margin, abs=0.01)


def test_children_were_first_sanctioned_at_ten_or_later_and_not_after_now(youths):
    assert (youths["age_at_first_sanction"] >= 10).all()
    assert (youths["age_at_first_sanction"] <= youths["age"]).all()


def test_domestic_abuse_is_of_adults_alone(youths):
    assert not youths["domestic_abuse"].any()


def test_custody_alone_has_a_length(youths):
    custody = youths["disposal"] == "custody"
    assert custody.any()
    assert (youths.loc[custody, "sentence_days"] > 0).all()
    assert (youths.loc[~custody, "sentence_days"] == 0).all()
