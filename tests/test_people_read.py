"""Files of people as analysts bring them: separators, encodings, workbooks, other formats."""

import contextlib
import datetime as dt
import gzip
import io

import openpyxl
import pandas as pd
import pytest

from pathsim.errors import InputError, InputWarning
from pathsim.people import Cohort
from pathsim.people.columns import FLAGS
from pathsim.people.workbook import read_workbook, text_of

TABLE = pd.DataFrame(
    {
        "id": ["a", "b", "c"],
        "age": [30, 41, 22],
        "sex": ["male", "female", "male"],
        "ethnicity": ["white", "other", "asian"],
        "area": ["bcp", "dorset", "bcp"],
        "offence_group": ["theft", "violence", "drugs"],
        "previous_offences": [3, 0, 12],
        "age_at_first_sanction": [20, 41, 15],
        "disposal": ["fine", "custody", "custody"],
        "sentence_days": [None, 120.5, 400.0],
        **{flag: ["yes", "no", "no"] for flag in FLAGS},
    }
)
PLAIN = TABLE.to_csv(index=False)


@pytest.fixture(scope="module")
def expected():
    return Cohort.from_frame(TABLE).frame


def written(tmp_path, data, name="people.csv"):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def same(path, expected):
    frame = Cohort.from_file(path).frame
    pd.testing.assert_frame_equal(frame, expected, check_dtype=False)


def test_a_plain_file_is_read_without_a_word(tmp_path, expected):
    same(written(tmp_path, PLAIN), expected)
    same(written(tmp_path, PLAIN.encode("utf-8-sig")), expected)
    same(written(tmp_path, PLAIN.replace("\n", "\r\n")), expected)


@pytest.mark.parametrize(
    ("separator", "words"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")]
)
def test_other_separators_are_read_with_a_note(tmp_path, expected, separator, words):
    path = written(tmp_path, TABLE.to_csv(index=False, sep=separator))
    with pytest.warns(InputWarning, match=f"people.csv: read with care: {words} stand between"):
        same(path, expected)


def test_a_decimal_comma_is_read_where_commas_separate_nothing(tmp_path, expected):
    path = written(tmp_path, TABLE.to_csv(index=False, sep=";", decimal=","))
    with pytest.warns(InputWarning, match="sentence_days: commas read as decimal marks"):
        same(path, expected)


def test_a_comma_that_may_be_one_of_thousands_is_refused(tmp_path):
    text = TABLE.to_csv(index=False, sep=";", decimal=",").replace("400,0", "1,400")
    with pytest.raises(InputError, match="sentence_days: must be a number; found '1,400'"):
        Cohort.from_file(written(tmp_path, text), few_cells=3)
    quoted = PLAIN.replace("120.5", '"120,5"')
    with pytest.raises(InputError, match="sentence_days: must be a number; found '120,5'"):
        Cohort.from_file(written(tmp_path, quoted), few_cells=3)


@pytest.mark.parametrize(
    ("encoding", "note"), [("cp1252", "not in UTF-8; it was read as Windows"), ("utf-16", "UTF-16")]
)
def test_other_encodings_are_read_with_a_note(tmp_path, encoding, note):
    path = written(tmp_path, PLAIN.replace("\na,", "\nZoë,").encode(encoding))
    with pytest.warns(InputWarning, match=note):
        assert Cohort.from_file(path).frame["id"][0] == "Zoë"


def workbook(rows, *, before=(), second=False):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (*before, *rows):
        sheet.append(row)
    if second:
        book.create_sheet("Notes").append(["not read"])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def rows_of(table):
    filled = table.astype(object).where(table.notna(), None)
    return [list(table.columns), *filled.to_numpy().tolist()]


def test_a_workbook_is_read_whatever_it_is_called(tmp_path, expected):
    same(written(tmp_path, workbook(rows_of(TABLE)), "people.xlsx"), expected)
    path = written(tmp_path, workbook(rows_of(TABLE), second=True), "people.csv")
    with pytest.warns(InputWarning, match="the sheet 'Sheet' was read; the others were not: 'Not"):
        same(path, expected)


def test_cells_of_a_workbook_are_text_at_their_rows_without_what_is_empty_around_them(tmp_path):
    cells = {
        None: "",
        True: "true",
        False: "false",
        7: "7",
        8.0: "8",
        2.5: "2.5",
        1e20: "1e+20",
        dt.datetime(2021, 4, 1, 12): "2021-04-01T12:00:00",
        "  a b ": "a b",
    }
    rows = [["head", None], [None, None], [*cells, None, None], ["", "  "], ["last"]]
    found, lines, notes = read_workbook(tmp_path, workbook(rows, before=[[None]]))
    width = len(cells)
    assert found == [
        ["head", *[""] * (width - 1)],
        list(cells.values()),
        ["last", *[""] * (width - 1)],
    ]
    assert lines.tolist() == [2, 4, 6]
    assert notes == ()


def test_a_whole_number_of_a_workbook_has_no_point_up_to_fifteen_digits():
    assert [text_of(each) for each in (8.0, -8.0, 0.5)] == ["8", "-8", "0.5"]
    assert text_of(999_999_999_999_999.0) == "999999999999999"
    assert [text_of(sign * 1e15) for sign in (1, -1)] == [
        "1000000000000000.0",
        "-1000000000000000.0",
    ]


@pytest.mark.parametrize("name", ["people.xlsx", "people.csv"])
def test_a_thousand_columns_are_read_and_one_more_is_too_many(tmp_path, name):
    for columns, said in ((1000, "remove it"), (1001, "1,000")):
        more = [f"x{number}" for number in range(columns - len(TABLE.columns))]
        table = pd.concat([TABLE, pd.DataFrame("1", index=TABLE.index, columns=more)], axis=1)
        assert len(table.columns) == columns
        data = workbook(rows_of(table)) if name == "people.xlsx" else table.to_csv(index=False)
        with pytest.raises(InputError, match=said) as refusal:
            Cohort.from_file(written(tmp_path, data, name))
        assert ("too" in str(refusal.value)) == (columns > 1000)


def test_a_sheet_of_as_many_cells_as_allowed_is_read_and_of_one_more_is_not(tmp_path, monkeypatch):
    data = workbook([["id", "age"], ["a", "30"], ["b", "41"]])
    monkeypatch.setattr("pathsim.people.workbook.MOST_CELLS", 6)
    assert len(read_workbook(tmp_path, data)[0]) == 3
    monkeypatch.setattr("pathsim.people.workbook.MOST_CELLS", 5)
    with pytest.raises(InputError, match=":3: the sheet 'Sheet' is too large"):
        read_workbook(tmp_path, data)


def test_a_formula_is_not_evaluated(tmp_path):
    rows = rows_of(TABLE.assign(age=["=10+20", 41, 22]))
    with pytest.raises(InputError, match="2: age: must not be empty"):
        Cohort.from_file(written(tmp_path, workbook(rows), "people.xlsx"))


def test_a_date_in_a_workbook_is_no_number_of_days(tmp_path):
    rows = rows_of(TABLE.assign(start_day=pd.Timestamp("2021-04-01")))
    with pytest.raises(InputError, match="start_day: must be a number; found '2021-04-01T00"):
        Cohort.from_file(written(tmp_path, workbook(rows), "people.xlsx"), few_cells=3)


def test_a_header_below_a_title_is_found_and_said(tmp_path):
    text = "Table 1: People sentenced,,,,,\n,,,,,\n" + PLAIN
    path = written(tmp_path, text)
    with pytest.raises(InputError) as caught:
        Cohort.from_file(path)
    message = "the header seems to be in row 3; remove the rows above it"
    assert str(caught.value) == f"{path}:3: {message}"
    book = workbook(rows_of(TABLE), before=[["Table 1"], []])
    with pytest.raises(InputError, match="the header seems to be in row 3"):
        Cohort.from_file(written(tmp_path, book, "people.xlsx"))


def test_a_header_has_two_known_names_at_least_and_the_first_row_one_at_most(tmp_path):
    for first, second, found in (
        ("age,x", "id,age", True),
        ("age,x", "id,x", False),
        ("id,age,x", "id,age,sex", False),
    ):
        with pytest.raises(InputError) as caught:
            Cohort.from_file(written(tmp_path, f"{first}\n{second}\n1,2\n"))
        assert ("the header seems to be in row 2" in str(caught.value)) == found


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (gzip.compress(PLAIN.encode()), "is compressed (gzip); unpack it first"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "is an old workbook (.xls); save it as .xlsx or .csv"),
        (b"PAR1" + bytes(100), "is Parquet; read it with pandas and give the frame as cohort"),
        (b"PK\x03\x04" + bytes(100), "is a damaged workbook or archive"),
        (b"\x89PNG\r\n" + bytes(100), "is not a table of text"),
    ],
)
def test_a_file_of_another_kind_is_refused_by_what_it_holds(tmp_path, data, message):
    path = written(tmp_path, data, "people.csv.gz")
    with pytest.raises(InputError) as caught:
        Cohort.from_file(path)
    assert str(caught.value).startswith(f"{path}: {message}")


def test_a_damaged_workbook_is_refused(tmp_path):
    whole = workbook(rows_of(TABLE))
    for cut in range(40, len(whole), len(whole) // 7):
        broken = whole[:cut] + bytes(20) + whole[cut + 20 :]
        path = written(tmp_path, broken, "people.xlsx")
        with contextlib.suppress(InputError):
            Cohort.from_file(path)


def test_without_openpyxl_a_workbook_is_refused_with_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr("pathsim.people.workbook.find_spec", lambda _: None)
    with pytest.raises(InputError, match=r"pip install 'offender-pathsim\[excel\]'"):
        Cohort.from_file(written(tmp_path, workbook(rows_of(TABLE)), "people.xlsx"))


def test_a_device_or_too_large_a_file_is_not_read(tmp_path, monkeypatch):
    with pytest.raises(InputError, match="/dev/zero: is a device, not a file; allowed: "):
        Cohort.from_file("/dev/zero")
    monkeypatch.setattr("pathsim.people.read.TABLE_BYTES", 10)
    with pytest.raises(InputError, match="is too large; allowed: at most 10 bytes"):
        Cohort.from_file(written(tmp_path, PLAIN))


def test_very_many_columns_are_refused_at_once(tmp_path):
    path = written(tmp_path, ",".join(f"c{n}" for n in range(5000)) + "\n")
    with pytest.raises(InputError, match="has too many columns; found 5000; allowed: up to 1,000"):
        Cohort.from_file(path)


@pytest.mark.parametrize(
    ("name", "words"), [("a\0b", "NUL"), ("x" * 5000, "is too long: a name in it has 5,000 bytes")]
)
def test_a_name_that_no_file_can_have_is_refused(name, words):
    with pytest.raises(InputError, match=words):
        Cohort.from_file(name)


def test_ids_that_a_merge_made_floats_are_whole_numbers(tmp_path):
    frame = Cohort.from_frame(TABLE.assign(id=[1.0, 2.0, 3.0])).frame
    assert frame["id"].tolist() == [1, 2, 3]
    path = written(tmp_path, TABLE.assign(id=[1.0, 2.0, 3.0]).to_csv(index=False))
    assert Cohort.from_file(path).frame["id"].tolist() == [1, 2, 3]
