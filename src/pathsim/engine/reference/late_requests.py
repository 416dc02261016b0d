"""Requests made when nobody new comes any more: the places that those to come would take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from .regime import Rules


class LateRequests:
    """How many asked for each limited service and got a place, and whom that passes over later."""

    def __init__(self, rules: Rules, now: Callable[[], float]) -> None:
        self._now = now
        self._since = rules.intake
        self._until = rules.intake * (1 + rules.generations_after)
        self._asked: Counter[int] = Counter()
        self._given: Counter[int] = Counter()

    @property
    def _counts(self) -> bool:
        return self._since <= self._now() < self._until

    def note_request(self, service: int) -> None:
        """Count a request, from the end of the intake window until the last have come in."""
        self._asked[service] += self._counts

    def note_place(self, service: int) -> None:
        """Count a place that is given, likewise."""
        self._given[service] += self._counts

    def passes_over(self, service: int, u: float) -> bool:
        """Return whether a request made now, of uniform number `u`, waits in vain."""
        if self._now() < self._until:
            return False
        asked = self._asked[service]
        return asked > 0 and u * asked >= self._given[service]
