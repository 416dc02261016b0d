"""What `pathsim doctor` looks at: each finding is one thing that is fine, missing or wrong.

Nothing of pathsim that needs a library is imported before that library was tried, in a process of
its own: one that is broken may raise anything, or end the process.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final, NamedTuple

from pathsim.text import visible

DISTRIBUTION: Final = "offender-pathsim"
OK, MISSING, WRONG = "ok", "missing", "wrong"
EXTRAS: Final = (
    *("report", "app", "parquet", "excel", "files"),
    *("calibrate", "decide", "cluster", "crate", "notebook"),
)
"""Those for users, in the order in which they are told."""
_MODULES: Final = {
    "odfpy": "odf",
    "python-multipart": "python_multipart",
    "salib": "SALib",
    "scikit-learn": "sklearn",
}
"""Names to import, where they are not those of the distribution."""
_REQUIREMENT: Final = re.compile(
    r"(?P<name>[A-Za-z0-9._-]+)(\[(?P<extras>[^]]*)])?(?P<bounds>[^;]*)"
    r"(;.*extra\s*==\s*['\"](?P<extra>[^'\"]+))?"
)
_BOUND: Final = re.compile(r"(>=|<|==)\s*([0-9][0-9.]*)")
_STORE: Final = "PATHSIM_STORE"
_LITTLE: Final = 700_000_000
"""Bytes that the engine takes to start."""
_PATIENCE_SECONDS: Final = 120
_TRIED: Final = """
import importlib, sys
for name in sys.argv[1:]:
    print("try", name, flush=True)
    try:
        importlib.import_module(name)
    except BaseException as error:
        line = (str(error).splitlines() or [""])[0]
        print("bad", f"{type(error).__name__}: {line}", flush=True)
"""
_ANOTHER: Final = "pip install --force-reinstall '{}'"


class Finding(NamedTuple):
    """One thing that was looked at."""

    part: str
    name: str
    state: str
    """`ok`, `missing` or `wrong`."""
    needed: bool
    """Whether runs need it; what is not needed may be missing."""
    told: str
    remedy: str = ""
    """What to do; empty where nothing is."""

    @property
    def is_trouble(self) -> bool:
        """Whether something that is needed is not fine."""
        return self.needed and self.state != OK


class Requirement(NamedTuple):
    """A library that the package names, under its bounds."""

    name: str
    bounds: str
    extra: str
    extras: tuple[str, ...]

    @property
    def module(self) -> str:
        """The name to import."""
        return _MODULES.get(self.name.lower(), self.name.replace("-", "_"))


def checkup() -> Iterator[Finding]:
    """Look at everything, one part after the other; a part that fails is a finding itself."""
    engine_can_start = True
    for part, look in PARTS.items():
        if part in NEED_THE_LIBRARIES and not engine_can_start:
            told = "not looked at, since a library that it needs is not fine"
            yield Finding(part, part, WRONG, True, told, "Put the libraries above right first")
            continue
        try:
            for each in look():
                engine_can_start = engine_can_start and not each.is_trouble
                yield each
        except Exception as error:  # noqa: BLE001 whatever it is, it is told
            yield Finding(part, part, WRONG, True, _in_a_line(error), _report(part))


def program() -> Iterator[Finding]:
    """Look at pathsim and Python."""
    from pathsim.outcomes.source import commit, source_hash

    told = f"{metadata.version(DISTRIBUTION)}, source {source_hash()[:12]}"
    told += f", commit {commit()[:12]}" if commit() else ""
    yield Finding("program", "pathsim", OK, True, told)
    bounds = metadata.metadata(DISTRIBUTION)["Requires-Python"] or ""
    now = platform.python_version()
    fits = is_within(now, bounds)
    remedy = "" if fits else f"Use a Python with {bounds}"
    told = f"{now}, on {platform.platform()}" + ("" if fits else f"; needs {bounds}")
    yield Finding("program", "python", OK if fits else WRONG, True, told, remedy)


def libraries() -> Iterator[Finding]:
    """Look at what every run needs, each library imported."""
    for each in _without_an_extra():
        state, told = _looked_at(each)
        whole = f"{each.name}{each.bounds}"
        remedy = "" if state == OK else _ANOTHER.format(whole)
        yield Finding("libraries", each.name, state, True, told, remedy)


def extras() -> Iterator[Finding]:
    """Look at what is installed for some purposes only."""
    for extra in EXTRAS:
        found = {each.name: (each, *_looked_at(each)) for each in _of_extra(extra)}
        missing = [name for name, (_, state, _) in found.items() if state == MISSING]
        wrong = {name: told for name, (_, state, told) in found.items() if state == WRONG}
        told, state = ", ".join(f"{name} {told}" for name, (_, _, told) in found.items()), OK
        install = f"pip install '{DISTRIBUTION}[{extra}]'"
        remedy = ""
        if wrong:
            state, told = WRONG, "; ".join(f"{name}: {told}" for name, told in wrong.items())
            remedy = _ANOTHER.format("' '".join(f"{n}{found[n][0].bounds}" for n in wrong))
        elif missing:
            state, told, remedy = MISSING, f"without {', '.join(missing)}", install
        yield Finding("extras", extra, state, False, told, remedy)


def machine() -> Iterator[Finding]:
    """Look at what a run may take."""
    from pathsim.machine import available, in_words

    yield Finding("machine", "threads", OK, True, f"{os.cpu_count() or 1}, one for each processor")
    there = available()
    if there is None:
        yield Finding("machine", "memory", OK, True, "how much is free is not known here")
    elif there < _LITTLE:
        told = f"{in_words(there)} free, and the engine takes {in_words(_LITTLE)} to start"
        remedy = "Close other programs, or raise the limit of this process (ulimit -v, container)"
        yield Finding("machine", "memory", WRONG, True, told, remedy)
    else:
        yield Finding("machine", "memory", OK, True, f"{in_words(there)} free")


def engine() -> Iterator[Finding]:
    """Look at the compiled engine, and whether it meets answers that are known by theory."""
    from pathsim.cli.known import known_answers
    from pathsim.engine.kernels.cache import compilations, is_kept
    from pathsim.engine.kernels.engine import replicate
    from pathsim.machine import in_words

    found = list(known_answers())
    place = Path(str(replicate.stats.cache_path))  # type: ignore[attr-defined] # numba's
    if is_kept(replicate) and os.access(place, os.W_OK):
        size = sum(file.stat().st_size for file in place.iterdir() if file.is_file())
        done = "compiled just now" if compilations(replicate) else "found compiled"
        told = f"{done}, {in_words(size)} kept in {place}"
        yield Finding("engine", "cache", OK, True, told)
    else:
        told = f"cannot be kept ({place}), so that each process compiles it"
        remedy = "Set NUMBA_CACHE_DIR to a folder that can be written"
        yield Finding("engine", "cache", WRONG, False, told, remedy)
    for each in found:
        state = OK if each.is_met else WRONG
        remedy = "" if each.is_met else f"Run no study here; {_report('self-test')}"
        yield Finding("engine", f"self-test: {each.name}", state, True, each.in_words(), remedy)


def programs() -> Iterator[Finding]:
    """Look at other programs, none of which a run needs."""
    for name, names, purpose in (
        ("Chromium", ("chromium", "chromium-browser"), "the project's own tests of pages"),
        ("LibreOffice", ("soffice", "libreoffice"), "compare --ods, and the tests of workbooks"),
    ):
        place = next(filter(None, map(shutil.which, names)), "")
        state, told = (OK, place) if place else (MISSING, f"only for {purpose}")
        remedy = "" if place else f"Install {name} from your system's packages, if you want that"
        yield Finding("programs", name, state, False, told, remedy)


def kept() -> Iterator[Finding]:
    """Look at the store that the environment names, if it names one."""
    folder = os.environ.get(_STORE, "")
    if not folder:
        told = f"{_STORE} names none, so commands keep what they simulate only with --store"
        yield Finding("store", "store", OK, False, told)
        return
    from pathsim.study.store import Store
    from pathsim.study.store.keeping import damaged, studies

    try:
        store = Store(folder)
    except ValueError as error:
        remedy = f"Set {_STORE} to a folder that can be written, or to nothing"
        yield Finding("store", "store", WRONG, True, _in_a_line(error), remedy)
        return
    broken = len(damaged(store))
    chunks = sum(each.chunks for each in studies(store))
    told = f"{chunks:,} chunks in {folder}" + (f", {broken:,} damaged" if broken else "")
    remedy = f"pathsim store prune --damaged --store {folder}" if broken else ""
    yield Finding("store", "store", WRONG if broken else OK, False, told, remedy)


PARTS: Final[dict[str, Callable[[], Iterator[Finding]]]] = {
    "program": program,
    "libraries": libraries,
    "extras": extras,
    "machine": machine,
    "engine": engine,
    "store": kept,
    "programs": programs,
}
"""In the order in which they are told."""
NEED_THE_LIBRARIES: Final = ("engine", "store")


def is_within(version: str, bounds: str) -> bool:
    """Return whether a version lies within bounds such as `>=2.1,<3`."""
    own = _numbers(version)
    for sign, text in _BOUND.findall(bounds):
        other = _numbers(text)
        size = max(len(own), len(other))
        this, that = (tuple(each) + (0,) * (size - len(each)) for each in (own, other))
        if not {">=": this >= that, "<": this < that, "==": this == that}[sign]:
            return False
    return True


def requirements() -> list[Requirement]:
    """Return the libraries that the package names."""
    found = []
    for line in metadata.requires(DISTRIBUTION) or []:
        parts = _REQUIREMENT.match(line)
        if parts:
            extras = tuple(filter(None, re.split(r"[,\s]+", parts["extras"] or "")))
            bounds = (parts["bounds"] or "").strip(" ()")
            found.append(Requirement(parts["name"], bounds, parts["extra"] or "", extras))
    return found


def _without_an_extra() -> list[Requirement]:
    return [each for each in requirements() if not each.extra]


def _of_extra(extra: str) -> list[Requirement]:
    """Return the libraries of an extra, with those of the extras that it names."""
    found: dict[str, Requirement] = {}
    for each in requirements():
        if each.extra == extra:
            own = each.name.lower() == DISTRIBUTION
            more = [one for name in each.extras for one in _of_extra(name)] if own else [each]
            found.update((one.name, one) for one in more)
    return list(found.values())


def _looked_at(wanted: Requirement) -> tuple[str, str]:
    """Return the state of a library, and what is told of it."""
    try:
        version = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        return MISSING, f"not installed; needs {wanted.bounds}"
    trouble = _imported().get(wanted.module, "")
    if trouble:
        return WRONG, f"{version} cannot be imported: {trouble}"
    if not is_within(version, wanted.bounds):
        return WRONG, f"{version}, needs {wanted.bounds}"
    return OK, version


@cache
def _imported() -> Mapping[str, str]:
    """Import every library that is installed; return what is wrong, by module."""
    wanted = [*_without_an_extra(), *(each for extra in EXTRAS for each in _of_extra(extra))]
    modules = list(dict.fromkeys(each.module for each in wanted if _is_installed(each.name)))
    found: dict[str, str] = {}
    while modules:
        tried, trouble = _import_all(modules)
        found |= trouble
        if tried == modules:
            break
        # The last of those tried ended the process.
        found[tried[-1]] = "it ended Python"
        modules = modules[len(tried) :]
    return found


def _import_all(modules: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Return which modules were tried in a process of their own, and what was wrong with them."""
    command = [sys.executable, "-c", _TRIED, *modules]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=_PATIENCE_SECONDS, check=False, text=True
        )
        said = done.stdout
        ended = done.returncode == 0
    except subprocess.TimeoutExpired as error:
        said = error.stdout.decode(errors="replace") if isinstance(error.stdout, bytes) else ""
        ended = False
    tried: list[str] = []
    trouble: dict[str, str] = {}
    for line in said.splitlines():
        word, _, rest = line.partition(" ")
        if word == "try" and rest in modules:
            tried.append(rest)
        elif word == "bad" and tried:
            trouble[tried[-1]] = visible(rest)
    if ended or not tried:
        return list(modules), trouble
    return tried, trouble


def _is_installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    whole = re.match(r"[0-9]+(\.[0-9]+)*", version)
    return tuple(int(part) for part in whole[0].split(".")) if whole else ()


def _in_a_line(error: Exception) -> str:
    return visible(f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}")


def _report(part: str) -> str:
    return f"please report what `pathsim doctor --json` says of {part}"
