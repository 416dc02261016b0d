"""The posterior sample: read as written, drawn from in a fixed order, set into scenarios."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pathsim.errors import InputError
from pathsim.scenario.load import load
from pathsim.study.calibration import Posterior, draws, read_posterior
from pathsim.study.calibration.pages import page_marks, replace_between, scenario_values
from pathsim.study.calibration.posterior import rows
from small_scenario import write_scenarios

KEYS = ["hazard.adult_level", "hazard.multipliers.sex=female"]
EXACT = 1e-12
NEAREST = ["2.90407875748679437e-07", "9.265066237858659903", "284.1593666939481295"]
"""pandas 2.2 reads each of them one in the last place beside the nearest number."""


@pytest.fixture
def posterior() -> Posterior:
    table = pd.DataFrame({KEYS[0]: [0.001, 0.002, 0.004], KEYS[1]: [1.1, 1.2, 1.3]})
    return Posterior(table, ("Calibrated: a test", "by hand"))


@pytest.fixture
def scenario(tmp_path):
    return load(write_scenarios(tmp_path) / "baseline.toml")


def test_a_sample_reads_as_it_was_written(posterior, tmp_path):
    file = tmp_path / "posterior.csv"
    file.write_text(posterior.to_csv(), encoding="utf-8")
    assert file.read_text().startswith("# Calibrated: a test\n# by hand\nhazard.adult_level,")
    again = read_posterior(file)
    assert again.origin == posterior.origin
    pd.testing.assert_frame_equal(again.table, posterior.table)


def test_the_numbers_read_are_the_nearest_and_their_rows_come_in_one_order_everywhere(tmp_path):
    file = tmp_path / "posterior.csv"
    file.write_text("a\n" + "".join(f"{each}\n" for each in NEAREST), encoding="utf-8")
    posterior = read_posterior(file)
    assert posterior.table["a"].tolist() == [float(each) for each in NEAREST]
    found = [row["a"] for row in rows(posterior, 7, seed=3)]
    places = [posterior.table["a"].tolist().index(each) for each in found]
    assert places == [1, 2, 0, 2, 0, 1, 0]


def test_draws_set_the_parameters_and_say_where_from(posterior, scenario):
    drawn = list(draws(scenario, posterior, 3, seed=1))
    found = [
        (each.hazard.adult_level.value, each.hazard.multipliers["sex=female"].value)
        for each in drawn
    ]
    assert sorted(found) == [(0.001, 1.1), (0.002, 1.2), (0.004, 1.3)]
    assert {each.title for each in drawn} == {scenario.title}
    level = drawn[0].hazard.adult_level
    assert (level.grade, level.source) == ("calibrated", "Calibrated: a test")


def test_two_scenarios_draw_the_same_rows_and_all_before_any_twice(posterior, scenario):
    option = scenario.change("More", {"services.mentor.capacity": 9})

    def levels(what, seed):
        return [each.hazard.adult_level.value for each in draws(what, posterior, 7, seed=seed)]

    assert levels(scenario, 5) == levels(option, 5)
    assert set(levels(scenario, 5)[:3]) == set(levels(scenario, 5)[3:6]) == {0.001, 0.002, 0.004}
    assert len({tuple(levels(scenario, seed)) for seed in range(10)}) > 1


def test_a_key_that_the_scenario_lacks_is_refused(scenario):
    posterior = Posterior(pd.DataFrame({"hazard.adult_levle": [1.0]}))
    with pytest.raises(InputError, match="adult_levle"):
        next(draws(scenario, posterior, 1))


def test_the_centre_is_the_geometric_mean_with_its_interval(posterior):
    summary = posterior.summary()
    assert summary["centre"].iloc[0] == pytest.approx(0.002, rel=EXACT)
    assert summary["low"].iloc[1] == pytest.approx(np.quantile([1.1, 1.2, 1.3], 0.025), rel=EXACT)


def test_the_centre_written_into_a_scenario_loads_with_its_grade(posterior, tmp_path):
    text = write_scenarios(tmp_path).joinpath("baseline.toml").read_text(encoding="utf-8")
    marks = ("# calibrated values: begin", "# calibrated values: end")
    text = text.replace("adult_level = 0.003\n", "").replace(
        "[sentencing]", "\n".join([*marks, "", "[sentencing]"])
    )
    file = tmp_path / "fitted.toml"
    file.write_text(text, encoding="utf-8")
    for _ in range(2):  # writing again changes nothing
        replace_between(file, marks, scenario_values(posterior, source="the fit"))
        hazard = load(file).hazard
        assert hazard.adult_level.value == 0.002
        assert hazard.multipliers["sex=female"].grade == "calibrated"
        assert hazard.multipliers["sex=female"].high == pytest.approx(1.3, rel=0.01)
        assert file.read_text(encoding="utf-8").count(KEYS[0]) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# only words\n", "is not a posterior sample"),
        ("a,b\n", "has no draws"),
        ("a,b\n1,2\n1,-3\n", "b: draw 2 is no positive number; found '-3'"),
        ("a,b\n1,x\n", "b: draw 1 is no positive number; found 'x'"),
        *(
            (
                f"hazard.{key}\n1\n{most + 1}\n",
                f"draw 2 is out of range; found '{most + 1}'; allowed",
            )
            for key, most in (
                ("adult_level", 1000),
                ("youth_level", 1000),
                ("frailty_sigma", 5),
                ("multipliers.sex=female", 1000),
            )
        ),
    ],
)
def test_a_file_that_is_no_sample_is_refused(tmp_path, text, words):
    file = tmp_path / "posterior.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        read_posterior(file)
    with pytest.raises(InputError, match="no such file"):
        read_posterior(tmp_path / "other.csv")


def test_a_page_without_marks_is_left_alone(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("words\n", encoding="utf-8")
    with pytest.raises(InputError, match="needs a line '<!-- x: begin -->'") as refused:
        replace_between(page, page_marks("x"), "| table |\n")
    assert refused.value.problems[0].file == page
    assert page.read_text() == "words\n"
