"""One synthetic life in words, with an option and without, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from pathsim.engine.contract import Event
from pathsim.engine.log import words_of

from .stories import OF_SERVICES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .stories import Story

WITHOUT, WITH = "without", "with"
_WORDS: Final = {
    Event.START: "enters with: {}",
    Event.CUSTODY: "goes into custody: {}",
    Event.CUSTODY_EXTENDED: "stays longer in custody: {}",
    Event.RELEASE: "is released: {}",
    Event.LICENCE_END: "licence ends: {}",
    Event.ORDER_START: "begins: {}",
    Event.ORDER_END: "order ends: {}",
    Event.PRESUMPTION_END: "what the spared custody changed is over",
    Event.ACCOMMODATION: "accommodation: {}",
    Event.REFERRAL: "is referred to {}",
    Event.REFUSED: "declines {}",
    Event.WAIT: "waits for {}",
    Event.SERVICE_START: "starts {}",
    Event.RENEGE: "gives up waiting for {}",
    Event.WITHDRAW: "no longer waits for {}",
    Event.SERVICE_COMPLETE: "completes {}",
    Event.SERVICE_DROP_OUT: "drops out of {}",
    Event.SERVICE_STOP: "is taken off {}",
    Event.AFTER_END: "the after-effect ends of {}",
    Event.REOFFENCE: "reoffends: {}",
    Event.FURTHER_OFFENCES: "and further offences: {}",
    Event.PROVEN: "offence proven: {}",
    Event.END: "is no longer followed",
    Event.SUPERVISION_END: "supervision ends: {}",
    Event.BREACH: "breaches: {}",
    Event.PRE_RELEASE: "prepares for release",
    Event.ACTIVATION: "a suspended sentence is activated",
    Event.TURNED_AWAY: "is turned away from {}",
    Event.COUNTED: "offence proven when no longer a member, which only counts: {}",
}


def timeline(before: Story, after: Story, names: Mapping[int, str]) -> pd.DataFrame:
    """Return a life as a table: day, without, with. names: of services, by number.

    A row has what happens on both sides at one moment, or on one side alone.
    """
    rows = [*_lines(before, WITHOUT, names), *_lines(after, WITH, names)]
    found: dict[tuple[float, int, str], dict[str, str]] = {}
    seen: dict[tuple[str, float, str], int] = {}
    for day, side, words in rows:
        turn = seen.get((side, day, words), 0)  # the same twice at a moment is told twice
        seen[side, day, words] = turn + 1
        found.setdefault((day, turn, words), {})[side] = words
    order = sorted(found, key=lambda key: key[0])
    return pd.DataFrame(
        [
            (day, found[day, turn, words].get(WITHOUT, ""), found[day, turn, words].get(WITH, ""))
            for day, turn, words in order
        ],
        columns=["day", WITHOUT, WITH],
    )


def _lines(story: Story, side: str, names: Mapping[int, str]) -> Iterator[tuple[float, str, str]]:
    for time, event, detail in zip(*(each.tolist() for each in story), strict=True):
        code = Event(event)
        name = names[detail] if code in OF_SERVICES else words_of(code, detail)
        yield time, side, _WORDS[code].format(name.replace("_", " "))
