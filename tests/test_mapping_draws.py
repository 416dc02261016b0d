"""What is drawn follows from a person's id: no order of rows, and nobody else, changes it."""

from __future__ import annotations

import numpy as np
import pytest

import pathsim as ps
from mapped_files import write
from pathsim.people import Cohort
from pathsim.vocabulary import NEEDS
from small_scenario import write_scenarios

# Made-up people draw many warnings; those that matter are tried by name.
pytestmark = pytest.mark.filterwarnings("ignore::pathsim.errors.InputWarning")

MAPPING = """
[columns.id]
from = "id"
[columns.age]
from = "age"
bands = { young = [18, 24], old = [50, 75] }
[columns.sex]
from = "sex"
if_unknown = "draw"
[columns.offence_group]
if_unknown = "draw"
[columns.previous_offences]
if_unknown = "draw"
[columns.disposal]
if_unknown = "draw"
[needs]
if_unknown = "draw"
"""
PEOPLE = 4000
SHARE_TOLERANCE = 0.03
"""About four standard errors of a share of half in so many people."""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return ps.load(write_scenarios(tmp_path_factory.mktemp("scenario")) / "baseline.toml")


def drawn(tmp_path, scenario, ids):
    sexes = ["male", "female", ""]
    rows = [f"p{i},{'young' if i % 2 else 'old'},{sexes[i % 3]}" for i in ids]
    file = write(tmp_path, "id,age,sex\n" + "\n".join(rows) + "\n")
    mapping = write(tmp_path, MAPPING, "m.toml")
    return Cohort.from_file(file, mapping=mapping, scenario=scenario).frame.set_index("id")


def test_neither_the_order_of_the_rows_nor_other_people_change_a_draw(tmp_path, scenario):
    ids = list(range(200))
    first = drawn(tmp_path, scenario, ids)
    shuffled = drawn(tmp_path, scenario, np.random.default_rng(1).permutation(ids).tolist())
    assert shuffled.loc[first.index].equals(first)
    few = drawn(tmp_path, scenario, ids[50:90])
    assert few.equals(first.loc[few.index])


def test_numbers_within_bands_are_even_and_reach_both_ends(tmp_path, scenario):
    frame = drawn(tmp_path, scenario, range(PEOPLE))
    young = frame["age"][frame["age"] < 25]
    counts = young.value_counts(normalize=True)
    assert sorted(counts.index) == list(range(18, 25))
    assert abs(counts - 1 / 7).max() < SHARE_TOLERANCE
    assert frame["age"].max() == 75


def test_what_is_drawn_has_the_shares_of_the_scenario_s_people(tmp_path, scenario):
    frame = drawn(tmp_path, scenario, range(PEOPLE))
    theirs = Cohort.from_scenario(scenario).frame
    theirs = theirs[(theirs["age"] >= 18) & (theirs["sex"] == "male")]
    ours = frame[[place % 3 == 0 for place in range(PEOPLE)]]
    for name in ("disposal", "offence_group"):
        difference = ours[name].value_counts(normalize=True) - theirs[name].value_counts(
            normalize=True
        )
        assert abs(difference).max() < 2 * SHARE_TOLERANCE
    for need in NEEDS:
        share = ours[f"need_{need}"].mean() - theirs[f"need_{need}"].mean()
        assert abs(share) < 2 * SHARE_TOLERANCE
