"""A table of people, checked and completed: one place for what holds between its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from pathsim.elementary.arrays import Floats
from pathsim.vocabulary import DISPOSALS

from .cells import whole_if_all
from .columns import COLUMNS, FLAGS, LEVELS, NUMBERS
from .ogrs3 import assumed_first_age, ogrs3, one_year_from_two, two_year_from_one
from .own_groups import own_group, refuse_missing
from .read import plain_names, read_table
from .table import Checker
from .usual import odd

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def checker_of(path: Path, *, own: tuple[str, ...], few_cells: int) -> Checker:
    """Return the table in a file, to be checked; raises InputError if it is none."""
    sheet = read_table(path)
    table, notes = plain_names(sheet.table)
    if table.columns.to_list().count("id") == 1 and len(table):
        table["id"] = whole_if_all(table["id"])
    return Checker(
        table,
        file=path,
        lines=sheet.lines,
        decimal_comma=sheet.decimal_comma,
        few_cells=few_cells,
        notes=[*sheet.notes, *notes],
        own=own,
    )


def checked(checker: Checker) -> pd.DataFrame:
    """Return the checked and completed table, or raise all its problems."""
    checker.columns()
    refuse_missing(checker, checker.own)
    if checker.table.columns.has_duplicates:
        checker.finish()
    checker.single_values()
    columns: dict[str, Any] = {"id": checker.ids()}
    columns |= {key: checker.levels(key) for key in LEVELS}
    columns["area"] = checker.names("area")
    columns |= {key: checker.numbers(key) for key in NUMBERS}
    columns |= {key: checker.flags(key) for key in FLAGS}
    _check_sentences(checker, columns)
    first = columns.pop("age_at_first_sanction")
    checker.blame(
        "age_at_first_sanction", first > columns["age"], "is higher than the age", allowed="to age"
    )
    checker.blame(
        "risk_one_year_percent",
        columns["risk_one_year_percent"] > columns["risk_two_year_percent"],
        "is higher than the two-year risk",
        allowed="to the two-year risk",
    )
    risks = (columns["risk_one_year_percent"], columns["risk_two_year_percent"])
    checker.guessed = int((np.isnan(risks[0]) & np.isnan(risks[1]) & np.isnan(first)).sum())
    checker.whole_needs()
    columns |= {name: own_group(checker, name) for name in checker.own}
    _look_at_ranges(checker, columns | {"age_at_first_sanction": first})
    checker.finish()
    for key in ("age", "previous_offences"):
        columns[key] = columns[key].astype(np.int64)
    _fill_risks(columns, first)
    return pd.DataFrame({key: columns[key] for key in (*_order(), *checker.own)})


def _order() -> Iterable[str]:
    yield from ("id", "age", "sex", "ethnicity", "area", "offence_group", "previous_offences")
    yield from ("disposal", "sentence_days", "risk_one_year_percent", "risk_two_year_percent")
    yield from (*FLAGS, "start_day")


def _look_at_ranges(checker: Checker, columns: dict[str, Any]) -> None:
    """Note the columns whose numbers do not lie where they usually do."""
    custody = np.asarray(columns["disposal"].codes == DISPOSALS.index("custody"))
    for key in NUMBERS:
        values = columns[key]
        said = odd(COLUMNS[key], values[custody] if key == "sentence_days" else values)
        if said:
            checker.odd.append(said)


def _check_sentences(checker: Checker, columns: dict[str, Any]) -> None:
    codes = columns["disposal"].codes
    custody = np.asarray(codes == DISPOSALS.index("custody"))
    days = columns["sentence_days"]
    if "sentence_days" not in checker.table and custody.any():
        first = np.zeros(len(days), np.bool_)
        first[np.argmax(custody)] = True
        checker.blame(
            "sentence_days", first, "the column is missing and somebody's disposal is custody"
        )
    elsewhere = ~custody & (codes >= 0) & (days > 0)
    checker.blame("sentence_days", elsewhere, "must be 0 or empty without custody")
    columns["sentence_days"] = np.where(custody, days, 0.0)


def _fill_risks(columns: dict[str, Any], first: Floats) -> None:
    """Complete the risk scores: one from the other, or both by OGRS3."""
    one, two = columns["risk_one_year_percent"], columns["risk_two_year_percent"]
    neither = np.isnan(one) & np.isnan(two)
    one = np.where(np.isnan(one), 100.0 * one_year_from_two(two / 100.0), one)
    two = np.where(np.isnan(two), 100.0 * two_year_from_one(one / 100.0), two)
    if neither.any():
        age, previous = columns["age"], columns["previous_offences"]
        assumed = assumed_first_age(age=age, previous_sanctions=previous)
        computed = ogrs3(
            age_at_conviction=age,
            age_at_first_sanction=np.where(np.isnan(first), assumed, first),
            previous_sanctions=previous,
            sex=columns["sex"].codes,
            offence_group=columns["offence_group"].codes,
        )
        one = np.where(neither, 100.0 * computed[0], one)
        two = np.where(neither, 100.0 * computed[1], two)
    columns["risk_one_year_percent"], columns["risk_two_year_percent"] = one, two
