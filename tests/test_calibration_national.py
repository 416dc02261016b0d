"""The national scenario shares the Dorset baseline's system, and nothing in it is out of step.

`python tests/test_calibration_national.py` copies the shared tables from Dorset's baseline anew.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from pathsim.people.cohort import Cohort
from pathsim.scenario.load import load
from pathsim.study.calibration import draws, read_aims, read_posterior
from pathsim.study.calibration.measure import observe
from pathsim.study.calibration.pages import replace_between

FOLDER = Path(__file__).parents[1] / "scenarios"
DORSET, NATIONAL = (FOLDER / name / "baseline.toml" for name in ("dorset", "england-and-wales"))
POINT = 0.01
MONTE_CARLO = 2.0
"""Standard errors: of the mean over replications, or over draws of the posterior."""
MARKS = ("# shared with Dorset: begin", "# shared with Dorset: end")
SHARED = ("offending", "courts", "sentencing", "custody", "accommodation", "costs")
"""Sections of the system that are the same wherever people live."""
SHARED_TABLES = (
    "cohort.need",
    "cohort.domestic_abuse_share",
    "follow_up.days",
    "follow_up.waiting_days",
    "follow_up.intake_days",
    "hazard.shape",
)
CALIBRATED = (
    "hazard.adult_level",
    "hazard.youth_level",
    "hazard.frailty_sigma",
    "hazard.multipliers",
)


def is_shared(table: str) -> bool:
    if table.startswith(CALIBRATED) or table == "hazard":
        return False
    section = table.partition(".")[0]
    return section in SHARED or table.startswith(("hazard.", *SHARED_TABLES))


def shared_text() -> str:
    """Return the text of the tables of Dorset's baseline that hold for the country too."""
    blocks = re.split(r"^(?=\[)", DORSET.read_text(encoding="utf-8"), flags=re.MULTILINE)
    kept = []
    for block in blocks[1:]:
        name = re.match(r"\[+([^\]]*)\]", block)
        assert name is not None
        if is_shared(name[1]):
            # Comments at the end of a block head the next one.
            kept.append(re.sub(r"(\n\s*#[^\n]*|\n\s*)*\Z", "", block) + "\n\n")
    return "\n" + "".join(kept)


def test_the_shared_tables_are_those_of_dorset():
    text = NATIONAL.read_text(encoding="utf-8")
    found = text.partition(MARKS[0] + "\n")[2].partition(MARKS[1])[0]
    assert found == shared_text(), "run: python tests/test_calibration_national.py"


@pytest.mark.parametrize("section", SHARED)
def test_the_two_systems_are_equal(section):
    assert getattr(load(NATIONAL), section) == getattr(load(DORSET), section)


def test_the_national_scenario_has_no_local_services():
    assert not load(NATIONAL).services


def test_the_national_cohort_is_one_in_28():
    cohort = load(NATIONAL).cohort
    assert cohort.adults.value + cohort.youths.value == pytest.approx(
        (334_307 + 15_700) / 28, rel=0.01
    )


def test_the_values_in_the_scenario_are_the_centre_of_the_posterior():
    posterior = read_posterior(NATIONAL.with_name("posterior.csv"))
    assert len(posterior) == 200
    hazard = load(NATIONAL).hazard
    for key, parts in posterior.centre(source="x").items():
        name = key.removeprefix("hazard.")
        inside = name.removeprefix("multipliers.")
        found = getattr(hazard, name) if inside == name else hazard.multipliers[inside]
        assert (found.value, found.low, found.high) == (parts["value"], parts["low"], parts["high"])
        assert found.grade == "calibrated"


def test_the_calibrated_country_meets_every_fitted_rate_within_a_point():
    scenario = load(NATIONAL)
    targets = [
        target for target in read_aims("england-and-wales").fitted if target.measure == "rate"
    ]
    posterior = read_posterior(NATIONAL.with_name("posterior.csv"))
    cohort = Cohort.from_scenario(scenario)
    centre = observe(scenario, cohort, targets, seed=77, replications=range(20))
    spread = [
        observe(each, cohort, targets, seed=77, replications=range(2)).mean(axis=0)
        for each in draws(scenario, posterior, 20, seed=3)
    ]
    for figures in (centre, np.array(spread)):
        noise = figures.std(axis=0, ddof=1) / np.sqrt(len(figures))
        for target, mean, se in zip(targets, figures.mean(axis=0), noise, strict=True):
            assert abs(mean - target.published) < POINT + MONTE_CARLO * se, target.id


if __name__ == "__main__":
    replace_between(NATIONAL, MARKS, shared_text())
