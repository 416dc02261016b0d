"""The code of docs/python.md runs as it stands, block after block; studies of Dorset are short."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pandas as pd
import pytest

import pathsim as ps

PAGE = Path(__file__).parents[1] / "docs" / "python.md"
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
FILES = ("people.csv", "happened.csv")
"""Blocks that read the reader's own files are tried in the tests of the pages they point to."""
DECISIONS = "ps.decide("
"""Likewise decisions of Dorset, which take minutes."""


@pytest.fixture(scope="module")
def names():
    """What the blocks leave behind, with the studies of Dorset cut short."""
    found = {}
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patched:
        warnings.simplefilter("ignore", ps.InputWarning)
        whole = ps.compare
        short = {"draws": 2, "replications": 2}
        patched.setitem(vars(ps), "compare", lambda *asked, **how: whole(*asked, **(short | how)))
        for block in BLOCKS:
            if not any(word in block for word in (*FILES, DECISIONS)):
                exec(compile(block, str(PAGE), "exec"), found)
    return found


def test_most_blocks_are_tried():
    left = [block for block in BLOCKS if any(word in block for word in (*FILES, DECISIONS))]
    assert len(BLOCKS) - len(left) >= 6
    assert len(left) == 2


def test_the_page_does_what_it_says(names):
    assert isinstance(names["result"], ps.Comparison)
    assert "hostel" in names["option"].services
    rows = names["found"].table(group="all")
    own = rows[rows["outcome"] == "own.days_with_the_mentor"]
    assert own["difference"].item() > 0
    assert set(names["log"]["replication"]) == {3}
    assert isinstance(names["log"], pd.DataFrame)
    assert len(names["sample"]) == 200


def test_every_public_function_is_on_the_page_or_in_one_that_it_names():
    page = PAGE.read_text(encoding="utf-8")
    absent = [name for name in ps.__all__ if f"ps.{name}" not in page and name[0].islower()]
    assert absent == []
