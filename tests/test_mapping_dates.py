"""Dates of a mapped file: two formats, years of two digits, time zones, the present occasion."""

from __future__ import annotations

import io
from datetime import date

import numpy as np
import pandas as pd
import pytest

from mapped_files import write
from pathsim.errors import InputError
from pathsim.people import Cohort
from pathsim.people.mapping.dates import births, dates

# Made-up people draw many warnings; those that matter are tried by name.
pytestmark = pytest.mark.filterwarnings("ignore::pathsim.errors.InputWarning")

MAPPING = """
columns.id.from = "id"
columns.sex.from = "sex"
columns.offence_group.for_all = "theft"
columns.previous_offences.for_all = 0
columns.disposal.for_all = "fine"
[columns.age]
from = "DOB"
derive = "age_at"
date = "Sentenced"
"""
HEAD = "id,sex,DOB,Sentenced\n"


def people(*dates):
    return HEAD + "".join(f"p{i},M,{birth},{at}\n" for i, (birth, at) in enumerate(dates))


def read(tmp_path, text, more=""):
    file = write(tmp_path, text)
    return Cohort.from_file(file, mapping=write(tmp_path, MAPPING + more, "m.toml"))


def test_a_birth_after_the_sentence_is_of_the_century_before(tmp_path):
    text = people(("01/01/68", "05/06/21"), ("29/02/64", "05/06/21"), ("31/12/99", "05/06/21"))
    cohort = read(tmp_path, text, 'date_format = "%d/%m/%y"\n')
    assert cohort.frame["age"].tolist() == [53, 57, 21]
    assert any("100 years before (2 rows)" in each for each in cohort.report().read_as["age"])
    late = np.array(["2068-01-01"], "datetime64[D]")
    at = np.array(["2021-06-05"], "datetime64[D]")
    assert births(late, at, date_format="%d/%m/%Y") == late


def test_the_date_is_read_as_it_is_written_whatever_the_zone(tmp_path):
    written = ["2021-04-01T00:30:00+01:00", "2021-04-01 00:30-0500", "2021-04-01T00:30:00.5 +01"]
    assert [str(each) for each in dates(pd.Series(written))] == ["2021-04-01"] * 3
    zone = "Europe/London"
    table = pd.DataFrame({"id": ["a", "b"], "sex": ["M", "F"]})
    table["DOB"] = pd.to_datetime(["1990-06-05", "1990-06-06"]).tz_localize(zone)
    table["Sentenced"] = pd.to_datetime(["2021-06-05 00:10", "2021-06-05 00:00"]).tz_localize(zone)
    held = io.BytesIO()
    table.to_parquet(held)
    assert read(tmp_path, held.getvalue()).frame["age"].tolist() == [31, 30]


def test_a_day_before_its_month_is_read_as_the_format_says():
    found = dates(pd.Series(["2024-03-04", "2024-25-03", ""]), date_format="%Y-%d-%m")
    assert found[:2].tolist() == [date(2024, 4, 3), date(2024, 3, 25)]


def test_the_two_dates_of_an_age_may_be_in_two_formats(tmp_path):
    text = people(("25/12/1990", "12/25/2020"), ("26/12/1990", "12/25/2020"))
    formats = 'date_format = "%d/%m/%Y"\nat_format = "%m/%d/%Y"\n'
    assert read(tmp_path, text, formats).frame["age"].tolist() == [30, 29]
    draft = Cohort.draft(write(tmp_path, text))
    said = "'Sentenced' fits \"%m/%d/%Y\" alone, and 'DOB' \"%d/%m/%Y\" alone"
    assert draft.questions["columns.age.at_format"] == said


def test_dates_that_may_be_read_in_two_ways_beside_others_are_asked_about(tmp_path):
    draft = Cohort.draft(write(tmp_path, people(("1990-12-25", "05/06/2020"))))
    assert "columns.age.at_format" in draft.questions
    draft = Cohort.draft(write(tmp_path, people(("1990-12-25", "25/06/2020"))))
    assert 'at_format = "%d/%m/%Y"' in draft.text
    draft = Cohort.draft(write(tmp_path, people(("05/06/1990", "25/06/2020"))))
    asked = draft.questions["columns.age.date_format"]
    assert asked.endswith("; 'Sentenced' fits %d/%m/%Y alone")


def test_a_fault_names_the_column_of_dates_and_is_told_once(tmp_path):
    text = people(("1990-12-25", "2020-01-01"), ("S3CRET", "2020-01-01"))
    first = '[columns.age_at_first_sanction]\nfrom = "DOB"\nderive = "age_at"\ndate = "Sentenced"\n'
    with pytest.raises(InputError) as refusal:
        read(tmp_path, text, first)
    told = [each.message for each in refusal.value.problems]
    assert told == ["the column 'DOB' holds no date in 1 row: 3"]


OFFENCES = """person,on,disposal,offence_group
p0,2021-04-01,custody,theft
p0,2019-01-05,fine,theft
p0,2022-02-02,caution,violence
p1,2021-03-31,fine,theft
"""
JOINED = """
columns.id.from = "id"
columns.sex.from = "sex"
[columns.age]
from = "DOB"
derive = "age_at"
date = "offences.date"
[offences]
file = "offences.csv"
person = "person"
date = "on"
disposal = "disposal"
offence_group = "offence_group"
before = "Sentenced"
"""


def test_a_later_offence_is_not_the_present_one(tmp_path):
    write(tmp_path, OFFENCES, "offences.csv")
    file = write(tmp_path, people(("1990-01-01", "2021-04-01"), ("1990-01-01", "2021-04-01")))
    cohort = Cohort.from_file(file, mapping=write(tmp_path, JOINED, "m.toml"))
    assert cohort.frame["disposal"].tolist() == ["custody", "fine"]
    assert cohort.frame["previous_offences"].tolist() == [1, 0]
    assert "offences.csv: 1 row after the date in 'Sentenced', left out" in cohort.report().notes
    draft = Cohort.draft(file, offences=tmp_path / "offences.csv")
    assert 'before = "Sentenced"' in draft.text
    wrong = JOINED.replace('before = "Sentenced"', 'before = "Sentence"')
    with pytest.raises(InputError, match=r"offences.before: .*did you mean 'Sentenced'"):
        Cohort.from_file(file, mapping=write(tmp_path, wrong, "m.toml"))
    with pytest.raises(InputError, match=r"offences.before: goes with the latest occasion alone"):
        Cohort.from_file(file, mapping=write(tmp_path, JOINED + 'of = "first"\n', "m.toml"))
