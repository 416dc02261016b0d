"""Guesses from dates: ages, the start day, what was observed, and a table of offences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pathsim.people.cells import number_of
from pathsim.scenario.units import LATEST_START_DAY

from .alike import person_of
from .columns import PREFIX
from .dates import EXCEL
from .entry import Entry
from .guess_levels import guess_flag, guess_levels
from .guess_numbers import COMMAS, guess_length
from .load import QUESTION
from .profile import AMBIGUOUS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .profile import Profile

_BIRTH: Final = frozenset(("birth", "dob", "born", "birthdate"))
_INDEX: Final = (
    frozenset(("sentence", "sentenced", "sentencing")),
    frozenset(("conviction", "convicted", "disposal", "index", "court")),
)
"""Words of the date from which people are followed, the best first."""
_AGAIN: Final = frozenset(
    (
        "reoffended",
        "reoffend",
        "reoffence",
        "reoffending",
        "reconviction",
        "reconvicted",
        "recidivism",
        "recidivist",
        "recidivated",
        "return",
        "returned",
        "rearrest",
        "rearrested",
    )
)
_DAY_OR_MONTH: Final = ("%d/%m/%Y", "%m/%d/%Y")
_EITHER: Final = '"%d/%m/%Y" (day first) | "%m/%d/%Y" (month first)'
_UNTIL: Final = frozenset(("days", "to", "until", "time"))


def is_date(column: Profile) -> bool:
    """Return whether a column holds dates, or numbers that are called so."""
    named = column.words & {"date", "dob", "day", "sentenced"} or column.plain.endswith("_on")
    return column.date_format is not None or bool(column.serial and named)


def guess_age_at(columns: Sequence[Profile], *, offences: bool) -> list[Entry]:
    """Return ages derived from the birth and another date."""
    birth = next((each for each in columns if each.words & _BIRTH and is_date(each)), None)
    if birth is None:
        return []
    index = index_date(columns)
    entry = Entry(
        ("columns", "age"),
        "likely",
        "from the birth and the date of the sentence or disposal",
        (birth.name,),
        {"from": birth.name, "derive": "age_at"},
    )
    _say_format(entry, birth)
    others = [each.name for each in columns if is_date(each) and each is not birth]
    if offences:
        entry.values["date"] = f"{PREFIX}date"
        entry.comments["date"] = "the date of the present occasion"
    elif index is not None:
        entry.values["date"] = index.name
        entry.columns = (birth.name, index.name)
        _say_other_format(entry, "at_format", index, beside=birth)
    else:
        entry.ask(
            "date",
            "the column with the date of the sentence or disposal: "
            + (", ".join(map(repr, others)) or "no other column holds dates"),
        )
    found = [entry]
    if offences:
        first = Entry(
            ("columns", "age_at_first_sanction"),
            "likely",
            "from the birth and the first occasion",
            (birth.name,),
            {"from": birth.name, "derive": "age_at", "date": f"{PREFIX}first_date"},
        )
        _say_format(first, birth)
        found.append(first)
    return found


def index_date(columns: Sequence[Profile]) -> Profile | None:
    """Return the column of the date from which people are followed."""
    for words in _INDEX:
        for each in columns:
            if each.words & words and is_date(each) and not each.words & {"first", *_BIRTH}:
                return each
    return None


def _say_format(entry: Entry, column: Profile) -> None:
    if column.date_format == AMBIGUOUS:
        entry.ask("date_format", _EITHER)
    elif column.date_format is None:
        entry.values["date_format"] = EXCEL
        entry.comments["date_format"] = "numbers such as spreadsheets keep dates as"
    elif column.date_format:
        entry.values["date_format"] = column.date_format


def _say_other_format(entry: Entry, key: str, column: Profile, *, beside: Profile) -> None:
    """Say the format of dates that are read beside others, where it is, or may be, another."""
    own, other = column.date_format, beside.date_format
    shared = (AMBIGUOUS, *_DAY_OR_MONTH)
    if own in ("", other) or (own in shared and other in shared and AMBIGUOUS in (own, other)):
        if own != other and other == AMBIGUOUS and own:
            entry.comments["date_format"] += f"; {column.name!r} fits {own} alone"
        return
    if own is None:
        entry.values[key] = EXCEL
    elif own == AMBIGUOUS:
        entry.ask(key, f"of {column.name!r}: {_EITHER}")
    elif own in shared and other in shared:
        entry.ask(key, f'{column.name!r} fits "{own}" alone, and {beside.name!r} "{other}" alone')
    else:
        entry.values[key] = own


def guess_start(columns: Sequence[Profile]) -> Entry | None:
    """Return the start day, or the column of dates that is called so."""
    path = ("columns", "start_day")
    for each in columns:
        if each.plain != "start_day":
            continue
        if is_date(each):
            entry = Entry(
                path,
                "question",
                "dates, not days from the first day of the intake window",
                (each.name,),
                {"from": each.name},
            )
            _say_format(entry, each)
            entry.ask(
                "first_day",
                "the first day of the intake window, such as 2024-04-01 without quotation marks",
            )
            return entry
        if each.within(0, LATEST_START_DAY) and not len(each.others):
            return Entry(path, "certain", "the name, and days", (each.name,), {"from": each.name})
    return None


def guess_observed(columns: Sequence[Profile]) -> Entry | None:
    """Return the columns that say what happened to people."""
    about = [each for each in columns if each.words & _AGAIN]
    flag = next((each for each in about if each.flags), None)
    days = next(
        (each for each in about if each.numeric and each.words & _UNTIL and not len(each.others)),
        None,
    )
    when = next((each for each in about if is_date(each)), None)
    parts = {"reoffended": flag, "days": days, "date": when}
    values = {key: each.name for key, each in parts.items() if each is not None}
    if not values:
        return None
    words = "the names, and truths, days or dates"
    entry = Entry(("observed",), "guess", words, tuple(values.values()), dict(values))
    if flag is not None:
        entry.ask("within_days", "the days within which it was looked for, such as 365")
    if when is not None:
        entry.ask(
            "since",
            "the column with the date from which days are counted: release from "
            "custody, or the disposal of the others",
        )
        _say_format(entry, when)
    return entry


def _ask_of_commas(entry: Entry, column: Profile) -> None:
    """Say what the commas in the numbers of a second table are, or ask."""
    if column.numeric and column.commas:
        decimal = QUESTION if column.commas == "thousands" else ","
        entry.values["read"] = {"decimal": decimal}
        entry.comments["read"] = COMMAS


def guess_offences(
    columns: Sequence[Profile], file: str, ids: set[str], *, index: Profile | None = None
) -> tuple[Entry, dict[str, Entry]]:
    """Return the table of offences, and what its levels mean by column of the cohort.

    index: the column of the people with the date of the present occasion.
    """
    people = [
        each for each in columns if set(each.cells.map(person_of)) & ids and not is_date(each)
    ]
    person = max(
        people,
        key=lambda each: number_of(each.cells.map(person_of).isin(ids)) / len(each.cells),
        default=None,
    )
    entry = Entry(
        ("offences",),
        "likely",
        "one row an offence, joined by the person's id",
        (),
        {"file": file, "of": "latest"},
    )
    if person is not None:
        entry.values["person"] = person.name
    else:
        entry.ask("person", "the column with the ids of the people")
    dated = [each for each in columns if is_date(each) and not each.words & _BIRTH]
    if len(dated) == 1:
        entry.values["date"] = dated[0].name
        _say_format(entry, dated[0])
        if index is not None:
            entry.values["before"] = index.name
            entry.comments["before"] = "occasions after this date are later ones, left out"
            entry.columns = (index.name,)
            _say_other_format(entry, "before_format", index, beside=dated[0])
    else:
        listed = ", ".join(repr(each.name) for each in dated) or "no column holds dates"
        entry.ask("date", f"the date of the conviction or caution: {listed}")
    levels: dict[str, Entry] = {}
    for target in ("disposal", "offence_group"):
        found = guess_levels(target, [each for each in columns if each is not person])
        if found is not None:
            entry.values[target] = found.values.pop("from")
            found.values.pop("if_unknown", None)
            if found.values:
                found.values = {"from": f"{PREFIX}{target}", **found.values}
                levels[target] = found
    for target, found in (
        ("sentence_days", guess_length(columns)),
        ("domestic_abuse", guess_flag("domestic_abuse", columns)),
    ):
        if found is not None and len(found.columns) == 1:
            entry.values[target] = found.values.pop("from")
            _ask_of_commas(entry, next(each for each in columns if each.name in found.columns))
            if any(value != "days" for value in found.values.values()):
                found.values = {"from": f"{PREFIX}{target}", **found.values}
                levels[target] = found
    return entry, levels
