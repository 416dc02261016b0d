"""Margins of a sampled cohort: crossed cells that joint counts are scaled to."""

from __future__ import annotations

import numpy as np
import pytest

import pathsim as ps
from pathsim.people.cohort import Cohort
from pathsim.people.counts import OCCASION_AXES, occasions, occasions_of
from pathsim.people.margins import fitted
from pathsim.scenario.lineage import count_files
from pathsim.vocabulary import OFFENCE_GROUPS, SEXES

EXACT = 1e-7
SHARE = 0.005
"""Three people of 960, by which a share of a systematic sample may miss its own."""
SIZES = (900, 60)
AREA = """\
extends = "england-and-wales/baseline"
title = "Area"
cohort.adults = { value = 900, source = "made for a test" }
cohort.youths = { value = 60, source = "made for a test" }
cohort.margins = { file = "margins.csv", source = "made for a test" }
"""
MARGINS = """\
sex,offence_group,previous_offences,count
male,violence,,300
male,theft,,250
female,theft,,200
female,violence,,50
male,drugs,,200
,,0,400
,,1-2,300
,,15+,300
"""


def area(folder, margins=MARGINS):
    (folder / "margins.csv").write_text(margins, encoding="utf-8")
    (folder / "area.toml").write_text(AREA, encoding="utf-8")
    return ps.load(folder / "area.toml")


def sums(counts, *names):
    others = tuple(place for place, name in enumerate(OCCASION_AXES) if name not in names)
    return counts.sum(axis=others)


def test_counts_have_the_margins_and_the_nations_odds_within_them(tmp_path):
    counts = occasions_of(area(tmp_path).cohort)
    assert sums(counts, "age_group") == pytest.approx(SIZES, rel=EXACT)
    by_sex = sums(counts, "sex", "offence_group") / 960
    cell = by_sex[SEXES.index("male"), OFFENCE_GROUPS.index("violence")]
    assert cell == pytest.approx(0.3, rel=EXACT)
    assert by_sex[SEXES.index("female"), OFFENCE_GROUPS.index("theft")] == pytest.approx(
        0.2, rel=EXACT
    )
    assert by_sex[:, OFFENCE_GROUPS.index("robbery")].sum() == 0
    records = sums(counts, "previous_offences") / 960
    assert records[[0, 1, 5]] == pytest.approx([0.4, 0.3, 0.3], rel=EXACT)
    # No margin tells disposals apart: their ratios in a cell are the nation's.
    theft = (0, 0, OFFENCE_GROUPS.index("theft"), 0)
    nation = occasions()[theft]
    assert counts[theft] / counts[theft].sum() == pytest.approx(nation / nation.sum(), rel=1e-9)


def test_the_sample_has_the_crossed_cells(tmp_path):
    town = area(tmp_path)
    people = Cohort.from_scenario(town)
    frame = people.frame
    men = (frame["sex"] == "male") & (frame["offence_group"] == "violence")
    assert abs(men.mean() - 0.3) < SHARE
    nation = town.change("Nation", {"cohort.margins": None})
    frame = Cohort.from_scenario(nation).frame
    men = (frame["sex"] == "male") & (frame["offence_group"] == "violence")
    assert abs(men.mean() - 0.3) > SHARE


def test_margins_that_hold_already_change_nothing_and_age_groups_are_told_apart(tmp_path):
    counts = occasions()
    sizes = sums(counts, "age_group")
    file = tmp_path / "m.csv"
    table = sums(counts, "age_group", "sex")
    rows = [
        f"{age},{sex},{table[a, s]:.0f}"
        for a, age in enumerate(OCCASION_AXES["age_group"])
        for s, sex in enumerate(SEXES)
    ]
    file.write_text("\n".join(["age_group,sex,count", *rows]), encoding="utf-8")
    found = fitted(counts, file, axes=OCCASION_AXES, sizes=sizes.tolist())
    assert np.allclose(found, counts, rtol=1e-12, atol=0)


@pytest.mark.parametrize(
    ("margins", "words"),
    [
        (
            "sex,offence_group,count\nmale,,10\nfemale,,90\nmale,theft,90\nfemale,theft,10\n",
            "no counts have all of these margins: that of sex",
        ),
        ("sex,count\nmail,10\n", "margins.csv:2: sex: unknown level; did you mean 'male'"),
        ("sex,count\nmale,10\nmale,20\n", "margins.csv:3: these are counted already on line 2"),
        ("age_band,count\n18-20,10\n", "margins.csv:1: age_band: unknown column"),
        (
            "age_group,previous_offences,disposal,offence_group,count\nyouth,15+,custody,fraud,5\n",
            "margins.csv:2: there is nobody of this kind to take more of; found 'youth, fraud, 15",
        ),
        ("sex,disposal,count\nmale,,0\nfemale,,0\n,fine,5\n", "a margin counts nobody"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path, margins, words):
    with pytest.raises(ps.InputError, match=words):
        Cohort.from_scenario(area(tmp_path, margins))


def test_the_table_is_among_the_inputs(tmp_path):
    assert any(each.path.endswith("margins.csv") for each in count_files(area(tmp_path)))
