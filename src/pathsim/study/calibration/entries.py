"""Entry shares, solved together with the hazard.

A fit needs the shares, since who enters decides who has a clock; and the shares need the fit,
since who reoffends decides which occasions are somebody's who is followed already. So: shares
at the scenario's own central values, the fit with them, and the shares anew at its centre.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from pathsim.study.balance import (
    FLOOR,
    REPLICATIONS,
    ROUNDS,
    Balance,
    balance_each,
    balance_entries,
    shares_of,
    with_shares,
)
from pathsim.study.plan import count_workers
from pathsim.vocabulary import AGE_GROUPS

from .posterior import at, rows

if TYPE_CHECKING:
    from pathsim.scenario.model import Scenario

    from .posterior import Posterior
    from .targets import Targets

DRAWS = 8
"""Draws of the posterior at which the shares are solved too, for their interval."""
_HALF_WIDTH = 1.96
"""Standard deviations from the centre of a 95% interval to its ends."""
_DIGITS = 4
"""Decimals of a share as it is written into a scenario."""


class Entries(NamedTuple):
    """Entry shares at the centre of a posterior, and how far its draws move them."""

    shares: pd.DataFrame
    """age_group, previous_offences, value, low, high: the share and its 95% interval."""
    balance: Balance
    """At the centre: what is left over stands in its margins and rates."""


class Effort(NamedTuple):
    """How much work each solution of the shares is."""

    replications: int = REPLICATIONS
    rounds: int = ROUNDS


def in_balance(
    scenario: Scenario, targets: Targets, *, effort: Effort | None = None, seed: int = 1
) -> Scenario:
    """Return the scenario with the entry shares of its own central values, for the fit.

    The levels of adults and children are solved too where the targets fit their rates; they
    stay as the scenario has them otherwise, and in what is returned.
    """
    balance = _at_rates(scenario, targets, effort=effort, seed=seed)
    return with_shares(scenario, balance.shares)


def entries_at(  # noqa: PLR0913 keyword-only choices of one solution
    scenario: Scenario,
    targets: Targets,
    posterior: Posterior,
    *,
    effort: Effort | None = None,
    seed: int = 1,
    workers: int | None = None,
) -> Entries:
    """Return the entry shares at the posterior's centre, with levels as there.

    scenario: as `in_balance` returns it, for the shares to begin with. The interval is of
    balances at some draws of the posterior, with the same random numbers.
    """
    sizes = (effort or Effort())._asdict() | {"seed": seed}
    start = shares_of(scenario)
    centre = scenario.change(scenario.title, posterior.centre(source="centre of the posterior"))
    drawn = [
        at(scenario, values, source="draw of the posterior")
        for values in rows(posterior, min(DRAWS, len(posterior)), seed=seed)
    ]
    middle, *others = balance_each(
        [centre, *drawn], start=start, workers=count_workers(workers), **sizes
    )
    table = [
        (age, band, *_interval(share, [each.shares[age][band] for each in others]))
        for age, by_band in middle.shares.items()
        for band, share in by_band.items()
    ]
    columns = ["age_group", "previous_offences", "value", "low", "high"]
    rates = middle.rates.assign(published=middle.rates["age_group"].map(_rates(targets)))
    return Entries(pd.DataFrame(table, columns=columns), middle._replace(rates=rates))


def at_rates_in_balance(
    scenario: Scenario,
    targets: Targets,
    posterior: Posterior,
    *,
    effort: Effort | None = None,
    seed: int = 1,
) -> Posterior:
    """Return the posterior with its levels times what brings its centre to the fitted rates.

    The fit was made with the shares of other values: with those of its own centre the rates of
    adults and children come out somewhat off, which a factor on the levels of all draws mends.
    """
    centre = scenario.change(scenario.title, posterior.centre(source="centre of the posterior"))
    balance = _at_rates(centre, targets, effort=effort, seed=seed)
    hazard = centre.hazard
    table = posterior.table.copy()
    said = []
    for age, found, before in (
        ("adult", balance.adult_level, hazard.adult_level.value),
        ("youth", balance.youth_level, hazard.youth_level.value),
    ):
        key = f"hazard.{age}_level"
        if key in table and found != before:
            table[key] *= found / before
            said.append(f"{key} x {found / before:.3f}")
    if not said:
        return posterior
    line = f"Levels of all draws, for the rates in balance: {', '.join(said)}"
    return replace(posterior, table=table, origin=(*posterior.origin, line))


def _at_rates(scenario: Scenario, targets: Targets, *, effort: Effort | None, seed: int) -> Balance:
    rates = _rates(targets)
    return balance_entries(
        scenario,
        adult_rate=rates["adult"],
        youth_rate=rates["youth"],
        seed=seed,
        **(effort or Effort())._asdict(),
    )


def _rates(targets: Targets) -> dict[str, float | None]:
    """Return the rate of each age group that the targets fit."""
    fitted = {
        target.groups: target.published for target in targets.fitted if target.measure == "rate"
    }
    return {age: fitted.get((f"age_group={age}",)) for age in AGE_GROUPS}


def _interval(share: float, drawn: list[float]) -> tuple[float, float, float]:
    """Return a share and its interval, as far as shares go."""
    value = round(share, _DIGITS)
    width = _HALF_WIDTH * float(np.std(drawn, ddof=1)) if len(drawn) > 1 else 0.0
    low, high = (round(float(np.clip(share + w, FLOOR, 1.0)), _DIGITS) for w in (-width, width))
    return value, low, high
