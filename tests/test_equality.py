"""Whom an option helps: groups beside everybody, with doubt, and what is not told."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import pathsim as ps
from pathsim.decision.equality import (
    ATTRIBUTES,
    NOBODY_STARTS,
    NOTHING_KNOWN,
    TOO_FEW,
    benefits,
    equality,
    equality_sentence,
)
from pathsim.decision.plain import as_data
from small_town import TOWN

DRAWS, EACH = 64, 4
SIZES = {"all": 200, "sex=male": 150, "sex=female": 50, "area=bcp": 9, "area=dorset": 191}
SIZES |= {"ethnicity=other": 200, "age_band=18-20": 200, "age_band=21-24": 0}
EXACT = 1e-12


def option(*, women: float = -0.02, starts: float = 5.0, places: tuple[str, ...] = ("service.a",)):
    """Return an option that lowers the men's rate by two points and the women's by `women`."""
    luck = np.random.default_rng(1).normal(0.0, 0.002, (DRAWS * EACH, 2))
    men, their = -0.02 + luck[:, 0], women + luck[:, 1]
    rates = {"all": 0.75 * men + 0.25 * their, "sex=male": men, "sex=female": their}
    rates |= {group: rates["all"] for group in SIZES if group not in rates}
    rows = [
        (f"{place}.{name}", group)
        for place in ("service.a", "service.b")
        for name in ("starts", "mean_wait_days")
        for group in rates
    ]
    level = {"starts": {"all": 20.0, "sex=female": starts, "sex=male": 15.0}}
    waits = {"service.a": 10.0, "service.b": 40.0}
    means = np.array(
        [
            level["starts"].get(group, 10.0) if name.endswith("starts") else waits[name[:9]]
            for name, group in rows
        ]
    )
    made: Any = SimpleNamespace(
        by_group=rates,
        sizes=SIZES,
        rows=tuple(rows),
        paired=SimpleNamespace(baseline=means, option=2.0 * means),
        places=places,
        request=SimpleNamespace(title="Made up"),
    )
    return made


def of(found: Any, group: str) -> Any:
    return next(each for each in found if each.group == group)


def test_a_group_that_gains_less_is_seen_beside_everybody():
    found = benefits(option(women=-0.01), draws=DRAWS)
    women, men = of(found, "sex=female"), of(found, "sex=male")
    assert women.change.mean == pytest.approx(-0.01, abs=5e-4)
    assert women.beside.mean == pytest.approx(0.0075, abs=5e-4)
    assert men.beside.mean == pytest.approx(-0.0025, abs=5e-4)
    assert women.apart
    assert men.apart
    said = equality_sentence(found)
    assert "these do better by it than everybody: male" in said
    assert "these do worse by it than everybody: female" in said


def test_equal_benefit_is_not_told_apart():
    found = benefits(option(), draws=DRAWS)
    assert not any(each.apart for each in found)
    said = equality_sentence(found)
    assert "No group of 3 is seen to do better or worse by it than everybody." in said


def test_of_small_groups_and_of_attributes_with_one_level_nothing_is_told():
    found = benefits(option(), draws=DRAWS)
    assert list(dict.fromkeys(each.attribute for each in found)) == list(ATTRIBUTES)
    small = of(found, "area=bcp")
    assert (small.note, small.people, small.change, small.beside) == (TOO_FEW, 9, None, None)
    assert np.isnan(small.starts).all()
    unknown = [each for each in found if each.note == NOTHING_KNOWN]
    assert [(each.attribute, each.group) for each in unknown] == [
        ("age_band", "all"),
        ("ethnicity", "all"),
    ]
    assert "Nothing is known of age, ethnicity" in equality_sentence(found)


def test_starts_are_added_up_and_waits_are_by_starts():
    found = benefits(option(places=("service.a", "service.b")), draws=DRAWS)
    women = of(found, "sex=female")
    assert women.starts == (10.0, 20.0)
    assert women.wait == (25.0, 50.0)
    lone = of(benefits(option(), draws=DRAWS), "sex=female")
    assert (lone.starts, lone.wait) == ((5.0, 10.0), (10.0, 20.0))


def test_who_never_starts_is_left_out():
    found = benefits(option(starts=0.0), draws=DRAWS)
    women = of(found, "sex=female")
    assert women.note == NOBODY_STARTS
    assert np.isnan(women.wait).all()
    assert "Nobody starts it among: female." in equality_sentence(found)
    assert of(found, "sex=male").note == ""
    nobody = option(starts=0.0)
    nobody.paired.baseline[:] = nobody.paired.option[:] = 0.0
    assert of(benefits(nobody, draws=DRAWS), "sex=female").note == "", "nobody at all starts it"


def test_an_option_that_changes_no_service_has_no_starts():
    women = of(benefits(option(places=()), draws=DRAWS), "sex=female")
    assert np.isnan(women.starts).all()
    assert np.isnan(women.wait).all()
    assert women.note == ""


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    both = """rows = [
  { people = 300, sex = "male", disposal = "community_order" },
  { people = 100, sex = "female", disposal = "community_order" },
]"""
    file = tmp_path_factory.mktemp("town") / "town.toml"
    one = 'rows = [{ people = 400, disposal = "community_order" }]'
    file.write_text(TOWN.replace(one, both), encoding="utf-8")
    return ps.load(file)


@pytest.fixture(scope="module")
def more(town):
    places = {"value": 40, "source": "the option's choice", "grade": "choice"}
    return town.change("More", {"services.mentor.capacity": places})


@pytest.fixture(scope="module")
def decided(town, more):
    return ps.decide(ps.compare(town, more, draws=32, replications=2, seed=4))


def test_the_table_has_the_figures_of_the_comparison(decided):
    compared = decided.comparison
    table = equality(compared).set_index("group")
    rates = compared.options[0].by_group
    for group in ("sex=male", "sex=female"):
        assert table.loc[group, "change"] == pytest.approx(rates[group].mean(), abs=EXACT)
        beside = rates[group] - rates["all"]
        assert table.loc[group, "beside_everybody"] == pytest.approx(beside.mean(), abs=EXACT)
        low, high = table.loc[group, ["low", "high"]]
        assert low < table.loc[group, "change"] < high
    everybody = compared.options[0].everybody["proven_reoffending_rate"]
    assert np.array_equal(rates["all"], everybody)


def test_plain_data_tell_every_group(decided):
    (plain,) = json.loads(json.dumps(as_data(decided), allow_nan=False))["options"]
    told = plain["equality"]["groups"]
    assert {each["attribute"] for each in told} == set(ATTRIBUTES)
    women = next(each for each in told if each["group"] == "sex=female")
    assert set(women["change"]) == {"mean", "low", "high", "probability_above_0"}
    assert set(women["starts"]) == {"baseline", "option"}
    assert plain["equality"]["sentence"] == equality_sentence(decided.options[0].equality)


def test_without_states_of_the_world_nothing_is_told(town, more):
    alone = ps.compare(town, more, draws=0, replications=2)
    with pytest.raises(ps.InputError, match="draws: no states of the world"):
        ps.equality(alone)
    wrong: Any = 3
    with pytest.raises(ps.InputError, match="comparison"):
        ps.equality(wrong)
