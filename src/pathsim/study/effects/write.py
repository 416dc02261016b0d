"""Solved effects written into the files that say them: numbers change, everything else stays."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pathsim.bounded import SCENARIO_BYTES, read_text
from pathsim.errors import InputError, Problem
from pathsim.files import write_whole
from pathsim.scenario.load import documents, load
from pathsim.scenario.shipped import TARGETS

from .rules import Ruled
from .solve import differing, effects, rounded, solve

if TYPE_CHECKING:
    from pathsim.scenario.lines import KeyPath
    from pathsim.scenario.read import Document

    from .solve import Solved

_NUMBER = r"[-+]?[0-9][0-9_.eE+-]*"


def renew(file: Path) -> list[Solved]:
    """Write into a scenario file what its own effects should be; return those that differed.

    Numbers near enough to what the rule gives stay. Raises InputError where a number does not
    stand in the file to be replaced.
    """
    document, solved = _own(file)
    found = [each for each in solved if differing([each])]
    if found:
        write_whole(file, renewed(_text(file), document, found))
    return found


def refuse_no_place(file: Path) -> None:
    """Refuse, before long work, a file of which `renew` could not replace the numbers."""
    document, solved = _own(file)
    renewed(_text(file), document, solved)


def renew_with_options(file: Path) -> dict[Path, list[Solved]]:
    """Renew a scenario file, then the options beside it that extend it; return what differed."""
    beside = sorted(each for each in file.parent.glob("*.toml") if each.name != TARGETS)
    resting = [each for each in beside if _rests_on(each, file.resolve())]
    done = {each: renew(each) for each in [file, *resting]}
    return {each: found for each, found in done.items() if found}


def _rests_on(option: Path, baseline: Path) -> bool:
    """Return whether a file extends the baseline, however far below; what is no option does not."""
    try:
        below = documents(option)[:-1]
    except InputError:
        return False
    return any(each.file is not None and each.file.resolve() == baseline for each in below)


def _own(file: Path) -> tuple[Document, list[Solved]]:
    """Return a scenario file, and those of its effects that it says itself, solved."""
    document = documents(file)[-1]
    scenario = load(file)
    said = {path for path, _ in effects(scenario) if document.wrote((*path, "value"))}
    return document, solve(scenario, only=said)


def _text(file: Path) -> str:
    return read_text(file, most=SCENARIO_BYTES, allowed="a scenario file in TOML")


def renewed(text: str, document: Document, found: list[Solved]) -> str:
    """Return the text of a document with value, low and high of effects as their rules give."""
    lines = text.splitlines(keepends=True)
    for each in found:
        for name in Ruled._fields:
            number = getattr(each.ruled, name)
            path = (*each.path, name)
            if number is None and not document.wrote(path):
                continue
            line = document.lines.get(path)
            if line is None or number is None:
                raise InputError(_not_there(document, path, number))
            lines[line - 1] = _with_number(lines[line - 1], each.path, name, rounded(number))
    after = "".join(lines)
    _refuse_other(after, document, found)
    return after


def _with_number(line: str, path: KeyPath, name: str, number: float) -> str:
    """Return a line with the number of `name` replaced, the first of that name in the effect."""
    inline = re.search(rf"\b{re.escape(str(path[-1]))}\s*=\s*\{{", line)
    start = inline.end() if inline else 0
    pattern = re.compile(rf"(?<![\w.])({name}\s*=\s*){_NUMBER}")
    return line[:start] + pattern.sub(rf"\g<1>{number:g}", line[start:], count=1)


def _refuse_other(text: str, document: Document, found: list[Solved]) -> None:
    """Refuse a text that does not say the new numbers."""
    after = tomllib.loads(text)
    for each in found:
        for name in Ruled._fields:
            number = getattr(each.ruled, name)
            if number is not None and _at(after, each.path).get(name) != rounded(number):
                raise InputError(_not_there(document, (*each.path, name), number))


def _at(raw: Any, path: KeyPath) -> Any:
    for part in path:
        raw = raw[part]
    return raw


def _not_there(document: Document, path: KeyPath, number: float | None) -> Problem:
    due = "nothing" if number is None else f"{rounded(number):g}"
    allowed = f"{due}; give value, low and high each on one line, before the studies"
    return document.problem("cannot be renewed in place", path, allowed=allowed)
