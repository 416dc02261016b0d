"""Parameters that point at the evidence table: filled at load, and equal after a round trip."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathsim.errors import InputError
from pathsim.scenario import load
from pathsim.scenario.evidence.table import evidence_table

BASELINE = Path(__file__).parent / "data" / "scenarios" / "baseline.toml"
ROW = "gps_licence_tag_ratio"


def write(folder: Path, *lines: str, instead_of: str = "") -> Path:
    text = BASELINE.read_text(encoding="utf-8")
    assert instead_of in text
    text = text.replace(f"{instead_of}\n", "", 1) if instead_of else text
    file = folder / "b.toml"
    file.write_text("\n".join([text, *lines, ""]), encoding="utf-8")
    return file


def with_hazard(folder: Path, said: str) -> Path:
    return write(folder, f"[services.placebo]\n{PLACEBO}", f"hazard_ratio = {said}")


PLACEBO = """title = "Placebo"
trigger = { release = true }
source = "a plan"
grade = "expert"
referral = 0.5
duration_days = 30"""


def test_an_id_fills_value_interval_source_and_grade(tmp_path: Path) -> None:
    ratio = (
        load(with_hazard(tmp_path, f'{{ evidence = "{ROW}" }}')).services["placebo"].hazard_ratio
    )
    row = evidence_table()[ROW]
    assert (ratio.value, ratio.low, ratio.high) == (row.value, row.low, row.high)
    assert (ratio.source, ratio.grade, ratio.evidence) == (row.citation, "matched", ROW)


def test_what_the_file_says_stands(tmp_path: Path) -> None:
    said = f'{{ evidence = "{ROW}", value = 0.8, grade = "expert", low = 0.5 }}'
    ratio = load(with_hazard(tmp_path, said)).services["placebo"].hazard_ratio
    assert (ratio.value, ratio.grade, ratio.low) == (0.8, "expert", 0.5)
    assert ratio.high == evidence_table()[ROW].high


def test_a_source_of_its_own_is_left_alone(tmp_path: Path) -> None:
    said = f'{{ evidence = "{ROW}", value = 0.8, source = "our reading of it" }}'
    ratio = load(with_hazard(tmp_path, said)).services["placebo"].hazard_ratio
    assert (ratio.source, ratio.grade, ratio.low) == ("our reading of it", "assumed", None)


def test_a_price_takes_its_price_year(tmp_path: Path) -> None:
    said = '1.0\ncost_per_start_gbp = { evidence = "caution_gbp" }'
    price = load(with_hazard(tmp_path, said)).services["placebo"].cost_per_start_gbp
    assert (price.value, price.price_year) == (384.7, "2021/22")


def test_distributions_take_the_number_that_a_row_speaks_of(tmp_path: Path) -> None:
    lines = (
        "[courts]",
        'magistrates_delay_days = { kind = "lognormal", sigma = 0.6, evidence = '
        '"magistrates_delay_days" }',
        'crown_delay_days = { kind = "exponential", evidence = "crown_delay_days" }',
        'out_of_court_delay_days = { evidence = "circle_days" }',
    )
    courts = load(write(tmp_path, *lines)).courts
    assert courts.magistrates_delay_days.median == 189
    assert courts.crown_delay_days.expected() == 378
    assert courts.out_of_court_delay_days.expected() == 365
    assert courts.crown_delay_days.grade == "official"


def test_a_kind_without_one_number_takes_only_the_source(tmp_path: Path) -> None:
    said = '{ kind = "uniform", low = 30, high = 90, evidence = "cas3_longest_days" }'
    delay = load(write(tmp_path, "[courts]", f"crown_delay_days = {said}")).courts.crown_delay_days
    assert (delay.low, delay.high) == (30, 90)
    assert delay.source == evidence_table()["cas3_longest_days"].citation


def test_a_resolved_scenario_with_evidence_round_trips(tmp_path: Path) -> None:
    said = f'{{ evidence = "{ROW}" }}\npatience_days = {{ evidence = "circle_days" }}'
    scenario = load(with_hazard(tmp_path, said))
    copy = tmp_path / "copy.toml"
    copy.write_text(scenario.to_toml(), encoding="utf-8")
    assert load(copy) == scenario
    assert f'evidence = "{ROW}"' in scenario.to_toml()


def test_an_unknown_id_is_told_with_the_nearest_one_and_its_line(tmp_path: Path) -> None:
    file = with_hazard(tmp_path, '{ evidence = "gps_license_tag_ratio" }')
    line = (
        file.read_text(encoding="utf-8")
        .splitlines()
        .index('hazard_ratio = { evidence = "gps_license_tag_ratio" }')
    )
    with pytest.raises(InputError) as caught:
        load(file)
    assert str(caught.value) == (
        f"{file}:{line + 1}: services.placebo.hazard_ratio.evidence: is no id of the evidence "
        "table; did you mean 'gps_licence_tag_ratio'?; found 'gps_license_tag_ratio'"
    )


@pytest.mark.parametrize("value", ["0.1", "2.0"])
def test_a_value_outside_the_row_it_points_at_is_refused(tmp_path: Path, value: str) -> None:
    file = with_hazard(tmp_path, f'{{ evidence = "{ROW}", value = {value} }}')
    with pytest.raises(InputError, match=r"hazard_ratio\.value: is out of range.*its own low"):
        load(file)


def test_evidence_in_a_sourced_table_does_not_take_the_table_for_its_source(tmp_path: Path) -> None:
    ratio = (
        load(with_hazard(tmp_path, f'{{ evidence = "{ROW}" }}')).services["placebo"].hazard_ratio
    )
    assert ratio.source != "a plan"
    assert ratio.grade == "matched"


def test_an_option_that_points_at_a_row_takes_everything_from_it(tmp_path: Path) -> None:
    before = load(with_hazard(tmp_path, '{ value = 0.9, source = "a guess", note = "low" }'))
    keys = ("services.placebo.hazard_ratio", "services.placebo.duration_days")
    after = before.change("O", {keys[0]: {"evidence": ROW}, keys[1]: {"evidence": "circle_days"}})
    ratio, days = (getattr(after.services["placebo"], key.rpartition(".")[2]) for key in keys)
    assert (ratio.value, ratio.grade, ratio.note) == (evidence_table()[ROW].value, "matched", "")
    assert (days.value, days.grade) == (365, "official")


def test_an_option_with_numbers_of_its_own_leaves_the_row_behind(tmp_path: Path) -> None:
    said = '1.0\npatience_days = { kind = "exponential", evidence = "circle_days" }'
    before = load(with_hazard(tmp_path, said))
    after = before.change("O", {"services.placebo.patience_days.mean": 12})
    assert after.services["placebo"].patience_days.evidence is None
    assert after.services["placebo"].patience_days.grade == "choice"
