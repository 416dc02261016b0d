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

from pathsim.elementary.decimals import decimals
from pathsim.people.cells import number_of, truths
from pathsim.people.columns import COLUMNS
from pathsim.people.words import EMPTY_WORDS, flag_of, level_of
from pathsim.text import counted
from pathsim.vocabulary import DISPOSALS, OFFENCE_GROUPS

from .alike import any_of, person_of
from .columns import PREFIX, each_text, meant, stated_of, without_unknown
from .dates import dates, is_format
from .formats import read_grid
from .layout import laid_out
from .making import Making, keys_of, listed
from .offence_codes import group_of
from .parts import ColumnMapping

if TYPE_CHECKING:
    from pathsim.people.cells import Bools

    from .load import Loaded
    from .model import OffenceTable

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
    laid = laid_out(path, read_grid(path, spec.read), spec.read, stated=spec.reads())
    theirs = Making(path, making.loaded, laid, within=("offences",))
    rows = _rows(theirs, spec)
    _take_over(making, theirs)
    making.notes += _unused(theirs, spec)
    people = ids.map(person_of)
    _note_zeros(making, path, rows["written"], ids)
    rows = rows[truths(rows["person"].isin(set(people)))]
    if rows.empty:
        message = "none of its ids is that of a person in the table; were leading zeros lost?"
        making.refuse(message, ("offences", "person"), allowed="the ids of the people")
        making.finish()
    others = len(theirs.laid.table) - len(rows)
    if others:
        making.notes.append(
            f"{path.name}: {counted(others, 'row')} of nobody in the table, or "
            "not counted, left out"
        )
    if spec.before:
        rows = _until(making, spec, rows, people)
    found = _of_people(rows, of=spec.of)
    _blame_lengths(theirs, found)
    found = found.drop(columns="place").reindex(pd.Index(people))
    making.blame("offences", truths(found["date"].isna()), "nobody's: the person has no offence")
    making.say("offences", f"{len(rows):,} offences of {rows['person'].nunique():,} people")
    found = found.reset_index(drop=True).astype(object)
    return found.where(found.notna(), "").astype("str").add_prefix(PREFIX)


def _until(
    making: Making, spec: OffenceTable, rows: pd.DataFrame, people: pd.Series[Any]
) -> pd.DataFrame:
    """Return the rows without those after the date of each person's present occasion."""
    date_format = spec.before_format or spec.date_format
    if date_format and not is_format(date_format):
        key = ("offences", "before_format" if spec.before_format else "date_format")
        making.refuse("is no format of a date", key, allowed="such as %d/%m/%Y, or excel")
        making.finish()
    last = dates(making.cells(spec.before), date_format=date_format)
    words = f"the column {spec.before!r} holds no date"
    written = date_format or "YYYY-MM-DD; say another with before_format"
    making.blame("offences.before", np.isnat(last), words, allowed=written)
    making.finish()
    of_person = pd.Series(last, index=people.to_numpy())
    of_person = of_person[~of_person.index.duplicated()]
    later = truths(rows["date"] > rows["person"].map(of_person))
    if later.any():
        many = counted(number_of(later), "row")
        name = path_of_offences(making.loaded, spec).name
        making.notes.append(f"{name}: {many} after the date in {spec.before!r}, left out")
    return rows[~later]


def _take_over(making: Making, theirs: Making) -> None:
    """Note beside the people what was noted of the offences."""
    notes = (*theirs.laid.notes, *theirs.notes)
    making.notes += [f"{theirs.path.name}: {note}" for note in notes]
    for name, words in theirs.read_as.items():
        making.read_as.setdefault(name, []).extend(words)


def _note_zeros(making: Making, path: Path, written: pd.Series[Any], ids: pd.Series[Any]) -> None:
    """Note the rows whose person is found by the number alone."""
    known = set(ids.str.removesuffix(".0"))
    people = set(ids.map(person_of))
    lost = written[~truths(written.str.removesuffix(".0").isin(known))].map(person_of)
    many = number_of(lost.isin(people))
    if many:
        making.notes.append(
            f"{path.name}: {counted(many, 'row')} joined by the number of the id: zeros before it "
            "are lost in one of the files"
        )


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
    ids = theirs.cells(spec.person)
    rows = pd.DataFrame({"person": ids.map(person_of), "written": ids, "date": on})
    rows["place"] = np.arange(len(rows))
    counted_rows = _counted(theirs, spec)
    if spec.disposal:
        cells = theirs.cells(spec.disposal)
        rows["disposal"] = _levels(theirs, "disposal", cells.where(counted_rows, ""), DISPOSALS)
    if spec.offence_group:
        cells = theirs.cells(spec.offence_group).where(counted_rows, "")
        rows["offence_group"] = _levels(theirs, "offence_group", cells, OFFENCE_GROUPS)
    if spec.sentence_days:
        cells = theirs.cells(spec.sentence_days).where(counted_rows, "")
        rows["sentence_days"] = _lengths(theirs, cells, rows["person"])
    if spec.domestic_abuse:
        cells = theirs.cells(spec.domestic_abuse).where(counted_rows, "")
        rows["domestic_abuse"] = _truths(theirs, cells)
    theirs.finish()
    return rows[counted_rows]


def _levels(
    theirs: Making, column: str, cells: pd.Series[Any], levels: tuple[str, ...]
) -> pd.Series[Any]:
    """Return the levels that cells mean, as the mapping's `values` and common words say."""
    spec = theirs.columns.get(column)
    codes = spec is not None and spec.derive == "home_office_code"
    found = _stated(theirs, column, cells)
    plain = each_text(
        cells, lambda text: (group_of(text) if codes else level_of(column, text, levels)) or ""
    )
    found = found.where(found != "", plain)
    _blame_unknown(theirs, column, cells, truths(found == ""), ", ".join(levels))
    offences = theirs.loaded.mapping.offences
    if offences is not None:
        wanted = _counted(theirs, offences)
        theirs.blame(column, truths(cells == "") & wanted, "must not be empty")
    return found


def _blame_unknown(
    theirs: Making, column: str, cells: pd.Series[Any], unread: Bools, allowed: str
) -> None:
    """Note the filled cells that mean nothing, with those that are common enough to be shown."""
    bad = unread & truths(cells != "")
    if bad.any():
        words = f"the table of offences has levels that are not known: {listed(cells[bad])}"
        theirs.blame(f"columns.{column}.values", bad, words, allowed=allowed)


def _stated(theirs: Making, column: str, cells: pd.Series[Any]) -> pd.Series[Any]:
    """Return what the mapping's `values` say of each cell."""
    if column in theirs.columns:
        return stated_of(theirs, column, cells)
    return pd.Series([""] * len(cells), dtype="str")


def _counted(theirs: Making, spec: OffenceTable) -> Bools:
    """Return which rows count: those whose disposal is a sanction."""
    if not spec.disposal:
        return np.ones(len(theirs.laid.table), np.bool_)
    return ~any_of(theirs.cells(spec.disposal), spec.not_counted)


def _truths(theirs: Making, cells: pd.Series[Any]) -> pd.Series[Any]:
    """Return truths as yes, no or nothing, as the mapping's `values` and common words say."""
    column = "domestic_abuse"
    if column in theirs.columns:
        cells = without_unknown(theirs, column, cells)
    cells = cells.where(~truths(cells.isin(EMPTY_WORDS)), "")
    stated = _stated(theirs, column, cells)
    said = stated.where(stated != "", cells)
    meaning = {True: "yes", False: "no", None: ""}
    found = each_text(said, lambda text: meaning[flag_of(text)])
    _blame_unknown(theirs, column, cells, truths(found == ""), COLUMNS[column].allowed())
    return found


def _lengths(theirs: Making, cells: pd.Series[Any], people: pd.Series[Any]) -> pd.Series[Any]:
    """Return lengths in days, so that those of a day can be compared."""
    column = "sentence_days"
    if column not in theirs.columns:
        loaded = _with_plain_lengths(theirs.loaded)
        told = Making(
            theirs.path, loaded, theirs.laid, within=theirs.within, problems=theirs.problems
        )
    else:
        told = theirs
    found = meant(told, column, cells, keys_of(people))
    theirs.finish()
    days = decimals(found)
    high = COLUMNS[column].high
    bad = truths(found != "") & ~((days >= 0) & (days <= high))
    name = getattr(theirs.loaded.mapping.offences, column)
    allowed = f"0 to {high:g} days as a number in the `unit` of columns.{column}, or 18 months"
    theirs.blame(name, bad, "is no length of a sentence", allowed=allowed)
    return found


def _blame_lengths(theirs: Making, found: pd.DataFrame) -> None:
    """Refuse lengths of present occasions that are no custody, in their own file."""
    used = ("disposal", "sentence_days")
    own = [
        name
        for name in used
        if name in theirs.columns and theirs.columns[name].source != f"{PREFIX}{name}"
    ]
    if own or not {*used} <= {*found.columns}:
        return
    bad = truths(found["disposal"] != "custody") & (decimals(found["sentence_days"]) > 0)
    rows = np.zeros(len(theirs.laid.table), np.bool_)
    rows[found["place"][bad].astype(np.int64)] = True
    theirs.blame("sentence_days", rows, "must be 0 or empty without custody")
    theirs.finish()


def _with_plain_lengths(loaded: Loaded) -> Loaded:
    """Return a mapping in which lengths are days or say their unit."""
    plain = ColumnMapping.model_validate({"from": f"{PREFIX}sentence_days"})
    columns = {**loaded.mapping.columns, "sentence_days": plain}
    return loaded._replace(mapping=loaded.mapping.model_copy(update={"columns": columns}))


def _of_people(rows: pd.DataFrame, *, of: str) -> pd.DataFrame:
    """Return one row a person, by person."""
    by = rows.groupby("person", sort=True)["date"]
    present = by.transform("max" if of == "latest" else "min")
    days = rows[["person", "date"]].drop_duplicates()
    before = days[
        days["date"].to_numpy()
        < days["person"].map(by.max() if of == "latest" else by.min()).to_numpy()
    ]
    chosen = _gravest(rows[rows["date"] == present])
    found = pd.DataFrame(index=by.min().index)
    found["date"] = _iso(by.max() if of == "latest" else by.min())
    found["first_date"] = _iso(by.min())
    found["previous"] = before.groupby("person").size().reindex(found.index, fill_value=0)
    for name in ("place", *_HELD):
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
        keys.append(-np.nan_to_num(decimals(rows["sentence_days"])))
    if "offence_group" in rows:
        keys.append(rows["offence_group"].map(OFFENCE_GROUPS.index).to_numpy())
    first = np.lexsort(keys[::-1])  # the last key is the first to sort by
    return rows.iloc[first].drop_duplicates("person").set_index("person")
