"""A custodial sentence: how long, suspended or not, and how much of it is served."""

from __future__ import annotations

from pathsim.engine.contract import Disposal, Purpose, band_of
from pathsim.vocabulary import AGE_GROUPS, DISPOSALS, DIVERTED

from .draws import Draws
from .regime import Regime

_LEAST_SERVED_DAYS = 28.0
_LEAST_SERVED_SHARE = 0.25


def drawn_length(  # noqa: PLR0913 the address of a draw, and what it depends on
    regime: Regime,
    draws: Draws,
    *,
    age_group: int,
    offence_group: int,
    draw_index: int,
    purpose: int = Purpose.SENTENCE_DAYS,
) -> float:
    """Return the length of a custodial sentence for an offence group, days."""
    return draws.quantity(regime.custody_days[age_group][offence_group], purpose, draw_index)


def diverted(regime: Regime, draws: Draws, disposal: Disposal, *, age_group: int) -> Disposal:
    """Return the disposal of the start, a caution where the case ends out of court instead."""
    rules, child = regime.rules, AGE_GROUPS[age_group] == "youth"
    share = rules.diverted_youth if child else rules.diverted_adult
    if DISPOSALS[disposal] in DIVERTED and draws.uniform(Purpose.OUT_OF_COURT, 0) < share:
        return Disposal.CAUTION
    return disposal


def is_presumed(  # noqa: PLR0913 the address of a draw, and what it depends on
    regime: Regime,
    draws: Draws,
    disposal: Disposal,
    *,
    age_group: int,
    days: float,
    draw_index: int,
) -> bool:
    """Return whether the presumption turns a disposal into a suspended sentence."""
    rules = regime.rules
    if disposal != Disposal.CUSTODY or days > rules.presumption_max_days:
        return False
    if int(rules.presumption_not_for) & 1 << age_group:
        return False
    return draws.uniform(Purpose.PRESUMPTION, draw_index) < rules.presumption_share


def served_in_full(regime: Regime, days: float) -> float:
    """Return the time to the release point of a sentence of `days`, without any curfew."""
    point = regime.release_point[band_of(days)]
    return days * point if point > 0.0 else 0.0  # of a sentence without end, too


def served(regime: Regime, draws: Draws, days: float, *, draw_index: int) -> float:
    """Return the time served of a sentence of `days` that begins to count."""
    rules, full = regime.rules, served_in_full(regime, days)
    if not rules.curfew_min <= days <= rules.curfew_max:
        return full
    if draws.uniform(Purpose.CURFEW, draw_index) >= rules.curfew_share:
        return full
    least = max(_LEAST_SERVED_DAYS, days * _LEAST_SERVED_SHARE)
    return full - min(rules.curfew_days, max(0.0, full - least))
