"""The Dorset scenarios say what they mean: values are sourced, options as small as they look."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.linalg import expm

from pathsim.present.pages import in_use
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario
from pathsim.scenario.shipped import shipped_scenarios

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "scenarios" / "dorset"
FILES = [path for name, path in shipped_scenarios().items() if name.startswith("dorset/")]
ROUNDED = 0.005
"""Half a percentage point: the rates of the accommodation chain are rounded."""
DEFLATED = 0.01
"""Relative: prices are rounded to two or three figures."""

CHANGES = {
    "suspended-sentences": {
        "sentencing.presumption.max_days",
        "sentencing.presumption.share",
        "sentencing.presumption.hazard_ratio",
        "sentencing.presumption.effect_days",
        "sentencing.presumption.age_groups",
    },
    "more-tags": {"services.gps_tag.capacity"},
    "more-treatment": {
        "services.drr.referral",
        "services.atr.referral",
        "services.mhtr.capacity",
        "services.mhtr.referral",
    },
    "more-rj": {"services.rj_direct.referral", "services.rj_indirect.referral"},
    "housing-on-release": {
        "services.supported_accommodation.capacity",
        "services.supported_accommodation.referral",
    },
    "approved-premises": {"services.approved_premises.capacity"},
    "cas-3": {"services.cas3.capacity"},
    "deferred-prosecution": {"services.deferred_prosecution.capacity"},
    "drive-restarted": {"services.drive.capacity"},
    "drug-testing-for-all": {
        "services.drug_testing_on_arrest.eligible.offence_group",
        "services.drug_testing_on_arrest.referral",
    },
    "family-contact": {"services.family_contact.referral"},
    "longer-home-curfew": {"custody.curfew.max_days", "custody.curfew.share"},
    "reconnect-doubled": {"services.reconnect.capacity", "services.reconnect.referral"},
    "release-at-40-percent": {
        "custody.release_point.le6m",
        "custody.release_point.six_to_12m",
        "custody.release_point.one_to_4y",
    },
    "through-the-gate-for-all": {"services.through_the_gate.referral"},
    "trade-skills-doubled": {"services.trade_skills.capacity", "services.trade_skills.referral"},
    "up2u-places": {
        "services.up2u_relationships.capacity",
        "services.up2u_relationships.referral",
        "services.up2u_family.capacity",
        "services.up2u_family.referral",
    },
    "womens-centre": {"services.womens_centre.capacity"},
    "youth-diversion": {"sentencing.diversion.youth"},
}
CHANGES["intensive-supervision-court"] = CHANGES["suspended-sentences"] | {
    "sentencing.presumption.with_service",
    "services.intensive_supervision_court.capacity",
    "services.intensive_supervision_court.referral",
    "services.intensive_supervision_court.trigger.disposals",
}
CHANGES["tags-and-suspended-sentences"] = CHANGES["suspended-sentences"] | CHANGES["more-tags"]
HEADINGS = {"title", "description"}


def bare_numbers(tree: Any, path: str = "") -> Iterator[str]:
    """Yield the dotted key of every number that no source stands beside."""
    if isinstance(tree, dict) and "source" not in tree:
        for key, value in tree.items():
            yield from bare_numbers(value, f"{path}.{key}" if path else key)
    elif isinstance(tree, int | float) and not isinstance(tree, bool):
        yield path


def differing(one: Any, other: Any, path: str = "") -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict) and "source" not in one:
        for key in one.keys() | other.keys():
            deeper = f"{path}.{key}" if path else key
            yield from differing(one.get(key), other.get(key), deeper)
    elif one != other:
        yield path


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return load(FOLDER / "baseline.toml")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_of_the_folder_loads_without_a_warning(path: Path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert load(path).title


def test_every_file_of_the_folder_is_the_baseline_or_a_listed_option():
    assert {path.stem for path in FILES} == {"baseline", *CHANGES}


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_an_option_differs_from_the_baseline_in_the_intended_keys_alone(
    name: str, baseline: Scenario
):
    option = load(FOLDER / f"{name}.toml")
    found = set(differing(baseline.model_dump(), option.model_dump()))
    assert found == CHANGES[name] | HEADINGS


@pytest.mark.parametrize("name", ["baseline", *sorted(CHANGES)])
def test_every_value_has_a_source_and_every_price_a_year(name: str):
    scenario = load(FOLDER / f"{name}.toml")
    generations = {f"follow_up.generations_{side}" for side in ("before", "after")}
    generations.add("follow_up.stock_windows")
    allowed = {"schema_version", "cohort.seed"} | generations
    bare = {key for key in bare_numbers(scenario.model_dump()) if not key.endswith("percent")}
    assert bare == allowed
    for key, part in in_use(scenario).items():
        assert len(part["source"]) > len("assumed:"), key
        if "_gbp" in key:
            assert part["price_year"] == "2021/22", key


def test_the_baseline_names_no_quarterly_count_as_its_cohort(baseline: Scenario):
    assert baseline.cohort.kind == "pnc_2021"
    assert baseline.cohort.adults.value + baseline.cohort.youths.value == 4710


def test_the_cohorts_of_iom_take_different_people_and_share_66_places(baseline: Scenario):
    names = ["iom_fixed", "iom_flex", "iom_free"]
    groups = [set(baseline.services[name].eligible.offence_group) for name in names]
    assert sum(map(len, groups)) == len(set.union(*groups))
    assert {baseline.services[name].pool for name in names} == {"iom"}
    assert baseline.pools["iom"].capacity.value == 66


def test_the_accommodation_chain_settles_75_7_percent_in_three_months(baseline: Scenario):
    homes = baseline.accommodation
    names = ("settled", "temporary", "homeless")
    rates = np.array(
        [
            [getattr(getattr(homes, f"{a}_to_{b}_per_day", None), "value", 0.0) for b in names]
            for a in names
        ]
    )
    entry = np.array([getattr(homes.on_release, name) for name in names])
    after = entry @ expm((rates - np.diag(rates.sum(axis=1))) * 91.25)
    assert after[0] == pytest.approx(0.757, abs=ROUNDED)


@pytest.mark.parametrize(
    ("key", "pounds", "factor"),
    [
        ("services.gps_tag.cost_per_day_gbp", 12, 1.15172),
        ("services.drr.cost_per_day_gbp", 2604 / 365, 1.1923),
        ("services.mhtr.cost_per_start_gbp", 12 * 169, 0.85304),
        ("costs.custody_day_gbp.hmpps", 13000 / 365, 1.1680),
        ("costs.community_order_day_gbp.hmpps", 652 / 365, 1.3497),
        ("costs.disposal_gbp.custody.hmpps", 215, 1.2129),
        ("costs.curfew_day_gbp.hmpps", 13.14, 1.2129),
        ("costs.homeless_day_gbp.local_authority", (7900 + 2501) / 2 / 365, 1.23887),
        ("costs.reoffence_gbp.theft.police", 285, 1.3497),
        ("costs.conviction_gbp.theft.police", 593 - 285, 1.3497),
        ("costs.reoffence_gbp.robbery.society", 8560, 1.05477),
        ("costs.conviction_gbp.violence.courts_cps", 12716, 1.27624),
    ],
)
def test_a_price_is_the_published_one_times_the_deflator(
    key: str, pounds: float, factor: float, baseline: Scenario
):
    assert in_use(baseline)[key]["value"] == pytest.approx(pounds * factor, rel=DEFLATED)


def test_the_place_of_supported_housing_costs_35_to_42_pounds_a_night_of_2018(baseline: Scenario):
    price = in_use(baseline)["services.supported_accommodation.cost_per_place_year_gbp"]
    pounds = [25e6 / 3 / beds * 1.0828 for beds in (650, 539)]
    assert pounds[0] < price["value"] < pounds[1]
    for night in (round(each / 1.0828 / 365) for each in pounds):
        assert f"{night}" in price["note"]


def test_a_supported_place_may_cost_a_hostels_rent_or_an_approved_premises_bed(baseline: Scenario):
    prices = in_use(baseline)
    price = prices["services.supported_accommodation.cost_per_place_year_gbp"]
    bed = prices["services.approved_premises.cost_per_place_year_gbp"]["value"]
    ends = [107.45 * 365 / 7 * 1.23887, bed]
    assert [price["low"], price["high"]] == pytest.approx(ends, rel=DEFLATED)


def test_an_arrest_is_paid_once(baseline: Scenario):
    costs = baseline.costs
    assert "police" not in costs.caution_gbp
    for group, prices in costs.reoffence_gbp.items():
        whole = prices["police"].value
        if "police" in costs.conviction_gbp[group]:
            whole += costs.conviction_gbp[group]["police"].value
            assert whole == pytest.approx(593 * 1.3497, rel=DEFLATED)


def test_no_offence_is_without_a_victims_price(baseline: Scenario):
    prices = baseline.costs.reoffence_gbp
    assert len(prices) == 12
    assert all(each["society"].value > 0 for each in prices.values())
