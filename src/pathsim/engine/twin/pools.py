"""Places that people share, and the queue for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .care import Spell
    from .run import World


class Pool:
    """One stock of places with one queue, for one service or several."""

    def __init__(self, world: World, number: int) -> None:
        self._world = world
        self._number = number
        self._held = 0
        self._queue: list[Spell] = []

    @property
    def has_place(self) -> bool:
        """Whether fewer places are held than there are on this day."""
        return self._held < self._world.law.pool_capacity[self._number]

    @property
    def gives_at_once(self) -> bool:
        """Whether places are given when they are free, and not on review dates only."""
        return self._world.law.pool_review[self._number] <= 0.0

    def take(self) -> None:
        """Hold one more place."""
        self._held += 1

    def give_back(self) -> None:
        """Hold one place less, and give what is free to the heads of the queue."""
        self._held -= 1
        self.admit_at_once()

    def admit_at_once(self) -> None:
        """Give free places to the head of the queue, unless it is for a review to do so."""
        if self.gives_at_once:
            self.admit()

    def join(self, spell: Spell) -> None:
        """Join the queue by the rule of the day: at its end, or behind the last of equal risk."""
        behind = len(self._queue)
        if self._world.law.pool_by_risk[self._number]:
            while behind and self._queue[behind - 1].care.person.risk < spell.care.person.risk:
                behind -= 1
        self._queue.insert(behind, spell)

    def leave(self, spell: Spell) -> None:
        """Leave the queue."""
        self._queue.remove(spell)

    def admit(self) -> None:
        """Give free places to the head of the queue, who starts as their next event.

        Who ends at this instant is passed over, and is about to leave the queue.
        """
        for spell in list(self._queue):
            if not self.has_place:
                return
            if spell.care.person.ends > self._world.now:
                self._queue.remove(spell)
                self.take()
                spell.care.be_given_place(spell)
