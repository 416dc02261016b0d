"""The check finds what cannot be traced, and tells where it is written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pathsim.errors import InputError
from pathsim.scenario import Scenario, load
from pathsim.scenario.evidence.check import cautions, check, located
from pathsim.scenario.evidence.register import by_grade, parameters, register
from pathsim.scenario.evidence.table import evidence_table, read_table
from pathsim.scenario.shipped import shipped_scenarios
from test_evidence_table import FILE, GOOD, text_of

REPOSITORY = Path(__file__).parent.parent
SMALL = Path(__file__).parent / "data" / "scenarios" / "baseline.toml"
TEXT = SMALL.read_text(encoding="utf-8").partition("[costs]")[0]
"""The small baseline without its prices, which have no year."""
DORSET = [path for name, path in shipped_scenarios().items() if name.startswith("dorset/")]
PROBES = read_table({FILE: text_of(GOOD)})
TODAY = date(2026, 11, 22)


@pytest.fixture
def baseline(tmp_path: Path) -> Scenario:
    file = tmp_path / "clean.toml"
    file.write_text(TEXT, encoding="utf-8")
    return load(file)


def found(text: str, folder: Path) -> list[str]:
    file = folder / "b.toml"
    file.write_text(TEXT + text, encoding="utf-8")
    scenario = load(file)
    return [str(each).removeprefix(f"{folder}/") for each in located(check(scenario), file)]


@pytest.mark.parametrize("file", DORSET, ids=lambda file: file.stem)
def test_every_number_of_the_dorset_scenarios_can_be_traced(file: Path) -> None:
    assert [str(each) for each in located(check(load(file)), file)] == []


def test_a_bare_number_planted_in_the_baseline_is_told_with_its_line(tmp_path: Path) -> None:
    text = (REPOSITORY / "scenarios" / "dorset" / "baseline.toml").read_text(encoding="utf-8")
    planted = '[services.planted]\ntitle = "P"\ntrigger = { release = true }\n'
    planted += "referral = 0.5\nduration_days = 3\n"
    (tmp_path / "b.toml").write_text(f"{text}\n{planted}", encoding="utf-8")
    line = f"{text}\n{planted}".splitlines().index("referral = 0.5") + 1
    with pytest.raises(InputError) as caught:
        load(tmp_path / "b.toml")
    told = [str(each) for each in caught.value.problems]
    assert any(f"b.toml:{line}: services.planted.referral: has no source" in each for each in told)
    assert any("services.planted.duration_days: has no source" in each for each in told)


def test_an_id_that_the_table_does_not_have_fails(baseline: Scenario) -> None:
    scenario = baseline.change("P", {"hazard.licence_ratio": _cites("caution_gbp", 384.7)})
    (problem,) = check(scenario, table=PROBES)
    assert str(problem) == (
        "hazard.licence_ratio.evidence: is no id of the evidence table; found 'caution_gbp'"
    )


def test_a_value_that_differs_from_its_evidence_fails(baseline: Scenario) -> None:
    scenario = baseline.change("P", {"hazard.licence_ratio": _cites("caution_gbp", 300)})
    (problem,) = check(scenario)
    assert str(problem) == (
        "hazard.licence_ratio: differs from its evidence 'caution_gbp'; found 300.0; allowed: 384.7"
    )


def _cites(row: str, value: float) -> dict[str, object]:
    return {"evidence": row, "value": value, "source": "a reading of it", "grade": "expert"}


def test_a_price_without_a_price_year_fails_with_its_line(tmp_path: Path) -> None:
    text = '[costs]\nbreach_gbp = { source = "a guess", courts_cps = 347, police = 0 }\n'
    line = len(TEXT.splitlines()) + 2
    (told,) = found(text, tmp_path)
    assert told == (
        f"b.toml:{line}: costs.breach_gbp.courts_cps: is a price without a price year; "
        'allowed: price_year = "2021/22"'
    )


def test_a_mix_of_shares_with_an_empty_source_fails(tmp_path: Path) -> None:
    text = '[accommodation.on_release]\nsettled = 1.0\nsource = " "\ngrade = "official"\n'
    assert [each for each in found(text, tmp_path) if "has no source" in each]


def test_what_holds_before_a_date_is_checked_too(baseline: Scenario) -> None:
    scenario = baseline.change("P", {"hazard.licence_ratio": _cites("caution_gbp", 300)})
    dated = scenario.change("D", {"hazard.licence_ratio": 1.1}, from_day=30)
    assert [problem.key for problem in check(dated)] == ["before.hazard.licence_ratio"]


def test_a_row_past_its_review_is_a_caution_and_no_problem(baseline: Scenario) -> None:
    scenario = baseline.change("P", {"hazard.licence_ratio": _cites("curfew_tag_ratio", 1.05)})
    assert not check(scenario)
    row = evidence_table()["curfew_tag_ratio"]
    message = f"rests on 'curfew_tag_ratio', which was to be reviewed by {row.review}"
    late = [str(each) for each in cautions(scenario, today=date.max) if "reviewed" in str(each)]
    assert late == [f"hazard.licence_ratio: {message}"]
    assert not [each for each in cautions(scenario, today=row.review) if "reviewed" in str(each)]


def test_an_assumed_value_without_an_interval_is_a_caution(baseline: Scenario) -> None:
    assumed = {"value": 1.1, "source": "assumed", "grade": "assumed"}
    scenario = baseline.change("P", {"hazard.licence_ratio": assumed})
    ranged = scenario.change("R", {"hazard.licence_ratio": assumed | {"low": 1.0, "high": 1.2}})
    key = "hazard.licence_ratio"
    assert key in [each.key for each in cautions(scenario, today=TODAY)]
    assert key not in [each.key for each in cautions(ranged, today=TODAY)]


def test_what_switches_a_mechanism_off_is_not_in_the_register(baseline: Scenario) -> None:
    keys = [each.key for each in parameters(baseline)]
    assert "follow_up.days" in keys
    assert "hazard.licence_ratio" not in keys
    assert "custody.curfew.min_sentence_days" not in keys


def test_the_register_has_a_row_for_every_parameter_and_its_grade(baseline: Scenario) -> None:
    scenario = baseline
    rows = register(scenario, evidence_table())
    assert [row.parameter for row in rows] == [each.key for each in parameters(scenario)]
    assert sum(by_grade(rows).values()) == len(rows)
    assert all(row.source and row.grade for row in rows)


def test_a_table_of_people_is_told_by_its_name_wherever_it_lies() -> None:
    scenario = load(shipped_scenarios()["dorset/baseline"])
    rows = {row.parameter: row.value for row in register(scenario, evidence_table())}
    assert rows["cohort.ethnicity"] == "file=ethnicity.csv"
