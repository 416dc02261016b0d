"""Accommodation: a Markov chain between settled, temporary and homeless."""

from __future__ import annotations

import numpy as np

from pathsim.engine.contract import Home, Purpose, Rank

from .booking import set_home
from .jit import inlined
from .model import Model
from .random import draw
from .sampling import exponential
from .timers import set_timer, stop_timer
from .workspace import Workspace

_STAY = np.uint64(Purpose.HOME_STAY)
_MOVE_TO = np.uint64(Purpose.HOME_MOVE)
_ENTRY = np.uint64(Purpose.HOME_ENTRY)
_MOVE = int(Rank.MOVE)
_TEMPORARY = int(Home.TEMPORARY)


@inlined
def begin_stay(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """Draw when the person moves on from the accommodation just entered."""
    person = w.state[i]
    person.stays += 1
    rates = m.rules[r].home_rate[person.home]
    total = rates[0] + rates[1] + rates[2]
    if total > 0.0:
        u = draw(person.draws, _STAY, np.uint64(person.stays))
        set_timer(w, i, _MOVE, t + exponential(u) / total)
    else:
        stop_timer(w, i, _MOVE)


@inlined
def next_home(m: Model, w: Workspace, i: int) -> int:
    """Return where a person moves, by the rates on the day their stay began."""
    person = w.state[i]
    rates = m.rules[person.home_regime].home_rate[person.home]
    total = rates[0] + rates[1] + rates[2]
    u = draw(person.draws, _MOVE_TO, np.uint64(person.stays)) * total
    if u < rates[0]:
        return 0
    return 1 if u < rates[0] + rates[1] else 2


@inlined
def enter_home(m: Model, w: Workspace, i: int, t: float, released: int, r: int) -> None:
    """Draw where a person lives on entering the community, unless a service houses them."""
    person = w.state[i]
    person.entries += 1
    if person.housed > 0:
        set_home(m, w, i, t, _TEMPORARY, r)
        return
    u = draw(person.draws, _ENTRY, np.uint64(person.entries))
    shares = m.rules[r].home_entry[released]
    home = 0
    while home < 2 and u >= shares[home]:
        home += 1
    set_home(m, w, i, t, home, r)
    begin_stay(m, w, i, t, r)
