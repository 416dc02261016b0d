"""From files to a resolved scenario: `extends`, then overrides by key."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from pathsim.errors import InputError, Problem
from pathsim.paths import path_of, problem_of, usable

from .annotations import is_number
from .deprecated import with_new_keys
from .explain import resolve
from .lineage import InputFile, Lineage, descend
from .lines import KeyPath
from .model import Scenario
from .options import apply, warn_if_idle
from .phases import PHASES, refuse_phases, steps
from .read import OF_TARGETS, Document, read
from .shipped import locate, missing
from .unusual import unusual, warn_of

FILES: Final = (("cohort",), ("cohort", "counts"), ("cohort", "margins"), ("cohort", "ethnicity"))
"""Tables of a scenario that name a file, relative to their own."""
MOST_FILES: Final = 100
"""Files that one scenario may be made of."""

Layers = dict[Path, Document]
"""Documents by file, in the order in which they are laid over each other."""


def load(path: str | Path) -> Scenario:
    """Return the scenario in the TOML file at `path`, with everything it extends resolved.

    A file without `extends` says everything. One with `extends` is an option: it says only what it
    changes, and takes a `title` of its own. `extends` may list several options of one baseline,
    which are applied from left to right. An option with `from_day` leaves what it extends in force
    until that day; an option without one holds from the first day, also under a dated option that
    it extends. One with `phases` changes things on several days. Warns with `InputWarning` when an
    option changes nothing, and of values outside their usual range.

    Parameters
    ----------
    path
        A file, or where there is none, the name of a scenario that comes with the package, such as
        `dorset/baseline`; so may be what a file extends.

    Returns
    -------
    Scenario
        Frozen: `change` makes another one of it.

    Raises
    ------
    InputError
        With all problems found: file, line, key, the value, and what is allowed.

    Examples
    --------
    >>> import pathsim as ps
    >>> ps.load("dorset/baseline").title
    'Dorset 2021/22'
    """
    path = path_of(path, allowed="the path of a scenario file, or a shipped name")
    baseline, *options = documents(path)
    _refuse_targets(baseline)
    _refuse_mapping(baseline)
    _refuse_made_up_past(baseline)
    refuse_phases(baseline)
    scenario = resolve(Scenario, baseline.raw, [baseline])
    files = _input_files([baseline])
    descend(scenario, Lineage(files))
    for position, option in enumerate(options, start=1):
        parent = scenario
        scenario = apply(parent, option, below=[baseline, *options[: position - 1]])
        files += _input_files([option])
        descend(scenario, Lineage(files, parent))
        if not _only_combines(option):
            warn_if_idle(parent, scenario, name=option.file, stacklevel=3)
    said = [part for option in options for part in steps(option)]
    warn_of(unusual(scenario), [baseline, *said], stacklevel=2)
    return scenario


def _refuse_targets(baseline: Document) -> None:
    """Refuse calibration targets, of which each key would be unknown here."""
    if baseline.holds_targets:
        message = (
            "belongs to a file of calibration targets, which is no scenario: `pathsim validate` "
            "checks it, `pathsim calibrate` and `pathsim backcast` take it as --targets"
        )
        key = next(key for key in baseline.raw if key in OF_TARGETS)
        raise InputError(baseline.problem(message, (key,), allowed="a scenario file"))


def _refuse_mapping(baseline: Document) -> None:
    """Refuse a mapping of a table of people, of which each key would be unknown here."""
    if baseline.holds_mapping:
        message = (
            "belongs to a mapping of a table of people, which is no scenario: "
            "`pathsim cohort check FILE --mapping MAPPING` checks it"
        )
        raise InputError(baseline.problem(message, ("columns",), allowed="a scenario file"))


def _refuse_made_up_past(baseline: Document) -> None:
    """Refuse `before`, but for the whole scenario that pathsim writes there with `from_day`."""
    before = baseline.raw.get("before")
    needed = {name for name, field in Scenario.model_fields.items() if field.is_required()}
    whole = isinstance(before, dict) and needed <= before.keys() and "from_day" in baseline.raw
    if "before" in baseline.raw and not whole:
        message = "is made by pathsim from an option with from_day, and cannot be given"
        allowed = "a file of its own, with extends and from_day"
        raise InputError(baseline.problem(message, ("before",), allowed=allowed))


def documents(path: Path) -> list[Document]:
    """Return what the file at `path` and all that it extends say, the baseline first.

    Raises `InputError`.
    """
    file = locate(usable(path))
    if not os.path.lexists(file):
        raise InputError(Problem(missing(path), file=path))
    return list(_Reader().layers(file).values())


def _input_files(documents: Iterable[Document]) -> tuple[InputFile, ...]:
    return tuple(InputFile.at(each.file) for each in documents if each.file)


class _Reader:
    """Reads a file and what it extends, each file once."""

    def __init__(self) -> None:
        self._known: dict[Path, Layers] = {}
        self._above: list[Path] = []
        """Files that are being read, each of which extends the next."""

    def layers(self, path: Path) -> Layers:
        """Return the documents to apply for `path`, baseline first, each of them once."""
        file = _whole(path)
        if file not in self._known:
            if len(self._known) + len(self._above) >= MOST_FILES:
                message = f"is the {MOST_FILES + 1}th file that extends another"
                raise InputError(Problem(message, file=path, allowed=f"at most {MOST_FILES}"))
            self._above.append(file)
            self._known[file] = self._read(path, file)
            self._above.pop()
        return self._known[file]

    def _read(self, path: Path, file: Path) -> Layers:
        document = with_new_keys(_with_whole_paths(read(path), path.parent), stacklevel=5)
        layers: Layers = {}
        below = []
        for position, name in enumerate(_extended(document)):
            listed = isinstance(document.raw["extends"], list)
            key: KeyPath = ("extends", position) if listed else ("extends",)
            further = self._below(document, locate(name, path.parent), key)
            _refuse_another_baseline(document, key, layers, further)
            below.append(further)
            layers = layers | {file: each for file, each in further.items() if file not in layers}
        if len(below) > 1 and is_number(document.raw.get("from_day")):
            layers = _dated(layers, below, document.raw["from_day"])
        return layers | {file: document}

    def _below(self, document: Document, target: Path, key: KeyPath) -> Layers:
        file = _whole(target)
        if file in self._above:
            around = self._above[self._above.index(file) :]
            circle = " -> ".join(each.name for each in (*around, target))
            raise InputError(document.problem(f"goes round in a circle: {circle}", key))
        if not os.path.lexists(target):
            raise InputError(document.problem(missing(target), key, found=document.at(key)))
        try:
            return self.layers(target)
        except InputError as error:
            problems = [_named(each, document, target, key) for each in error.problems]
            raise InputError(*problems) from None


def _named(problem: Problem, document: Document, target: Path, key: KeyPath) -> Problem:
    """Return a problem with a file as a whole where it is named: there it is put right."""
    if problem.file != target or problem.line is not None or problem.key:
        return problem
    message = f"names {target}, which {problem.message}"
    return document.problem(message, key, found=document.at(key), allowed=problem.allowed)


def _whole(path: Path) -> Path:
    """Return the path with links followed, as far as they can be."""
    return Path(os.path.realpath(path))


def _refuse_another_baseline(
    document: Document, key: KeyPath, layers: Layers, further: Layers
) -> None:
    if layers and next(iter(layers)) != next(iter(further)):
        message = (
            f"options must extend one baseline; this one rests on '{next(iter(further)).name}', "
            f"those before it on '{next(iter(layers)).name}'"
        )
        raise InputError(document.problem(message, key, found=document.at(key)))


def _dated(layers: Layers, below: list[Layers], from_day: float) -> Layers:
    """Let the options of a dated combination begin on its day; what they share holds before."""
    shared = set.intersection(*(set(each) for each in below))
    return {
        file: each
        if file in shared or PHASES in each.raw
        else replace(each, raw={"from_day": from_day, **each.raw})
        for file, each in layers.items()
    }


def _extended(document: Document) -> list[str]:
    if "extends" not in document.raw:
        return []
    names = document.raw["extends"]
    listed = names if isinstance(names, list) else [names]
    if not listed or not all(map(_is_file_name, listed)):
        raise InputError(
            document.problem(
                "must name what the option extends",
                ("extends",),
                found=names,
                allowed="a file name, or a list of file names",
            )
        )
    return listed


def _is_file_name(name: object) -> bool:
    return isinstance(name, str) and bool(name) and "\0" not in name


def _with_whole_paths(document: Document, folder: Path) -> Document:
    """Return the document with the paths of its tables independent of the working folder."""
    raw = document.raw
    for tables in FILES:
        raw = _with_whole_path(document, raw, folder, (*tables, "file"))
    return replace(document, raw=raw)


def _with_whole_path(
    document: Document, raw: dict[str, Any], folder: Path, key: tuple[str, ...], at: int = 0
) -> dict[str, Any]:
    """Return `raw`, a table of the document, with the path that stands at `key` made whole."""
    here = raw.get(key[at])
    if at + 1 < len(key):
        inside = here if isinstance(here, dict) else {}
        new: Any = _with_whole_path(document, inside, folder, key, at + 1)
    elif isinstance(here, str) and here:
        unusable = problem_of(folder / here)
        if unusable is not None:
            raise InputError(document.problem(unusable.message, key, allowed=unusable.allowed))
        new = str(_whole(folder / here))
    else:
        return raw
    return {**raw, key[at]: new} if new else raw


def _only_combines(option: Document) -> bool:
    """Return whether the file makes nothing but a combination of the options it names."""
    own = set(option.raw) - {"extends", "title", "description", "schema_version", "from_day"}
    return isinstance(option.raw["extends"], list) and len(option.raw["extends"]) > 1 and not own
