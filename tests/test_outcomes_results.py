"""What `run` and `compare` return: tidy tables, plain data, and words."""

import json

import numpy as np
import pandas as pd
import pytest

from pathsim.errors import InputError
from pathsim.outcomes.changes import Change
from pathsim.outcomes.results import check_row
from small_scenario import made_up_comparison

FORMULA = 1e-9
JSON_KEYS = [
    "outcome",
    "group",
    "baseline",
    "option",
    "difference",
    "se",
    "low",
    "high",
    "probability_better",
    "share_of_years_better",
    "chance_better",
    "sd_doubt",
    "sd_chance",
    "same_in",
    "differs_at_most",
]


@pytest.fixture
def result(tmp_path):
    return made_up_comparison(tmp_path)


def row(table, **wanted):
    for key, value in wanted.items():
        table = table[table[key] == value]
    assert len(table) == 1
    return table.iloc[0]


def test_the_table_is_tidy_with_a_row_for_each_option_outcome_and_group(result):
    table = result.table()
    assert list(table.columns) == [
        "option",
        "outcome",
        "group",
        "baseline_mean",
        "option_mean",
        "difference",
        "se",
        "low",
        "high",
        "probability_better",
        "share_of_years_better",
        "chance_better",
        "sd_doubt",
        "sd_chance",
        "same_in",
        "differs_at_most",
        "variance_ratio",
        "variance_saved",
    ]
    assert not table.duplicated(["option", "outcome", "group"]).any()
    assert set(table["group"]) == {"all", "sex=male", "sex=female"}


def test_the_figures_of_an_option_by_hand(result):
    rate = row(
        result.table(),
        option="More <mentors> & more",
        outcome="proven_reoffending_rate",
        group="sex=male",
    )
    assert rate["baseline_mean"] == pytest.approx(42.5 / 60, rel=FORMULA)
    assert rate["option_mean"] == pytest.approx(40.5 / 60, rel=FORMULA)
    assert rate["difference"] == pytest.approx(-2 / 60, rel=FORMULA)
    assert rate["share_of_years_better"] == rate["chance_better"] == 1
    assert rate[["probability_better", "sd_doubt"]].isna().all(), "there are no states"


def test_a_table_may_be_of_one_group(result):
    table = result.table(group="sex=female")
    assert set(table["group"]) == {"sex=female"}
    assert set(result.baseline.table(group="sex=female")["group"]) == {"sex=female"}


def test_an_unknown_group_is_refused_with_the_nearest(result):
    with pytest.raises(InputError, match="did you mean 'sex=female'"):
        result.table(group="sex=femal")


@pytest.mark.parametrize(
    ("outcome", "group", "said"),
    [
        (
            "cost_totl",
            "all",
            r"^outcome: is not in this result; did you mean 'cost_total'\?; found 'cost_totl'; "
            r"allowed: \w+, ",
        ),
        ("xyzzy", "all", r"^outcome: is not in this result; found 'xyzzy'; allowed: \w+, "),
        (
            "cost_total",
            "sex=mail",
            r"^group: is not in this result; did you mean 'sex=male'\?; found 'sex=mail'; "
            r"allowed: all, sex, or a level of one$",
        ),
        (
            "service.mentor.utilisation",
            "sex=male",
            r"^service\.mentor\.utilisation: is known for the group all only; found 'sex=male'$",
        ),
        (7, "all", r"^outcome: .*allowed: text, such as 'cost_courts_cps'$"),
    ],
)
def test_an_outcome_or_group_that_is_not_there_is_refused_with_what_is(
    result, outcome, group, said
):
    with pytest.raises(InputError, match=said):
        check_row(result.options[0].rows, outcome=outcome, group=group)


def test_the_summary_has_the_headlines_and_the_services_that_the_option_changes(result):
    summary = result.summary()
    more = summary[summary["option"] == "More <mentors> & more"]
    assert list(more["outcome"][:2]) == ["proven_reoffending_rate", "reoffences_per_person"]
    assert "service.mentor.mean_wait_days" in set(more["outcome"])
    same = summary[summary["option"] == "The same again"]
    assert not any(same["outcome"].str.startswith("service."))


def test_plain_data_has_the_agreed_shape_and_is_json(result):
    data = result.to_dict()
    assert list(data) == ["schema", "run", "baseline", "options"]
    assert data["baseline"]["title"] == "Small town"
    assert list(data["baseline"]["outcomes"][0]) == [
        "outcome",
        "group",
        "mean",
        "se",
        "low",
        "high",
        "same_in",
        "differs_at_most",
        "sd_doubt",
        "sd_chance",
    ]
    assert [option["title"] for option in data["options"]] == [
        "More <mentors> & more",
        "The same again",
    ]
    assert data["options"][0]["file"].endswith("more.toml")
    assert list(data["options"][0]["outcomes"][0]) == JSON_KEYS
    assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_what_is_undefined_is_null_in_plain_data(result):
    outcomes = {
        (each["outcome"], each["group"]): each
        for each in result.to_dict()["options"][0]["outcomes"]
    }
    nobody = outcomes["days_to_first_reoffence", "sex=female"]
    assert nobody["baseline"] is None
    assert nobody["difference"] is None
    for name in ("share_of_years_better", "chance_better"):
        assert outcomes["days_in_custody_per_person", "all"][name] is None
        assert outcomes["proven_reoffending_rate", "all"][name] == 1.0
    for name in ("probability_better", "sd_doubt"):
        assert outcomes["proven_reoffending_rate", "all"][name] is None


def test_an_option_that_never_differed_has_no_interval_but_how_often_it_may(result):
    same = result.table()
    same = same[(same["option"] == "The same again") & same["difference"].notna()]
    replications = result.provenance["replications"]
    assert (same["difference"] == 0).all()
    assert same[["se", "low", "high", "variance_ratio"]].isna().all(axis=None)
    assert set(same["same_in"]) == {replications}
    assert same["differs_at_most"].to_numpy() == pytest.approx(1 - 0.05 ** (1 / replications))
    assert set(same["chance_better"].dropna()) == {0.5}
    assert same["chance_better"].equals(same["share_of_years_better"])
    assert (same["sd_chance"] == 0).all()
    plain = result.to_dict()["options"][1]["outcomes"][0]
    assert (plain["low"], plain["same_in"]) == (None, replications)


def test_the_origin_is_enough_to_get_the_result_again(result):
    run = result.to_dict()["run"]
    assert set(run) >= {"version", "seed", "replications", "workers", "engine", "people"}
    assert set(run) >= {"python", "numpy", "numba", "elapsed_seconds", "platform"}
    assert run["people"] == 100
    assert run["scenario"]["file"].endswith("baseline.toml")


def test_changes_say_what_stands_behind_the_new_values(result):
    assert result.options[0].changes == (
        Change("services.mentor.capacity", 6.0, 24.0, "choice", "the option's choice"),
        Change("services.mentor.hazard_ratio", 0.2, 0.15, "assumed", "a guess"),
    )
    assert result.options[0].services == ("mentor",)
    assert result.options[1].changes == ()


def test_results_show_themselves_as_words_and_as_escaped_html(result):
    assert repr(result).startswith("<Comparison of 'More <mentors> & more', 'The same again'")
    assert repr(result.baseline) == "<Run of 'Small town': 100 people, 6 replications, seed 1>"
    html = result._repr_html_()
    assert "More &lt;mentors&gt; &amp; more" in html
    assert "<mentors>" not in html
    assert "Small town" in result.baseline._repr_html_()


def test_the_summary_of_a_run_has_the_load_on_every_service(result):
    summary = result.baseline.summary()
    spreads = ["sd_doubt", "sd_chance"]
    numbers = ["mean", "se", "low", "high", "same_in", "differs_at_most", *spreads]
    assert list(summary.columns) == ["outcome", "group", *numbers]
    assert row(summary, outcome="service.mentor.utilisation")["mean"] == pytest.approx(0.8)
    assert row(summary, outcome="service.mentor.mean_wait_days")["mean"] == pytest.approx(10)
    assert not summary["mean"].isna().any()
    assert isinstance(summary, pd.DataFrame)


def test_a_value_that_is_the_same_in_all_replications_has_no_interval(result):
    run = result.baseline
    table = run.table()
    alike = table[table["same_in"].notna()]
    values = run.values.aligned(run.rows)  # noqa: PD011 not of pandas
    assert set(alike.index) == set(np.flatnonzero(np.ptp(values, axis=0) == 0))
    assert 0 < len(alike) < len(table)
    replications = len(values)
    assert set(alike["same_in"]) == {replications}
    assert alike["differs_at_most"].to_numpy() == pytest.approx(1 - 0.05 ** (1 / replications))
    assert alike[["se", "low", "high"]].isna().all(axis=None)
    others = table[table["same_in"].isna() & table["mean"].notna()]
    assert (others["low"] < others["high"]).all()
