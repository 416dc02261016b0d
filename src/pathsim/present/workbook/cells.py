"""What a cell may hold: a figure, shorthand in place of one, or text that is only text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pathsim.text import shortened, visible

if TYPE_CHECKING:
    from collections.abc import Mapping

SUPPRESSED: Final = "[c]"
NOT_AVAILABLE: Final = "[x]"
NOT_APPLICABLE: Final = "[z]"
FEWEST_PEOPLE: Final = 10
"""Groups of fewer people are not told."""
_LONGEST: Final = 16_000
"""Characters of a cell; Excel holds 32,767 units of UTF-16."""
_LETTER_OR_DIGIT: Final = re.compile("[a-zA-Z0-9]")

Cell = str | float | int


def text(value: object) -> str:
    """Return text as a cell holds it: nothing hidden, no link and no mark of a note.

    gptables reads `[words](address)` as a link and `$$name$$` as a note, and refuses a cell
    without a letter or digit of ASCII.
    """
    said = shortened(visible(str(value)), _LONGEST).strip()
    said = said.replace("](", "] (").replace("$$", "$ $").replace("$$", "$ $")
    if not said:
        return NOT_APPLICABLE
    return said if _LETTER_OR_DIGIT.search(said) else f"text: {said}"


def figure(value: object, *, otherwise: str = NOT_AVAILABLE) -> Cell:
    """Return a number as it is, a truth in words, and shorthand in place of what is not there."""
    if value is None:
        return otherwise
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, int | float) else text(value)


def suppressed(sizes: Mapping[str, int]) -> set[str]:
    """Return the groups that are not told: those of fewer than ten people, and what tells them.

    Where one level of an attribute alone is small, everybody less the others would tell it, so
    the next smallest is not told either. sizes: people of each group, such as `sex=female`.
    """
    levels: dict[str, dict[str, int]] = {}
    for group, people in sizes.items():
        attribute, equals, _ = group.partition("=")
        if equals and people:
            levels.setdefault(attribute, {})[group] = people
    found = set()
    for people_of in levels.values():
        small = {group for group, people in people_of.items() if people < FEWEST_PEOPLE}
        others = sorted(people_of.keys() - small, key=lambda group: (people_of[group], group))
        if len(small) == 1 and others:
            small.add(others[0])
        found |= small
    return found
