"""Custody: sentences, release, licence, recall and the orders served at liberty."""

from __future__ import annotations

import numpy as np

from pathsim.engine.contract import Disposal, Ends, Event, Home, Into, Legal, Purpose, Rank

from .booking import log, set_home
from .jit import inlined
from .model import Model
from .random import draw
from .sampling import exponential, quantity
from .workspace import Workspace

_SENTENCE_DAYS = np.uint64(Purpose.SENTENCE_DAYS)
_PRESUMPTION = np.uint64(Purpose.PRESUMPTION)
_ORDER_DAYS = np.uint64(Purpose.ORDER_DAYS)
_RECALL_DRAW = np.uint64(Purpose.RECALL)
_RECALL_KIND = np.uint64(Purpose.RECALL_KIND)
_RECALL_DAYS = np.uint64(Purpose.RECALL_DAYS)
_LICENCE_END = int(Rank.LICENCE_END)
_ORDER_END = int(Rank.ORDER_END)
_PRESUMPTION_END = int(Rank.PRESUMPTION_END)
_MOVE = int(Rank.MOVE)
_RECALL = int(Rank.RECALL)
_RELEASE = int(Rank.RELEASE)
_LIBERTY = int(Legal.LIBERTY)
_LICENCE = int(Legal.LICENCE)
_COMMUNITY_ORDER = int(Legal.COMMUNITY_ORDER)
_SUSPENDED = int(Legal.SUSPENDED_SENTENCE)
_TO_COMMUNITY_ORDER = int(Disposal.COMMUNITY_ORDER)
_TO_SUSPENDED = int(Disposal.SUSPENDED_SENTENCE)
_NO_HOME = int(Home.NONE)
_LOG_EXTENDED = int(Event.CUSTODY_EXTENDED)
_LOG_RELEASE = int(Event.RELEASE)
_LOG_ORDER = int(Event.ORDER_START)
_SENTENCE = int(Into.SENTENCE)
_ENDS_CUSTODY = int(Ends.CUSTODY)
_ENDS_ORDER = int(Ends.ORDER_END)
_YEAR = 365.0
_BAND_1 = 182.5
_BAND_3 = 1460.0


@inlined
def band(days: float) -> int:
    """Return the sentence band: to 6 months, to 12 months, to 4 years, over."""
    if days <= _BAND_1:
        return 1
    if days <= _YEAR:
        return 2
    return 3 if days <= _BAND_3 else 4


@inlined
def sentence_length(m: Model, w: Workspace, i: int, group: int, number: int, r: int) -> float:
    """Draw the length of a custodial sentence for an offence of `group`."""
    which = m.rules[r].custody_days[m.people[i].age_group, group]
    u = draw(w.state[i].draws, _SENTENCE_DAYS, np.uint64(number))
    return quantity(m.distributions, m.knots, which, u)


@inlined
def is_suspended(m: Model, w: Workspace, i: int, days: float, number: int, r: int) -> bool:
    """Return whether the presumption suspends a custodial sentence of `days`."""
    rules = m.rules[r]
    if days > rules.presumption_max_days:
        return False
    u = draw(w.state[i].draws, _PRESUMPTION, np.uint64(number))
    return u < rules.presumption_share


@inlined
def begin_presumption(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """Let the ratio of a suspended sentence in place of custody act for its time."""
    w.state[i].presumption_ratio = m.rules[r].presumption_ratio
    w.state[i].timers[_PRESUMPTION_END] = t + m.rules[r].presumption_days


@inlined
def begin_order(
    m: Model, w: Workspace, i: int, t: float, disposal: int, number: int, r: int
) -> int:
    """Begin a community order or a suspended sentence; return the new status, or -1 if none."""
    if disposal == _TO_COMMUNITY_ORDER:
        status = _COMMUNITY_ORDER
        which = m.rules[r].community_order_days
    elif disposal == _TO_SUSPENDED:
        status = _SUSPENDED
        which = m.rules[r].suspended_sentence_days
    else:
        return -1
    person = w.state[i]
    u = draw(person.draws, _ORDER_DAYS, np.uint64(number))
    days = quantity(m.distributions, m.knots, which, u)
    person.order = status
    w.state[i].timers[_ORDER_END] = t + days
    log(w, i, t, _LOG_ORDER, status)
    return -1 if person.legal == _LICENCE else status


@inlined
def served(m: Model, days: float, r: int) -> float:
    """Return the days served of a sentence of `days`."""
    return days * m.rules[r].release_point[band(days)]


@inlined
def ends_of_custody(w: Workspace, i: int) -> int:
    """Return what custody ends: bits of Ends."""
    return _ENDS_CUSTODY | (_ENDS_ORDER if w.state[i].order != 0 else 0)


@inlined
def lock_up(m: Model, w: Workspace, i: int, t: float, release: float, r: int) -> None:
    """Take a person out of the community until `release`."""
    person = w.state[i]
    person.order = 0
    w.state[i].timers[_ORDER_END] = np.inf
    w.state[i].timers[_LICENCE_END] = np.inf
    w.state[i].timers[_RECALL] = np.inf
    w.state[i].timers[_MOVE] = np.inf
    set_home(m, w, i, t, _NO_HOME, r)
    w.state[i].timers[_RELEASE] = release


@inlined
def extend(m: Model, w: Workspace, i: int, t: float, days: float, r: int) -> None:
    """Pass a custodial sentence on somebody in custody: it runs concurrently."""
    person = w.state[i]
    w.state[i].timers[_RELEASE] = max(w.state[i].timers[_RELEASE], t + served(m, days, r))
    person.sentence_end = max(person.sentence_end, t + days)
    person.sentence_days = max(person.sentence_days, days)
    log(w, i, t, _LOG_EXTENDED, _SENTENCE)


@inlined
def recall_until(m: Model, w: Workspace, i: int, t: float, r: int) -> float:
    """Draw when a recalled person is released again."""
    person = w.state[i]
    person.recalls += 1
    number = np.uint64(person.recalls)
    rules = m.rules[r]
    if draw(person.draws, _RECALL_KIND, number) < rules.fixed_term_share:
        short = person.sentence_days < _YEAR
        days = rules.fixed_term_short if short else rules.fixed_term_long
    else:
        u = draw(person.draws, _RECALL_DAYS, number)
        days = quantity(m.distributions, m.knots, rules.standard_recall, u)
    return min(t + days, person.sentence_end)


@inlined
def release(m: Model, w: Workspace, i: int, t: float, r: int) -> int:
    """Release a person on licence until the sentence ends, or to liberty; return the status."""
    person = w.state[i]
    person.releases += 1
    if person.sentence_end > t:
        status = _LICENCE
        w.state[i].timers[_LICENCE_END] = person.sentence_end
        rate = m.rules[r].recall_rate[band(person.sentence_days)]
        if rate > 0.0:
            u = draw(person.draws, _RECALL_DRAW, np.uint64(person.releases))
            due = t + exponential(u) / rate
            if due < person.sentence_end:
                w.state[i].timers[_RECALL] = due
    else:
        status = _LIBERTY
    w.state[i].timers[_RELEASE] = np.inf
    log(w, i, t, _LOG_RELEASE, status)
    return status
