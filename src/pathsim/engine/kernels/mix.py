"""The mix of offence groups of a person's next offence, where services act on some groups alone."""

from __future__ import annotations

import numpy as np

from pathsim.engine.contract import ALL_OFFENCES

from .codes import PURPOSE_OFFENCE, PURPOSE_OFFENCE_OTHER, SPELL_ACTIVE
from .jit import helper
from .model import Model
from .random import draw, happens
from .workspace import Workspace

_ALL = ALL_OFFENCES


@helper
def is_acted_on_in_part(m: Model, w: Workspace, i: int) -> bool:
    """Return whether a service or an after-effect acts on some offence groups alone."""
    node = int(w.state[i].first_spell)
    while node >= 0:
        spell = w.spells[node]
        if spell.state >= SPELL_ACTIVE and m.services[spell.regime, spell.service].acts_on != _ALL:
            return True
        node = int(spell.next)
    return False


@helper
def ratio_on(m: Model, w: Workspace, i: int, group: int, r: int) -> float:
    """Return what services make of the hazard of an offence group, with the floor under it."""
    product = 1.0
    node = int(w.state[i].first_spell)
    while node >= 0:
        spell = w.spells[node]
        if spell.state >= SPELL_ACTIVE:
            acts_on = m.services[spell.regime, spell.service].acts_on
            product *= spell.ratio if acts_on >> group & 1 else 1.0
        node = int(spell.next)
    return max(product, m.rules[r].floor)


@helper
def weight_of_others(m: Model, w: Workspace, i: int, r: int) -> float:
    """Return the mean ratio in force over the shares of the groups, but for `same_group`."""
    shares = m.rules[r].offence_cumulative[m.people[w.state[i].record].age_group]
    weight = 0.0
    below = 0.0
    for group in range(shares.shape[0]):
        weight += (shares[group] - below) * w.ratios[i, group]
        below = shares[group]
    return weight


@helper
def mean_ratio(m: Model, w: Workspace, i: int, r: int) -> float:
    """Return the mean ratio in force over a person's mix of offence groups."""
    same = m.rules[r].same_group
    own = m.people[w.state[i].record].offence_group
    return same * w.ratios[i, own] + (1.0 - same) * weight_of_others(m, w, i, r)


@helper
def draw_group_in_part(m: Model, w: Workspace, i: int, number: np.uint64, r: int) -> int:
    """Draw the offence group of a person's reoffence `number`, by the ratios in force."""
    person = w.state[i]
    given = m.people[person.record]
    same = m.rules[r].same_group
    others = weight_of_others(m, w, i, r)
    of_own = same * w.ratios[i, given.offence_group]
    total = of_own + (1.0 - same) * others
    if happens(person.draws, PURPOSE_OFFENCE, number, of_own / total if total > 0.0 else same):
        return int(given.offence_group)
    shares = m.rules[r].offence_cumulative[given.age_group]
    sought = others * draw(person.draws, PURPOSE_OFFENCE_OTHER, number)
    weight = 0.0
    below = 0.0
    group = 0
    while group < shares.shape[0] - 1:
        weight += (shares[group] - below) * w.ratios[i, group]
        if sought < weight:
            break
        below = shares[group]
        group += 1
    return group
