"""Services that bring people back to themselves: allowed where it takes time, refused where none.

A course that is repeated once it is completed, or two that follow each other, are meant; each
time goes on by the length of a service. Where no service of such a circle lasts any time, a person
would go round at one instant without end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from .faults import Fault
from .references import circles

if TYPE_CHECKING:
    from .service import Service

_SHORTEST_DAYS = 0.1
"""Of a service on average. Much less is as good as none: a person has so many events at most."""


def endless(services: Mapping[str, Service]) -> Iterator[Fault]:
    """Yield the circles of starts and completions that take no time.

    Circles of starts alone are refused elsewhere.
    """
    edges = {}
    for name, service in services.items():
        at_once = [to for to in service.trigger.of if _is_short(services.get(to))]
        edges[name] = [*service.trigger.services, *at_once]
    for circle in circles(edges):
        completed = [
            name for name, to in pairwise(circle) if to not in services[name].trigger.services
        ]
        if completed:
            yield Fault(
                f"brings people round in no time: {' after '.join(circle)}",
                ("services", completed[0], "trigger", "of"),
                allowed=f"a circle with a service that lasts {_SHORTEST_DAYS:g} days or more on "
                "average, and of which the completion brings people on",
            )


def _is_short(service: Service | None) -> bool:
    return service is not None and service.duration_days.expected() < _SHORTEST_DAYS
