"""From files to a resolved scenario: `extends`, then overrides by key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from pathsim.errors import InputError, Problem

from .explain import resolve
from .model import Scenario
from .options import apply, warn_if_idle
from .read import Document, no_such_file, read


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
    baseline, *options = _layers(Path(path), ())
    scenario = resolve(Scenario, baseline.raw, [baseline])
    for position, option in enumerate(options, start=1):
        parent = scenario
        scenario = apply(parent, option, below=[baseline, *options[: position - 1]])
        if not _only_combines(option):
            warn_if_idle(parent, scenario, name=option.file)
    return scenario


def _layers(path: Path, above: tuple[Path, ...]) -> list[Document]:
    """Return the documents to apply for `path`, baseline first, each of them once."""
    document = _with_whole_paths(read(path))
    chain = (*above, path.resolve())
    layers: list[Document] = []
    for position, name in enumerate(_extended(document)):
        key = ("extends", position) if isinstance(document.raw["extends"], list) else ("extends",)
        target = path.parent / name
        if target.resolve() in chain:
            raise InputError(_circle(document, chain, target))
        if not target.exists():
            raise InputError(document.problem(no_such_file(target), key, found=name))
        further = _layers(target, chain)
        if layers and _identity(further[0]) != _identity(layers[0]):
            raise InputError(
                document.problem(
                    f"options must extend one baseline; this one rests on '{further[0].file}', "
                    f"the others on '{layers[0].file}'",
                    key,
                    found=name,
                )
            )
        known = {_identity(each) for each in layers}
        layers += [each for each in further if _identity(each) not in known]
    return [*layers, document]


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


def _circle(document: Document, chain: tuple[Path, ...], target: Path) -> Problem:
    start = chain.index(target.resolve())
    names = [each.name for each in (*chain[start:], target)]
    return document.problem(f"goes round in a circle: {' -> '.join(names)}", ("extends",))


def _identity(document: Document) -> Path | None:
    return document.file.resolve() if document.file else None


def _with_whole_paths(document: Document) -> Document:
    """Return the document with its cohort table's path independent of the working folder."""
    cohort = document.raw.get("cohort")
    name = cohort.get("file") if isinstance(cohort, dict) else None
    if (
        document.file is None
        or not isinstance(cohort, dict)
        or not isinstance(name, str)
        or not name
    ):
        return document
    whole: dict[str, Any] = {**cohort, "file": str((document.file.parent / name).resolve())}
    return replace(document, raw={**document.raw, "cohort": whole})


def _only_combines(option: Document) -> bool:
    """Return whether the file makes nothing but a combination of the options it names."""
    listed = isinstance(option.raw["extends"], list) and len(option.raw["extends"]) > 1
    return listed and not set(option.raw) - {"extends", "title", "description", "schema_version"}
