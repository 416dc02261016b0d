"""A table that cannot be used is refused with every problem, its place and what is allowed."""

import re
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pathsim.errors import InputError
from pathsim.people import Cohort

DATA = Path(__file__).parent / "data" / "people"
ALLOWED = "a table of people, .csv or .xlsx"
HEAD = "id,age,sex,offence_group,previous_offences,disposal"
GOOD = {
    "id": [1, 2],
    "age": [30, 40],
    "sex": ["male", "female"],
    "offence_group": ["theft", "theft"],
    "previous_offences": [1, 2],
    "disposal": ["fine", "fine"],
}


def refused(source):
    """What is said to somebody who asks for the cells of a few rows."""
    in_file = partial(Cohort.from_file, few_cells=3)
    read = Cohort.from_frame if isinstance(source, pd.DataFrame) else in_file
    with pytest.raises(InputError) as caught:
        read(source)
    return [str(problem) for problem in caught.value.problems]


def csv_of(tmp_path, text):
    path = tmp_path / "people.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_bad_file_is_refused_with_every_problem_at_its_line():
    groups = (
        "violence, sexual, robbery, theft, criminal_damage, drugs, weapons, public_order, "
        "miscellaneous, fraud, summary_non_motoring, summary_motoring"
    )
    theft = "did you mean 'theft'?"
    path = DATA / "bad.csv"
    assert refused(path) == [
        f"{path}:2: offence_group: unknown level; {theft}; found 'thft'; allowed: {groups}",
        f"{path}:2: age: must be a whole number; found 'thirty'; allowed: 10 to 110",
        f"{path}:3: id: the id is there twice; found 'a'",
        f"{path}:3: sex: unknown level; did you mean 'male'?; found 'mle'; allowed: male, female",
        f"{path}:3: age: must be a whole number; found '30.5'; allowed: 10 to 110",
        f"{path}:3: previous_offences: is out of range; found '-1'; allowed: 0 to 1000",
        f"{path}:3: sentence_days: must be a number; found 'inf'; allowed: 0 to 36525",
        f"{path}:3: start_day: must be a number; found 'nan'; allowed: 0 to 18262",
        f"{path}:4: id: the id is empty",
        f"{path}:4: offence_group: must not be empty; allowed: {groups}",
        f"{path}:4: age: is out of range; found '9'; allowed: 10 to 110",
        f"{path}:4: sentence_days: must be 0 or empty without custody; found '3'",
        f"{path}:6: age: is out of range; found '111'; allowed: 10 to 110",
        f"{path}:6: start_day: is out of range; found '-1'; allowed: 0 to 18262",
    ]


def test_a_missing_column_is_named_with_the_nearest_one_there_is(tmp_path):
    path = csv_of(tmp_path, "id,age,sex,offence_group,previous,disposal\n1,30,male,theft,0,fine\n")
    assert refused(path) == [
        f"{path}: previous_offences: the column is missing; did you mean 'previous'?",
        f"{path}: previous: unknown column; did you mean 'previous_offences'?",
    ]


def test_an_unknown_column_is_refused(tmp_path):
    path = csv_of(tmp_path, f"{HEAD},zzz\n1,30,male,theft,0,fine,4\n")
    assert refused(path) == [f"{path}: zzz: unknown column; remove it"]


def test_custody_needs_the_column_of_lengths(tmp_path):
    path = csv_of(tmp_path, f"{HEAD}\n1,30,male,theft,0,fine\n2,30,male,theft,0,custody\n")
    missing = "sentence_days: the column is missing and somebody's disposal is custody"
    assert refused(path) == [f"{path}:3: {missing}"]


def test_a_misspelt_disposal_is_one_problem_whatever_its_length(tmp_path):
    path = csv_of(tmp_path, f"{HEAD},sentence_days\n1,30,male,theft,0,custdy,90\n")
    (problem,) = refused(path)
    assert problem.startswith(f"{path}:2: disposal: unknown level; did you mean 'custody'?")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the table is empty"),
        (f"{HEAD}\n", "the table has no people"),
        (f"{HEAD}\n\n\n", "the table has no people"),
        (b"id,age\n\x81\x8d,3\n", f"is not text in UTF-8 or Windows-1252; allowed: {ALLOWED}"),
        (b"id,age\n\0,3\n", f"is not a table of text; allowed: {ALLOWED}"),
        (f"{HEAD}\n1,2\n1,2,3,4,5,6,7,8\n", ":3: has 8 cells, more than the 6 of the header"),
        (
            f"{HEAD}\n1,30,male,theft,0,fine,3\n",
            ":2: has 7 cells, more than the 6 of the header",
        ),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path, text, problem):
    path = csv_of(tmp_path, text)
    place = "" if problem.startswith(":") else ": "
    assert refused(path) == [f"{path}{place}{problem}"]


def test_a_missing_file_is_refused(tmp_path):
    path = tmp_path / "none.csv"
    assert refused(path) == [f"{path}: no such file"]
    assert refused(tmp_path) == [f"{tmp_path}: is a directory, not a file; allowed: {ALLOWED}"]


@pytest.mark.parametrize(
    ("column", "cells", "problem"),
    [
        ("age", [30, np.nan], "age: must not be empty (row 1); allowed: 10 to 110"),
        ("age", [30, np.inf], "age: must be a whole number (row 1); found inf; allowed: 10 to 110"),
        ("age", [30, -3], "age: is out of range (row 1); found -3; allowed: 10 to 110"),
        (
            "age",
            pd.to_datetime(["2020-01-01", "2020-01-02"]),
            "age: must be a whole number (row 0); found 2020-01-01T00:00:00; allowed: 10 to 110",
        ),
        ("id", [1, 1], "id: the id is there twice (row 1); found 1"),
        ("id", ["a", None], "id: the id is empty (row 1)"),
        ("id", ["a", "  "], "id: the id is empty (row 1)"),
        ("id", [1.5, 2.0], "id: ids must be whole numbers or text (row 0); found 1.5"),
        ("id", ["a", 2], "id: ids must be all whole numbers or all text (row 1); found 2"),
        ("sex", ["male", 3], "sex: unknown level (row 1); found 3; allowed: male, female"),
        (
            "previous_offences",
            ["1-2", "3"],
            "previous_offences: must be a whole number (row 0); found '1-2'; allowed: 0 to 1000",
        ),
        (
            "age_at_first_sanction",
            [31, 40],
            "age_at_first_sanction: is higher than the age (row 0); found 31; allowed: to age",
        ),
        (
            "risk_two_year_percent",
            [50, 101],
            "risk_two_year_percent: is out of range (row 1); found 101; allowed: 0 to 99.9",
        ),
        (
            "need_health",
            ["maybe", "yes"],
            "need_health: must be true or false (row 0); found 'maybe'; "
            "allowed: true, false, yes, no, 1, 0",
        ),
    ],
)
def test_a_wrong_cell_is_refused(column, cells, problem):
    assert refused(pd.DataFrame(GOOD | {column: cells}))[0] == problem


@pytest.mark.parametrize("empty", [None, np.nan, pd.NA, pd.NaT, "", "  "], ids=repr)
@pytest.mark.parametrize("column", ["id", "age", "sex", "disposal"])
def test_a_cell_that_must_not_be_empty_is_told_without_a_value_however_it_is_empty(column, empty):
    table = pd.DataFrame(GOOD | {"id": ["a", "b"]}).astype(object)
    table.loc[1, column] = empty
    (problem,) = refused(table)
    assert re.match(rf"{column}: (the id is|must not be) empty \(row 1\)(; allowed: |$)", problem)


class SaysYes:
    """Something that writes itself like a truth."""

    def __str__(self):
        return "yes"


SEVERAL = {
    "list": ["male"],
    "tuple": ("male",),
    "set": {"male"},
    "dict": {"male": 1},
    "array": np.array(["male"]),
    "array of one": np.array("male"),
    "series": pd.Series(["male"]),
    "object": SaysYes(),
}


@pytest.mark.parametrize("cell", SEVERAL.values(), ids=SEVERAL)
@pytest.mark.parametrize("column", ["id", "sex", "age", "domestic_abuse", "start_day"])
def test_a_cell_of_several_values_is_refused_at_its_column_and_row(column, cell):
    table = pd.DataFrame(GOOD).assign(domestic_abuse="no", start_day=1.0)
    cells = table[column].to_list()
    cells[1] = cell
    table[column] = pd.Series(cells, dtype=object)
    (problem,) = refused(table)
    assert problem.startswith(f"{column}: must hold one value (row 1); found ")
    assert "; allowed: " in problem


def test_a_column_of_lists_is_one_problem():
    table = pd.DataFrame({name: cells * 4 for name, cells in GOOD.items()})
    table["sex"] = pd.Series([["male"]] * 8)
    assert refused(table) == [
        "sex: must hold one value in 8 rows: 0, 1, 2, …; "
        "values: \"['male']\" (8); allowed: male, female"
    ]


@pytest.mark.parametrize("text", ["['male']", "{'male'}", "('male',)", '["male"]', "[male]"])
def test_a_text_that_writes_out_several_values_is_no_level(text):
    table = pd.DataFrame(GOOD).assign(sex=["male", text])
    (problem,) = refused(table)
    assert problem.startswith("sex: unknown level")
    assert "(row 1)" in problem


def test_true_is_not_an_age():
    table = pd.DataFrame(GOOD | {"age": [True, False]})
    assert [problem.split(";")[0] for problem in refused(table)] == [
        "age: must be a whole number (row 0)",
        "age: must be a whole number (row 1)",
    ]


def test_a_column_that_is_there_twice_is_refused():
    table = pd.concat([pd.DataFrame(GOOD), pd.DataFrame({"age": [1, 2]})], axis=1)
    assert refused(table) == ["age: the column is there twice"]


def test_many_cells_with_one_kind_of_problem_are_one_problem(tmp_path):
    rows = "".join(f"{n},30,male,theft,0,{'fined' if n % 3 else 'cutody'}\n" for n in range(50))
    path = csv_of(tmp_path, f"{HEAD}\n{rows}")
    assert refused(path) == [
        f"{path}:2: disposal: unknown level in 50 rows: 2, 3, 4, …; values: 'fined' (33), "
        "'cutody' (17); did you mean 'fine'?; did you mean 'custody'?; allowed: caution, "
        "discharge, fine, community_order, suspended_sentence, custody, other"
    ]


def test_three_cells_with_one_kind_of_problem_are_reported_one_by_one():
    table = pd.DataFrame({key: [*cells, *cells] for key, cells in GOOD.items()})
    table["id"] = range(4)
    table["age"] = [9, 30, 111, 112]
    where = [problem.split("(")[1][:5] for problem in refused(table)]
    assert where == ["row 0", "row 2", "row 3"]
    table["age"] = [9, 8, 111, 112]
    assert refused(table) == ["age: is out of range in 4 rows: 0, 1, 2, …; allowed: 10 to 110"]


def test_at_most_twenty_problems_are_reported():
    table = pd.DataFrame(GOOD | {f"column{n}": [1, 2] for n in range(50)})
    problems = refused(table)
    assert len(problems) == 21
    assert problems[-1] == "and 30 more problems"


@pytest.mark.filterwarnings("ignore:.*assumed, where:pathsim.errors.InputWarning")
@pytest.mark.parametrize(("ids", "read"), [("5 3", [5, 3]), ("05 3", ["05", "3"])])
def test_ids_are_integers_when_all_are_written_so(tmp_path, ids, read):
    first, second = ids.split()
    path = csv_of(tmp_path, f"{HEAD}\n{first},30,male,theft,0,fine\n{second},30,male,theft,0,fine")
    assert Cohort.from_csv(path).frame["id"].tolist() == read


def test_a_value_of_a_file_is_named_only_where_three_rows_have_it(tmp_path):
    many = pd.concat([pd.DataFrame(GOOD)] * 3, ignore_index=True).assign(id=range(6))
    file = tmp_path / "people.csv"
    many.assign(sex=["Janeway"] * 2 + ["male"] * 4).to_csv(file, index=False)
    with pytest.raises(InputError, match="sex: unknown level in 2 rows: 2, 3") as told:
        Cohort.from_file(file)
    assert "Janeway" not in str(told.value)
    many.assign(sex=["mle"] * 3 + ["fmale"] * 2 + ["male"]).to_csv(file, index=False)
    with pytest.raises(InputError, match=r"values: 'mle' \(3\) and 1 more; did you mean") as told:
        Cohort.from_csv(file)
    assert "fmale'" not in str(told.value).replace("'female'", "")
