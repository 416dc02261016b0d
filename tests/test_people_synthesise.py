"""The sampled cohort has the margins of the counts and the needs that were asked for."""

import re
from itertools import combinations

import numpy as np
import pytest
from scipy.special import ndtr, ndtri
from scipy.stats import multivariate_normal

import pathsim as ps
from pathsim.elementary.words import Draws
from pathsim.errors import InputError
from pathsim.people import Cohort, counts
from pathsim.people.synthesise import _first_ages, sample
from pathsim.scenario.areas import Area
from pathsim.scenario.cohort import SampledCohort
from pathsim.vocabulary import (
    AGE_GROUPS,
    DISPOSALS,
    ETHNICITIES,
    NEEDS,
    OFFENCE_GROUPS,
    PREVIOUS_BAND_LOWER,
    PREVIOUS_BANDS,
    SEXES,
)

ROUNDING = 1.0
"""People by which a count can miss its share times the size, when nothing is left to chance."""
BINOMIAL = 1.0
"""Standard deviations of independent draws within which systematic sampling keeps a margin."""
MONTE_CARLO = 4.0
"""Standard errors, with a fixed seed."""

AREAS = {
    "bcp": Area.model_validate({"title": "BCP", "share": {"value": 0.52, "source": "test"}}),
    "dorset": Area.model_validate({"title": "Dorset"}),
}
AGES_WITHIN_BANDS = (
    {range(10, 12): 0.03, range(12, 13): 0.12, range(13, 14): 0.30, range(14, 15): 0.55},
    {range(15, 16): 0.25, range(16, 17): 0.33, range(17, 18): 0.42},
    *({range(*ends): 1.0} for ends in ((18, 21), (21, 25), (25, 30), (30, 40), (40, 50))),
    {range(50, 60): 0.72, range(60, 70): 0.22, range(70, 85): 0.06},
)
"""By band of ages: the share of each part of it, alike for every age in the part."""
PREVALENCE = dict(zip(NEEDS, (0.25, 0.5, 0.3, 0.4, 0.35, 0.2, 0.6), strict=True))
SIZES = {"adult": 4500, "youth": 210}


def source(**changes):
    fields = {
        "kind": "pnc_2021",
        "source": "test",
        "adults": SIZES["adult"],
        "youths": SIZES["youth"],
        "ethnicity": ps.load("dorset/baseline").cohort.ethnicity,
        "need_prevalence": PREVALENCE,
        "need_correlation": 0.3,
        "need_risk_correlation": 0.4,
        "domestic_abuse_share": 0.35,
    }
    return SampledCohort.model_validate(fields | changes)


@pytest.fixture(scope="module")
def cohort():
    return Cohort.from_frame(sample(source(), AREAS))


@pytest.fixture(scope="module")
def many():
    return sample(source(adults=100_000, youths=0), AREAS)


@pytest.fixture(scope="module")
def children():
    return sample(source(adults=0, youths=100_000))


@pytest.mark.parametrize("age_group", AGE_GROUPS)
@pytest.mark.parametrize(
    ("name", "axis", "levels"),
    [
        ("sex", 0, SEXES),
        ("offence_group", 1, OFFENCE_GROUPS),
        ("previous_offences", 2, PREVIOUS_BANDS),
        ("disposal", 3, DISPOSALS),
    ],
)
def test_the_margins_are_those_of_the_joint_counts(cohort, age_group, name, axis, levels):
    groups = cohort.groups()
    mine = groups.loc[groups["age_group"] == age_group, name]
    occasions = counts.occasions()[AGE_GROUPS.index(age_group)]
    margin = counts.shares(occasions.sum(axis=tuple({0, 1, 2, 3} - {axis})))
    size = SIZES[age_group]
    assert len(mine) == size
    tolerance = ROUNDING + BINOMIAL * np.sqrt(size * margin * (1 - margin))
    drawn = mine.value_counts().reindex(levels).to_numpy()
    assert (np.abs(drawn - size * margin) <= tolerance).all()


def test_the_disposals_are_met_to_the_person(cohort):
    adults = cohort.frame[cohort.frame["age"] >= 18]
    margin = counts.shares(counts.occasions()[0].sum(axis=(0, 1, 2)))
    drawn = adults["disposal"].value_counts().reindex(DISPOSALS).to_numpy()
    assert (np.abs(drawn - margin * len(adults)) <= ROUNDING).all()


def test_disposal_and_history_are_drawn_together(cohort):
    joint = counts.occasions()[0].sum(axis=(0, 1))
    groups = cohort.groups()[cohort.frame["age"] >= 18]
    custody = groups["disposal"] == "custody"
    for band in ("0", "15+"):
        inside = groups["previous_offences"] == band
        row = joint[PREVIOUS_BANDS.index(band)]
        share = row[DISPOSALS.index("custody")] / row.sum()
        error = np.sqrt(share * (1 - share) / inside.sum())
        assert custody[inside].mean() == pytest.approx(share, abs=BINOMIAL * error)


def test_only_youths_are_under_eighteen_and_bands_of_age_follow_the_sentencing_table(many):
    adults = many["age"].to_numpy()
    assert adults.min() >= 18
    theft = (many["offence_group"] == "theft") & (many["sex"] == "male")
    table = counts.sentenced_by_age()[SEXES.index("male"), OFFENCE_GROUPS.index("theft"), 2:]
    lower = [int(re.split(r"[-+]", name)[0]) for name in counts.COURT_AGES[2:]]
    bands = np.searchsorted(lower, adults[theft], side="right") - 1
    drawn = np.bincount(bands, minlength=6) / theft.sum()
    assert drawn == pytest.approx(counts.shares(table), abs=10 / table.sum() + 1 / theft.sum())


def test_who_could_not_have_begun_so_early_began_at_ten_to_seventeen_or_now():
    previous = np.full(2000, 10_000)
    for age, last in ((30, 17), (13, 13)):
        first = _first_ages(Draws(1, "cohort"), age=np.full(2000, age), previous=previous)
        assert np.unique(first).tolist() == list(range(10, last + 1))
        assert np.mean(first == 11) == pytest.approx(1 / 8, abs=0.03)


def test_a_career_is_as_long_at_any_age_at_which_it_began_at_ten_or_later():
    previous = np.full(2000, 9)
    old, young = (
        _first_ages(Draws(1, "cohort"), age=np.full(2000, age), previous=previous)
        for age in (300, 20)
    )
    assert old.min() > 10
    early = old - 280 < 10
    assert np.any(old - 280 == 10)
    assert young[~early].tolist() == (old - 280)[~early].tolist()
    assert set(young[early]) <= set(range(10, 18))


def test_youths_are_ten_to_seventeen():
    youths = sample(source(adults=0, youths=500))
    assert youths["age"].between(10, 17).all()


@pytest.mark.parametrize("parts", AGES_WITHIN_BANDS, ids=lambda parts: f"{next(iter(parts))[0]}")
def test_every_age_of_a_band_has_its_share_of_it(many, children, parts):
    ages = [age for part in parts for age in part]
    shares = np.array([share / len(part) for part, share in parts.items() for _ in part])
    everybody = (children if ages[0] < 18 else many)["age"].to_numpy()
    # Up to the next band; above the last one nobody is older.
    band = everybody[(everybody >= ages[0]) & (everybody <= (ages[-1] if ages[-1] < 84 else 200))]
    drawn = np.array([(band == age).mean() for age in ages])
    assert drawn.sum() == pytest.approx(1.0), "nobody is of another age"
    errors = np.sqrt(shares * (1 - shares) / len(band))
    assert (np.abs(drawn - shares) <= MONTE_CARLO * errors).all()


def test_older_people_have_the_longer_records_but_not_by_much(many):
    theft = many[(many["offence_group"] == "theft") & (many["sex"] == "male")]
    ranks = theft[["age", "previous_offences"]].corr(method="spearman").iloc[0, 1]
    # A latent correlation of 0.15 is a rank correlation of (6/pi) asin(0.075), less what ties take.
    assert ranks == pytest.approx(6 / np.pi * np.arcsin(0.075), abs=0.02)


def test_the_number_of_previous_convictions_lies_in_its_band_and_has_a_long_tail(many):
    previous = many["previous_offences"]
    margin = counts.shares(counts.occasions()[0].sum(axis=(0, 1, 3)))
    error = np.sqrt(margin[0] * (1 - margin[0]) / len(many))
    assert (previous == 0).mean() == pytest.approx(margin[0], abs=BINOMIAL * error)
    assert previous[previous >= 15].mean() == pytest.approx(15 + 0.937 / 0.063, abs=0.1)


@pytest.mark.parametrize("band", ["1-2", "3-6", "7-10", "11-14", "15+"])
def test_each_further_conviction_within_a_band_is_rarer_by_the_same_factor(many, band):
    which = PREVIOUS_BANDS.index(band)
    lowest = PREVIOUS_BAND_LOWER[which]
    highest = (*(lower - 1 for lower in PREVIOUS_BAND_LOWER[1:]), 150)[which]
    ratio = 0.937 if band == "15+" else 0.87
    weights = ratio ** np.arange(highest - lowest + 1)
    shares = weights / weights.sum()
    previous = many["previous_offences"]
    mine = previous[previous.between(lowest, highest)]
    drawn = np.bincount(mine - lowest, minlength=len(shares)) / len(mine)
    errors = np.sqrt(shares * (1 - shares) / len(mine))
    assert (np.abs(drawn - shares) <= MONTE_CARLO * errors + ROUNDING / len(mine)).all()


@pytest.mark.parametrize("previous", [1, 4])
def test_years_since_the_first_sanction_are_lognormal_about_those_assumed(many, previous):
    mine = many[(many["previous_offences"] == previous) & (many["age"] >= 50)]
    years = (mine["age"] - mine["age_at_first_sanction"]).to_numpy()
    assert len(mine) > 300
    # Whole years: six times the root of the sanctions, half a unit of the logarithm about it.
    median = 6.0 * np.sqrt(previous)
    for most in (1, 2, 4, 8, 16, 32):
        share = ndtr(np.log((most + 0.5) / median) / 0.5)
        error = np.sqrt(share * (1 - share) / len(mine))
        assert (years <= most).mean() == pytest.approx(share, abs=MONTE_CARLO * error), most


def test_who_would_have_begun_below_ten_began_at_any_age_from_ten_to_seventeen(many):
    mine = many[(many["previous_offences"] >= 15) & (many["age"] < 30)]
    assert len(mine) > 300
    age, first = mine["age"].to_numpy(), mine["age_at_first_sanction"].to_numpy()
    median = 6.0 * np.sqrt(mine["previous_offences"].to_numpy())

    def begun_at(years):  # by the lognormal years since then, in whole ones
        over, under = (ndtr(np.log((age - years + end) / median) / 0.5) for end in (0.5, -0.5))
        return over - under

    below = 1 - ndtr(np.log((age - 10 + 0.5) / median) / 0.5)
    for years in range(10, 18):
        share = (begun_at(years) + below / 8).mean()
        error = np.sqrt(share * (1 - share) / len(mine))
        assert (first == years).mean() == pytest.approx(share, abs=MONTE_CARLO * error), years


def test_people_were_first_sanctioned_between_ten_and_now(many):
    first = many["age_at_first_sanction"]
    assert (first >= 10).all()
    assert (first <= many["age"]).all()
    none = many["previous_offences"] == 0
    assert (first[none] == many.loc[none, "age"]).all()


def test_ethnicity_and_area_have_the_shares_they_were_given(many):
    theft = many[(many["offence_group"] == "theft") & (many["sex"] == "male")]
    expected = counts.ethnicity_shares(source())[0, 0, OFFENCE_GROUPS.index("theft")]
    drawn = theft["ethnicity"].value_counts(normalize=True).reindex(ETHNICITIES).to_numpy()
    errors = np.sqrt(expected * (1 - expected) / len(theft))
    assert (np.abs(drawn - expected) <= MONTE_CARLO * errors).all()
    assert (many["area"] == "bcp").sum() == 52_000


def test_lengths_are_given_to_custody_alone_and_have_the_published_share_under_six_months(many):
    custody = many["disposal"] == "custody"
    assert (many.loc[~custody, "sentence_days"] == 0).all()
    mine = many[custody & (many["offence_group"] == "violence")]
    quantiles = counts.custody_lengths()[0][OFFENCE_GROUPS.index("violence")]
    share = np.interp(182.5, quantiles.days, quantiles.probabilities)
    error = np.sqrt(share * (1 - share) / len(mine))
    under = (mine["sentence_days"] <= 182.5).mean()
    assert under == pytest.approx(share, abs=MONTE_CARLO * error)


def test_needs_have_the_prevalences_asked_for_to_the_person(cohort):
    frame = cohort.frame
    for need, share in PREVALENCE.items():
        assert abs(frame[f"need_{need}"].sum() - share * len(frame)) <= ROUNDING


def test_two_needs_come_together_as_often_as_their_correlation_says(many):
    size = len(many)
    for first, second in (("employment", "attitudes"), ("accommodation", "drugs_alcohol")):
        cut = [ndtri(PREVALENCE[first]), ndtri(PREVALENCE[second])]
        both = multivariate_normal(cov=[[1.0, 0.3], [0.3, 1.0]]).cdf(cut)
        drawn = (many[f"need_{first}"] & many[f"need_{second}"]).mean()
        error = np.sqrt(both * (1 - both) / size)
        assert drawn == pytest.approx(both, abs=MONTE_CARLO * error)


def test_a_need_comes_with_high_risk_as_often_as_its_correlation_says(many):
    high = many["risk_two_year_percent"].rank(method="first") > len(many) / 2
    both = multivariate_normal(cov=[[1.0, 0.4], [0.4, 1.0]]).cdf([0.0, ndtri(0.4)])
    drawn = (many["need_drugs_alcohol"] & high).mean()
    error = np.sqrt(both * (1 - both) / len(many))
    assert drawn == pytest.approx(both, abs=MONTE_CARLO * error)


@pytest.mark.parametrize(("between", "with_risk"), [(0.3, 0.4), (0.1, 0.38), (0.95, 0.0)])
def test_every_correlation_of_the_needs_is_the_one_asked_for(between, with_risk):
    asked = {"need_correlation": between, "need_risk_correlation": with_risk}
    # Halves: two normals of correlation r lie on the same side as often as 1/2 + asin(r) / pi.
    asked["need_prevalence"] = dict.fromkeys(NEEDS, 0.5)
    people = sample(source(adults=100_000, youths=0, **asked))
    high = people["risk_two_year_percent"].rank(method="first") > len(people) / 2
    sides = {**{need: people[f"need_{need}"] for need in NEEDS}, "risk": high}
    for one, other in combinations(sides, 2):
        correlation = with_risk if other == "risk" else between
        same = 0.5 + np.arcsin(correlation) / np.pi
        error = np.sqrt(same * (1 - same) / len(people))
        drawn = (sides[one] == sides[other]).mean()
        assert drawn == pytest.approx(same, abs=MONTE_CARLO * error), (one, other)


def test_needs_that_all_are_one_are_met_together():
    same = dict.fromkeys(NEEDS, 0.4)
    people = sample(source(need_correlation=1.0, need_risk_correlation=0.5, need_prevalence=same))
    needs = people[[f"need_{need}" for need in NEEDS]]
    assert (needs.nunique(axis=1) == 1).mean() == 1.0


def test_needs_that_share_too_little_to_follow_risk_are_refused():
    with pytest.raises(InputError, match=r"need_risk_correlation.*found 0.9; allowed: 0 to 0.378"):
        sample(source(need_correlation=0.0, need_risk_correlation=0.9))


@pytest.mark.parametrize("between", [0.0, 0.3, 0.9])
def test_needs_may_follow_risk_as_far_as_they_share_and_no_further(between):
    most = float(np.sqrt((1 + (len(NEEDS) - 1) * between) / len(NEEDS)))
    asked = {"adults": 50, "need_correlation": between}
    people = sample(source(**asked, need_risk_correlation=most))
    assert len(people) == 50 + SIZES["youth"]
    with pytest.raises(InputError, match=f"allowed: 0 to {most:.3f}"):
        sample(source(**asked, need_risk_correlation=most + 1e-6))


def test_domestic_abuse_is_the_given_share_of_adults_with_violence(cohort):
    frame = cohort.frame
    violent = (frame["age"] >= 18) & (frame["offence_group"] == "violence")
    assert abs(frame.loc[violent, "domestic_abuse"].sum() - 0.35 * violent.sum()) <= ROUNDING
    assert not frame.loc[~violent, "domestic_abuse"].any()


def test_the_same_seed_gives_the_same_people_and_another_seed_others():
    first, again, other = (sample(source(adults=300, seed=seed)) for seed in (1, 1, 2))
    assert first.equals(again)
    assert not first["age"].equals(other["age"])


def test_the_smallest_cohort_is_one_person():
    assert len(Cohort.from_frame(sample(source(adults=0, youths=1)))) == 1
    assert len(Cohort.from_frame(sample(source(adults=1, youths=0)))) == 1
