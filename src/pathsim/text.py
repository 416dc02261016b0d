"""Text from files is data: shown as it is written, never obeyed by a terminal or a spreadsheet."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from html import escape
from typing import Any, Final

_NOT_SHOWN: Final = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
"""Unicode categories of what steers a terminal or turns the reading direction: control and
format characters, lone surrogates, separators of lines and paragraphs."""
_JOINERS: Final = "\u200c\u200d"
"""Format characters that words are written with."""
_FORMULA: Final = frozenset("=+-@\N{MINUS SIGN}")
"""A cell that begins so is a formula to a spreadsheet, also after blanks or in full width."""
_LINES: Final = "\n\t"
"""What sets out text on a page."""


def visible(text: str, *, keep: str = "") -> str:
    """Return `text` with what a terminal would obey written out, as Python escapes it.

    keep: characters that stay as they are, such as a line's end.
    """
    return _with(text, keep=keep, written=_as_python)


def as_cell(text: str) -> str:
    """Return `text` as a cell of a table: no spreadsheet takes it for a formula.

    What a terminal would obey is written out; an apostrophe goes before a formula.
    """
    shown = visible(text)
    if shown[:1].isalnum():
        return shown
    begins = next((sign for sign in text if not (sign.isspace() or _is_unseen(sign))), "")
    formula = unicodedata.normalize("NFKC", begins)[:1] in _FORMULA
    return f"'{shown}" if formula else shown


def in_html(text: str) -> str:
    """Return `text` as it stands in HTML: no markup, and nothing that turns what is around it."""
    return escape(visible(text, keep=_LINES))


def as_json(data: Any, *, ascii_only: bool = False) -> str:
    """Return `data` as JSON that reads back equal; what a terminal would obey is escaped."""
    text = json.dumps(data, indent=2, ensure_ascii=ascii_only, allow_nan=False)
    return _with(text, keep=_LINES, written=lambda sign: json.dumps(sign)[1:-1])


def in_toml(document: str) -> str:
    """Return a TOML document, of strings on one line each, that says the same in escapes."""
    return _with(document, keep=_LINES, written=_as_toml)


def counted(number: int, noun: str, nouns: str = "") -> str:
    """Return a number of things in words: `1 replication`, `1,200 replications`.

    nouns: the word for several, where it is not the word for one with an s.
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {nouns or noun + 's'}"


def shortened(text: str, limit: int) -> str:
    """Return at most `limit` characters of `text`, with an ellipsis where some are left out."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def steers(text: str) -> bool:
    """Return whether a terminal would obey any of `text`, or show something else than it says."""
    return not text.isprintable() and any(map(_steers, text))


def _with(text: str, *, keep: str, written: Callable[[str], str]) -> str:
    """Return `text` with what steers `written` in another way."""
    if text.isprintable():
        return text
    # Results are long and have few different characters.
    steering = {
        ord(sign): written(sign) for sign in set(text) if sign not in keep and _steers(sign)
    }
    return text.translate(steering) if steering else text


def _steers(sign: str) -> bool:
    return _is_unseen(sign) and sign not in _JOINERS


def _is_unseen(sign: str) -> bool:
    return unicodedata.category(sign) in _NOT_SHOWN


def _as_python(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii")


def _as_toml(sign: str) -> str:
    number = ord(sign)
    return f"\\u{number:04x}" if number < 1 << 16 else f"\\U{number:08x}"
