"""Effects are solved in the scenario's own population, checked, and written back in place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import pathsim as ps
from pathsim.errors import InputError
from pathsim.people.cohort import Cohort
from pathsim.scenario.effect import Study
from pathsim.study.effects.population import Population
from pathsim.study.effects.solve import differing, reproduce, solve
from pathsim.study.effects.write import refuse_no_place, renew, renew_with_options
from small_scenario import BASELINE

TRIAL = """{ name = "a trial", source = "a test", design = "rct", measure = "rates", \
treated = 0.3, untreated = 0.4, n = 400, population = ["sex=male"] }"""
SECOND = TRIAL.replace("a trial", "another").replace("0.3,", "0.4,")
INLINE = (
    f'hazard_ratio = {{ value = 0.7, low = 0.5, high = 1, rule = "study", studies = [{TRIAL}] }}'
)
OPTION = f"""\
extends = "baseline.toml"
title = "Pooled"

[services.mentor.hazard_ratio]
value = 0.9 # solved
low = 0.9
high = 0.9
source = "a test"
grade = "rct"
rule = "pooled"
studies = [
  {TRIAL},
  {SECOND},
]
"""


def write(folder: Path, effect: str = INLINE, *, sigma: float = 0.0) -> Path:
    file = folder / "baseline.toml"
    text = BASELINE.replace("hazard_ratio = 0.2", effect)
    file.write_text(text.replace("[hazard]", f"[hazard]\nfrailty_sigma = {sigma}"), "utf-8")
    return file


@pytest.fixture
def shaped(tmp_path: Path) -> ps.Scenario:
    scenario = ps.load(write(tmp_path))
    shape = {"from_days": [0, 73], "ratios": [2.0, 0.5], "source": "a test", "grade": "assumed"}
    changes = {"hazard.multipliers": {"sex=female": 3.0}, "hazard.shape": shape}
    return scenario.change("shaped", changes)


def test_people_are_those_of_the_groups_with_their_base_hazards(shaped: ps.Scenario) -> None:
    population = Population(shaped, Cohort.from_scenario(shaped))
    assert population.people(()) == pytest.approx([0.003] * 60 + [0.009] * 40)
    assert population.people(("sex=female",)) == pytest.approx([0.009] * 40)
    both = population.people(("sex=female", "sex=male", "disposal=community_order"))
    assert len(both) == 100
    assert len(population.people(("sex=female", "disposal=community_order"))) == 40
    risks = population.risks(())
    assert risks.base == pytest.approx([0.003, 0.009])
    assert risks.weight == pytest.approx([0.6, 0.4])
    # The shape's first days weigh more, and the own share is that of the level.
    assert population.met(146) == pytest.approx(73 * 2.5)
    assert risks.share(population.met(146)) == pytest.approx(
        1 - 0.6 * np.exp(-0.003 * 182.5) - 0.4 * np.exp(-0.009 * 182.5)
    )


def test_a_treatment_acts_on_the_hazard_of_its_days(shaped: ps.Scenario) -> None:
    """Of 146 days, the first half has four fifths of the hazard."""
    study = Study(
        name="a trial",
        source="a test",
        design="rct",
        measure="frequency_ratio",
        ratio=0.6,
        follow_up_days=146,
        acting_days=73,
    )
    population = Population(shaped, Cohort.from_scenario(shaped))
    assert reproduce(study, population).ratio == pytest.approx((0.6 - 0.2) / 0.8)


def test_nobody_is_an_error_with_the_effects_key(tmp_path: Path) -> None:
    scenario = ps.load(write(tmp_path, INLINE.replace("sex=male", "disposal=fine")))
    with pytest.raises(InputError, match=r"mentor\.hazard_ratio\.studies.*nobody.*disposal=fine"):
        solve(scenario)


def test_a_result_out_of_reach_is_an_error_with_the_effects_key(tmp_path: Path) -> None:
    said = INLINE.replace("n = 400", "acting_days = 36")
    with pytest.raises(InputError, match=r"mentor\.hazard_ratio\.studies: cannot be reproduced"):
        solve(ps.load(write(tmp_path, said)))


def test_what_differs_from_the_rule_is_told(tmp_path: Path) -> None:
    file = write(tmp_path)
    (found,) = solve(ps.load(file))
    assert found.ruled.value == pytest.approx(np.log(0.7) / np.log(0.6))
    told = [each.key for each in differing([found])]
    assert told == [f"services.mentor.hazard_ratio.{name}" for name in ("low", "high")]
    near = found.effect.model_copy(update=found.ruled._asdict())
    assert differing([found._replace(effect=near)]) == []
    for name, factor, problems in (("value", 1.019, 0), ("high", 1.021, 1), ("low", 1 / 1.021, 1)):
        off = near.model_copy(update={name: getattr(near, name) * factor})
        assert len(differing([found._replace(effect=off)])) == problems, name


def test_renewing_changes_the_numbers_alone(tmp_path: Path) -> None:
    file = write(tmp_path, sigma=1.2)
    option = tmp_path / "pooled.toml"
    option.write_text(OPTION, "utf-8")
    (tmp_path / "targets.toml").write_text("extends = 3", "utf-8")
    (tmp_path / "other.toml").write_text(BASELINE, "utf-8")
    (tmp_path / "broken.toml").write_text("extends = [", "utf-8")
    before = file.read_text("utf-8"), option.read_text("utf-8")
    done = renew_with_options(file)
    assert [path.name for path in done] == ["baseline.toml", "pooled.toml"]
    for path, text in zip((file, option), before, strict=True):
        after = path.read_text("utf-8")
        assert differing(solve(ps.load(path))) == []
        changed = [
            (old, new)
            for old, new in zip(text.splitlines(), after.splitlines(), strict=True)
            if old != new
        ]
        assert len(changed) == (1 if path == file else 3)
        assert "# solved" in after or path == file
        assert after.count("treated = 0.3") == text.count("treated = 0.3")
    assert renew_with_options(file) == {}


def test_an_option_is_renewed_for_what_it_says_itself(tmp_path: Path) -> None:
    write(tmp_path)
    option = tmp_path / "dearer.toml"
    option.write_text(
        'extends = "baseline.toml"\ntitle = "Dearer"\nservices.mentor.cost_per_start_gbp = 600\n',
        "utf-8",
    )
    assert renew(option) == []


@pytest.mark.parametrize(
    "said",
    [
        INLINE.replace("low = 0.5, high = 1, ", ""),
        INLINE.replace("value = 0.7, low = 0.5, high = 1, ", "")
        .replace(" }] }", " }], value = 0.7, low = 0.5, high = 1 }")
        .replace("n = 400", "low = -11, high = 1"),
    ],
)
def test_numbers_that_cannot_be_put_in_their_place_are_refused(tmp_path: Path, said: str) -> None:
    file = write(tmp_path, said)
    before = file.read_text("utf-8")
    for attempt in (renew, refuse_no_place):
        with pytest.raises(InputError, match=r"hazard_ratio.*cannot be renewed in place"):
            attempt(file)
    assert file.read_text("utf-8") == before
