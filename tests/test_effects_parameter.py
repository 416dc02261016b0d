"""An effect may say what its studies report; what does not fit together is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

import pathsim as ps
from pathsim.errors import InputError
from pathsim.scenario.effect import Study, shipped_studies
from small_scenario import BASELINE

TRIAL = """{ name = "a trial", source = "a test", design = "rct", measure = "rates", \
treated = 0.3, untreated = 0.4, n = 400, population = ["sex=male"] }"""

RATIO = '{ name = "a table", source = "a test", design = "rct", measure = "risk_ratio", ratio = 0.8'


def write(folder: Path, effect: str) -> Path:
    file = folder / "baseline.toml"
    file.write_text(BASELINE.replace("hazard_ratio = 0.2", f"hazard_ratio = {effect}"), "utf-8")
    return file


def effect(studies: str = TRIAL, rule: str = "study", more: str = "") -> str:
    return f'{{ value = 0.7, low = 0.5, high = 1, rule = "{rule}", studies = [{studies}]{more} }}'


def test_studies_stand_with_the_value_and_stay_through_a_write_and_a_read(tmp_path: Path) -> None:
    scenario = ps.load(write(tmp_path, effect()))
    ratio = scenario.services["mentor"].hazard_ratio
    assert (ratio.value, ratio.rule, ratio.studies[0].treated) == (0.7, "study", 0.3)
    assert ratio.studies[0].result == pytest.approx(-10.0)
    file = tmp_path / "again.toml"
    file.write_text(scenario.to_toml(), "utf-8")
    assert ps.load(file) == scenario


def test_an_effect_without_studies_says_nothing_of_them(tmp_path: Path) -> None:
    said = ps.load(write(tmp_path, "0.2")).to_toml()
    assert "studies" not in said
    assert "rule" not in said


def test_a_study_of_the_shipped_table_is_filled_in(tmp_path: Path) -> None:
    said = effect('{ study = "gps_licence_tags", n = 100 }')
    study = ps.load(write(tmp_path, said)).services["mentor"].hazard_ratio.studies[0]
    assert study == Study(study="gps_licence_tags", n=100)
    assert (study.treated, study.n) == (0.262, 100)


@pytest.mark.parametrize("name", shipped_studies())
def test_every_shipped_study_is_complete(name: str) -> None:
    study = Study(study=name)
    assert study.population
    assert study.untreated is not None or study.measure == "frequency_ratio"


def test_an_option_with_a_number_of_its_own_has_no_studies(tmp_path: Path) -> None:
    scenario = ps.load(write(tmp_path, effect()))
    changed = scenario.change("other", {"services.mentor.hazard_ratio": 0.9})
    ratio = changed.services["mentor"].hazard_ratio
    assert (ratio.value, ratio.rule, ratio.studies) == (0.9, None, None)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (effect(rule="studdy"), r"hazard_ratio\.rule.*did you mean 'study'"),
        (effect(rule="pooled"), r"rule.*needs two studies or more"),
        (effect(f"{TRIAL}, {TRIAL}", "pooled"), r"studies.*names 'a trial' twice"),
        (
            effect(f"{TRIAL}, {TRIAL.replace('a trial', 'another')}"),
            r"rule.*is about one study, and there are 2",
        ),
        (
            "{ value = 0.7, rule = 'study' }",
            r"hazard_ratio\.studies.*is missing, as there is a rule",
        ),
        (f"{{ value = 0.7, studies = [{TRIAL}] }}", r"rule.*is missing, as there is a list"),
        (effect("{ study = 'gps_licence_tag' }"), r"study.*did you mean 'gps_licence_tags'"),
        (
            effect(TRIAL.replace("0.3", "1.3")),
            r"studies\[0\]\.treated.*found 1\.3; allowed: below 1",
        ),
        (
            effect(TRIAL.replace("treated = 0.3, ", "")),
            r"treated.*is missing: the measure is rates",
        ),
        (effect(TRIAL.replace("0.4,", "0.4, ratio = 2,")), r"ratio.*is of another measure"),
        (effect(TRIAL.replace("n = 400", "low = -9, high = 1")), r"low.*leaves out the result"),
        (effect(TRIAL.replace("n = 400", "low = -12")), r"low.*needs both ends"),
        (effect(f"{RATIO}, low = 0, high = 1 }}"), r"low.*is no ratio; found 0; allowed: above 0"),
        (effect(TRIAL.replace("n = 400", "acting_days = 500")), r"acting_days.*past the follow-up"),
        (
            effect(TRIAL.replace("sex=male", "sex=mail")),
            r"population\[0\].*did you mean 'sex=male'",
        ),
        (effect(TRIAL.replace("rates", "rate")), r"measure.*did you mean 'rates'"),
    ],
)
def test_what_does_not_fit_together_is_refused_with_its_line(
    tmp_path: Path, said: str, told: str
) -> None:
    file = write(tmp_path, said)
    with pytest.raises(InputError, match=told) as caught:
        ps.load(file)
    line = next(
        k for k, each in enumerate(file.read_text("utf-8").splitlines(), 1) if "0.7" in each
    )
    assert all(problem.line == line for problem in caught.value.problems)
