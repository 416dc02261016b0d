"""The page on short sentences shows what this version finds; `make short-sentences` renews it."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from docs import short_sentences as short

import pathsim as ps
from closed import closed

ORDERS = ("community_order", "suspended_sentence")
TRIED = 13
"""The draw that is simulated once more."""


@pytest.fixture(scope="module")
def counts():
    return pd.read_csv(short.COUNTS, comment="#")


def test_the_counts_are_made_from_the_scenarios_and_the_posterior_as_they_are(counts):
    head = short.COUNTS.read_text(encoding="utf-8").splitlines()[0]
    assert head.endswith(f": {short.inputs()}"), "make short-sentences"
    assert len(counts) == short.DRAWS * short.REPLICATIONS


def test_the_counts_of_a_draw_are_what_this_version_finds(counts):
    found = pd.DataFrame(short.counted(TRIED))
    held = counts[counts["draw"] == TRIED].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, held, check_dtype=False)


def test_the_page_is_made_from_the_counts():
    assert short.PAGE.read_text(encoding="utf-8") == short.page(), "make short-sentences"


def test_every_short_sentence_of_an_adult_is_suspended():
    """In a closed system in which nobody reoffends or breaches: only first sentences are left."""
    nobody = {"hazard.adult_level": 0.0, "hazard.youth_level": 0.0}
    nobody |= {f"sentencing.breach.{order}_per_day": 0.0 for order in ORDERS}
    adults = {"cohort.adults": 3000, "cohort.youths": 2}
    tables = [
        ps.run(closed(each, **nobody, **adults), replications=2, seed=1).table()
        for each in short.scenarios()
    ]
    now, ended = (
        table[table["outcome"] == "days_in_custody_per_person"].set_index("group")["mean"]
        for table in tables
    )
    assert now["sentence_band=le6m"] > 20
    assert ended["sentence_band=le6m"] == 0
    assert ended["sentence_band=6to12m"] == now["sentence_band=6to12m"] > 0


# How doubt is told from luck, by hand


def test_ratios_are_drawn_evenly_over_a_distribution_with_its_ends():
    option = SimpleNamespace(
        sentencing=SimpleNamespace(
            presumption=SimpleNamespace(hazard_ratio=SimpleNamespace(value=0.8, low=0.4, high=1.0))
        )
    )
    drawn = np.sort([short.drawn_ratio(option, draw) for draw in range(short.DRAWS)])
    assert len(np.unique(drawn)) == short.DRAWS
    half = short.DRAWS // 2
    assert drawn[half - 1] < 0.8 < drawn[half]
    assert math.sqrt(drawn[half - 1] * drawn[half]) == pytest.approx(0.8, rel=0.01)
    # The last of 32 stands for 96.9 to 100%, at 98.4%: beyond the high end.
    z = 2.1539 / 1.95996
    assert drawn[-1] == pytest.approx(0.8 * 1.25**z, rel=1e-3)
    assert drawn[0] == pytest.approx(0.8 * 0.5**z, rel=1e-3)


def table_of(differences: list[list[float]], ratios: list[float]) -> pd.DataFrame:
    rows = [
        {"draw": draw, "ratio": ratio, "all_now": 100.0, "all_ended": 100.0 + more}
        for draw, (ratio, each) in enumerate(zip(ratios, differences, strict=True))
        for more in each
    ]
    return pd.DataFrame(rows)


def test_spread_between_draws_is_doubt_but_for_the_luck_in_their_means():
    """Means -10, -20 and -30 vary by 100, of which luck is 8 / 2; years differ by 8 a sample."""
    table = table_of([[-8.0, -12.0], [-18.0, -22.0], [-28.0, -32.0]], [1.0, 0.9, 0.8])
    found = short.estimate(table, "all", factor=25.0)
    assert found.mean == pytest.approx(25 * -20.0)
    assert found.doubt == pytest.approx(25 * math.sqrt(100.0 - 8.0 / 2.0))
    assert found.luck == pytest.approx(math.sqrt(25 * 8.0))
    assert found.error == pytest.approx(25 * 10.0 / math.sqrt(3.0))
    low, high = found.interval
    assert (low + high) / 2.0 == pytest.approx(found.mean)
    assert high - low > 2 * 1.96 * found.doubt


def test_no_doubt_is_left_where_draws_differ_by_luck_alone():
    table = table_of([[-10.0, 10.0], [10.0, -10.0], [-10.0, 10.0]], [1.0, 0.9, 0.8])
    assert short.estimate(table, "all", factor=2.0).doubt == 0.0


def test_the_chance_of_fewer_is_that_of_a_difference_below_nothing():
    found = short.Estimate(mean=-3.0, error=1.0, doubt=math.sqrt(8.0), luck=1.0)
    assert found.chance_fewer == pytest.approx(0.8413447)
    assert found._replace(mean=0.0).chance_fewer == 0.5


def test_the_share_of_doubt_that_the_ratio_explains_is_that_of_its_line():
    """On the line 15, 0 and -15; the middle one lies 6 off it and the others 3 the other way."""
    table = table_of([[12.0], [6.0], [-18.0]], [1.0, 0.9, 0.8])
    assert short._explained(table, "all") == pytest.approx(1.0 - (9 + 36 + 9) / (144 + 36 + 324))


def test_a_difference_at_a_ratio_lies_on_the_line_of_the_draws():
    """10 more at a ratio of 1 and 100 more for each 1 that it is higher: even at 0.9."""
    table = table_of([[10.0], [0.0], [-10.0]], [1.0, 0.9, 0.8])
    assert short.at_ratio(table, "all", 0.5, factor=2.0) == pytest.approx(2 * -40.0)
    assert short.even_at(table, "all") == pytest.approx(0.9)
