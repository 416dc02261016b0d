"""From files to a resolved scenario: `extends`, then overrides by key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from pathsim.errors import InputError

from .explain import resolve
from .lines import KeyPath
from .model import Scenario
from .options import apply, warn_if_idle
from .read import Document, no_such_file, read
from .shape import is_number

Layers = dict[Path, Document]
"""Documents by file, in the order in which they are laid over each other."""


def load(path: str | Path) -> Scenario:
    """Return the scenario in the TOML file at `path`, with everything it extends resolved.

    A file without `extends` says everything. One with `extends` is an option: it says
    only what it changes, and takes a `title` of its own. `extends` may list several
    options of one baseline, which are applied from left to right. An option with
    `from_day` leaves what it extends in force until that day; an option without one
    holds from the first day, also under a dated option that it extends.

    Raises `InputError` with all problems found, and warns with `InputWarning` when an
    option changes nothing.
    """
    baseline, *options = _layers(Path(path), ()).values()
    scenario = resolve(Scenario, baseline.raw, [baseline])
    for position, option in enumerate(options, start=1):
        parent = scenario
        scenario = apply(parent, option, below=[baseline, *options[: position - 1]])
        if not _only_combines(option):
            warn_if_idle(parent, scenario, name=option.file, stacklevel=3)
    return scenario


def _layers(path: Path, above: tuple[Path, ...]) -> Layers:
    """Return the documents to apply for `path`, baseline first, each of them once."""
    document = _with_whole_paths(read(path), path.parent)
    chain = (*above, path.resolve())
    layers: Layers = {}
    below = []
    for position, name in enumerate(_extended(document)):
        key = ("extends", position) if isinstance(document.raw["extends"], list) else ("extends",)
        further = _below(document, path.parent / name, key, chain)
        _refuse_another_baseline(document, key, layers, further)
        below.append(further)
        layers = layers | {file: each for file, each in further.items() if file not in layers}
    if len(below) > 1 and is_number(document.raw.get("from_day")):
        layers = _dated(layers, below, document.raw["from_day"])
    return layers | {path.resolve(): document}


def _below(document: Document, target: Path, key: KeyPath, chain: tuple[Path, ...]) -> Layers:
    if target.resolve() in chain:
        start = chain.index(target.resolve())
        circle = " -> ".join(each.name for each in (*chain[start:], target))
        raise InputError(document.problem(f"goes round in a circle: {circle}", key))
    if not target.exists():
        raise InputError(document.problem(no_such_file(target), key, found=document.at(key)))
    return _layers(target, chain)


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
        file: each if file in shared else replace(each, raw={"from_day": from_day, **each.raw})
        for file, each in layers.items()
    }


def _extended(document: Document) -> list[str]:
    if "extends" not in document.raw:
        return []
    names = document.raw["extends"]
    listed = names if isinstance(names, list) else [names]
    if not listed or not all(isinstance(name, str) and name for name in listed):
        raise InputError(
            document.problem(
                "must name what the option extends",
                ("extends",),
                found=names,
                allowed="a file name, or a list of file names",
            )
        )
    return listed


def _with_whole_paths(document: Document, folder: Path) -> Document:
    """Return the document with its cohort table's path independent of the working folder."""
    cohort = document.raw.get("cohort")
    name = cohort.get("file") if isinstance(cohort, dict) else None
    if not isinstance(cohort, dict) or not isinstance(name, str) or not name:
        return document
    whole: dict[str, Any] = {**cohort, "file": str((folder / name).resolve())}
    return replace(document, raw={**document.raw, "cohort": whole})


def _only_combines(option: Document) -> bool:
    """Return whether the file makes nothing but a combination of the options it names."""
    own = set(option.raw) - {"extends", "title", "description", "schema_version", "from_day"}
    return isinstance(option.raw["extends"], list) and len(option.raw["extends"]) > 1 and not own
