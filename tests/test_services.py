"""Every service that the Dorset documents name is a row of the baseline, and the guide lists it.

`python tests/test_services.py` writes the tables in docs/services.md anew.
"""

from pathlib import Path

import pytest

from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario
from pathsim.scenario.parameter import Quantity
from pathsim.scenario.service import Service, Trigger

ROOT = Path(__file__).parents[1]
BASELINE = ROOT / "scenarios" / "dorset" / "baseline.toml"
GUIDE = ROOT / "docs" / "services.md"
BEGIN, END = "<!-- services: begin -->\n", "<!-- services: end -->\n"
MOST = 64
"""Services are bits of a 64-bit word."""
NAMED_IN = "Named in "

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
    "Integrated Offender Management": ("iom_fixed", "iom_flex", "iom_free"),
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

_PANEL = "Dorset Police and Crime Panel, 1 February 2024, Rehabilitation of offenders"
_SERVICES = "Pan-Dorset Community Safety Partnerships, Services to tackle reoffending, 2024"
MECHANISMS = {
    "community order": ("sentencing.community_order_days", f"{_SERVICES}, The Probation Service"),
    "suspended sentence order": ("sentencing.suspended_sentence_days", f"{_PANEL}, paragraph 3.5"),
    "activation of a suspended sentence": (
        "sentencing.activation_share",
        f"{_PANEL}, paragraph 3.5",
    ),
    "breach of an order": (
        "sentencing.breach.community_order_per_day",
        f"{_SERVICES}, Substance Misuse Treatment Services",
    ),
    "suspended-sentence presumption": ("sentencing.presumption.share", f"{_PANEL}, paragraph 3.5"),
    "remand": ("courts.crown_remand_share", f"{_PANEL}, The prison estate"),
    "home detention curfew": ("custody.curfew.share", f"{_PANEL}, paragraph 10.10"),
    "licence recall": ("custody.recall.le6m_per_day", f"{_PANEL}, paragraph 10.10"),
    "post-sentence supervision": (
        "custody.supervision_days",
        f"{_SERVICES}, The Probation Service",
    ),
    "custody capacity and Operation Safeguard": (
        "custody.capacity",
        f"{_PANEL}, The prison estate",
    ),
}
"""What the documents name and the model does by itself: where it is set, where it is named."""

NOT_IN_DORSET = {
    "cas3",
    "circles_bail",
    "deferred_prosecution",
    "drive",
    "fdac",
    "intensive_supervision_court",
    "prisoners_building_homes",
    "womens_centre",
}
SCREENING = {"liaison_diversion", "drug_testing_on_arrest", "reconnect"}
_TRIGGERS = {
    "release": "release",
    "pre_release": "before release",
    "reoffence": "arrest",
    "homeless": "homelessness",
}


def effect(service: Service) -> tuple[str, Quantity]:
    """Return what drives a service's effect, in words and as the parameter."""
    if service.custody_ratio.value != 1:
        return "chance of custody", service.custody_ratio
    if service.houses:
        return "housing: settled on leaving", service.exit_settled_share
    if service.after_ratio.source != "mechanism not used" and service.hazard_ratio.value == 1:
        return "hazard afterwards", service.after_ratio
    return "hazard", service.hazard_ratio


def workings(scenario: Scenario, service: Service) -> str:
    """Return the mechanisms that a service uses, in words."""
    parts = ["on " + ", ".join(_comes_by(service.trigger))]
    if service.pool:
        review = scenario.pools[service.pool].review_days.value
        parts.append("shared places" + (f", given every {review:g} days" if review else ""))
    elif service.capacity != "unlimited":
        parts.append(f"{service.capacity.value:g} places")
    if service.requires_any:
        parts.append("with " + " or ".join(f"`{name}`" for name in service.requires_any))
    if service.drop_out_share.value:
        parts.append("drop-out")
    if service.after_days.expected():
        parts.append("after-effect")
    if service.houses:
        parts.append("houses")
    parts += [f"ends on {each.replace('_', ' ')}" for each in service.ends_on]
    return "; ".join(parts)


def _comes_by(trigger: Trigger) -> list[str]:
    words = [each.replace("_", " ") for each in trigger.disposals]
    words += [word for key, word in _TRIGGERS.items() if getattr(trigger, key)]
    return words + [f"`{name}`" for name in trigger.services]


def tables(scenario: Scenario) -> str:
    """Return both tables of the guide: the services, and what the model does by itself."""
    heads = ("service", "id", "pathway", "how it works", "effect", "grade", "source", "named in")
    lines = [_row(heads), _row(("---",) * len(heads))]
    for name, service in scenario.services.items():
        words, ratio = effect(service)
        interval = "" if ratio.low is None else f" ({ratio.low:g} to {ratio.high:g})"
        lines.append(
            _row(
                (
                    service.title,
                    f"`{name}`",
                    service.pathway.replace("_", " "),
                    workings(scenario, service),
                    f"{words} {ratio.value:g}{interval}",
                    ratio.grade,
                    ratio.source,
                    _paragraph(service),
                )
            )
        )
    lines += ["", "## What the model does by itself", ""]
    lines += [_row(("mechanism", "set by", "named in")), _row(("---",) * 3)]
    lines += [_row((name, f"`{key}`", where)) for name, (key, where) in MECHANISMS.items()]
    return "\n".join(lines) + "\n"


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _paragraph(service: Service) -> str:
    return service.note.rpartition(NAMED_IN)[2].removesuffix(".")


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
    assert any(f"{word} " in _paragraph(service) for word in ("Dorset", "Pan-Dorset"))
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


def test_the_guide_lists_every_service_of_the_baseline(baseline: Scenario):
    listed = GUIDE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    assert listed == tables(baseline), "run: python tests/test_services.py"


if __name__ == "__main__":
    before, _, rest = GUIDE.read_text(encoding="utf-8").partition(BEGIN)
    written = BEGIN + tables(load(BASELINE)) + END
    GUIDE.write_text(before + written + rest.partition(END)[2], encoding="utf-8")
