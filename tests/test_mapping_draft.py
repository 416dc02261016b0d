"""What a draft asks where a file has codes, or a few cells in another form."""

from __future__ import annotations

import json
import tomllib

import pytest

from mapped_files import answered, write
from pathsim.cli import main
from pathsim.errors import InputError
from pathsim.people import Cohort

# Made-up people draw many warnings; those that matter are tried by name.
pytestmark = pytest.mark.filterwarnings("ignore::pathsim.errors.InputWarning")

NEEDS = ("accommodation", "employment", "health", "drugs", "finance", "family", "attitudes")


def table(rows=20, **columns):
    """Return a file of people; a column is text by row, repeated in turn."""
    plain = {
        "id": [f"p{n}" for n in range(rows)],
        "age": ["30", "41", "22"],
        "sex": ["M", "F"],
        "offence": ["theft", "drugs"],
        "disposal": ["custody", "fine"],
    }
    wanted = {name: cells for name, cells in {**plain, **columns}.items() if cells}
    lines = [",".join(wanted)]
    for row in range(rows):
        cells = (each[row % len(each)] for each in wanted.values())
        lines.append(",".join(f'"{cell}"' if "," in cell else cell for cell in cells))
    return "\n".join(lines) + "\n"


def drafted(tmp_path, **columns):
    return Cohort.draft(write(tmp_path, table(**columns)))


def test_codes_of_sex_and_ethnicity_are_asked_for_one_by_one(tmp_path):
    draft = drafted(tmp_path, sex=None, Gender=["1", "2"], ethnicity=["1", "2", "9", "NK"])
    asked = set(draft.questions)
    assert {"columns.sex.values.1", "columns.sex.values.2"} <= asked
    assert {f"columns.ethnicity.values.{code}" for code in "129"} <= asked
    assert tomllib.loads(draft.text)["columns"]["ethnicity"]["unknown"] == ["NK"]
    assert "no column holds it" not in draft.text.split("[columns.offence_group]")[0]
    answers = {"columns.sex.values.1": '"male"', "columns.sex.values.2": '"female"'}
    answers |= {f"columns.ethnicity.values.{code}": '"white"' for code in "129"}
    answers |= {"for_all": "3", "if_unknown": '"missing"', "sentence_days": '"days"'}
    mapping = write(tmp_path, answered(draft.text, answers), "m.toml")
    frame = Cohort.from_file(tmp_path / "people.csv", mapping=mapping).frame
    assert frame["sex"].tolist()[:2] == ["male", "female"]


def test_grades_of_a_need_are_asked_for(tmp_path):
    needs = {name: ["0", "1", "2"] for name in NEEDS} | {"drugs": ["No problems", "Severe"]}
    draft = drafted(tmp_path, **needs)
    assert draft.left_out == ()
    asked = [key for key in draft.questions if key.startswith("columns.need_")]
    assert len(asked) == 6 * 3 + 2
    assert "needs.if_unknown" not in draft.questions


MOST = [str(n) for n in range(1, 20)]


def test_a_cell_in_another_form_does_not_lose_a_column(tmp_path):
    draft = drafted(
        tmp_path,
        **{
            "Prior convictions": ["0", *MOST[1:], "1,0"],
            "OGRS3 1yr": [*(f"{n}.5" for n in MOST), "61,5%"],
        },
    )
    said = tomllib.loads(draft.text)
    assert said["columns"]["previous_offences"]["from"] == "Prior convictions"
    assert said["columns"]["risk_one_year_percent"]["from"] == "OGRS3 1yr"
    assert said["read"]["decimal"] == ","
    text = answered(draft.text, {"if_unknown": '"missing"'})
    file = tmp_path / "people.csv"
    frame = Cohort.from_file(file, mapping=write(tmp_path, text, "m.toml")).frame
    assert frame["risk_one_year_percent"].tolist()[-1] == 61.5
    assert frame["previous_offences"].tolist()[-1] == 1


def test_lengths_with_commas_between_thousands_are_a_question(tmp_path):
    draft = drafted(
        tmp_path,
        disposal=["custody"],
        priors=["0", "3"],
        Custody=[*(str(40 * n + 90) for n in range(19)), "1,234"],
    )
    assert {"read.decimal", "columns.sentence_days.unit"} <= set(draft.questions)
    answers = {"decimal": '"."', "unit": '"days"', "if_unknown": '"missing"'}
    text = answered(draft.text, answers)
    file = tmp_path / "people.csv"
    cohort = Cohort.from_file(file, mapping=write(tmp_path, text, "m.toml"))
    assert len(cohort) == 20
    with pytest.raises(InputError, match=r'read.decimal: is a question .*allowed: "." or ","'):
        Cohort.from_file(file, mapping=write(tmp_path, draft.text, "m.toml"))


def test_words_among_numbers_are_for_unknown_or_asked_about(tmp_path):
    draft = drafted(tmp_path, age=[*(["30", "41"] * 9), "Not known", "S3CRET"], priors=["0", "2"])
    age = tomllib.loads(draft.text)["columns"]["age"]
    assert age["unknown"] == "?"
    assert 'such as ["Not known"]' in draft.questions["columns.age.unknown"]
    assert "S3CRET" not in draft.text


def test_a_column_that_is_left_out_though_its_name_fits_says_why(tmp_path):
    draft = drafted(tmp_path, **{"Prior convictions": ["some", "1", "many"]})
    left = dict(draft.left_out)
    assert left["Prior convictions"].endswith(
        "; the name speaks of previous_offences, but 13 of 20 cells are no numbers"
    )
    assert left["Prior convictions"] in draft.text


def test_a_name_alone_is_no_need_and_a_band_of_risks_says_why_it_is_left(tmp_path):
    draft = drafted(tmp_path, **{"Family Name": ["Able", "No fixed", "Low"], "Risk band": ["High"]})
    left = dict(draft.left_out)
    assert left["Family Name"] == "text, 3 values"
    why = "the name speaks of risk_two_year_percent, but 20 of 20 cells are no numbers"
    assert left["Risk band"] == f"text, 1 value; {why}"


def test_a_label_that_few_rows_have_is_written_and_not_shown(tmp_path, capsys, monkeypatch):
    offences = ["theft", "drugs"] * 8 + ["S3CRET", "S4CRET", "Whatever"] + ["Whatever"] * 9
    draft = drafted(tmp_path, rows=28, offence=offences)
    assert "columns.offence_group.values.S3CRET" in draft.questions
    assert '"S3CRET"' in draft.text or "\nS3CRET =" in draft.text
    assert "Whatever" in str(draft)
    assert "# 2 labels that fewer than 3 rows have: not shown" in str(draft)
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "mapping.toml"
    told = str(draft) + repr(draft) + draft._repr_html_() + json.dumps(draft.to_dict())
    for options in ([], ["--json"], ["--out", str(file)]):
        assert main(["cohort", "draft", "people.csv", *options]) == 0
    assert main(["cohort", "check", "people.csv", "--mapping", "mapping.toml"]) == 2
    printed = capsys.readouterr()
    assert "CRET" not in told + printed.out + printed.err
    assert "columns.offence_group.values: is a question of the draft: answer it for 3 labels" in (
        printed.err
    )
    assert "S3CRET" in file.read_text()
