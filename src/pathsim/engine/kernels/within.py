"""The horizon: whether what happens was caused within it, and so is counted and paid for.

An event has the cause of what brings it, and what it begins has its own. Nothing that happens
depends on it, and where people are members only for as long as they are counted, all is within.
"""

from __future__ import annotations

import numpy as np

from .codes import (
    EVENT_PRIORITY_BREACH,
    EVENT_PRIORITY_LICENCE_END,
    EVENT_PRIORITY_PLACE,
    EVENT_PRIORITY_PRE_RELEASE,
    EVENT_PRIORITY_PROVEN,
    EVENT_PRIORITY_RECALL,
    EVENT_PRIORITY_RELEASE,
    EVENT_PRIORITY_RENEGE,
    EVENT_PRIORITY_REOFFENCE,
    EVENT_PRIORITY_REQUEST,
    EVENT_PRIORITY_SERVICE_END,
    EVENT_PRIORITY_START,
    LEGAL_CUSTODY,
    LEGAL_LICENCE,
)
from .jit import helper, inline_helper
from .model import Model
from .workspace import Workspace


@inline_helper
def counted_until(m: Model, w: Workspace, i: int) -> float:
    """Return until when what a person does is counted; infinity without a horizon."""
    return float(w.state[i].start + m.rules[0].horizon)


@inline_helper
def note_cause(m: Model, w: Workspace, i: int, t: float, rank: int, node: int) -> None:
    """Note whether an event was caused within the horizon."""
    if m.rules[0].outlives:
        if rank == EVENT_PRIORITY_START:
            w.state[i].licence_within = -np.inf
        w.state[i].within = _is_within(m, w, i, t, rank, node)


@helper
def _is_within(m: Model, w: Workspace, i: int, t: float, rank: int, node: int) -> bool:
    person = w.state[i]
    ends = EVENT_PRIORITY_SERVICE_END <= rank <= EVENT_PRIORITY_RENEGE
    if ends or rank == EVENT_PRIORITY_PLACE or rank == EVENT_PRIORITY_REQUEST:  # noqa: PLR1714, SIM109 no tuple in a kernel
        return bool(w.spells[node].within)
    if rank == EVENT_PRIORITY_REOFFENCE:
        return t < counted_until(m, w, i)
    if rank == EVENT_PRIORITY_PROVEN:
        return bool(w.cases[person.first_case].offence < counted_until(m, w, i))
    if rank == EVENT_PRIORITY_RELEASE:
        return bool(t <= person.release_within)
    if rank == EVENT_PRIORITY_PRE_RELEASE:
        return bool(person.sentence_release <= person.release_within)
    if rank == EVENT_PRIORITY_LICENCE_END or rank == EVENT_PRIORITY_RECALL:  # noqa: PLR1714, SIM109 no tuple in a kernel
        return bool(t <= person.licence_within)
    return rank != EVENT_PRIORITY_BREACH or person.order_within == 1


@inline_helper
def note_homeless(m: Model, w: Workspace, i: int, t: float) -> None:
    """Note whether to become homeless is counted, which is nobody's offence: by the day."""
    if m.rules[0].outlives:
        w.state[i].within = t < counted_until(m, w, i)


@inline_helper
def note_status(m: Model, w: Workspace, i: int, t: float) -> None:
    """Note until when the days of a legal status that begins at `t` count."""
    if m.rules[0].outlives:
        w.state[i].legal_until = max(t, caused_until(m, w, i))


@helper
def caused_until(m: Model, w: Workspace, i: int) -> float:
    """Return until when what was caused within the horizon brings the legal status."""
    person = w.state[i]
    if person.legal == LEGAL_CUSTODY:
        remanded = person.remand_case != 0 and person.remand_since < counted_until(m, w, i)
        return np.inf if remanded else person.release_within
    if person.legal == LEGAL_LICENCE:
        return float(person.licence_within)
    ordered = person.order != 0 and person.legal == person.order
    within = person.order_within if ordered else person.within
    return np.inf if within else -np.inf


@inline_helper
def begin_custody(m: Model, w: Workspace, i: int, release: float) -> None:
    """Note a release from custody that begins, as far as it was caused within the horizon.

    A recall lasts no longer than the licence.
    """
    if m.rules[0].outlives:
        person = w.state[i]
        person.release_within = min(release, person.licence_within) if person.within else -np.inf


@inline_helper
def begin_licence(m: Model, w: Workspace, i: int, end: float) -> None:
    """Note the end of a sentence that begins, likewise."""
    if m.rules[0].outlives:
        w.state[i].licence_within = end if w.state[i].within else -np.inf
