"""Hazard budgets: when the next reoffence falls due, and how it moves.

Each reoffence has a budget, drawn once as Exp(1), that the person spends at
their current rate. When the rate changes the budget already spent stays spent,
so an intervention re-times the next reoffence and never redraws it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from pathsim.engine.contract import MAX_HAZARD, N_OFFENCES

from .clocks import clocks_of, expect_on, place_of
from .codes import (
    OUTCOME_COLUMN_EXPECTED_REOFFENCES,
    OUTCOME_COLUMN_EXPECTED_REOFFENDERS,
    PURPOSE_BUDGET,
)
from .courts import look_again
from .jit import helper, inline_helper, kernel
from .mix import is_acted_on_in_part, mean_ratio, ratio_on
from .model import Model
from .random import draw
from .regimes import regime_on
from .runaways import stop_for_hazard
from .sampling import exponential
from .spells import look_through
from .timers import set_reoffence
from .workspace import Workspace

_MAX_HAZARD = MAX_HAZARD
_OFFENCES = N_OFFENCES
_UNKNOWN = -1.0
"""A rate that no rate equals."""


@inline_helper
def profile_integral(m: Model, days: float) -> float:
    """Return the integral of the shape from the index date to `days` after it."""
    k = 0
    for later in range(1, m.shape.shape[0]):
        k += m.shape[later].days <= days  # without a branch: there are few steps
    step = m.shape[k]
    return step.integral + (days - step.days) * step.ratio


@inline_helper
def inverse_profile(m: Model, integral: float) -> float:
    """Return the days after the index date at which the shape's integral reaches `integral`."""
    k = 0
    for later in range(1, m.shape.shape[0]):
        k += m.shape[later].integral <= integral
    step = m.shape[k]
    return step.days + (integral - step.integral) * step.inverse


@inline_helper
def expect(person: Any, occasions: float) -> None:
    """Expect so many occasions of a person, and a reoffender while none has counted."""
    person.own[OUTCOME_COLUMN_EXPECTED_REOFFENCES] += occasions * person.next_mean
    person.own[OUTCOME_COLUMN_EXPECTED_REOFFENDERS] += occasions * person.not_yet


@helper
def _expect_by_regimes(m: Model, w: Workspace, i: int, t: float) -> None:
    """Expect reoffences by the hazard met since `spent_at`, each regime's part by its rules.

    Regimes under which the next reoffence is as likely to count are one.
    """
    person = w.state[i]
    until = t - person.index
    first = person.spent_at - person.index
    for r in range(person.ahead + 1, regime_on(m, t) + 1):
        counts_for = person.counts_for
        mean = person.next_mean
        proof = m.rules[r - 1].proof
        look_again(m, w, i, r)
        now = person.next_mean
        if person.counts_for != counts_for or now != mean or m.rules[r].proof != proof:
            change = m.rules[r].since - person.index
            person.next_mean = mean
            _expect_between(m, person, first, min(change, counts_for), proof)
            person.next_mean = now
            first = max(first, change)
    last = min(until, person.counts_for)
    _expect_between(m, person, first, last, m.rules[person.ahead].proof)


@inline_helper
def _expect_between(m: Model, person: Any, first: float, last: float, proof: float) -> None:
    """Expect reoffences by the hazard met from `first` to `last`, days since the index date."""
    if last > first:
        met = person.rate * (profile_integral(m, last) - profile_integral(m, first))
        expect(person, proof * met)


@kernel
def spend(m: Model, w: Workspace, i: int, t: float) -> float:
    """Return what has been spent of the budget since `spent_at`, and expect reoffences by it.

    The hazard that a person meets is the number of reoffences to be expected of them,
    as far as an offence at that time would count.
    """
    person = w.state[i]
    until = t - person.index
    spent = person.rate * (profile_integral(m, until) - person.spent_profile)
    if m.rules[0].clocks_a_year:
        _expect_on_clocks(m, w, i, t)
        return spent
    rules = m.rules[person.ahead]
    # Nearly always; the rest is general.
    if until <= person.counts_for and until < rules.until - person.index:
        expect(person, rules.proof * spent)
    else:
        _expect_by_regimes(m, w, i, t)
    return spent


@helper
def _expect_on_clocks(m: Model, w: Workspace, i: int, t: float) -> None:
    """Expect reoffences on every open clock by the hazard met since `spent_at`."""
    person = w.state[i]
    for r in range(person.ahead, regime_on(m, t) + 1):
        if r != person.ahead:
            look_again(m, w, i, r)
        first = max(person.spent_at, m.rules[r].since)
        for c in range(clocks_of(w, i)):
            clock = w.clocks[place_of(i, c)]
            last = min(t, clock.opened + person.counts_for, m.rules[r].until)
            if last > first:
                met = profile_integral(m, last - person.index)
                met -= profile_integral(m, first - person.index)
                expect_on(clock, m.rules[r].proof * (person.rate * met), person.next_mean)


@inline_helper
def retime(m: Model, w: Workspace, i: int, t: float, r: int) -> None:
    """Spend the budget up to `t` at the old rate and set the reoffence timer by the new one."""
    person = w.state[i]
    rate = person.base * person.home_ratio * person.legal_ratio * person.presumption_ratio
    if rate > 0.0:
        look_through(w, i)
        if m.rules[r].by_offence:
            rate *= _act_by_offence(m, w, i, t, r)
        else:
            rate *= max(person.services_ratio, m.rules[r].floor)
    if rate == person.rate:
        return
    if not rate <= _MAX_HAZARD:  # nor is what is no number
        stop_for_hazard(w, i)
        return
    if person.rate > 0.0:  # not at the start, nor with a new budget
        person.left = max(person.left - spend(m, w, i, t), 0.0)
    person.rate = rate
    begin_stretch(m, w, i, t)
    set_due(m, w, i)


@helper
def _act_by_offence(m: Model, w: Workspace, i: int, t: float, r: int) -> float:
    """Return what services make of the hazard; when that turns the mix of offences, note it.

    The budget is spent, and reoffences are expected, by the mix up to `t` first.
    """
    person = w.state[i]
    if not is_acted_on_in_part(m, w, i):
        if person.in_part:
            settle_budget(m, w, i, t)
            person.in_part = 0
            look_again(m, w, i, r)
        return max(person.services_ratio, m.rules[r].floor)
    turns = person.in_part == 0
    for group in range(_OFFENCES):
        turns |= ratio_on(m, w, i, group, r) != w.ratios[i, group]
    if turns:
        settle_budget(m, w, i, t)
        person.in_part = 1
        for group in range(_OFFENCES):
            w.ratios[i, group] = ratio_on(m, w, i, group, r)
        look_again(m, w, i, r)
    return mean_ratio(m, w, i, r)


@inline_helper
def settle_budget(m: Model, w: Workspace, i: int, t: float) -> None:
    """Spend the budget, and expect reoffences by it, up to `t`."""
    person = w.state[i]
    if person.rate > 0.0:
        person.left = max(person.left - spend(m, w, i, t), 0.0)
        begin_stretch(m, w, i, t)
        set_due(m, w, i)


@inline_helper
def renew_budget(w: Workspace, i: int) -> None:
    """Draw the budget of the next reoffence; `retime` times it."""
    person = w.state[i]
    if person.reoffences == 1:
        person.left = w.second_budgets[person.number]
    else:
        person.left = exponential(
            draw(person.draws, PURPOSE_BUDGET, np.uint64(person.reoffences + 1))
        )
    person.rate = _UNKNOWN


@inline_helper
def begin_stretch(m: Model, w: Workspace, i: int, t: float) -> None:
    """Note that the budget has been spent up to `t`."""
    person = w.state[i]
    person.spent_at = t
    person.spent_profile = profile_integral(m, t - person.index)


@inline_helper
def set_due(m: Model, w: Workspace, i: int) -> None:
    """Set the reoffence timer from the budget left at `spent_at` and the current rate."""
    person = w.state[i]
    if person.rate == 0.0:
        set_reoffence(w, i, np.inf)
        return
    reached = person.spent_profile + person.left / person.rate
    due = person.index + inverse_profile(m, reached)
    set_reoffence(w, i, max(due, person.spent_at))
