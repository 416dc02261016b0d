"""One bound for each number of a person, in a scenario's rows and in a table of people."""

from __future__ import annotations

import tomllib

import pytest
from pydantic import ValidationError

from pathsim.errors import InputError
from pathsim.people.cohort import Cohort
from pathsim.people.columns import COLUMNS, NUMBERS
from pathsim.scenario.cohort import Row, RowsCohort, SampledCohort
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario
from pathsim.vocabulary import NEEDS
from small_scenario import BASELINE

FIRST_ROW = "{ people = 60, sex"
ROWS_AND_COLUMNS = {
    "age": "age",
    "previous_offences": "previous_offences",
    "sentence_days": "sentence_days",
    "risk_percent": "risk_two_year_percent",
    "start_day": "start_day",
}
"""Numbers of a person, by their names in a scenario's rows and in a table of people."""


def test_every_number_of_a_person_in_a_row_is_compared():
    columns = {name.replace("risk_two_year_", "risk_") for name in NUMBERS}
    assert columns & Row.model_fields.keys() == ROWS_AND_COLUMNS.keys()


@pytest.mark.parametrize("key", ROWS_AND_COLUMNS)
def test_a_row_and_a_table_of_people_have_the_same_bounds(key):
    """So what the file's check lets pass is not refused later, without its line."""
    column = COLUMNS[ROWS_AND_COLUMNS[key]]
    inside = {"low": column.low, "high": column.high}
    beyond = {"low": column.low - 1, "high": column.high + 1}

    def rows(number: float) -> RowsCohort:
        whole = column.kind == "whole"
        row = {"people": 1, "disposal": "custody", key: int(number) if whole else number}
        return RowsCohort.model_validate({"kind": "rows", "source": "test", "rows": [row]})

    raw = tomllib.loads(BASELINE)
    for end, number in inside.items():
        scenario = Scenario.model_validate({**raw, "cohort": rows(number).model_dump()})
        assert len(Cohort.from_scenario(scenario)) == 1
        out_of_range = rf"rows.0.{key}\n  Input should be (less|greater) than"
        with pytest.raises(ValidationError, match=out_of_range):
            rows(beyond[end])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('disposal = "custody", sentence_days = 50_000', "sentence_days: is out of range"),
        ('disposal = "fine", sentence_days = 5', "sentence_days: must be 0 or left out"),
        ("start_day = 44_287", "start_day: is out of range"),
    ],
)
def test_a_row_that_a_table_would_not_take_is_refused_with_its_line(tmp_path, row, said):
    text = BASELINE.replace(FIRST_ROW, f"{{ people = 60, {row}, sex")
    text = text.replace(', sex = "male", disposal = "community_order"', ', sex = "male"', 1)
    (tmp_path / "s.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=rf"s\.toml:8: cohort\.rows\[0\]\.{said}"):
        load(tmp_path / "s.toml")


def test_a_million_and_a_half_people_are_allowed_and_not_one_more():
    def rows(people: int) -> RowsCohort:
        row = {"disposal": "fine", "people": people}
        return RowsCohort.model_validate(
            {"kind": "rows", "source": "test", "rows": [row, {**row, "people": 1}]}
        )

    def sampled(adults: int) -> SampledCohort:
        keys = ("domestic_abuse_share", "need_correlation", "need_risk_correlation")
        shares = dict.fromkeys(keys, 0.1)
        needs = {"need_prevalence": dict.fromkeys(NEEDS, 0.1)}
        size = {"adults": adults, "youths": 1}
        return SampledCohort.model_validate(
            {"kind": "pnc_2021", "source": "test", **shares, **needs, **size}
        )

    for cohort in (rows, sampled):
        assert cohort(1_499_999).size() == 1_500_000
        with pytest.raises(ValidationError, match="has too many people"):
            cohort(1_500_000)


def test_a_row_that_says_only_how_many_is_of_men_of_thirty_with_a_first_theft():
    assert Row(people=1).model_dump() == {
        "people": 1,
        "age": 30,
        "sex": "male",
        "ethnicity": "white",
        "area": "",
        "offence_group": "theft",
        "previous_offences": 0,
        "disposal": "community_order",
        "sentence_days": None,
        "risk_percent": None,
        "needs": (),
        "domestic_abuse": False,
        "start_day": None,
    }
