"""A draft of a mapping: a guess for every column of a file, and the questions that are open."""

from __future__ import annotations

import os
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final

from pathsim.files import write_whole
from pathsim.paths import path_of
from pathsim.people.columns import COLUMNS, NEED_COLUMNS, NEEDED, NUMBERS
from pathsim.text import counted

from .alike import person_of
from .entry import Entry, in_toml, one_line
from .formats import read_grid
from .guess_dates import guess_age_at, guess_observed, guess_offences, guess_start, index_date
from .guess_levels import guess_area, guess_flag, guess_groups, guess_id, guess_levels
from .guess_numbers import (
    COMMAS,
    guess_age,
    guess_first_age,
    guess_length,
    guess_previous,
    guess_risk,
    why_left,
)
from .layout import laid_out
from .parts import Reading
from .profile import profiles
from .rules import FROM_OFFENCES, RISKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from .layout import Laid
    from .profile import Profile

_HEAD: Final = """\
# A mapping of {file}, drafted by pathsim: look through it, and answer each "?".
# Every guess says why, and how sure it is: certain, likely, guess, or question.
"""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A mapping with a guess for every column of a file."""

    file: str
    text: str
    """The mapping in TOML."""
    shown: str
    """The same without the labels that few rows have: what is shown of it."""
    entries: tuple[Entry, ...]
    left_out: tuple[tuple[str, str], ...]
    """Columns that nothing is made of, each with what its cells are."""
    notes: tuple[str, ...]
    """What was found of the layout."""

    @property
    def questions(self) -> dict[str, str]:
        """What must be answered, by key, each with what is allowed."""
        return dict(each for entry in self.entries for each in entry.questions())

    def __repr__(self) -> str:
        return f"<Draft of {self.file!r}: {counted(len(self.questions), 'open question')}>"

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self.shown)}</pre>"

    def write(self, path: str | Path) -> None:
        """Write the mapping to a file. Raises InputError."""
        write_whole(path_of(path), self.text)

    def to_dict(self) -> dict[str, Any]:
        """Return the guesses as plain data."""
        return {
            "file": self.file,
            "guesses": [
                {
                    "key": ".".join(entry.path),
                    "columns": list(entry.columns),
                    "certainty": entry.certainty,
                    "reason": one_line(entry.reason),
                }
                for entry in self.entries
            ],
            "questions": [
                {"key": key, "allowed": said}
                for entry in self.entries
                for key, said in entry.questions_shown()
            ],
            "left_out": [{"column": name, "holds": kind} for name, kind in self.left_out],
            "notes": list(self.notes),
            "mapping": self.shown,
        }

    def __str__(self) -> str:
        """Return the mapping in TOML, without the labels that few rows have."""
        return self.shown


def draft(
    file: Path,
    *,
    header_row: int | None = None,
    sheet: str = "",
    offences: Path | None = None,
    beside: Path | None = None,
) -> Draft:
    """Return a mapping of a file with a guess for every column.

    header_row, sheet: where the table is, if it is not found. offences: a second table, one row an
    offence. beside: the folder of the mapping, from which the path of that table goes.
    Raises InputError.
    """
    reading = Reading(sheet=sheet, header_row=header_row)
    laid = laid_out(file, read_grid(file, reading), reading, drafting=True)
    columns = profiles(laid)
    entries = list(_entries(columns, len(laid.table)))
    if offences is not None:
        entries = _with_offences(entries, laid, columns, offences, beside)
    entries = list(
        _in_order([*entries, *_missing(entries), *_reading(laid, sheet, entries, columns)])
    )
    used = {name for entry in entries for name in entry.columns}
    given = {entry.path[1] for entry in entries if entry.path[0] == "columns" and entry.columns}
    left = tuple((each.name, _held(each, given)) for each in columns if each.name not in used)
    texts = ("\n".join(_text(file, laid, entries, left, rare=rare)) for rare in (True, False))
    return Draft(
        file=str(file),
        text=next(texts),
        shown=next(texts),
        entries=tuple(entries),
        left_out=left,
        notes=laid.notes,
    )


def _held(column: Profile, given: set[str]) -> str:
    """Return what a column holds, and why it is left out where its name speaks of a wanted one."""
    why = why_left(column, given)
    return f"{column.kind()}; {why}" if why else column.kind()


def _reading(
    laid: Laid, sheet: str, entries: list[Entry], columns: list[Profile]
) -> Iterator[Entry]:
    """Yield how the file is read, where that is to be said."""
    found = Entry(("read",), "likely", "where the table was found")
    if sheet:
        found.values["sheet"] = sheet
    if laid.header_row > 1:
        found.values["header_row"] = laid.header_row
    if laid.last_rows_left_out:
        found.values["last_rows_left_out"] = laid.last_rows_left_out
    if laid.wider_rows:
        many = counted(laid.wider_rows, "row is", "rows are")
        found.ask("beyond_header", f"{many} wider than the header: ignore | refuse")
    numbers = {
        name
        for entry in entries
        for name in entry.columns
        if entry.path[0] == "observed" or entry.path[-1] in NUMBERS
    }
    commas = {each.commas for each in columns if each.name in numbers and each.numeric}
    if "thousands" in commas:
        found.reason = "numbers with commas"
        found.ask("decimal", COMMAS)
    elif "decimal" in commas:
        found.values["decimal"] = ","
        found.comments["decimal"] = "some numbers have a comma before one or two digits"
    if found.values:
        yield found


def _entries(columns: list[Profile], rows: int) -> Iterator[Entry]:
    """Yield a guess for each column of the cohort; each column of the file serves but one."""
    free = {each.name: each for each in columns if each.name}
    identity = guess_id(columns, rows)
    found: list[Entry | None] = [identity]
    _take(free, identity)
    ages = [guess_age([*free.values()])]
    guesses = (
        lambda: ages[0],
        *(_level_guess(free, target) for target in ("sex", "ethnicity", "disposal")),
        _level_guess(free, "offence_group"),
        lambda: guess_first_age([*free.values()]),
        *(_risk_guess(free, target) for target in RISKS),
        lambda: guess_observed([*free.values()]),
        lambda: guess_previous([*free.values()]),
        lambda: guess_length([*free.values()]),
        lambda: guess_start([*free.values()]),
        lambda: guess_area([*free.values()]),
        *(_flag_guess(free, target) for target in (*NEED_COLUMNS, "domestic_abuse")),
    )
    for guess in guesses:
        entry = guess()
        if entry is not None:
            _take(free, entry)
            found.append(entry)
    if ages[0] is None:
        for entry in guess_age_at([*free.values()], offences=False):
            _take(free, entry)
            found.append(entry)
    found += guess_groups([*free.values()])
    yield from (entry for entry in found if entry is not None)


def _level_guess(free: dict[str, Profile], target: str) -> Any:
    return lambda: guess_levels(target, [*free.values()])


def _risk_guess(free: dict[str, Profile], target: str) -> Any:
    return lambda: guess_risk(target, [*free.values()])


def _flag_guess(free: dict[str, Profile], target: str) -> Any:
    return lambda: guess_flag(target, [*free.values()])


def _take(free: dict[str, Profile], entry: Entry) -> None:
    for name in entry.columns:
        free.pop(name, None)


def _with_offences(
    entries: list[Entry], laid: Laid, columns: list[Profile], offences: Path, beside: Path | None
) -> list[Entry]:
    """Return the guesses with those of a table of offences."""
    theirs = laid_out(offences, read_grid(offences, Reading()), Reading())
    named = next((entry.values.get("from") for entry in entries if entry.path[1:] == ("id",)), None)
    ids = set(laid.table[named].map(person_of)) if named in laid.table else set()
    file = os.path.relpath(offences, beside) if beside is not None else str(offences)
    table, levels = guess_offences(
        profiles(theirs), file.replace(os.sep, "/"), ids, index=index_date(columns)
    )
    kept = [
        entry
        for entry in entries
        if entry.path[-1] not in ("age", "age_at_first_sanction") or "derive" not in entry.values
    ]
    kept = [entry for entry in kept if entry.path[-1] not in table.values]
    ages = (
        []
        if any(entry.path[-1] == "age" for entry in kept)
        else guess_age_at(columns, offences=True)
    )
    return [*kept, *ages, *levels.values(), table]


def _missing(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield a question for all that a cohort needs and no column holds."""
    given = {entry.path[-1] for entry in entries}
    if "offences" in given:
        given |= set(FROM_OFFENCES)
    for target in NEEDED:
        if target not in given:
            entry = Entry(("columns", target), "question", "no column holds it")
            column = COLUMNS[target]
            kind = f"one for everybody: {column.allowed()}"
            draw = 'if_unknown = "draw": from the scenario\'s own people, by id'
            said = f"{kind}; or, in its place, {draw}"
            if target == "disposal" and "sentence_days" in given:
                # Who draws another disposal could not have a length.
                said = "custody, as sentence_days has lengths, if it has one for everybody; " + said
            entry.ask("for_all", said)
            yield entry
    if not given & {"sentence_days", "offences"}:
        entry = Entry(
            ("columns", "sentence_days"),
            "guess",
            "no column holds it: drawn in each replication from the scenario's lengths",
            (),
            {"if_unknown": "missing"},
        )
        yield entry
    lacking = [name for name in NEED_COLUMNS if name not in given]
    if lacking:
        which = "the needs" if len(lacking) == len(NEED_COLUMNS) else ", ".join(lacking)
        entry = Entry(("needs",), "question", f"no column holds {which}")
        entry.ask(
            "if_unknown",
            "draw: from the scenario's own people, by id | missing: nobody has "
            "them, and services for them start nobody",
        )
        yield entry


def _in_order(entries: list[Entry]) -> Iterator[Entry]:
    order = [*COLUMNS]
    own = [entry for entry in entries if entry.path[0] == "columns"]
    yield from (entry for entry in entries if entry.path[0] == "read")
    yield from sorted(own, key=lambda entry: order.index(entry.path[1]))
    for kind in ("needs", "offences", "groups", "observed"):
        yield from (entry for entry in entries if entry.path[0] == kind)


def _text(
    file: Path,
    laid: Laid,
    entries: list[Entry],
    left: tuple[tuple[str, str], ...],
    *,
    rare: bool,
) -> Iterator[str]:
    """Yield the lines of the mapping."""
    yield _HEAD.format(file=one_line(file.name))
    asked = sum(len(list(entry.questions())) for entry in entries)
    yield f"# {counted(asked, 'question')}."
    yield from (f"# {one_line(note)}" for note in laid.notes)
    for entry in entries:
        yield ""
        yield from entry.lines(rare=rare)
    if left:
        yield "\n[left_out]"
        yield "# nothing is made of these: delete a name here where you use it above"
        yield "columns = ["
        yield from (f"  {in_toml(name)},  # {kind}" for name, kind in left)
        yield "]"
    yield ""
