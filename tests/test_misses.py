"""Figures in order of how far the model misses them, and what counts as met."""

from __future__ import annotations

import pandas as pd
import pytest

from pathsim.study.calibration.backcast import _row, misses, verdict
from pathsim.study.calibration.targets import Target


def target(**fields):
    plain = {"id": "x", "title": "A figure", "published": 0.25, "se": 0.01, "source": "textbook"}
    return Target.model_validate(plain | fields)


@pytest.mark.parametrize(
    ("fields", "near"),
    [
        ({}, 0.01),
        ({"tolerance": 0.02}, 0.02),
        ({"measure": "reoffences_per_reoffender", "published": 4.0}, 0.2),
        ({"measure": "later_ratio", "published": 1.25, "tolerance": 0.04}, 0.05),
    ],
)
def test_what_counts_as_met_is_a_point_of_a_share_and_five_per_cent_of_a_ratio(fields, near):
    assert target(**fields).near == pytest.approx(near, rel=1e-12)


@pytest.mark.parametrize(
    ("model", "said"), [(3.81, "within 5%"), (4.19, "within 5%"), (3.79, "miss"), (4.21, "miss")]
)
def test_a_ratio_is_met_within_a_part_of_itself(model, said):
    ratio = target(measure="occasions_per_reoffender", published=4.0)
    assert verdict(ratio, model=model, low=model, high=model) == said


def test_the_figure_missed_most_comes_first_with_the_reason():
    rows = [
        _row(target(title="Met", missed_because="not told"), pd.Series([0.255]).to_numpy(), 10),
        _row(target(title="Missed", missed_because="a | bar"), pd.Series([0.30]).to_numpy(), 10),
        _row(
            target(title="Ratio", measure="reoffences_per_reoffender", published=2.0),
            pd.Series([2.3]).to_numpy(),
            10,
        ),
    ]
    lines = misses(pd.DataFrame(rows)).splitlines()
    assert lines[0] == "| target | use | published | model | difference | size | why |"
    assert [line.split(" | ")[0] for line in lines[2:]] == ["| Missed", "| Ratio", "| Met"]
    assert lines[2].endswith("| +5.0 | 5.0 | a \\| bar |")
    assert lines[3].endswith("| +0.30 | 3.0 |  |")
    assert lines[4].endswith("| +0.5 | 0.5 |  |"), "what is met needs no reason"
