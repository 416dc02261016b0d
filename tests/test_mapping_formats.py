"""Formats and layouts of files of people that a mapping reads."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pytest

from mapped_files import write
from pathsim.errors import InputError
from pathsim.people import Cohort
from pathsim.people.mapping import formats
from pathsim.people.mapping.formats import read_grid
from pathsim.people.mapping.layout import laid_out
from pathsim.people.mapping.parts import Reading

# Made-up people draw many warnings; those that matter are tried by name.
pytestmark = pytest.mark.filterwarnings("ignore::pathsim.errors.InputWarning")

PEOPLE = pd.DataFrame(
    {
        "Ref": ["a", "b", "c"],
        "Age": [30, 41, 22],
        "Sex": ["M", "F", "M"],
        "Offence": ["theft", "violence", "drugs"],
        "Priors": [3, 0, 12],
        "Disposal": ["fine", "custody", "custody"],
        "Days": [np.nan, 120.1, 400.0],
    }
)
MAPPING = """
columns.id.from = "Ref"
columns.age.from = "Age"
columns.sex.from = "Sex"
columns.offence_group.from = "Offence"
columns.previous_offences.from = "Priors"
columns.disposal.from = "Disposal"
columns.sentence_days.from = "Days"
"""


def ods(sheets):
    held = io.BytesIO()
    with pd.ExcelWriter(held, engine="odf") as writer:
        for name, (table, header) in sheets.items():
            table.to_excel(writer, sheet_name=name, index=False, header=header)
    return held.getvalue()


def workbook(rows, title="Sheet", before=None):
    book = openpyxl.Workbook()
    if before is not None:
        book.active.append(["not the people", "at all"])
        sheet = book.create_sheet(title)
    else:
        sheet = book.active
        sheet.title = title
    for row in rows:
        sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def rows_of(table):
    filled = table.astype(object).where(table.notna(), None)
    return [list(table.columns), *filled.to_numpy().tolist()]


def saved(method, **options):
    held = io.BytesIO()
    getattr(PEOPLE, method)(held, **options)
    return held.getvalue()


FILES = {
    "csv": PEOPLE.to_csv(index=False).encode(),
    "cp1252": PEOPLE.to_csv(index=False).encode("cp1252"),
    "utf-16": PEOPLE.to_csv(index=False).encode("utf-16"),
    "semicolons": PEOPLE.to_csv(index=False, sep=";", decimal=",").encode(),
    "xlsx": workbook(rows_of(PEOPLE)),
    "ods": ods({"People": (PEOPLE, True)}),
    "parquet": saved("to_parquet"),
    "dta": saved("to_stata", write_index=False),
}


def cohort_of(tmp_path, data, mapping=MAPPING, **options):
    file = write(tmp_path, data, "people.any")
    return Cohort.from_file(file, mapping=write(tmp_path, mapping, "m.toml"), **options)


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_format_gives_the_same_people_to_the_bit(tmp_path, name):
    frame = cohort_of(tmp_path, FILES[name]).frame
    assert frame["age"].tolist() == [30, 41, 22]
    assert frame["sex"].tolist() == ["male", "female", "male"]
    assert frame["previous_offences"].tolist() == [3, 0, 12]
    assert frame["sentence_days"].tolist() == [0.0, 120.1, 400.0]


def test_columns_of_fixed_width(tmp_path):
    text = "a  30M\nb  41F\nc  22M\n"
    head = "\n".join(
        f"[[read.fixed]]\nname = '{name}'\nfrom = {first}\nto = {last}"
        for name, first, last in (("Ref", 1, 3), ("Age", 4, 5), ("Sex", 6, 6))
    )
    rest = """
    [columns.id]
    from = "Ref"
    [columns.age]
    from = "Age"
    [columns.sex]
    from = "Sex"
    [columns.offence_group]
    for_all = "theft"
    [columns.previous_offences]
    for_all = 2
    [columns.disposal]
    for_all = "fine"
    """
    frame = cohort_of(tmp_path, text, head + rest).frame
    assert frame["id"].tolist() == ["a", "b", "c"]
    assert frame["age"].tolist() == [30, 41, 22]
    assert frame["sex"].tolist() == ["male", "female", "male"]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_sheet_is_chosen_by_name_and_a_wrong_one_gets_the_nearest(tmp_path, kind):
    notes = pd.DataFrame([["not the people", "at all"]])
    data = {
        "xlsx": workbook(rows_of(PEOPLE), "People", before=True),
        "ods": ods({"Notes": (notes, False), "People": (PEOPLE, True)}),
    }[kind]
    chosen = '[read]\nsheet = "People"\n[columns]\n' + MAPPING.replace("columns.", "")
    assert len(cohort_of(tmp_path, data, chosen)) == 3
    with pytest.raises(InputError, match="no sheet of this name; did you mean 'People'"):
        cohort_of(tmp_path, data, chosen.replace('"People"', '"Poeple"'))


def test_a_sheet_of_a_file_without_sheets_is_refused(tmp_path):
    with pytest.raises(InputError, match="sheet: has no sheets"):
        cohort_of(
            tmp_path,
            FILES["csv"],
            '[read]\nsheet = "A"\n[columns]\nage.for_all = 3\n'
            + MAPPING.replace("columns.", "").replace('age.from = "Age"', ""),
        )


def test_a_header_of_two_rows_is_joined_where_names_stand_twice(tmp_path):
    data = "Person,,First,,Second,\nId,Sex,Date,Days,Date,Days\n1,M,x,2,y,3\n2,F,x,2,y,3\n"
    file = write(tmp_path, data)
    laid = laid_out(file, read_grid(file, Reading()), Reading())
    names = ["Id", "Sex", "First: Date", "First: Days", "Second: Date", "Second: Days"]
    assert laid.table.columns.to_list() == names
    assert "the header has two rows, 1 and 2, which were joined" in laid.notes


def test_a_table_without_a_header_is_refused_without_a_cell(tmp_path):
    file = write(tmp_path, "S3CRET1,30,male,3\nS3CRET2,31,male,4\n")
    with pytest.raises(InputError, match="no row looks like a header") as refusal:
        Cohort.draft(file)
    assert "S3CRET" not in str(refusal.value)
    with pytest.raises(InputError, match="does not look like a header") as refusal:
        Cohort.draft(file, header_row=2)
    assert "S3CRET" not in str(refusal.value)


def test_the_row_of_the_header_can_be_said(tmp_path):
    text = "a,b,c\nd,e,f\nRef,Sex,Team\nx1,M,North\nx2,F,South\n"
    file = write(tmp_path, text)
    reading = Reading(header_row=3)
    laid = laid_out(file, read_grid(file, reading), reading)
    assert laid.table.columns.to_list() == ["Ref", "Sex", "Team"]
    assert laid.lines.tolist() == [4, 5]
    with pytest.raises(InputError, match="header_row: has no such row; found 9; allowed: a filled"):
        Cohort.draft(file, header_row=9)


def test_lines_are_those_of_the_file_where_a_cell_has_several(tmp_path):
    text = 'Ref,Note,Sex\n1,"two\nlines",M\n2,one,F\n'
    file = write(tmp_path, text)
    laid = laid_out(file, read_grid(file, Reading()), Reading())
    assert laid.lines.tolist() == [2, 4]


def test_a_very_long_cell_of_several_lines_is_read(tmp_path):
    note = "a line\n" * 30_000
    file = write(tmp_path, f'Ref,Sex,Note\n1,M,"{note}"\n2,F,one\n')
    laid = laid_out(file, read_grid(file, Reading()), Reading())
    assert laid.table["Sex"].tolist() == ["M", "F"]


def test_a_person_of_one_filled_cell_at_the_end_is_said_to_be_left_out(tmp_path):
    file = write(tmp_path, "Ref,Sex,Team\n1,M,x\n2,F,y\n3,,\n")
    laid = laid_out(file, read_grid(file, Reading()), Reading())
    assert len(laid.table) == 2
    assert any("left out: 1 row (4)" in note for note in laid.notes)
    kept = laid_out(file, read_grid(file, Reading()), Reading(last_rows_left_out=0))
    assert len(kept.table) == 3


def test_a_column_without_a_name_is_said_not_to_be_read(tmp_path):
    file = write(tmp_path, "Ref,Sex,,Team,\n1,M,x,y,\n2,F,x,y,\n")
    laid = laid_out(file, read_grid(file, Reading()), Reading())
    assert laid.table.columns.to_list() == ["Ref", "Sex", "Team"]
    assert "columns that have no name in the header are not read: 3" in laid.notes


def test_cells_to_the_right_of_a_workbooks_header_are_refused_unless_ignored(tmp_path):
    rows = [PEOPLE.columns.tolist(), *PEOPLE.astype(object).fillna("").to_numpy().tolist()]
    rows[2] += ["", "seen twice"]
    rows[3] += ["late"]
    file = write(tmp_path, workbook(rows), "people.xlsx")
    said = (
        r"people\.xlsx:3: has cells to the right of the 7 of the header; so have 1 more row; "
        r"allowed: a name above each, or beyond_header = \"ignore\" under \[read\] of a mapping"
    )
    mapping = write(tmp_path, MAPPING, "mapping.toml")
    with pytest.raises(InputError, match=said) as refused:
        Cohort.from_file(file, mapping=mapping)
    assert "seen twice" not in str(refused.value)
    draft = Cohort.draft(file)
    assert draft.questions["read.beyond_header"] == (
        "2 rows are wider than the header: ignore | refuse"
    )
    write(tmp_path, 'read.beyond_header = "ignore"\n' + MAPPING, "mapping.toml")
    assert len(Cohort.from_file(file, mapping=mapping)) == 3
    write(tmp_path, 'read.beyond_header = "?"\n' + MAPPING, "mapping.toml")
    with pytest.raises(InputError, match="answer it; allowed: ignore, refuse"):
        Cohort.from_file(file, mapping=mapping)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PAR1 and no more", "is a damaged Parquet file"),
        (b"<stata_dta>and no more", "is a damaged Stata file"),
        (b"$FL2@(#)", "is of SPSS"),
        (b"", "the table is empty"),
        (b"\0\1\2", "is not a table of text"),
        (FILES["ods"][:500], "is a damaged workbook"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path, data, said):
    with pytest.raises(InputError, match=f"^{tmp_path}/.*{said}"):
        cohort_of(tmp_path, data)


def test_a_format_whose_package_is_missing_says_which_extra_brings_it(tmp_path, monkeypatch):
    monkeypatch.setattr(formats, "find_spec", lambda name: None)
    for name, package in (("ods", "odf"), ("parquet", "pyarrow")):
        with pytest.raises(InputError, match=rf"needs {package}; .*offender-pathsim\[files\]"):
            cohort_of(tmp_path, FILES[name])


def test_a_small_file_that_stands_for_a_billion_cells_is_refused(tmp_path):
    whole = zipfile.ZipFile(io.BytesIO(FILES["ods"]))
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as bomb:
        for part in whole.infolist():
            data = whole.read(part)
            if part.filename == "content.xml":
                data = data.replace(
                    b"<table:table-row", b'<table:table-row table:number-rows-repeated="1000000000"'
                )
            bomb.writestr(part, data)
    with pytest.raises(InputError, match="is too large; allowed: up to 25,000,000 cells"):
        cohort_of(tmp_path, held.getvalue())


def test_very_many_columns_are_refused(tmp_path):
    text = ",".join(f"c{n}" for n in range(1001)) + "\n" + ",".join("x" for _ in range(1001))
    with pytest.raises(InputError, match="has too many columns"):
        cohort_of(tmp_path, text)


def test_a_person_s_row_below_a_title_is_no_header(tmp_path):
    file = write(tmp_path, "Our people\n\nx1,M,North,South,7\nx2,F,South,North,8\n")
    with pytest.raises(InputError, match="no row looks like a header"):
        Cohort.draft(file)


def book_with_a_hidden_sheet():
    book = openpyxl.Workbook()
    lookup, people = book.active, book.create_sheet("People")
    lookup.title, lookup.sheet_state = "Lookup", "hidden"
    lookup.append(["code", "words"])
    lookup.append(["M", "male"])
    for row in rows_of(PEOPLE):
        people.append(row)
    people.row_dimensions[3].hidden = True
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def test_a_hidden_sheet_is_not_read_and_hidden_rows_are_told(tmp_path):
    cohort = cohort_of(tmp_path, book_with_a_hidden_sheet())
    assert cohort.frame["age"].tolist() == [30, 41, 22]
    notes = cohort.report().notes
    assert "1 row is hidden in the sheet, and read: 3" in notes
    assert "the sheet 'People' was read; the others were not: 'Lookup'" in notes


def test_what_an_opendocument_table_hides_is_known_as_well(tmp_path):
    data = ods({"Lookup": (PEOPLE.head(1), True), "People": (PEOPLE, True)})
    style = (
        b'<style:style xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
        b'style:name="t1" style:family="table"><style:table-properties table:display="false"/>'
        b"</style:style></office:automatic-styles>"
    )
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as parts, zipfile.ZipFile(held, "w") as hiding:
        for part in parts.infolist():
            text = parts.read(part)
            if part.filename == "content.xml":
                text = text.replace(
                    b"<office:automatic-styles/>", b"<office:automatic-styles>" + style
                )
                text = text.replace(b'name="Lookup"', b'name="Lookup" table:style-name="t1"')
                head, tail = text.split(b'name="People"')
                rows = tail.split(b"<table:table-row>")
                tail = b"<table:table-row>".join(rows[:3])
                tail += b'<table:table-row table:visibility="filter">'
                tail += b"<table:table-row>".join(rows[3:])
                text = head + b'name="People"' + tail
            hiding.writestr(part, text)
    cohort = cohort_of(tmp_path, held.getvalue())
    assert len(cohort) == 3
    assert "1 row is hidden in the sheet, and read: 3" in cohort.report().notes


def test_a_person_s_row_that_is_taken_for_a_header_is_not_shown(tmp_path):
    text = "SECRETa,SECRETb,Ageing,theft,Prior,SECRETb,Dayz\n" + "x,y,z,theft,v,fine,w\n" * 5
    for line in (text, text.replace("SECRETb,Dayz", "other,Dayz")):
        with pytest.raises(InputError) as refusal:
            cohort_of(tmp_path, line.encode())
        assert "SECRET" not in str(refusal.value)
        assert "Ageing" not in str(refusal.value)
    assert "7, not shown, as row 1 may be no header" in str(refusal.value)
