"""Areas: the parts of a police area, such as its councils. They are data of the scenario."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Final

from pydantic import Field

from .faults import Fault
from .parameter import Probability, Section

MOST_AREAS: Final = 50
"""A person's groups are numbers of one byte, and there are 52 groups without areas."""
_ROUNDING: Final = 1e-9


class Area(Section):
    """A part of the police area, such as that of a council."""

    title: Annotated[str, Field(min_length=1)]
    share: Probability | None = None
    """Share of the people who live here. One area has none: the rest live there."""
    words: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    """What else a table of people may call it, such as the towns in it."""


def rest_of(areas: Mapping[str, Area]) -> str:
    """Return the area of those of whom no other is known."""
    return next(name for name, area in areas.items() if area.share is None)


def wrong_shares(areas: Mapping[str, Area]) -> list[Fault]:
    """Return what is wrong with the areas' shares: they and the rest must make up everybody."""
    if not areas:
        return []
    without = [name for name, area in areas.items() if area.share is None]
    if len(without) != 1:
        found = ", ".join(without) or None
        allowed = "a share for each area but one, where the rest live"
        return [Fault("must leave one area without a share", ("areas",), found, allowed)]
    total = sum(area.share.value for area in areas.values() if area.share is not None)
    if total > 1 + _ROUNDING:
        allowed = f"at most 1 in all; {without[0]} has the rest"
        return [Fault("have shares that add up to more than 1", ("areas",), f"{total:g}", allowed)]
    return []


def shares_of(areas: Mapping[str, Area]) -> tuple[float, ...]:
    """Return the share of each area; the rest is what the others leave."""
    given = [area.share.value for area in areas.values() if area.share is not None]
    rest = max(1.0 - sum(given), 0.0)
    return tuple(rest if area.share is None else area.share.value for area in areas.values())


def clashes(areas: Mapping[str, Area]) -> Iterable[Fault]:
    """Yield the words that mean two areas."""
    meant = {name.casefold(): name for name in areas}
    for name, area in areas.items():
        for position, word in enumerate(area.words):
            other = meant.setdefault(word.casefold().strip(), name)
            if other != name:
                key = ("areas", name, "words", position)
                yield Fault(f"means the area {other} already", key, word)
