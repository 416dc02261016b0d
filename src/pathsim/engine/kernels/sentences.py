"""Custodial sentences: how long, suspended or not, and how much of them is served."""

from __future__ import annotations

import numpy as np

from pathsim.engine.contract import SENTENCE_BAND_UPPER_DAYS
from pathsim.vocabulary import AGE_GROUPS

from .codes import (
    DISPOSAL_CAUTION,
    DISPOSAL_COMMUNITY_ORDER,
    DISPOSAL_DISCHARGE,
    DISPOSAL_FINE,
    DISPOSAL_OTHER,
    PURPOSE_CURFEW,
    PURPOSE_OUT_OF_COURT,
    PURPOSE_PRESUMPTION,
    PURPOSE_SENTENCE_DAYS,
    PURPOSE_SUSPENDED_DAYS,
)
from .jit import inline_helper
from .model import Model
from .quantities import sample
from .random import happens
from .workspace import Workspace

_BAND_1, _BAND_2, _BAND_3 = SENTENCE_BAND_UPPER_DAYS[1:-1]
LONGEST_SUSPENDED = 730.0
_SERVED_AT_LEAST = 28.0
_YOUTH = AGE_GROUPS.index("youth")


@inline_helper
def band(days: float) -> int:
    """Return the sentence band: to 6 months, to 12 months, to 4 years, over."""
    if days <= _BAND_1:
        return 1
    if days <= _BAND_2:
        return 2
    return 3 if days <= _BAND_3 else 4


@inline_helper
def sentence_length(
    m: Model, w: Workspace, i: int, purpose: np.uint64, group: int, number: int, r: int
) -> float:
    """Draw the length of a custodial sentence for an offence of `group`."""
    which = m.rules[r].custody_days[m.people[w.state[i].record].age_group, group]
    return sample(m, which, w.state[i].draws, purpose, np.uint64(number))


@inline_helper
def immediate_length(m: Model, w: Workspace, i: int, group: int, number: int, r: int) -> float:
    """Draw the length of a sentence of immediate custody."""
    return sentence_length(m, w, i, PURPOSE_SENTENCE_DAYS, group, number, r)


@inline_helper
def suspended_length(m: Model, w: Workspace, i: int, group: int, number: int, r: int) -> float:
    """Draw the length of a sentence suspended from the outset."""
    days = sentence_length(m, w, i, PURPOSE_SUSPENDED_DAYS, group, number, r)
    return min(days, LONGEST_SUSPENDED)


@inline_helper
def is_presumed(m: Model, w: Workspace, i: int, days: float, number: int, r: int) -> bool:
    """Return whether the presumption acts on a custodial sentence of `days`."""
    rules = m.rules[r]
    if days > rules.presumption_max_days:
        return False
    if (rules.presumption_not_for >> m.people[w.state[i].record].age_group) & 1:
        return False
    return happens(
        w.state[i].draws, PURPOSE_PRESUMPTION, np.uint64(number), rules.presumption_share
    )


@inline_helper
def is_surely_suspended(m: Model, w: Workspace, i: int, days: float, number: int, r: int) -> bool:
    """Return whether the presumption suspends a sentence, whichever places are free on the day."""
    return m.rules[r].presumption_service < 0 and is_presumed(m, w, i, days, number, r)


@inline_helper
def diverted(m: Model, w: Workspace, i: int, disposal: int, r: int) -> int:
    """Return the disposal of the start, a caution where the case ends out of court instead."""
    rules = m.rules[r]
    youth = m.people[w.state[i].record].age_group == _YOUTH
    share = rules.diverted_youth if youth else rules.diverted_adult
    lesser = (DISPOSAL_DISCHARGE, DISPOSAL_FINE, DISPOSAL_COMMUNITY_ORDER, DISPOSAL_OTHER)
    if disposal in lesser and happens(w.state[i].draws, PURPOSE_OUT_OF_COURT, np.uint64(0), share):
        return DISPOSAL_CAUTION
    return disposal


@inline_helper
def served_in_full(m: Model, days: float, r: int) -> float:
    """Return the days to the release point of a sentence of `days`, without any curfew."""
    point = m.rules[r].release_point[band(days)]
    return days * point if point > 0.0 else 0.0  # of a sentence without end, too


@inline_helper
def served(m: Model, w: Workspace, i: int, days: float, draw_index: np.uint64, r: int) -> float:
    """Return the days served of a sentence of `days`, less any time on curfew."""
    rules = m.rules[r]
    full = served_in_full(m, days, r)
    if rules.curfew_min <= days <= rules.curfew_max and happens(
        w.state[i].draws, PURPOSE_CURFEW, draw_index, rules.curfew_share
    ):
        spare = max(0.0, full - max(_SERVED_AT_LEAST, days / 4.0))
        full -= min(rules.curfew_days, spare)
    return full
