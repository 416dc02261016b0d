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

    def take(self) -> None:
        """Hold one more place."""
        self._held += 1

    def give_back(self) -> None:
        """Hold one place less, and give what is free to the heads of the queue."""
        self._held -= 1
        self.admit()

    def join(self, spell: Spell) -> None:
        """Go to the end of the queue."""
        self._queue.append(spell)

    def leave(self, spell: Spell) -> None:
        """Leave the queue."""
        self._queue.remove(spell)

    def admit(self) -> None:
        """Give free places to the heads of the queue, who start as their next event."""
        while self._queue and self.has_place:
            spell = self._head()
            self._queue.remove(spell)
            self.take()
            spell.care.be_given_place(spell)

    def _head(self) -> Spell:
        """Return who is first by today's rule; the queue itself stands in order of joining."""
        if self._world.law.pool_by_risk[self._number]:
            return max(self._queue, key=lambda spell: spell.care.person.risk)
        return self._queue[0]
