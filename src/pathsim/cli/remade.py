"""What a rerun checks: a manifest is a file from outside, and the files it names may be others."""

from __future__ import annotations

import io
import json
import os
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pathsim.bounded import TABLE_BYTES, read_text
from pathsim.cli.manifest import hash_of, parted, versions
from pathsim.errors import InputError, Problem
from pathsim.outcomes.retold import CHANGING, PEOPLE, SHIPPED, FirstTime
from pathsim.paths import exists, is_file, problem_of
from pathsim.scenario.shipped import shipped_folder, shipped_posteriors, shipped_scenarios
from pathsim.text import shortened, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

MOST_BYTES: Final = 1_000_000
COMMANDS: Final = (("compare",), ("run",), ("portfolio",), ("cohort", "validate"))
"""What may be run from a manifest: the commands that write one."""
_NONE: Final = "not there"
_OUT, _LOG = "--out", "--log"
_PLACES: Final = ("--store", "--scheduler")
_IN_PROCESSES: Final = "--processes"
"""Where the work was done and kept: no figure depends on it, and a file from outside does not say
where anything is written or sent."""
_ALLOWED: Final = "a manifest.json that pathsim wrote"
_SHOWN: Final = 12
"""Figures of a SHA-256 that are shown."""
_DIFFERENCES: Final = 5
"""Keys that differ, of which so many are named."""
_OF_VERSIONS: Final = frozenset(
    f"run.{name}"
    for name in ("version", "source.commit", "source.sha256", "python", "numpy", "numba")
)


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A manifest that was read and found to be one."""

    file: Path
    sha256: str
    told: Mapping[str, Any]

    @property
    def inputs(self) -> list[dict[str, str]]:
        """What was read."""
        return list(self.told["inputs"])

    @property
    def outputs(self) -> list[dict[str, Any]]:
        """What was written."""
        return list(self.told["outputs"])

    @property
    def words(self) -> tuple[str, ...]:
        """The command as it was typed."""
        return tuple(self.told["command"])

    @property
    def name(self) -> tuple[str, ...]:
        """The command's own name. Raises InputError where it may not be run."""
        found = next((each for each in COMMANDS if self.words[: len(each)] == each), None)
        if found is None:
            said = shortened(" ".join(self.words[:2]), 60)
            allowed = ", ".join(" ".join(each) for each in COMMANDS)
            raise InputError(self.problem("is none to run", key="command", found=said,
                                          allowed=allowed))  # fmt: skip
        return found

    def problem(self, message: str, **more: Any) -> Problem:
        """Return what is wrong with the manifest."""
        return Problem(message, file=self.file, **{"allowed": _ALLOWED} | more)

    def first_time(self, found: Mapping[str, Path]) -> FirstTime:
        """Return what was told the first time. found: where files lie now, by path as told."""
        changing = {name: self.told["first_made"][name] for name in CHANGING}
        return FirstTime(
            changing=changing,
            source=self.told["source"],
            inputs=frozenset((each["of"], each["sha256"]) for each in self.inputs),
            paths={os.path.abspath(path): told for told, path in found.items()},  # noqa: PTH100
        )

    def words_to_run(self, command: Any, *, place: Path, found: Mapping[str, Path]) -> list[str]:
        """Return the command that writes to another folder, and reads files where they lie now.

        command: that of all of pathsim. Raises InputError where one of its options is none of
        the command's, or names a file that is not among the inputs.
        """
        name = self.name
        rest = list(self._moved(self.words[len(name) :], place, found))
        words = [*name, f"{_OUT}={place}", *rest]
        for each in name:
            command = command.commands[each]
        self._refuse_others(self._parsed(command, words[len(name) :]), place, found)
        return words

    def _moved(self, words: Sequence[str], place: Path, found: Mapping[str, Path]) -> Iterator[str]:
        rest = iter(words)
        for word in rest:
            option, value = parted(word)
            if word in {_OUT, *_PLACES}:
                next(rest, None)
            elif option.removesuffix("=") in _PLACES or word == _IN_PROCESSES:
                continue
            elif word == _LOG:
                yield f"{_LOG}={place / Path(next(rest, '')).name}"
            elif option == f"{_LOG}=":
                yield f"{_LOG}={place / Path(value).name}"
            elif option != f"{_OUT}=":
                yield option + str(found.get(value, value))

    def _parsed(self, command: Any, words: list[str]) -> dict[str, Any]:
        """Return what a command would be given. Raises InputError."""
        try:
            with redirect_stdout(io.StringIO()):  # of --help
                return dict(command.make_context(command.name, list(words)).params)
        except InputError:
            raise
        except (Exception, SystemExit) as error:  # noqa: BLE001 of the shell's library, or its leaving
            said = visible(getattr(error, "message", "") or "it is none that the command takes")
            problem = self.problem("cannot be run", key="command", found=said)
            raise InputError(problem) from None

    def _refuse_others(
        self, given: Mapping[str, Any], place: Path, found: Mapping[str, Path]
    ) -> None:
        known = {str(path) for path in found.values()}
        known |= {*shipped_scenarios(), *shipped_posteriors()}
        own = {name: value for name, value in given.items() if name != "store"}  # the environment's
        for name, value in own.items():
            for path in value if isinstance(value, list | tuple) else [value]:
                if not isinstance(path, Path) or place in (path, path.parent):
                    continue
                if str(path) not in known:
                    message = f"names a file that is not among its inputs ({name})"
                    raise InputError(self.problem(message, key="command", found=str(path)))


def read_manifest(file: Path) -> Manifest:
    """Return the manifest in a file. Raises InputError where it is none, or cannot be run."""
    from pydantic import ValidationError

    from pathsim.decision.shapes.manifest import MANIFEST, ManifestShape

    text = read_text(file, most=MOST_BYTES, allowed=_ALLOWED)
    try:
        data = json.loads(text)
    except (RecursionError, ValueError) as error:
        line = getattr(error, "lineno", None)
        problem = Problem("is no JSON, or not whole", file=file, line=line, allowed=_ALLOWED)
        raise InputError(problem) from None
    schema = data.get("schema") if isinstance(data, dict) else None
    if schema != MANIFEST:
        is_later = str(schema).startswith(MANIFEST.partition("/")[0])
        message = "is of another version of pathsim" if is_later else "is no manifest"
        found = None if schema is None else str(schema)
        raise InputError(Problem(message, file=file, found=found, allowed=_ALLOWED))
    try:
        ManifestShape.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(map(str, first["loc"]))
        message = f"is not as pathsim writes it: {visible(first['msg'])}"
        raise InputError(Problem(message, key=key, file=file, allowed=_ALLOWED)) from None
    made = Manifest(file=file, sha256=hash_of(file), told=data)
    _refuse_odd(made)
    return made


def _refuse_odd(made: Manifest) -> None:
    """Refuse what no manifest of pathsim has. Raises InputError."""
    _ = made.name
    for each in made.inputs:
        path = Path(each["path"])
        wrong = problem_of(path)
        if wrong is not None or path.is_absolute() or not path.name:
            problem = made.problem("is no path in it", key="inputs", found=each["path"])
            raise InputError(problem)
    names = [each["file"] for each in made.outputs]
    twice = next((name for name in names if names.count(name) > 1), None)
    odd = next((name for name in names if name in (".", "..")), twice)
    if odd is not None:
        raise InputError(made.problem("cannot be in one folder", key="outputs", found=odd))


def located(told: Manifest, moved: Iterable[Path]) -> tuple[dict[str, Path], list[Problem]]:
    """Return where each input lies now, by its path as told, and what is wrong with them."""
    given = {path: _hash_of(path) for path in moved}
    found: dict[str, Path] = {}
    problems: list[Problem] = []
    used: set[Path] = set()
    for each in told.inputs:
        places = list(_places(each, given, list(found.values())))
        hashes = {place: given.get(place) or _hash_of(place) for place in places}
        good = next((place for place, now in hashes.items() if now == each["sha256"]), None)
        if good is not None and found.setdefault(each["path"], good) == good:
            used.add(good)
        elif good is not None:
            problems.append(told.problem("is of two files, which it cannot tell apart",
                                         key="inputs", found=each["path"]))  # fmt: skip
        elif places:
            problems.append(_changed(each, places[0], hashes[places[0]]))
        elif _is_named(told, each):
            problems.append(_missing(each))
    for path in given.keys() - used:
        if not any(problem.file == path for problem in problems):
            message = "is none of the files that the command read"
            problems.append(Problem(message, key="--input", file=path))
    return found, problems


def _places(
    each: Mapping[str, str], given: Mapping[Path, str], others: Sequence[Path]
) -> Iterator[Path]:
    """Give the files that may be an input, the likeliest first."""
    told = each["path"]
    yield from (path for path, now in given.items() if now == each["sha256"])
    yield from (path for path in given if path.name == Path(told).name)
    home = shipped_folder()
    if told.startswith(SHIPPED):
        rest = Path(told.removeprefix(SHIPPED))
        if home is not None and not rest.is_absolute() and ".." not in rest.parts:
            yield from (path for path in [home / rest] if is_file(path))
        return
    places = [Path(told)]
    if Path(told).name == told:  # told by its name alone, it may lie where another file names it
        places += [other.parent / told for other in others]
    yield from (path for path in dict.fromkeys(places) if is_file(path))


def _is_named(told: Manifest, each: Mapping[str, str]) -> bool:
    """Return whether an input has to be found: a scenario says itself where its people are."""
    in_command = any(parted(word)[1] == each["path"] for word in told.words)
    return in_command or each["of"] not in (*PEOPLE, "counts", "posterior")


def _hash_of(path: Path) -> str:
    """Return the SHA-256 of a file. Raises InputError where it cannot be read, or is too large."""
    from pathsim.scenario.lineage import InputFile

    return InputFile.at(path).sha256


def _changed(each: Mapping[str, str], path: Path, now: str) -> Problem:
    message = f"is another file than it was ({each['of']})"
    was = f"the file of then, whose SHA-256 begins {each['sha256'][:_SHOWN]}"
    return Problem(message, file=path, found=f"SHA-256 {now[:_SHOWN]}…", allowed=was)


def _missing(each: Mapping[str, str]) -> Problem:
    message = f"is not there ({each['of']}); its SHA-256 begins {each['sha256'][:_SHOWN]}"
    return Problem(message, file=Path(each["path"]), allowed="the file, or --input FILE")


def program_problems(told: Manifest) -> list[Problem]:
    """Return in what pathsim itself is another than it was."""
    from pathsim.outcomes.source import source_hash

    was, now = told.told["versions"].get("pathsim", ""), versions()["pathsim"]
    if was != now:
        message = "is another version than made the files, so figures may differ"
        allowed = f"{was}: pip install 'offender-pathsim=={was}'; or --force"
        return [Problem(message, key="pathsim", found=now, allowed=allowed)]
    source = told.told["source"]["sha256"]
    if source != source_hash():
        message = "is other code under the same version, so figures may differ"
        commit = told.told["source"]["commit"]
        code = f"SHA-256 {source[:_SHOWN]}…" + (f", commit {commit[:_SHOWN]}" if commit else "")
        found = f"SHA-256 {source_hash()[:_SHOWN]}…"
        allowed = f"{code}; or --force"
        return [Problem(message, key="pathsim", found=found, allowed=allowed)]
    return []


def library_notes(told: Manifest) -> list[str]:
    """Return in what Python and libraries are others than they were."""
    was, now = dict(told.told["versions"]), versions()
    names = [name for name in dict.fromkeys([*was, *now]) if name != "pathsim"]
    return [
        f"{visible(name)} was {visible(was.get(name, _NONE))}, is {now.get(name, _NONE)}: figures "
        "should be the same, and files that name it or are drawn by it may differ"
        for name in names
        if was.get(name) != now.get(name)
    ]


def difference(file: Mapping[str, Any], *, now: Path, before: Path) -> str:
    """Return in words how a file differs from what it was; before: where that may still lie."""
    hashes = f"SHA-256 was {file['sha256'][:_SHOWN]}…, is {hash_of(now)[:_SHOWN]}…"
    keys = _keys(file, now, before) if now.suffix == ".json" else []
    if now.suffix == ".ods":
        return f"{hashes}; LibreOffice writes it another way each time"
    if not keys:
        return hashes
    if _OF_VERSIONS.issuperset(keys):
        return f"{hashes}; in its versions alone ({', '.join(keys)}), every figure is the same"
    more = len(keys) - _DIFFERENCES
    named = ", ".join(visible(key) for key in keys[:_DIFFERENCES])
    return f"{hashes}; in {named}" + (f" and {more:,} more" if more > 0 else "")


def _keys(file: Mapping[str, Any], now: Path, before: Path) -> list[str]:
    """Return which keys of a JSON file differ; none where the file of then is not there."""
    if not exists(before) or not is_file(before) or hash_of(before) != file["sha256"]:
        return []
    try:
        both = [json.loads(read_text(path, most=TABLE_BYTES)) for path in (before, now)]
        return list(_differing(both[0], both[1], ""))
    except (InputError, RecursionError, ValueError):
        return []


def _differing(old: Any, new: Any, path: str) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*old, *new]):
            below = f"{path}.{key}" if path else str(key)
            if key in old and key in new:
                yield from _differing(old[key], new[key], below)
            else:
                yield below
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for place, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _differing(one, other, f"{path}[{place}]")
    elif old != new or type(old) is not type(new):
        yield path
