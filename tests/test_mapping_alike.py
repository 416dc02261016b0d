"""Texts that mean the same: numbers in another form, capitals, blanks; ids that are one number."""

from __future__ import annotations

import pytest

from mapped_files import write
from pathsim.errors import InputError
from pathsim.people import Cohort
from pathsim.people.mapping.alike import alike, person_of

# Made-up people draw many warnings; those that matter are tried by name.
pytestmark = pytest.mark.filterwarnings("ignore::pathsim.errors.InputWarning")

HEAD = "id,age,sex,offence_group,previous_offences,disposal,sentence_days\n"
ROW = "{id},{age},{sex},theft,1,{disposal},{days}\n"
NAMES = HEAD.strip().split(",")


def people(*rows):
    plain = {"age": 30, "sex": "male", "disposal": "custody", "days": 10}
    return HEAD + "".join(ROW.format(**{"id": i, **plain, **row}) for i, row in enumerate(rows))


def read(tmp_path, text, more="", **changed):
    lines = {name: f'from = "{name}"' for name in NAMES} | changed
    said = "".join(f"[columns.{name}]\n{line}\n" for name, line in lines.items())
    return Cohort.from_file(write(tmp_path, text), mapping=write(tmp_path, said + more, "m.toml"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("99", "099", True),
        ("99", "99.0", True),
        ("99", "99,0", True),
        ("2", "2.5", False),
        ("2.5", "2,50", True),
        ("1", "1,000", False),
        ("-1", "1", False),
        ("M", " m", True),
        ("not  known", "Not known", True),
        ("A1", "1", False),
    ],
)
def test_texts_are_alike_where_only_their_form_differs(one, other, same):
    assert (alike(one) == alike(other)) == same


def test_ids_are_alike_as_numbers_and_else_as_they_are_written():
    assert person_of("01") == person_of("1.0") == person_of("1")
    assert person_of("a") != person_of("A")
    assert person_of("1.5") != person_of("1")


@pytest.mark.parametrize("code", ["[99]", "[99.0]", '["099"]', '[" 99 "]'])
@pytest.mark.parametrize("cell", ["99", "99.0", "099"])
def test_a_code_for_unknown_is_a_number_in_any_form(tmp_path, code, cell):
    rule = f'from = "age"\nunknown = {code}\nif_unknown = "refuse"'
    with pytest.raises(InputError, match="age: nothing is known in 1 row: 3"):
        read(tmp_path, people({}, {"age": cell}), age=rule)


def test_a_code_for_unknown_that_matches_nothing_is_told(tmp_path):
    cohort = read(tmp_path, people({}), age='from = "age"\nunknown = [98, "NK"]')
    assert "columns.age.unknown: no cell holds '98', 'NK'" in cohort.report().notes


def test_values_hold_for_capitals_and_blanks_and_those_without_a_cell_are_told(tmp_path):
    rule = 'from = "sex"\nvalues = { m = "female", x = "male" }'
    cohort = read(tmp_path, people({"sex": "M"}, {"sex": " m "}, {"sex": "F"}), sex=rule)
    assert cohort.frame["sex"].tolist() == ["female", "female", "female"]
    assert "columns.sex.values: no cell holds 'x'" in cohort.report().notes


def test_labels_that_say_the_same_are_refused(tmp_path):
    rule = 'from = "sex"\nvalues = { m = "female", M = "male" }'
    with pytest.raises(InputError, match=r"columns.sex.values.M: says the same as 'm'"):
        read(tmp_path, people({}), sex=rule)


def test_a_draft_of_cells_in_two_forms_has_one_label_of_them(tmp_path):
    rows = [{"sex": each} for each in ("Lad", "LAD", "male", "male", "male", "male", "male")]
    draft = Cohort.draft(write(tmp_path, people(*rows)))
    assert [key for key in draft.questions if "sex" in key] == ["columns.sex.values.LAD"]


def test_values_bands_and_for_all_are_in_the_unit_that_is_said(tmp_path):
    text = people({"days": "short"}, {"days": "6-6"}, {"days": "3"})
    rule = (
        'from = "sentence_days"\nunit = "months"\nvalues = { short = 3 }\nbands = { 6-6 = [6, 6] }'
    )
    assert read(tmp_path, text, sentence_days=rule).frame["sentence_days"].tolist() == [
        91.25,
        182.5,
        91.25,
    ]
    rule = 'for_all = 6\nunit = "months"'
    left = '[left_out]\ncolumns = ["sentence_days"]\n'
    assert (read(tmp_path, text, left, sentence_days=rule).frame["sentence_days"] == 182.5).all()


def test_shares_are_percent_in_bands_values_and_for_everybody(tmp_path):
    text = people({"days": "low"}, {"days": "high"}, {"days": "0.5"}).replace(
        "sentence_days", "score"
    )
    rule = 'from = "score"\nunit = "share"\nvalues = { low = 0.1 }\nbands = { high = [0.9, 0.9] }'
    lengths = {"sentence_days": 'if_unknown = "missing"'}
    frame = read(tmp_path, text, risk_two_year_percent=rule, **lengths).frame
    assert frame["risk_two_year_percent"].tolist() == [10.0, 90.0, 50.0]
    with pytest.raises(InputError, match=r"values.low: is no share; found 10; allowed: 0 to 1"):
        read(tmp_path, text, risk_two_year_percent=rule.replace("0.1 ", "10 "), **lengths)


def test_ids_that_are_one_number_are_refused(tmp_path):
    with pytest.raises(InputError, match="id: is the number of another id too in 2 rows: 2, 3"):
        read(tmp_path, people({"id": "1"}, {"id": "01"}, {"id": "2"}))
    with pytest.raises(InputError, match="id"):
        read(tmp_path, people({"id": "1"}, {"id": "1.0"}))
    assert read(tmp_path, people({"id": "1"}, {"id": "2.0"})).frame["id"].tolist() == [1, 2]


@pytest.mark.parametrize("line", [2, 30, 60])
def test_a_row_with_a_cell_too_many_is_refused_wherever_it_is(tmp_path, line):
    rows = people(*[{}] * 70).splitlines(keepends=True)
    rows[line - 1] = rows[line - 1].replace(",10\n", ",1,234\n")
    with pytest.raises(InputError, match=rf"people.csv:{line}: has (8|more) cells"):
        read(tmp_path, "".join(rows))
    rows[line - 1] = rows[line - 1].replace(",1,234\n", ",10,\n" if line < 40 else ",10\n")
    assert len(read(tmp_path, "".join(rows))) == 70
