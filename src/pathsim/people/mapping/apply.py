"""A file and its mapping become a table to be checked, with what was read as what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pathsim.elementary.arrays import Places
from pathsim.errors import InputError
from pathsim.people.cells import truths, whole_if_all
from pathsim.people.columns import COLUMNS, NEED_COLUMNS
from pathsim.people.own_groups import names_of
from pathsim.people.table import Checker
from pathsim.people.words import level_of
from pathsim.scenario.lineage import InputFile
from pathsim.vocabulary import DISPOSALS

from .alike import person_of
from .columns import PREFIX, texts_of
from .donors import fill
from .formats import read_grid
from .layout import laid_out
from .levels import check_levels
from .load import read_mapping
from .making import Making, keys_of
from .model import PeopleMapping
from .names import refuse_unsaid
from .odd import odd_first_ages
from .offences import join, path_of_offences
from .rules import FROM_OFFENCES
from .seen import seen_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pathsim.scenario.lines import KeyPath


@dataclass(frozen=True, kw_only=True)
class Mapped:
    """What a mapping made of a file, beside the people themselves."""

    mapping: PeopleMapping
    groups: pd.DataFrame
    """The columns that are kept beside the people, in their order."""
    observed: pd.DataFrame
    """What happened to the people, in their order, as `seen.seen_in` returns it."""
    read_as: dict[str, tuple[str, ...]]
    unknown: dict[str, int]
    drawn: dict[str, int]
    banded: dict[str, int]
    path: Path
    lines: NDArray[np.int64]
    """Of the file: the line of each person."""
    files: tuple[InputFile, ...] = field(default=())
    """The mapping's own file, and that of the offences."""


def mapped(
    path: Path, source: str | Path | PeopleMapping, *, donors: Callable[[], pd.DataFrame] | None
) -> tuple[Checker, Mapped]:
    """Return the table that a mapping makes of a file, to be checked, and what goes with it.

    donors: returns the people of a scenario, from whom is drawn what nobody knows.
    Raises InputError with all that is wrong with the mapping and its columns.
    """
    loaded = read_mapping(source)
    reading = loaded.mapping.read
    stated = [name for _, name in _stated(loaded.mapping)]
    laid = laid_out(path, read_grid(path, reading), reading, stated=stated)
    making = Making(path, loaded, laid)
    _check_names(making)
    _check_groups(making)
    refuse_unsaid(making)
    making.finish()
    ids, keys = _ids(making)
    _join_offences(making, ids)
    columns: dict[str, pd.Series[Any]] = {}
    for name in making.columns:
        columns[name] = ids if name == "id" else texts_of(making, name, keys)
    check_levels(making, columns)
    _complete(making, columns, keys, donors)
    groups, observed = _beside(making)
    making.finish()
    table = pd.DataFrame({name: columns[name] for name in COLUMNS if name in columns})
    table["id"] = whole_if_all(table["id"])
    return _checker(making, table, groups), _as_mapped(making, groups, observed)


def _as_mapped(making: Making, groups: pd.DataFrame, observed: pd.DataFrame) -> Mapped:
    loaded = making.loaded
    files = [loaded.file] if loaded.file is not None else []
    if loaded.mapping.offences is not None:
        files.append(path_of_offences(loaded, loaded.mapping.offences))
    return Mapped(
        mapping=loaded.mapping,
        groups=groups,
        observed=observed,
        read_as={name: tuple(words) for name, words in making.read_as.items()},
        unknown=making.unknown,
        drawn=making.drawn,
        banded=making.banded,
        path=making.path,
        lines=making.laid.lines,
        files=tuple(InputFile.at(file) for file in files),
    )


def _checker(making: Making, table: pd.DataFrame, groups: pd.DataFrame) -> Checker:
    lent = {name: n for name, n in making.drawn.items() if name not in NEED_COLUMNS}
    needs = [n for name, n in making.drawn.items() if name in NEED_COLUMNS]
    if needs:
        lent[f"{len(needs)} needs"] = max(needs)
    notes = [*making.laid.notes, *making.notes]
    for counts, said in ((making.banded, "within bands"), (lent, "from the scenario's people")):
        if counts:
            listed = ", ".join(f"{name} of {people:,} people" for name, people in counts.items())
            notes.append(f"drawn by id {said}: {listed}")
    return Checker(
        table.join(groups),
        own=names_of(groups.columns),
        file=making.path,
        lines=making.laid.lines,
        decimal_comma=making.laid.decimal_comma,
        few_cells=0,
        notes=notes,
        odd=odd_first_ages(table),
    )


def _check_names(making: Making) -> None:
    """Note columns that the file does not have, and columns that the mapping does not mention."""
    known = making.laid.table.columns.to_list()
    used: set[str] = set()
    for key, name in _stated(making.loaded.mapping):
        used.add(name.strip())
        if name.strip() not in known:
            making.no_such_column(name, key, known)
    unused = [name for name in known if name not in used]
    if unused:
        words = f"the file has columns that the mapping does not mention: {_listed(making, unused)}"
        making.refuse(words, ("left_out", "columns"), allowed="each used, or left out on purpose")


def _stated(mapping: PeopleMapping) -> list[tuple[KeyPath, str]]:
    """Return the columns of the people's table that the mapping names, with the key of each."""
    stated: list[tuple[KeyPath, str]] = [
        *(
            (("columns", name, key), each)
            for name, spec in mapping.columns.items()
            for key, each in (("from", spec.source), ("date", spec.date))
        ),
        *((("groups", name, "from"), group.source) for name, group in mapping.groups.items()),
        *((("left_out", "columns", i), each) for i, each in enumerate(mapping.left_out.columns)),
    ]
    if mapping.observed is not None:
        keys = ("reoffended", "days", "date", "since", "censored")
        stated += [(("observed", key), getattr(mapping.observed, key)) for key in keys]
    if mapping.offences is not None:
        stated.append((("offences", "before"), mapping.offences.before))
        stated = [(key, name) for key, name in stated if not name.startswith(PREFIX)]
    return [(key, name) for key, name in stated if name]


def _check_groups(making: Making) -> None:
    """Note groups whose names cannot be those of groups."""
    try:
        names_of(making.loaded.mapping.groups)
    except InputError as error:
        for problem in error.problems:
            making.refuse(
                problem.message, ("groups",), found=problem.found, allowed=problem.allowed
            )


def _listed(making: Making, names: list[str]) -> str:
    if making.laid.doubtful:
        row = making.laid.header_row
        return f"{len(names):,}, not shown, as row {row} may be no header"
    more = f" and {len(names) - 20:,} more" if len(names) > 20 else ""
    return ", ".join(repr(name) for name in names[:20]) + more


def _ids(making: Making) -> tuple[pd.Series[Any], Places]:
    """Return the ids as text, and the keys of the draws that are made of them."""
    ids = texts_of(making, "id", np.zeros(0, np.intp))
    making.blame("id", truths(ids == ""), "the id is empty")
    if truths(ids.str.fullmatch(r"\d+(\.0+)?")).all():
        ids = ids.str.replace(r"\.0+$", "", regex=True)
    same = truths(ids.map(person_of).duplicated(keep=False)) & ~truths(ids.duplicated(keep=False))
    making.blame(
        "id",
        same & truths(ids != ""),
        "is the number of another id too",
        allowed="ids that differ by more than zeros before or after them",
    )
    plain = whole_if_all(ids).astype(str)
    return plain.astype("str"), keys_of(plain)


def _join_offences(making: Making, ids: pd.Series[Any]) -> None:
    """Put what the offences say beside the file's own columns."""
    spec = making.loaded.mapping.offences
    if spec is None:
        return
    own = making.columns["id"].source
    found = join(making, spec, making.cells(own) if own else ids)
    table = pd.concat([making.laid.table, found], axis=1)
    making.laid = _with_table(making.laid, table)
    for name in making.columns:
        for key, each in (
            ("from", making.columns[name].source),
            ("date", making.columns[name].date),
        ):
            if each.startswith(PREFIX) and each not in table:
                making.no_such_column(each, ("columns", name, key), found.columns.to_list())
    making.finish()


def _with_table(laid: Any, table: pd.DataFrame) -> Any:
    return type(laid)(**{**vars(laid), "table": table})


def _complete(
    making: Making,
    columns: dict[str, pd.Series[Any]],
    keys: Places,
    donors: Callable[[], pd.DataFrame] | None,
) -> None:
    """Add what the mapping does not mention, and do with unknown cells what it says."""
    names = [str(name) for name in making.laid.table]
    given = {name.removeprefix(PREFIX): name for name in names if name.startswith(PREFIX)}
    given["previous_offences"] = given.get("previous", "")
    for name in (*FROM_OFFENCES, "sentence_days", "domestic_abuse"):
        spec = making.columns.get(name)
        if given.get(name) and (spec is None or not spec.reads()):
            columns[name] = making.cells(given[name])
            making.say(name, "from the table of offences")
    if "sentence_days" not in columns:
        if _custody(columns):
            making.notes.append("sentence_days: no column; drawn from the scenario's lengths")
        columns["sentence_days"] = pd.Series([""] * len(keys), dtype="str")
    rules = {name: spec.if_unknown for name, spec in making.columns.items()}
    needs = making.loaded.mapping.needs.if_unknown
    lacking = [name for name in NEED_COLUMNS if name not in columns]
    if needs != "missing" or 0 < len(lacking) < len(NEED_COLUMNS):
        for name in lacking:
            columns[name] = pd.Series([""] * len(keys), dtype="str")
            rules[name] = needs
    for name, rule in rules.items():
        if rule == "refuse":
            making.blame(name, truths(columns[name] == ""), "nothing is known")
    drawn = [name for name, rule in rules.items() if rule == "draw"]
    making.finish()
    fill(making, columns, drawn, keys=keys, donors=donors)
    making.finish()


def _custody(columns: dict[str, pd.Series[Any]]) -> bool:
    """Return whether anybody's disposal is custody, as far as it can be read."""
    texts = columns["disposal"].unique() if "disposal" in columns else ()
    return any(level_of("disposal", str(each), DISPOSALS) == "custody" for each in texts)


def _beside(making: Making) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the groups, and what was observed."""
    mapping = making.loaded.mapping
    size = len(making.laid.table)
    groups = pd.DataFrame(
        {name: making.cells(each.source) for name, each in mapping.groups.items()},
        index=range(size),
    )
    return groups, seen_in(making)
