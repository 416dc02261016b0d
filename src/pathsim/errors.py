"""One family of exceptions: what a user can put right, and internal errors."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING, Final

from pathsim.text import shortened, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


_PACKAGE: Final = __file__.removesuffix("errors.py")
MOST_PROBLEMS: Final = 50
"""Problems of one input that are told; what is over is counted."""
_LONGEST: Final = {"found": 60, "message": 1000, "allowed": 1000, "key": 200, "file": 1000}
"""Characters of each part of a problem that are shown."""
_WRITABLE_BITS: Final = 10_000
"""Python refuses to write longer whole numbers out."""
_LONGEST_NAME: Final = 100
_MOST_NAMES: Final = 2000
"""What is looked through for the nearest name: the time grows with both."""


class PathsimError(Exception):
    """Any error that pathsim raises on purpose."""


class EngineError(PathsimError):
    """The engine broke a promise of its own: an internal error, never one of the input."""


class Nothing:
    """What stands for None as a value that was found; None itself says that nothing was."""

    def __repr__(self) -> str:
        """Return what Python writes."""
        return "None"


NONE: Final = Nothing()


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input: where it stands, what was found, what is allowed."""

    message: str
    key: str = ""
    found: object = None
    allowed: str = ""
    line: int | None = None
    file: Path | None = None

    def __str__(self) -> str:
        """Return the problem on one line, as an editor or a shell shows it."""
        place = _shown("file", str(self.file)) if self.file else ""
        if self.line is not None:
            place += f":{self.line}"
        key = f"{_shown('key', self.key)}:" if self.key else ""
        words = [f"{place}:" if place else "", key, _shown("message", self.message)]
        text = " ".join(word for word in words if word)
        if self.found is not None:
            text += f"; found {_in_short(self.found)}"
        if self.allowed:
            text += f"; allowed: {_shown('allowed', self.allowed)}"
        return text


class InputError(PathsimError, ValueError):
    """The input cannot be used; `problems` says where and why, most important first.

    It is a ValueError too, which is what Python says of an argument of no use.

    Examples
    --------
    >>> import pathsim as ps
    >>> try:
    ...     ps.example().change("Slip", {"services.mentor.capacitty": 24})
    ... except ps.InputError as error:
    ...     print(error.problems[0].key)
    services.mentor.capacitty
    """

    def __init__(self, *problems: Problem, more: int = 0) -> None:
        """Keep the first problems; `more` is how many others are not among them."""
        problems = problems or (Problem("cannot be used; no reason was found, please report"),)
        more += max(len(problems) - MOST_PROBLEMS, 0)
        problems = problems[:MOST_PROBLEMS]
        self.problems = (*problems, Problem(f"and {more:,} more problems")) if more else problems
        super().__init__("\n".join(str(problem) for problem in self.problems))


def wrong_type(key: str, value: object, allowed: str) -> InputError:
    """Return the error for an argument called `key` that is of no use here."""
    found = type(value).__name__
    return InputError(Problem("has the wrong type", key=key, found=found, allowed=allowed))


class InputWarning(UserWarning):
    """The input can be used, but probably does not say what was meant.

    Examples
    --------
    >>> import warnings
    >>> import pathsim as ps
    >>> with warnings.catch_warnings(record=True) as told:
    ...     warnings.simplefilter("always", ps.InputWarning)
    ...     same = ps.example().change("The same again", {"services.mentor.capacity": 12})
    >>> "changes nothing" in str(told[0].message)
    True
    """

    def __init__(self, message: object = "") -> None:
        """Keep the message, without what a terminal would obey."""
        super().__init__(visible(str(message), keep="\n"))


def warn_caller(message: str) -> None:
    """Warn at the line outside the package from which it was entered, however deep this is."""
    level, frame = 1, sys._getframe()
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, InputWarning, stacklevel=level)


class UnusualWarning(InputWarning):
    """A value can be used, but lies outside its usual range: it may be in another unit."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `did you mean 'x'?` for the known name closest to `word`, or an empty string."""
    close = closest(word, known)
    return f"did you mean '{close}'?" if close else ""


def closest(word: str, known: Iterable[str], *, cutoff: float = 0.5) -> str:
    """Return the known name most like `word`, capitals or not; an empty string if none is.

    cutoff: share of letters in common from which a name is alike.
    """
    if len(word) > _LONGEST_NAME:
        return ""
    names: dict[str, str] = {}
    for name in islice(known, _MOST_NAMES):
        names.setdefault(name.casefold(), name)
    close = get_close_matches(word.casefold(), names, n=1, cutoff=cutoff)
    return names[close[0]] if close else ""


def _shown(part: str, text: str) -> str:
    return visible(shortened(text, _LONGEST[part]))


def _in_short(value: object) -> str:
    """Return a value as TOML writes it, cut, without writing out what is long."""
    limit = _LONGEST["found"]
    return visible(shortened(_written(value, limit), limit))


def _written(value: object, limit: int) -> str:
    """Return at least the first `limit` characters of a value as TOML writes it."""
    if limit <= 0:
        return "…"  # a list may hold itself
    if isinstance(value, Mapping):
        within = (f"{key} = {_written(each, limit - 1)}" for key, each in value.items())
        return f"{{ {_joined(within, limit)} }}" if value else "{}"
    if isinstance(value, list | tuple):
        return f"[{_joined((_written(each, limit - 1) for each in value), limit)}]"
    return _scalar(value, limit)


def _scalar(value: object, limit: int) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int) and value.bit_length() > _WRITABLE_BITS:
        return "a whole number of thousands of digits"
    if isinstance(value, str | bytes):
        value = value[: 2 * limit]
    return repr(value)


def _joined(parts: Iterator[str], limit: int) -> str:
    """Return the parts with commas between them, no more than are shown."""
    text = next(parts, "")
    while len(text) <= limit and (part := next(parts, None)) is not None:
        text += f", {part}"
    return text
