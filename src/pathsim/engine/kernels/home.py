"""Accommodation: a Markov chain between settled, temporary and homeless."""

from __future__ import annotations

import numpy as np

from .codes import (
    EVENT_PRIORITY_MOVE,
    HOME_TEMPORARY,
    PURPOSE_HOME_ENTRY,
    PURPOSE_HOME_MOVE,
    PURPOSE_HOME_STAY,
)
from .costs import set_home
from .jit import inline_helper
from .model import Model
from .random import draw
from .sampling import exponential
from .timers import set_timer, stop_timer
from .workspace import Workspace


@inline_helper
def begin_stay(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """Draw when the person moves on from the accommodation just entered."""
    person = w.state[i]
    person.stays += 1
    rates = m.rules[r].home_rate[person.way, person.home]
    total = rates[0] + rates[1] + rates[2]
    if total > 0.0:
        u = draw(person.draws, PURPOSE_HOME_STAY, np.uint64(person.stays))
        set_timer(w, i, EVENT_PRIORITY_MOVE, t + exponential(u) / total)
    else:
        stop_timer(w, i, EVENT_PRIORITY_MOVE)


@inline_helper
def next_home(m: Model, w: Workspace, i: int) -> int:
    """Return where a person moves, by the rates on the day their stay began."""
    person = w.state[i]
    rates = m.rules[person.home_regime].home_rate[person.way, person.home]
    total = rates[0] + rates[1] + rates[2]
    u = draw(person.draws, PURPOSE_HOME_MOVE, np.uint64(person.stays)) * total
    if u < rates[0]:
        return 0
    return 1 if u < rates[0] + rates[1] else 2


@inline_helper
def enter_home(m: Model, w: Workspace, i: int, t: float, released: int, r: int) -> None:
    """Draw where a person lives on entering the community, unless a service houses them."""
    person = w.state[i]
    person.entries += 1
    person.way = released
    if person.housed > 0:
        set_home(m, w, i, t, HOME_TEMPORARY, r)
        return
    u = draw(person.draws, PURPOSE_HOME_ENTRY, np.uint64(person.entries))
    shares = m.rules[r].home_entry[released]
    home = 0
    while home < 2 and u >= shares[home]:
        home += 1
    set_home(m, w, i, t, home, r)
    begin_stay(m, w, i, t, r)
