"""What is in a store: listed, checked, pruned."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from .folder import ABOUT, CHUNK, CHUNKS, UNFINISHED, About, DamagedError, about_of, checked
from .recipe import RUNS, source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .folder import Store

_DAY_SECONDS: Final = 86_400.0


class Damaged(NamedTuple):
    """A chunk that is not what was written."""

    path: Path
    why: str


class Study(NamedTuple):
    """The chunks of one scenario under one seed."""

    title: str
    seed: int
    engine: str
    replications: int
    chunks: int
    size: int
    """Bytes."""
    current: bool
    """Whether this source of pathsim made them, and so uses them again."""


class Removed(NamedTuple):
    """What was removed, or would be."""

    chunks: int
    size: int
    """Bytes."""


def names(store: Store) -> Iterator[str]:
    """Give the name of every chunk, in order."""
    found = {path.stem for ending in (CHUNK, ABOUT) for path in _files(store, ending)}
    yield from sorted(found)


def studies(store: Store) -> list[Study]:
    """Return what is in a store, by scenario and seed; what is damaged is left out."""
    found: dict[tuple[str, str, int, str, bool], list[About]] = {}
    for name in names(store):
        with suppress(DamagedError):
            about = about_of(store, name)
            of, current = about.made_from, about.made_from["source"] == source()
            key = (about.title, of["scenario"], of["seed"], of["engine"], current)
            found.setdefault(key, []).append(about)
    return [
        Study(
            title=title,
            seed=seed,
            engine=engine,
            replications=sum(_replications(each) for each in chunks),
            chunks=len(chunks),
            size=sum(each.size for each in chunks),
            current=current,
        )
        for (title, _, seed, engine, current), chunks in sorted(found.items())
    ]


def _replications(about: About) -> int:
    if about.made_from["what"] != RUNS:
        return 0
    first, end = about.made_from["replications"]
    return int(end) - int(first)


def damaged(store: Store) -> list[Damaged]:
    """Return every chunk whose files are not what was written."""
    found = []
    for name in names(store):
        if not store.path(name, ABOUT).exists():
            continue  # not finished: it never counted
        try:
            checked(store, name)
        except DamagedError as error:
            found.append(Damaged(store.path(name), str(error)))
    return found


def prune(
    store: Store,
    *,
    older_than_days: float | None = None,
    other_source: bool = False,
    broken: bool = False,
    dry: bool = False,
) -> Removed:
    """Remove chunks and return how many; what a killed process left goes too, after a day.

    older_than_days: those not written for so long. other_source: those that another source of
    pathsim made. broken: those that are damaged. dry: only say.
    """
    going = [
        name
        for name in names(store)
        if _is_old(store, name, older_than_days)
        or (other_source and _is_of_another_source(store, name))
        or (broken and _is_broken(store, name))
    ]
    size = 0
    for name in going:
        # The part that makes it count goes first.
        for path in (store.path(name, ABOUT), store.path(name)):
            size += _remove(path, dry=dry)
    for path in _files(store, ""):
        if path.name.startswith(UNFINISHED) and _age_days(path) > 1.0:
            size += _remove(path, dry=dry)
    return Removed(len(going), size)


def _is_old(store: Store, name: str, days: float | None) -> bool:
    return days is not None and _age_days(store.path(name)) > days


def _is_of_another_source(store: Store, name: str) -> bool:
    with suppress(DamagedError):
        return bool(about_of(store, name).made_from["source"] != source())
    return False


def _is_broken(store: Store, name: str) -> bool:
    if not store.path(name, ABOUT).exists():
        return _age_days(store.path(name)) > 1.0
    try:
        checked(store, name)
    except DamagedError:
        return True
    return False


def _age_days(path: Path) -> float:
    with suppress(OSError):
        return (time.time() - path.stat().st_mtime) / _DAY_SECONDS
    return 0.0


def _remove(path: Path, *, dry: bool) -> int:
    with suppress(OSError):
        size = path.stat().st_size
        if not dry:
            path.unlink()
        return size
    return 0


def _files(store: Store, ending: str) -> Iterator[Path]:
    for path in sorted((store.folder / CHUNKS).glob("??/*")):
        if path.name.endswith(ending) and (not ending or not path.name.startswith(UNFINISHED)):
            yield path
