"""Custody: entering and leaving it, remand, licence, recall and supervision."""

from __future__ import annotations

import numpy as np

from pathsim.engine.contract import Event, Home, Into, Legal, Purpose, Rank

from .booking import log, set_home
from .jit import inlined
from .model import Model
from .quantities import sample
from .random import draw, happens
from .sampling import exponential
from .sentences import band
from .timers import set_timer, stop_timer
from .workspace import Workspace

_RECALL_DRAW = np.uint64(Purpose.RECALL)
_RECALL_KIND = np.uint64(Purpose.RECALL_KIND)
_RECALL_DAYS = np.uint64(Purpose.RECALL_DAYS)
_LICENCE_END = int(Rank.LICENCE_END)
_SUPERVISION_END = int(Rank.SUPERVISION_END)
_ORDER_END = int(Rank.ORDER_END)
_MOVE = int(Rank.MOVE)
_BREACH = int(Rank.BREACH)
_RECALL = int(Rank.RECALL)
_RELEASE = int(Rank.RELEASE)
_PRE_RELEASE = int(Rank.PRE_RELEASE)
_LIBERTY = int(Legal.LIBERTY)
_LICENCE = int(Legal.LICENCE)
_SUPERVISION = int(Legal.SUPERVISION)
_NO_HOME = int(Home.NONE)
_LOG_EXTENDED = int(Event.CUSTODY_EXTENDED)
_LOG_RELEASE = int(Event.RELEASE)
_LOG_LICENCE_END = int(Event.LICENCE_END)
_SENTENCE = int(Into.SENTENCE)
_YEAR = 365.0


@inlined
def end_order(w: Workspace, i: int) -> None:
    """Let the order, if any, give way to custody."""
    person = w.state[i]
    person.order = 0
    stop_timer(w, i, _ORDER_END)
    stop_timer(w, i, _BREACH)


@inlined
def lock_up(m: Model, w: Workspace, i: int, t: float, release: float, r: int) -> None:
    """Take a person out of the community until `release`; on remand, that is not yet known."""
    person = w.state[i]
    end_order(w, i)
    person.pre_released = 0
    stop_timer(w, i, _LICENCE_END)
    stop_timer(w, i, _SUPERVISION_END)
    stop_timer(w, i, _RECALL)
    stop_timer(w, i, _MOVE)
    set_home(m, w, i, t, _NO_HOME, r)
    if person.remand_case != 0:
        person.sentence_release = -np.inf
        stop_timer(w, i, _RELEASE)
    else:
        person.sentence_release = release
        set_release(m, w, i, t, release, r)


@inlined
def set_release(m: Model, w: Workspace, i: int, t: float, release: float, r: int) -> None:
    """Set when a sentence or a recall is over, and the date before it.

    On remand the release has to wait for the case, but not what prepares it.
    """
    person = w.state[i]
    if person.remand_case == 0:
        set_timer(w, i, _RELEASE, release)
    before = m.rules[r].pre_release_days
    if person.pre_released == 0:
        set_timer(w, i, _PRE_RELEASE, max(t, release - before) if before > 0.0 else np.inf)


@inlined
def begin_sentence(w: Workspace, i: int, end: float, days: float) -> None:
    """Begin a custodial sentence of `days`, in place of any that is over but for its licence."""
    person = w.state[i]
    person.sentence_end = end
    person.sentence_days = days
    person.first_release = np.inf


@inlined
def extend(
    m: Model, w: Workspace, i: int, t: float, since: float, days: float, inside: float, r: int
) -> None:
    """Pass a sentence on somebody in custody, counted from `since`: it runs concurrently.

    inside: the days of it that are served.
    """
    person = w.state[i]
    if person.sentence_release > -np.inf or person.sentence_end > t:
        longest = max(days, person.sentence_days)
    else:
        longest = days
    begin_sentence(w, i, max(person.sentence_end, t, since + days), longest)
    person.sentence_release = max(person.sentence_release, t, since + inside)
    log(w, i, t, _LOG_EXTENDED, _SENTENCE)
    set_release(m, w, i, t, person.sentence_release, r)


@inlined
def recall_until(m: Model, w: Workspace, i: int, t: float, r: int) -> float:
    """Draw when a recalled person is released again."""
    person = w.state[i]
    person.recalls += 1
    number = np.uint64(person.recalls)
    rules = m.rules[r]
    if happens(person.draws, _RECALL_KIND, number, rules.fixed_term_share):
        short = person.sentence_days < _YEAR
        days = rules.fixed_term_short if short else rules.fixed_term_long
    else:
        days = sample(m, rules.standard_recall, person.draws, _RECALL_DAYS, number)
    return min(t + days, person.sentence_end)


@inlined
def release(m: Model, w: Workspace, i: int, t: float, r: int) -> int:
    """Release a person: on licence until the sentence ends, else to their order or to liberty.

    Return the status.
    """
    person = w.state[i]
    person.releases += 1
    person.first_release = min(person.first_release, t)
    stop_timer(w, i, _RELEASE)
    stop_timer(w, i, _PRE_RELEASE)
    if person.sentence_end > t:
        status = _LICENCE
        set_timer(w, i, _LICENCE_END, person.sentence_end)
        rate = m.rules[r].recall_rate[band(person.sentence_days)]
        if rate > 0.0:
            u = draw(person.draws, _RECALL_DRAW, np.uint64(person.releases))
            due = t + exponential(u) / rate
            if due < person.sentence_end:
                set_timer(w, i, _RECALL, due)
    else:
        status = person.order if person.order != 0 else _LIBERTY
    log(w, i, t, _LOG_RELEASE, status)
    return status


@inlined
def end_licence(m: Model, w: Workspace, i: int, t: float, r: int) -> int:
    """End a licence: an order goes on, or supervision follows; return the status."""
    person = w.state[i]
    stop_timer(w, i, _LICENCE_END)
    stop_timer(w, i, _RECALL)
    status = person.order
    until = person.first_release + m.rules[r].supervision_days
    if status == 0 and person.sentence_days < m.rules[r].supervision_below and until > t:
        status = _SUPERVISION
        set_timer(w, i, _SUPERVISION_END, until)
    log(w, i, t, _LOG_LICENCE_END, status)
    return status
