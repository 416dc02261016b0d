"""Custody: entering and leaving it, remand, licence, recall and supervision."""

from __future__ import annotations

import numpy as np

from .codes import (
    CUSTODY_REASON_SENTENCE,
    EVENT_CUSTODY_EXTENDED,
    EVENT_LICENCE_END,
    EVENT_PRIORITY_BREACH,
    EVENT_PRIORITY_LICENCE_END,
    EVENT_PRIORITY_MOVE,
    EVENT_PRIORITY_ORDER_END,
    EVENT_PRIORITY_PRE_RELEASE,
    EVENT_PRIORITY_RECALL,
    EVENT_PRIORITY_RELEASE,
    EVENT_PRIORITY_SUPERVISION_END,
    EVENT_RELEASE,
    HOME_NONE,
    LEGAL_LIBERTY,
    LEGAL_LICENCE,
    LEGAL_SUPERVISION,
    PURPOSE_RECALL,
    PURPOSE_RECALL_DAYS,
    PURPOSE_RECALL_KIND,
)
from .costs import book_legal, log, set_home
from .jit import helper, inline_helper
from .model import Model
from .quantities import sample
from .random import draw, happens
from .sampling import exponential
from .sentences import band
from .timers import set_timer, stop_timer
from .within import begin_custody, caused_until
from .workspace import Workspace

_YEAR = 365.0


@inline_helper
def end_order(w: Workspace, i: int) -> None:
    """Let the order, if any, give way to custody."""
    person = w.state[i]
    person.order = 0
    stop_timer(w, i, EVENT_PRIORITY_ORDER_END)
    stop_timer(w, i, EVENT_PRIORITY_BREACH)


@inline_helper
def lock_up(m: Model, w: Workspace, i: int, t: float, release: float, r: int) -> None:
    """Take a person out of the community until `release`; on remand, that is not yet known."""
    person = w.state[i]
    end_order(w, i)
    person.pre_released = 0
    stop_timer(w, i, EVENT_PRIORITY_LICENCE_END)
    stop_timer(w, i, EVENT_PRIORITY_SUPERVISION_END)
    stop_timer(w, i, EVENT_PRIORITY_RECALL)
    stop_timer(w, i, EVENT_PRIORITY_MOVE)
    set_home(m, w, i, t, HOME_NONE, r)
    if person.remand_case != 0:
        person.sentence_release = -np.inf
        person.release_within = -np.inf
        stop_timer(w, i, EVENT_PRIORITY_RELEASE)
    else:
        person.sentence_release = release
        begin_custody(m, w, i, release)
        set_release(m, w, i, t, release, r)


@inline_helper
def set_release(m: Model, w: Workspace, i: int, t: float, release: float, r: int) -> None:
    """Set when a sentence or a recall is over, and the date before it.

    On remand the release has to wait for the case, but not what prepares it.
    """
    person = w.state[i]
    if person.remand_case == 0:
        set_timer(w, i, EVENT_PRIORITY_RELEASE, release)
    before = m.rules[r].pre_release_days
    if person.pre_released == 0:
        set_timer(
            w, i, EVENT_PRIORITY_PRE_RELEASE, max(t, release - before) if before > 0.0 else np.inf
        )


@inline_helper
def begin_sentence(w: Workspace, i: int, end: float, days: float) -> None:
    """Begin a custodial sentence of `days`, in place of any that is over but for its licence."""
    person = w.state[i]
    person.sentence_end = end
    person.sentence_days = days
    person.first_release = np.inf


@inline_helper
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
    hold_until(m, w, i, t, max(t, since + inside), max(t, since + days))
    log(w, i, t, EVENT_CUSTODY_EXTENDED, CUSTODY_REASON_SENTENCE)
    set_release(m, w, i, t, person.sentence_release, r)


@inline_helper
def hold_until(m: Model, w: Workspace, i: int, t: float, release: float, licence: float) -> None:
    """Note what else holds somebody in custody, and until when days in it count by that."""
    if m.rules[0].outlives:
        _hold_until(m, w, i, t, release, licence)


@helper
def _hold_until(m: Model, w: Workspace, i: int, t: float, release: float, licence: float) -> None:
    """Note it if it was caused within the horizon. Custody that counts no more may count again."""
    person = w.state[i]
    if person.within:
        person.licence_within = max(person.licence_within, licence)
        person.release_within = max(person.release_within, release)
    until = max(person.legal_since, caused_until(m, w, i))
    if person.legal_until < min(t, until):
        book_legal(m, w, i, t)
        person.legal_since = t
    person.legal_until = until


@inline_helper
def recall_until(m: Model, w: Workspace, i: int, t: float, r: int) -> float:
    """Draw when a recalled person is released again."""
    person = w.state[i]
    person.recalls += 1
    number = np.uint64(person.recalls)
    rules = m.rules[r]
    if happens(person.draws, PURPOSE_RECALL_KIND, number, rules.fixed_term_share):
        short = person.sentence_days < _YEAR
        days = rules.fixed_term_short if short else rules.fixed_term_long
    else:
        days = sample(m, rules.standard_recall, person.draws, PURPOSE_RECALL_DAYS, number)
    return min(t + days, person.sentence_end)


@inline_helper
def release(m: Model, w: Workspace, i: int, t: float, r: int) -> int:
    """Release a person: on licence until the sentence ends, else to their order or to liberty.

    Return the status.
    """
    person = w.state[i]
    person.releases += 1
    person.first_release = min(person.first_release, t)
    stop_timer(w, i, EVENT_PRIORITY_RELEASE)
    stop_timer(w, i, EVENT_PRIORITY_PRE_RELEASE)
    if person.sentence_end > t:
        status = LEGAL_LICENCE
        set_timer(w, i, EVENT_PRIORITY_LICENCE_END, person.sentence_end)
        rate = m.rules[r].recall_rate[band(person.sentence_days)]
        if rate > 0.0:
            u = draw(person.draws, PURPOSE_RECALL, np.uint64(person.releases))
            due = t + exponential(u) / rate
            if due < person.sentence_end:
                set_timer(w, i, EVENT_PRIORITY_RECALL, due)
    else:
        status = person.order if person.order != 0 else LEGAL_LIBERTY
    log(w, i, t, EVENT_RELEASE, status)
    return status


@inline_helper
def end_licence(m: Model, w: Workspace, i: int, t: float, r: int) -> int:
    """End a licence: an order goes on, or supervision follows; return the status."""
    person = w.state[i]
    stop_timer(w, i, EVENT_PRIORITY_LICENCE_END)
    stop_timer(w, i, EVENT_PRIORITY_RECALL)
    status = person.order
    until = person.first_release + m.rules[r].supervision_days
    if status == 0 and person.sentence_days < m.rules[r].supervision_below and until > t:
        status = LEGAL_SUPERVISION
        set_timer(w, i, EVENT_PRIORITY_SUPERVISION_END, until)
    log(w, i, t, EVENT_LICENCE_END, status)
    return status
