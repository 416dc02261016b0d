"""Places that people share, and the queue for them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pathsim.engine.contract import EventPriority

if TYPE_CHECKING:
    from .run import World
    from .spell import Spell


class Pool:
    """One stock of places with one queue, for one service or several."""

    def __init__(self, world: World, number: int) -> None:
        self._world = world
        self._number = number
        self._held = 0
        self._queue: list[Spell] = []
        self._review_is_due = False

    @property
    def has_place(self) -> bool:
        """Whether fewer places are held than there are on this day."""
        return self._held < self._world.regime.pool_capacity[self._number]

    @property
    def gives_at_once(self) -> bool:
        """Whether places are given when they are free, and not on review dates only."""
        return self._world.regime.pool_review[self._number] <= 0.0

    @property
    def is_full(self) -> bool:
        """Whether as many wait as may wait on this day, or more."""
        return len(self._queue) >= self._world.regime.pool_queue[self._number]

    def take(self) -> None:
        """Hold one more place."""
        self._held += 1

    def give_back(self) -> None:
        """Hold one place less, and give what is free to the heads of the queue."""
        self._held -= 1
        self.reconsider()

    def reconsider(self) -> None:
        """Give free places to the head of the queue, or leave it to the next review to do so."""
        if self.gives_at_once:
            self._admit()
        else:
            self._await_review()

    def join(self, spell: Spell) -> None:
        """Join the queue by the rule of the day: at its end, or behind the last of equal risk."""
        behind = len(self._queue)
        if self._world.regime.pool_by_risk[self._number]:
            while (
                behind and self._queue[behind - 1].services.person.risk < spell.services.person.risk
            ):
                behind -= 1
        self._queue.insert(behind, spell)
        if not self.gives_at_once:
            self._await_review()

    def leave(self, spell: Spell) -> None:
        """Leave the queue."""
        self._queue.remove(spell)

    def _await_review(self) -> None:
        """Plan the next review, if somebody waits for it: a later one finds nothing changed."""
        if self._review_is_due or not self._queue:
            return
        self._review_is_due = True
        days = self._world.regime.pool_review[self._number]
        k = math.floor(self._world.now / days) - 1  # rounded, so begin a little earlier
        while not self._comes(k * days):
            k += 1
        self._world.calendar.at(
            k * days, self._review, rank=EventPriority.CHANGE, turn=0, part=self._number
        )

    def _comes(self, date: float) -> bool:
        """Return whether a review date is still to come: on the day of a change, after it."""
        return date > self._world.now or (date == self._world.now and self._world.is_changing)

    def _review(self) -> None:
        self._review_is_due = False
        self._admit()

    def _admit(self) -> None:
        """Give free places to the head of the queue, who starts as their next event.

        Who ends at this instant gets none, and is about to leave the queue; who is passed over
        stays.
        """
        for spell in list(self._queue):
            if not self.has_place:
                return
            if not spell.passed_over and spell.services.person.stays_until > self._world.now:
                self._queue.remove(spell)
                self.take()
                self._world.late_requests.note_place(spell.service)
                spell.services.be_given_place(spell)
