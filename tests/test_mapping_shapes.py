"""Shapes in which people are brought: a draft and one edit, and the file runs."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

import pathsim as ps
from mapped_files import drafted, write
from pathsim.errors import InputError, InputWarning
from pathsim.people import Cohort
from small_scenario import write_scenarios

# Made-up people draw many warnings; those that matter are tried by name.
pytestmark = pytest.mark.filterwarnings("ignore::pathsim.errors.InputWarning")

PLAIN = """\
id,age,sex,offence_group,previous_offences,disposal,sentence_days
1,57,male,violence,14,custody,120
2,44,female,theft,0,community_order,
3,46,male,drugs,6,fine,
"""
PRIORS = {"columns.previous_offences.for_all": 'if_unknown = "draw"'}
RELEASES = """\
Fiscal Year,Age At Release ,Sex,Offense Type,Offense Subtype,Release Type,\
Return to Prison,Days to Return
2010,35-44,Female,Property,Burglary,Parole,No,
2010,Under 25,,Property,OWI,Parole,Yes,433
2011,55 and Older,Male,Drug,Trafficking,Discharged,No,
2011,25-34,Male,Violent,Assault,Parole,Yes,99
"""
ASSESSMENTS = """\
crn,gender,dateOfBirth,dateOfCurrentConviction,totalNumberOfSanctionsForAllOffences,ageAtFirstSanction,\
currentOffenceCode,ogrs3OneYear,ogrs3TwoYear,accommodationLinkedToRisk
X1,MALE,1971-03-05,2021-04-02,2,18,01110,21,31,NO
X2,FEMALE,1999-04-03,2021-04-02,4,19,022/10,22,32,YES
X3,MALE,1973-03-05,2021-04-04,1,48,04600,23,33,NO
"""
CODED = """\
INMATE_ID,SEX,OFFGENERAL,EDUCATION,SENTLGTH,AGERLSE,RELYR
A001,(2) Female,(2) Property,(9) Missing,(0) < 1 year,(5) 55+ years,2019
A002,(1) Male,(3) Drugs,(9) Missing,(1) 1-1.9 years,(2) 25-34 years,2019
A003,(1) Male,(1) Violent,(9) Missing,(1) 1-1.9 years,(2) 25-34 years,2018
"""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return ps.load(write_scenarios(tmp_path_factory.mktemp("scenario")) / "baseline.toml")


def mapped(tmp_path, scenario, text, answers=None, name="people.csv", **where):
    file = write(tmp_path, text, name)
    mapping = drafted(tmp_path, file, answers, **where)
    return Cohort.from_file(file, mapping=mapping, scenario=scenario)


def test_bands_blank_sexes_and_no_count_of_priors(tmp_path, scenario):
    cohort = mapped(
        tmp_path, scenario, RELEASES, {"Property": '"theft"', "for_all": '"custody"'} | PRIORS
    )
    frame = cohort.frame
    low, high = np.array([35, 18, 55, 25]), np.array([44, 24, 75, 34])
    assert ((frame["age"] >= low) & (frame["age"] <= high)).all()
    assert frame["offence_group"].tolist()[0] == "theft"
    assert (frame["disposal"] == "custody").all()
    report = cohort.report()
    assert report.banded == {"age": 4}
    assert report.drawn["sex"] == 1
    assert report.drawn["previous_offences"] == 4
    observed = cohort.mapped.observed
    assert observed["reoffended"].tolist() == [False, True, False, True]
    assert observed["days"].tolist()[1::2] == [433.0, 99.0]


def test_a_total_of_sanctions_loses_the_present_one_and_ages_come_from_dates(tmp_path, scenario):
    cohort = mapped(tmp_path, scenario, ASSESSMENTS, {"for_all": '"fine"'})
    frame = cohort.frame
    assert frame["previous_offences"].tolist() == [1, 3, 0]
    assert frame["age"].tolist() == [50, 21, 48]
    assert frame["offence_group"].tolist() == ["violence", "sexual", "theft"]
    assert frame["risk_two_year_percent"].tolist() == [31.0, 32.0, 33.0]
    assert frame["need_accommodation"].tolist() == [False, True, False]
    assert cohort.report().drawn.keys() == {
        f"need_{name}"
        for name in ("employment", "health", "drugs_alcohol", "finance", "family", "attitudes")
    }


def test_a_total_is_a_question_of_the_draft_and_refused_unless_answered(tmp_path, scenario):
    file = write(tmp_path, ASSESSMENTS)
    assert "columns.previous_offences.includes_present" in Cohort.draft(file).questions
    mapping = drafted(tmp_path, file, {"for_all": '"fine"'})
    said = mapping.read_text().replace("includes_present = true", "")
    with pytest.raises(InputError, match="may include the present sanction"):
        Cohort.from_file(file, mapping=write(tmp_path, said, "m.toml"), scenario=scenario)
    none = mapping.read_text().replace("includes_present = true", "includes_present = false")
    cohort = Cohort.from_file(file, mapping=write(tmp_path, none, "m.toml"), scenario=scenario)
    assert cohort.frame["previous_offences"].tolist() == [2, 4, 1]


def test_a_count_that_includes_the_present_one_cannot_be_0(tmp_path, scenario):
    file = write(tmp_path, ASSESSMENTS.replace(",1,48,", ",0,48,"))
    mapping = drafted(tmp_path, file, {"for_all": '"fine"'})
    text = mapping.read_text().replace("includes_present = false", "includes_present = true")
    with pytest.raises(
        InputError, match="is 0, though the count includes the present one in 1 row"
    ):
        Cohort.from_file(file, mapping=write(tmp_path, text, "m.toml"), scenario=scenario)


def test_labels_with_codes_before_them(tmp_path, scenario):
    text = CODED
    answers = {"(2) Property": '"theft"', "for_all": '"custody"'} | PRIORS
    cohort = mapped(tmp_path, scenario, text, answers)
    frame = cohort.frame
    assert frame["sex"].tolist() == ["female", "male", "male"]
    assert frame["offence_group"].tolist() == ["theft", "drugs", "violence"]
    days = frame["sentence_days"].to_numpy()
    assert 0 <= days[0] < 365
    assert ((days[1:] >= 365) & (days[1:] <= 1.9 * 365)).all()


def test_lengths_of_sentences_say_that_the_disposal_is_custody(tmp_path):
    file = write(tmp_path, CODED)
    answer = Cohort.draft(file).questions["columns.disposal.for_all"]
    assert answer.startswith("custody, as sentence_days has lengths, if it has one for everybody; ")
    without = write(tmp_path, CODED.replace("SENTLGTH", "GRADE"), "without.csv")
    assert "custody, as" not in Cohort.draft(without).questions["columns.disposal.for_all"]


def test_titles_above_and_totals_and_notes_below_are_left_out_and_said(tmp_path, scenario):
    text = (
        "Table 1: People sentenced,,,,,,\n,,,,,,\n" + PLAIN + "Total,3,,,,,\n"
        '"Notes: 1. Figures are provisional.",,,,,,\n'
    )
    cohort = mapped(tmp_path, scenario, text)
    assert len(cohort) == 3
    draft = Cohort.draft(tmp_path / "people.csv")
    assert "header_row = 3\nlast_rows_left_out = 2\n" in draft.text
    assert "the header was found in row 3; 2 rows above it left out" in draft.notes
    assert any(note.endswith("left out: 2 rows (7, 8)") for note in draft.notes)


def test_a_title_without_separators_is_no_header(tmp_path, scenario):
    assert len(mapped(tmp_path, scenario, "People sentenced in 2021\n\n" + PLAIN)) == 3


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_other_separators(tmp_path, scenario, separator):
    assert len(mapped(tmp_path, scenario, PLAIN.replace(",", separator))) == 3


@pytest.mark.parametrize("empty", ["NA", "NULL", ".", "N/A"])
def test_words_for_empty_cells(tmp_path, scenario, empty):
    cohort = mapped(tmp_path, scenario, PLAIN.replace("order,\n", f"order,{empty}\n"))
    assert cohort.frame["sentence_days"].tolist() == [120.0, 0.0, 0.0]


def test_titles_and_capitals(tmp_path, scenario):
    text = (
        PLAIN.replace("sentence_days", "Sentence Days")
        .replace("offence_group", "Offence Group")
        .replace("violence", "01: Violence against the person")
        .replace("custody", "Immediate custody")
        .replace("male", "Male")
    )
    cohort = mapped(tmp_path, scenario, text)
    assert cohort.frame["offence_group"][0] == "violence"


def test_months_are_months(tmp_path, scenario):
    text = PLAIN.replace("sentence_days", "sentence_months").replace(",120", ",6")
    cohort = mapped(tmp_path, scenario, text)
    assert cohort.frame["sentence_days"][0] == 182.5
    assert cohort.groups()["sentence_band"][0] == "le6m"


def test_months_called_days_are_a_question(tmp_path, scenario):
    file = write(tmp_path, PLAIN.replace(",120", ",4"))
    assert "columns.sentence_days.unit" in Cohort.draft(file).questions


def test_a_length_whose_name_speaks_of_months_needs_its_unit(tmp_path, scenario):
    file = write(tmp_path, PLAIN.replace("sentence_days", "sentence_months"))
    text = drafted(tmp_path, file).read_text()
    said = text.replace('unit = "months"', "")
    assert said != text
    with pytest.raises(InputError, match="name speaks of months: say the unit"):
        Cohort.from_file(file, mapping=write(tmp_path, said, "m.toml"), scenario=scenario)


def test_lengths_in_words(tmp_path, scenario):
    text = PLAIN.replace("sentence_days", "Sentence").replace(",120", ",1 year 6 months")
    assert mapped(tmp_path, scenario, text).frame["sentence_days"][0] == 365 + 182.5


RISKS = (
    PLAIN.replace("days\n", "days,OGRS3 two year\n")
    .replace("120\n", "120,0.45\n")
    .replace(",\n", ",,0.62\n")
)


def test_shares_are_made_percent(tmp_path, scenario):
    frame = mapped(tmp_path, scenario, RISKS).frame
    assert frame["risk_two_year_percent"].tolist() == [45.0, 62.0, 62.0]


def test_shares_called_percent_are_a_question(tmp_path, scenario):
    file = write(tmp_path, RISKS.replace("OGRS3 two year", "risk_two_year_percent"))
    assert "columns.risk_two_year_percent.unit" in Cohort.draft(file).questions


def test_percent_called_share_is_refused(tmp_path, scenario):
    file = write(tmp_path, RISKS.replace("0.45", "45"))
    text = drafted(tmp_path, file, {"unit": '"share"'}).read_text()
    text = text.replace('unit = "percent"', 'unit = "share"')
    with pytest.raises(InputError, match="is no share in 1 row: 2; allowed: 0 to 1"):
        Cohort.from_file(file, mapping=write(tmp_path, text, "m.toml"), scenario=scenario)


def test_a_risk_of_an_unsaid_horizon_is_a_question(tmp_path):
    file = write(tmp_path, RISKS.replace("OGRS3 two year", "OGRS3"))
    assert "columns.risk_two_year_percent.from" in Cohort.draft(file).questions


def test_serial_numbers_of_a_spreadsheet_are_dates(tmp_path, scenario):
    text = (
        PLAIN.replace("days\n", "days,start_day\n")
        .replace("120\n", "120,44287\n")
        .replace(",\n", ",,44317\n")
    )
    cohort = mapped(tmp_path, scenario, text)
    assert cohort.frame["start_day"].tolist() == [0.0, 30.0, 30.0]
    plain = "\n".join(
        f"[columns.{name}]\nfrom = '{name}'" for name in text.split("\n")[0].split(",")
    )
    file = tmp_path / "people.csv"
    with pytest.raises(InputError, match="looks like a date of a spreadsheet"):
        Cohort.from_file(file, mapping=write(tmp_path, plain, "m.toml"))


def test_needs_that_no_column_holds_are_a_question_and_drawn(tmp_path, scenario):
    file = write(tmp_path, PLAIN)
    assert list(Cohort.draft(file).questions) == ["needs.if_unknown"]
    cohort = mapped(tmp_path, scenario, PLAIN)
    assert sum(name.startswith("need_") for name in cohort.report().drawn) == 7
    none = mapped(tmp_path, scenario, PLAIN, {"if_unknown": '"missing"'})
    assert not none.frame.filter(like="need_").any(axis=None)


def test_what_is_drawn_needs_a_scenario(tmp_path):
    file = write(tmp_path, PLAIN)
    with pytest.raises(InputError, match=r"mapping.toml:\d+: needs.if_unknown: is drawn from"):
        Cohort.from_file(file, mapping=drafted(tmp_path, file))


def test_ids_as_floats(tmp_path, scenario):
    text = PLAIN.replace("\n1,", "\n1.0,").replace("\n2,", "\n2.0,").replace("\n3,", "\n3.0,")
    assert mapped(tmp_path, scenario, text).frame["id"].tolist() == [1, 2, 3]


def test_nothing_is_misread_without_a_word(tmp_path, scenario):
    file = write(tmp_path, RELEASES)
    answers = {"Property": '"theft"', "for_all": '"custody"'}
    mapping = drafted(tmp_path, file, answers | PRIORS)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", InputWarning)
        Cohort.from_file(file, mapping=mapping, scenario=scenario)
    words = " ".join(str(each.message) for each in told)
    assert "drawn by id within bands: age of 4 people" in words
    assert "sex of 1 people" in words


def test_a_mapped_cohort_is_the_same_people_as_the_frame(tmp_path, scenario):
    text = (
        PLAIN.replace("days\n", "days,start_day\n")
        .replace("120\n", "120,12.5\n")
        .replace(",\n", ",,7\n")
    )
    cohort = mapped(tmp_path, scenario, text, {"if_unknown": '"missing"'})
    table = pd.read_csv(tmp_path / "people.csv")
    pd.testing.assert_frame_equal(
        cohort.frame.drop(columns="area"), Cohort.from_frame(table).frame.drop(columns="area")
    )


def test_a_cohort_that_is_written_drafted_and_read_is_the_same_to_the_bit(tmp_path):
    people = Cohort.from_scenario(ps.load("dorset/baseline")).frame.head(300)
    people = people.assign(start_day=np.arange(300) / 7)
    file = write(tmp_path, people.to_csv(index=False))
    draft = Cohort.draft(file)
    assert draft.questions == {}
    assert draft.left_out == ()
    mapping = write(tmp_path, draft.text, "mapping.toml")
    again = Cohort.from_file(file, mapping=mapping).frame
    for name in people:
        ours, theirs = people[name].astype(object), again[name].astype(object)
        assert (
            ours.where(ours.notna(), None).tolist() == theirs.where(theirs.notna(), None).tolist()
        )
