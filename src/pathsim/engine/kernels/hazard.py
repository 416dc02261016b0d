"""Hazard budgets: when the next reoffence falls due, and how it moves.

Each reoffence has a budget, drawn once as Exp(1), that the person spends at
their current rate. When the rate changes the budget already spent stays spent,
so an intervention re-times the next reoffence and never redraws it.
"""

from __future__ import annotations

import numpy as np

from pathsim.engine.contract import Rank, Spell

from .jit import inlined

_REOFFENCE = int(Rank.REOFFENCE)
_ACTIVE = int(Spell.ACTIVE)


@inlined
def shape_integral(tables, days: float) -> float:  # type: ignore[no-untyped-def]
    """Return the integral of the shape from the index date to `days` after it."""
    k = tables.shape_days.shape[0] - 1
    while k > 0 and tables.shape_days[k] > days:
        k -= 1
    return tables.shape_integral[k] + (days - tables.shape_days[k]) * tables.shape_ratio[k]


@inlined
def shape_inverse(tables, integral: float) -> float:  # type: ignore[no-untyped-def]
    """Return the days after the index date at which the shape's integral reaches `integral`."""
    k = tables.shape_days.shape[0] - 1
    while k > 0 and tables.shape_integral[k] > integral:
        k -= 1
    return tables.shape_days[k] + (integral - tables.shape_integral[k]) / tables.shape_ratio[k]


@inlined
def services_ratio(work, person, floor: float) -> float:  # type: ignore[no-untyped-def]
    """Return the product of the ratios of active services and after-effects, at least `floor`."""
    product = 1.0
    node = person.first_spell
    while node >= 0:
        spell = work.spells[node]
        if spell.state >= _ACTIVE:
            product *= spell.ratio
        node = spell.next
    return max(product, floor)


@inlined
def retime(tables, work, i: int, t: float, r: int) -> None:  # type: ignore[no-untyped-def]
    """Spend the budget up to `t` at the old rate and set the reoffence timer by the new one."""
    person = work.state[i]
    rate = person.base * person.home_ratio * person.legal_ratio * person.presumption_ratio
    if rate > 0.0:
        rate *= services_ratio(work, person, tables.rules[r].floor)
    if rate == person.rate:
        return
    if person.rate > 0.0:
        spent = shape_integral(tables, t - person.index) - shape_integral(
            tables, person.spent_at - person.index
        )
        person.left = max(person.left - person.rate * spent, 0.0)
    person.spent_at = t
    person.rate = rate
    set_due(tables, work, i)


@inlined
def set_due(tables, work, i: int) -> None:  # type: ignore[no-untyped-def]
    """Set the reoffence timer from the budget left at `spent_at` and the current rate."""
    person = work.state[i]
    if person.rate == 0.0:
        work.timers[i, _REOFFENCE] = np.inf
        return
    reached = shape_integral(tables, person.spent_at - person.index) + person.left / person.rate
    due = person.index + shape_inverse(tables, reached)
    work.timers[i, _REOFFENCE] = max(due, person.spent_at)
