"""The shipped tables become arrays whose shares are the published ones."""

from itertools import pairwise

import numpy as np
import pytest

import pathsim as ps
from pathsim.people import counts
from pathsim.vocabulary import (
    AGE_GROUPS,
    DISPOSALS,
    OFFENCE_GROUPS,
    PREVIOUS_BANDS,
)

EXACT = 1e-12
SMOOTHING = 0.002
"""What ten borrowed occasions can move in a cell of five thousand or more."""
ROUNDED = 0.0005
"""Of a figure given with three places."""
TWO_PLACES = 0.005
"""Of a figure given with two places."""
A_TENTH_OF_A_DAY = 0.1
ADULT, YOUTH = (AGE_GROUPS.index(name) for name in ("adult", "youth"))


def test_the_occasions_are_those_published_for_2021():
    occasions = counts.occasions()
    assert occasions.sum() == 349_632
    assert occasions[ADULT].sum() == 334_307
    assert occasions[..., DISPOSALS.index("custody")].sum() == 61_150
    assert occasions[..., DISPOSALS.index("discharge")].sum() == 902 + 21_243
    assert occasions[..., PREVIOUS_BANDS.index("15+"), :].sum() == 77_219


def test_every_row_of_court_shares_sums_to_one_and_holds_no_caution():
    caution, court = counts.disposal_shares()
    assert caution.shape == (2, 12, 6)
    assert court.shape == (2, 12, 6, 7)
    assert np.allclose(court.sum(axis=-1), 1.0, rtol=0, atol=EXACT)
    assert (court[..., DISPOSALS.index("caution")] == 0).all()
    assert ((caution >= 0) & (caution <= 1)).all()
    assert (court.max(axis=-1) < 1).all()


def test_a_dense_cell_keeps_its_published_shares():
    cell = counts.occasions().sum(axis=1)[
        ADULT, OFFENCE_GROUPS.index("theft"), PREVIOUS_BANDS.index("15+")
    ]
    assert cell.sum() > 5_000
    caution, court = counts.disposal_shares()
    at = (ADULT, OFFENCE_GROUPS.index("theft"), PREVIOUS_BANDS.index("15+"))
    assert caution[at] == pytest.approx(cell[0] / cell.sum(), abs=SMOOTHING)
    assert court[at][1:] == pytest.approx(cell[1:] / cell[1:].sum(), abs=SMOOTHING)


def test_an_empty_cell_has_the_shares_of_its_margin():
    nothing = np.zeros((1, 3))
    margin = np.array([0.2, 0.3, 0.5])
    assert counts.smoothed(nothing, margin)[0] == pytest.approx(margin, abs=EXACT)


def test_smoothing_adds_ten_occasions_of_the_margin():
    smoothed = counts.smoothed(np.array([30.0, 0.0]), np.array([0.5, 0.5]))
    assert smoothed == pytest.approx([35 / 40, 5 / 40], abs=EXACT)


def test_custodial_lengths_are_distributions_that_rise_from_seven_days_to_twenty_years():
    for row in counts.custody_lengths():
        assert len(row) == len(OFFENCE_GROUPS)
        for quantiles in row:
            assert quantiles.probabilities[0] == 0.0
            assert quantiles.probabilities[-1] == 1.0
            assert all(a < b for a, b in pairwise(quantiles.probabilities))
            assert all(a <= b for a, b in pairwise(quantiles.days))
            assert (quantiles.days[0], quantiles.days[-1]) == (7.0, 7300.0)


def test_short_sentences_are_as_frequent_as_the_courts_of_2021_made_them():
    table = counts.read("custody_lengths_2019")
    short = table[table["length_band"] == "le6m"]["count"].sum()
    longer = table["count"].sum() - short
    crown_short = (short - 32242) / 44973
    now = 23032 + 41183 * crown_short
    assert counts.short_ratio() == pytest.approx(
        now / (23032 + 41183 - now) * longer / short, rel=EXACT
    )
    assert counts.short_ratio() == pytest.approx(0.786, abs=ROUNDED)


def test_adult_theft_has_its_share_of_six_months_or_less():
    table = counts.read("custody_lengths_2019").query("age_group == 'adult'")
    theft = table[table["offence_group"] == "theft"].set_index("length_band")["count"].astype(float)
    theft["le6m"] *= counts.short_ratio()
    quantiles = counts.custody_lengths()[ADULT][OFFENCE_GROUPS.index("theft")]
    share = np.interp(182.5, quantiles.days, quantiles.probabilities)
    assert share == pytest.approx(theft["le6m"] / theft.sum(), abs=SMOOTHING)


LENGTH_KNOTS = [7, 30.4, 60.8, 91.25, 182.5, 365, 365, 730, 1460, 1460, 3650, 7300, 7300]
"""Days: seven, one, two and three months, then where each band ends; sixths of a year are cut."""


def test_every_band_of_lengths_ends_where_its_name_says_and_holds_its_published_share():
    table = counts.read("custody_lengths_2019").query("age_group == 'adult'")
    theft = table[table["offence_group"] == "theft"].set_index("length_band")["count"]
    published = theft.reindex(counts.LENGTH_BANDS, fill_value=0).to_numpy(np.float64)
    published[0] *= counts.short_ratio()
    found = counts.custody_lengths()[ADULT][OFFENCE_GROUPS.index("theft")]
    assert found.days.tolist() == LENGTH_KNOTS
    reached = np.cumsum(published / published.sum())
    assert found.probabilities[4:] == pytest.approx(reached, abs=SMOOTHING)


def test_short_sentences_have_the_shares_of_one_two_and_three_months_that_were_published():
    found = counts.custody_lengths()[ADULT][OFFENCE_GROUPS.index("theft")]
    within = found.probabilities[1:4] / found.probabilities[4]
    assert within == pytest.approx([0.24, 0.45, 0.63], abs=EXACT)
    # Of all custodial sentences 12.6, 23.7 and 33.5%, of 53.2% in the band.
    assert within == pytest.approx(np.array([12.6, 23.7, 33.5]) / 53.2, abs=TWO_PLACES)
    assert found.days[1:4] == pytest.approx(365 / 12 * np.array([1, 2, 3]), abs=A_TENTH_OF_A_DAY)


def test_a_cell_of_few_custodial_sentences_has_the_lengths_of_its_age_group():
    youths = counts.custody_lengths()[YOUTH]
    few = [OFFENCE_GROUPS.index(name) for name in ("fraud", "sexual", "summary_motoring")]
    for offence in few[1:]:
        assert np.array_equal(youths[offence].probabilities, youths[few[0]].probabilities)
    robbery = youths[OFFENCE_GROUPS.index("robbery")]
    assert not np.array_equal(robbery.probabilities, youths[few[0]].probabilities)


def test_the_offence_mix_of_each_age_group_sums_to_one():
    mix = counts.offence_mix()
    assert mix.shape == (2, 12)
    assert mix.sum(axis=1) == pytest.approx([1.0, 1.0], abs=EXACT)


def test_offences_that_arrests_do_not_cover_have_the_ethnicities_of_their_age_group_and_sex():
    ethnicity = counts.ethnicity_shares(ps.load("dorset/baseline").cohort)
    summary = [OFFENCE_GROUPS.index(f"summary_{name}") for name in ("motoring", "non_motoring")]
    assert ethnicity[0, 0, summary[0]] == pytest.approx(ethnicity[0, 0, summary[1]], abs=EXACT)
    assert np.allclose(ethnicity.sum(axis=-1), 1.0, rtol=0, atol=EXACT)


def test_the_arrays_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        counts.offence_mix()[0, 0] = 1.0


@pytest.mark.parametrize(
    "name",
    ["pnc_disposals_2021", "custody_lengths_2019", "custody_by_court", "ages_2019"],
)
def test_every_shipped_table_has_positive_whole_counts(name):
    count = counts.read(name)["count"]
    assert (count > 0).all()
    assert (count == count.round()).all()
