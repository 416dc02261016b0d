"""Blocks of code on the pages of documentation, and the files that pages tell readers to save."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PAGES = (
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "concepts").glob("*.md")),
)
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_NAME = re.compile(r"`([\w./-]+\.(?:toml|csv))`")


class Block(NamedTuple):
    """A block of code: of which page, its language, and what stands in it."""

    page: str
    language: str
    text: str
    before: str


def blocks(path: Path) -> list[Block]:
    """Return the blocks of a page, each with the text of the page before it."""
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(ROOT).as_posix()
    return [Block(name, each[1], each[2], text[: each.start()]) for each in _BLOCK.finditer(text)]


def commands(path: Path) -> list[list[str]]:
    """Return the words of every pathsim command on a page, without `pathsim`."""
    shown = [each for each in blocks(path) if each.language in ("", "console")]
    lines = [line for each in shown for line in each.text.replace("\\\n", " ").splitlines()]
    found = [re.match(r"(?:\$ )?(?:\.venv/bin/)?pathsim (.*)", line) for line in lines]
    return [shlex.split(each[1], comments=True) for each in found if each]


def saved_files(path: Path) -> dict[str, str]:
    """Return the files that a page has the reader save: the name said last before each block."""
    found = {}
    for each in blocks(path):
        names = _NAME.findall(each.before)
        if each.language in ("toml", "csv") and names:
            found[names[-1]] = each.text
    return found
