"""What a mapping may say: every slip has its file, line, key and the nearest name."""

from __future__ import annotations

import pandas as pd
import pytest

from mapped_files import write
from pathsim.errors import InputError
from pathsim.people import Cohort
from pathsim.people.mapping.band_labels import span_of
from pathsim.people.mapping.dates import dates, whole_years
from pathsim.people.mapping.lengths import days_in, days_of
from pathsim.people.mapping.load import read_mapping
from pathsim.people.mapping.offence_codes import group_of, parts_of
from pathsim.people.mapping.offences import GRAVEST_FIRST
from pathsim.vocabulary import DISPOSALS, OFFENCE_GROUPS, SENTENCE_BANDS

# Made-up people draw many warnings; those that matter are tried by name.
pytestmark = pytest.mark.filterwarnings("ignore::pathsim.errors.InputWarning")

PEOPLE = "id,age,sex,offence,priors,disposal\na,30,M,theft,3,fine\nb,41,F,drugs,0,fine\n"
LINES = {
    "id": 'from = "id"',
    "age": 'from = "age"',
    "sex": 'from = "sex"',
    "offence_group": 'from = "offence"',
    "previous_offences": 'from = "priors"',
    "disposal": 'from = "disposal"',
}


def mapping(more="", **changed):
    tables = {**LINES, **changed}
    text = "\n".join(f"[columns.{name}]\n{line}" for name, line in tables.items() if line)
    return f"{text}\n{more}"


def read(tmp_path, text, people=PEOPLE):
    file = write(tmp_path, people)
    return Cohort.from_file(file, mapping=write(tmp_path, text, "m.toml"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (mapping("[colums]"), r"m.toml:13: colums: unknown key; did you mean 'columns'"),
        (mapping(agee='from = "age"'), r"m.toml:13: columns.agee: .*did you mean 'age'"),
        (mapping(age='form = "age"'), r"columns.age.form: unknown key; did you mean 'from'"),
        (mapping(age='from = "agee"'), r"m.toml:4: columns.age.from: .*did you mean 'age'"),
        (mapping(sex='from = "sex"\nvalues = { M = "mail" }'), r"values.M: .*did you mean 'male'"),
        (mapping(age='from = "age"\nunit = "months"'), "columns.age.unit: is no unit of this"),
        (mapping(age='from = "age"\nif_unknown = "drop"'), "if_unknown: is not known here"),
        (mapping(age='from = "age"\nderive = "row_number"'), "does not go with this column"),
        (mapping(age='from = "age"\nfor_all = 3'), "columns.age: says both from and for_all"),
        (mapping(age="date_format = 'excel'"), "columns.age: says nothing of where it comes from"),
        (mapping(age="for_all = 'old'"), "columns.age.for_all: is nothing this column may hold"),
        (mapping(age='from = "age"\nderive = "age_at"'), "columns.age: needs two dates"),
        (mapping(age=""), "columns.age: is missing: every cohort needs it"),
        (mapping(sex='from = "sex"\nfirst_day = 2024-01-01'), "first_day: goes with start_day"),
        (mapping(sex='from = "sex"\nincludes_present = true'), "goes with previous_offences"),
        (mapping(id='from = "id"\nif_unknown = "draw"'), "columns.id.if_unknown: cannot be drawn"),
        (mapping(age='if_unknown = "missing"'), "columns.age.if_unknown: is needed of everybody"),
        (mapping(age='from="age"\nbands = { a = [3, 1] }'), "bands.a: ends before it begins"),
        (mapping('[read]\nseparator = "x"'), "read.separator: is not known here"),
        (mapping("[read]\nheader_row = 0"), "read.header_row: is out of range; found 0"),
        (mapping('[needs]\nif_unknown = "?"'), r"m.toml:14: needs.if_unknown: is a question"),
        (mapping('[left_out]\ncolumns = ["team"]'), r"left_out.columns\[0\]: the file has no col"),
        (mapping(sex=""), "columns.sex: is missing"),
    ],
)
def test_each_slip_is_refused_with_its_place(tmp_path, text, said):
    with pytest.raises(InputError, match=said):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        (mapping('[needs]\nif_unknown = "?"'), "draw, missing"),
        (mapping(sex='from = "sex"\nif_unknown = "?"'), "draw, refuse"),
        (mapping(sex='for_all = "?"'), 'male, female; or, in its place, if_unknown = "draw"'),
        (mapping(id='from = "?"'), 'or, in its place, derive = "row_number"'),
        (mapping(age='from = "age"\nbands = { old = "?" }'), "the lowest and the highest number"),
    ],
)
def test_a_question_is_refused_with_the_answers_that_the_draft_offers(tmp_path, text, answers):
    with pytest.raises(InputError, match=r"is a question of the draft") as refused:
        read(tmp_path, text)
    (problem,) = refused.value.problems
    assert answers in problem.allowed
    assert "draw, refuse" not in problem.allowed.replace(answers, "")
    assert not problem.allowed.startswith("missing")


def test_every_question_is_told_at_once_with_what_is_allowed(tmp_path):
    text = mapping(
        sex='from = "?"\nvalues = { X = "?" }\nunknown = ["?"]',
        sentence_days='from = "days"\nunit = "?"',
    )
    with pytest.raises(InputError) as refusal:
        read(tmp_path, text)
    told = [(each.key, each.line, each.allowed) for each in refusal.value.problems]
    assert told == [
        ("columns.sex.from", 6, "the name of a column of the file"),
        ("columns.sex.values", 7, "male, female"),
        ("columns.sentence_days.unit", 17, "days, weeks, months, years"),
    ]


def test_a_column_that_is_not_mentioned_is_refused_and_left_out_on_purpose(tmp_path):
    people = PEOPLE.replace("disposal\n", "disposal,Team\n").replace("fine\n", "fine,S3CRET\n")
    with pytest.raises(InputError, match="does not mention: 'Team'") as refusal:
        read(tmp_path, mapping(), people)
    assert "S3CRET" not in str(refusal.value)
    assert len(read(tmp_path, mapping('[left_out]\ncolumns = ["Team"]'), people)) == 2
    kept = read(tmp_path, mapping('[groups.team]\nfrom = "Team"'), people)
    assert kept.mapped.groups["team"].tolist() == ["S3CRET", "S3CRET"]


def test_what_nobody_knows_is_missing_or_refused(tmp_path):
    people = PEOPLE.replace("a,30", "a,99")
    refused = mapping(age='from = "age"\nunknown = [99]\nif_unknown = "refuse"')
    with pytest.raises(InputError, match="age: nothing is known in 1 row: 2"):
        read(tmp_path, refused, people)
    ethnic = (
        people.replace("priors", "race,priors")
        .replace("theft,", "theft,77,")
        .replace("drugs,", "drugs,white,")
    )
    known = mapping(ethnicity='from = "race"\nunknown = ["77"]')
    cohort = read(tmp_path, known, ethnic)
    assert cohort.frame["ethnicity"].tolist() == ["other", "white"]
    assert cohort.report().unknown == {"ethnicity": 1}


def test_odd_values_are_told_with_counts(tmp_path):
    people = "id,age,sex,offence,priors,disposal,days\na,99,M,theft,3,fine,\n"
    people += "b,18,F,drugs,400,custody,0\nc,30,F,drugs,4,custody,20000\n"
    with pytest.warns(match="odd|usual|unknown"):
        cohort = read(tmp_path, mapping(sentence_days='from = "days"'), people)
    odd = " ".join(cohort.report().odd)
    assert "age: 1 person of 90 or more" in odd
    assert "previous_offences: 1 person with more than 4 a year" in odd
    assert "sentence_days: 1 person in custody for 0 days" in odd
    assert "sentence_days: 1 person in custody for over 40 years" in odd


def test_a_report_counts_faults_by_kind_without_a_cell(tmp_path):
    people = PEOPLE.replace(",30,", ",S3CRET,").replace(",41,", ",S3CRET,")
    file = write(tmp_path, people)
    report = Cohort.check(file, mapping=write(tmp_path, mapping(), "m.toml"))
    assert not report.ok
    assert report.faults[0]["message"] == "must be a whole number in 2 rows: 2, 3"
    assert report.faults[0]["line"] == 2
    assert "S3CRET" not in str(report.to_dict())
    assert str(report).endswith("fault: age: must be a whole number in 2 rows: 2, 3")


def test_a_mapping_may_be_given_as_it_was_read(tmp_path):
    loaded = read_mapping(write(tmp_path, mapping(), "m.toml")).mapping
    assert len(Cohort.from_file(write(tmp_path, PEOPLE), mapping=loaded)) == 2
    with pytest.raises(InputError, match="mapping: has the wrong type"):
        Cohort.from_file(write(tmp_path, PEOPLE), mapping=3)


@pytest.mark.parametrize(
    ("code", "group"),
    [
        ("01110", "violence"),
        ("022/10", "sexual"),
        ("8/06", "violence"),
        ("4600", "theft"),  # a spreadsheet dropped the 0
        ("037/02", "theft"),
        ("037/01", "violence"),
        ("10501", ""),
        ("034/99", "robbery"),
        ("theft", ""),
    ],
)
def test_home_office_codes(code, group):
    assert group_of(code) == group
    assert group in ("", *OFFENCE_GROUPS)


def test_a_code_without_a_group_is_asked_for(tmp_path):
    people = PEOPLE.replace("theft", "10501").replace("drugs", "09204")
    coded = 'from = "offence"\nderive = "home_office_code"'
    with pytest.raises(InputError, match="for the codes 1 that fewer than 3 rows have"):
        read(tmp_path, mapping(offence_group=coded), people)
    stated = f'{coded}\nvalues = {{ "10501" = "summary_non_motoring" }}'
    cohort = read(tmp_path, mapping(offence_group=stated), people)
    assert cohort.frame["offence_group"].tolist() == ["summary_non_motoring", "drugs"]
    with pytest.raises(InputError, match="is no Home Office offence code in 2 rows"):
        read(tmp_path, mapping(offence_group=coded), PEOPLE)
    assert parts_of("123456") is None


def test_a_level_is_shown_where_several_have_it_and_never_a_rare_one(tmp_path):
    rows = "".join(f"{i},30,{sex},theft,1,fine\n" for i, sex in enumerate(["mail"] * 3 + ["S3C"]))
    with pytest.raises(InputError) as refusal:
        read(tmp_path, mapping(), "id,age,sex,offence,priors,disposal\n" + rows)
    said = str(refusal.value)
    assert "'mail' (3), 1 that fewer than 3 rows have; did you mean 'male'? in 4 rows: 2, 3" in said
    assert "S3C" not in said


def test_lengths_in_months_end_where_the_bands_do():
    assert [days_of(months, "months") for months in (6, 12, 48)] == [182.5, 365, 1460]
    assert days_in("2y6m") == days_of(30, "months")
    assert days_in("12 weeks, 3 days") == 87
    assert all(days_in(text) != days_in(text) for text in ("18", "", "life", "6 months less"))
    assert len(SENTENCE_BANDS) == 5


def test_dates_are_read_in_their_format_alone():
    found = dates(pd.Series(["2021-04-01", "01/04/2021", "44287", "", "2021-02-30"]))
    assert [str(each) for each in found] == ["2021-04-01", "NaT", "NaT", "NaT", "NaT"]
    british = dates(pd.Series(["2021-04-01", "01/04/2021"]), date_format="%d/%m/%Y")
    assert [str(each) for each in british] == ["2021-04-01"] * 2
    serial = dates(pd.Series(["44287", "44287.5", "-3", "1e9"]), date_format="excel")
    assert [str(each) for each in serial] == ["2021-04-01"] * 2 + ["NaT"] * 2


def test_ages_change_on_the_birthday():
    birth = dates(pd.Series(["1990-02-28", "1990-03-01", "2000-02-29", ""]))
    at = dates(pd.Series(["2020-02-28", "2020-02-29", "2021-02-28", "2020-01-01"]))
    assert whole_years(birth, at)[:3].tolist() == [30, 29, 20]
    assert whole_years(birth, at)[3] != whole_years(birth, at)[3]


@pytest.mark.parametrize(
    ("label", "span"),
    [
        ("Under 25", (18, 24)),
        ("25-34", (25, 34)),
        ("21 and under 25", (21, 24)),
        ("18 to under 21", (18, 20)),
        ("55 and Older", (55, 75)),
        ("(5) 55+ years", (55, 75)),
        ("over 40", (40, 75)),
        ("34", None),
        ("18 months", None),
        ("Old", None),
    ],
)
def test_labels_of_bands(label, span):
    assert span_of(label, low=18, high=75, whole=True) == span


def test_the_order_of_gravity_has_every_disposal():
    assert sorted(GRAVEST_FIRST) == sorted(DISPOSALS)


@pytest.mark.parametrize(
    ("decimal", "days"), [(None, None), (",", [1.234, 400.5]), (".", [1234.0, None])]
)
def test_a_comma_before_three_digits_is_asked_about(tmp_path, decimal, days):
    """1,234 days are three years and a half, or one day and a quarter."""
    rows = "1;30;male;theft;0;custody;1,234\n2;40;male;theft;0;custody;400,5\n"
    file = write(
        tmp_path, "id;age;sex;offence_group;previous_offences;disposal;sentence_days\n" + rows
    )
    names = ("id", "age", "sex", "offence_group", "previous_offences", "disposal", "sentence_days")
    said = "".join(f'columns.{name}.from = "{name}"\n' for name in names)
    said += 'columns.sentence_days.unit = "days"\n'
    if decimal:
        said += f"[read]\ndecimal = '{decimal}'\n"
    mapping = write(tmp_path, said, "mapping.toml")
    if days is None:
        with pytest.raises(InputError, match=r"read\.decimal: a comma before three digits is a"):
            Cohort.from_file(file, mapping=mapping)
    elif None in days:
        with pytest.raises(InputError, match="sentence_days: must be a number in 1 row: 3"):
            Cohort.from_file(file, mapping=mapping)
    else:
        cohort = Cohort.from_file(file, mapping=mapping)
        assert cohort.frame["sentence_days"].tolist() == days


@pytest.mark.parametrize("name", ["sex", "id", "disposal", "age_group"])
def test_a_group_has_a_name_of_its_own(tmp_path, name):
    with pytest.raises(InputError, match=r"m\.toml:\d+: groups: has a meaning of its own"):
        read(tmp_path, mapping(f'[groups.{name}]\nfrom = "sex"\n'))


def test_numbers_that_do_not_go_together_are_odd(tmp_path):
    people = "id,age,sex,offence,priors,disposal,first\na,24,M,theft,99,fine,14\n"
    people += "b,40,F,drugs,0,fine,20\nc,24,F,drugs,40,fine,12\nd,30,F,drugs,0,fine,30\n"
    first = mapping(age_at_first_sanction='from = "first"')
    odd = " ".join(read(tmp_path, first, people).report().odd)
    assert "previous_offences: 1 person with more than 4 a year since the age of 10" in odd
    assert "previous_offences: 1 person with 0, and a first sanction below the present age" in odd
