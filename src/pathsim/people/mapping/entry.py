"""A guess of a draft, and how it is written in TOML."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal

from pathsim.people.problems import FEWEST_ALIKE
from pathsim.scenario.lines import dotted
from pathsim.text import counted

from .load import QUESTION

if TYPE_CHECKING:
    from collections.abc import Iterator

Certainty = Literal["certain", "likely", "guess", "question"]


@dataclass
class Entry:
    """One table of a mapping, with why it is so."""

    path: tuple[str, ...]
    certainty: Certainty
    reason: str
    columns: tuple[str, ...] = ()
    """Of the file, that it uses."""
    values: dict[str, Any] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    """Of each value, such as what a question may be answered with."""
    rare: frozenset[str] = frozenset()
    """Labels that so few rows have that they are written to the mapping alone."""

    def ask(self, key: str, comment: str) -> None:
        """Make one of the values a question."""
        self.values[key] = QUESTION
        self.comments[key] = comment
        self.certainty = "question"

    @property
    def asks(self) -> bool:
        """Whether any of it is a question."""
        return any(True for _ in self.questions())

    def questions(self) -> Iterator[tuple[str, str]]:
        """Yield the key of each question, and what is allowed."""
        for key, value in self.values.items():
            if value == QUESTION:
                yield dotted((*self.path, key)), self.comments.get(key, "")
            elif isinstance(value, dict):
                for label, each in value.items():
                    if each == QUESTION:
                        yield dotted((*self.path, key, label)), self.comments.get(key, "")

    def questions_shown(self) -> Iterator[tuple[str, str]]:
        """Yield the questions without labels that few rows have: they are counted."""
        for key, value in self.values.items():
            told = {label: each for label, each in _items(value) if not self._is_rare(label, each)}
            only = Entry(self.path, self.certainty, "", (), {key: told or value}, self.comments)
            if told or not isinstance(value, dict):
                yield from only.questions()
            if many := len(_items(value)) - len(told):
                yield dotted((*self.path, key)), f"{_few(many)}; {self.comments.get(key, '')}"

    def _is_rare(self, label: str, value: object) -> bool:
        return value == QUESTION and label in self.rare

    def lines(self, *, rare: bool = True) -> Iterator[str]:
        """Yield the lines of the table.

        rare: whether to write labels that few rows have.
        """
        name = ".".join(key_in_toml(each) for each in self.path)
        yield f"[{name}]"
        yield f"# {self.certainty}: {one_line(self.reason)}"
        inner = []
        for key, value in self.values.items():
            comment = self.comments.get(key, "")
            said = f"  # {one_line(comment)}" if comment else ""
            if isinstance(value, dict):
                inner.append((key, value, said))
            else:
                yield f"{key_in_toml(key)} = {in_toml(value)}{said}"
        for key, value, said in inner:
            yield f"[{name}.{key_in_toml(key)}]{said}"
            told = [each for each in value.items() if rare or not self._is_rare(*each)]
            for label, each in told:
                yield f"{key_in_toml(label)} = {in_toml(each)}"
            if len(value) > len(told):
                yield f"# {_few(len(value) - len(told))}: not shown, written to a file alone"


def _items(value: object) -> list[tuple[str, object]]:
    return list(value.items()) if isinstance(value, dict) else []


def _few(many: int) -> str:
    return f"{counted(many, 'label')} that fewer than {FEWEST_ALIKE} rows have"


_BARE: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


def key_in_toml(key: str) -> str:
    """Return a key as TOML writes it."""
    return key if key and set(key) <= _BARE else in_toml(key)


def in_toml(value: object) -> str:
    """Return a value as TOML writes it, on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(in_toml, value))}]"
    # JSON's escapes are TOML's, but for the one character that JSON lets stand.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def one_line(text: str) -> str:
    """Return a text as a comment can hold it."""
    return " ".join(text.split())
