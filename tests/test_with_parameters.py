"""A draw of the calibrated hazard is the scenario that has those values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import pathsim as ps
from pathsim.engine.lowering import lower
from pathsim.engine.with_parameters import with_parameters
from pathsim.errors import InputError
from pathsim.study.calibration.posterior import Posterior

BASELINE = Path(__file__).parent.parent / "scenarios" / "dorset" / "baseline.toml"
EXACT = 1e-12
VALUES = {
    "hazard.adult_level": 0.8,
    "hazard.youth_level": 1.1,
    "hazard.frailty_sigma": 1.2,
    "hazard.multipliers.sex=female": 0.7,
    "hazard.multipliers.disposal=custody": 1.4,
    "hazard.decay_per_year": 0.4,
    "offending.further_offences_ratio": 1.3,
}
FOLLOWING = ("index_ratio", "profile_days", "profile_ratio", "profile_integral", "offences_mean")
"""Tables in which draws stand beside the people."""


@pytest.fixture(scope="module")
def small():
    few = {"cohort.adults": 200, "cohort.youths": 20, "places_for": 220}
    return ps.load(BASELINE).change("small", few)


def test_a_draw_is_the_scenario_with_its_values(small):
    cohort = ps.Cohort.from_scenario(small)
    changed = lower(small.change("drawn", VALUES), cohort)
    drawn = with_parameters(lower(small, cohort), small, VALUES)
    assert np.allclose(drawn.people.base_hazard, changed.people.base_hazard, rtol=EXACT)
    assert drawn.tables.rules.tolist() == changed.tables.rules.tolist()
    for name in FOLLOWING:
        ours, theirs = getattr(drawn.tables, name), getattr(changed.tables, name)
        assert np.allclose(ours, theirs, rtol=EXACT), name


def test_what_is_no_part_of_the_hazard_cannot_be_drawn(small):
    lowered = lower(small, ps.Cohort.from_scenario(small))
    with pytest.raises(InputError, match=r"services\.gps_tag\.capacity: cannot be drawn anew"):
        with_parameters(lowered, small, {"services.gps_tag.capacity": 3.0})


@pytest.mark.filterwarnings("ignore:.*disposals in the intake window")  # at levels so far apart
def test_baseline_and_option_share_the_draw_of_each_replication(small):
    posterior = Posterior(pd.DataFrame({"hazard.adult_level": [0.1, 2.0]}))
    placebo = small.change("dearer tags", {"services.gps_tag.cost_per_day_gbp": 99})
    terms: dict[str, Any] = {"draws": 0, "replications": 6, "seed": 3}
    result = ps.compare(small, placebo, **terms, posterior=posterior)
    table = result.table(group="all").set_index("outcome")
    rate = table.loc["proven_reoffending_rate"]
    assert rate["difference"] == 0.0
    spread = ps.run(small, **terms, posterior=posterior).table(group="all")
    plain = ps.run(small, **terms).table(group="all")
    errors = [t.set_index("outcome").loc["proven_reoffending_rate", "se"] for t in (spread, plain)]
    assert errors[0] > 3 * errors[1]


@pytest.mark.parametrize("value", [0.5, 1.0, 3.0])
def test_a_multiplier_that_the_scenario_lacks_counts_as_one(small, value):
    key = "hazard.multipliers.ethnicity=white"
    assert "ethnicity=white" not in small.hazard.multipliers
    cohort = ps.Cohort.from_scenario(small)
    plain = lower(small, cohort)
    drawn = with_parameters(plain, small, {key: value})
    changed = lower(small.change("with it", {key: value}), cohort)
    assert np.allclose(drawn.people.base_hazard, changed.people.base_hazard, rtol=EXACT)
    moved = drawn.people.base_hazard != plain.people.base_hazard
    assert moved.any() == (value != 1.0)
    assert not moved.all()


def test_a_multiplier_that_follows_index_events_is_drawn_in_their_table(small):
    key = "hazard.multipliers.offence_group=robbery"
    plain = lower(small, ps.Cohort.from_scenario(small))
    drawn = with_parameters(plain, small, {key: 3.0})
    assert np.array_equal(drawn.people.base_hazard, plain.people.base_hazard)
    moved = drawn.tables.index_ratio / plain.tables.index_ratio
    assert sorted(set(moved.ravel().tolist())) == [1.0, 3.0]
    assert (moved == 3.0).sum() == 1


def test_a_draw_of_zero_is_zero_and_of_those_people_alone(small):
    plain = lower(small, ps.Cohort.from_scenario(small))
    drawn = with_parameters(plain, small, {"hazard.multipliers.sex=female": 0.0}).people.base_hazard
    female = plain.groups.index(("sex", "female"))
    women = (plain.people.groups == female).any(axis=1) & (plain.people.age_group == 0)
    assert 0 < women.sum() < women.size
    assert not drawn[women].any()
    assert np.array_equal(drawn[~women], plain.people.base_hazard[~women])


@pytest.mark.parametrize(
    "key", ["hazard.multipliers.sex=female", "hazard.adult_level", "hazard.youth_level"]
)
def test_what_is_zero_in_the_scenario_cannot_be_drawn(small, key):
    zero = small.change("none", {key: 0.0})
    lowered = lower(zero, ps.Cohort.from_scenario(zero))
    with pytest.raises(InputError, match=f"{key}: is 0 in the scenario, and so cannot be drawn"):
        with_parameters(lowered, zero, {key: 0.5})
    others = with_parameters(lowered, zero, {"hazard.frailty_sigma": 0.5})  # asked of nobody else
    assert (others.tables.rules["frailty_sigma"] == 0.5).all()


def test_what_is_not_drawn_is_as_it_was(small):
    plain = lower(small, ps.Cohort.from_scenario(small))
    before = plain.tables.rules.copy()
    drawn = with_parameters(
        plain, small, {"hazard.adult_level": 2 * small.hazard.adult_level.value}
    )
    adult = plain.people.age_group == 0
    base = plain.people.base_hazard
    assert np.allclose(drawn.people.base_hazard[adult], 2 * base[adult], rtol=EXACT)
    assert np.array_equal(drawn.people.base_hazard[~adult], base[~adult])
    with_parameters(plain, small, {"hazard.frailty_sigma": 9.0})
    assert np.array_equal(plain.tables.rules, before)
