"""Requests made when nobody new comes any more: the places that those to come would take.

The last generation after the counted has come in by a day. From then on each request is passed
over with the share of requests that found no place before, since the end of the intake window.
"""

from __future__ import annotations

import numpy as np

from .codes import PURPOSE_PASSED_OVER
from .jit import inline_helper
from .model import Model
from .random import draw
from .workspace import Workspace


@inline_helper
def _last_come(m: Model) -> float:
    """Return the day by which the last generation has come in."""
    return float(m.rules[0].intake * (1 + m.rules[0].generations_after))


@inline_helper
def note_request(m: Model, w: Workspace, s: int, t: float) -> None:
    """Count a request for a limited service, if it is one by which later ones go."""
    if m.rules[0].intake <= t < _last_come(m):
        w.days[s].asked += 1


@inline_helper
def note_place(m: Model, w: Workspace, s: int, t: float) -> None:
    """Count a place that is given, likewise."""
    if m.rules[0].intake <= t < _last_come(m):
        w.days[s].given += 1


@inline_helper
def is_passed_over(m: Model, w: Workspace, i: int, node: int, t: float, key: np.uint64) -> bool:
    """Return whether a request waits in vain; `key` is that of its service."""
    if t < _last_come(m):
        return False
    spell = w.spells[node]
    days = w.days[spell.service]
    u = draw(w.state[i].draws, key ^ PURPOSE_PASSED_OVER, spell.draw_index)
    return bool(days.asked > 0 and u * days.asked >= days.given)
