"""A person's random numbers, each at its address."""

from __future__ import annotations

import numpy as np

from pathsim.engine.contract import Address, Tables
from pathsim.engine.kernels.random import draw, nth, person_state, replication_state
from pathsim.engine.kernels.sampling import exponential, quantity


class Draws:
    """All random numbers of one person in one replication."""

    def __init__(self, tables: Tables, *, address: Address, key: int) -> None:
        replication = replication_state(np.uint64(address.seed), np.uint64(address.replication))
        self._state = np.uint64(person_state(np.uint64(replication), np.uint64(key)))
        self._tables = tables

    def uniform(self, purpose: int, draw_index: int) -> float:
        """Return the uniform number of a purpose and occasion."""
        return float(draw(self._state, np.uint64(purpose), np.uint64(draw_index)))

    def exponential(self, purpose: int, draw_index: int) -> float:
        """Return an Exp(1) number."""
        return float(exponential(self.uniform(purpose, draw_index)))

    def quantity(self, distribution: int, purpose: int, draw_index: int) -> float:
        """Return a value of distribution number `distribution`; infinite if it is `never`."""
        u = self.uniform(purpose, draw_index)
        tables = self._tables
        return float(quantity(tables.distributions, tables.knots, distribution, u))


def draw_index_after(key: int, draw_index: int) -> int:
    """Return the occasion of what a spell with a service triggers, from a key and its occasion."""
    return int(nth(np.uint64(key), np.uint64(draw_index)))
