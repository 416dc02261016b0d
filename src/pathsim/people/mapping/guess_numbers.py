"""Guesses of columns of numbers: what is ambiguous, such as a unit, is asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from pathsim.people.cells import truths
from pathsim.people.columns import COLUMNS
from pathsim.people.usual import odd
from pathsim.scenario.units import AGES
from pathsim.text import counted

from .alike import once
from .band_labels import span_of, unit_in
from .entry import Entry, in_toml
from .guess_levels import ask_of_blanks
from .lengths import UNIT_DAYS, days_in
from .load import QUESTION
from .names import BEFORE, SANCTIONS, TOTAL, units_in
from .profile import is_unknown

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from .profile import Profile

_LENGTH: Final = frozenset(
    ("sentence", "custody", "custodial", "sentlgth", "length", "term", "imprisonment")
)
_NOT_A_COUNT: Final = frozenset(("age", "date", "first", "id", "code", "days", "year"))
_RISK: Final = frozenset(("ogrs", "ogrs3", "ogrs4", "risk", "score", "probability"))
_HORIZONS: Final = {
    "risk_one_year_percent": re.compile(r"one_?y|1_?y|12_?m|year_?1\b|_y1\b|_1$"),
    "risk_two_year_percent": re.compile(r"two_?y|2_?y|24_?m|year_?2\b|_y2\b|_2$"),
}
_AGE_NOW: Final = frozenset(
    ("sentence", "conviction", "disposal", "index", "release", "current", "years", "yrs")
)
YOUNGEST_GUESS, OLDEST_GUESS = 18, 75
"""Ends that a draft gives to open bands of ages: it says that they are assumptions."""
COMMAS: Final = '"." (1,234 is over a thousand) | "," (1,234 is between one and two)'
"""What the commas in numbers may be."""
_YEARS: Final = (1900, 2100)
"""Numbers that are years of the calendar, no lengths."""
_ENOUGH: Final = 20
"""Fewest people of whom the smallest count says anything."""


def guess_age(columns: Sequence[Profile]) -> Entry | None:
    """Return the column of ages, in years or bands."""
    named = [
        each
        for each in columns
        if ({"age", "agerlse", "agesent", "agerel"} & each.words) and "first" not in each.words
    ]
    whole = [each for each in named if each.whole and each.within(0, 130)]
    if whole:
        best = max(whole, key=lambda each: (each.plain == "age", bool(each.words & _AGE_NOW)))
        certainty = "certain" if best.plain == "age" else "likely"
        entry = _entry("age", best, certainty, "the name, and whole numbers as ages are")
        _say_of_release(entry, best)
        ask_of_blanks(entry, "age", best.blanks)
        if not best.within(*AGES):
            entry.reason += f"; some are outside {AGES[0]} to {AGES[1]}: codes for unknown?"
            entry.ask(
                "unknown",
                "the codes that stand for unknown, such as [99]"
                + (" and words" if "unknown" in entry.values else ""),
            )
        return entry
    banded = [each for each in named if _bands(each, YOUNGEST_GUESS, OLDEST_GUESS, whole=True)]
    if not banded:
        return None
    entry = _banded("age", banded[0], YOUNGEST_GUESS, OLDEST_GUESS, whole=True)
    entry.comments["bands"] = (
        f"drawn within, by id; open ends are assumed to be {YOUNGEST_GUESS} and {OLDEST_GUESS}"
    )
    _say_of_release(entry, banded[0])
    ask_of_blanks(entry, "age", banded[0].blanks)
    return entry


def _say_of_release(entry: Entry, column: Profile) -> None:
    if column.words & {"release", "agerlse", "agerel"}:
        entry.reason += "; it is the age at release, not at the sentence"


def guess_first_age(columns: Sequence[Profile]) -> Entry | None:
    """Return the column of ages at the first sanction."""
    for each in columns:
        if {"age", "first"} <= each.words and each.whole and each.within(*AGES):
            certainty = "certain" if each.plain == "age_at_first_sanction" else "likely"
            return _entry("age_at_first_sanction", each, certainty, "the name, and ages")
    return None


def guess_previous(columns: Sequence[Profile]) -> Entry | None:
    """Return the column of previous sanctions; whether it counts the present one is asked."""
    target = "previous_offences"
    named = [
        each
        for each in columns
        if each.plain == target
        or (each.words & (BEFORE | SANCTIONS) and not each.words & _NOT_A_COUNT)
    ]
    counts = [each for each in named if each.whole and each.within(0, COLUMNS[target].high)]
    if not counts:
        return None
    best = max(counts, key=lambda each: (each.plain == target, bool(each.words & BEFORE)))
    before = bool(best.words & BEFORE)
    least = float(best.given.min())
    certainty = "certain" if best.plain == target else "likely" if before else "guess"
    entry = _entry(target, best, certainty, "the name, and whole numbers of 0 or more")
    if least == 0 and not before:
        entry.values["includes_present"] = False
        entry.comments["includes_present"] = "some are 0, so the present one is not counted"
    elif not before or (least > 0 and len(best.cells) >= _ENOUGH and best.words & TOTAL):
        entry.reason += "; nobody has 0"
        entry.ask(
            "includes_present",
            "true: the present conviction is counted, as OASys and OGRS3 "
            "do (then it is taken off) | false: it is not",
        )
    ask_of_blanks(entry, target, best.blanks)
    return entry


def guess_length(columns: Sequence[Profile]) -> Entry | None:
    """Return the column of lengths of sentences; an uncertain unit is asked."""
    target = "sentence_days"
    named = [each for each in columns if each.words & _LENGTH and not each.words & {"date", "type"}]
    for each in sorted(named, key=lambda one: one.plain != target):
        if each.lengths:
            return _entry(target, each, "likely", "lengths in words, such as 18 months")
        if each.numeric and not each.serial and len(each.cells):
            return _of_length(each)
        if _bands(each, 0, 0, whole=False):
            return _banded_lengths(each)
    return _perhaps_a_length(columns)


def _perhaps_a_length(columns: Sequence[Profile]) -> Entry | None:
    """Return a question of a column that is called by a unit of time alone."""
    for each in columns:
        short = bool(units_in(each.name)) and len(each.words) <= 2 and len(each.cells) > 0
        if short and each.numeric and not each.within(*_YEARS):
            entry = _of_length(each)
            entry.reason = f"{each.name!r} may be the length of the sentence"
            entry.ask("from", f"{each.name!r} if it is; else delete this table, and leave it out")
            return entry
    return None


def _of_length(column: Profile) -> Entry:
    units = units_in(column.name)
    entry = _entry("sentence_days", column, "likely", f"the name, and {column.kind()}")
    entry.values["unit"] = units[0] if len(units) == 1 else QUESTION
    if len(units) == 1:
        with np.errstate(over="ignore"):  # a length that overflows is odd
            days = _filled(column) * UNIT_DAYS[units[0]]
        said = odd(COLUMNS["sentence_days"], days)
        if not said:
            if column.plain == "sentence_days":
                entry.certainty = "certain"
            return entry
        entry.reason += f"; but {said}"
    entry.ask("unit", "days | weeks | months | years")
    return entry


def _filled(column: Profile) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return column.numbers[column.numbers > 0]


def _banded_lengths(column: Profile) -> Entry:
    entry = _banded("sentence_days", column, 0, 0, whole=False)
    units = {unit_in(each) for each in column.distinct} - {""}
    entry.values["unit"] = units.pop() if len(units) == 1 else QUESTION
    entry.comments["unit"] = "of the bands: days | weeks | months | years"
    entry.comments["bands"] = "drawn within, by id; say where an open band ends"
    bands = entry.values["bands"]
    for label, ends in bands.items():
        if ends != QUESTION and ends[1] <= ends[0]:
            bands[label] = QUESTION
    entry.certainty = "question" if entry.asks else "guess"
    return entry


def guess_risk(target: str, columns: Sequence[Profile]) -> Entry | None:
    """Return the column of a risk; its unit is asked where it may be both."""
    scores = [
        each for each in columns if each.words & _RISK and each.within(0, 100) and len(each.cells)
    ]
    fits = [each for each in scores if _HORIZONS[target].search(each.plain)]
    if fits:
        return _of_risk(target, fits[0])
    unsaid = [
        each for each in scores if not any(one.search(each.plain) for one in _HORIZONS.values())
    ]
    if target != "risk_two_year_percent" or not unsaid:
        return None
    entry = _of_risk(target, unsaid[0])
    entry.reason = f"{unsaid[0].name!r} holds risks, of one year or of two?"
    entry.ask(
        "from",
        f"{unsaid[0].name!r} if it is of two years; if of one, call this table "
        "columns.risk_one_year_percent",
    )
    return entry


def _of_risk(target: str, column: Profile) -> Entry:
    entry = _entry(target, column, "likely", f"the name, and {column.kind()}")
    shares = column.within(0, 1) and not column.whole
    said_percent = "percent" in column.words or "pct" in column.words
    if shares and not said_percent:
        entry.values["unit"] = "share"
        entry.comments["unit"] = "all lie between 0 and 1"
    elif odd(COLUMNS[target], column.numbers):
        entry.reason += f"; but {odd(COLUMNS[target], column.numbers)}"
        entry.ask("unit", "share (0 to 1) | percent (0 to 100)")
    else:
        entry.values["unit"] = "percent"
        if column.plain == target:
            entry.certainty = "certain"
    return entry


def _bands(
    column: Profile, low: float, high: float, *, whole: bool
) -> dict[str, tuple[float, float]]:
    """Return the bands that a column's values are; nothing if one of them is none."""
    if not column.few or column.numeric:
        return {}
    labels = [each for each in column.distinct if not is_unknown(each)]
    spans = {each: span_of(each, low=low, high=high, whole=whole) for each in labels}
    found = {label: span for label, span in spans.items() if span is not None}
    return found if len(found) == len(labels) else {}


def _banded(target: str, column: Profile, low: float, high: float, *, whole: bool) -> Entry:
    entry = _entry(target, column, "guess", "the name, and the values are bands")
    gone = [each for each in column.distinct if is_unknown(each)]
    if gone:
        entry.values["unknown"] = gone
    bands = _bands(column, low, high, whole=whole)
    entry.values["bands"] = {each: bands[each] for each in once(bands)}
    return entry


def _entry(target: str, column: Profile, certainty: str, reason: str) -> Entry:
    entry = Entry(
        ("columns", target),
        certainty,  # type: ignore[arg-type] # one of the words
        reason,
        (column.name,),
        {"from": column.name},
    )
    if column.numeric:
        _ask_of_others(entry, target, column)
    return entry


def _ask_of_others(entry: Entry, target: str, column: Profile) -> None:
    """Say which cells among numbers say that nothing is known, and ask of those that are none."""
    others = column.others
    gone = [each for each in sorted(set(others)) if is_unknown(each)]
    rest = others[~truths(others.isin(gone))]
    if target == "sentence_days":
        rest = rest[truths([np.isnan(days_in(each)) for each in rest])]
    if gone:
        entry.values["unknown"] = gone
    if len(rest):
        many = counted(len(rest), "cell is no number", "cells are no numbers")
        such = in_toml(gone or ["NK"])
        entry.ask(
            "unknown",
            f"{many}: what the file writes where nothing is known, such as {such};"
            " or correct the file, and delete this line",
        )


_BELONGS: Final = (
    ("previous_offences", BEFORE | SANCTIONS, _NOT_A_COUNT),
    ("sentence_days", _LENGTH - {"sentence", "term"}, frozenset(("date", "type"))),
    ("risk_two_year_percent", _RISK - {"score"}, frozenset(("date",))),
    ("age", frozenset(("age",)), frozenset(("first",))),
)
"""Words of a name that clearly says what a column holds, and words of other things."""


def why_left(column: Profile, given: Collection[str]) -> str:
    """Return why nothing is made of a column of numbers whose name speaks of one that is wanted.

    given: columns of the cohort that others are taken for.
    """
    for target, words, but in _BELONGS:
        if not column.words & words or column.words & but:
            continue
        if target in given:
            return f"another column is taken for {target}"
        bad = len(column.others)
        if bad:
            many = f"{bad:,} of {len(column.cells):,} cells are no numbers"
            return f"the name speaks of {target}, but {many}"
        return f"the name speaks of {target}, but the numbers do not fit"
    return ""
