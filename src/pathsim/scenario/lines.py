"""Where each key of a TOML text is written: dotted path to line number.

`tomllib` keeps no positions. This scanner reads a text that `tomllib` has already
accepted, so it may trust the syntax and only has to follow it.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right

KeyPath = tuple[str | int, ...]
"""Keys from the top of the file; an integer is a position in an array."""

_BLANK = " \t\r\n"
_BARE_END = ",]}#\n"
_KEY_END = " \t=.]\n"


def key_lines(text: str) -> dict[KeyPath, int]:
    """Return the line (from 1) on which each key or array item of `text` is first written."""
    scanner = _Scanner(text)
    scanner.document()
    return scanner.lines


def dotted(path: KeyPath) -> str:
    """Return a path as people write it: `cohort.rows[2].people`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            shown = part or '""'
            text += f".{shown}" if text else shown
    return text


class _Scanner:
    """Recursive descent over a valid TOML text, noting where keys begin."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[KeyPath, int] = {}
        self._starts = [0, *(i + 1 for i, sign in enumerate(text) if sign == "\n")]
        self._last_item: dict[KeyPath, int] = {}

    def document(self) -> None:
        """Follow headers and `key = value` lines to the end of the text."""
        table: KeyPath = ()
        while self._skip_blank():
            if self._sees("[["):
                table = self._header("[[", "]]")
            elif self._sees("["):
                table = self._header("[", "]")
            else:
                self._pair(table)

    def _header(self, opening: str, closing: str) -> KeyPath:
        start = self.at
        self.at += len(opening)
        keys = self._key()
        self.at = self.text.index(closing, self.at) + len(closing)
        path: KeyPath = ()
        for key in keys[:-1]:
            path = self._enter((*path, key))
        path = (*path, keys[-1])
        if opening == "[[":
            self._last_item[path] = self._last_item.get(path, -1) + 1
        path = self._enter(path)
        self._note(path, start)
        return path

    def _enter(self, path: KeyPath) -> KeyPath:
        """Return `path`, or its latest item where it is an array of tables."""
        return (*path, self._last_item[path]) if path in self._last_item else path

    def _pair(self, table: KeyPath) -> None:
        start = self.at
        path = (*table, *self._key())
        self._note(path, start, above=len(table))
        self.at = self.text.index("=", self.at) + 1
        self._value(path)

    def _key(self) -> list[str]:
        keys: list[str] = []
        while True:
            self._skip_spaces()
            start = self.at
            if self.text[self.at] in "\"'":
                self._string()
                written = self.text[start : self.at]
                # Only an escape needs the decoder, which is slow for a file of quoted keys.
                plain = "\\" not in written
                keys.extend([written[1:-1]] if plain else tomllib.loads(f"{written} = 0"))
            else:
                while self.text[self.at] not in _KEY_END:
                    self.at += 1
                keys.append(self.text[start : self.at])
            self._skip_spaces()
            if not self._sees("."):
                return keys
            self.at += 1

    def _value(self, path: KeyPath) -> None:
        self._skip_spaces()
        if self._sees("["):
            self._array(path)
        elif self._sees("{"):
            self._inline_table(path)
        elif self.text[self.at] in "\"'":
            self._string()
        else:
            while self.at < len(self.text) and self.text[self.at] not in _BARE_END:
                self.at += 1

    def _array(self, path: KeyPath) -> None:
        self.at += 1
        item = 0
        while self._skip_blank(",") and not self._sees("]"):
            self._note((*path, item), self.at)
            self._value((*path, item))
            item += 1
        self.at += 1

    def _inline_table(self, path: KeyPath) -> None:
        self.at += 1
        while self._skip_blank(",") and not self._sees("}"):
            self._pair(path)
        self.at += 1

    def _string(self) -> None:
        quote = self.text[self.at]
        fence = quote * 3 if self._sees(quote * 3) else quote
        self.at += len(fence)
        end = self.text.index(fence, self.at)
        while quote == '"' and (escape := self.text.find("\\", self.at, end)) >= 0:
            self.at = escape + 2
            end = self.text.index(fence, self.at)
        self.at = end + len(fence)
        # A long string may end in one or two quotes of its own before the fence.
        while len(fence) == 3 and self._sees(quote):
            self.at += 1

    def _note(self, path: KeyPath, start: int, *, above: int = 0) -> None:
        line = bisect_right(self._starts, start)
        for length in range(above + 1, len(path) + 1):
            self.lines.setdefault(path[:length], line)

    def _sees(self, words: str) -> bool:
        return self.text.startswith(words, self.at)

    def _skip_spaces(self) -> None:
        while self.at < len(self.text) and self.text[self.at] in " \t":
            self.at += 1

    def _skip_blank(self, also: str = "") -> bool:
        """Move past blanks and comments; return whether any text is left."""
        while self.at < len(self.text):
            if self._sees("#"):
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            elif self.text[self.at] in _BLANK or self.text[self.at] in also:
                self.at += 1
            else:
                return True
        return False
