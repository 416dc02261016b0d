"""One TOML file becomes one document, or a clear error."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pathsim.bounded import SCENARIO_BYTES, read_text
from pathsim.errors import InputError, Problem
from pathsim.paths import is_file, usable

from .lines import KeyPath, dotted, key_lines

MOST_VALUES: Final = 20_000
"""Keys and items of arrays in one file."""
DEEPEST: Final = 20
"""Tables and arrays within each other."""

_TABLES: Final = (".csv", ".tsv", ".xlsx", ".xls", ".parquet")
_IS_A_TABLE: Final = (
    "is a table, not a scenario; check people with `pathsim cohort check FILE`, and follow them "
    "with `pathsim run SCENARIO --cohort FILE`"
)
_LONG_KEY: Final = re.compile(
    r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){50}"""
)
"""A dotted key of very many parts, which the decoder takes ever longer for."""
_SLIPS: Final = (
    (re.compile(r"[=\[{,]\s*([+-]?)(\.\d+)"), "{0}{1} is written {0}0{1}"),
    (re.compile(r"[=\[{,]\s*([+-]?\d+\.)(?!\d)"), "{0} is written {0}0"),
    (re.compile(r"[=\[{,]\s*(\d{1,3}),(\d{3})\b"), "{0},{1} is written {0}_{1}"),
    (re.compile(r"[=\[{,]\s*(\d[\d.]*)\s*%"), "write the number alone, without a percent sign"),
    (re.compile(r"[=\[{,]\s*£"), "write the number alone, without a pound sign"),
    (re.compile(r"[=\[{,]\s*(True|False)\b"), "true and false have small letters"),
)
"""Numbers as they are written elsewhere, and how TOML has them."""
_TEXT: Final = re.compile(r"""\"[^"]*\"|'[^']*'|#.*""")
_POSITION = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


OF_TARGETS: Final = frozenset(("parameters", "targets", "figures"))
"""Tables of a file of calibration targets, which no scenario has."""
_OF_SCENARIOS: Final = frozenset(("extends", "cohort", "follow_up", "hazard", "services"))


@dataclass(frozen=True)
class Document:
    """What one file (or one change made in Python) says, and on which line."""

    raw: dict[str, Any]
    file: Path | None = None
    lines: dict[KeyPath, int] = field(default_factory=dict)
    within: KeyPath = ()
    """Where in the file the document stands, if it is a part of one; its lines go by its own keys,
    and its own line by the empty one."""

    def part(self, *keys: str | int) -> Document:
        """Return the table at `keys` as a document of its own."""
        lines = {
            path[len(keys) :]: line
            for path, line in self.lines.items()
            if path[: len(keys)] == keys
        }
        return Document(self.at(keys), self.file, lines, (*self.within, *keys))

    def wrote(self, path: KeyPath) -> bool:
        """Return whether the document itself says something at `path`."""
        try:
            self.at(path)
        except (KeyError, IndexError, TypeError):
            return False
        return True

    def at(self, path: KeyPath) -> Any:
        """Return what the document says at `path`; a `LookupError` if it says nothing."""
        here: Any = self.raw
        for part in path:
            if isinstance(here, str):
                raise KeyError(part)
            here = here[part]
        return here

    def says_number_or_word(self, path: KeyPath) -> bool:
        """Return whether something stands at `path` that is neither a table nor an array."""
        return self.wrote(path) and not isinstance(self.at(path), Mapping | list)

    def problem(
        self, message: str, path: KeyPath = (), *, found: object = None, allowed: str = ""
    ) -> Problem:
        """Return a problem at `path`, with the line of the nearest key that is written."""
        return Problem(
            message,
            key=dotted((*self.within, *path)),
            found=found,
            allowed=allowed,
            line=self.line(path),
            file=self.file,
        )

    def line(self, path: KeyPath) -> int | None:
        """Return the line of `path`, or of the closest table around it that is written."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return None

    @property
    def holds_targets(self) -> bool:
        """Whether this is a file of calibration targets, by its tables, and no scenario."""
        return not self.raw.keys() & _OF_SCENARIOS and bool(self.raw.keys() & OF_TARGETS)

    @property
    def holds_mapping(self) -> bool:
        """Whether this is a mapping of a table of people, by its tables, and no scenario."""
        return not self.raw.keys() & _OF_SCENARIOS and "columns" in self.raw

    def endless(self) -> list[Problem]:
        """Return a problem for each number that is not finite."""
        return [
            self.problem("is not a finite number", path, found=number)
            for path, number in _numbers(self.raw, ())
            if not abs(number) <= sys.float_info.max
        ]


def read(path: Path, *, allowed: str = "a scenario file in TOML") -> Document:
    """Read the TOML file at `path`; what is wrong with it as a file is an `InputError`.

    allowed: what the file should be, for the message.
    """
    if usable(path).suffix.lower() in _TABLES and is_file(path):
        raise InputError(Problem(_IS_A_TABLE, file=path, allowed=allowed))
    text = read_text(path, most=SCENARIO_BYTES, allowed=allowed)
    if found := _LONG_KEY.search(text):
        raise InputError(_too_deep(path, text.count("\n", 0, found.start()) + 1))
    try:
        raw = tomllib.loads(text)
    except RecursionError:
        raise InputError(_too_deep(path)) from None
    except ValueError as error:
        raise InputError(_not_toml(str(error), text, path)) from None
    refuse_excess(raw, path)
    document = Document(raw, path, key_lines(text))
    endless = document.endless()
    if endless:
        raise InputError(*endless)
    return document


def refuse_excess(raw: Mapping[str, Any], path: Path | None = None) -> None:
    """Refuse what no scenario has: tables in tables without end, or very many values."""
    level: list[Any] = [raw]
    values = 0
    for _ in range(DEEPEST):
        level = [each for part in level for each in _inside(part)]
        values += len(level)
        if values > MOST_VALUES:
            message = "has too many keys and values"
            raise InputError(Problem(message, allowed=f"at most {MOST_VALUES:,}", file=path))
    if level:
        raise InputError(_too_deep(path))


def _inside(value: Any) -> Collection[Any]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else ()


def _too_deep(path: Path | None, line: int | None = None) -> Problem:
    allowed = f"at most {DEEPEST} tables and lists within each other"
    return Problem("is nested too deeply to be read", allowed=allowed, line=line, file=path)


def _not_toml(message: str, text: str, path: Path) -> Problem:
    position = _POSITION.search(message)
    line = None
    if position:
        message = message[: position.start()]
        # Errors at the end of the document carry no number of their own.
        line = int(position[1]) if position[1] else text.rstrip("\n").count("\n") + 1
    if re.match(r"Cannot (overwrite|declare|mutate)", message):
        return Problem("is written twice", key=_twice(message, text, line), file=path, line=line)
    hint = _slip(text.split("\n")[line - 1]) if line else ""
    words = f"is not TOML: {message[0].lower()}{message[1:]}{hint}"
    return Problem(words, file=path, line=line)


def _slip(line: str) -> str:
    """Return how TOML writes what the line probably means."""
    numbers = _TEXT.sub('""', line)
    for pattern, hint in _SLIPS:
        found = pattern.search(numbers)
        if found:
            return "; " + hint.format(*found.groups())
    return ""


def _twice(message: str, text: str, line: int | None) -> str:
    """Return the key that is written twice, as near as the decoder's message allows."""
    named = re.search(r"\(.*\)", message)
    if named:
        return ".".join(re.findall(r"'([^']*)'", named[0]))
    above = text.split("\n")[:line]
    key = re.match(r"\s*([^=\s]+)\s*=", above[-1])
    headers = [found[1] for each in above if (found := re.match(r"\s*\[+([^\[\]]+)\]+", each))]
    return ".".join([*headers[-1:], key[1]]) if key else ""


def _is_array(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _numbers(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, float]]:
    if isinstance(value, int | float):
        yield path, value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _numbers(each, (*path, key))
    elif _is_array(value):
        for index, each in enumerate(value):
            yield from _numbers(each, (*path, index))
