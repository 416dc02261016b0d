"""Text from files is data: shown as it is written, never obeyed by a terminal or a spreadsheet."""

from __future__ import annotations

import unicodedata
from typing import Final

_NOT_SHOWN: Final = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
"""Unicode categories of what steers a terminal or turns the reading direction: control and
format characters, lone surrogates, separators of lines and paragraphs."""
_JOINERS: Final = "\u200c\u200d"
"""Format characters that words are written with."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""A cell of text that begins so is a formula to a spreadsheet."""


def visible(text: str, *, keep: str = "") -> str:
    """Return `text` with what a terminal would obey written out, as Python escapes it.

    keep: characters that stay as they are, such as a line's end.
    """
    if text.isprintable():
        return text
    return "".join(_escaped(sign) if sign not in keep and _steers(sign) else sign for sign in text)


def as_cell(text: str) -> str:
    """Return `text` so that no spreadsheet takes it for a formula: an apostrophe before it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def shortened(text: str, limit: int) -> str:
    """Return at most `limit` characters of `text`, with an ellipsis where some are left out."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _steers(sign: str) -> bool:
    return unicodedata.category(sign) in _NOT_SHOWN and sign not in _JOINERS


def _escaped(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii")
