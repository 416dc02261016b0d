"""A cohort against its own outcomes: what is told, what is not, in Python and in the shell."""

from __future__ import annotations

import inspect
import json

import jsonschema
import numpy as np
import pandas as pd
import pytest

import pathsim as ps
from made_people import CANARY, cohort_of, made_outcomes, made_table
from pathsim.cli.app import run_command_line
from pathsim.cli.cohort_validate import validate as shell_validate
from pathsim.decision.shapes.schemas import output_schema
from pathsim.decision.validated import ATTRIBUTES, MODEL, SCORE, validate
from pathsim.outcomes.validation.judged import FIGURES
from pathsim.outcomes.validation.small import FEWEST
from pathsim.present.plot_validated import validation_figure, validation_svg
from pathsim.study.foretold import by_model
from pathsim.study.plan import Plan
from small_town import TOWN

pytestmark = pytest.mark.filterwarnings("ignore:places of services:pathsim.errors.InputWarning")
PEOPLE = 600
HOW = {"within_days": 365, "replications": 20, "seed": 3, "workers": 2}
MONTE_CARLO = 0.02
"""Of a mean of some thousand draws."""
GROUPED = {"age_band", "sex"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("validated")
    (place / "town.toml").write_text(TOWN, encoding="utf-8")
    made_table(PEOPLE).to_csv(place / "people.csv", index=False)
    made_outcomes(made_table(PEOPLE)).to_csv(place / "happened.csv", index=False)
    return place


@pytest.fixture(scope="module")
def town(folder):
    return ps.load(folder / "town.toml")


@pytest.fixture(scope="module")
def found(town):
    table = made_table(PEOPLE)
    return cohort_of(table).validate(observed=made_outcomes(table), scenario=town, **HOW)


def test_scores_that_outcomes_were_drawn_from_are_right(found):
    """The outcomes were drawn from an even hazard of the two-year risk; so was the score's."""
    slope = found.figure(SCORE, "calibration_slope")
    level = found.figure(SCORE, "calibration_in_the_large")
    assert slope[1] < 1.0 < slope[2]
    assert level[0] == pytest.approx(0.0, abs=0.5)
    area = found.figure(SCORE, "auc")
    assert area[1] > 0.6
    # One rate for everybody tells nobody apart.
    assert found.figure(MODEL, "auc")[1] < 0.5 < found.figure(MODEL, "auc")[2]
    expected = 1 - np.exp(-0.003 * 365)
    assert found.figure(MODEL, "predicted")[0] == pytest.approx(expected, abs=3 * MONTE_CARLO)


# Made-up people draw many warnings; those that matter are tried by name.
@pytest.mark.filterwarnings("ignore::pathsim.errors.InputWarning")
def test_outcomes_of_the_model_itself_are_foretold_by_it():
    table = made_table(PEOPLE)
    country = ps.load("england-and-wales/baseline")
    people = cohort_of(table)
    at = np.array([365.0])
    plan = Plan(replications=1, seed=99, workers=1, engine="kernel")
    once = by_model(people, country, at=at, plan=plan)
    happened = pd.DataFrame({"id": table["id"], "reoffended": once.within > 0.5})
    found = people.validate(observed=happened, scenario=country, within_days=365, replications=200)
    ratio, slope = (
        found.figure(MODEL, name) for name in ("observed_over_predicted", "calibration_slope")
    )
    assert ratio[1] < 1.0 < ratio[2]
    assert slope[1] < 1.0 < slope[2]
    assert found.figure(MODEL, "auc")[1] > 0.6
    assert found.survival.empty
    assert any("Without `days`" in note for note in found.notes)


def test_the_order_of_the_rows_changes_nothing(found, town):
    table = made_table(PEOPLE)
    shuffled = table.sample(frac=1.0, random_state=1)
    happened = made_outcomes(table).sample(frac=1.0, random_state=2)
    again = cohort_of(shuffled).validate(observed=happened, scenario=town, **HOW | {"workers": 1})
    first, second = found.to_dict(), again.to_dict()
    assert first.pop("run")["inputs"] != second.pop("run")["inputs"]
    assert first == second


def test_who_is_not_followed_for_long_enough_is_counted_out_and_said(town):
    table = made_table(PEOPLE)
    happened = made_outcomes(table)
    early = np.arange(PEOPLE) % 4 == 0
    happened.loc[early, "followed_days"] = 100.0
    happened["days"] = happened["days"].where(happened["days"] <= happened["followed_days"])
    found = cohort_of(table).validate(observed=happened.iloc[:-5], scenario=town, **HOW)
    assert found.figure(MODEL, "people")[0] == (~early[:-5]).sum()
    assert f"for less than 365 days: {early[:-5].sum()} people." in " ".join(found.notes)
    assert "outcome is not known: fewer than 10 people." in " ".join(found.notes)
    # The curve has them, for as long as they were seen.
    whole = cohort_of(table).validate(observed=made_outcomes(table), scenario=town, **HOW)
    ends = [held.survival.dropna(subset="observed").iloc[-1]["observed"] for held in (found, whole)]
    assert ends[0] == pytest.approx(ends[1], abs=0.05)
    assert ends[0] != ends[1]


def test_small_numbers_are_not_told_and_cannot_be_worked_out(town):
    table = made_table(260, seed=4)
    found = cohort_of(table).validate(observed=made_outcomes(table), scenario=town, **HOW)
    wide = found.figures.pivot_table(
        index=["prediction", "group"], columns="figure", values="value", dropna=False
    ).loc[MODEL]
    told = wide.dropna(subset="people")
    for each in (told["reoffended"], told["people"] - told["reoffended"]):
        assert (each >= FEWEST).all()
    assert told.index.size < wide.index.size, "somebody is hidden in this table"
    for attribute in ATTRIBUTES:
        rest = wide.loc["all"] - told[told.index.str.startswith(attribute)].sum()
        for count in (rest["reoffended"], rest["people"] - rest["reoffended"]):
            assert count == 0 or count >= FEWEST
    tenths = found.tenths
    assert (tenths["reoffended"] >= FEWEST).all()
    assert (tenths["people"] - tenths["reoffended"] >= FEWEST).all()
    curve = found.survival.query("prediction == 'model' and group == 'all'").dropna()
    assert (-np.diff(curve["observed"], prepend=1.0) * 260 > FEWEST - 0.5).all()


def test_a_level_that_would_tell_of_a_small_one_is_hidden_with_it(town):
    """Of two sexes the one is all people less the other."""
    table = made_table(PEOPLE)
    table["sex"] = np.where(np.arange(PEOPLE) < 12, "female", "male")
    found = cohort_of(table).validate(observed=made_outcomes(table), scenario=town, **HOW)
    assert np.isfinite(found.figure(MODEL, "people")[0])
    for sex in ("female", "male"):
        held = found.figures[found.figures["group"] == f"sex={sex}"]
        assert len(held) == 2 * len(FIGURES)
        assert held[["value", "low", "high"]].isna().all(axis=None)
        assert f"sex={sex}" not in {*found.tenths["group"], *found.survival["group"]}


# Made-up people draw many warnings; those that matter are tried by name.
@pytest.mark.filterwarnings("ignore::pathsim.errors.InputWarning")
def test_who_has_no_index_date_in_the_model_counts_in_neither_prediction():
    """Of a scenario's own cohort some are only earlier sentences of people followed already."""
    some = {"cohort.adults": 600, "cohort.youths": 60, "places_for": 660}
    dorset = ps.load("dorset/baseline").change("Some", some)
    own = ps.Cohort.from_scenario(dorset)
    happened = pd.DataFrame({"id": own.frame["id"], "reoffended": np.arange(len(own)) % 3 == 0})
    found = own.validate(observed=happened, scenario=dorset, replications=3)
    enter = own.enters()
    assert 100 < enter.sum() < len(own)
    for name in (MODEL, SCORE):
        assert found.figure(name, "people")[0] == enter.sum()
        assert np.isfinite(found.figure(name, "auc")).all()
    assert f"no index date in the model: {(~enter).sum()} people." in " ".join(found.notes)


def test_with_hardly_anybody_nothing_is_told(town):
    table = made_table(15)
    happened = made_outcomes(table).assign(days=np.nan)
    found = cohort_of(table).validate(observed=happened, scenario=town, **HOW)
    assert found.figures["value"].isna().all()
    assert found.tenths.empty
    assert found.survival.empty
    assert "Too few people" in found.sentence()
    jsonschema.validate(found.to_dict(), output_schema("cohort-validate"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"within_days": 3}, "within_days: is out of range"),
        ({"within_days": "a year"}, "within_days: is out of range"),
        ({"scenario": 7}, "scenario: has the wrong type"),
        ({"replications": 0}, "replications: is out of range"),
        ({"observed": 7}, "observed: is no table"),
    ],
)
def test_bad_arguments_are_refused(town, changes, message):
    table = made_table(20)
    given = HOW | {"observed": made_outcomes(table), "scenario": town} | changes
    with pytest.raises(ps.InputError, match=message):
        cohort_of(table).validate(**given)


def test_a_validation_is_plain_data_a_page_and_a_sentence(found):
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    jsonschema.validate(plain, output_schema("cohort-validate"))
    assert set(found.figures["figure"]) == set(FIGURES)
    assert found.sentence() in found._repr_html_()
    assert found.sentence() in repr(found)
    assert {group.split("=")[0] for group in found.figures["group"]} == GROUPED | {"all"}
    with pytest.raises(ps.InputError, match=r"cohort\.validate"):
        type(found)()


def test_the_picture_holds_what_the_tables_hold(found):
    left, right = validation_figure(found).axes
    tenths = found.tenths[(found.tenths["group"] == "all")]
    for line, name in zip(left.lines[1::3], (MODEL, SCORE), strict=True):
        rows = tenths[tenths["prediction"] == name]
        assert line.get_xdata() == pytest.approx(rows["predicted"].to_numpy())
        assert line.get_ydata() == pytest.approx(rows["observed"].to_numpy())
    curve = found.survival.query("prediction == 'model' and group == 'all'")
    assert right.lines[0].get_ydata()[1:] == pytest.approx(curve["predicted"].to_numpy())
    assert validation_svg(found) == validation_svg(found)
    assert left.get_xlabel() == "foretold"


def shell(folder, *more: str) -> int:
    files = [str(folder / name) for name in ("town.toml", "people.csv", "happened.csv")]
    how = ["--within-days", "365", "--replications", "20", "--seed", "3"]
    return run_command_line(["cohort", "validate", *files[:2], "--observed", files[2], *how, *more])


def test_the_shell_says_what_python_says_and_shows_nobody(folder, found, capsys, tmp_path):
    out = tmp_path / "out"
    assert shell(folder, "--json", "--out", str(out)) == 0
    told = capsys.readouterr()
    data = json.loads(told.out)
    plain = found.to_dict()
    for part in ("figures", "tenths", "survival", "sentence", "notes"):
        assert data[part] == plain[part]
    assert json.loads((out / "validation.json").read_text()) == data
    names = {"figures.csv", "tenths.csv", "survival.csv", "validation.json", "manifest.json"}
    assert {file.name for file in out.iterdir()} == names | {"validation.png", "validation.svg"}
    assert len(pd.read_csv(out / "tenths.csv")) == len(found.tenths)
    assert shell(folder) == 0
    page = capsys.readouterr()
    assert "By sex and age band" in page.out
    assert found.sentence()[:40] in page.out
    for file in out.iterdir():
        assert CANARY.encode() not in file.read_bytes()
    assert CANARY not in told.out + told.err + page.out + page.err


def test_a_bad_table_of_people_is_refused_without_its_cells(folder, capsys, tmp_path):
    file = tmp_path / "bad.csv"
    made_table(20).assign(age="cell-8642").to_csv(file, index=False)
    happened = ["--observed", str(folder / "happened.csv")]
    for command in (
        ["validate", str(folder / "town.toml"), str(file), *happened],
        ["synthesise", str(file), "--out", str(tmp_path / "copy.csv")],
    ):
        assert run_command_line(["cohort", *command]) == 2
        said = capsys.readouterr().err
        assert "age: must be a whole number in 20 rows" in said
        assert "8642" not in said
    made_table(20).assign(age=["cell-8642", *[30] * 19]).to_csv(file, index=False)
    assert (
        run_command_line(["cohort", "validate", str(folder / "town.toml"), str(file), *happened])
        == 2
    )
    assert "8642" not in capsys.readouterr().err
    assert not (tmp_path / "copy.csv").exists()


def test_the_shell_simulates_as_often_as_python_does():
    default = inspect.signature(validate).parameters["replications"].default
    assert inspect.signature(shell_validate).parameters["replications"].default == default


def test_bad_input_leaves_no_file_and_no_traceback(folder, capsys, tmp_path):
    out = tmp_path / "out"
    (folder / "wrong.csv").write_text(f"id,days\n{CANARY}-1,soon\n", encoding="utf-8")
    arguments = ["cohort", "validate", str(folder / "town.toml"), str(folder / "people.csv")]
    assert (
        run_command_line([*arguments, "--observed", str(folder / "wrong.csv"), "--out", str(out)])
        == 2
    )
    said = capsys.readouterr().err
    assert "wrong.csv:2: days: is no number of days, in 1 row: 2" in said
    assert "Traceback" not in said
    assert CANARY not in said
    assert not out.exists()
