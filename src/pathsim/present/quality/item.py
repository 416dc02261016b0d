"""One line of a quality sheet, and the sheet."""

from __future__ import annotations

from typing import NamedTuple


class Item(NamedTuple):
    """What is asked, what the run says, and what only a person can say."""

    asked: str
    said: str = ""
    blank: str = ""
    """What a person must fill in; empty where the run says it all."""


class QualitySheet(NamedTuple):
    """A sheet of items."""

    title: str
    about: str
    items: tuple[Item, ...]

    @property
    def blanks(self) -> tuple[Item, ...]:
        """Return the items that a person must fill in, or add to."""
        return tuple(item for item in self.items if item.blank)
