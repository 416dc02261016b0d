"""A table of what happened: how it is read, what is refused, and that no cell is shown."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import pathsim as ps
from made_people import CANARY, cohort_of, made_table
from pathsim.people.observed import observed_of

WITHIN = 365.0
SECRET = "secret-cell"


@pytest.fixture(scope="module")
def people():
    return cohort_of(made_table(6))


def table(**columns: list[object]) -> pd.DataFrame:
    ids = [f"{CANARY}-{number}" for number in range(len(next(iter(columns.values()))))]
    return pd.DataFrame({"id": ids, **columns})


def test_yes_and_no_count_and_what_is_not_known_does_not(people):
    found = observed_of(
        table(reoffended=["yes", "no", "", "N/A", "1", "0"]), people, within_days=WITHIN
    )
    assert found.known.tolist() == [True, True, False, False, True, True]
    assert found.counts.tolist() == found.known.tolist()
    assert found.reoffended.tolist() == [True, False, False, False, True, False]
    assert not found.timed


def test_days_say_who_reoffended_and_who_was_followed_for_too_short_a_time(people):
    found = observed_of(
        table(
            days=[100.0, 365.0, 366.0, np.nan, np.nan, 100.0],
            followed_days=[400.0, 365.0, 400.0, 364.0, 365.0, 200.0],
        ),
        people,
        within_days=WITHIN,
    )
    assert found.reoffended.tolist() == [True, True, False, False, False, True]
    assert found.counts.tolist() == [True, True, True, False, True, False]
    assert found.days.tolist() == [100.0, 365.0, 365.0, 364.0, 365.0, 100.0]
    assert found.timed
    assert not found.cut_at_reoffence.any()


def test_whose_follow_up_ends_with_the_reoffence_counts_and_is_said(people):
    found = observed_of(
        table(days=[100.0] + [np.nan] * 5, followed_days=[100.0] + [50.0] * 5),
        people,
        within_days=WITHIN,
    )
    assert found.cut_at_reoffence.tolist() == [True] + [False] * 5
    assert found.counts.tolist() == [True] + [False] * 5


def test_rows_find_their_people_in_any_order_and_others_are_counted(people):
    rows = table(days=[10.0, 20.0, 30.0]).iloc[::-1]
    stranger = pd.DataFrame({"id": ["nobody"], "days": [5.0]})
    found = observed_of(pd.concat([rows, stranger]), people, within_days=WITHIN)
    assert found.days[:3].tolist() == [10.0, 20.0, 30.0]
    assert found.known.tolist() == [True] * 3 + [False] * 3
    assert found.others == 1


def test_a_file_is_read_as_the_table_is(people, tmp_path):
    rows = table(days=[10.0, np.nan, 30.0], followed_days=[400.0] * 3)
    file = tmp_path / "happened.csv"
    rows.rename(columns={"followed_days": "Followed Days"}).to_csv(file, index=False)
    from_file = observed_of(file, people, within_days=WITHIN)
    from_table = observed_of(rows, people, within_days=WITHIN)
    assert from_file.days.tolist() == pytest.approx(from_table.days.tolist(), nan_ok=True)
    assert from_file.counts.tolist() == from_table.counts.tolist()


def test_whole_ids_are_the_same_in_a_file_and_in_a_table(tmp_path):
    people = cohort_of(made_table(3).assign(id=[7, 8, 9]))
    file = tmp_path / "happened.csv"
    file.write_text("id,reoffended\n9,yes\n7.0,no\n8,no\n", encoding="utf-8")
    with pytest.raises(ps.InputError, match="none of the ids"):
        observed_of(pd.DataFrame({"id": [1], "reoffended": [True]}), people, within_days=WITHIN)
    for source in (file, pd.DataFrame({"id": [9.0, 7.0, 8.0], "reoffended": [True, False, False]})):
        found = observed_of(source, people, within_days=WITHIN)
        assert found.reoffended[2]
        assert found.known.sum() >= 2


BAD = {
    "is no number of days": table(days=[SECRET, "1"]),
    "0 to 36,525": table(days=[-1.0, 5.0]),
    "must be yes or no": table(reoffended=[SECRET, "no"]),
    "the column is missing, and days is too": table(followed_days=[10.0]),
    "unknown column; did you mean 'reoffended'": table(reofended=["yes"], days=[1.0]),
    "is after the end of followed_days": table(days=[100.0], followed_days=[99.0]),
    "says no, which does not go with days": table(days=[100.0], reoffended=["no"]),
    "says yes, which does not go with days": table(days=[400.0], reoffended=["yes"]),
    "has no rows": table(days=[1.0]).iloc[:0],
    "the id is there twice": table(days=[1.0, 2.0]).assign(id=f"{CANARY}-1"),
    "the id is there twice, in 1 row": table(days=[1.0, 2.0]).assign(id=["b", " b"]),
    "the id is no whole number": table(days=[1.0, 2.0]).assign(id=[1.5, 2.0]),
    "the id is empty": table(days=[1.0, 2.0]).assign(id=[f"{CANARY}-1", ""]),
    "the column is there twice": pd.DataFrame([["a", 1.0, 2.0]], columns=["id", "days", "days"]),
}


@pytest.mark.parametrize("message", BAD)
def test_bad_tables_are_refused_without_any_cell_of_theirs(people, message, tmp_path):
    with pytest.raises(ps.InputError, match=message) as refused:
        observed_of(BAD[message], people, within_days=WITHIN)
    assert CANARY not in str(refused.value)
    assert SECRET not in str(refused.value)
    file = tmp_path / "happened.csv"
    BAD[message].to_csv(file, index=False)
    with pytest.raises(ps.InputError) as refused:
        observed_of(file, people, within_days=WITHIN)
    assert str(file) in str(refused.value)
    assert CANARY not in str(refused.value)
    assert SECRET not in str(refused.value)


def test_what_was_read_with_care_is_said(people, tmp_path):
    file = tmp_path / "happened.csv"
    file.write_text(f"id;reoffended\n{CANARY}-1;yes\n", encoding="utf-8")
    with pytest.warns(ps.InputWarning, match="semicolons stand between the cells") as said:
        assert observed_of(file, people, within_days=WITHIN).reoffended[1]
    assert CANARY not in str(said[0].message)


def test_what_is_no_table_is_refused(people):
    with pytest.raises(ps.InputError, match="is no table"):
        observed_of(7, people, within_days=WITHIN)
