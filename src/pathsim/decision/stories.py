"""Two stories of one person, with an option and without: whether they differ, and why at first.

Both have the same random numbers, so a story is the same until something touches it. What differs
first says why:

- *displaced*: it is about a service, which the person starts later with the option, or not at all;
- *direct*: it is about a service that the option changes, or the person has started one before; or
  the option changes more than services, and it is not about a service;
- *knock-on*: anything else, such as a place that another left free, or a queue that others made.

What follows from the first difference belongs to it: a person who gets a tag, reoffends less and so
goes less to prison is direct in all of that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pathsim.engine.contract import Event

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pathsim.engine.contract import Floats, Ints, Log

DIRECT: Final = "direct"
DISPLACED: Final = "displaced"
KNOCK_ON: Final = "knock-on"
UNCHANGED: Final = "unchanged"
CAUSES: Final = (DIRECT, DISPLACED, KNOCK_ON, UNCHANGED)
OF_SERVICES: Final = (
    Event.REFERRAL,
    Event.REFUSED,
    Event.WAIT,
    Event.SERVICE_START,
    Event.RENEGE,
    Event.WITHDRAW,
    Event.SERVICE_COMPLETE,
    Event.SERVICE_DROP_OUT,
    Event.SERVICE_STOP,
    Event.AFTER_END,
    Event.TURNED_AWAY,
)
"""Events whose detail is a service."""
_NEVER: Final = np.inf


class Story(NamedTuple):
    """What happens to one person, in order; each [events]."""

    time: Floats
    event: Ints
    detail: Ints
    """A service is a number that both stories share."""


class Touch(NamedTuple):
    """What an option changes."""

    services: Collection[int]
    more: bool
    """Whether anything else than services."""


def stories(log: Log, *, people: int, services: Ints) -> Iterator[Story]:
    """Yield each person's story, of a log in order of person; services: their shared numbers."""
    detail = log.detail.copy()
    of_service = np.isin(log.event, OF_SERVICES)
    detail[of_service] = services[detail[of_service]]
    ends = np.searchsorted(log.person, np.arange(people + 1))
    for first, last in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
        yield Story(log.time[first:last], log.event[first:last], detail[first:last])


def first_difference(before: Story, after: Story) -> int | None:
    """Return the place of the first event that is not the same in both; None: there is none."""
    both = min(len(before.time), len(after.time))
    same = np.ones(both, np.bool_)
    for one, other in zip(before, after, strict=True):
        same &= one[:both] == other[:both]
    if not same.all():
        return int(np.argmin(same))
    return None if len(before.time) == len(after.time) else both


def cause(before: Story, after: Story, touch: Touch) -> str:
    """Return one of CAUSES for a person. before: without the option. after: with it."""
    place = first_difference(before, after)
    if place is None:
        return UNCHANGED
    about = {
        int(story.detail[place])
        for story in (before, after)
        if place < len(story.time) and story.event[place] in OF_SERVICES
    }
    if any(_starts(after, each, place) > _starts(before, each, place) for each in about):
        return DISPLACED
    touched = about & set(touch.services)
    if touched or (not about and (touch.more or _had(before, place) & set(touch.services))):
        return DIRECT
    return KNOCK_ON


def _starts(story: Story, service: int, place: int) -> float:
    """Return when a service is next started, from a place in the story on."""
    here = (story.event[place:] == Event.SERVICE_START) & (story.detail[place:] == service)
    found = np.flatnonzero(here)
    return float(story.time[place:][found[0]]) if len(found) else _NEVER


def _had(story: Story, place: int) -> set[int]:
    """Return the services that were started before a place in the story."""
    started = story.event[:place] == Event.SERVICE_START
    return set(story.detail[:place][started].tolist())
