"""A second table, one row an offence: what it says of each person.

As OGRS3 counts: previous sanctions are the occasions, days on which somebody was convicted or
cautioned, before the present one; several offences of a day are one occasion. The disposal of an
occasion is its gravest, `GRAVEST_FIRST`, and the offence is one that was dealt with so.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from pathsim.people.cells import truths
from pathsim.people.words import flag_of, level_of
from pathsim.text import counted
from pathsim.vocabulary import DISPOSALS, OFFENCE_GROUPS

from .columns import each_text
from .dates import dates, is_format
from .formats import read_grid
from .layout import laid_out
from .lengths import days_in
from .making import Making, listed
from .offence_codes import group_of

if TYPE_CHECKING:
    from .load import Loaded
    from .model import OffenceTable

PREFIX: Final = "offences."
GRAVEST_FIRST: Final = (
    "custody",
    "suspended_sentence",
    "community_order",
    "fine",
    "other",
    "discharge",
    "caution",
)
_HELD: Final = ("disposal", "offence_group", "sentence_days", "domestic_abuse")
"""What a row may hold beside person and date."""


def path_of_offences(loaded: Loaded, spec: OffenceTable) -> Path:
    """Return where the table of offences is: its path goes from the mapping."""
    folder = loaded.file.parent if loaded.file is not None else Path()
    return folder / spec.file


def join(making: Making, spec: OffenceTable, ids: pd.Series[Any]) -> pd.DataFrame:
    """Return what the offences say of each person, a row for each of `ids`.

    Columns: `offences.date`, `offences.first_date`, `offences.previous`, and those of `disposal`,
    `offence_group`, `sentence_days` and `domestic_abuse` that the table holds. Raises InputError.
    """
    path = path_of_offences(making.loaded, spec)
    theirs = Making(path, making.loaded, laid_out(path, read_grid(path, spec.read), spec.read))
    rows = _rows(theirs, spec)
    making.notes += [f"{path.name}: {note}" for note in theirs.laid.notes]
    making.notes += _unused(theirs, spec)
    rows = rows[truths(rows["person"].isin(set(ids)))]
    if rows.empty:
        message = "none of its ids is that of a person in the table; were leading zeros lost?"
        making.refuse(message, ("offences", "person"), allowed="the ids of the people")
        making.finish()
    others = len(theirs.laid.table) - len(rows)
    if others:
        making.notes.append(f"{path.name}: {counted(others, 'row')} of nobody in the table, or "
                            "not counted, left out")  # fmt: skip
    found = _of_people(rows, of=spec.of).reindex(pd.Index(ids))
    making.blame("offences", truths(found["date"].isna()), "nobody's: the person has no offence")
    making.say("offences", f"{len(rows):,} offences of {rows['person'].nunique():,} people")
    found = found.reset_index(drop=True).astype(object)
    return found.where(found.notna(), "").astype("str").add_prefix(PREFIX)


def _unused(theirs: Making, spec: OffenceTable) -> list[str]:
    """Return a note of the columns that nothing is made of."""
    used = {getattr(spec, key) for key in ("person", "date", *_HELD)}
    unused = [repr(str(name)) for name in theirs.laid.table if name not in used]
    if not unused or theirs.laid.doubtful:
        return []
    return [f"{theirs.path.name}: not used: {', '.join(unused[:10])}"]


def _rows(theirs: Making, spec: OffenceTable) -> pd.DataFrame:
    """Return the rows with what they mean; raises InputError."""
    names = theirs.laid.table.columns.to_list()
    for key in ("person", "date", *_HELD):
        name = getattr(spec, key)
        if name and name not in names:
            theirs.no_such_column(name, ("offences", key), names)
    if spec.date_format and not is_format(spec.date_format):
        key_path = ("offences", "date_format")
        theirs.refuse("is no format of a date", key_path, allowed="such as %d/%m/%Y, or excel")
    theirs.finish()
    on = dates(theirs.cells(spec.date), date_format=spec.date_format)
    written = spec.date_format or "YYYY-MM-DD; say another with date_format"
    theirs.blame(spec.date, np.isnat(on), "is no date", allowed=written)
    rows = pd.DataFrame({"person": theirs.cells(spec.person), "date": on})
    counted_rows = np.ones(len(rows), np.bool_)
    if spec.disposal:
        cells = theirs.cells(spec.disposal)
        counted_rows = ~truths(cells.isin([each.strip() for each in spec.not_counted]))
        rows["disposal"] = _levels(theirs, "disposal", cells.where(counted_rows, ""), DISPOSALS)
    if spec.offence_group:
        cells = theirs.cells(spec.offence_group).where(counted_rows, "")
        rows["offence_group"] = _levels(theirs, "offence_group", cells, OFFENCE_GROUPS)
    if spec.sentence_days:
        rows["sentence_days"] = theirs.cells(spec.sentence_days)
    if spec.domestic_abuse:
        meaning = {True: "yes", False: "no", None: ""}
        cells = theirs.cells(spec.domestic_abuse)
        rows["domestic_abuse"] = each_text(cells, lambda text: meaning[flag_of(text)])
    theirs.finish()
    return rows[counted_rows]


def _levels(
    theirs: Making, column: str, cells: pd.Series[Any], levels: tuple[str, ...]
) -> pd.Series[Any]:
    """Return the levels that cells mean, as the mapping's `values` and common words say."""
    spec = theirs.columns.get(column)
    stated = (
        {str(label).strip(): str(value) for label, value in spec.meanings.items()} if spec else {}
    )
    codes = spec is not None and spec.derive == "home_office_code"

    def meaning(text: str) -> str:
        return (
            stated.get(text) or (group_of(text) if codes else level_of(column, text, levels)) or ""
        )

    found = each_text(cells, meaning)
    bad = cells[truths(found == "") & truths(cells != "")]
    if len(bad):
        words = f"the table of offences has levels that are not known: {listed(bad)}"
        theirs.refuse(words, ("columns", column, "values"), allowed=", ".join(levels))
    theirs.blame(column, truths(cells == "") & _wanted(theirs, cells), "must not be empty")
    return found


def _wanted(theirs: Making, cells: pd.Series[Any]) -> Any:
    """Return which rows count: those that do not were made empty."""
    spec = theirs.loaded.mapping.offences
    if spec is None or not spec.disposal:
        return np.ones(len(cells), np.bool_)
    return ~truths(theirs.cells(spec.disposal).isin([each.strip() for each in spec.not_counted]))


def _of_people(rows: pd.DataFrame, *, of: str) -> pd.DataFrame:
    """Return one row a person, by person."""
    by = rows.groupby("person", sort=True)["date"]
    present = by.transform("max" if of == "latest" else "min")
    days = rows[["person", "date"]].drop_duplicates()
    before = days[days["date"].to_numpy() < days["person"].map(
        by.max() if of == "latest" else by.min()).to_numpy()]  # fmt: skip
    chosen = _gravest(rows[rows["date"] == present])
    found = pd.DataFrame(index=by.min().index)
    found["date"] = _iso(by.max() if of == "latest" else by.min())
    found["first_date"] = _iso(by.min())
    found["previous"] = before.groupby("person").size().reindex(found.index, fill_value=0)
    for name in _HELD:
        if name in chosen:
            found[name] = chosen[name].reindex(found.index)
    if "domestic_abuse" in rows:
        now = rows[rows["date"] == present]
        abused = set(now.loc[now["domestic_abuse"] == "yes", "person"])
        found["domestic_abuse"] = ["yes" if each in abused else "no" for each in found.index]
    return found


def _iso(column: pd.Series[Any]) -> Any:
    return column.to_numpy().astype("datetime64[D]").astype(str)


def _gravest(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the gravest row of each person, whatever the order of the rows."""
    keys: list[Any] = [pd.factorize(rows["person"], sort=True)[0]]
    if "disposal" in rows:
        keys.append(rows["disposal"].map(GRAVEST_FIRST.index).to_numpy())
    if "sentence_days" in rows:
        keys.append(-rows["sentence_days"].map(_length).to_numpy(np.float64))
    if "offence_group" in rows:
        keys.append(rows["offence_group"].map(OFFENCE_GROUPS.index).to_numpy())
    first = np.lexsort(keys[::-1])  # the last key is the first to sort by
    return rows.iloc[first].drop_duplicates("person").set_index("person")


def _length(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        days = days_in(text)
        return 0.0 if np.isnan(days) else days
