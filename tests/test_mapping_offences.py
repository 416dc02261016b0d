"""A table of offences joined to people: what each person has before the present occasion."""

from __future__ import annotations

import random

import pytest

from mapped_files import write
from pathsim.errors import InputError
from pathsim.people import Cohort

# Made-up people draw many warnings; those that matter are tried by name.
pytestmark = pytest.mark.filterwarnings("ignore::pathsim.errors.InputWarning")

PEOPLE = "person_id,sex,birth_date\n1,male,1990-02-01\n2,female,1985-07-09\n"
OFFENCES = [
    "1,2021-04-01,fine,drugs,,no",
    "1,2021-04-01,custody,violence,90,yes",
    "1,2021-04-01,custody,theft,120,no",
    "1,2019-01-05,fine,theft,,no",
    "1,2019-01-05,caution,theft,,no",
    "1,2010-03-01,caution,criminal_damage,,yes",
    "2,2021-05-02,caution,violence,,no",
    "3,2021-05-02,caution,violence,,no",
]
HEAD = "person_id,offence_date,disposal,offence_group,sentence_days,dv\n"
MAPPING = """
[columns.id]
from = "person_id"
[columns.sex]
from = "sex"
[columns.age]
from = "birth_date"
derive = "age_at"
date = "offences.date"
[columns.age_at_first_sanction]
from = "birth_date"
derive = "age_at"
date = "offences.first_date"
[offences]
file = "offences.csv"
person = "person_id"
date = "offence_date"
disposal = "disposal"
offence_group = "offence_group"
sentence_days = "sentence_days"
domestic_abuse = "dv"
"""


def joined(tmp_path, offences=OFFENCES, mapping=MAPPING, people=PEOPLE):
    write(tmp_path, HEAD + "\n".join(offences), "offences.csv")
    file = write(tmp_path, people)
    return Cohort.from_file(file, mapping=write(tmp_path, mapping, "mapping.toml"))


def test_the_present_occasion_its_gravest_disposal_and_the_occasions_before(tmp_path):
    cohort = joined(tmp_path)
    frame = cohort.frame
    assert frame["disposal"].tolist() == ["custody", "caution"]
    assert frame["offence_group"].tolist() == ["theft", "violence"]
    assert frame["sentence_days"].tolist() == [120.0, 0.0]
    assert frame["previous_offences"].tolist() == [2, 0]  # days of sanctions, not offences
    assert frame["age"].tolist() == [31, 35]
    assert frame["domestic_abuse"].tolist() == [True, False]
    assert any("1 row of nobody in the table" in note for note in cohort.origin.notes)


def test_the_age_at_the_first_sanction_is_that_at_the_first_occasion(tmp_path):
    early = joined(tmp_path).frame["risk_two_year_percent"][0]
    late = [row.replace("2010-03-01", "2018-03-01") for row in OFFENCES]
    # OGRS3: as many sanctions in fewer years are a higher rate, and so a higher risk.
    assert joined(tmp_path, late).frame["risk_two_year_percent"][0] > early


def test_the_order_of_the_rows_changes_nothing(tmp_path):
    first = joined(tmp_path).frame
    for seed in range(5):
        rows = OFFENCES.copy()
        random.Random(seed).shuffle(rows)
        assert joined(tmp_path, rows).frame.equals(first)


def test_the_first_occasion_may_be_the_present_one(tmp_path):
    cohort = joined(tmp_path, mapping=MAPPING + 'of = "first"\n')
    assert cohort.frame["previous_offences"].tolist() == [0, 0]
    assert cohort.frame["disposal"].tolist() == ["caution", "caution"]


def test_disposals_that_are_no_sanction_do_not_count(tmp_path):
    rows = [*OFFENCES, *(f"2,2020-01-0{day},acquitted,theft,,no" for day in (1, 2, 3))]
    with pytest.raises(InputError, match=r"disposal.values: .*not known: 'acquitted' \(3\)"):
        joined(tmp_path, rows)
    cohort = joined(tmp_path, rows, MAPPING + 'not_counted = ["acquitted"]\n')
    assert cohort.frame["previous_offences"].tolist() == [2, 0]


def test_a_person_without_an_offence_is_refused_without_a_cell(tmp_path):
    with pytest.raises(InputError, match="the person has no offence in 1 row: 4") as refusal:
        joined(tmp_path, people=PEOPLE + "S3CRET,male,1990-01-01\n")
    assert "S3CRET" not in str(refusal.value)


def test_a_date_that_is_none_is_refused_with_its_line(tmp_path):
    with pytest.raises(InputError, match=r"offences.csv:2: offence_date: is no date in 1 row: 2"):
        joined(tmp_path, ["1,S3CRET,fine,drugs,,no", *OFFENCES])


def test_a_wrong_column_of_the_offences_gets_the_nearest(tmp_path):
    wrong = MAPPING.replace('date = "offence_date"', 'date = "ofence_date"')
    with pytest.raises(InputError, match=r"offences.date: .*did you mean 'offence_date'"):
        joined(tmp_path, mapping=wrong)
    wrong = MAPPING.replace("offences.first_date", "offences.frist_date")
    with pytest.raises(InputError, match=r"did you mean 'offences.first_date'"):
        joined(tmp_path, mapping=wrong)


def test_a_draft_with_offences_asks_of_the_needs_alone(tmp_path):
    offences = write(tmp_path, HEAD + "\n".join(OFFENCES), "offences.csv")
    draft = Cohort.draft(write(tmp_path, PEOPLE), offences=offences)
    assert list(draft.questions) == ["needs.if_unknown"]
    text = draft.text.replace('"?"', '"missing"')
    file = write(tmp_path, text, "mapping.toml")
    frame = Cohort.from_file(tmp_path / "people.csv", mapping=file).frame
    assert frame["previous_offences"].tolist() == [2, 0]
    assert frame["sentence_days"].tolist() == [120.0, 0.0]


def test_the_hash_of_every_file_that_was_read_is_kept(tmp_path):
    names = [file.path for file in joined(tmp_path).origin.beside]
    assert [name.rsplit("/", 1)[1] for name in names] == ["mapping.toml", "offences.csv"]


def test_offences_of_nobody_in_the_table_are_refused(tmp_path):
    write(tmp_path, "who,on,what,how\nX1,2021-04-01,theft,fine\n", "offences.csv")
    people = write(tmp_path, "id,sex,age\n1,male,30\n2,female,40\n")
    said = (
        'columns.id.from = "id"\ncolumns.sex.from = "sex"\ncolumns.age.from = "age"\n'
        '[offences]\nfile = "offences.csv"\nperson = "who"\ndate = "on"\n'
        'disposal = "how"\noffence_group = "what"\n'
    )
    mapping = write(tmp_path, said, "mapping.toml")
    with pytest.raises(InputError, match=r"offences\.person: none of its ids is that of a person"):
        Cohort.from_file(people, mapping=mapping)


LENGTHS = MAPPING.replace(
    "[offences]",
    '[columns.sentence_days]\nfrom = "offences.sentence_days"\nunit = "months"\n[offences]',
)


def test_lengths_of_a_day_are_compared_in_days(tmp_path):
    rows = ["1,2021-04-01,custody,theft,6,no", "1,2021-04-01,custody,violence,8 weeks,no"]
    frame = joined(tmp_path, [*rows, OFFENCES[6]], LENGTHS).frame
    assert frame["offence_group"][0] == "theft"
    assert frame["sentence_days"][0] == 182.5


def test_a_length_that_cannot_be_read_is_refused_in_the_file_of_the_offences(tmp_path):
    rows = ["1,2021-04-01,custody,theft,S3CRET,no", *OFFENCES]
    said = r"offences.csv:2: sentence_days: is no length of a sentence in 1 row: 2"
    with pytest.raises(InputError, match=said) as refusal:
        joined(tmp_path, rows)
    assert "S3CRET" not in str(refusal.value)
    rows[0] = '1,2021-04-01,custody,theft,"1,234",no'
    with pytest.raises(InputError, match=r"offences.read.decimal: a comma before three digits"):
        joined(tmp_path, rows)
    said = MAPPING + '[offences.read]\ndecimal = "."\n'
    assert joined(tmp_path, rows, said).frame["sentence_days"][0] == 1234


def test_a_word_for_domestic_abuse_that_is_not_known_is_refused_as_a_level_is(tmp_path):
    rows = [row.replace(",yes", ",perp") for row in OFFENCES]
    said = r"offences.csv:3: columns.domestic_abuse.values: .*fewer than 3 rows have in 2 rows"
    with pytest.raises(InputError, match=said):
        joined(tmp_path, rows)
    stated = (
        '[columns.domestic_abuse]\nfrom = "offences.domestic_abuse"\nvalues = { Perp = true }\n'
    )
    frame = joined(tmp_path, rows, MAPPING.replace("[offences]", stated + "[offences]")).frame
    assert frame["domestic_abuse"].tolist() == [True, False]


def test_a_level_that_is_not_known_names_the_line_of_the_offences(tmp_path):
    with pytest.raises(InputError, match=r"offences.csv:2: columns.disposal.values: "):
        joined(tmp_path, ["2,2020-01-01,S3CRET,theft,,no", *OFFENCES])


def test_persons_of_the_offences_are_found_by_the_number(tmp_path):
    cohort = joined(tmp_path, [row.replace("1,", "1.0,", 1) for row in OFFENCES])
    assert cohort.frame["previous_offences"].tolist() == [2, 0]
    cohort = joined(tmp_path, people=PEOPLE.replace("\n1,", "\n001,"))
    assert cohort.frame["previous_offences"].tolist() == [2, 0]
    note = "offences.csv: 6 rows joined by the number of the id: zeros before it are lost"
    assert any(each.startswith(note) for each in cohort.origin.notes)


def test_a_length_without_custody_names_the_line_of_the_offences(tmp_path):
    rows = [*OFFENCES[:6], "2,2021-05-02,caution,violence,30,no"]
    said = r"offences.csv:8: sentence_days: must be 0 or empty without custody in 1 row: 8"
    with pytest.raises(InputError, match=said):
        joined(tmp_path, rows)


def test_a_draft_asks_of_commas_in_the_lengths_of_the_offences(tmp_path):
    rows = [*OFFENCES[1:3], '2,2021-05-02,custody,violence,"1,234",no']
    offences = write(tmp_path, HEAD + "\n".join(rows), "offences.csv")
    draft = Cohort.draft(write(tmp_path, PEOPLE), offences=offences)
    assert "offences.read.decimal" in draft.questions
    assert "[offences.read]" in draft.text
