"""From a column of the file to a column of the cohort: what each cell's text means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from pathsim.elementary.arrays import Floats, Places
from pathsim.elementary.decimals import decimals
from pathsim.elementary.words import Draws
from pathsim.people.cells import number_of, truths
from pathsim.people.columns import COLUMNS
from pathsim.people.words import EMPTY_WORDS
from pathsim.text import counted

from .alike import label_of, unmatched
from .dates import births, dates, is_format, whole_years
from .lengths import days_in, in_own_unit, share_as_percent
from .making import listed
from .offence_codes import group_of, parts_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pathsim.people.cells import Bools

    from .making import Making
    from .parts import ColumnMapping

Texts = pd.Series  # of text
THOUSANDS: Final = r"-?[1-9]\d{0,2}(,\d{3})+"
PREFIX: Final = "offences."
"""Begins the names of what the table of offences says."""
NOT_READ: Final = "\ufffd"
"""Stands for a cell that was blamed already: no level and no number, never shown."""


def texts_of(making: Making, name: str, keys: Places) -> Texts[Any]:
    """Return the cells of the cohort's column `name` as text, empty where nothing is known."""
    spec = making.columns[name]
    size = len(making.laid.table)
    if spec.for_all is not None:
        value, unit = _in_own_unit(spec, spec.for_all), f" {spec.unit}" if spec.unit else ""
        making.say(name, f"{_as_text(spec.for_all)}{unit} for everybody, as the mapping says")
        return pd.Series([value] * size, dtype="str")
    if spec.derive == "row_number":
        making.say(name, "numbers of the rows, so their order is part of every draw")
        return pd.Series(np.arange(1, size + 1).astype(str), dtype="str")
    if not spec.source:
        making.unknown[name] = size
        return pd.Series([""] * size, dtype="str")
    if spec.source != name:
        making.say(name, f"from the column {spec.source!r}")
    if spec.source == f"{PREFIX}{name}":  # what its cells mean was found row by row
        cells = making.cells(spec.source)
        if truths(cells == "").any():
            making.unknown[name] = number_of(cells == "")
        return cells
    return meant(making, name, making.cells(spec.source), keys)


def _as_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _in_own_unit(spec: ColumnMapping, value: object) -> str:
    """Return a value that the mapping states in the cohort's own unit, as text."""
    if spec.unit is None or isinstance(value, bool) or not isinstance(value, int | float):
        return _as_text(value)
    return _number(in_own_unit(float(value), spec.unit))


def without_unknown(making: Making, name: str, cells: Texts[Any]) -> Texts[Any]:
    """Return the cells, empty where the file says that nothing is known."""
    words = [_as_text(each).strip() for each in making.columns[name].unknown]
    found = label_of(cells, words)
    _note_unmatched(making, name, "unknown", unmatched(found, words))
    gone = truths(found != "") | truths(cells.isin(EMPTY_WORDS)) | truths(cells == "")
    if gone.any():
        making.unknown[name] = number_of(gone)
    return cells.where(~gone, "")


def _note_unmatched(making: Making, name: str, key: str, labels: str) -> None:
    if labels:
        making.notes.append(f"columns.{name}.{key}: no cell holds {labels}")


def meant(making: Making, name: str, cells: Texts[Any], keys: Places) -> Texts[Any]:
    """Return cells as the mapping reads them."""
    spec = making.columns[name]
    cells = without_unknown(making, name, cells)
    stated = stated_of(making, name, cells)
    rest = cells.where(stated == "", "")
    if spec.derive == "age_at":
        read = _ages(making, name, spec, rest)
    elif spec.derive == "home_office_code":
        read = _coded(making, name, rest)
    elif spec.first_day is not None or (name == "start_day" and spec.date_format):
        read = _start_days(making, spec, rest)
    elif spec.bands:
        read = _banded(making, name, spec, rest, keys)
    elif COLUMNS[name].kind in ("whole", "number"):
        read = _numbers(making, name, spec, rest)
    else:
        read = rest
    found = stated.where(stated != "", read)
    return _less_present(making, name, found) if spec.includes_present else found


def stated_of(making: Making, name: str, cells: Texts[Any]) -> Texts[Any]:
    """Return what `values` says of each cell, empty where it says nothing."""
    spec = making.columns[name]
    meaning = {label: _in_own_unit(spec, value) for label, value in spec.meanings.items()}
    if not meaning:
        return pd.Series([""] * len(cells), dtype="str")
    labels = label_of(cells, meaning)
    _note_unmatched(making, name, "values", unmatched(labels, meaning))
    counts = labels[truths(labels != "")].value_counts(sort=False)
    pairs = [(str(label), meaning[str(label)], int(n)) for label, n in counts.items()]
    making.say_values(name, sorted(pairs))
    return labels.map({**meaning, "": ""}).astype("str")


def each_text(cells: Texts[Any], meaning: Callable[[str], str]) -> Texts[Any]:
    """Return what each distinct text means; nothing for an empty one."""
    places, distinct = pd.factorize(cells)
    words = [meaning(str(text)) if text else "" for text in distinct]
    return pd.Series(np.array([*words, ""], dtype=object)[places], dtype="str")


# ------------------------------------------------------------------------------------------ dates


def _dates_of(
    making: Making, said: tuple[str, str], column: str, cells: Texts[Any], date_format: str
) -> Any:
    """Return the dates in cells of a column of the file; a fault of it is told once.

    said: the cohort's column, and the key that says the format.
    """
    name, key = said
    if date_format and not is_format(date_format):
        allowed = "such as %d/%m/%Y, or excel"
        making.refuse("is no format of a date", ("columns", name, key), allowed=allowed)
        return np.full(len(cells), np.datetime64("NaT"), "datetime64[D]")
    found = dates(cells, date_format=date_format)
    written = date_format or f"YYYY-MM-DD; say another with {key}"
    words = f"the column {column!r} holds no date"
    if not any(each.message.startswith(words) for each in making.problems):
        making.blame(name, np.isnat(found) & truths(cells != ""), words, allowed=written)
    return found


def _ages(making: Making, name: str, spec: ColumnMapping, cells: Texts[Any]) -> Texts[Any]:
    birth = _dates_of(making, (name, "date_format"), spec.source, cells, spec.date_format)
    key = "at_format" if spec.at_format else "date_format"
    # Dates from the table of offences are ISO, whatever they were there.
    at_format = spec.at_format or ("" if spec.date.startswith(PREFIX) else spec.date_format)
    at = _dates_of(making, (name, key), spec.date, making.cells(spec.date), at_format)
    written, birth = birth, births(birth, at, date_format=spec.date_format)
    older = number_of(birth < written)
    if older:
        making.say(
            name,
            f"a year of two digits after {spec.date!r} as 100 years before "
            f"({counted(older, 'row')})",
        )
    making.blame(name, ~np.isnat(birth) & (at < birth), "the date is before the birth")
    years = whole_years(birth, at)
    making.say(name, f"whole years at {spec.date!r}")
    return pd.Series(["" if np.isnan(age) else str(int(age)) for age in years], dtype="str")


def _start_days(making: Making, spec: ColumnMapping, cells: Texts[Any]) -> Texts[Any]:
    if spec.first_day is None:
        key = ("columns", "start_day")
        making.refuse("dates need the first day of the intake window: first_day", key)
        return cells
    found = _dates_of(making, ("start_day", "date_format"), spec.source, cells, spec.date_format)
    first = np.datetime64(spec.first_day)
    making.blame("start_day", found < first, f"is before the first day, {spec.first_day}")
    days = (found - first).astype("timedelta64[D]").astype(np.int64)
    making.say("start_day", f"days from {spec.first_day}")
    return pd.Series(
        ["" if np.isnat(day) else str(n) for day, n in zip(found, days, strict=True)], dtype="str"
    )


# ------------------------------------------------------------------------------- numbers and codes


def numbers_of(making: Making, cells: Texts[Any]) -> Floats:
    """Return the numbers that are written in cells; nan where none is."""
    plain = cells.str.replace(",", ".", regex=False) if making.laid.decimal_comma else cells
    thousands = truths(cells.str.fullmatch(THOUSANDS))
    if thousands.any():
        plain = _of_thousands(making, cells, plain, thousands)
    places, distinct = pd.factorize(plain)
    return decimals([*map(str, distinct), "nan"])[places]


def _of_thousands(
    making: Making, cells: Texts[Any], plain: Texts[Any], thousands: Bools
) -> Texts[Any]:
    """Return numbers whose commas stand between thousands, where the mapping says that they do."""
    said = making.reading.decimal
    if said is None:
        message = "a comma before three digits is a decimal mark, or stands between thousands"
        making.refuse(message, (*making.within, "read", "decimal"), allowed='"," or "."')
    elif said == ".":
        return plain.where(~thousands, cells.str.replace(",", "", regex=False))
    return plain


def _numbers(making: Making, name: str, spec: ColumnMapping, cells: Texts[Any]) -> Texts[Any]:
    """Return numbers in the cohort's own unit; a cell that needs no change stays as it is."""
    unit = spec.unit
    percent = cells.str.removesuffix("%").str.strip() if name.startswith("risk") else cells
    values = numbers_of(making, percent)
    given = truths(cells != "")
    if unit in ("weeks", "months", "years"):
        values = np.array([in_own_unit(each, unit) for each in values])
        making.say(name, f"{unit} as days: a year has 365 here, a month a twelfth of it")
    elif unit == "share":
        shares = values
        values = np.array([share_as_percent(each) for each in values])
        wrong = given & np.isfinite(shares) & np.isnan(values)
        making.blame(name, wrong, "is no share", allowed='0 to 1, or unit = "percent"')
        making.say(name, "shares as percent")
    if name == "sentence_days":
        words = given & np.isnan(values)
        spoken = each_text(cells.where(words, ""), lambda text: _number(days_in(text)))
        said = truths(spoken != "")
        values = np.where(said, decimals(spoken), values)
        if said.any():
            making.say(name, f"units in the cell's own words ({counted(number_of(said), 'row')})")
    if unit == "percent" and spec.source:
        making.say(name, "percent, as the mapping says")
    return _written(cells, values, given)


def _written(cells: Texts[Any], values: Floats, given: Bools) -> Texts[Any]:
    """Return numbers as text, and what is none as what nobody reads or shows."""
    plain = decimals(cells)
    same = (plain == values) & given
    told = [
        cell if kept else NOT_READ if np.isnan(value) else _number(value)
        for cell, kept, value in zip(cells, same | ~given, values, strict=True)
    ]
    return pd.Series(told, dtype="str")


def _number(value: float) -> str:
    if np.isnan(value):
        return ""
    return (
        str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))
    )


def _less_present(making: Making, name: str, cells: Texts[Any]) -> Texts[Any]:
    """Return counts without the present occasion."""
    values = decimals(cells)
    making.blame(
        name,
        values == 0,
        "is 0, though the count includes the present one",
        allowed="1 or more, or includes_present = false",
    )
    making.say(name, "one less: the count includes the present occasion")
    return _written(cells, np.where(values >= 1, values - 1, values), truths(cells != ""))


def _coded(making: Making, name: str, cells: Texts[Any]) -> Texts[Any]:
    groups = each_text(cells, group_of)
    bad = truths(cells != "") & truths(groups == "")
    known = each_text(cells, lambda text: "yes" if parts_of(text) else "no")
    making.blame(
        name,
        bad & truths(known == "no"),
        "is no Home Office offence code",
        allowed="such as 01110 or 011/10",
    )
    lacking = cells[bad & truths(known == "yes")]
    if len(lacking):
        words = f"no offence group is known for the codes {listed(lacking)}"
        making.refuse(
            words,
            ("columns", name),
            allowed='each under `values`, such as "10501" = "summary_non_motoring"',
        )
    counts = groups[truths(groups != "")].value_counts()
    pairs = ", ".join(f"{group} ({n:,})" for group, n in sorted(counts.items()))
    making.say(name, f"Home Office codes as {pairs}")
    return groups


def _banded(
    making: Making, name: str, spec: ColumnMapping, cells: Texts[Any], keys: Places
) -> Texts[Any]:
    """Return a number within each person's band, by their id; numbers outside bands stay."""
    ends = spec.bands
    labels = label_of(cells, ends)
    _note_unmatched(making, name, "bands", unmatched(labels, ends))
    within = truths(labels != "")
    places, distinct = pd.factorize(labels.where(within, None))
    low, high = (
        np.array([*(ends[str(label)][end] for label in distinct), 0.0])[places] for end in (0, 1)
    )
    chance = Draws(0, "mapping").uniform(f"band of {name}", keys)
    if COLUMNS[name].kind == "whole":
        drawn = low + np.floor(chance * (high - low + 1.0))
    else:
        drawn = low + chance * (high - low)
    if spec.unit is not None:
        drawn = np.array([in_own_unit(each, spec.unit) for each in drawn])
    making.banded[name] = number_of(within)
    counts = labels[within].value_counts(sort=False)
    making.say_values(
        name, sorted((str(label), _span(ends[str(label)]), int(n)) for label, n in counts.items())
    )
    others = _numbers(making, name, spec, cells.where(~within, ""))
    drawn_texts = pd.Series([_number(each) for each in drawn], dtype="str")
    return others.where(~within, drawn_texts)


def _span(ends: tuple[float, ...]) -> str:
    return f"{ends[0]:g} to {ends[1]:g}, drawn by id"
