"""One family of exceptions: what a user can put right, and what is our fault."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class PathsimError(Exception):
    """Any error that pathsim raises on purpose."""


class EngineError(PathsimError):
    """The engine broke a promise of its own: a fault of ours, never of the input."""


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
        place = str(self.file) if self.file else ""
        if self.line is not None:
            place += f":{self.line}"
        words = [f"{place}:" if place else "", f"{self.key}:" if self.key else "", self.message]
        text = " ".join(word for word in words if word)
        if self.found is not None:
            text += f"; found {_short(self.found)}"
        if self.allowed:
            text += f"; allowed: {self.allowed}"
        return text


class InputError(PathsimError):
    """The input cannot be used; `problems` says where and why, most important first."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class InputWarning(UserWarning):
    """The input can be used, but probably does not say what was meant."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `did you mean 'x'?` for the known name closest to `word`, or an empty string."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"did you mean '{close[0]}'?" if close else ""


def _short(value: object, limit: int = 60) -> str:
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"
