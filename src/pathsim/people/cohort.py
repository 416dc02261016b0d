"""The cohort: one row a person, checked once, then only read."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pathsim.scenario.cohort import Row, RowsCohort, SampledCohort, TableCohort
from pathsim.scenario.vocabulary import (
    AGE_BAND_LOWER,
    DISPOSALS,
    GROUPS,
    NEEDS,
    PREVIOUS_BAND_LOWER,
    RISK_BAND_LOWER_PERCENT,
    SENTENCE_BAND_UPPER_DAYS,
)

from .ogrs3 import assumed_first_age, ogrs3, one_year_from_two, two_year_from_one
from .synthesise import sample
from .table import FLAGS, LEVELS, REAL, WHOLE, Checker, categorical, read_csv

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pathsim.scenario.model import Scenario

Floats = NDArray[np.float64]
ADULT_AGE = 18


@dataclass(frozen=True, eq=False, repr=False)
class Cohort:
    """People, one row each, in the order they are simulated.

    Make one with `from_frame`, `from_csv` or `from_scenario`, which check it.
    The columns of `frame`: `id`; `age`, `previous_offences` (previous
    convictions or cautions); `sex`, `ethnicity`, `area`, `offence_group` and
    `disposal` (categorical, codes in the vocabulary's order); `sentence_days`
    (0 without custody, nan: drawn in each replication);
    `risk_one_year_percent`, `risk_two_year_percent`; `need_<name>` and
    `domestic_abuse`; `start_day` (nan: drawn).
    """

    _frame: pd.DataFrame

    @classmethod
    def from_frame(cls, table: pd.DataFrame) -> Cohort:
        """Return the cohort in a table.

        Required columns: `id`, `age`, `sex`, `offence_group`,
        `previous_offences`, `disposal`, and `sentence_days` (may be empty) if
        any disposal is custody. Left out, `ethnicity` is `other`, `area` is
        `dorset`, needs and domestic abuse are false, risks are OGRS3's (from
        `age_at_first_sanction` if given, else from an assumed one), and start
        days are drawn.

        Raises
        ------
        InputError
            With all that is wrong with the table, up to twenty problems.
        """
        return cls(_checked(Checker(table)))

    @classmethod
    def from_csv(cls, path: str | Path) -> Cohort:
        """Return the cohort in a CSV file; columns and errors as in `from_frame`."""
        path = Path(path)
        table, lines = read_csv(path)
        return cls(_checked(Checker(table, file=path, lines=lines)))

    @classmethod
    def from_scenario(cls, scenario: Scenario) -> Cohort:
        """Return the cohort that a scenario describes.

        Raises
        ------
        InputError
            As in `from_csv`, and for needs whose correlations exclude each other.
        """
        source = scenario.cohort
        if isinstance(source, TableCohort):
            return cls.from_csv(source.file)
        if isinstance(source, RowsCohort):
            return cls(_repeated(source))
        if isinstance(source, SampledCohort):
            return cls.from_frame(sample(source))
        raise TypeError(f"unknown cohort {source!r}")

    @property
    def frame(self) -> pd.DataFrame:
        """The people as a table; changing it does not change the cohort."""
        return self._frame.copy(deep=False)

    def __len__(self) -> int:
        return len(self._frame)

    def keys(self) -> NDArray[np.uint64]:
        """Return the 64-bit keys of the people's random numbers, from their own ids.

        Integers as they are (two's complement), text by its BLAKE2b hash: the
        order of the rows, and who else is in the table, do not matter.
        """
        ids = self._frame["id"]
        if pd.api.types.is_integer_dtype(ids):
            return ids.to_numpy().astype(np.uint64)
        hashes = b"".join(blake2b(text.encode(), digest_size=8).digest() for text in ids)
        return np.frombuffer(hashes, "<u8").astype(np.uint64)

    def groups(self) -> pd.DataFrame:
        """Return the level of each person in each attribute of the vocabulary's `GROUPS`.

        All columns are categorical, with codes in the vocabulary's order.
        """
        frame = self._frame
        age = frame["age"].to_numpy()
        codes: dict[str, NDArray[np.integer[Any]]] = {
            "age_group": np.where(age < ADULT_AGE, 1, 0),
            "age_band": _band(AGE_BAND_LOWER, age),
            "sentence_band": self._sentence_band(),
            "previous_offences": _band(PREVIOUS_BAND_LOWER, frame["previous_offences"].to_numpy()),
            "risk_band": _band(RISK_BAND_LOWER_PERCENT, frame["risk_two_year_percent"].to_numpy()),
        }
        return pd.DataFrame(
            {
                name: categorical(codes[name], levels) if name in codes else frame[name].array
                for name, levels in GROUPS.items()
            }
        )

    def _sentence_band(self) -> NDArray[np.integer[Any]]:
        days = self._frame["sentence_days"].to_numpy()
        custody = self._frame["disposal"].cat.codes.to_numpy() == DISPOSALS.index("custody")
        band = np.searchsorted(SENTENCE_BAND_UPPER_DAYS, days, side="left")
        return np.where(custody & ~np.isnan(days), np.maximum(band, 1), 0)

    def __repr__(self) -> str:
        youths = int((self._frame["age"] < ADULT_AGE).sum())
        return f"Cohort({len(self):,} people: {len(self) - youths:,} adults, {youths:,} youths)"

    def _repr_html_(self) -> str:
        groups = self.groups()
        parts = [
            _html_shares(title, groups[name])
            for name, title in (
                ("age_group", "Age group"),
                ("disposal", "Disposal"),
                ("previous_offences", "Previous convictions or cautions"),
                ("risk_band", "OGRS3 band"),
            )
        ]
        return f"<p><b>Cohort of {len(self):,} people</b></p>{''.join(parts)}"


def _checked(checker: Checker) -> pd.DataFrame:
    """Return the checked and completed table, or raise all its problems."""
    checker.columns()
    if checker.table.columns.has_duplicates:
        checker.finish()
    columns: dict[str, Any] = {"id": checker.ids()}
    columns |= {key: checker.levels(key) for key in LEVELS}
    columns |= {key: checker.numbers(key) for key in (*WHOLE, *REAL)}
    columns |= {key: checker.flags(key) for key in FLAGS}
    _check_sentences(checker, columns)
    first = columns.pop("age_at_first_sanction")
    checker.blame(
        "age_at_first_sanction", first > columns["age"], "is higher than the age", allowed="to age"
    )
    checker.finish()
    for key in ("age", "previous_offences"):
        columns[key] = columns[key].astype(np.int64)
    _fill_risks(columns, first)
    return pd.DataFrame({key: columns[key] for key in _order()})


def _order() -> Iterable[str]:
    yield from ("id", "age", "sex", "ethnicity", "area", "offence_group", "previous_offences")
    yield from ("disposal", "sentence_days", "risk_one_year_percent", "risk_two_year_percent")
    yield from (*FLAGS, "start_day")


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


def _repeated(source: RowsCohort) -> pd.DataFrame:
    """Return the people of a cohort of rows, numbered from 0 in the order of the rows."""
    table = pd.DataFrame([_row(row) for row in source.rows]).assign(id=range(len(source.rows)))
    alike = _checked(Checker(table))
    people = np.array([row.people for row in source.rows])
    frame = alike.take(np.repeat(np.arange(len(alike)), people)).reset_index(drop=True)
    return frame.assign(id=np.arange(len(frame)))


def _row(row: Row) -> dict[str, object]:
    values = row.model_dump(exclude={"people", "needs", "risk_percent"})
    values |= {"risk_two_year_percent": row.risk_percent}
    return values | {f"need_{need}": need in row.needs for need in NEEDS}


def _band(lower: tuple[float, ...], values: NDArray[Any]) -> NDArray[np.integer[Any]]:
    return np.searchsorted(lower, values, side="right") - 1


def _html_shares(title: str, column: pd.Series[Any]) -> str:
    """Return a small table of the shares of a column's levels."""
    counts = column.value_counts(sort=False)
    head = "".join(f"<th>{escape(str(level))}</th>" for level in counts.index)
    cells = "".join(f"<td>{count / len(column):.1%}</td>" for count in counts)
    return f"<table><caption>{escape(title)}</caption><tr>{head}</tr><tr>{cells}</tr></table>"
