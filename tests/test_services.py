"""Every service that the Dorset documents name is a row of the baseline, and the guide lists it."""

from pathlib import Path

import pytest
from docs.tables import MECHANISMS

from pathsim.present.pages import NAMED_IN, effect, named_in
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario

ROOT = Path(__file__).parents[1]
BASELINE = ROOT / "scenarios" / "dorset" / "baseline.toml"
MOST = 64
"""Services are bits of a 64-bit word."""

ROWS: dict[str, tuple[str, ...]] = {
    "unpaid work": ("unpaid_work",),
    "accredited programmes (thinking skills)": ("accredited_programme",),
    "structured interventions": ("structured_intervention",),
    "commissioned rehabilitative services": ("commissioned_rehabilitation",),
    "intensive supervision / problem-solving courts": ("intensive_supervision_court",),
    "Family Drug and Alcohol Court": ("fdac",),
    "parental substance misuse court": ("parental_substance_court",),
    "drug rehabilitation requirement": ("drr",),
    "alcohol treatment requirement": ("atr",),
    "mental health treatment requirement": ("mhtr",),
    "substance misuse treatment outside orders": ("substance_treatment",),
    "Drug Testing on Arrest": ("drug_testing_on_arrest",),
    "Liaison and Diversion": ("liaison_diversion", "mental_health_care"),
    "enhanced pre-release and through-the-gate support": ("through_the_gate",),
    "Reconnect": ("reconnect",),
    "approved premises": ("approved_premises",),
    "CAS-3 and supported accommodation": ("cas3", "supported_accommodation"),
    "Prisoners Building Homes": ("prisoners_building_homes",),
    "Integrated Offender Management": ("iom_fixed", "iom_fixed_medium", "iom_flex", "iom_free"),
    "GPS tags": ("gps_tag",),
    "MAPPA and MOSOVO": ("mappa", "mosovo"),
    "High Harm Perpetrator Panel": ("high_harm_panel",),
    "restorative justice, commissioned service": ("rj_direct", "rj_indirect"),
    "restorative justice, youth service": ("rj_youth",),
    "restorative justice, schools team": ("rj_schools_team",),
    "Immediate Justice": ("immediate_justice",),
    "conditional caution": ("conditional_caution",),
    "community resolution": ("community_resolution",),
    "deferred prosecution": ("deferred_prosecution",),
    "treatment conditions out of court": ("out_of_court_treatment",),
    "Up2U": ("up2u_family", "up2u_relationships"),
    "Time to Change": ("time_to_change",),
    "Choose2Change": ("choose2change",),
    "Drive": ("drive",),
    "Circles of Support": ("circles_support", "circles_bail"),
    "Circles Light": ("circles_light",),
    "Inform Young People": ("inform_young_people",),
    "youth justice service": (
        "yjs_out_of_court",
        "yjs_court_orders",
        "yjs_health",
        "yjs_education",
        "yjs_reparation",
    ),
    "Dorset Trade Skills": ("trade_skills",),
    "Future Roots": ("future_roots",),
    "county-lines programme": ("county_lines_programme",),
    "Talk About Trust": ("talk_about_trust",),
    "female-offender co-ordinator and women's centre": (
        "female_offender_coordinator",
        "womens_centre",
    ),
    "family contact": ("family_contact",),
    "gambling support": ("gambling_support",),
}
"""What the documents name, with the rows that stand for it."""

NOT_IN_DORSET = {
    "cas3",
    "circles_bail",
    "community_resolution",
    "deferred_prosecution",
    "drive",
    "fdac",
    "intensive_supervision_court",
    "prisoners_building_homes",
    "womens_centre",
}
SCREENING = {"liaison_diversion", "drug_testing_on_arrest", "reconnect"}


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return load(BASELINE)


def test_every_service_that_the_documents_name_is_a_row_and_every_row_is_named(baseline: Scenario):
    listed = [name for rows in ROWS.values() for name in rows]
    assert len(listed) == len(set(listed))
    assert set(listed) == set(baseline.services)
    assert len(listed) <= MOST


@pytest.mark.parametrize("name", sorted(name for rows in ROWS.values() for name in rows))
def test_a_row_says_where_it_is_named_and_what_is_behind_its_effect(name: str, baseline: Scenario):
    service = baseline.services[name]
    assert service.note.count(NAMED_IN) == 1
    assert any(f"{word} " in named_in(service) for word in ("Dorset", "Pan-Dorset"))
    _, ratio = effect(service)
    assert ratio.source != "mechanism not used"
    assert ratio.low is not None
    assert ratio.low < ratio.value < ratio.high


@pytest.mark.parametrize("name", sorted(SCREENING))
def test_screening_leads_into_treatment_and_carries_no_effect_of_its_own(
    name: str, baseline: Scenario
):
    service = baseline.services[name]
    assert service.hazard_ratio.value == service.after_ratio.value == 1
    assert name in baseline.services["substance_treatment"].trigger.services


def test_what_dorset_does_not_have_stands_with_no_places(baseline: Scenario):
    without = {
        name
        for name, service in baseline.services.items()
        if service.capacity != "unlimited" and service.capacity.value == 0
    }
    assert without == NOT_IN_DORSET
    assert all("capacity 0" in baseline.services[name].note for name in without)


def test_what_the_model_does_by_itself_is_set_in_the_baseline(baseline: Scenario):
    idle = {"sentencing.presumption.share"}
    for key, _ in MECHANISMS.values():
        part: object = baseline
        for step in key.split("."):
            part = getattr(part, step)
        assert part == "unlimited" or (part.source == "mechanism not used") == (key in idle), key
