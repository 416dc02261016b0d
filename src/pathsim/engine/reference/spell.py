"""One person's time with one service, and what it leaves behind."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from pathsim.engine.contract import Spell as State

from .calendar import Timer
from .regime import Service

if TYPE_CHECKING:
    from .pools import Pool
    from .services import Services


@dataclass(eq=False)
class Spell:
    """One person's time with one service.

    `terms` are those of the day it became active; `requires` holds from the request on.
    """

    services: Services
    service: int
    draw_index: int
    terms: Service
    within: bool
    """Whether it was caused within the horizon."""
    state: State = State.REQUESTED
    since: float = math.nan
    until: float = math.inf
    requires: int = 0
    pool: Pool | None = None
    passed_over: bool = False
    """Whether it waits in vain: for a place that somebody who is not followed would take."""
    timer: Timer | None = field(default=None, repr=False)

    def cancel(self) -> None:
        """Cancel what the spell was heading for."""
        if self.timer is not None:
            self.timer.cancel()


class Effect(NamedTuple):
    """What a completed spell leaves behind for a time."""

    service: int
    ratio: float
    acts_on: int
    custody_ratio: float
