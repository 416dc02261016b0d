"""What each of several options adds when all are taken together: Shapley's shares.

Options taken together do not add up: two may want the same places, or reach the same people. Every
combination of them is simulated on the same states of the world and the same random numbers. An
option's share is what it adds to the options before it, the mean over all orders; the shares add up
to what all of them do together. Shapley, "A value for n-person games" (1953).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from pathsim.arguments import made_by
from pathsim.elementary.arrays import Floats
from pathsim.errors import InputError, Problem
from pathsim.outcomes.doubt import estimate_draws
from pathsim.outcomes.results import Comparison
from pathsim.outcomes.saving import Saved
from pathsim.outcomes.statistics import estimate
from pathsim.outcomes.verbs import compare
from pathsim.scenario.load import load
from pathsim.scenario.model import Scenario

from .portfolio.levers import listed
from .portfolio.merging import changes_of, refuse_unlike, together
from .shapes.shape import as_shaped
from .shapes.shares import SharesShape

MOST_OPTIONS: Final = 6
"""Of which there are 64 combinations."""
SHARED: Final = (
    *("proven_reoffending_rate", "reoffences_total"),
    *("days_in_custody_per_person", "cost_public", "cost_society"),
)
"""Outcomes that are shared out."""
TOGETHER: Final = "together"
Coalition = frozenset[int]


@made_by("pathsim.shapley(baseline, options), which returns one")
@dataclass(frozen=True, eq=False, repr=False)
class Shares(Saved):
    """What each option adds when all are taken together."""

    options: tuple[str, ...]
    table: pd.DataFrame
    """A row an outcome and an option, then all `together`: outcome, option, alone (its difference
    from the baseline by itself), share, low, high: the 95% interval of the share."""
    comparison: Comparison
    """Of the baseline with every combination."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        rows = self.table.astype(object).where(self.table.notna(), None)
        data = {
            "schema": "pathsim.shares/1",
            "run": dict(self.comparison.provenance),
            "options": list(self.options),
            "shares": rows.to_dict(orient="records"),
        }
        return as_shaped(SharesShape, data)

    def _table_to_write(self) -> pd.DataFrame:
        return self.table

    def _repr_html_(self) -> str:
        return str(self.table.to_html(index=False))

    def __repr__(self) -> str:
        return f"<Shares of {len(self.options)} options in {self.comparison!r}>"


def shapley(
    baseline: Scenario | str | Path,
    options: Sequence[Scenario | str | Path],
    **how: Any,
) -> Shares:
    """Share out what options do together among them.

    Parameters
    ----------
    baseline
        A scenario, the path of a file, or the name of a shipped one.
    options
        Two to six, each a change of the baseline. Unlike values of one key are refused.
    **how
        As `compare` takes.

    Returns
    -------
    Shares
        A row an outcome and an option: its difference alone, and its share of all together.

    Raises
    ------
    InputError
        For options that cannot be taken together, too many of them, or other bad arguments.

    Examples
    --------
    >>> import pathsim as ps
    >>> town = ps.example()
    >>> more = town.change("More mentors", {"services.mentor.capacity": 24})
    >>> sooner = town.change("More referrals", {"services.mentor.referral": 0.9})
    >>> found = ps.shapley(town, [more, sooner], draws=2, replications=2)
    >>> sorted(set(found.table["option"]))
    ['More mentors', 'More referrals', 'together']
    """
    scenario = baseline if isinstance(baseline, Scenario) else load(baseline)
    loaded = [each if isinstance(each, Scenario) else load(each) for each in listed(options)]
    if not 2 <= len(loaded) <= MOST_OPTIONS:
        allowed = f"2 to {MOST_OPTIONS}"
        message = "are too few or too many to be taken together"
        raise InputError(Problem(message, key="options", found=len(loaded), allowed=allowed))
    changes = [changes_of(scenario, each, said_by=each.title) for each in loaded]
    refuse_unlike(changes)
    coalitions = [
        frozenset(some)
        for size in range(1, len(loaded) + 1)
        for some in combinations(range(len(loaded)), size)
    ]
    mixes = [
        together(
            scenario,
            " + ".join(loaded[k].title for k in sorted(each)),
            [changes[k] for k in sorted(each)],
        )
        for each in coalitions
    ]
    result = compare(scenario, mixes, **how)
    titles = tuple(each.title for each in loaded)
    return Shares(titles, _table(result, coalitions, titles), result)


def shares(worth: Mapping[Coalition, Floats], *, players: int) -> Floats:
    """Return each player's share of what all of them come to, [players, ...].

    worth: of every coalition but the empty one, which is worth nothing; each [...].
    """
    every = range(players)
    nothing = np.zeros_like(next(iter(worth.values())))
    found = np.zeros((players, *nothing.shape))
    for player in every:
        others = [k for k in every if k != player]
        for size in range(players):
            weight = factorial(size) * factorial(players - size - 1) / factorial(players)
            for some in combinations(others, size):
                before = worth.get(frozenset(some), nothing)
                found[player] += weight * (worth[frozenset((*some, player))] - before)
    return found


def _table(result: Comparison, coalitions: Sequence[Coalition], titles: tuple[str, ...]) -> Any:
    rows = []
    draws = 0 if result.states is None else result.states.draws
    for outcome in SHARED:
        worth = {
            coalition: option.everybody[outcome]
            for coalition, option in zip(coalitions, result.options, strict=True)
        }
        found = shares(worth, players=len(titles))
        whole = worth[frozenset(range(len(titles)))]
        alone = [float(worth[frozenset([k])].mean()) for k in range(len(titles))]
        every = zip((*titles, TOGETHER), (*alone, np.nan), (*found, whole), strict=True)
        for title, by_itself, values in every:
            low, high = _interval(values, draws)
            rows.append((outcome, title, by_itself, float(values.mean()), low, high))
    return pd.DataFrame(rows, columns=["outcome", "option", "alone", "share", "low", "high"])


def _interval(values: Floats, draws: int) -> tuple[float, float]:
    """Return the 95% interval: of doubt, or without states of the world of luck."""
    found = estimate_draws(values.reshape(draws, -1, 1)) if draws else estimate(values[:, None])
    return float(found.low[0]), float(found.high[0])
